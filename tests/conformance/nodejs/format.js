// util.format and the rest of node:util.

import util, { format } from 'node:util'

class Foo { toString() { return 'foo text' } }
class Plain { constructor() { this.a = 1 } }
class Derived extends Foo {}
const circular = { a: 1 }
circular.self = circular
const VALUES = {
  number: 42, float: 42.7, minusZero: -0, bigint: 5n, text: 'text', numeric: '42.5px', empty: '', null: null, undefined, true: true, symbol: Symbol('s'), object: { a: { b: { c: 1 } } }, array: [1, [2, [3]]], fn: function f() {}, cls: Plain, foo: new Foo(), plain: new Plain(), derived: new Derived(), date: new Date(0), badDate: new Date(NaN), regexp: /x/, error: Object.defineProperty(new Error('e'), 'stack', { value: 'Error: e\n    at x (y:1:1)' }), circular, map: new Map([[1, { a: 1 }]]), nullProto: Object.assign(Object.create(null), { a: 1 }), toStringOwn: { toString() { return 'own' } }, toPrimitive: { [Symbol.toPrimitive]: () => 'prim' }, toJson: { toJSON: () => 'json' }, nan: NaN, infinity: Infinity, big: 1234567890123456789n, boxed: new String('boxed'), bufferValue: Buffer.from('a'), exp: 1e21, proxy: new Proxy(new Foo(), {}), toStringNull: { toString: null }, nested: { toString() { return { } } }.constructor, hexText: '0x10', spaces: '  7  ',
}
const DIRECTIVES = ['%s', '%d', '%i', '%f', '%j', '%o', '%O', '%c', '%%', '%x', '%', '% s', '%S', 'a%s%s', '%s%%s', '%5d', '%s %s', 'x%']
const WRONG = [undefined, null, 1, 'text', {}, [], true, Symbol('s')]
const PREDICATES = Object.keys(util.types).filter((name) => name !== 'isEventTarget').sort()
const THINGS = {
  ...VALUES, arguments: (function () { return arguments })(), async: async () => {}, generatorFn: function* () {}, asyncGenerator: async function* () {}, generator: (function* () {})(), arrayBuffer: new ArrayBuffer(1), sharedBuffer: new SharedArrayBuffer(1), dataView: new DataView(new ArrayBuffer(1)), uint8: new Uint8Array(1), clamped: new Uint8ClampedArray(1), float32: new Float32Array(1), bigInt64: new BigInt64Array(1), boxedNumber: new Number(1), boxedBoolean: new Boolean(true), boxedSymbol: Object(Symbol()), boxedBig: Object(1n), set: new Set(), weakMap: new WeakMap(), weakSet: new WeakSet(), weakRef: new WeakRef({}), mapIterator: new Map().keys(), setIterator: new Set().values(), arrayIterator: [].values(), promise: Promise.resolve(), thenable: { then() {} }, fakeDate: Object.create(Date.prototype), fakeError: Object.create(Error.prototype), fakeMap: { [Symbol.toStringTag]: 'Map' }, proxyDate: new Proxy(new Date(), {}), proxyMap: new Proxy(new Map(), {}), math: Math,
}

