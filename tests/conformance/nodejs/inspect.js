// util.inspect: shapes and options.

import util, { inspect } from 'node:util'

class Foo { constructor() { this.x = 1 } }
class Bar extends Foo { #hidden = 1; get got() { return 1 } static s = 1 }
class Tagged { get [Symbol.toStringTag]() { return 'MyTag' } }
class Custom { [inspect.custom](depth, options) { return `custom ${depth} ${typeof options.stylize} ${Object.keys(options).sort()}` } }
class Nested { constructor(inner) { this.inner = inner } [inspect.custom](depth, options, inspectIt) { return `Nested<${inspectIt(this.inner, options)}>` } }
class MyMap extends Map {}
class MyArray extends Array {}
class MyError extends Error { constructor(message) { super(message); this.name = 'MyError'; this.extra = 1 } }
class NamelessError extends Error {}
const circular = { name: 'c', list: [] }
circular.self = circular
circular.list.push(circular, { up: circular })
const two = { a: {} }
two.a.b = two
two.c = { two }
const nullProto = Object.assign(Object.create(null), { a: 1 })
const noStack = (error) => Object.defineProperty(error, 'stack', { value: String(error), configurable: true })
const sparse = [1, , 3, , , 6]
const extra = Object.assign([1, 2], { key: 'v', 5: 6 })
const symbolic = { [Symbol('a')]: 1, [Symbol()]: 2, b: Symbol('c'), [Symbol('with space')]: Symbol() }
Object.defineProperty(symbolic, 'hidden', { value: 1, enumerable: false })
Object.defineProperty(symbolic, Symbol('hidden'), { value: 1, enumerable: false })
const accessors = { get a() { return 1 }, set b(x) {}, get c() { return { d: 1 } }, set c(x) {}, get t() { throw new Error('no') } }
const deep = { a: { b: { c: { d: { e: 1 } } } } }
const deepArrays = [[[[[1]]]]]
const fn = function named(a, b) {}
fn.prop = 1
const anonymous = (() => () => {})()
const long = 'lorem ipsum dolor sit amet '.repeat(10)
const lines = 'first line\nsecond line\nthird line that is rather long so that it will not fit on one row of text'

const VALUES = {
  undefined, null: null, true: true, zero: 0, minusZero: -0, one: 1.5, big: 123456789.123, nan: NaN, infinity: -Infinity, exp: 1e21, tiny: 1e-7, bigint: 123456789n, minusBig: -5n,
  empty: '', text: 'text', quote: "it's", both: `it's "x"`, all: `it's "x" \`y\``, dollar: "it's \"${x}\"", escapes: 'a\nb\tc\\d\x00\x1b\x7f\u0080\u2028', lone: '\ud800 \udc00', emoji: '😀', long, lines,
  symbol: Symbol('s'), symbolEmpty: Symbol(), symbolOdd: Symbol('a b'), wellKnown: Symbol.iterator, registered: Symbol.for('x'),
  object: {}, small: { a: 1, b: 'x', c: null, d: undefined }, keys: { 'a-b': 1, 'a b': 2, 1: 3, a_1: 4, '': 5, "it's": 6, 'ü': 7, $x: 8, 'new\nline': 9 }, deep, nested: { a: [{ b: { c: {} } }] },
  wide: { alpha: 'aaaaaaaaaaaaaaaaaaaa', beta: 'bbbbbbbbbbbbbbbbbbbbbbb', gamma: 'cccccccccccccccccccccc', delta: 'ddddddddddddd' }, exactly72: { aaaaaaaaaaaaaaaaaaaaaa: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' }, exactly76: { aaaaaaaaaaaaaaaaaaaaaaaaaaaa: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' },
  array: [], numbers: [1, 2, 3], mixed: [1, 'a', null, undefined, [], {}], sparse, holes: [, , ,], extra, manyNumbers: Array.from({ length: 150 }, (_, n) => n * 7), manyStrings: Array.from({ length: 30 }, (_, n) => `item ${'x'.repeat(n % 7)}`),
  seven: [1, 2, 3, 4, 5, 6, 7], sevenWords: ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg'], floats: [1.5, 22.75, 333.125, 4, 5, 6, 7, 8, 9.99], objects: Array.from({ length: 8 }, (_, id) => ({ id, name: `n${id}` })), bigints: Array.from({ length: 12 }, (_, n) => BigInt(n) ** 9n), longStrings: Array.from({ length: 8 }, (_, n) => 'y'.repeat(n * 9)),
  deepArrays, matrix: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], myArray: MyArray.from([1, 2]), wideChars: Array.from({ length: 12 }, (_, n) => '字'.repeat(n % 4)), hundredOne: Array(101).fill(0), emptyLong: Array(200), arguments: (function () { return arguments })(1, 'a'), negative: [-1, -22, -333, 4, 5, 6, 7],
  map: new Map([['a', 1], [{ k: 1 }, new Map()]]), set: new Set([1, 'a', { b: 2 }]), emptyMap: new Map(), emptySet: new Set(), myMap: new MyMap([[1, 2]]), mapKeys: Object.assign(new Map([[1, 2]]), { extra: true }), weakMap: new WeakMap(), weakSet: new WeakSet(), bigSet: new Set(Array.from({ length: 120 }, (_, n) => n)),
  bigMap: new Map(Array.from({ length: 105 }, (_, n) => [n, n])), mapIterator: new Map([[1, 2]]).entries(), setIterator: new Set([1, 2]).values(), mapKeysIterator: new Map([['k', 2]]).keys(), arrayIterator: [1].values(), stringIterator: 'ab'[Symbol.iterator](),
  date: new Date(0), badDate: new Date(NaN), dateKeys: Object.assign(new Date(0), { a: 1 }), regexp: /a\/b/gi, regexpKeys: Object.assign(/x/, { a: 1 }), boxedNumber: new Number(5), boxedString: new String('abc'), boxedBoolean: new Boolean(false), boxedSymbol: Object(Symbol('s')), boxedBig: Object(5n), boxedKeys: Object.assign(new String('ab'), { x: 1 }), minusZeroBox: new Number(-0),
  fn, anonymous, arrow: (x) => x, async: async () => {}, generator: function* g() {}, asyncGenerator: async function* ag() {}, class: Foo, subclass: Bar, anonymousClass: class {}, extendsNull: class extends Object {}, method: { m() {} }.m, native: Math.max, bound: fn.bind(null), symbolNamed: { [Symbol('sn')]() {} }[Object.getOwnPropertySymbols({})[0]] ?? null,
  foo: new Foo(), bar: new Bar(), tagged: new Tagged(), custom: new Custom(), nestedCustom: new Nested({ a: { b: new Nested([1]) } }), customIn: { a: new Custom(), b: [new Custom()] }, nullProto, nullProtoEmpty: Object.create(null), protoOfNull: Object.create(nullProto), protoObject: Object.create({ inherited: 1 }), protoFoo: Object.create(Foo.prototype), ownConstructor: { constructor: 'x' }, tagProperty: { [Symbol.toStringTag]: 'T', a: 1 },
  fooPrototype: Foo.prototype, objectPrototype: Object.prototype, arrayPrototype: Array.prototype, functionPrototype: Function.prototype,
  symbolic, accessors, circular, two, circularArray: (() => { const a = [1]; a.push(a); return a })(), circularMap: (() => { const m = new Map(); m.set('self', m); return m })(),
  arrayBuffer: new Uint8Array([1, 2, 255]).buffer, emptyBuffer: new ArrayBuffer(0), bigBuffer: new ArrayBuffer(60), uint8: new Uint8Array([1, 2]), float64: new Float64Array([1.5, -0]), bigInt64: new BigInt64Array([1n]), dataView: new DataView(new ArrayBuffer(2)), buffer: Buffer.from('héllo'), longBufferOf: Buffer.alloc(60, 'ab'), typedKeys: Object.assign(new Uint8Array(2), { x: 1 }), emptyTyped: new Int16Array(0), clamped: new Uint8ClampedArray([300]),
  promise: Promise.resolve(4), pending: new Promise(() => {}), rejected: (() => { const p = Promise.reject(3); p.catch(() => {}); return p })(), promiseKeys: Object.assign(Promise.resolve({ a: 1 }), { x: 1 }), generatorObject: (function* g() {})(),
  error: noStack(new Error('plain')), typeError: noStack(new TypeError('type')), errorKeys: Object.assign(noStack(new Error('keys')), { code: 'E_X', info: { a: 1 } }), errorCause: noStack(new Error('outer', { cause: noStack(new Error('inner')) })), causeText: noStack(new Error('outer', { cause: 'text' })), aggregate: noStack(new AggregateError([noStack(new Error('one')), 2], 'many')), myError: noStack(new MyError('mine')), nameless: noStack(new NamelessError('nl')), emptyMessage: noStack(new Error('')), multiLine: noStack(new Error('a\nb')), nestedError: { error: noStack(new Error('in object')) }, errorList: [noStack(new Error('in list'))], noStackAtAll: Object.defineProperty(new Error('gone'), 'stack', { value: undefined }), stackText: Object.defineProperty(new Error('m'), 'stack', { value: 'Error: m\n    at somewhere (file.js:1:2)\n    at node:internal/x:1:1' }), nullProtoError: noStack(Object.setPrototypeOf(new Error('np'), null) && new Error('np')), renamed: noStack(Object.assign(new Error('r'), { name: 'Renamed' })),
  globalThis: null, math: Math, json: JSON, reflect: Reflect, atomics: typeof Atomics, url: new URL('http://u:p@h:81/p?q=1#f'), params: new URLSearchParams('a=1&b=2'), emptyParams: new URLSearchParams(), headers: new Headers({ a: 'b' }), encoder: new TextEncoder().constructor.name, abort: new AbortController(), event: null, blob: new Blob(['abc'], { type: 'text/plain' }),
  proxy: new Proxy({ a: 1 }, {}), proxyArray: new Proxy([1, 2], {}), proxyFunction: new Proxy(function f() {}, {}), proxyTraps: new Proxy({ a: 1 }, { get() { throw new Error('trap') } }),
  weakRef: new WeakRef({ a: 1 }), module: null, longKeys: { ['k'.repeat(90)]: 1 }, manyKeys: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`key${n}`, n])), setOfSets: new Set([new Set([new Set([1])])]), deepMap: new Map([[{ a: { b: { c: {} } } }, { a: { b: { c: {} } } }]]), objectInArrayInObject: { a: [{ b: [{ c: [{}] }] }] }, mixedLong: { id: 1, title: 'a title', tags: ['x', 'y', 'z'], author: { name: 'someone', mail: 'some@one' }, text: long },
}
const OPTIONS = {
  defaults: undefined, deep: { depth: Infinity }, nullDepth: { depth: null }, shallow: { depth: 0 }, one: { depth: 1 }, minus: { depth: -1 }, colors: { colors: true }, hidden: { showHidden: true }, wide: { breakLength: Infinity }, narrow: { breakLength: 20 }, compact: { compact: true }, loose: { compact: false }, compact1: { compact: 1 }, sorted: { sorted: true }, reverse: { sorted: (a, b) => (a < b ? 1 : -1) }, getters: { getters: true }, gettersGet: { getters: 'get' }, gettersSet: { getters: 'set' }, few: { maxArrayLength: 2 }, none: { maxArrayLength: 0 }, all: { maxArrayLength: null }, short: { maxStringLength: 5 }, noString: { maxStringLength: 0 }, separator: { numericSeparator: true }, noCustom: { customInspect: false }, proxy: { showProxy: true }, looseWide: { compact: false, breakLength: 200, depth: 4 }, colorsDeep: { colors: true, depth: 5, compact: false },
}

