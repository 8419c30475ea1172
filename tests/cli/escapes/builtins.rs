//! By the language and Node's modules: evaluated code, replaced built-ins, arguments of all kinds.

use super::attempts;

#[test]
fn evaluated_code_finds_nothing_of_the_preludes() {
    let body = "
        const AsyncFunction = (async () => {}).constructor;
        const GeneratorFunction = (function* () {}).constructor;
        const wanted = \"[typeof internal, typeof natives, typeof ops, typeof requireBuiltin, typeof module, typeof exports]\";
        const nothing = Array(6).fill('undefined');
        assert.deepEqual((0, eval)(wanted), nothing);
        assert.deepEqual(new Function('return ' + wanted)(), nothing);
        assert.deepEqual(await new AsyncFunction('return ' + wanted)(), nothing);
        assert.deepEqual(new GeneratorFunction('yield ' + wanted)().next().value, nothing);
        assert.deepEqual(fs.readFileSync.constructor('return ' + wanted)(), nothing);
        assert.deepEqual(setTimeout.constructor('return ' + wanted)(), nothing);
        // Frames do not hand out functions.
        const prepare = Error.prepareStackTrace;
        Error.prepareStackTrace = (_, sites) => sites.map((site) => [site.getFunction(), site.getThis()]);
        const frames = [[1].map(() => new Error().stack)[0]];
        new (require('node:events'))().on('x', () => frames.push(new Error().stack)).emit('x');
        util.inspect({ [util.inspect.custom]: () => frames.push(new Error().stack) });
        try { fs.readFileSync('/etc/passwd'); } catch (error) { frames.push(error.stack); }
        Error.prepareStackTrace = prepare;
        assert.ok(frames.flat(2).length > 10);
        for (const frame of frames.flat(2)) assert.equal(typeof frame === 'function' || isSecret(frame), false);
        assert.throws(() => (function who() { return who.caller; })(), TypeError);
        await assert.rejects(import('quickcuke:fs_sync'));
        assert.throws(() => require('quickcuke:fs_sync'));
    ";
    attempts(&[("evaluated", body)]).run(&[]).passes();
}

#[test]
fn nodes_back_doors_are_not_there() {
    let body = "
        for (const name of ['fs', 'natives', 'spawn_sync', 'constants']) assert.throws(() => process.binding(name), { message: 'No such module: ' + name });
        for (const name of ['dlopen', '_linkedBinding', '_debugProcess', 'mainModule']) assert.equal(process[name], undefined, name);
        assert.throws(() => process.kill(process.pid), /kill ESRCH: no running process \\d+ was started by this scenario/);
        const Module = require('node:module');
        for (const name of ['_load', '_resolveFilename', 'register', 'runMain']) assert.equal(Module[name], undefined, name);
        assert.equal(require.main, undefined);
        require.extensions['.node']?.({}, '/x.node');
        assert.throws(() => require('./addon.node'), { code: 'ERR_DLOPEN_FAILED' });
        const { execSync, spawn } = require('node:child_process');
        for (const act of [() => execSync('true'), () => spawn('true')]) assert.throws(act, /add to quickcuke.toml/);
        assert.throws(() => new (require('node:worker_threads').Worker)('x'), /not available in quickcuke/);
        for (const name of ['std', 'os', 'bjson', 'qjs:std', 'qjs:os']) if (name !== 'os') await assert.rejects(import(name));
        for (const name of ['std', 'bjson', 'scriptArgs', 'gc', '__loadScript', 'Deno', 'Bun', 'WebAssembly']) assert.equal(typeof globalThis[name], 'undefined', name);
    ";
    attempts(&[("doors", body)]).file("steps/addon.node", "").run(&[]).passes();
}

#[test]
fn the_environment_tells_only_what_is_granted() {
    let body = "
        const all = JSON.stringify([process.env, { ...process.env }, Object.keys(process.env), Object.getOwnPropertyDescriptors(process.env), util.inspect(process.env)]);
        assert.ok(!all.includes('SECRET') && !all.includes('hidden'));
        for (const read of [(env) => env.SECRET, (env) => Reflect.get(env, 'SECRET'), (env) => env[{ toString: () => 'SECRET' }]]) {
          assert.equal(read(process.env), undefined);
        }
        assert.equal('SECRET' in process.env, false);
        assert.equal(process.env.GIVEN, 'given');
        process.env.SECRET = 'mine';
        assert.equal(process.env.SECRET, 'mine');
        process.env.GIVEN = 'changed';
    ";
    let after = "
        assert.equal(process.env.SECRET, undefined);
        assert.equal(process.env.GIVEN, 'given');
    ";
    attempts(&[("environment", body), ("afterwards", after)])
        .env("SECRET", "hidden")
        .env("GIVEN", "given")
        .run(&["--allow-env=GIVEN"])
        .passes();
}

