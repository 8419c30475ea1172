//! What errors look like, in JavaScript and from Rust.

use super::*;

#[test]
fn stacks_are_v8_shaped() {
    on_worker(|| async {
        let world = World::new(&[(
            "/app/a.js",
            "exports.f = function outer() {\n  return [1].map(() => { return new TypeError('bad'); })[0];\n};",
        )]);
        let source = "const { f } = makeRequire('/app/x.js')('./a.js'); return f().stack;";
        let stack: String = serde_json::from_str(&world.body(source).await.unwrap()).unwrap();
        let lines: Vec<_> = stack.lines().collect();
        assert_eq!(lines[0], "TypeError: bad");
        assert!(lines[1].starts_with("    at /app/a.js:2:"), "{stack}");
        assert_eq!(lines[2], "    at map (<anonymous>)");
        assert!(lines[3].starts_with("    at outer (/app/a.js:2:"), "{stack}");
    });
}

#[test]
fn capture_stack_trace_gives_the_header_and_cuts_frames() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "
            class AssertionError extends Error {
                constructor(message, above) { super(message); this.name = 'AssertionError'; Error.captureStackTrace(this, above); }
            }
            function check() { throw new AssertionError('no', check); }
            function caller() { check(); }
            try { caller(); } catch (e) { var a = e.stack; }
            const plain = {}; Error.captureStackTrace(plain);
            const o = { name: 'N', message: 'm' }; (function me() { Error.captureStackTrace(o, me); })();
            const e = new Error('x'); e.stack = 'own';
            return [a.split('\\n')[0], a.includes('at check'), a.includes('at caller'), plain.stack.split('\\n')[0],
                plain.stack.includes('captureStackTrace'), o.stack.includes('at me'), e.stack, Object.keys(e), Object.keys(plain)];";
        assert_eq!(
            world.body(source).await.unwrap(),
            r#"["AssertionError: no",false,true,"Error",false,false,"own",[],[]]"#
        );
    });
}

#[test]
fn a_user_prepare_stack_trace_is_obeyed() {
    on_worker(|| async {
        let world = World::new(&[]);
        let source = "
            Error.prepareStackTrace = (error, sites) => sites;
            const sites = new Error('x').stack;
            Error.prepareStackTrace = (error, sites) => 'mine ' + sites.length + typeof sites[0].toString() + sites[0].isEval();
            const text = new Error('y').stack;
            Error.prepareStackTrace = undefined;
            return [Array.isArray(sites), typeof sites[0].getLineNumber(), /^mine \\d+stringfalse$/.test(text)];";
        assert_eq!(world.body(source).await.unwrap(), r#"[true,"number",true]"#);
    });
}

#[test]
fn errors_carry_the_position_in_the_authors_file() {
    on_worker(|| async {
        let world = World::new(&[
            (
                "/app/steps.ts",
                "import './helper.mjs';\nfunction fail() {\n  throw new Error('boom', { cause: new TypeError('why') });\n}\nfail();",
            ),
            ("/app/helper.mjs", "export const x = 1;"),
        ]);
        let error = world.isolate.import("/app/steps.ts", None).await.unwrap_err();
        assert_eq!(
            (error.kind, &*error.name, error.message.as_str()),
            (ErrorKind::Runtime, "Error", "boom")
        );
        assert_eq!((error.file.as_deref(), error.line), (Some("/app/steps.author.ts"), Some(103)));
        assert!(
            error.stack.starts_with("Error: boom\n    at fail (/app/steps.author.ts:103:"),
            "{}",
            error.stack
        );
        let cause = error.cause.unwrap();
        assert_eq!((&*cause.name, cause.line), ("TypeError", Some(103)));
    });
}

#[test]
fn syntax_errors_carry_their_position() {
    on_worker(|| async {
        let world = World::new(&[
            ("/app/bad.mjs", "const a = 1;\nconst b = ;\n"),
            ("/app/bad.js", "#!/usr/bin/env node\nlet x = 'a;\n"),
            ("/app/first.js", "let x = = 1;"),
            ("/app/bad.json", "{\n  \"a\": ,\n}"),
            ("/app/names.mjs", "import { nothing } from './ok.mjs';"),
            ("/app/ok.mjs", "export const something = 1;"),
        ]);
        let import = async |path: &str| world.isolate.import(path, None).await.unwrap_err();
        let error = import("/app/bad.mjs").await;
        assert_eq!(
            (error.kind, error.line, error.column),
            (ErrorKind::Syntax, Some(2), Some(11)),
            "{error:?}"
        );
        let error = import("/app/bad.js").await;
        assert_eq!(
            (error.kind, error.file.as_deref(), error.line),
            (ErrorKind::Syntax, Some("/app/bad.js"), Some(2)),
            "{error:?}"
        );
        let error = import("/app/first.js").await;
        assert_eq!(
            (error.kind, error.line, error.column),
            (ErrorKind::Syntax, Some(1), Some(9)),
            "{error:?}"
        );
        let error = import("/app/bad.json").await;
        assert_eq!(&*error.name, "SyntaxError");
        assert!(error.message.contains("/app/bad.json"), "{error}");
        let error = import("/app/names.mjs").await;
        assert_eq!(&*error.name, "SyntaxError");
        assert!(error.message.contains("nothing") && error.message.contains("ok.mjs"), "{error}");
    });
}

#[test]
fn anything_can_be_thrown() {
    on_worker(|| async {
        let world = World::new(&[]);
        for (source, message) in [
            (
                "JSON.parse('{')",
                "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
            ),
            ("eval('a b')", "expecting ';'"),
            ("throw 'x'", "x"),
            ("throw null", "null"),
            ("throw undefined", "undefined"),
            ("throw 42", "42"),
            ("throw { code: 7 }", r#"{"code":7}"#),
            ("throw Symbol('s')", "Symbol(s)"),
            ("const a = {}; a.a = a; throw a", "[object Object]"),
            ("throw { toString() { throw 1 }, get x() { throw 2 } }", "[object Object]"),
            ("throw Object.assign(new Error(), { message: 5 })", "5"),
            (
                "const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { throw 1 } }); throw e",
                "m",
            ),
            ("const e = new Error('ring'); e.cause = e; throw e", "ring"),
            ("throw new Proxy(new Error('p'), { get() { throw 1 } })", ""),
        ] {
            let error = world.body(source).await.unwrap_err();
            assert_eq!(
                (error.kind, error.message.as_str()),
                (ErrorKind::Runtime, message),
                "{source}"
            );
            assert!(!error.poisoned, "{source}");
        }
    });
}

#[test]
fn stack_overflow_is_an_ordinary_error() {
    on_worker(|| async {
        let world = World::new(&[]);
        let error = world.body("const f = () => f() + 1; f();").await.unwrap_err();
        assert_eq!(
            (error.kind, &*error.name, error.poisoned),
            (ErrorKind::Runtime, "RangeError", false)
        );
        let source = "let depth = 0; const f = () => { depth++; f(); }; try { f(); } catch (e) { return depth > 500; }";
        assert_eq!(world.body(source).await.unwrap(), "true");
        let source = "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; try { JSON.stringify(a); } catch (e) { return e.name; }";
        assert_eq!(world.body(source).await.unwrap(), "\"RangeError\"");
    });
}
