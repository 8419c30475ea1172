// What a script of this folder records: one line a call, in words of our own, so that a fault of `util.inspect` shows
// where `util.inspect` is tried and nowhere else. Both sides run this file.

const LIMIT_MS = 5000

/**
 * Runs a script's default export with `run`, and gives [[label, what came out]].
 * `run(() => value)` is labelled by its source, `run(label, () => value)` by its label; a promise is waited for.
 */
export async function record(script) {
  const lines = []
  const labels = new Map()
  const waiting = []
  const run = (...given) => {
    const body = given.at(-1)
    const label = given.length > 1 ? given[0] : labelOf(body)
    const times = (labels.get(label) ?? 0) + 1
    labels.set(label, times)
    const line = [times > 1 ? `${label} (${times})` : label, 'never settled']
    lines.push(line)
    const settle = (text) => { line[1] = text }
    try {
      const value = body()
      if (typeof value?.then !== 'function') return settle(show(value))
      const limit = new Promise((resolve) => { setTimeout(resolve, LIMIT_MS) })
      const settled = value.then((result) => settle(show(result)), (error) => settle(`rejects ${showError(error)}`))
      waiting.push(Promise.race([settled, limit]))
      return waiting.at(-1)
    } catch (error) {
      return settle(`throws ${showError(error)}`)
    }
  }
  // What nobody caught is a line too, rather than the end of all.
  for (const name of ['uncaughtException', 'unhandledRejection']) process.on(name, (error) => lines.push([`${name} ${showError(error)}`, '']))
  await script(run)
  // Calls that the script did not wait for itself.
  await Promise.all(waiting)
  return lines
}

const labelOf = (body) => String(body).replace(/^(async )?\(\) => /, '').replace(/\s+/g, ' ')

const typedArray = Object.getPrototypeOf(Uint8Array)

/** A value as text: its class where that is not the usual one, its own enumerable members, a shared object once. */
export function show(value, seen = []) {
  switch (typeof value) {
    case 'string': return JSON.stringify(value)
    case 'number': return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean': return String(value)
    case 'bigint': return `${value}n`
    case 'symbol': return String(value)
    case 'function': return `function ${value.name}`
    case 'undefined': return 'undefined'
  }
  if (value === null) return 'null'
  if (seen.includes(value)) return `<parent ${seen.length - seen.indexOf(value)}>`
  const inner = (item) => show(item, [...seen, value])
  const name = className(value)
  if (value instanceof Error || name === 'DOMException') return showError(value, seen)
  const list = (items) => Array.from(items, inner).join(', ')
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, index) => (index in value ? inner(item) : '<hole>'))
    const more = Object.keys(value).filter((key) => !/^\d+$/.test(key)).map((key) => `${key}: ${inner(value[key])}`)
    return `${name === 'Array' ? '' : `${name} `}[${[...items, ...more].join(', ')}]`
  }
  if (value instanceof typedArray) return `${name} <${list(value)}>`
  if (value instanceof ArrayBuffer) return `${name} <${list(new Uint8Array(value))}>`
  if (value instanceof DataView) return `${name} <${list(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}>`
  if (value instanceof Map) return `${name} {${Array.from(value, ([key, item]) => `${inner(key)} => ${inner(item)}`).join(', ')}}`
  if (value instanceof Set) return `${name} {${list(value)}}`
  if (value instanceof Date) return `${name} ${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()}`
  if (value instanceof RegExp) return String(value)
  if (value instanceof URL || value instanceof URLSearchParams) return `${name} ${value}`
  if (['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].includes(name) && name === Object.prototype.toString.call(value).slice(8, -1)) {
    return `${name} of ${inner(value.valueOf())}`
  }
  const members = Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))
  return `${name === 'Object' ? '' : `${name} `}{${members.map((key) => `${String(key)}: ${inner(value[key])}`).join(', ')}}`
}

/** The name, code and message of an error, and the members that Node gave it. */
export function showError(error, seen = []) {
  if (!(error instanceof Error)) return show(error, seen)
  const members = Object.keys(error).filter((key) => key !== 'code' && key !== 'stack' && key !== 'generatedMessage')
  if (Object.hasOwn(error, 'cause')) members.push('cause')
  if (Array.isArray(error.errors) && !members.includes('errors')) members.push('errors')
  const more = members.map((key) => `${key}: ${show(error[key], [...seen, error])}`)
  const code = error.code === undefined ? '' : ` [${String(error.code)}]`
  return `${className(error)} ${error.name}${code}: ${error.message}${more.length > 0 ? ` {${more.join(', ')}}` : ''}`
}

function className(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null ? 'null-prototype' : String(prototype.constructor?.name)
}
