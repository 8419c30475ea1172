use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::*;
use crate::session::{Commands, SessionGuard, SessionOptions, TableLimits};

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

struct Fixture {
    engine: ScriptEngine,
    directory: tempfile::TempDir,
    options: RunOptions,
    context: RunContext,
}

impl Fixture {
    fn new() -> Self {
        Self::with(json!({}))
    }

    fn with(commands: Value) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let commands = Commands::parse(&commands, "quickcuke.toml").unwrap();
        let project = directory.path().canonicalize().unwrap();
        let session = SessionOptions::new(Arc::new(commands), &project);
        let options = ScriptEngineOptions { session, ..ScriptEngineOptions::new("") };
        let context = RunContext { read: vec![project], ..RunContext::default() };
        Self {
            engine: ScriptEngine::new(options),
            directory,
            options: RunOptions::default(),
            context,
        }
    }

    async fn run(&self, source: impl Into<Source>) -> Execution {
        self.engine.run(source, &[], &self.options, &self.context).await
    }

    async fn value(&self, source: impl Into<Source>) -> Value {
        self.run(source).await.result.unwrap()
    }

    async fn error(&self, source: impl Into<Source>) -> ScriptError {
        self.run(source).await.result.unwrap_err()
    }

    async fn execute(&self, guard: &mut SessionGuard<'_, ScriptEngine>, source: &str) -> Execution {
        guard.execute(source, &[], &self.options, &self.context).await
    }

    fn brief(self) -> Self {
        let timeout = Duration::from_millis(300);
        Self { options: RunOptions { timeout, ..self.options }, ..self }
    }
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let options = RunOptions::default();
    assert_eq!(options.timeout, Duration::from_secs(300));
    assert_eq!((options.memory, options.gc_threshold), (256 << 20, 64 << 20));
    assert_eq!(RunContext::default().host.as_str(), "script");
}

#[test]
fn a_one_shot_returns_and_awaits_at_its_top_level() {
    let fixture = Fixture::new();
    wait(async {
        assert_eq!(fixture.value("return 1 + 1").await, json!(2));
        assert_eq!(
            fixture.value("const a = await Promise.resolve(3); return { a }").await,
            json!({"a": 3})
        );
        assert_eq!(
            fixture.value("await new Promise(r => setTimeout(r, 1)); return 'x'").await,
            json!("x")
        );
        assert_eq!(fixture.value("1 + 1").await, Value::Null);
        assert_eq!(fixture.value("// nothing").await, Value::Null);
        let typed = "enum E { A = 7 } const n: number = E.A as number; return n satisfies number";
        assert_eq!(fixture.value(typed).await, json!(7));
        let imported = "import { join } from 'node:path'; import * as os from 'os'; return join('a', typeof os.EOL)";
        assert_eq!(fixture.value(imported).await, json!("a/string"));
        assert_eq!(
            fixture.value("return (await import('node:path')).basename('/a/b')").await,
            json!("b")
        );
    });
}

#[test]
fn args_are_a_global_array_whatever_they_hold() {
    let fixture = Fixture::new();
    wait(async {
        let args = [json!("'; throw 1; `${x}`\u{2028}"), json!({"a": [null]}), json!(1.5)];
        let Fixture { engine, options, context, .. } = &fixture;
        let run = engine.run("return globalThis.args", &args, options, context).await;
        assert_eq!(run.result.unwrap(), Value::from(args.to_vec()));
        let run =
            engine.run("return Array.isArray(args) && args.length", &[], options, context).await;
        assert_eq!(run.result.unwrap(), json!(0));
        let function = Source::function("async (a, b) => a + b");
        let run = engine.run(function, &[json!(1), json!(2)], options, context).await;
        assert_eq!(run.result.unwrap(), json!(3));
    });
}

