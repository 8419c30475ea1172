// The globals of the web that Node has: structuredClone, events, AbortController, performance, DOMException, console.

import { Writable } from 'node:stream'
import util from 'node:util'
import perf from 'node:perf_hooks'
import nodeConsole from 'node:console'

const { Console } = nodeConsole

const wait = (ms) => new Promise((done) => setTimeout(done, ms))
class Foo { constructor() { this.x = 1 } get y() { return 2 } }
const circular = { a: [] }
circular.self = circular
circular.a.push(circular)
const shared = { n: 1 }
const CLONED = {
  undefined, null: null, true: true, number: 1.5, minusZero: -0, nan: NaN, bigint: 5n, text: 'x', symbol: Symbol('s'), object: { a: { b: [1, undefined] } }, array: [1, , 3], arrayKeys: Object.assign([1], { k: 2 }), date: new Date(5), badDate: new Date(NaN), regexp: /a/gi, regexpIndex: Object.assign(/a/g, { lastIndex: 5 }), map: new Map([[{ a: 1 }, new Set([1])]]), set: new Set([1, { a: 1 }]), error: new Error('e'), typeError: new TypeError('t', { cause: new Error('c') }), errorKeys: Object.assign(new RangeError('k'), { code: 'X' }), named: Object.assign(new Error('n'), { name: 'Mine' }), aggregate: new AggregateError([new Error('x')], 'a'), foo: new Foo(), nullProto: Object.assign(Object.create(null), { a: 1 }), boxed: [new Number(1), new String('s'), new Boolean(false), Object(1n)], boxedSymbol: Object(Symbol()), buffer: Buffer.from('ab'), uint16: new Uint16Array([1, 2]), arrayBuffer: new Uint8Array([1, 2]).buffer, dataView: new DataView(new ArrayBuffer(2)), function: function f() {}, arrow: () => {}, functionInside: { a: { b() {} } }, class: Foo, promise: Promise.resolve(), weakMap: new WeakMap(), weakSet: new WeakSet(), weakRef: new WeakRef({}), circular, shared: [shared, shared], getter: { get a() { return 1 } }, throwingGetter: { get a() { throw new RangeError('getter') } }, symbolKeys: { [Symbol('s')]: 1, a: 1 }, hidden: Object.defineProperty({ a: 1 }, 'b', { value: 1 }), frozen: Object.freeze({ a: 1 }), generator: (function* () {})(), url: new URL('http://a'), blob: new Blob(['a']).constructor.name, abortSignal: new AbortController().signal, params: new URLSearchParams('a=1'), headers: new Headers(), proxy: new Proxy({ a: 1 }, {}), map2: new Map([[1, () => {}]]), toStringTag: { [Symbol.toStringTag]: 'X', a: 1 }, event: new Event('x'), args: (function () { return arguments })(1),
}
const WRONG = [undefined, null, 1, 'text', {}, [], true, Symbol('s')]

