// Cucumber expressions, JavaScript regular expressions, and texts that they may match.

import { randomFrom } from './random.mjs'

const WORDS = ['a', 'I', 'have', 'red', 'cats', 'é', 'b-c', '3', '$5', 'x.y', '[z]', '日本', '\u{1f600}', 'and', '*', '|', '^', '"q"', "it's"]
const VALUES = {
  int: ['1', '-2', '007', '99999999999999999999', '-0', 'x'],
  float: ['1.5', '-.5', '3', '1E3', '+2.', '-', ''],
  word: ['apple', 'a-b', '\u{1f600}', 'é'],
  string: ['"a b"', "'c'", '""', '"\\""', '"unclosed'],
  '': ['', 'any thing', '5', '{x}'],
  double: ['2.50', '-1E-2'], bigdecimal: ['3.14', '10'], byte: ['255'], short: ['-1'], long: ['12'], biginteger: ['123456789012345678901', '-5'],
  colour: ['red', 'blue', 'pink'], airport: ['LHR', 'lhr'], size: ['3x4', '3x'], date: ['2026-01-01', 'today'], answer: ['yes', 'no'],
  user: ['a@b', 'mailto:c@d'], nest: ['abac', 'c'], plain: ['x', 'yy'], letters: ['abc', 'xyz', 'AB'], nothing: ['', 'nothing'],
  bracket: ['()', '['], escaped: ['(w)'], three: ['123'], later: ['soon'], 'no transformer': ['pq'],
}

/** A cucumber expression that mostly parses, and texts: { pattern, texts }. */
export function generateExpression(seed) {
  const random = randomFrom(seed)
  const parts = random.several(1, 5, () => random.weighted([
    [5, literal], [3, parameter], [1.5, alternation], [1, (r) => { const inner = literal(r); return { pattern: `${r.chance(0.5) ? 'x' : ''}(${inner.pattern})`, samples: [inner.samples[0], ''] } }],
    [0.7, (r) => { const [left, right] = [parameter(r), r.chance(0.5) ? literal(r) : parameter(r)]; return { pattern: left.pattern + right.pattern, samples: [r.pick(left.samples) + r.pick(right.samples)] } }],
  ])(random))
  const gap = random.weighted([[9, ' '], [1, '']])
  return {
    pattern: parts.map(({ pattern }) => pattern).join(gap),
    texts: random.several(2, 3, () => mutate(random, parts.map(({ samples }) => random.pick(samples)).join(gap))),
  }
}

function literal(random) {
  const word = random.pick(WORDS)
  const escaped = random.chance(0.1) ? random.pick([['\\(', '('], ['\\{', '{'], ['\\/', '/'], ['\\\\', '\\'], ['\\ ', ' '], [')', ')'], ['}', '}']]) : ['', '']
  return { pattern: word + escaped[0], samples: [word + escaped[1]] }
}

function parameter(random) {
  const name = random.pick(Object.keys(VALUES))
  return { pattern: `{${name}}`, samples: VALUES[name] }
}

function alternation(random) {
  const choices = random.several(2, 3, () => {
    const { pattern, samples } = literal(random)
    return random.chance(0.2) ? { pattern: `${pattern}(s)`, samples: [samples[0], `${samples[0]}s`] } : { pattern, samples }
  })
  return { pattern: choices.map(({ pattern }) => pattern).join('/'), samples: choices.flatMap(({ samples }) => samples) }
}

/** A string over the characters that mean something in an expression; few of these parse. */
export function generateBadExpression(seed) {
  const random = randomFrom(seed)
  return random.several(1, 9, () => random.pick(['(', ')', '{', '}', '/', '\\', ' ', 'a', 'é', '\u{1f600}', '{int}', '(s)', 'a/b', 'nope', '\\(', '\\x', '{nope}'])).join('')
}

/** A regular expression that Node takes, and texts: { source, flags, texts }. */
export function generateRegularExpression(seed) {
  const random = randomFrom(seed)
  for (;;) {
    const flags = random.weighted([[10, ''], [2, 'i'], [2, 'u'], [1, 'iu'], [0.7, 's'], [0.7, 'm'], [0.5, 'v'], [0.3, 'im'], [0.3, 'y'], [0.3, 'g']])
    const context = { groups: 0, names: 0, flags, random }
    const root = alternatives(context, 0)
    const [begin, end] = [random.chance(0.5) ? '^' : '', random.chance(0.5) ? '$' : '']
    const source = begin + (begin || end ? `(?:${root.source})` : root.source) + end
    try {
      new RegExp(source, flags)
    } catch {
      continue
    }
    return { source, flags, texts: random.several(2, 4, () => mutate(random, root.sample())) }
  }
}

function alternatives(context, depth) {
  const { random } = context
  const branches = random.several(1, depth < 2 && random.chance(0.25) ? 3 : 1, () => sequence(context, depth))
  return { source: branches.map(({ source }) => source).join('|'), sample: () => random.pick(branches).sample(), repeats: branches.some(({ repeats }) => repeats) }
}

function sequence(context, depth) {
  const { random } = context
  const parts = random.several(random.chance(0.05) ? 0 : 1, depth === 0 ? 5 : 3, () => quantified(context, depth))
  return { source: parts.map(({ source }) => source).join(''), sample: () => parts.map(({ sample }) => sample()).join(''), repeats: parts.some(({ repeats }) => repeats) }
}

