//! Hundreds of thousands of hostile scenarios, for `just stress`: what a process holds must not grow.

use super::{
    scenarios::{frozen_library, scenario},
    *,
};

/// Memory that may come and go with the scenarios that happen to be run when somebody looks.
const SLACK: usize = 4 << 20;
/// Mappings that Rust's own heap may add; one that each round left would come to thousands.
const SPARE_MAPPINGS: usize = 4;

/// What this process holds.
#[derive(Debug)]
struct Held {
    /// Bytes backed by memory.
    resident: usize,
    descriptors: usize,
    mappings: usize,
}

impl Held {
    fn now() -> Held {
        let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages = status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        Held {
            resident: pages.unwrap_or(0) * 4096,
            descriptors: std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
            mappings: maps.lines().count(),
        }
    }
}

async fn stress(rounds: usize) {
    let mut world = frozen_library().await;
    let clean = world.fingerprint().await;
    let start = Instant::now();
    let mut seen = Vec::new();
    for round in 1..=rounds {
        let (source, timeout) = scenario(round);
        let _ = world.within(&source, timeout).await;
        world.isolate.restore().await.unwrap();
        world.assert_is_pristine(&source);
        let percent = round * 100 / rounds;
        if [10, 50, 100].contains(&percent) && round * 100 % rounds < 100 {
            assert_eq!(world.fingerprint().await, clean);
            seen.push(Held::now());
            let held = seen.last().unwrap();
            let rate = round as f64 / start.elapsed().as_secs_f64();
            println!(
                "{:?}: {percent:3} %: {rate:.0} rounds/s, {:.1} MiB resident, {} descriptors, {} mappings",
                PATH.get(),
                held.resident as f64 / f64::from(1 << 20),
                held.descriptors,
                held.mappings,
            );
        }
    }
    let [early, .., late] = &*seen else { panic!("too few rounds to tell") };
    assert!(late.resident <= early.resident + SLACK, "memory grows");
    assert_eq!(late.descriptors, early.descriptors, "descriptors are left open");
    assert!(late.mappings <= early.mappings + SPARE_MAPPINGS, "mappings are left");
}

#[test]
#[ignore = "takes minutes: just stress"]
fn hundreds_of_thousands_of_scenarios() {
    on_every_path(|| async {
        let rounds = std::env::var("QUICKCUKE_STRESS").ok().and_then(|text| text.parse().ok());
        let rounds = rounds.unwrap_or(200_000);
        // A new VM takes a hundred times as long as a restore.
        stress(if PATH.get() == RestorePath::FreshVm { rounds / 20 } else { rounds }).await;
    });
}
