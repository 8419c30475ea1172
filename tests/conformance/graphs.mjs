// Modules that import each other in every way: generated graphs, loaded by Node 22 and by quickcuke with a cold compile
// cache, a warm one, and one of which a part is gone. What quickcuke finds must be the same to the letter each time, and
// what Node finds, as far as errors go without their texts.

import { mkdirSync, mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateGraph } from './generate/graphs.mjs'
import { randomFrom } from './generate/random.mjs'
import { inParallel, nodeBinary, run } from './lib/sides.mjs'

/** So many graphs unless `--graphs` says otherwise, and so many of them in one process. */
export const GRAPHS = 400
const BATCH = 50
const OUTPUT = 'outcome.json'

/** Gives [{ name, failures: [line] }], one for each graph. */
export async function checkGraphs(side, { only, seed, graphs = GRAPHS }) {
  const all = Array.from({ length: graphs }, (_, n) => ({ name: `graph ${seed * 1_000_000 + n}`, ...generateGraph(seed * 1_000_000 + n) }))
  const chosen = all.filter(({ name }) => name.includes(only))
  const batches = Array.from({ length: Math.ceil(chosen.length / BATCH) }, (_, n) => chosen.slice(n * BATCH, (n + 1) * BATCH))
  return (await inParallel(batches, availableParallelism(), (batch) => checkBatch(side, batch))).flat()
}

async function checkBatch(side, batch) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-graphs-'))
  try {
    const outcome = await outcomesOf(side, batch, directory)
    if (outcome.failure && batch.length > 1) {
      // Which of them is it? Node 22 itself crashes on some, and then with all of their batch.
      const alone = []
      for (const graph of batch) alone.push(...await checkBatch(side, [graph]))
      if (outcome.isNodes || alone.some(({ failures }) => failures.length > 0)) return alone
      return [{ name: batch.map(({ name }) => name).join(', '), failures: [outcome.failure] }]
    }
    return batch.map((graph, index) => ({
      name: graph.name,
      failures: outcome.failure ? [outcome.failure] : compare(graph, outcome, index),
    }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** { node, cold, warm, mixed }, each a list of what the graphs gave; or { failure } of the first program that gave nothing. */
async function outcomesOf(side, batch, directory) {
  for (const [place, isTyped] of [['node', () => false], ['ours', (graph) => graph.name.endsWith('3')]]) {
    const write = (file, text) => {
      mkdirSync(join(directory, place, file, '..'), { recursive: true })
      writeFileSync(join(directory, place, file), text)
    }
    for (const [index, graph] of batch.entries()) {
      for (const [file, text] of Object.entries(graph.files)) {
        // TypeScript is transpiled, and its text kept besides its bytecode.
        const typed = (text) => (isTyped(graph) ? text.replaceAll(/\.mjs\b/g, '.mts') : text)
        write(`${index}/here/${typed(file)}`, typed(text))
      }
    }
    write('driver.mjs', driver(batch.map((graph) => graph.modules.map((name) => (isTyped(graph) ? name.replace('.mjs', '.mts') : name)))))
    write('package.json', '{ "type": "module" }\n')
  }
  const project = join(directory, 'ours')
  mkdirSync(join(project, 'features'))
  writeFileSync(join(project, 'features/graphs.feature'), 'Feature: graphs\n  Scenario: late\n    Given modules that are loaded late\n')
  writeFileSync(join(project, 'features/steps.mjs'), `import { writeFileSync } from 'node:fs'
import { Given } from '@cucumber/cucumber'
import { early, late, outcomes } from '../driver.mjs'
await early()
Given('modules that are loaded late', { timeout: 60000 }, async () => {
  await late()
  writeFileSync('${OUTPUT}', JSON.stringify(outcomes))
})
`)
  writeFileSync(join(directory, 'node/main.mjs'), `import { writeFileSync } from 'node:fs'
import { early, late, outcomes } from './driver.mjs'
await early()
await late()
writeFileSync('${OUTPUT}', JSON.stringify(outcomes))
`)
  const node = await outcomeOf([nodeBinary(), '--no-warnings', 'main.mjs'], join(directory, 'node'), {})
  if (node.failure && batch.length > 1) return { ...node, isNodes: true }
  const ours = () => outcomeOf([...side.command, '--trust'], project, { XDG_CACHE_HOME: join(directory, 'cache') })
  const runs = { node: node.failure ? {} : node }
  for (const name of ['cold', 'warm', 'mixed', 'mixed again']) {
    if (name.startsWith('mixed')) removeSome(join(directory, 'cache/quickcuke'), name.length)
    runs[name] = await ours()
    if (runs[name].failure) return { failure: `${name}: ${runs[name].failure}` }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, { outcome }]) => [name, outcome]))
}

function removeSome(cache, seed) {
  const random = randomFrom(seed)
  for (const file of readdirSync(cache).sort()) if (file.includes('.qcm') && random.chance(0.5)) rmSync(join(cache, file))
}

