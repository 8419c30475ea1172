// What both sides know of parameter types, and how they write down an argument's value.

export const parameterTypes = [
  { name: 'colour', regexp: /red|green|blue/, transformer: (name) => `<${name}>` },
  { name: 'airport', regexp: /[A-Z]{3}/, transformer: (code) => ({ code }) },
  { name: 'size', regexp: /(\d+)x(\d+)/, transformer: (width, height) => [Number(width), Number(height)] },
  { name: 'date', regexp: ['\\d{4}-\\d{2}-\\d{2}', /today|tomorrow/], transformer: (...all) => all },
  { name: 'answer', regexp: /(yes)|(no)/, transformer: (yes, no) => [yes, no] },
  { name: 'user', regexp: /(?:mailto:)?(?<user>\w+)@(\w+)/, transformer: (...all) => all },
  { name: 'nest', regexp: /((a)(b)?)+c/, transformer: (...all) => all },
  { name: 'plain', regexp: 'x|yy' },
  { name: 'no transformer', regexp: /(p)(q)/ },
  { name: 'letters', regexp: [/[a-f]+/, /[x-z]+/, '[A-F]+'], transformer: (...all) => all.length },
  { name: 'world', regexp: /world/, transformer() { return typeof this.attach } },
  { name: 'later', regexp: /soon|late/, transformer: async (word) => word.toUpperCase() },
  { name: 'nothing', regexp: /(?:nothing)?/, transformer: (text) => text ?? null },
  { name: 'polite', regexp: /\w+(?= please)/, transformer: (text) => text },
  { name: 'bracket', regexp: /[()[\]]+/, transformer: (text) => text },
  { name: 'escaped', regexp: /\((\w+)\)/, transformer: (text) => text },
  { name: 'flagged', regexp: /\u{1f600}|\p{Lu}/u, transformer: (text) => text },
  { name: 'three', regexp: /\d{3}/, preferForRegexpMatch: true, transformer: (text) => ['three', text] },
  { name: 'trio', regexp: /\d{3}/, transformer: (text) => ['trio', text] },
  { name: 'secret', regexp: /magic/, useForSnippets: false, transformer: (text) => text.length },
  { name: 'émile', regexp: /é+/, transformer: (text) => text },
  { name: '\u{1f600}', regexp: /:\)/, transformer: () => '\u{1f600}' },
  { regexp: /[0-9a-f]{8}/, transformer: (text) => parseInt(text, 16) },
]

/** A value in words, so that numbers that JSON has no way to say are told apart. */
export function describe(value) {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  if (value !== null && typeof value === 'object') return `{${Object.entries(value).map(([key, item]) => `${key}: ${describe(item)}`).join(', ')}}`
  // Half of a surrogate pair, as a RegExp without `u` may take it, is no text: quickcuke has U+FFFD for it.
  return typeof value === 'string' ? JSON.stringify(value.toWellFormed()) : String(value)
}
