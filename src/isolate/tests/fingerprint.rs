//! Whether a restore brings back everything: the bytes of the VM's memory, and the world as scripts see it.

use super::{
    scenarios::{all, frozen_library, scenario},
    *,
};

#[test]
fn every_hostile_scenario_leaves_the_world_as_it_was() {
    on_every_path(|| async {
        let mut world = frozen_library().await;
        world.isolate.restore().await.unwrap();
        let clean = world.fingerprint().await;
        for (source, timeout) in all() {
            let _ = world.within(&source, timeout).await;
            world.isolate.restore().await.unwrap();
            world.assert_is_pristine(&source);
            // A memory checker has seen enough, and would take an hour for the rest.
            if !cfg!(feature = "memcheck") {
                assert_eq!(world.fingerprint().await, clean, "{source}");
                world.assert_is_pristine("a fingerprint");
            }
        }
    });
}

#[test]
#[cfg_attr(feature = "memcheck", ignore = "would take an hour")]
fn a_thousand_in_a_row_do_so_too() {
    on_every_path(|| async {
        let mut world = frozen_library().await;
        world.isolate.restore().await.unwrap();
        let clean = world.fingerprint().await;
        let rounds = if PATH.get() == RestorePath::FreshVm { 50 } else { 1000 };
        for round in 0..rounds {
            let (source, timeout) = scenario(round);
            let _ = world.within(&source, timeout).await;
            world.isolate.restore().await.unwrap();
            world.assert_is_pristine(&source);
            if round % 100 == 99 {
                assert_eq!(world.fingerprint().await, clean, "{source}");
            }
        }
    });
}

/// The instrument is good for something.
#[test]
fn a_fingerprint_tells_worlds_apart() {
    on_worker(|| async {
        let mut world = frozen_library().await;
        let clean = world.fingerprint().await;
        let mut seen = std::collections::HashSet::from([clean.clone()]);
        for source in [
            "globalThis.x = 1",
            "globalThis.x = -0",
            "globalThis.x = 0",
            "globalThis.x = Symbol('x')",
            "lib.state.push(lib)",
            "lib.state.push(lib.state)",
            "lib.map.set(1, 1)",
            "lib.bump()",
            "lib.pattern.lastIndex = 1",
            "lib.shared[0] = 1",
            "Object.preventExtensions(lib)",
            "Object.defineProperty(lib, 'count', { enumerable: false })",
            "Object.setPrototypeOf(lib, null)",
            "delete (function* () {})().__proto__.__proto__.next",
            "const { max } = Math; Math.max = Math.min; Math.min = max",
            "lib.self.lib.path.default.extra = 1",
        ] {
            world.body(source).await.unwrap();
            assert!(seen.insert(world.fingerprint().await), "not seen: {source}");
            assert_eq!(world.fingerprint().await, clean);
        }
    });
}