async function outcomeOf(command, cwd, env) {
  rmSync(join(cwd, OUTPUT), { force: true })
  const { code, stdout, stderr } = await run(command, { cwd, env })
  if (!existsSync(join(cwd, OUTPUT))) return { failure: `${command.join(' ')}: exit code ${code}, no outcome: ${`${stdout}${stderr}`.slice(-1500)}` }
  return { outcome: JSON.parse(readFileSync(join(cwd, OUTPUT), 'utf8').replaceAll('.mts', '.mjs')) }
}

/** What both programs run: `early` while a step library loads, `late` in a step. */
const driver = (modules) => `const graphs = ${JSON.stringify(modules)}
export const outcomes = graphs.map(() => ({ order: [], seen: [], imports: [] }))
const kind = (value) => {
  if (typeof value === 'function') return /^class/.test(String(value)) ? 'a class' : 'gives ' + value()
  if (typeof value !== 'object' || value === null) return String(value)
  if (Object.prototype.toString.call(value) === '[object Module]') {
    // Beyond Node, a JSON module exports its properties by name as well.
    if (typeof value.default === 'object' && Object.keys(value.default ?? {}).some((name) => /^vm/.test(name) && !value['f' + name.slice(1)])) return 'json ' + JSON.stringify(value.default)
    return 'namespace ' + Reflect.ownKeys(value).filter((name) => typeof name === 'string' && name !== 'module.exports' && name !== '__esModule').sort().map((name) => {
      try { const inner = value[name]; return name + '=' + (typeof inner === 'object' ? typeof inner : kind(inner)) } catch (error) { return name + '!' + error.name }
    })
  }
  return JSON.stringify(value, (key, inner) => (typeof inner === 'function' ? 'function' : inner))
}
let current
globalThis.graph = {
  evaluates: (name) => void current.order.push(name),
  sees(name, what, look) {
    let found
    try { found = kind(look()) } catch (error) { found = failed(error) }
    current.seen.push([name, what, found])
  },
}
const failed = (error) => ({ error: error?.name, code: error?.code, message: String(error?.message) })
const options = (name) => (name.endsWith('.json') ? { with: { type: 'json' } } : undefined)
const soon = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, 3000, new Error('it hangs')).unref())])
async function load(index, name) {
  current = outcomes[index]
  try {
    const namespace = await soon(import('./' + index + '/here/' + name, options(name)))
    current.imports.push([name, kind(namespace)])
    return namespace
  } catch (error) {
    current.imports.push([name, failed(error)])
  }
}
export async function early() {
  for (const [index, [first]] of graphs.entries()) await load(index, first)
}
export async function late() {
  for (const [index, names] of graphs.entries()) {
    for (const name of names) {
      const namespace = await load(index, name)
      if (typeof namespace?.late !== 'function') continue
      try { current.imports.push([name, 'late', kind(await soon(namespace.late()))]) } catch (error) { current.imports.push([name, 'late', failed(error)]) }
    }
  }
}
`

function compare(graph, { node, cold, warm, mixed, 'mixed again': again }, index) {
  const failures = []
  const differ = (what, left, right) => {
    for (const part of ['order', 'imports', 'seen']) {
      const [one, other] = [left[part], right[part]].map((list) => list.map((item) => JSON.stringify(item)))
      for (let n = 0; n < Math.max(one.length, other.length); n++) {
        if (one[n] !== other[n]) {
          failures.push(`${what}, ${part} ${n}: ${one[n]} and ${other[n]}\n        ${one.join(' ')}\n        ${other.join(' ')}`)
          break
        }
      }
    }
  }
  differ('cold and warm', cold[index], warm[index])
  differ('cold and a part of the cache', cold[index], mixed[index])
  differ('cold and another part of the cache', cold[index], again[index])
  // Node 22 itself crashes on some graphs.
  if (graph.onlyOurs || !node) return failures
  const isStrict = graph.defects <= 1 && hasOneError(node[index]) && hasOneError(cold[index])
  differ('Node 22 and quickcuke', comparable(graph, node[index], isStrict), comparable(graph, cold[index], isStrict))
  return failures
}

/** What does not depend on what is not ours to follow. `isStrict`: there is but one thing wrong, so both must name it. */
function comparable(graph, { order, seen, imports }, isStrict) {
  const isEsModule = (name) => graph.modules.includes(`${name}.mjs`)
  const error = (found) => {
    if (!isError(found)) return found
    if (!isStrict) return 'an error'
    return / is broken$/.test(found.message) ? found : kindOf(found)
  }
  return {
    order: order.filter(isEsModule),
    seen: seen.filter(([name]) => isEsModule(name)).map(([name, what, found]) => [name, what, error(found)]),
    imports: imports.map((item) => item.map(error)),
  }
}

const isError = (found) => typeof found === 'object' && found !== null && 'error' in found
const kindOf = ({ error, code }) => ({ error, code })
const hasOneError = ({ imports }) => new Set(imports.flat().filter(isError).map((found) => JSON.stringify(kindOf(found)))).size <= 1
