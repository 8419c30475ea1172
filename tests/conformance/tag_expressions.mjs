// Part 5: tag expressions against @cucumber/tag-expressions: by hand (tags/*.txt, one on each line) and from a seed
// (generate/tags.mjs). Each is the condition of a hook, and the run has a scenario for every set of the tags: which hooks
// a test case has shows for which sets the expression holds.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { generateBadTagExpression, generateTagExpression, TAGS } from './generate/tags.mjs'
import { differences, text, unintended } from './lib/compare.mjs'
import { all } from './lib/messages.mjs'
import { runProject } from './lib/project.mjs'
import { home, inParallel } from './lib/sides.mjs'

const GENERATED = { good: 1_500, bad: 60 }
const SELECTIONS = 40
const SETS = Array.from({ length: 2 ** TAGS.length }, (_, bits) => TAGS.filter((_, n) => bits & (1 << n)))
const FEATURE = `Feature: sets\n${SETS.map((tags, n) => `${tags.join(' ')}\nScenario: ${n}\n  Given x\n`).join('')}`

/** Gives [{ name, failures: [line] }], one for each expression. */
export async function checkTagExpressions(side, { only, seed }) {
  // The one that cucumber-js brings.
  const cucumber = createRequire(createRequire(join(home, 'x.js')).resolve('@cucumber/cucumber/package.json'))
  const { parse } = await import(pathToFileURL(cucumber.resolve('@cucumber/tag-expressions')))
  const read = (expression) => {
    try {
      return parse(expression)
    } catch (error) {
      return error
    }
  }
  const seeds = (count) => Array.from({ length: count }, (_, n) => seed + n)
  const expressions = [...new Set([...lines('expressions.txt'), ...lines('bad.txt'), ...seeds(GENERATED.good).map(generateTagExpression), ...seeds(GENERATED.bad).map(generateBadTagExpression)])]
  const cases = expressions.map((expression) => ({ expression, parsed: read(expression) })).filter(({ expression }) => expression.includes(only))
  const good = cases.filter(({ parsed }) => !(parsed instanceof Error))
  const bad = cases.filter(({ parsed }) => parsed instanceof Error)
  const results = [...await evaluations(side, good), ...await selections(side, good.filter(({ expression }) => !expression.endsWith('\\')).slice(0, SELECTIONS)), ...await errors(side, bad)]
  return results.map(({ name, found }) => ({
    name,
    failures: unintended(`tags ${name}`, found).map(({ path, official, ours }) => `${path}: official ${text(official)}, quickcuke ${text(ours)}`),
  }))
}

/** The sets for which an expression holds, as a row of noughts and ones. */
function row(holds) {
  return SETS.map((tags, n) => (holds(tags, n) ? 1 : 0)).join('')
}

async function evaluations(side, cases) {
  if (cases.length === 0) return []
  const { envelopes, output } = await runProject(side, projectOf(cases), ['--dry-run'], 120_000)
  const ids = all(envelopes, 'hook').map(({ id }) => id)
  if (ids.length !== cases.length) throw new Error(`quickcuke did not take the hooks:\n${output}`)
  const nameOf = new Map(all(envelopes, 'pickle').map(({ id, name }) => [id, Number(name)]))
  const ofSet = new Map(all(envelopes, 'testCase').map(({ pickleId, testSteps }) => [nameOf.get(pickleId), new Set(testSteps.map(({ hookId }) => hookId))]))
  return cases.map(({ expression, parsed }, index) => ({
    name: JSON.stringify(expression),
    found: differences(row((tags) => parsed.evaluate(tags)), row((_, n) => ofSet.get(n)?.has(ids[index])), 'sets'),
  }))
}

/** The same by `--tags`, which puts parentheses around. */
function selections(side, cases) {
  return inParallel(cases, availableParallelism(), async ({ expression, parsed }) => {
    const { envelopes } = await runProject(side, projectOf([]), ['--dry-run', '--tags', expression])
    const nameOf = new Map(all(envelopes, 'pickle').map(({ id, name }) => [id, Number(name)]))
    const chosen = new Set(all(envelopes, 'testCase').map(({ pickleId }) => nameOf.get(pickleId)))
    return { name: `--tags ${JSON.stringify(expression)}`, found: differences(row((tags) => parsed.evaluate(tags)), row((_, n) => chosen.has(n)), 'sets') }
  })
}

function errors(side, cases) {
  return inParallel(cases, availableParallelism(), async ({ expression, parsed: { message } }) => {
    const { output, code } = await runProject(side, projectOf([{ expression }]))
    return { name: `error of ${JSON.stringify(expression)}`, found: differences({ message, code: 1 }, { message: output.includes(message) ? message : output, code }) }
  })
}

function projectOf(cases) {
  const hooks = cases.map(({ expression }) => `Before(${JSON.stringify({ tags: expression })}, () => {})\n`).join('')
  return { 'features/sets.feature': FEATURE, 'features/hooks.js': `const { Before } = require('@cucumber/cucumber')\n${hooks}` }
}

function lines(file) {
  return readFileSync(join(home, 'tags', file), 'utf8').split('\n').filter((line) => line !== '')
}