#[test]
fn a_session_keeps_globals_vars_and_functions_but_no_lets() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let first = "globalThis.g = 1; var v = 2, { w, ...rest } = { w: 3, x: 4 }; let l = 5; const c = 6; class K {} \
                     function bump() { return ++v } for (var i = 0; i < 3; i++); if (true) { var inner: number = 8 }";
        fixture.execute(&mut session, first).await.result.unwrap();
        let second =
            "bump(); return [g, v, w, rest, i, inner, typeof l, typeof c, typeof K, bump.name]";
        let value = fixture.execute(&mut session, second).await.result.unwrap();
        let none = "undefined";
        assert_eq!(value, json!([1, 3, 3, {"x": 4}, 3, 8, none, none, none, "bump"]));
        // Declared again they keep their values, and the functions of before see the new ones.
        let again = "var v; const before = v; var v = 10; let l = 1; return [before, bump(), l]";
        let value = fixture.execute(&mut session, again).await.result.unwrap();
        assert_eq!(value, json!([3, 11, 1]));
        drop(session);
        let mut other = table.acquire("b").await;
        let value = fixture.execute(&mut other, "return typeof v + typeof g").await.result.unwrap();
        assert_eq!(value, json!("undefinedundefined"));
    });
}

#[test]
fn a_function_is_there_before_its_declaration_and_strict_code_may_assign() {
    let fixture = Fixture::new();
    wait(async {
        assert_eq!(fixture.value("return f(); function f() { return 1 }").await, json!(1));
        assert_eq!(fixture.value("'use strict'; var a = 1; a = 2; return a").await, json!(2));
        assert_eq!(fixture.value("return this === globalThis").await, json!(true));
    });
}

#[test]
fn an_error_has_its_kind_and_its_author_s_position() {
    let fixture = Fixture::new();
    wait(async {
        let text = "type T = string;\ninterface I { a: T }\nfunction fail(a: I) {\n  throw new TypeError('no', { cause });\n}\nconst cause = new Error('why'); var x = 1; fail({ a: 'b' });";
        let error = fixture.error(Source::named("orders/check.ts", text)).await;
        assert_eq!(
            (error.kind, &*error.name, error.message.as_str()),
            (ErrorKind::Runtime, "TypeError", "no")
        );
        let place = (error.file.as_deref(), error.line, error.column);
        assert_eq!(place, (Some("orders/check.ts"), Some(4), Some(13)), "{}", error.stack);
        assert_eq!(error.cause.as_ref().map(|cause| cause.message.as_str()), Some("why"));
        assert!(error.stack.contains("at fail (orders/check.ts:4:13)"), "{}", error.stack);
        assert!(error.stack.contains("orders/check.ts:6:44"), "{}", error.stack);
        assert!(!error.stack.contains("quickcuke"), "{}", error.stack);

        let error = fixture.error("let a = 1;\nlet b = = 2;").await;
        let place = (error.kind, error.file.as_deref(), error.line, error.column);
        assert_eq!(
            place,
            (ErrorKind::Syntax, Some("[script]"), Some(2), Some(9)),
            "{}",
            error.message
        );

        let error = fixture.error("throw 'text'").await;
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Runtime, "text"));
        let error = fixture.error("const a = {}; a.a = a; return a").await;
        assert!(error.message.starts_with("The value that was returned is not JSON"), "{error}");
    });
}

#[test]
fn a_function_of_an_earlier_call_fails_in_its_own_place() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        fixture
            .execute(&mut session, "\n\nfunction f() { throw new Error('x') }")
            .await
            .result
            .unwrap();
        let error = fixture.execute(&mut session, "f()").await.result.unwrap_err();
        assert_eq!((error.line, error.column), (Some(3), Some(26)), "{}", error.stack);
    });
}

