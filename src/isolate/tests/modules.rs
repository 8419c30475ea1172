//! ES modules, CommonJS, builtins, and all of them mixed.

use super::*;

async fn import(world: &World, path: &str) -> Result<(), ScriptError> {
    world.isolate.import(path, Some(Instant::now() + Duration::from_secs(10))).await
}

#[test]
fn es_modules_import_each_other_everything_and_themselves() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/main.mjs", "import d, { b, count } from './b.mjs'; import * as ns from './b.mjs';
                import data from './data.json' with { type: 'json' }; import cjs, { named } from './c.js';
                import { join } from 'path'; import quickcuke, { hello } from 'quickcuke';
                import { sep } from 'node:path';
                globalThis.seen = [d, b, count, Object.keys(ns), data, cjs, named, join('a', 'b'), quickcuke.hello === hello, sep, data === (await import('./data.json', { with: { type: 'json' } })).default];"),
            ("/a/b.mjs", "import { main } from './cycle.mjs'; export default 'default'; export const b = 'b'; export let count = 0; count++;"),
            ("/a/cycle.mjs", "import { b } from './b.mjs'; export const main = () => b;"),
            ("/a/data.json", "\u{feff}{\"x\":[1,2]}"),
            ("/a/c.js", "exports.named = 'named'; exports.__esModule = true; exports.default = 'not this';"),
        ]);
        import(&world, "/a/main.mjs").await.unwrap();
        assert_eq!(
            world.run("seen").await.unwrap(),
            r#"["default","b",1,["b","count","default"],{"x":[1,2]},{"named":"named","__esModule":true,"default":"not this"},"named","a/b",true,"/",true]"#
        );
        import(&world, "/a/main.mjs").await.unwrap();
        assert_eq!(world.files.loads.borrow().iter().filter(|id| *id == "/a/b.mjs").count(), 1);
    });
}

#[test]
fn import_meta_tells_where_a_module_is() {
    on_worker(|| async {
        let world = World::new(&[
            (
                "/a b/m.mjs",
                "globalThis.seen = [import.meta.url, import.meta.dirname, import.meta.filename, import.meta.resolve('./n.mjs'), import.meta.resolve('path')]; export const v = (await import(import.meta.resolve('./n.mjs'))).n; seen.push(v)",
            ),
            ("/a b/n.mjs", "export const n = 'n';"),
        ]);
        import(&world, "/a b/m.mjs").await.unwrap();
        assert_eq!(
            world.run("seen").await.unwrap(),
            r#"["file:///a%20b/m.mjs","/a b","/a b/m.mjs","file:///a%20b/n.mjs","node:path","n"]"#
        );
    });
}

#[test]
fn common_js_is_as_in_node() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/main.js", "#!/usr/bin/env node
                const b = require('./b.js');
                globalThis.seen = [this === module.exports, this === exports, __filename, __dirname, module.id, module.loaded,
                    module.children.map((m) => m.id), module.paths, b, require('./b.js') === b, require('./data.json'),
                    require.resolve('./b.js'), Object.keys(require.cache), typeof require.main, require('lib'), require('path').sep,
                    (function () { return this === globalThis; })(), require.cache['/a/b.js'].loaded];
                delete require.cache['/a/data.json']; return;
                unreachable();"),
            ("/a/b.js", "const a = require('./cycle.js'); module.exports = { a, done: true };"),
            ("/a/cycle.js", "exports.early = 1; exports.seen = Object.keys(require('./b.js')); exports.strict = (function () { 'use strict'; return this === undefined })()"),
            ("/a/data.json", "[1]"),
            ("/node_modules/lib/index.js", "module.exports = 'lib' // no line break"),
        ]);
        import(&world, "/a/main.js").await.unwrap();
        assert_eq!(
            world.run("seen").await.unwrap(),
            r#"[true,true,"/a/main.js","/a","/a/main.js",false,["/a/b.js"],["/a/node_modules","/node_modules"],{"a":{"early":1,"seen":[],"strict":true},"done":true},true,[1],"/a/b.js",["/a/main.js","/a/b.js","/a/cycle.js","/a/data.json"],"undefined","lib","/",true,true]"#
        );
    });
}