/// Uses a good part of what the prelude has, and loads what it loads late. Failures are left alone.
const EVERYTHING: &str = "
    const everything = [
      () => fs.readFileSync('features/a.feature', 'utf8'), () => fs.readdirSync('.', { recursive: true, withFileTypes: true }),
      () => fs.writeFileSync(os.tmpdir() + '/x', 'y'), () => fs.statSync('.').isDirectory(), () => fs.readFileSync('/etc/passwd'),
      () => fs.rmSync(os.tmpdir() + '/x'), () => fs.mkdtempSync(os.tmpdir() + '/d'), () => fs.promises.readFile('features/a.feature'),
      () => fs.createReadStream('features/a.feature').on('error', () => {}).resume(), () => process.chdir('.'), () => process.cwd(),
      () => process.nextTick(() => {}), () => process.emitWarning('w'), () => process.memoryUsage(), () => process.hrtime(),
      () => process.exit(), () => process.stdout.write('.'), () => process.binding('x'),
      () => setTimeout(() => {}, 0), () => setInterval(() => {}, 1e6), () => setImmediate(() => {}), () => queueMicrotask(() => {}),
      () => console.log('%s %o', 1, { a: [1, new Map([[1, 2]]), Promise.resolve(1), new Error('x')] }), () => console.table([{ a: 1 }]),
      () => util.inspect(globalThis, { depth: 1 }), () => util.format('%j', {}), () => util.promisify(setTimeout)(0),
      () => structuredClone({ a: [new Date(), /x/] }), () => new URL('../a?b=c#d', 'http://a.b/c'), () => `${new URLSearchParams({ a: 1 })}`,
      () => Buffer.from('ü').toString('base64'), () => Buffer.concat([Buffer.alloc(2)]), () => new TextDecoder().decode(new TextEncoder().encode('x')),
      () => crypto.randomUUID(), () => require('node:crypto').createHash('sha256').update('x').digest('hex'),
      () => new (require('node:events'))().emit('x'), () => new AbortController().abort(), () => AbortSignal.timeout(1e6),
      () => fetch('http://127.0.0.1:9/').catch(() => {}), () => new Request('http://a.b', { method: 'POST', body: 'x' }).text(),
      () => new Response('x').json().catch(() => {}), () => [...new Headers({ a: 'b' })], () => new FormData().append('a', new Blob(['x'])),
      () => vars.set('a', { b: 1 }), () => vars.get('a'), () => [...vars.keys()], () => vars.clear(), () => commands.run('x').catch(() => {}),
      () => commands.status('x'), () => this.attach('x', 'text/plain'), () => this.log('x'), () => new Intl.NumberFormat().format(1e6),
      () => new Date(0).toLocaleString(), () => 'a'.localeCompare('b'), () => performance.mark('x'), () => navigator.userAgent,
      () => import('node:zlib').catch(() => {}), () => import('./nothing.js').catch(() => {}), () => require('./nothing'), () => require('node:readline'),
      ...['assert/strict', 'child_process', 'constants', 'http', 'https', 'net', 'os', 'path/win32', 'perf_hooks', 'querystring', 'stream/promises',
        'string_decoder', 'timers/promises', 'tty', 'url', 'util/types', 'worker_threads', 'dns', 'vm'].map((name) => () => require(`node:${name}`)),
      () => require('node:url').parse('http://a.b'), () => require('node:util').parseArgs({ args: ['-x'], strict: false }),
      () => require('node:path').relative('/a', '/b'), () => new (require('node:stream').Transform)().end('x'),
      () => { throw new (class extends Error {})('x'); }, () => Promise.reject(new Error('x')).catch((error) => error.stack),
      () => { assert.deepEqual({ a: 1 }, { a: 2 }); }, () => { assert(0 === 1); }, () => new Event('x'), () => new EventTarget().dispatchEvent(new Event('x')),
    ];
";

/// The properties that hostile code would replace, as `[object, key, descriptor]`.
const TARGETS: &str = "
    const kinds = [Object, Function, Array, Promise, Map, Set, WeakMap, WeakSet, String, RegExp, Number, BigInt, Symbol, Boolean, Date, Error, TypeError,
      Uint8Array, ArrayBuffer, DataView, Proxy];
    const holders = [JSON, Math, Reflect, Object.getPrototypeOf(Uint8Array), Object.getPrototypeOf(Uint8Array.prototype), getPrototypeOf([][Symbol.iterator]()),
      getPrototypeOf(new Map()[Symbol.iterator]()), getPrototypeOf((function* () {})()), getPrototypeOf(getPrototypeOf((async function* () {})())),
      ...kinds, ...kinds.map((kind) => kind.prototype)];
    const targets = [];
    for (const holder of holders.filter(isObject)) {
      for (const key of ownKeys(holder)) {
        const property = getOwnPropertyDescriptor(holder, key);
        if (property.configurable && key !== 'constructor') targets.push([holder, key, property]);
      }
    }
    const define = Reflect.defineProperty;
