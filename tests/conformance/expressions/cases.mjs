// The cases of the part `expressions`.
//
// By hand: in expressions.txt and regular_expressions.txt a line `=== PATTERN` begins a case, and its texts follow; bad.txt
// has an expression in error on each line. `\u{XXXX}` stands for that character. generate/expressions.mjs makes the rest.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateBadExpression, generateExpression, generateRegularExpression, generateStepText } from '../generate/expressions.mjs'
import { home } from '../lib/sides.mjs'

const GENERATED = { expressions: 300, regularExpressions: 300, bad: 60, texts: 400 }

/** [{ name, pattern, texts }], of which `fails(pattern)` holds for none. */
export function expressions(seed, fails) {
  const generated = seeds(seed, GENERATED.expressions).map((n) => ({ ...generateExpression(n), n }))
  return [
    ...handWritten('expressions.txt').map(({ head, texts }) => ({ name: `expression ${head}`, pattern: unescape(head), texts })),
    ...generated.filter(({ pattern }) => !fails(pattern)).map(({ pattern, texts, n }) => ({ name: `expression generated ${n} ${pattern}`, pattern, texts: usable(texts) })),
  ]
}

export function regularExpressions(seed) {
  return [
    ...handWritten('regular_expressions.txt').map(({ head, texts }) => {
      const [, source, flags] = /^\/(.*)\/(\w*)$/.exec(head)
      return { name: `RegExp ${head}`, pattern: new RegExp(source, flags), texts }
    }),
    ...seeds(seed, GENERATED.regularExpressions).map((n) => {
      const { source, flags, texts } = generateRegularExpression(n)
      return { name: `RegExp generated ${n} /${source}/${flags}`, pattern: new RegExp(source, flags), texts: usable(texts) }
    }),
  ]
}

/** [{ name, pattern }], of which `fails(pattern)` holds for all. */
export function badExpressions(seed, fails) {
  return [
    ...lines('bad.txt').map((line) => ({ name: `bad ${line}`, pattern: unescape(line) })),
    ...seeds(seed, GENERATED.bad).map((n) => ({ name: `bad generated ${n}`, pattern: generateBadExpression(n) })),
  ].filter(({ pattern }) => fails(pattern))
}

/** Parameter types that may not be: [{ name, types }]. */
export const badTypes = [
  ...['a(b', 'a)', '[x', 'x]', 'a.b', 'a|b', 'a?', 'a*', 'a+', '$', '(colour)'].map((name) => [{ name, regexp: 'x' }]),
  ...['g', 'i', 'm', 'y', 'gi', 'im', 'uy'].map((flags) => [{ name: 'flagged', regexp: new RegExp('x', flags) }]),
  [{ name: 'twice', regexp: 'x' }, { name: 'twice', regexp: 'y' }],
  [{ name: 'int', regexp: 'x' }],
  [{ name: '', regexp: 'x' }],
  [{ name: 'one', regexp: 'x', preferForRegexpMatch: true }, { name: 'two', regexp: ['y', 'x'], preferForRegexpMatch: true }],
  [{ name: 'number', regexp: '\\d+', preferForRegexpMatch: true }],
].map((types, n) => ({ name: `bad type ${n} ${types.at(-1).name}`, types }))

/** Regular expressions with a group that is the regexp of several types, none preferred: [{ name, types, pattern, stepText }]. */
export const ambiguousTypes = [
  { types: [{ name: 'one', regexp: 'a+' }, { name: 'two', regexp: /a+/ }], pattern: /^x (a+)$/, stepText: 'x aa' },
  { types: [{ name: 'b', regexp: 'a+' }, { name: 'a', regexp: 'a+' }, { name: 'C', regexp: 'a+' }], pattern: /x (a+) (\d+)/i, stepText: 'X aaa 5' },
].map((item, n) => ({ name: `ambiguous type ${n}`, ...item }))

/** Texts of undefined steps: [{ name, text }]. */
export function stepTexts(seed) {
  const texts = usable(seeds(seed, GENERATED.texts).map(generateStepText)).filter((text) => text !== '')
  return [...new Set(texts)].map((text) => ({ name: `snippet ${text}`, text }))
}

function handWritten(file) {
  return readFileSync(join(home, 'expressions', file), 'utf8').split(/^=== /m).slice(1).map((part) => {
    const [head, ...texts] = part.replace(/\n$/, '').split('\n')
    return { head, texts: texts.map(unescape) }
  })
}

function lines(file) {
  return readFileSync(join(home, 'expressions', file), 'utf8').split('\n').filter((line) => line !== '')
}

function unescape(text) {
  return text.replace(/\\u\{(\w+)\}/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
}

/** Of no use are texts that Gherkin trims, and lone halves of a surrogate pair, which no file can hold. */
function usable(texts) {
  return texts.filter((text) => text === text.trim() && text.isWellFormed())
}

function seeds(first, count) {
  return Array.from({ length: count }, (_, n) => first + n)
}
