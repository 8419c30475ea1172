// Tag expressions, good and broken, over a few tags.

import { randomFrom } from './random.mjs'

export const TAGS = ['@a', '@b', '@c(1)', '@d\\e', '@é-\u{1f600}']
const WRITTEN = ['@a', '@b', '@c\\(1\\)', '@d\\\\e', '@é-\u{1f600}']
const SPACES = [' ', '  ', '\t', '\u00a0', '\u3000', '\n']

/** An expression that mostly parses. */
export function generateTagExpression(seed) {
  const random = randomFrom(seed)
  return spaced(random, operation(random, 0))
}

function operation(random, depth) {
  const tag = () => [random.chance(0.95) ? random.pick(WRITTEN) : random.pick(['@z', 'a', '@a\\ b', '@A', '@', 'And', 'NOT'])]
  const inner = () => operation(random, depth + 1)
  return random.weighted([
    [1 + depth, tag],
    [depth < 6 ? 1 : 0, () => ['not', ...inner()]],
    [depth < 6 ? 2 : 0, () => [...inner(), random.pick(['and', 'or']), ...inner()]],
    [depth < 6 ? 1.5 : 0, () => ['(', ...inner(), ')']],
  ])()
}

/** Tokens in any order; few of these parse. */
export function generateBadTagExpression(seed) {
  const random = randomFrom(seed)
  const tokens = ['@a', '@b', 'and', 'or', 'not', '(', ')', '\\(', '\\)', '\\x', '\\', '\\\\', '@c\\', '@d\\e', 'not\\ ', '\u{1f600}\\\u{1f600}']
  return spaced(random, random.several(1, 6, () => random.pick(tokens)))
}

/** With a space wherever two words would run together, and here and there where none is needed. */
function spaced(random, tokens) {
  const space = () => (random.chance(0.9) ? ' ' : random.pick(SPACES))
  return tokens.map((token, index) => {
    const needed = index > 0 && !/^[()]$/.test(token) && !/^[()]$/.test(tokens[index - 1])
    return (needed || random.chance(0.5) ? space() : '') + token
  }).join('')
}
