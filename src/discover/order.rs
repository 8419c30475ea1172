//! The order of pickles, and a machine's share of them.

use super::seeded_random::SeededRandom;
use crate::config::{Config, Order};

/// Keeps this machine's share of the selected pickles (every TOTAL-th of `--shard INDEX/TOTAL`) and puts it into order.
/// A seed shuffles as it does in cucumber-js.
pub fn arrange<T>(config: &Config, pickles: Vec<T>) -> Vec<T> {
    let mut pickles = match config.shard {
        Some(shard) => pickles.into_iter().skip(shard.index - 1).step_by(shard.total).collect(),
        None => pickles,
    };
    match &config.order {
        Order::Defined => {}
        Order::Reverse => pickles.reverse(),
        Order::Random { seed } => shuffle(&mut pickles, seed),
    }
    pickles
}

/// Fisher and Yates, from the end.
fn shuffle<T>(items: &mut [T], seed: &str) {
    let mut random = SeededRandom::new(seed);
    for end in (1..=items.len()).rev() {
        let picked = (random.number() * end as f64) as usize;
        items.swap(end - 1, picked);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Flags, Surroundings, resolve};

    fn ordered(count: usize, seed: &str) -> Vec<usize> {
        let mut items: Vec<usize> = (0..count).collect();
        shuffle(&mut items, seed);
        items
    }

    #[test]
    fn a_seed_shuffles_as_in_cucumber_js() {
        // Written down from `knuth-shuffle-seeded`, which cucumber-js uses.
        assert_eq!(ordered(8, "1"), [0, 6, 4, 7, 1, 5, 3, 2]);
        assert_eq!(ordered(8, "cucumber"), [2, 0, 6, 1, 5, 3, 4, 7]);
        assert_eq!(ordered(12, "42"), [2, 4, 10, 11, 8, 6, 5, 7, 3, 9, 1, 0]);
        assert_eq!(ordered(5, "\u{1F600}\u{FC}"), [1, 0, 4, 3, 2]);
        // Longer than the key.
        assert_eq!(ordered(300, &"x".repeat(300))[..6], [4, 216, 162, 123, 166, 13]);
    }

    #[test]
    fn shares_come_before_order() {
        let arranged = |arguments: &[&str]| {
            let flags = Flags::parse_arguments(arguments).unwrap();
            let load_script = |_: &Path| Err(String::new());
            let surroundings = Surroundings {
                cwd: Path::new("/"),
                env: &|_| None,
                languages: &[],
                load_script: &load_script,
                debug: &|_, _| {},
            };
            arrange(&resolve(&flags, &surroundings).unwrap(), vec![1, 2, 3, 4, 5])
        };
        assert_eq!(arranged(&[]), [1, 2, 3, 4, 5]);
        assert_eq!(arranged(&["--order", "reverse"]), [5, 4, 3, 2, 1]);
        assert_eq!(arranged(&["--shard", "1/2", "--order", "reverse"]), [5, 3, 1]);
        assert_eq!(arranged(&["--shard", "7/7"]), [0; 0]);
    }
}
