//! Code that nobody would want in a scenario, to be run by the thousand with a restore after each.

use super::*;

/// A library for the scenarios to spoil.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "/a/lib.mjs",
        "import cjs from './c.js';
        import * as path from 'node:path';
        import * as self from './lib.mjs';
        class Counter { #n = 0; bump() { return ++this.#n; } get n() { return this.#n; } }
        export let live = 0;
        export const lib = globalThis.lib = {
          state: [1, 2], count: 0, cjs, self, path, counter: new Counter(), [Symbol.for('lib')]: Symbol('own'),
          map: new Map([['a', { b: new Set([1, self]) }], [NaN, -0]]), bytes: new Uint8Array([1, 2, 3]),
          pattern: /x/gy, date: new Date(0), big: 2n ** 70n, weak: new WeakMap(), frozen: Object.freeze([{}]),
          bump: () => ++live, generator: (function* () { yield 1; yield 2; })(),
          shared: new Int32Array(new SharedArrayBuffer(16)),
        };
        lib.weak.set(lib.state, lib);
        lib.generator.next();",
    ),
    ("/a/c.js", "exports.loaded = ['c']; exports.again = () => require('./d.json');"),
    ("/a/d.json", r#"{ "d": [1, { "e": null }] }"#),
    ("/a/late.mjs", "import './c.js'; export let value = 0; export const bump = () => { value++; };"),
    ("/a/broken.mjs", "import './late.mjs'; import './gone.mjs';"),
    ("/a/cycle.mjs", "import './turn.mjs'; import './gone.mjs';"),
    ("/a/turn.mjs", "import './cycle.mjs'; export const turn = 1;"),
    ("/a/throws.mjs", "lib.count++; throw new Error('while loading');"),
    ("/a/waits.mjs", "import './late.mjs'; await new Promise(() => {});"),
    ("/a/bad.mjs", "export const = 1;"),
    ("/a/late.js", "module.exports = require('./late.mjs'); lib.count++; require('quickcuke').hello = 1;"),
];

/// Milliseconds for a scenario that may not end by itself.
const SOON: u64 = 3;
const ENOUGH: u64 = 1000;

