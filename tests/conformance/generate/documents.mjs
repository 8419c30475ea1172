// Gherkin documents, good and broken, grown from the grammar.

import { randomFrom } from './random.mjs'

const SPACES = [' ', '  ', '\t', '\u00a0', '\u2003', '\u3000', ' \t ', '\u202f']
const WORDS = ['a', 'red', 'Given', 'step', 'ü', 'naïve', '2', '3.5', 'Feature:', 'Rule', 'Scenario:', '日本', '\u{1f600}', '\u{1d54f}y', 'e\u0301']
const ODD = [
  '\u2028', '\u2029', '\u0085', '\ufeff', '\u200b', '\u000b', '\f', '\u001c', '\\', '\\n', '\\\\', '\\|', '|', '<', '>', '<>', '#', '@', '@x', '*', '* ',
  ':', '"""', '```', '\\"\\"\\"', '\\`\\`\\`', '$&', '$1', '$$', '<a', 'b>', '\u200d', '\u{10ffff}', '%', '-', '```js', '| a |', '# language: fr', '//', '&lt;',
]
const PARAMETERS = ['a', 'b c', 'é', '$', '<', 'a>b', '.*', '']

/** The document of a seed: { source, markdown }. */
export function generateDocument(seed, dialects) {
  const random = randomFrom(seed)
  if (random.chance(0.08)) return { source: ends(random, markdown(random, dialects.en)), markdown: true }
  const code = random.chance(0.8) ? 'en' : random.pick(Object.keys(dialects))
  const lines = [...header(random, code), ...feature(random, dialects[code])]
  return { source: ends(random, random.chance(0.3) ? broken(random, lines, dialects[code]) : lines), markdown: false }
}

/** A file of so many scenarios. */
export function largeDocument(scenarios) {
  const blocks = Array.from({ length: scenarios }, (_, n) =>
    `  @t${n % 7}\n  Scenario: number ${n}\n    Given a step ${n}\n      | a | ${n} |\n    When "x" is ${n % 13}\n    Then all is well\n\n`)
  return `Feature: large\n\n${blocks.join('')}`
}

function feature(random, dialect) {
  const lines = []
  if (random.chance(0.93)) lines.push(...tags(random), ...headed(random, dialect.feature))
  if (random.chance(0.3)) lines.push(...background(random, dialect))
  lines.push(...random.several(0, 4, () => scenario(random, dialect)).flat())
  for (const _ of random.several(0, random.chance(0.3) ? 2 : 0, () => 0)) {
    lines.push(...tags(random), ...headed(random, dialect.rule))
    if (random.chance(0.3)) lines.push(...background(random, dialect))
    lines.push(...random.several(0, 2, () => scenario(random, dialect)).flat())
  }
  return lines
}

function background(random, dialect) {
  return [...headed(random, dialect.background), ...steps(random, dialect)]
}

function scenario(random, dialect) {
  const outline = random.chance(0.4)
  const lines = [...tags(random), ...headed(random, outline ? dialect.scenarioOutline : dialect.scenario), ...steps(random, dialect)]
  for (const _ of random.several(outline ? 1 : 0, outline ? 3 : random.chance(0.1) ? 1 : 0, () => 0)) {
    lines.push(...tags(random), ...headed(random, dialect.examples))
    if (random.chance(0.9)) lines.push(...examples(random))
  }
  return lines
}

function headed(random, keywords) {
  const title = random.chance(0.85) ? text(random, 0, 4) : ''
  const line = `${indent(random)}${random.pick(keywords)}${random.chance(0.03) ? ' ' : ''}:${random.chance(0.9) ? ' ' : random.chance(0.5) ? '' : random.pick(SPACES)}${title}${tail(random)}`
  const description = random.chance(0.15) ? random.several(1, 3, () => `${indent(random)}${text(random, 1, 4)}`) : []
  return [line, ...noise(random), ...description, ...noise(random)]
}

function steps(random, dialect) {
  const keywords = ['given', 'when', 'then', 'and', 'but'].flatMap((kind) => dialect[kind])
  return random.several(0, 4, () => {
    const line = `${indent(random)}${random.pick(keywords)}${random.chance(0.1) ? random.pick(SPACES) : ''}${text(random, random.chance(0.05) ? 0 : 1, 6)}${tail(random)}`
    const argument = random.weighted([[6, () => []], [1, table], [1, docString], [0.15, (r) => [...table(r), ...docString(r)]], [0.15, (r) => [...docString(r), ...table(r)]]])(random)
    return [line, ...noise(random), ...argument, ...noise(random)]
  }).flat()
}