#[test]
fn columns_of_the_first_line_are_exact() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/x.js", "module.exports = () => { throw new Error('x'); };"),
            ("/a/y.mjs", "export default () => { throw new Error('y'); };"),
        ]);
        let source = "const require = makeRequire('/a/z.js');
            const at = (f) => { try { f(); } catch (e) { return e.stack.split('\\n')[1]; } };
            return [at(require('./x.js')), at(require('./y.mjs').default)];";
        let lines: Vec<String> = serde_json::from_str(&world.body(source).await.unwrap()).unwrap();
        // QuickJS points at the call, not at `new`.
        for (line, file, column) in
            [(&lines[0], "/a/x.js", 26..42), (&lines[1], "/a/y.mjs", 24..41)]
        {
            let (_, place) =
                line.split_once(&format!("{file}:1:")).unwrap_or_else(|| panic!("{line}"));
            let found: u32 = place.trim_end_matches(')').parse().unwrap();
            assert!(column.contains(&found), "{line}");
        }
    });
}

#[test]
fn missing_modules_name_specifier_and_importer() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/main.mjs", "import './gone.mjs';"),
            ("/a/outer.mjs", "import './main.mjs';"),
            (
                "/a/main.js",
                "try { require('gone') } catch (e) { globalThis.seen = [e.code, e.message] }",
            ),
            ("/a/builtin.mjs", "import 'node:nothing';"),
        ]);
        let error = import(&world, "/a/outer.mjs").await.unwrap_err();
        assert!(
            error.message.contains("./gone.mjs") && error.message.contains("/a/main.mjs"),
            "{error}"
        );
        import(&world, "/a/main.js").await.unwrap();
        assert_eq!(
            world.run("seen").await.unwrap(),
            r#"["MODULE_NOT_FOUND","Cannot find module 'gone' imported from /a/main.js"]"#
        );
        let error = import(&world, "/a/builtin.mjs").await.unwrap_err();
        assert!(
            error.message.contains("node:nothing") && error.message.contains("/a/builtin.mjs"),
            "{error}"
        );
        let code = world
            .body("try { await import('/a/main.mjs') } catch (e) { return e.code }")
            .await
            .unwrap();
        assert_eq!(code, "\"ERR_MODULE_NOT_FOUND\"");
    });
}

#[test]
fn a_failed_import_can_be_tried_again_safely() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/a.mjs", "import './b.mjs'; import './gone.mjs';"),
            ("/a/b.mjs", "import './a.mjs'; export const b = 1;"),
            ("/a/fine.mjs", "export const fine = 1;"),
            ("/a/throws.mjs", "import './fine.mjs'; throw new Error('evaluated');"),
        ]);
        // Once from source, once from bytecode.
        for _ in 0..2 {
            let world = World::with(&Limits::default(), test_ops(), world.files.clone());
            for path in ["/a/a.mjs", "/a/b.mjs", "/a/a.mjs", "/a/b.mjs"] {
                let error = import(&world, path).await.unwrap_err();
                assert!(error.message.contains("./gone.mjs"), "{error}");
            }
            for _ in 0..2 {
                assert_eq!(import(&world, "/a/throws.mjs").await.unwrap_err().message, "evaluated");
            }
            import(&world, "/a/fine.mjs").await.unwrap();
        }
    });
}