";

#[test]
fn replaced_builtins_are_told_nothing() {
    let body = format!(
        "
        {EVERYTHING} {TARGETS}
        const leaks = [];
        let depth = 0;
        const look = (what, self, values) => {{
          if (depth > 0) return;
          depth++;
          try {{
            if (isSecret(self) || isSecret(values)) leaks[leaks.length] = String(what);
            for (let at = 0; at < values.length; at++) if (isSecret(values[at])) leaks[leaks.length] = String(what);
          }} finally {{ depth--; }}
        }};
        for (const [holder, key, property] of targets) {{
          const spy = (original) => typeof original !== 'function' ? original : new Proxy(original, {{
            apply(target, self, values) {{ look(key, self, values); return apply(target, self, values); }},
          }});
          define(holder, key, 'value' in property ? {{ ...property, value: spy(property.value) }} : {{ ...property, get: spy(property.get), set: spy(property.set) }});
        }}
        // And what somebody looks for where it is not.
        for (const name of ['beforeMicrotasks', 'builtinIds', 'promiseState', 'onUncaughtException', 'onUnhandledRejection', 'exit', 'modules', 'hooks',
          'fs_nothing', 'then', 'toJSON', 'cause', 'kind', 'wrapper']) {{
          define(Object.prototype, name, {{ get() {{ look(name, this, []); return undefined; }}, set(value) {{
            look(name, this, [value]);
            define(this, name, {{ value, writable: true, configurable: true, enumerable: true }});
          }}, configurable: true }});
        }}
        for (const act of everything) try {{ await act(); }} catch {{}}
        assert.deepEqual(leaks, []);
        "
    );
    // `process.exit` is part of it, and no run may end well with that: told by what is printed.
    let body = body
        .replace("assert.deepEqual(leaks, []);", "console.log('leaks: [' + leaks.join() + ']');");
    attempts(&[("spies", &body)])
        .tell(&["--timeout", "60s"])
        .prints("leaks: []")
        .scenarios(&["spies: failed", "after spies: passed"]);
}

#[test]
fn replaced_builtins_harm_their_own_scenario_only() {
    let hostile = [
        ("throwing", "() => { throw new Error('hostile'); }"),
        ("returning nothing", "() => undefined"),
        ("returning itself", "function itself() { return itself; }"),
        (
            "a trap",
            "new Proxy(function () {}, { get() { throw new RangeError('trap'); }, apply() { throw null; }, construct() { throw 1; } })",
        ),
    ];
    let bodies: Vec<(String, String)> = hostile
        .iter()
        .map(|(name, function)| {
            let body = format!(
                "
                {EVERYTHING} {TARGETS}
                const hostile = {function};
                const [count, all] = [everything.length, everything];
                for (let at = 0; at < targets.length; at++) define(targets[at][0], targets[at][1], {{ value: hostile, configurable: true, writable: true }});
                for (let at = 0; at < count; at++) try {{ all[at](); }} catch {{}}
                for (const name in globalThis) delete globalThis[name];
                throw 'hostile to the end';
                "
            );
            ((*name).to_owned(), body)
        })
        .collect();
    let steps: Vec<(&str, &str)> =
        bodies.iter().map(|(name, body)| (name.as_str(), body.as_str())).collect();
    let expected: Vec<String> = hostile
        .iter()
        .flat_map(|(name, _)| [format!("{name}: failed"), format!("after {name}: passed")])
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    attempts(&steps).tell(&[]).fails().scenarios(&expected);
}