function table(random, header) {
  const width = random.below(4) + (random.chance(0.05) ? 0 : 1)
  const rows = random.several(1, 4, () => Array.from({ length: random.chance(0.01) ? random.below(5) : width }, () => cell(random)))
  if (header) rows[0] = Array.from({ length: width }, () => (random.chance(0.8) ? random.pick(PARAMETERS) : cell(random)))
  return rows.flatMap((row) => [
    `${indent(random)}|${row.map((value) => `${pad(random)}${value}${pad(random)}|`).join('')}${random.chance(0.05) ? text(random, 1, 2) : ''}${tail(random)}`,
    ...(random.chance(0.1) ? noise(random) : []),
  ])
}

function examples(random) {
  return table(random, true)
}

function cell(random) {
  return random.weighted([
    [2, () => ''],
    [4, () => random.pick(WORDS)],
    [2, () => text(random, 1, 3).replaceAll('|', '\\|')],
    [1, () => random.pick(['\\n', '\\|', '\\\\', '\\\\n', '\\x', '\\', '\\\\|', 'a\\nb', '\\n\\n', '\\ ', '<a>', '$&'])],
  ])()
}

function docString(random) {
  const mark = random.pick(['"""', '```'])
  const base = indent(random)
  const inner = random.several(0, 4, () => random.weighted([
    [4, () => base + (random.chance(0.3) ? '  ' : '') + text(random, 0, 4)],
    [1, () => indent(random) + text(random, 0, 3)],
    [1, () => ''],
    [1, () => base + random.pick([mark === '"""' ? '```' : '"""', '\\"\\"\\"', '\\`\\`\\`', '\\"""', '\\\\"\\"\\"', '|x|', '# no', '@no', `${mark[0]}${mark[0]}`, ` x ${mark}`])],
  ])())
  const media = random.weighted([[5, ''], [2, 'json'], [1, ' text/plain; charset=utf-8 '], [1, mark[0]], [1, ' a\\b'], [0.5, mark]])
  const close = random.weighted([[12, [base + mark]], [1, []], [1, [`${indent(random)}${mark} rest`]], [1, [base + mark + mark[0]]]])
  return [`${base}${mark}${media}${tail(random)}`, ...inner, ...close]
}

function tags(random) {
  if (random.chance(0.75)) return []
  return random.several(1, 2, () => {
    const names = random.several(1, 4, () => random.weighted([
      [6, () => `@${random.pick(['a', 'b-c', 'ü', 'x:1', 'n"q"', '\u{1f600}', 'a#b', '(x)', 'T.1'])}`],
      [0.1, () => '@'], [0.1, () => 'x'], [0.1, () => '@@a'], [0.2, () => `@a${random.pick(ODD)}`], [0.1, () => '@a\u00a0b'],
    ])())
    const comment = random.chance(0.1) ? `${random.pick([' ', ''])}#${text(random, 0, 2)}` : ''
    return [`${indent(random)}${names.join(random.weighted([[8, ' '], [1, ''], [1, '\t'], [0.5, '\u3000']]))}${comment}${tail(random)}`, ...noise(random)]
  }).flat()
}

function header(random, code) {
  const lines = noise(random)
  if (code !== 'en' || random.chance(0.05)) {
    lines.push(random.pick([`# language: ${code}`, `#language:${code}`, `  #  language\t:  ${code}  `]))
    if (random.chance(0.1)) lines.push(`# language: ${random.pick(['en', 'xx', 'fr', code])}`)
  }
  return [...lines, ...noise(random)]
}

function text(random, least, most) {
  return random.several(least, most, () => random.weighted([
    [6, () => random.pick(WORDS)],
    [1.2, () => `<${random.pick(PARAMETERS)}>`],
    [1, () => random.pick(ODD)],
    [0.3, () => random.pick(ODD) + random.pick(WORDS)],
  ])()).join(random.chance(0.95) ? ' ' : random.pick(SPACES))
}

function noise(random) {
  if (random.chance(0.8)) return []
  return random.several(1, 2, () => random.weighted([[3, ''], [1, random.pick(SPACES)], [2, `${indent(random)}#${text(random, 0, 3)}`]]))
}

