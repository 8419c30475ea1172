// Graphs of modules that import each other in every way there is, some of them broken.

import { randomFrom } from './random.mjs'

const KINDS = [[8, 'mjs'], [2, 'cjs'], [1, 'json']]

/**
 * The graph of a seed: { files, modules, defects }. `files` are texts by name, `modules` the names that may be imported
 * (the first one reaches most of the others), `defects` says how many things are wrong on purpose. A module tells
 * `globalThis.graph` when it is evaluated and what it sees of others. `onlyOurs`: Node may find something else, since
 * CommonJS modules run while they are loaded here, and when what imports them is evaluated in Node.
 */
export function generateGraph(seed) {
  const random = randomFrom(seed)
  const count = 2 + random.below(8)
  const names = Array.from({ length: count }, (_, n) => `m${n}.${n === 0 ? 'mjs' : random.weighted(KINDS)}`)
  // Some graphs are all cycles, others have none.
  const style = random.pick(['any', 'any', 'cycles', 'forward'])
  const graph = { files: {}, modules: names, defects: 0, onlyOurs: false }
  const plant = (chance) => random.chance(chance / count) && (graph.defects += 1) > 0
  for (const [n, name] of names.entries()) {
    const others = style === 'forward' ? names.slice(n + 1) : names
    const wanted = random.several(0, 4, () => random.pick(others)).filter(Boolean)
    // The ring comes first, so that what follows is imported by a module in a cycle.
    if (style === 'cycles' || (n === 0 && count > 1)) wanted.unshift(names[(n + 1) % count])
    const kind = name.split('.')[1]
    graph.files[name] = { mjs: esModule, cjs: commonJs, json }[kind]({ random, n, wanted, plant, graph })
  }
  return graph
}

const identifier = (name) => name.split('.')[0]
const specifier = (random, name) => (random.chance(0.1) ? `./../${'here'}/${name}` : `./${name}`)

function esModule({ random, n, wanted, plant, graph }) {
  const head = []
  const body = [`graph.evaluates('m${n}')`]
  const see = (what) => body.push(`graph.sees('m${n}', ${JSON.stringify(what)}, () => ${what})`)
  let local = 0
  for (const name of wanted) {
    const from = JSON.stringify(specifier(random, name))
    const other = identifier(name)
    const fresh = () => `i${local++}`
    if (name.endsWith('.json')) {
      const value = fresh()
      head.push(random.chance(0.5) ? `import ${value} from ${from} with { type: 'json' }` : `import * as ${value} from ${from} with { type: 'json' }`)
      see(value)
      continue
    }
    const form = random.below(name.endsWith('.cjs') ? 4 : 11)
    if (form <= 1) {
      const [value, imported] = [fresh(), plant(0.3) ? 'nope' : random.pick([`v${other}`, `f${other}`, `v${other}`, `f${other}`, 'default'])]
      head.push(`import { ${imported} as ${value} } from ${from}`)
      see(value)
    } else if (form === 2) {
      const value = fresh()
      head.push(`import * as ${value} from ${from}`)
      see(value)
      if (random.chance(0.3)) see(`${value}.v${other}`)
    } else if (form === 3) {
      head.push(`import ${from}`)
    } else if (form === 4) {
      head.push(`export * from ${from}`)
    } else if (form === 5) {
      head.push(`export * as n${n}_${local++} from ${from}`)
    } else if (form === 6) {
      head.push(`export { v${other} as r${n}_${local++}, f${other} as r${n}_${local++} } from ${from}`)
    } else if (form === 7 && other !== `m${n}`) {
      // Not from itself: QuickJS calls it a circle where the namespace is needed before.
      const value = fresh()
      head.push(`import { v${other} as ${value} } from ${from}`, `export { ${value} as x${n}_${value} }`)
      see(value)
    } else if (form === 8) {
      const value = fresh()
      head.push(`import { shared as ${value} } from ${from}`)
      see(value)
    } else if (form === 9) {
      const value = fresh()
      head.push(`import ${value}, { f${other} as ${value}f } from ${from}`)
      see(`${value}f`)
      // TypeScript leaves out what is imported and not used.
      body.push(`void (() => ${value})`)
    } else {
      head.push(`export { default as d${n}_${local++} } from ${from}`)
    }
  }
  if (plant(0.25)) head.splice(random.below(head.length + 1), 0, `import './missing.mjs'`)
  if (plant(0.15)) head.splice(random.below(head.length + 1), 0, `import data from './m0.mjs' with { type: 'json' }`, 'void data')
  if (plant(0.15)) body.push('const const = 1')
  if (random.chance(0.2)) body.push(...random.several(1, 3, () => 'await null'))
  if (plant(0.25)) body.push(`throw new TypeError('m${n} is broken')`)
  body.push(
    `export ${random.pick(['let', 'const', 'var'])} vm${n} = 'vm${n}'`,
    `export function fm${n}() { return 'fm${n}' }`,
  )
  // Both ways to export a name that is the same everywhere: `export *` of two of them clashes.
  if (random.chance(0.5)) body.push(`export const shared = 'shared of m${n}'`)
  if (random.chance(0.7)) body.push(random.pick([`export default { of: 'm${n}' }`, `export default function () { return 'dm${n}' }`, `export default class { }`]))
  if (wanted.length > 0 && random.chance(0.3)) {
    const name = random.pick(wanted)
    const attributes = name.endsWith('.json') ? ', { with: { type: "json" } }' : ''
    body.push(`export const late = () => import('./${name}'${attributes})`)
  }
  if (random.chance(0.3)) body.push(`graph.sees('m${n}', 'own name', () => import.meta.url.split('/').pop())`)
  // Imports are hoisted, wherever they are.
  return `${(random.chance(0.2) ? [...body, ...head] : [...head, ...body]).join('\n')}\n`
}

function commonJs({ random, n, wanted, plant, graph }) {
  const lines = [`graph.evaluates('m${n}')`]
  if (random.chance(0.7)) lines.push(`exports.vm${n} = 'vm${n}'`, `exports.fm${n} = function () { return 'fm${n}' }`)
  for (const name of wanted) {
    if (name.endsWith('.mjs')) {
      if (!random.chance(0.3)) continue
      graph.onlyOurs = true
    }
    lines.push(`graph.sees('m${n}', 'require ${name}', () => require('./${name}'))`)
  }
  const defects = graph.defects
  if (plant(0.2)) lines.push(`require('./missing.cjs')`)
  if (plant(0.2)) lines.push(`throw new RangeError('m${n} is broken')`)
  if (plant(0.1)) lines.push('const const = 1')
  if (graph.defects > defects) graph.onlyOurs = true
  lines.push(`exports.vm${n} = 'vm${n}'`, `exports.fm${n} = function () { return 'fm${n}' }`)
  return `${lines.join('\n')}\n`
}

function json({ n, plant }) {
  return plant(0.2) ? `{ "vm${n}": ` : `{ "vm${n}": "vm${n}" }\n`
}