/// Bodies of functions, with milliseconds that each gets.
pub(super) const SCENARIOS: &[(&str, u64)] = &[
    // Throws, from JavaScript and from Rust.
    ("globalThis.leak = 1; lib.state.push(1); lib.count++; throw new Error('x');", ENOUGH),
    ("try { ops.fail() } catch {} await ops.fails();", ENOUGH),
    ("try { ops.panic() } catch {} await ops.panics().catch(() => {}); throw null", ENOUGH),
    ("throw { get message() { throw 1 }, toString: null, [Symbol.toPrimitive]: 1 };", ENOUGH),
    ("const e = new Error(); e.cause = e; e.stack = { toString() { throw e } }; throw e;", ENOUGH),
    ("Error.prepareStackTrace = () => { throw 1 }; Error.stackTraceLimit = -1; null.x;", ENOUGH),
    // The stack.
    ("lib.state = null; const f = () => f() + 1; f();", ENOUGH),
    ("const f = () => { try { f() } finally { lib.count++ } }; f();", SOON),
    ("let a = []; for (let i = 0; i < 3000; i++) a = [a]; JSON.stringify(a);", ENOUGH),
    ("/^(a|b|(c*)*)*$/.test('abc'.repeat(5000) + 'd'); String(new Proxy({}, {}));", SOON),
    ("const p = {}; p.toString = () => `${p}`; `${p}`;", ENOUGH),
    // Time.
    ("for (;;) { lib.count++ }", SOON),
    ("await new Promise(() => { lib.count = -1; });", SOON),
    ("for (;;) { await null; lib.count++ }", SOON),
    ("for (;;) [].concat(Array(1e5).fill(0));", SOON),
    // What is left under way.
    (
        "setInterval(() => lib.count++, 1); void ops.sleep(5).then(() => lib.count++); await ops.sleep(3);",
        SOON,
    ),
    ("for (let i = 0; i < 50; i++) new Promise(() => {}); Promise.reject(new Error('nobody'));", ENOUGH),
    ("lib.generator.next(); const g = (function* () { try { yield g } finally { lib.count++ } })(); g.next();", ENOUGH),
    ("const f = async () => { await ops.sleep(1e6); lib.count = 1 }; f(); lib.pending = f(); setImmediate(f);", ENOUGH),
    ("globalThis.it = (async function* () { for (;;) yield await ops.sleep(0) })(); await it.next(); it.next();", ENOUGH),
    ("queueMicrotask(() => { throw 1 }); setTimeout(() => { throw 2 }, 1); await ops.sleep(2);", ENOUGH),
    // Memory that is told apart from the rest.
    ("lib.big = new Array(1e4).fill({}); Array.prototype.push = () => { throw 1 }; Object.freeze(lib);", ENOUGH),
    ("const m = new Map(); m.set(m, new WeakRef(m)); new FinalizationRegistry(() => {}).register({}, 1);", ENOUGH),
    (
        "const r = new FinalizationRegistry((held) => { lib.count += held; globalThis.r = r });
        for (let i = 0; i < 100; i++) r.register({}, i, lib); lib.ref = new WeakRef({}); lib.weak.set({}, r); lib.state = 0;",
        ENOUGH,
    ),
    ("lib.bytes.fill(9); lib.detached = lib.bytes.buffer.transfer(1e6); lib.bytes.length;", ENOUGH),
    ("const b = new ArrayBuffer(8, { maxByteLength: 1e6 }); const v = new Uint8Array(b); b.resize(1e6); b.resize(1); lib.v = v;", ENOUGH),
    ("Atomics.store(lib.shared, 0, 7); Atomics.add(lib.shared, 1, 7); Atomics.notify(lib.shared, 0); Atomics.wait(lib.shared, 0, 7, 1);", ENOUGH),
    ("lib.s = 'x'.repeat(1e4); lib.t = lib.s + 'é'; lib.t.split(''); lib.u = lib.t.slice(1).padEnd(2e4, 'ab');", ENOUGH),
    ("let o = {}; for (let i = 0; i < 3000; i++) o['key' + i] = i; for (const k in o) delete o[k]; lib.o = o;", ENOUGH),
    ("lib.n = 3n ** 300n; lib.x = new Float64Array(1000).map(Math.random).sort(); [3, 1].sort(() => { lib.x = 0; throw 1 });", ENOUGH),
    // State of what was there.
    ("lib.map.clear(); lib.map.set(lib, lib); lib.bump(); lib.counter.bump(); lib.cjs.loaded.length = 0;", ENOUGH),
    ("lib.pattern.exec('x'); lib.pattern.lastIndex = 7; lib.date.setTime(1); RegExp.prototype.exec = () => null;", ENOUGH),
    ("Symbol.for('new'); lib[Symbol.for('lib')] = Symbol.for('lib'); Symbol.iterator.description.length;", ENOUGH),
    ("Math.max = () => 0; Math.PI = 3; Date.now = () => 0; Date = class {}; performance.now = null; Math.random();", ENOUGH),
    (
        "globalThis.p = new Proxy(lib, { get() { throw 1 }, ownKeys() { return ['x'] }, getPrototypeOf: () => null });
        Object.setPrototypeOf(lib, p); Object.defineProperty(Object.prototype, 'then', { get() { lib.count++ } });",
        SOON,
    ),
    ("Object.defineProperty(globalThis, 'Promise', { get() { throw 1 }, set() {} }); (async () => {})();", SOON),
    (
        "delete globalThis.lib; delete globalThis.Promise; setTimeout(() => { throw 1 }, 1); await null;",
        ENOUGH,
    ),
    ("Promise.prototype.then = function () { return this }; await ops.sleep(0);", SOON),
    ("Array.prototype[Symbol.iterator] = function* () { throw 1 }; Object.prototype[0] = 1; setTimeout(...[() => {}, 0]);", SOON),
    ("Function.prototype.call = Function.prototype.apply = Reflect.apply = () => { throw 1 }; await ops.sleep(0);", SOON),
    ("JSON.stringify = () => { throw 1 }; String.prototype.charCodeAt = null; Map.prototype.get = () => {}; return { a: 1 };", SOON),
    ("globalThis.eval = 0; (0, eval); Object.setPrototypeOf(globalThis, null); undefinedThing;", ENOUGH),
    // Modules.
    ("globalThis.m = await import('/a/late.mjs'); m.bump(); throw m.value;", ENOUGH),
    ("await import('/a/broken.mjs').catch(() => {}); await import('/a/late.mjs'); await import('/a/broken.mjs');", ENOUGH),
    ("await import('/a/cycle.mjs').catch(() => {}); await import('/a/turn.mjs');", ENOUGH),
    ("import('/a/waits.mjs'); import('/a/bad.mjs'); await import('/a/throws.mjs').catch(() => {}); await import('/a/throws.mjs');", ENOUGH),
    ("const r = makeRequire('/a/z.js'); r('./late.js'); r('./c.js').again().d.push(1); r('node:path').sep = 0; r('node:broken');", ENOUGH),
    ("await Promise.all([import('/a/late.mjs'), import('/a/d.json', { with: { type: 'json' } }), import('quickcuke')]);", ENOUGH),
];

/// Does something to every property of every object that can be reached.
const VANDALS: &[&str] = &[
    "object[key] = () => { throw 1 }",
    "delete object[key]",
    "defineProperty(object, key, { get() { throw object }, configurable: false })",
    "freeze(object)",
    "setPrototypeOf(object, null)",
    "defineProperty(object, Symbol.toPrimitive, { value: object }); object.extra = [object]",
    "typeof object[key] === 'function' && object[key](object, object, object)",
    "typeof object[key] === 'function' && new object[key](lib.bytes, 1e9)",
];