function indent(random) {
  return random.chance(0.9) ? ' '.repeat(random.below(5)) : random.several(1, 3, () => random.pick(SPACES)).join('')
}

function pad(random) {
  return random.chance(0.85) ? ' ' : random.pick(['', '   ', ...SPACES])
}

function tail(random) {
  return random.chance(0.93) ? '' : random.pick([...SPACES, '\u2028', '\ufeff', '\u0085'])
}

/** A few lines out of place. */
function broken(random, lines, dialect) {
  const result = [...lines]
  const at = () => random.below(result.length + 1)
  for (const _ of random.several(1, 3, () => 0)) {
    random.weighted([
      [3, () => result.splice(at(), 0, ...headed(random, dialect[random.pick(['feature', 'background', 'scenario', 'scenarioOutline', 'examples', 'rule'])]))],
      [2, () => result.splice(at(), 1)],
      [2, () => result.splice(at(), 0, text(random, 1, 4))],
      [2, () => result.splice(at(), 0, ...tags(random))],
      [1, () => result.splice(at(), 0, ...table(random))],
      [1, () => result.splice(at(), 0, ...docString(random))],
      [1, () => result.splice(at(), 0, random.pick(['"""', '```', '|', '| a | b', '@', '#', ':', '\\']))],
      [1, () => result.splice(random.below(result.length + 1))],
      [1, () => { const [line] = result.splice(at(), 1); if (line !== undefined) result.splice(at(), 0, line) }],
      [1, () => { const line = result[at()]; if (line !== undefined) result.splice(at(), 0, line) }],
      [1, () => { const index = at(); if (index < result.length) result[index] = [...result[index]].slice(0, random.below(result[index].length + 1)).join('') }],
    ])()
  }
  return result
}

function ends(random, lines) {
  const end = random.weighted([[8, () => '\n'], [1, () => '\r\n'], [0.5, () => random.pick(['\n', '\r\n'])], [0.2, () => random.pick(['\n', '\r'])]])
  const body = lines.map((line) => line + end()).join('')
  return (random.chance(0.05) ? '\ufeff' : '') + (random.chance(0.15) ? body.replace(/[\r\n]+$/, '') : body)
}

function markdown(random, dialect) {
  const heading = (keywords) => `${'#'.repeat(1 + random.below(random.chance(0.1) ? 8 : 4))}${random.chance(0.95) ? ' ' : ''}${random.chance(0.9) ? `${random.pick(keywords)}: ` : ''}${text(random, 0, 3)}`
  const bullet = () => `${indent(random)}${random.pick(['* ', '- ', '*', '+ ', '-  '])}${random.pick([...dialect.given, ...dialect.when, ...dialect.and, ''])}${text(random, 1, 4)}`
  const fence = () => {
    const mark = random.pick(['```', '````', '"""'])
    return [`  ${mark}${random.pick(['', 'json', ' x'])}`, ...random.several(0, 3, () => `  ${text(random, 0, 3)}`), ...(random.chance(0.9) ? [`  ${mark}`] : [])]
  }
  const rows = () => random.several(1, 4, (n) =>
    `${' '.repeat(random.below(7))}${n === 1 && random.chance(0.6) ? '| --- | :-: |' : `| ${cell(random)} | ${cell(random)} |`}`)
  const tagLine = () => [`${indent(random)}${random.several(1, 3, () => random.pick(['`@a`', '`@b-c`', '@x', '`x`', '`@ü`'])).join(' ')}`]
  const part = () => random.weighted([
    [3, () => [heading(dialect.scenario)]], [1, () => [heading(dialect.scenarioOutline)]], [1, () => [heading(dialect.examples), ...rows()]],
    [1, () => [heading(dialect.rule)]], [1, () => [heading(dialect.background)]], [5, () => random.several(1, 3, bullet)], [2, rows], [2, fence],
    [2, () => [text(random, 0, 4)]], [2, () => ['']], [1, tagLine], [0.5, () => [`<!-- ${text(random, 1, 2)} -->`]], [0.5, () => [heading(dialect.feature)]],
  ])()
  return [...(random.chance(0.5) ? tagLine() : []), ...(random.chance(0.9) ? [heading(dialect.feature)] : []), ...random.several(0, 12, part).flat()]
}
