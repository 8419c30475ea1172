//! Points and spans of time.

use std::sync::LazyLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A point in time: seconds and nanoseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Timestamp {
    pub seconds: u64,
    pub nanos: u32,
}

impl Timestamp {
    /// The present: see [`Timestamp::from`].
    pub fn now() -> Self {
        Instant::now().into()
    }

    /// The time from `earlier` to this point; zero where the clock went backwards.
    pub fn since(self, earlier: Self) -> std::time::Duration {
        std::time::Duration::new(self.seconds, self.nanos)
            .saturating_sub(std::time::Duration::new(earlier.seconds, earlier.nanos))
    }
}

impl From<Instant> for Timestamp {
    /// An instant by the system's clock as it was when the process first asked: the order of timestamps is
    /// that of the instants, even if the clock is set meanwhile.
    fn from(instant: Instant) -> Self {
        static ANCHOR: LazyLock<(Instant, std::time::Duration)> = LazyLock::new(|| {
            // A clock set before 1970 is reported as the epoch rather than failing a run.
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            (Instant::now(), since)
        });
        let (then, since) = *ANCHOR;
        let since = match instant.checked_duration_since(then) {
            Some(later) => since + later,
            None => since.saturating_sub(then.duration_since(instant)),
        };
        Self { seconds: since.as_secs(), nanos: since.subsec_nanos() }
    }
}

/// A span of time, in seconds and nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Duration {
    pub seconds: u64,
    pub nanos: u32,
}

impl Duration {
    /// The whole span in nanoseconds.
    pub fn as_nanos(self) -> u64 {
        self.seconds * NANOS_PER_SECOND + u64::from(self.nanos)
    }
}

impl From<std::time::Duration> for Duration {
    fn from(span: std::time::Duration) -> Self {
        Self { seconds: span.as_secs(), nanos: span.subsec_nanos() }
    }
}

impl From<Duration> for std::time::Duration {
    fn from(span: Duration) -> Self {
        Self::new(span.seconds, span.nanos)
    }
}
