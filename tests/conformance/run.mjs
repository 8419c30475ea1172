#!/usr/bin/env node
// Runs quickcuke beside the official packages:
//   node run.mjs --quickcuke PATH [--part NAME]... [--only TEXT] [--seed N] [--graphs N] [--verbose]
// With --self-check cucumber-js stands on both sides, which shows what the comparison itself gets wrong.

import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cases } from './cases.mjs'
import { unusedEntries } from './lib/compare.mjs'
import { cucumberJs, home, inParallel, quickcuke, runCase } from './lib/sides.mjs'
import { checkBehaviours } from './behaviours.mjs'
import { checkDeadlines } from './deadlines.mjs'
import { checkExpressions } from './expressions.mjs'
import { checkGherkin } from './gherkin.mjs'
import { checkGraphs, GRAPHS } from './graphs.mjs'
import { checkKit } from './kit.mjs'
import { checkNodeModules } from './nodejs.mjs'
import { checkTagExpressions } from './tag_expressions.mjs'
import { compareStatuses } from './statuses.mjs'
import { compareText } from './text.mjs'

const PARTS = ['statuses', 'text', 'behaviours', 'gherkin', 'expressions', 'tags', 'nodejs', 'graphs', 'kit', 'deadlines']
/** Those that run quickcuke alone, or where npm has installed nothing. */
const ALONE = ['expressions', 'tags', 'graphs', 'kit', 'deadlines']
const SHOWN = 25

const { values } = parseArgs({
  options: {
    quickcuke: { type: 'string', default: join(home, '../../target/debug/quickcuke') },
    part: { type: 'string', multiple: true, default: PARTS },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    graphs: { type: 'string', default: String(GRAPHS) },
    'self-check': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const unknown = values.part.find((part) => !PARTS.includes(part))
if (unknown) stop(`no part ${unknown}: there are ${PARTS.join(', ')}`)
if (!/^\d+$/.test(values.seed)) stop(`--seed ${values.seed} is no number`)
const sides = [cucumberJs(), values['self-check'] ? cucumberJs() : quickcuke(program(values.quickcuke))]
if (!/^\d+$/.test(values.graphs)) stop(`--graphs ${values.graphs} is not a number`)
const chosen = { only: values.only, seed: Number(values.seed), graphs: Number(values.graphs) }
const wanted = (part) => values.part.includes(part) && !(ALONE.includes(part) && values['self-check'])
const results = Object.fromEntries(PARTS.map((part) => [part, []]))

if (wanted('statuses') || wanted('text')) {
  const runs = cases.filter(({ name }) => name.includes(values.only))
  await inParallel(runs, availableParallelism(), async (run) => {
    const [official, ours] = [await runCase(sides[0], run), await runCase(sides[1], run)]
    if (wanted('statuses')) results.statuses.push(compareStatuses(run, official, ours))
    if (wanted('text') && !run.noText) results.text.push(...compareText(run, official, ours))
  })
}
if (wanted('behaviours')) results.behaviours = await checkBehaviours(sides, values.only, availableParallelism())
if (wanted('gherkin')) results.gherkin = await checkGherkin(sides[1], chosen)
if (wanted('expressions')) results.expressions = await checkExpressions(sides[1], chosen)
if (wanted('tags')) results.tags = await checkTagExpressions(sides[1], chosen)
if (wanted('graphs')) results.graphs = await checkGraphs(sides[1], chosen)
if (wanted('nodejs')) results.nodejs = await checkNodeModules(sides[1], values.only)
if (wanted('deadlines')) results.deadlines = await checkDeadlines(sides[1], values.only)
if (wanted('kit')) results.kit = await checkKit(sides[1], values.only)

let passed = 0
let failed = 0
for (const [part, list] of Object.entries(results)) {
  const bad = list.filter(({ failures }) => failures.length > 0)
  passed += list.length - bad.length
  failed += bad.length
  for (const { name, failures } of bad) {
    console.log(`FAILED ${part}: ${name}`)
    const shown = values.verbose ? failures : failures.slice(0, SHOWN)
    for (const line of shown) console.log(`    ${values.verbose ? line : line.slice(0, 400)}`)
    if (shown.length < failures.length) console.log(`    … and ${failures.length - shown.length} more (--verbose)`)
  }
}
if (values.only === '' && values.part.length === PARTS.length && !values['self-check']) {
  for (const { reason, case: where } of unusedEntries()) console.log(`note: not met any more in ${where}: ${reason}`)
}
console.log('')
for (const [part, list] of Object.entries(results)) {
  const bad = list.filter(({ failures }) => failures.length > 0).length
  if (wanted(part)) console.log(`${part.padEnd(11)} ${String(list.length - bad).padStart(4)} passed ${String(bad).padStart(4)} failed`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function program(path) {
  const binary = resolve(path)
  try {
    accessSync(binary, constants.X_OK)
  } catch {
    stop(`${binary} is no program: build quickcuke, and name it with --quickcuke PATH`)
  }
  return binary
}

function stop(message) {
  console.error(`run.mjs: ${message}`)
  process.exit(2)
}