#[test]
fn oversized_and_hostile_arguments_are_survived() {
    let large = "
        const text = 'x'.repeat(64 << 20);
        for (const act of [
          () => fs.readFileSync(text), () => fs.writeFileSync('features/x', text), () => process.chdir(text), () => new URL(text), () => crypto.getRandomValues(new Uint8Array(1 << 20)),
          () => require(text), () => commands.status(text), () => require('node:crypto').createHash(text), () => new TextDecoder(text),
          () => fs.openSync('features/a.feature', text), () => process.binding(text),
        ]) assert.throws(act, undefined, String(act));
        assert.equal(vars.get(text), undefined);
    ";
    let kept = "
        const text = 'x'.repeat(64 << 20);
        vars.set('large', text);
        assert.equal(vars.get('large').length, text.length);
    ";
    let deep = "
        let deep = [];
        for (let depth = 0; depth < 1e5; depth++) deep = [deep];
        for (const act of [() => vars.set('deep', deep), () => JSON.stringify(deep), () => structuredClone(deep)]) {
          assert.throws(act, (error) => error instanceof RangeError || /recursion|cannot be kept as JSON/.test(error.message));
        }
        const json = '['.repeat(1e6) + ']'.repeat(1e6);
        assert.throws(() => JSON.parse(json), Error);
        util.inspect(deep);
        await assert.rejects(commands.run('x', deep));
    ";
    let arrays = "
        const huge = new Array(2 ** 32 - 1);
        const sparse = { length: 2 ** 53 - 1 };
        assert.throws(() => Buffer.from(sparse));
        assert.throws(() => Buffer.alloc(2 ** 53));
        assert.throws(() => crypto.getRandomValues(new Uint8Array(2 ** 31)));
        assert.throws(() => require('node:crypto').randomBytes(2 ** 40));
        util.inspect(huge);
        void sparse;
    ";
    let converting = "
        const trap = (name) => { throw new Error('called ' + name); };
        const hostiles = [
          { toString: () => trap('toString'), valueOf: () => trap('valueOf') }, { [Symbol.toPrimitive]: () => trap('toPrimitive') },
          { toString: () => ({}) }, { get length() { return trap('length'); }, get path() { return trap('path'); } }, Object.create(null),
          new Proxy({}, { get: () => trap('get'), has: () => trap('has'), ownKeys: () => trap('ownKeys'), getPrototypeOf: () => trap('getPrototypeOf') }),
          new Proxy(new Uint8Array(4), {}), new Proxy(function () {}, { apply: () => trap('apply'), get: () => trap('get') }),
          Symbol('s'), 10n, NaN, -0, -1, Infinity, 2 ** 53, undefined, null, true, [], [[]], () => {}, class {}, new Date(NaN), /x/y, new Map(), new WeakRef({}),
          { toJSON: () => trap('toJSON') }, { then: () => trap('then') }, Object.freeze({}), '\\ud800', '\\0', new ArrayBuffer(8).transfer(),
          (() => { const view = new Uint8Array(8); view.buffer.transfer(); return view; })(), (() => { const revoked = Proxy.revocable({}, {}); revoked.revoke(); return revoked.proxy; })(),
        ];
        const functions = [];
        const { exit, abort, reallyExit, nextTick, emit, emitWarning, ...rest } = process;
        for (const [where, holder] of Object.entries({ fs, promises: fs.promises, os, vars, commands, process: rest, util, path: require('node:path'), url: require('node:url'),
          crypto: require('node:crypto'), buffer: Buffer, events: require('node:events'), query: require('node:querystring'), assert, URL, Response, AbortSignal })) {
          for (const name of Object.getOwnPropertyNames(holder)) {
            if (typeof holder[name] === 'function' && !['constructor', 'prototype'].includes(name)) functions.push([`${where}.${name}`, holder, holder[name]]);
          }
        }
        for (const Class of [Headers, Request, Response, FormData, URL, URLSearchParams, Blob, File, TextDecoder, Event, fs.ReadStream, fetch, structuredClone, this.attach, this.log, this.link]) {
          functions.push([Class.name, this, (...values) => Class.prototype ? new Class(...values) : Class.apply(this, values)]);
        }
        process.on('uncaughtException', () => {}).on('unhandledRejection', () => {});
        let calls = 0;
        for (const [name, holder, run] of functions) {
          for (const one of hostiles) {
            for (const values of [[one], ['features/a.feature', one], [one, one, () => {}]]) {
              calls++;
              try {
                const given = run.apply(holder, values);
                if (given instanceof Promise) given.catch(() => {});
              } catch (error) {
                // Whatever it is, it is no fault of quickcuke's own.
                assert.doesNotMatch(String(error?.message), /quickcuke panicked|InternalError/, name);
              }
            }
          }
        }
        assert.ok(calls > 5_000, String(calls));
    "
    .replace("/x/y,", "/x/,");
    let steps = [
        ("large", large),
        ("kept", kept),
        ("deep", deep),
        ("arrays", arrays),
        ("converting", &converting),
    ];
    // Callbacks that throw would fail the scenario while it is waited for what calls them.
    let run = attempts(&steps).tell(&["--timeout", "120s", "--memory", "1GiB", "--force-exit"]);
    let expected: Vec<String> = steps
        .iter()
        .flat_map(|(name, _)| [format!("{name}: passed"), format!("after {name}: passed")])
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    run.scenarios(&expected);
}
