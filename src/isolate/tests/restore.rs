//! What a restore brings back, and what it must not.

use super::*;

async fn frozen(files: &[(&str, &str)], entry: &str) -> World {
    let mut world = World::new(files);
    world.isolate.import(entry, None).await.unwrap();
    world.isolate.freeze().unwrap();
    world
}

#[test]
fn module_state_and_globals_come_back() {
    on_every_path(|| async {
        let mut world = frozen(
            &[(
                "/a/lib.mjs",
                "export let n = 0; export const bump = () => ++n; globalThis.seen = { n: 1 };",
            )],
            "/a/lib.mjs",
        )
        .await;
        let source = "const { bump } = await import('/a/lib.mjs'); seen.n++; globalThis.extra = 1; return [bump(), bump(), seen.n];";
        for _ in 0..3 {
            assert_eq!(world.body(source).await.unwrap(), "[1,2,2]");
            assert_eq!(world.run("typeof extra").await.unwrap(), "\"number\"");
            world.isolate.restore().await.unwrap();
            assert_eq!(world.run("typeof extra").await.unwrap(), "\"undefined\"");
        }
    });
}

#[test]
fn a_later_snapshot_takes_the_place_of_an_earlier_one() {
    on_every_path(|| async {
        let mut world = frozen(&[("/a/x.js", "globalThis.n = [0];")], "/a/x.js").await;
        for round in 1..5 {
            for _ in 0..3 {
                world.body("n.push(new Array(1e5).fill(n));").await.unwrap();
                world.isolate.restore().await.unwrap();
                assert_eq!(world.run("n.length").await.unwrap(), round.to_string());
            }
            world.body("n.push(0); globalThis.spare = new Array(1e4).fill({});").await.unwrap();
            world.isolate.freeze().unwrap();
        }
    });
}

#[test]
fn random_does_not_replay_and_the_clock_goes_on() {
    on_every_path(|| async {
        let mut world = frozen(&[("/a/x.js", "")], "/a/x.js").await;
        let mut seen = std::collections::HashSet::new();
        let mut last = 0.0;
        for _ in 0..20 {
            let text = world.run("[Math.random(), Date.now(), performance.now()]").await.unwrap();
            let [random, now, clock]: [f64; 3] = serde_json::from_str(&text).unwrap();
            assert!((0.0..1.0).contains(&random) && now > 1.7e12);
            // The engine's own clock counts from where the VM was made.
            assert!(clock > last || PATH.get() == RestorePath::FreshVm);
            assert!(seen.insert(text), "replayed");
            last = clock;
            world.isolate.restore().await.unwrap();
        }
    });
}

#[test]
fn pending_work_is_dropped() {
    on_every_path(|| async {
        let mut world = frozen(&[("/a/x.js", "globalThis.log = [];")], "/a/x.js").await;
        world.body("setTimeout(() => log.push('timer'), 1); void ops.sleep(1).then(() => log.push('op')); setImmediate(() => log.push('i')); ").await.unwrap();
        world.isolate.restore().await.unwrap();
        let source = "await new Promise((r) => setTimeout(r, 20)); return log;";
        assert_eq!(world.body(source).await.unwrap(), "[]");
    });
}

#[test]
fn a_call_that_was_dropped_is_no_harm() {
    on_every_path(|| async {
        let mut world = frozen(&[("/a/x.js", "globalThis.n = 0;")], "/a/x.js").await;
        for _ in 0..50 {
            {
                let call = world.body("n++; await ops.sleep(10000); n++;");
                let _ = tokio::time::timeout(Duration::from_millis(1), call).await;
            }
            world.isolate.restore().await.unwrap();
            assert_eq!(world.run("n").await.unwrap(), "0");
        }
    });
}

