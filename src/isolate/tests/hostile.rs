//! Code that eats time and memory.

use super::{
    scenarios::{HUNGRY, small},
    *,
};

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
#[cfg_attr(feature = "memcheck", ignore = "rests on the machine's speed")]
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
