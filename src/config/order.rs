//! `--order` and `--shard`.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The order in which scenarios run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// As they stand in the files.
    Defined,
    /// Last first.
    Reverse,
    /// Shuffled; the same seed gives the same order.
    Random { seed: String },
}

impl Order {
    /// Reads `defined`, `reverse`, `random` or `random:SEED`. As in cucumber-js a seed ends at the next colon;
    /// without one it is empty.
    pub(crate) fn parse(text: &str) -> Option<Order> {
        let mut parts = text.split(':');
        match (parts.next()?, parts.next()) {
            ("defined", None) => Some(Order::Defined),
            ("reverse", None) => Some(Order::Reverse),
            ("random", seed) => Some(Order::Random { seed: seed.unwrap_or_default().to_owned() }),
            _ => None,
        }
    }
}

/// A seed for a random order, below a million. It need not be hard to guess, only different from run to run.
pub(crate) fn new_seed() -> String {
    // The standard library seeds its hash maps at random.
    (RandomState::new().build_hasher().finish() % 1_000_000).to_string()
}

/// One part of a run that is split over several machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1 to `total`.
    pub index: usize,
    /// How many parts there are; at least 1.
    pub total: usize,
}

impl Shard {
    /// Reads `INDEX/TOTAL`.
    pub(crate) fn parse(text: &str) -> Option<Shard> {
        let (index, total) = text.split_once('/')?;
        let number = |digits: &str| -> Option<usize> {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let shard = Shard { index: number(index)?, total: number(total)? };
        (1..=shard.total).contains(&shard.index).then_some(shard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_orders() {
        assert_eq!(Order::parse("reverse"), Some(Order::Reverse));
        assert_eq!(Order::parse("random:"), Some(Order::Random { seed: String::new() }));
        assert_eq!(Order::parse("random:a:b"), Some(Order::Random { seed: "a".to_owned() }));
        for bad in ["", "rand", "defined:1", "Random"] {
            assert_eq!(Order::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn reads_shards() {
        assert_eq!(Shard::parse("2/3"), Some(Shard { index: 2, total: 3 }));
        for bad in ["", "1", "0/3", "4/3", "+1/3", "1/", "a/b"] {
            assert_eq!(Shard::parse(bad), None, "{bad}");
        }
    }
}