#[test]
fn a_timeout_poisons_and_vars_stay() {
    let fixture = Fixture::new().brief();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        for spin in [
            "for (;;);",
            "for (;;) [].concat(Array(1e6).fill(0))",
            "await new Promise(r => setTimeout(r, 6e5))",
        ] {
            fixture
                .execute(&mut session, "globalThis.g = 1; vars.set('k', 1)")
                .await
                .result
                .unwrap();
            let run = fixture.execute(&mut session, spin).await;
            assert!(run.poisoned, "{spin}");
            let error = run.result.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Timeout);
            assert!(error.stack.contains("a longer `timeout` may help"), "{error:?}");
            assert_eq!(table.live_vm_count(), 0);
            let run = fixture.execute(&mut session, "return [typeof g, vars.get('k')]").await;
            assert_eq!(run.result.unwrap(), json!(["undefined", 1]));
        }
    });
}

#[test]
fn code_that_cannot_be_stopped_is_given_up() {
    let fixture = Fixture::new().brief();
    wait(async {
        let native = "const s = 'a'.repeat(4e7); for (let i = 0; i < 9; i++) s.indexOf('a'.repeat(2e4) + 'b')";
        let run = fixture.run(native).await;
        assert_eq!(run.result.unwrap_err().kind, ErrorKind::Timeout);
        assert!(run.poisoned);
        assert_eq!(fixture.value("return 1").await, json!(1));
    });
}

#[test]
fn want_of_memory_poisons() {
    let fixture = Fixture::new();
    let options = RunOptions { memory: 16 << 20, ..RunOptions::default() };
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let hungry = "globalThis.all = []; for (;;) all.push(new Array(1000).fill(0))";
        let run = session.execute(hungry, &[], &options, &fixture.context).await;
        assert!(run.poisoned);
        assert_eq!(run.result.unwrap_err().kind, ErrorKind::Memory);
        let run = session.execute("return typeof all", &[], &options, &fixture.context).await;
        assert_eq!(run.result.unwrap(), json!("undefined"));
    });
}

#[test]
fn a_thrown_error_does_not_poison() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let run = fixture.execute(&mut session, "globalThis.g = 1; throw new Error('x')").await;
        assert!(!run.poisoned && run.result.is_err());
        let run = fixture.execute(&mut session, "let = = ").await;
        assert!(!run.poisoned && run.result.is_err());
        assert_eq!(fixture.execute(&mut session, "return g").await.result.unwrap(), json!(1));
    });
}

#[test]
fn another_epoch_and_other_limits_take_another_vm() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let at = |epoch| RunContext { epoch, ..fixture.context.clone() };
        let count = "vars.set('n', (vars.get('n') ?? 0) + 1); return [globalThis.n = (globalThis.n ?? 0) + 1, vars.get('n')]";
        for (epoch, expected) in
            [(Some(1), [1, 1]), (Some(1), [2, 2]), (None, [3, 3]), (Some(2), [1, 4])]
        {
            let run = session.execute(count, &[], &fixture.options, &at(epoch)).await;
            assert_eq!(run.result.unwrap(), json!(expected));
        }
        let options = RunOptions { memory: 64 << 20, ..RunOptions::default() };
        let run = session.execute(count, &[], &options, &at(None)).await;
        assert_eq!(run.result.unwrap(), json!([1, 5]));
    });
}

#[test]
fn a_vm_is_given_back_pristine() {
    let fixture = Fixture::new();
    wait(async {
        for round in 0..100 {
            let dirty = "if (globalThis.g) throw 1; var g = 1; Array.prototype.mine = 1; process.env.X = 'y'; \
                         require('fs').writeFileSync(require('os').tmpdir() + '/left', ''); setTimeout(() => {}, 1e6)";
            fixture.run(dirty).await.result.unwrap();
            let clean = "return [typeof g, 'mine' in [], process.env.X ?? null, \
                         require('fs').existsSync(require('os').tmpdir() + '/left')]";
            assert_eq!(
                fixture.value(clean).await,
                json!(["undefined", false, null, false]),
                "{round}"
            );
        }
        assert_eq!(fixture.engine.waiting_vm_count(), 1);
    });
}