fn vandal(action: &str) -> String {
    format!(
        "const {{ ownKeys, getPrototypeOf, getOwnPropertyDescriptor, defineProperty, setPrototypeOf }} = Reflect;
        const {{ freeze }} = Object;
        const known = new Set();
        const objects = [];
        const {{ has, add }} = Set.prototype;
        known.has = has; known.add = add;
        const find = (value) => {{
          if ((typeof value !== 'object' || value === null) && typeof value !== 'function' || known.has(value)) return;
          known.add(value);
          objects[objects.length] = value;
        }};
        find(globalThis); find(async function* () {{}}); find(function* () {{}}); find([].values()); find(new Map().keys());
        for (let i = 0; i < objects.length; i++) {{
          find(getPrototypeOf(objects[i]));
          const keys = ownKeys(objects[i]);
          for (let k = 0; k < keys.length; k++) {{
            const {{ value, get, set }} = getOwnPropertyDescriptor(objects[i], keys[k]);
            find(value); find(get); find(set);
          }}
        }}
        for (let i = objects.length - 1; i >= 0; i--) {{
          const object = objects[i];
          const keys = ownKeys(object);
          for (let k = 0; k < keys.length; k++) {{ const key = keys[k]; try {{ {action}; }} catch {{}} }}
        }}"
    )
}

/// Code that wants more memory than there is.
pub(super) const HUNGRY: &[&str] = &[
    "const a = []; for (;;) a.push(new Array(1000).fill(1));",
    "let s = 'x'; for (;;) { s += s; [s].join(); }",
    "const a = []; for (;;) a.push({ a });",
    "new Uint8Array(1e9);",
    "const a = []; for (;;) a.push(new Uint8Array(1e6));",
    "'x'.repeat(1e8) + 'é'.repeat(1e8);",
    "const m = new Map(); for (let i = 0; ; i++) m.set('key' + i, i);",
    "await null; const a = []; for (;;) a.push(Promise.resolve(a.length));",
    "const a = []; const more = async () => { a.push(new Array(1000).fill(a)); await null; return more(); }; await more();",
    "JSON.stringify(new Array(1e7).fill('some text'));",
    "const a = []; try { for (;;) a.push(new Array(1000).fill(1)); } catch { return 'survived'; }",
    "eval('[' + '1,'.repeat(1e7) + ']')",
];

/// The scenario of a round: most of them quick, and every one of them once in a while.
pub(super) fn scenario(round: usize) -> (String, u64) {
    let pick = |timeout, number| {
        let fitting = SCENARIOS.iter().filter(|scenario| scenario.1 == timeout);
        let (source, timeout) = fitting.cycle().nth(number % SCENARIOS.len()).unwrap();
        ((*source).to_owned(), *timeout)
    };
    match round % 500 {
        499 => (HUNGRY[round / 500 % HUNGRY.len()].to_owned(), 10_000),
        50 | 150 | 250 => (vandal(VANDALS[round / 100 % VANDALS.len()]), 50),
        rest if rest % 20 == 5 => pick(SOON, round / 20),
        _ => pick(ENOUGH, round),
    }
}

/// Each scenario once.
pub(super) fn all() -> impl Iterator<Item = (String, u64)> {
    let scenarios = SCENARIOS.iter().map(|(source, timeout)| ((*source).to_owned(), *timeout));
    let vandals = VANDALS.iter().map(|action| (vandal(action), 50));
    let hungry = HUNGRY.iter().map(|source| ((*source).to_owned(), 10_000));
    scenarios.chain(vandals).chain(hungry)
}

pub(super) fn small() -> Limits {
    Limits { memory: 24 << 20, ..Limits::default() }
}

/// A world with the library loaded and frozen.
pub(super) async fn frozen_library() -> World {
    let mut world = World::with(&small(), test_ops(), Rc::new(Files::of(FILES)));
    world.isolate.import("/a/lib.mjs", None).await.unwrap();
    world.isolate.freeze().unwrap();
    world
}

impl World {
    /// Looks at all that a restore brings back; the fingerprint is for who called to compare.
    pub(super) fn assert_is_pristine(&self, after: &str) {
        let Isolate { vm, host, arena, snapshot, .. } = &self.isolate;
        assert_ne!(arena.is_pristine(), Some(false), "other bytes after {after}");
        assert!(!vm.has_jobs(), "jobs are left after {after}");
        assert!(host.pending.borrow().is_empty(), "ops are left after {after}");
        assert!(host.timers.borrow().next_due().is_none(), "timers are left after {after}");
        assert!(!host.has_rejections.get() && !host.has_immediates.get(), "{after}");
        assert!(host.outcome.borrow().is_none() && host.uncaught.borrow().is_none(), "{after}");
        assert!(snapshot.as_ref().unwrap().is_held_by(host), "another host after {after}");
    }

    /// The number of the world as scripts see it. Leaves the isolate as the snapshot has it.
    pub(super) async fn fingerprint(&mut self) -> String {
        let found = self.isolate.call(Callee::Entry("fingerprint"), &[], None).await.unwrap();
        self.isolate.restore().await.unwrap();
        found
    }
}
