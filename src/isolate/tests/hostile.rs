//! Code that eats time and memory, and thousands of scenarios of it with a restore in between.

use super::*;

fn small() -> Limits {
    Limits { memory: 24 << 20, ..Limits::default() }
}

/// Bytes of this process that are backed by memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

const HUNGRY: &[&str] = &[
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

#[test]
fn want_of_memory_is_told_and_survived() {
    on_worker(|| async {
        for source in HUNGRY {
            let world = World::with(&small(), test_ops(), Rc::new(Files::of(&[])));
            let error = world.body(source).await.unwrap_err();
            assert_eq!(
                (error.kind, error.poisoned),
                (ErrorKind::Memory, true),
                "{source}: {error}"
            );
        }
    });
}

#[test]
fn native_loops_that_allocate_end_at_the_deadline() {
    on_worker(|| async {
        for source in [
            "for (;;) [].concat(Array(1e6).fill(0))",
            "for (;;) 'x'.repeat(1e6).split('')",
            "for (;;) JSON.parse(JSON.stringify(Array(1e5).fill('x')))",
        ] {
            let world = World::new(&[]);
            let error = world.within(source, 30).await.unwrap_err();
            assert_eq!(
                (error.kind, error.poisoned),
                (ErrorKind::Timeout, true),
                "{source}: {error}"
            );
        }
    });
}

#[test]
fn a_timeout_tells_where_the_code_was() {
    on_worker(|| async {
        let world = World::new(&[(
            "/a/spin.mjs",
            "let n = 0;\nexport function spin() {\n  for (;;) { n = Math.max(n, 1); }\n}\n",
        )]);
        let error = world.within("(await import('/a/spin.mjs')).spin();", 30).await.unwrap_err();
        assert_eq!(
            (error.kind, error.file.as_deref(), error.line),
            (ErrorKind::Timeout, Some("/a/spin.mjs"), Some(3)),
            "{error:?}"
        );
    });
}

/// Runs a test again in a process of its own, whose memory is nobody else's; true in that process.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "QUICKCUKE_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let name = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let binary = std::env::current_exe().unwrap();
    let run = std::process::Command::new(binary)
        .args([&name, "--exact"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && output.contains("1 passed"), "{output}");
    false
}

#[test]
fn thousands_of_hostile_scenarios_leave_no_trace() {
    if !is_alone("thousands_of_hostile_scenarios_leave_no_trace") {
        return;
    }
    let mixed = [
        ("globalThis.leak = 1; lib.state.push(1); lib.count++; throw new Error('x');", 1000),
        ("lib.state = null; const f = () => f() + 1; f();", 1000),
        ("for (;;) { lib.count++ }", 2),
        ("await new Promise(() => { lib.count = -1; });", 2),
        (
            "setInterval(() => lib.count++, 1); void ops.sleep(5).then(() => lib.count++); await ops.sleep(3);",
            1000,
        ),
        (
            "for (let i = 0; i < 50; i++) new Promise(() => {}); Promise.reject(new Error('nobody'));",
            1000,
        ),
        (
            "lib.big = new Array(1e5).fill({}); Array.prototype.push = () => { throw 1 }; Object.freeze(lib);",
            1000,
        ),
        ("try { ops.fail() } catch {} await ops.fails();", 1000),
        ("globalThis.m = await import('/a/late.mjs'); m.bump(); throw m.value;", 1000),
        (
            "delete globalThis.lib; delete globalThis.Promise; setTimeout(() => { throw 1 }, 1); await null;",
            1000,
        ),
        ("try { ops.panic() } catch {} throw null", 1000),
        (
            "const m = new Map(); m.set(m, new WeakRef(m)); new FinalizationRegistry(() => {}).register({}, 1);",
            1000,
        ),
    ];
    on_worker(move || async move {
        let files = Files::of(&[
            (
                "/a/lib.mjs",
                "import cjs from './c.js'; export const lib = globalThis.lib = { state: [1, 2], count: 0, cjs };",
            ),
            ("/a/c.js", "exports.loaded = ['c'];"),
            ("/a/late.mjs", "export let value = 0; export const bump = () => { value++; };"),
        ]);
        let mut world = World::with(&small(), test_ops(), Rc::new(files));
        world.isolate.import("/a/lib.mjs", None).await.unwrap();
        world.isolate.freeze().unwrap();
        let clean = world.isolate.memory_usage();
        let mut before = 0;
        for round in 0..2000_usize {
            if round == 300 {
                before = resident();
            }
            let index = if round % 250 == 249 { HUNGRY.len() + round } else { round };
            let (source, timeout) = match mixed.get(index % mixed.len()) {
                _ if index >= HUNGRY.len() + round => {
                    (HUNGRY[(round / 250) % HUNGRY.len()], 10_000)
                }
                Some(entry) => *entry,
                None => unreachable!(),
            };
            let _ = world.within(source, timeout).await;
            world.isolate.restore().await.unwrap();
            assert_eq!(world.isolate.memory_usage(), clean, "{source}");
            if round % 10 == 0 {
                let state = world
                    .run("[lib, Object.isFrozen(lib), typeof leak, typeof m, [].push(1)]")
                    .await
                    .unwrap();
                assert_eq!(
                    state,
                    r#"[{"state":[1,2],"count":0,"cjs":{"loaded":["c"]}},false,"undefined","undefined",1]"#,
                    "{source}"
                );
                world.isolate.restore().await.unwrap();
            }
        }
        let grown = resident().saturating_sub(before);
        assert!(grown < 16 << 20, "{grown} bytes more than after 300 rounds");
    });
}