export default async function (run) {
  await null
  for (const [key, value] of Object.entries(VALUES)) for (const [name, options] of Object.entries(OPTIONS)) run(`${key}, ${name}`, () => inspect(value, options))
  for (const wrong of [5, 'text', true, false, null, {}]) run(`options ${String(wrong)}`, () => inspect({ a: { b: { c: { d: 1 } } }, e: [1] }, wrong))
  run('old arguments', () => inspect({ a: { b: { c: 1 } } }, true, 0, true))
  run('separators', () => [123456, 1234.5678, -1234567, 0.000123456, 1e21, 123456789n, -1234n, 100, 1000, 12345.678901].map((number) => inspect(number, { numericSeparator: true })))
  run('replaced default', () => { inspect.defaultOptions.depth = 0; try { return inspect({ a: { b: {} } }) } finally { inspect.defaultOptions.depth = 2 } })
  run('assigned default', () => { const before = inspect.defaultOptions; inspect.defaultOptions = { compact: false }; try { return [inspect({ a: 1 }), Object.keys(inspect.defaultOptions)] } finally { inspect.defaultOptions = { ...before, compact: 3 } } })
  run('wrong default', () => { inspect.defaultOptions = null })
  run('wrong default 2', () => { inspect.defaultOptions = 5 })
  run('default options', () => inspect.defaultOptions)
  run('styles', () => inspect.styles)
  run('colors', () => Object.keys(inspect.colors))
  run('custom', () => String(inspect.custom))
  run('custom gives object', () => inspect({ [inspect.custom]: () => ({ a: 1, b: { c: { d: {} } } }) }))
  run('custom gives null', () => inspect({ [inspect.custom]: () => null }))
  run('custom gives itself', () => inspect({ a: 1, [inspect.custom]() { return this } }))
  run('custom gives number', () => inspect({ x: { [inspect.custom]: () => 5 } }))
  run('custom gives lines', () => inspect({ x: { [inspect.custom]: () => 'a\nb' } }))
  run('custom throws', () => inspect({ [inspect.custom]() { throw new Error('custom') } }))
  run('custom is no function', () => inspect({ [inspect.custom]: 5 }))
  run('inspect member', () => inspect({ inspect() { return 'old' } }).replace(/\s+/g, ' '))
  run('stylize', () => inspect({ [inspect.custom]: (depth, options) => options.stylize('x', 'special') }, { colors: true }))
  run('circular in custom', () => { const a = { n: 1 }; a[inspect.custom] = (depth, options, show) => show({ b: a.n }, options); return inspect(a) })
  run('a getter that throws', () => inspect({ get a() { throw new TypeError('getter') } }, { getters: true }))
  run('toString on own', () => inspect({ toString() { return 'x' } }))
  run('class with statics', () => inspect(class A { static b = 1; static c() {} }))
  run('class extends', () => inspect(class A extends Map {}))
  run('errors with showHidden', () => inspect(noStack(new Error('x', { cause: 5 })), { showHidden: true }))
  for (const length of [6, 7, 16, 17, 26, 60, 100]) for (const width of [1, 3, 8, 15]) run(`columns ${length} ${width}`, () => inspect(Array.from({ length }, (_, n) => 'abcdefghijklmnop'.slice(0, (n * 7) % width + 1))))
  for (const length of [10, 20, 72, 76, 80, 120]) run(`break ${length}`, () => inspect({ key: 'x'.repeat(length), other: ['y'.repeat(length)] }))
  for (const depth of [0, 1, 2, 3]) run(`kinds at depth ${depth}`, () => inspect([{ a: [{ m: new Map([[{}, [1]]]), s: new Set([[1]]), d: new Date(0), r: /x/, e: noStack(new Error('e')), f() {}, C: Foo, i: new Foo(), n: nullProto, b: Buffer.from('b'), p: Promise.resolve({ a: {} }), t: new Uint8Array(1), x: Symbol('x'), z: { y: {} } }] }], { depth }))
  for (const [name, value] of Object.entries({ array: [3, 1, 2], object: { b: 1, a: { d: 1, c: 2 } }, map: new Map([['b', 1], ['a', 2]]), set: new Set(['b', 'a']), keys: Object.assign([1], { z: 1, y: 2 }) })) run(`sorted ${name}`, () => inspect(value, { sorted: true, compact: false }))
}