#[test]
fn modules_loaded_after_the_snapshot_are_forgotten() {
    on_every_path(|| async {
        let mut world = frozen(
            &[
                ("/a/x.js", "exports.early = 1;"),
                (
                    "/a/late.mjs",
                    "import './dep.mjs'; globalThis.runs = (globalThis.runs ?? 0) + 1;",
                ),
                ("/a/dep.mjs", "export const dep = {};"),
                ("/a/broken.mjs", "import './gone.mjs';"),
                ("/a/late.js", "module.exports = require('./late.mjs');"),
            ],
            "/a/x.js",
        )
        .await;
        let source = "await import('/a/broken.mjs').catch(() => {}); makeRequire('/a/z.js')('./late.js'); await import('/a/late.mjs'); return runs;";
        for _ in 0..20 {
            assert_eq!(world.body(source).await.unwrap(), "1");
            world.isolate.restore().await.unwrap();
        }
    });
}

#[test]
fn imports_that_were_cut_off_can_be_repeated() {
    on_every_path(|| async {
        let limits = Limits { memory: 24 << 20, ..Limits::default() };
        let files = Files::of(&[
            ("/a/x.js", ""),
            ("/a/spin.mjs", "import './dep.mjs'; for (;;) {}"),
            (
                "/a/hungry.mjs",
                "import './dep.mjs'; const a = []; for (;;) a.push(new Array(1000).fill(a));",
            ),
            (
                "/a/waits.mjs",
                "import './dep.mjs'; await new Promise((done) => setTimeout(done, 1e6));",
            ),
            (
                "/a/hungry.js",
                "require('./dep.mjs'); const a = []; for (;;) a.push(new Array(1000).fill(a));",
            ),
            ("/a/deep.js", "(function f() { f(); })();"),
            ("/a/dep.mjs", "import './hungry2.js'; export const dep = 1;"),
            ("/a/hungry2.js", "exports.x = 1;"),
        ]);
        let mut world = World::with(&limits, test_ops(), Rc::new(files));
        world.isolate.import("/a/x.js", None).await.unwrap();
        world.isolate.freeze().unwrap();
        for _ in 0..3 {
            for (path, kind) in [
                ("/a/spin.mjs", ErrorKind::Timeout),
                ("/a/hungry.mjs", ErrorKind::Memory),
                ("/a/waits.mjs", ErrorKind::Timeout),
                ("/a/hungry.js", ErrorKind::Memory),
                ("/a/deep.js", ErrorKind::Runtime),
            ] {
                let timeout = if kind == ErrorKind::Timeout { 50 } else { 20_000 };
                let deadline = Some(Instant::now() + Duration::from_millis(timeout));
                let error = world.isolate.import(path, deadline).await.unwrap_err();
                assert_eq!(error.kind, kind, "{path}: {error}");
                world.isolate.restore().await.unwrap();
                assert_eq!(
                    world.body("return (await import('/a/dep.mjs')).dep").await.unwrap(),
                    "1"
                );
            }
        }
    });
}

#[test]
fn errors_are_whole_after_a_restore() {
    on_every_path(|| async {
        let mut world = frozen(
            &[("/a/x.mjs", "globalThis.f = () => { throw new TypeError('t') };")],
            "/a/x.mjs",
        )
        .await;
        for _ in 0..10 {
            let error = world.body("f()").await.unwrap_err();
            assert_eq!((&*error.name, error.file.as_deref()), ("TypeError", Some("/a/x.mjs")));
            world.isolate.restore().await.unwrap();
        }
    });
}

#[test]
fn a_limit_that_is_too_small_is_an_error() {
    on_every_path(|| async {
        for kilobytes in [1, 100, 150, 200, 230] {
            let limits = Limits { memory: kilobytes << 10, ..Limits::default() };
            let files = Rc::new(Files::of(&[]));
            let error = Isolate::new(&limits, test_ops(), &PRELUDE, files).unwrap_err();
            assert!(
                matches!(error.kind, ErrorKind::Memory | ErrorKind::Internal),
                "{kilobytes}: {error}"
            );
        }
    });
}

#[test]
fn many_isolates_come_and_go() {
    on_every_path(|| async {
        for round in 0..100 {
            let mut world =
                frozen(&[("/a/x.js", "globalThis.a = new Array(1e4).fill({})")], "/a/x.js").await;
            if round % 2 == 0 {
                let _ = world.within("for (;;) {}", 1).await;
            } else {
                world.body("setInterval(() => {}, 1); void ops.sleep(1e6);").await.unwrap();
                world.isolate.restore().await.unwrap();
            }
        }
    });
}