function quantified(context, depth) {
  const { random } = context
  const part = random.weighted([[7, atom], [depth < 3 ? 3 : 0, group], [0.5, assertion], [context.groups > 0 ? 0.5 : 0, reference]])(context, depth)
  if (part.fixed || random.chance(0.65)) return part
  // Of endless repetitions within each other no engine finds an end.
  const limited = [['?', 0, 1], ['{2}', 2, 2], ['{1,2}', 1, 2]]
  const endless = part.repeats ? [] : [['*', 0, 3], ['+', 1, 3], ['{0,}', 0, 2]]
  const [mark, least, most] = random.pick([...limited, ...endless])
  return {
    repeats: part.repeats || !limited.some(([other]) => other === mark),
    source: part.source + mark + (random.chance(0.25) ? '?' : ''),
    sample: () => random.several(least, most, () => part.sample()).join(''),
  }
}

function atom({ random, flags }) {
  const unicode = /[uv]/.test(flags)
  const [source, samples] = random.weighted([
    [5, () => { const letter = random.pick(['a', 'b', 'c', 'x', ' ', '1', 'é', 'Z', '-', '_', '"']); return [letter, [letter]] }],
    [1, () => ['.', ['a', '5', '\u{1f600}', ' ']]],
    [1, () => ['\\d', ['0', '7']]], [1, () => ['\\w', ['a', '_', '9']]], [0.5, () => ['\\s', [' ', '\t', '\u00a0']]],
    [0.5, () => random.pick([['\\D', ['a']], ['\\W', ['-', 'é']], ['\\S', ['a', 'é']]])],
    [1, () => random.pick([['[abc]', ['a', 'c']], ['[^a]', ['b', 'A']], ['[a-c\\d]', ['b', '4']], ['[^\\w]', ['-', ' ']], ['[\\]\\[(]', [']', '(']], ['[a\\-z]', ['-', 'z']]])],
    [0.5, () => random.pick([['\\.', ['.']], ['\\/', ['/']], ['\\(', ['(']], ['\\\\', ['\\']], ['\\$', ['$']], ['\\x41', ['A']], ['\\u00e9', ['é']], ['\\t', ['\t']], ['\\cA', ['\u0001']]])],
    [unicode ? 1 : 0.2, () => random.pick([['\\p{L}', ['é', 'z', '日']], ['\\p{Lu}', ['É', 'A']], ['\\P{L}', ['1']], ['\\u{1f600}', ['\u{1f600}']], ['[\u{1f600}é]', ['\u{1f600}']], ['\u{1f600}', ['\u{1f600}']]])],
    [0.3, () => random.pick([['[^]', ['\n', 'x']], ['ſ', ['s', 'S', 'ſ']], ['K', ['k', '\u212a']], ['ß', ['ß', 'ẞ']], ['σ', ['ς', 'Σ']], ['[à-ï]', ['É', 'è']]])],
  ])()
  return { source, sample: () => random.pick(samples) }
}

function group(context, depth) {
  const { random } = context
  const kind = random.weighted([[6, '('], [3, '(?:'], [1, '(?<']])
  let open = kind
  if (kind === '(?<') open = `(?<${random.pick(['n', 'été', '$x'])}${context.names++}>`
  if (kind !== '(?:') context.groups++
  const inner = alternatives(context, depth + 1)
  return { source: `${open}${inner.source})`, sample: inner.sample, repeats: inner.repeats }
}

function assertion(context, depth) {
  const { random } = context
  const simple = random.pick(['\\b', '\\B', '^', '$', '(?=', '(?!', '(?<=', '(?<!'])
  if (!simple.startsWith('(')) return { source: simple, sample: () => '', fixed: true }
  const inner = alternatives(context, depth + 2)
  return { source: `${simple}${inner.source})`, sample: () => (/[=]$/.test(simple) && random.chance(0.5) ? inner.sample() : ''), fixed: true }
}

function reference({ random, groups }) {
  return { source: `\\${1 + random.below(groups)}`, sample: () => random.pick(['', 'a', 'b']), fixed: random.chance(0.5) }
}

/** A text for an undefined step. */
export function generateStepText(seed) {
  const random = randomFrom(seed)
  const samples = Object.values(VALUES).flat().concat(WORDS, ['(', '{', '/', '\\', '1,000', '5%', '£3', 'x1', '1x', '"it\'s"', '{0}', '{1}', 'é1', '1é', '\u{1f600}2', '3\u{1f600}', '“4”', '-', '5.', '.', '12345678'])
  return random.several(1, 6, () => random.pick(samples)).join(random.weighted([[8, ' '], [1, ''], [1, ', ']])).trim()
}

function mutate(random, text) {
  if (random.chance(0.75)) return text
  const characters = [...text]
  random.pick([
    () => characters.splice(random.below(characters.length + 1), 1),
    () => characters.splice(random.below(characters.length + 1), 0, random.pick(['a', ' ', '1', '-', '\u{1f600}', 'é', '"', '\\', '(', '.'])),
    () => characters.reverse(),
  ])()
  return characters.join('')
}