#[test]
fn a_call_that_is_dropped_is_stopped_and_leaves_a_vm_of_no_use() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        for spin in [
            "globalThis.g = 1; for (;;);",
            "globalThis.g = 1; await new Promise(r => setTimeout(r, 1e6))",
        ] {
            let mut session = table.acquire("a").await;
            let call = fixture.execute(&mut session, spin);
            let cut = tokio::time::timeout(Duration::from_millis(50), call).await;
            assert!(cut.is_err());
            assert_eq!(table.live_vm_count(), 0);
            let run = fixture.execute(&mut session, "return typeof g").await;
            assert_eq!(run.result.unwrap(), json!("undefined"));
        }
    });
}

#[test]
fn at_the_cap_the_vm_goes_and_the_variables_stay() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits { warm_vms: 1, ..TableLimits::default() });
        let set = "globalThis.g = 1; vars.set('k', 1)";
        for name in ["a", "b"] {
            fixture.execute(&mut table.acquire(name).await, set).await.result.unwrap();
        }
        assert_eq!((table.live_vm_count(), table.len()), (1, 2));
        for (name, global) in [("b", "number"), ("a", "undefined")] {
            let look = "return [typeof g, vars.get('k')]";
            let run = fixture.execute(&mut table.acquire(name).await, look).await;
            assert_eq!(run.result.unwrap(), json!([global, 1]));
        }
    });
}

#[test]
fn what_is_printed_is_kept_and_counted() {
    let fixture = Fixture::new();
    wait(async {
        let run =
            fixture.run("console.log('a', 1); console.error('b'); process.stdout.write('c')").await;
        let entries: Vec<_> =
            run.console.entries.iter().map(|e| (e.stream, e.text.as_str())).collect();
        assert_eq!(
            entries,
            [(Stream::Stdout, "a 1"), (Stream::Stderr, "b"), (Stream::Stdout, "c")]
        );
        let run = fixture.run("for (let i = 0; i < 1200; i++) console.log(i)").await;
        assert_eq!((run.console.entries.len(), run.console.dropped_entries), (1000, 200));
        let run = fixture.run("console.log('before'); throw new Error('x')").await;
        assert_eq!(run.console.entries.len(), 1);
    });
}

#[test]
fn the_context_says_what_is_there() {
    let mut fixture = Fixture::new();
    std::fs::write(fixture.directory.path().join("a.txt"), "text").unwrap();
    wait(async {
        let vars: Map<_, _> = [("k".to_owned(), json!([1]))].into_iter().collect();
        let project = fixture.directory.path().canonicalize().unwrap();
        fixture.context = RunContext {
            vars,
            read: vec![".".into()],
            artifacts: Some("out".into()),
            env: vec![("STAGE".into(), "test".into())],
            host: HostName::Mcp,
            ..RunContext::default()
        };
        let seen = "require('fs').writeFileSync(artifacts + '/b', ''); const read = require('fs').readFileSync('a.txt', 'utf8'); \
                    let written; try { require('fs').writeFileSync('a.txt', '') } catch (e) { written = e.code } \
                    const { host } = await import('ferridriver'); \
                    return [vars.get('k'), artifacts, process.env.STAGE, ferridriver.host, host, Object.isFrozen(ferridriver), read, written]";
        let out = project.join("out");
        let value = fixture.value(seen).await;
        assert_eq!(value, json!([[1], out, "test", "mcp", "mcp", true, "text", "EACCES"]));
        assert!(out.join("b").exists());
        // Another call in the same VM sees what its own context says.
        fixture.context = RunContext::default();
        let seen = "let code; try { require('fs').readFileSync('a.txt') } catch (e) { code = e.code } \
                    return [vars.keys(), typeof artifacts, process.env.STAGE ?? null, ferridriver.host, code]";
        assert_eq!(fixture.value(seen).await, json!([[], "undefined", null, "script", "EACCES"]));
    });
}

#[test]
fn the_environment_of_a_session_changes_with_the_context() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        for stage in ["one", "two"] {
            let context =
                RunContext { env: vec![("STAGE".into(), stage.into())], ..RunContext::default() };
            let run =
                session.execute("return process.env.STAGE", &[], &fixture.options, &context).await;
            assert_eq!(run.result.unwrap(), json!(stage));
        }
    });
}