export default async function (run) {
  for (const [name, value] of Object.entries(CLONED)) run(`structuredClone ${name}`, () => structuredClone(value))
  run(() => structuredClone())
  run(() => structuredClone(1, { transfer: 5 }))
  run(() => { const b = new ArrayBuffer(2); const c = structuredClone({ b }, { transfer: [b] }); return [c.b.byteLength, b.byteLength] })
  run(() => structuredClone(1, { transfer: [{}] }))
  run(() => { const c = structuredClone(circular); return [c.self === c, c.a[0] === c, c !== circular] })
  run(() => { const c = structuredClone([shared, shared]); return c[0] === c[1] })
  run(() => { const e = structuredClone(new TypeError('t')); return [e instanceof TypeError, e.stack.split('\n')[0]] })
  run(() => { const f = structuredClone(new Foo()); return [f instanceof Foo, f.y, Object.keys(f)] })

  for (const wrong of WRONG) {
    const name = String(wrong)
    run(`new Event(${name})`, () => new Event(wrong).type)
    run(`new Event(x, ${name})`, () => new Event('x', wrong).bubbles)
    run(`new CustomEvent(x, ${name})`, () => new CustomEvent('x', wrong).detail)
    run(`addEventListener(${name})`, () => new EventTarget().addEventListener('a', wrong))
    run(`addEventListener(x, y, ${name})`, () => new EventTarget().addEventListener('a', () => {}, wrong))
    run(`dispatchEvent(${name})`, () => new EventTarget().dispatchEvent(wrong))
    run(`AbortSignal.timeout(${name})`, () => AbortSignal.timeout(wrong).aborted)
    run(`AbortSignal.any(${name})`, () => AbortSignal.any(wrong).aborted)
    run(`AbortSignal.abort(${name})`, () => { const s = AbortSignal.abort(wrong); return [s.aborted, s.reason] })
    run(`mark(${name})`, () => performance.mark(wrong).name)
    run(`mark(x, ${name})`, () => performance.mark('x', wrong).name)
    run(`measure(${name})`, () => performance.measure(wrong).name)
    run(`measure(m, ${name})`, () => performance.measure('m', wrong).name)
    run(`timerify(${name})`, () => typeof performance.timerify(wrong))
    run(`DOMException(${name})`, () => { const e = new DOMException(wrong, wrong); return [e.message, e.name, e.code] })
  }
  run(() => { const e = new Event('x', { bubbles: true, cancelable: true, composed: true }); return [e.type, e.bubbles, e.cancelable, e.composed, e.defaultPrevented, e.eventPhase, e.target, e.currentTarget, e.srcElement, e.isTrusted, e.returnValue, e.cancelBubble, typeof e.timeStamp, e.composedPath(), String(e)] })
  run(() => new Event())
  run(() => { const e = new CustomEvent('x', { detail: { a: 1 } }); return [e.detail, e instanceof Event, String(e)] })
  run(() => { const t = new EventTarget(); const seen = []; t.addEventListener('a', function (e) { seen.push([e.type, e.target === t, e.currentTarget === t, this === t, e.eventPhase, e.composedPath().length]) }); const gave = t.dispatchEvent(new Event('a')); return [gave, seen] })
  run(() => { const t = new EventTarget(); const seen = []; const f = () => seen.push('f'); t.addEventListener('a', f); t.addEventListener('a', f); t.addEventListener('a', f, { capture: true }); t.addEventListener('a', () => seen.push('once'), { once: true }); t.dispatchEvent(new Event('a')); t.removeEventListener('a', f); t.dispatchEvent(new Event('a')); return seen })
  run(() => { const t = new EventTarget(); const seen = []; t.addEventListener('a', { handleEvent(e) { seen.push([e.type, Object.keys(this)]) } }); t.dispatchEvent(new Event('a')); return seen })
  run(() => { const t = new EventTarget(); const seen = []; t.addEventListener('a', (e) => { seen.push(1); e.stopImmediatePropagation() }); t.addEventListener('a', () => seen.push(2)); t.dispatchEvent(new Event('a')); return seen })
  run(() => { const t = new EventTarget(); t.addEventListener('a', (e) => e.preventDefault()); const c = new Event('a', { cancelable: true }); return [t.dispatchEvent(new Event('a')), t.dispatchEvent(c), c.defaultPrevented, c.returnValue] })
  run(() => { const t = new EventTarget(); t.addEventListener('a', (e) => e.preventDefault(), { passive: true }); const c = new Event('a', { cancelable: true }); return [t.dispatchEvent(c), c.defaultPrevented] })
  run(() => { const t = new EventTarget(); const control = new AbortController(); let n = 0; t.addEventListener('a', () => n++, { signal: control.signal }); t.dispatchEvent(new Event('a')); control.abort(); t.dispatchEvent(new Event('a')); return n })
  run(() => { const t = new EventTarget(); const e = new Event('a'); let caught; t.addEventListener('a', () => { try { t.dispatchEvent(e) } catch (error) { caught = [error.name, error.code, error.message] } }); t.dispatchEvent(e); return caught })
  run(() => [util.inspect(new EventTarget()), String(new EventTarget()), Event.NONE, Event.AT_TARGET, new Event('x').BUBBLING_PHASE])
  run(() => { class T extends EventTarget {} const t = new T(); let n = 0; t.addEventListener('a', () => n++); t.dispatchEvent(new Event('a')); return n })

  run(() => { const c = new AbortController(); const seen = []; c.signal.onabort = (e) => seen.push(['on', e.type, e.isTrusted]); c.signal.addEventListener('abort', (e) => seen.push(['listener', e.target === c.signal])); c.abort(); c.abort('again'); return [seen, c.signal.aborted, c.signal.reason.name, c.signal.reason.message, c.signal.reason.code] })
  run(() => AbortSignal.abort().throwIfAborted())
  run(() => AbortSignal.abort('text').throwIfAborted())
  run(() => new AbortController().signal.throwIfAborted())
  run(() => new AbortSignal())
  run(() => { const a = new AbortController(); const b = new AbortController(); const any = AbortSignal.any([a.signal, b.signal]); b.abort('b'); return [any.aborted, any.reason] })
  run(() => [util.inspect(new AbortController().signal), util.inspect(new AbortController()), String(new AbortController()), String(AbortSignal.abort())])

  run(() => { const e = new DOMException('m', 'AbortError'); return [e.name, e.message, e.code, e instanceof Error, String(e), Object.prototype.toString.call(e), DOMException.ABORT_ERR, e.stack.split('\n')[0]] })
  run(() => ['IndexSizeError', 'NotFoundError', 'NotSupportedError', 'InvalidStateError', 'SyntaxError', 'InvalidAccessError', 'TimeoutError', 'DataCloneError', 'QuotaExceededError', 'EncodingError', 'NotAllowedError', 'Nope'].map((name) => new DOMException('', name).code))
  run(() => { const e = new DOMException('m', { name: 'N', cause: 5 }); return [e.name, e.cause] })
  run(() => util.inspect(Object.defineProperty(new DOMException('m', 'AbortError'), 'stack', { value: 'AbortError: m\n    at x (y:1:1)' })))

  run(() => { performance.clearMarks(); performance.clearMeasures(); const m = performance.mark('a', { startTime: 5, detail: { x: 1 } }); performance.mark('b', { startTime: 9 }); const q = performance.measure('q', 'a', 'b'); return [m.name, m.entryType, m.startTime, m.duration, m.detail, q.duration, q.startTime, q.detail, performance.getEntriesByName('a').length, performance.getEntriesByType('mark').length, performance.getEntries().filter((e) => e.entryType === 'mark').length] })
  run(() => performance.measure('z', 'missing'))
  run(() => performance.measure('z', { start: 1, end: 4, detail: 'd' }).toJSON())
  run(() => performance.measure('z', { start: 1, duration: 4 }).duration)
  run(() => performance.measure('z', { start: 1, end: 2, duration: 4 }).duration)
  run(() => JSON.stringify(performance.mark('j', { startTime: 1 })))
  run(() => [typeof performance.now(), performance.now() >= 0, typeof performance.timeOrigin, Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 5000, perf.performance === performance, typeof performance.toJSON().timeOrigin, String(performance)])
  run(() => { const f = performance.timerify(function named(a) { return a + 1 }); return [f(1), f.name, f.length] })
  run(() => { const l = performance.eventLoopUtilization(); return Object.keys(l) })
  run(() => { const h = perf.createHistogram(); h.record(5); h.record(15); return [h.count, h.min, h.max, h.mean] })
  await run(async () => { const seen = []; const o = new perf.PerformanceObserver((list) => { for (const e of list.getEntries()) seen.push([e.name, e.entryType]) }); o.observe({ entryTypes: ['mark', 'measure'] }); performance.mark('observed'); performance.measure('observed m', { start: 0, end: 1 }); await wait(100); o.disconnect(); return seen })
  run(() => perf.PerformanceObserver.supportedEntryTypes.includes('mark'))
  run(() => new perf.PerformanceObserver(() => {}).observe({}))
  run(() => Object.keys(perf).sort())

  const GLOBALS = ['AbortController', 'AbortSignal', 'Blob', 'BroadcastChannel', 'Buffer', 'ByteLengthQueuingStrategy', 'CompressionStream', 'CountQueuingStrategy', 'Crypto', 'CryptoKey', 'CustomEvent', 'DOMException', 'DecompressionStream', 'Event', 'EventTarget', 'File', 'FormData', 'Headers', 'MessageChannel', 'MessageEvent', 'MessagePort', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver', 'ReadableStream', 'Request', 'Response', 'SubtleCrypto', 'TextDecoder', 'TextEncoder', 'TransformStream', 'URL', 'URLSearchParams', 'WebAssembly', 'WritableStream', 'atob', 'btoa', 'clearImmediate', 'console', 'crypto', 'fetch', 'global', 'performance', 'process', 'queueMicrotask', 'setImmediate', 'structuredClone', 'Intl', 'FinalizationRegistry', 'WeakRef', 'SharedArrayBuffer', 'Atomics', 'escape', 'unescape', 'gc']
  for (const name of GLOBALS) run(`typeof ${name}`, () => typeof globalThis[name])
  run(() => [globalThis === global, String(globalThis), typeof window, typeof self])
  for (const name of ['console', 'process', 'Buffer', 'URL', 'fetch', 'structuredClone', 'setTimeout', 'performance', 'Event', 'crypto']) run(`descriptor ${name}`, () => { void globalThis[name]; const d = Object.getOwnPropertyDescriptor(globalThis, name); return [d.enumerable, d.configurable] })

  const printed = (use) => { const out = []; const err = []; const stream = (into) => new Writable({ decodeStrings: false, write(text, _, done) { into.push(text); done() } }); use(new Console({ stdout: stream(out), stderr: stream(err) })); return [out.join(''), err.join('')] }
  const PRINTS = { log: (c) => c.log('a %s', 'b', { c: 1 }), nothing: (c) => c.log(), error: (c) => c.error('e'), warn: (c) => c.warn('w'), info: (c) => c.info('i'), debug: (c) => c.debug('d'), dir: (c) => c.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), dirxml: (c) => c.dirxml({ a: 1 }, [2]), assert: (c) => { c.assert(true, 'no'); c.assert(false); c.assert(false, 'a %s', 'b'); c.assert(0, { a: 1 }) }, count: (c) => { c.count(); c.count('x'); c.count(); c.countReset(); c.count(); c.countReset('nope') }, group: (c) => { c.group('g'); c.log('in\nside'); c.group(); c.error('deep'); c.groupEnd(); c.groupEnd(); c.groupEnd(); c.log('out') }, collapsed: (c) => { c.groupCollapsed('g', 1); c.log('x') }, table: (c) => c.table([{ a: 1, b: 'x' }, { a: 2, c: true }]), tableColumns: (c) => c.table([{ a: 1, b: 2 }], ['b']), tableArrays: (c) => c.table([[1, 2], [3, 4]]), tableObject: (c) => c.table({ r1: { a: 1 }, r2: { b: 2 } }), tableMap: (c) => c.table(new Map([['k', 1]])), tableSet: (c) => c.table(new Set([1, 'a'])), tablePrimitive: (c) => c.table(5), tableMixed: (c) => c.table([1, 'a', { x: 1 }, [5]]), tableEmpty: (c) => c.table([]), tableWide: (c) => c.table([{ name: '字字', 'ключ': 'é' }]), tableNested: (c) => c.table([{ a: { b: 1 }, f() {} }]), timeUnknown: (c) => { c.timeEnd('nope'); c.timeLog('nope') }, trace: (c) => c.trace }
  for (const [name, use] of Object.entries(PRINTS)) run(`console.${name}`, () => printed(use))
  run(() => { const [out] = printed((c) => { c.time('t'); c.timeEnd('t') }); return /^t: \d+(\.\d+)?m?s\n$/.test(out) })
  run(() => { const [, err] = printed((c) => c.trace('here %d', 1)); return err.split('\n')[0] })
  run(() => new Console())
  run(() => new Console({ stdout: {} }))
  run(() => printed((c) => { c.log('%c styled', 'color: red'); c.log('%o', { f() {} }); c.log(new Map([[1, { a: 1 }]]), Symbol('x'), null, undefined, -0) }))
  run(() => Object.keys(console).filter((key) => !/profile|timeStamp|context|createTask/.test(key)).sort())
}
