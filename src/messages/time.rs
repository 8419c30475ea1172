//! Points and spans of time.

use std::fmt;
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

/// As ISO 8601 has it, in UTC and to the millisecond: `2026-01-31T12:00:00.250Z`, or without the milliseconds where there
/// are none.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: u64 = 24 * 60 * 60;
        let (year, month, day) = civil_date(self.seconds / DAY);
        let of_day = self.seconds % DAY;
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanos / 1_000_000 {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

/// Year, month and day of so many days after 1 January 1970, after Howard Hinnant's `civil_from_days`: years begin in March,
/// so that the leap day is their last, and 400 of them are an era of 146,097 days.
fn civil_date(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    let days = days + 719_468;
    let (era, day_of_era) = (days / ERA, days % ERA);
    let leap_days = day_of_era / 1_460 + day_of_era / (ERA - 1) - day_of_era / 36_524;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_print_as_dates() {
        let told = |seconds, nanos| Timestamp { seconds, nanos }.to_string();
        assert_eq!(told(0, 999_999), "1970-01-01T00:00:00Z");
        assert_eq!(told(951_782_399, 5_000_000), "2000-02-28T23:59:59.005Z");
        assert_eq!(told(951_782_400, 0), "2000-02-29T00:00:00Z");
        assert_eq!(told(951_868_800, 0), "2000-03-01T00:00:00Z");
        assert_eq!(told(1_798_761_599, 999_000_000), "2026-12-31T23:59:59.999Z");
        assert_eq!(told(4_107_542_400, 0), "2100-03-01T00:00:00Z");
    }
}
