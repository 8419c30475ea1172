//! Identifiers of messages.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Serialize, Serializer};

/// The identifier of a message, unique within one run. In JSON it is a string of decimal digits.
///
/// The protocol leaves the form open; a number is what the compatibility kit uses, and it makes an
/// id free to copy and to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u32);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What is looked up by id.
pub type IdMap<V> = HashMap<Id, V, BuildHasherDefault<IdHasher>>;

/// Ids are numbers of our own making, close to each other: to spread them a multiplication will do.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(byte.into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        // By the golden ratio, after Knuth.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Hands out the ids of one run: 0, 1, 2, … Shared by all threads of the run.
///
/// A clone hands out the same ids once more: for making the same messages again.
#[derive(Debug, Default)]
pub struct IdGenerator(AtomicU32);

impl Clone for IdGenerator {
    fn clone(&self) -> Self {
        Self(AtomicU32::new(self.0.load(Ordering::Relaxed)))
    }
}

impl IdGenerator {
    /// The next id, never handed out before by this generator.
    pub fn next(&self) -> Id {
        Id(self.0.fetch_add(1, Ordering::Relaxed))
    }

    /// Leaves the next `count` ids to a clone that was made just before.
    pub fn skip(&self, count: u32) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }
}