export default async function (run) {
  for (const directive of DIRECTIVES) for (const [name, value] of Object.entries(VALUES)) run(`format ${directive} ${name}`, () => format(directive, value))
  for (const [name, value] of Object.entries(VALUES)) {
    run(`format(${name})`, () => format(value))
    run(`format(text, ${name})`, () => format('text', value))
    run(`format(${name}, text)`, () => format(value, 'text', value))
  }
  run(() => format())
  run(() => format('%s'))
  run(() => format('%%'))
  run(() => format('%% %s', 1))
  run(() => format('%s %s', 1))
  run(() => format('%s', 1, 2, 'three', { four: 4 }))
  run(() => format('%s:%d:%i:%f:%j:%o:%O:%c|', 'a', 1.5, 2.7, '3.25', { a: 1 }, [1], { b: { c: { d: {} } } }, 'css'))
  run(() => format(1, 2, '3'))
  run(() => format('%d', '0x10') + format('%i', '0x10') + format('%f', '1e3x'))
  run(() => format('%j', { toJSON() { throw new Error('json') } }))
  run(() => format('%j', 1n))
  run(() => format('%s', { get a() { return 1 } }, 'x\ny'))
  run(() => util.formatWithOptions({ colors: true }, '%s %O', { a: 1 }, { b: 'x' }, [1]))
  run(() => util.formatWithOptions({ compact: false }, '%O', { b: { c: 1 } }))
  run(() => util.formatWithOptions({ numericSeparator: true }, '%d %i %f %s', 1234567, 1234567.5, 1234567.5, 1234567))
  for (const wrong of WRONG) run(`formatWithOptions ${String(wrong)}`, () => util.formatWithOptions(wrong, '%s', 1))

  for (const name of PREDICATES) run(`types.${name}`, () => Object.entries(THINGS).filter(([, value]) => util.types[name](value)).map(([key]) => key).join())
  run(() => PREDICATES)
  for (const name of ['isArray', 'isBoolean', 'isNull', 'isNullOrUndefined', 'isNumber', 'isString', 'isSymbol', 'isUndefined', 'isRegExp', 'isObject', 'isDate', 'isError', 'isFunction', 'isPrimitive', 'isBuffer']) run(`util.${name}`, () => Object.entries(THINGS).filter(([, value]) => util[name](value)).map(([key]) => key).join())

  for (const wrong of WRONG) {
    for (const name of ['promisify', 'callbackify', 'deprecate', 'inherits', 'stripVTControlCharacters', 'debuglog', 'styleText', 'toUSVString', 'getSystemErrorName', 'aborted', 'transferableAbortSignal']) run(`${name} ${String(wrong)}`, () => { const value = util[name](wrong); return typeof value === 'function' ? 'function' : value })
    run(`inherits x, ${String(wrong)}`, () => util.inherits(function () {}, wrong))
    run(`styleText red ${String(wrong)}`, () => util.styleText('red', wrong))
    run(`callbackify call ${String(wrong)}`, () => util.callbackify(async () => 1)(wrong))
    run(`promisify custom ${String(wrong)}`, () => { const f = () => {}; f[util.promisify.custom] = wrong; return typeof util.promisify(f) })
  }
  await run(() => util.promisify((a, done) => done(null, a + 1))(1))
  await run(() => util.promisify((done) => done(new Error('x')))())
  await run(() => util.promisify((done) => done(null, 1, 2))())
  await run(() => util.promisify((done) => { throw new Error('sync') })())
  await run(() => util.promisify((done) => done('text'))())
  await run(() => util.promisify(function (done) { done(null, this) }).call('me'))
  run(() => { const f = (a, b, c) => {}; f.x = 1; const g = util.promisify(f); return [g.name, g.length, g.x, util.promisify(g) === g] })
  run(() => util.promisify.custom)
  await run('callbackify value', () => new Promise((done) => util.callbackify(async (a) => a + 1)(1, (...values) => done(values))))
  await run('callbackify error', () => new Promise((done) => util.callbackify(async () => { throw new Error('x') })((...values) => done(values))))
  await run('callbackify null', () => new Promise((done) => util.callbackify(async () => { throw null })((...values) => done(values))))
  run(() => { const f = util.callbackify(async function original(a, b) {}); return [f.name, f.length] })
  await run('callbackify no promise', () => new Promise((done) => { try { util.callbackify(() => 5)((...values) => done(values)) } catch (error) { done(error) } }))
  run(() => { class A {} class B { hi() { return 'hi' } } util.inherits(A, B); return [new A().hi(), A.super_ === B] })
  await run('deprecate', async () => { const warned = new Promise((done) => process.once('warning', done)); const f = util.deprecate(function old(a) { return a + 1 }, 'old is old', 'DEP_X'); const got = [f(1), f(2), f.name, f.length]; const { name, message, code } = await warned; return [got, name, message, code] })
  run(() => util.stripVTControlCharacters('\u001b[31mred\u001b[39m \u001b]8;;http://x\u0007link\u001b]8;;\u0007'))
  for (const style of ['red', 'bold', 'bgRed', 'nope', ['bold', 'red'], ['bold', 'nope'], 'gray', 'underline', 'none', '']) run(`styleText ${style}`, () => util.styleText(style, 'x'))
  run(() => util.toUSVString('a\ud800b'))
  for (const number of [-1, -2, -13, -17, -22, -104, -110, -111, -9999, 0, 1, -1.5]) { run(`getSystemErrorName ${number}`, () => util.getSystemErrorName(number)); }
  run(() => [util.getSystemErrorMap().size > 50, util.getSystemErrorMap().get(-2)])
  run(() => Object.keys(util).sort())
  run(() => util._extend({ a: 1 }, { b: 2 }))
  run(() => util._extend({ a: 1 }, null))
  run(() => [util.TextEncoder === TextEncoder, util.TextDecoder === TextDecoder, util.types === util.types])
  run(() => typeof util.debuglog('x') + util.debuglog('x').enabled)
  await run(() => util.aborted(AbortSignal.abort(), {}))
  run(() => typeof util.MIMEType)
  run(() => { const m = new util.MIMEType('text/plain; charset=utf-8;q="a b"'); return [m.type, m.subtype, m.essence, m.params.get('charset'), String(m), [...m.params]] })
  run(() => new util.MIMEType('nope'))
  run(() => util.isDeepStrictEqual({ a: [1, new Map([[1, { b: 2 }]])] }, { a: [1, new Map([[1, { b: 2 }]])] }))
  run(() => util.isDeepStrictEqual([1], ['1']))

  const PARSE = [
    { args: ['-f', '--bar', 'b'], options: { foo: { type: 'boolean', short: 'f' }, bar: { type: 'string' } } }, { args: ['--foo=1'], options: { foo: { type: 'boolean' } } }, { args: ['--bar'], options: { bar: { type: 'string' } } }, { args: ['--nope'], options: {} }, { args: ['pos'], options: {} }, { args: ['a', '--', '-b'], allowPositionals: true }, { args: ['-abc'], options: { a: { type: 'boolean', short: 'a' }, b: { type: 'boolean', short: 'b' }, c: { type: 'string', short: 'c' } } }, { args: ['-ofile'], options: { out: { type: 'string', short: 'o' } } }, { args: ['-v', '-v'], options: { v: { type: 'boolean', short: 'v', multiple: true } } }, { args: ['--x', '1', '--y'], strict: false }, { args: [], options: { d: { type: 'string', default: 'dd' } } }, { args: ['--a=b=c'], options: { a: { type: 'string' } } }, { args: ['--no-color'], options: { color: { type: 'boolean' } }, allowNegative: true }, { args: ['-a', '1'], options: { a: { type: 'string', short: 'a' } }, tokens: true }, { args: 5 }, { args: [], options: 5 }, { args: [], options: { a: { type: 'number' } } }, { args: [], options: { a: { type: 'string', short: 'ab' } } }, { args: ['--bar', '-x'], options: { bar: { type: 'string' } } }, { args: [], options: { d: { type: 'string', default: 5 } } }, { args: ['-x'], options: {} }, { args: ['-'], allowPositionals: true }, { args: ['--m', '1', '--m', '2'], options: { m: { type: 'string', multiple: true } } },
  ]
  PARSE.forEach((config) => run(`parseArgs ${JSON.stringify(config)}`, () => util.parseArgs(config)))
}