#[test]
fn modules_run_from_a_file_and_from_text() {
    let fixture = Fixture::new();
    let file =
        |name: &str, text: &str| std::fs::write(fixture.directory.path().join(name), text).unwrap();
    file("sum.ts", "import { two } from './two';\nexport default async (a: number) => a + two;");
    file("two.ts", "export const two: number = 2;");
    file("bad.ts", "export default () => {\n  const a: number = ;\n}");
    file("throws.ts", "type A = 1;\nexport default (): never => { throw new RangeError('r') };");
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let Fixture { options, context, .. } = &fixture;
        let run = session.execute_module("sum.ts", &[json!(1)], options, context).await;
        assert_eq!(run.result.unwrap(), json!(3));
        let text = "import { two } from './two';\nexport default { two, args };";
        let run = session.execute_module(Module::source(text), &[json!(1)], options, context).await;
        assert_eq!(run.result.unwrap(), json!({"two": 2, "args": [1]}));
        let error =
            session.execute_module("throws.ts", &[], options, context).await.result.unwrap_err();
        assert_eq!(
            (error.kind, error.line, error.column),
            (ErrorKind::Runtime, Some(2), Some(37)),
            "{}",
            error.stack
        );
        let error =
            session.execute_module("bad.ts", &[], options, context).await.result.unwrap_err();
        assert_eq!((error.kind, error.line), (ErrorKind::Syntax, Some(2)), "{error:?}");
        let error =
            session.execute_module("none.ts", &[], options, context).await.result.unwrap_err();
        assert!(error.message.contains("none.ts"), "{error}");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn processes_survive_the_vm_and_end_with_the_session() {
    let server = json!({ "server": {
        "run": "echo up; while read line; do :; done; while :; do echo more; sleep 0.05; done",
        "persistent": true, "ready": { "line": "up" },
    }});
    let fixture = Fixture::with(server).brief();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let mut session = table.acquire("a").await;
        let long = RunOptions::default();
        let run = session
            .execute("return (await commands.start('server')).pid", &[], &long, &fixture.context)
            .await;
        let pid = run.result.unwrap();
        assert!(fixture.execute(&mut session, "for (;;);").await.poisoned);
        // What it prints is still read.
        let grown = "const { stdout, pid } = commands.status('server'); \
                     for (;;) { if (commands.status('server').stdout.length > stdout.length) return pid; await new Promise(r => setTimeout(r, 10)) }";
        let run = session.execute(grown, &[], &long, &fixture.context).await;
        assert_eq!(run.result.unwrap(), pid);
        let alive = || std::path::Path::new(&format!("/proc/{pid}")).exists();
        assert!(alive());
        drop(session);
        table.shutdown().await.unwrap();
        assert!(!alive());
        assert!(table.is_empty());
    });
}

#[test]
#[cfg(target_os = "linux")]
fn only_granted_commands_run() {
    let fixture =
        Fixture::with(json!({ "a": { "run": ["echo", "a"] }, "b": { "run": ["echo", "b"] } }));
    let context = RunContext { commands: Some(vec!["a".into()]), ..RunContext::default() };
    wait(async {
        let script =
            "return [await commands.run('a'), await commands.run('b').catch(e => e.message)]";
        let run = fixture.engine.run(script, &[], &fixture.options, &context).await;
        let told =
            "command \"b\" is not granted to this script: add it to `commands` of its RunContext";
        assert_eq!(run.result.unwrap(), json!(["a", told]));
        assert_eq!(fixture.value("return await commands.run('b')").await, json!("b"));
    });
}