#[test]
fn require_of_es_modules() {
    on_worker(|| async {
        let world = World::new(&[
            ("/a/main.js", "const m = require('./m.mjs');
                const code = (f) => { try { return f(); } catch (e) { return e.code ?? e.message; } };
                globalThis.seen = [m.x, m.default, m === require('./m.mjs'), code(() => require('./tla.mjs')), code(() => require('./throws.mjs')), code(() => require('./throws.mjs'))];"),
            ("/a/m.mjs", "import { y } from './n.mjs'; export const x = y + 1; export default 'd';"),
            ("/a/n.mjs", "export const y = 1;"),
            ("/a/tla.mjs", "await null; export const z = 1;"),
            ("/a/throws.mjs", "throw new Error('thrown');"),
            // Cycles through both kinds, at load and at evaluation.
            ("/c/main.mjs", "import './cjs.js'; export const main = 1;"),
            ("/c/cjs.js", "try { require('./main.mjs') } catch (e) { globalThis.cycle = e.code }"),
            ("/d/main.mjs", "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
                try { require('./cjs.js') } catch (e) { globalThis.cycle2 = e.code }"),
            ("/d/cjs.js", "require('./main.mjs')"),
            ("/e/main.mjs", "import './cjs.js'; import { v } from './v.mjs'; globalThis.v = v;"),
            ("/e/cjs.js", "globalThis.early = require('./v.mjs').v; import('./late.mjs').then((m) => { globalThis.late = m.late });"),
            ("/e/v.mjs", "export const v = {};"),
            ("/e/late.mjs", "export const late = 'late';"),
            ("/f/main.mjs", "import './cjs.js';"),
            ("/f/cjs.js", "try { require('./inner.mjs') } catch (e) { globalThis.cycle3 = e.code }"),
            ("/f/inner.mjs", "import './main.mjs';"),
        ]);
        import(&world, "/a/main.js").await.unwrap();
        assert_eq!(
            world.run("seen").await.unwrap(),
            r#"[2,"d",true,"ERR_REQUIRE_ASYNC_MODULE","thrown","thrown"]"#
        );
        for path in ["/c/main.mjs", "/d/main.mjs", "/e/main.mjs", "/f/main.mjs"] {
            import(&world, path).await.unwrap();
        }
        assert_eq!(
            world.run("[cycle, cycle2, v === early, late, cycle3]").await.unwrap(),
            r#"["ERR_REQUIRE_CYCLE_MODULE","ERR_REQUIRE_CYCLE_MODULE",true,"late","ERR_REQUIRE_CYCLE_MODULE"]"#
        );
        let inside = "const require = makeRequire('/a/z.js'); await null; return [require('./m.mjs').x, (await import('/e/v.mjs')).v === v]";
        assert_eq!(world.body(inside).await.unwrap(), "[2,true]");
    });
}

#[test]
fn bytecode_gives_the_same_modules() {
    on_worker(|| async {
        let files = Rc::new(Files::of(&[
            (
                "/a/main.mjs",
                "import c from './c.js'; import { n } from './n.ts'; globalThis.seen = [c.n, n]; export const at = () => new Error('x').stack.split('\\n')[1];",
            ),
            ("/a/n.ts", "export const n = 2;"),
            (
                "/a/c.js",
                "exports.n = 1; exports.source = (function f(a) { return a; }).toString();",
            ),
        ]));
        for round in 0..2 {
            let world = World::with(&Limits::default(), test_ops(), files.clone());
            import(&world, "/a/main.mjs").await.unwrap();
            let line = world.body("return [seen, (await import('/a/main.mjs')).at(), (await import('/a/c.js')).source]").await.unwrap();
            assert!(
                line.contains("[1,2]")
                    && line.contains("/a/main.mjs:1:")
                    && line.contains("function f(a) { return a; }"),
                "round {round}: {line}"
            );
            assert_eq!(files.bytecode.borrow().len(), 3);
        }
    });
}

#[test]
fn builtins_run_once_and_fail_by_name() {
    on_worker(|| async {
        let world = World::new(&[("/a/x.mjs", "import 'node:broken';")]);
        let same = "const require = makeRequire('/a/z.js'); return require('path') === require('node:path') && require('quickcuke').path === require('path')";
        assert_eq!(world.body(same).await.unwrap(), "true");
        let error = import(&world, "/a/x.mjs").await.unwrap_err();
        assert_eq!(error.message, "broken builtin");
        assert!(error.stack.contains("node:broken:2:"), "{}", error.stack);
        let hidden =
            "try { makeRequire('/a/z.js')('quickcuke:hidden') } catch (e) { return e.code }";
        assert_eq!(world.body(hidden).await.unwrap(), "\"MODULE_NOT_FOUND\"");
    });
}
