//! How long a step or hook may take.

use std::fmt;
use std::time::{Duration, Instant};

/// Milliseconds; below zero for no timeout, as in cucumber-js.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timeout(f64);

impl Timeout {
    pub(crate) const NEVER: Self = Self(-1.0);

    /// Time that JavaScript has beyond its timeout to end a step by itself, which it does where the
    /// step only waits: then its World survives. What spins past this is cut off.
    pub(crate) const GRACE: Duration = Duration::from_millis(250);

    pub(super) fn from_millis(millis: f64) -> Self {
        Self(millis)
    }

    /// As JavaScript takes it.
    pub(crate) fn as_millis(self) -> f64 {
        self.0
    }

    pub(crate) fn from_duration(timeout: Duration) -> Self {
        Self(timeout.as_secs_f64() * 1000.0)
    }

    /// None for no timeout.
    pub(crate) fn duration(self) -> Option<Duration> {
        (self.0 >= 0.0).then(|| Duration::try_from_secs_f64(self.0 / 1000.0).ok())?
    }

    /// When the isolate cuts a call off that began at `start`.
    pub(crate) fn deadline(self, start: Instant) -> Option<Instant> {
        start.checked_add(self.duration()?.checked_add(Self::GRACE)?)
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