#[test]
fn two_sessions_run_at_a_time() {
    let fixture = Fixture::new();
    wait(async {
        let table = fixture.engine.table(TableLimits::default());
        let (mut a, mut b) = (table.acquire("a").await, table.acquire("b").await);
        // The one spins until the other has run.
        let shared = tempfile::tempdir().unwrap();
        let context = RunContext { write: vec![shared.path().into()], ..RunContext::default() };
        let file = [json!(shared.path().join("flag"))];
        let spin = a.execute(
            "while (!require('fs').existsSync(args[0])); return 1",
            &file,
            &fixture.options,
            &context,
        );
        let set = b.execute(
            "require('fs').writeFileSync(args[0], ''); return 2",
            &file,
            &fixture.options,
            &context,
        );
        let (a, b) = futures::future::join(spin, set).await;
        assert_eq!((a.result.unwrap(), b.result.unwrap()), (json!(1), json!(2)));
    });
}

#[test]
fn a_table_of_scripts_crosses_threads() {
    fn crosses<T: Send + Sync>(_: &T) {}
    let fixture = Fixture::new();
    crosses(&fixture.engine);
    crosses(&fixture.engine.table(TableLimits::default()));
}

// ---- mounts ----

#[test]
fn mounts_are_all_there_is_if_nothing_else_is_granted() {
    let mut fixture = Fixture::new();
    let root = fixture.directory.path();
    for directory in ["in", "out"] {
        std::fs::create_dir(root.join(directory)).unwrap();
    }
    std::fs::write(root.join("in/a.txt"), "a").unwrap();
    fixture.context = RunContext {
        mounts: vec![
            Mount::new("in", "/in"),
            Mount::new("out", "/out").with(Permissions::READ_WRITE),
        ],
        artifacts: Some("made/artifacts".into()),
        ..RunContext::default()
    };
    wait(async {
        let code = "const fs = require('fs'); fs.cpSync('/in', '/out/copy', { recursive: true });
            fs.writeFileSync(artifacts + '/b.txt', 'b');
            const refused = [];
            for (const path of ['/in/a.txt', '/etc/x']) {
                try { fs.writeFileSync(path, '') } catch (e) { refused.push(e.message.split('; ')[1]) }
            }
            return [process.cwd(), artifacts, require('os').tmpdir(), fs.readdirSync('/out/copy'), refused]";
        let refused = [
            "the sandbox does not let it be written: give the mount at \"/in\" more, by `mounts` of the RunContext: \
             Mount::with(Permissions::LIST | Permissions::READ | Permissions::WRITE)",
            "the sandbox does not let it be written: nothing is mounted there: add to `mounts` of the RunContext \
             Mount::new(directory, \"/etc/x\").with(Permissions::READ_WRITE)",
        ];
        let expected = json!(["/", "/artifacts", "/tmp", ["a.txt"], refused]);
        assert_eq!(fixture.value(code).await, expected);
        let made = fixture.directory.path().join("made/artifacts/b.txt");
        assert_eq!(std::fs::read_to_string(made).unwrap(), "b");

        // Another context is another tree, in the same session too.
        let table = fixture.engine.table(TableLimits::default());
        let mut guard = table.acquire("one").await;
        let seen = fixture.execute(&mut guard, "process.chdir('/out'); return process.cwd()").await;
        assert_eq!(seen.result.unwrap(), json!("/out"));
        let stays = fixture.execute(&mut guard, "return process.cwd()").await;
        assert_eq!(stays.result.unwrap(), json!("/out"));
        fixture.context = RunContext { read: vec![".".into()], ..RunContext::default() };
        let project = fixture.engine.project().to_str().unwrap();
        let seen = fixture
            .execute(&mut guard, "return [process.cwd(), require('fs').existsSync('/out/copy')]")
            .await;
        assert_eq!(seen.result.unwrap(), json!([project, false]));
        let refused = fixture.error("require('fs').readFileSync('/etc/passwd')").await;
        let mend =
            "the sandbox does not let it be read: add \"/etc/passwd\" to `read` of the RunContext";
        assert!(refused.message.ends_with(mend), "{}", refused.message);
        fixture.context.mounts = vec![Mount::new("nothing", "/data")];
        let refused = fixture.error("return 1").await;
        assert!(
            refused.message.contains("nothing' cannot be mounted at '/data'"),
            "{}",
            refused.message
        );
    });
}
