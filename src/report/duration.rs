//! How long a run took.

use std::time::Duration;

/// `1m 2.345s`, as cucumber-js prints it: minutes, seconds, and whole milliseconds.
pub(super) fn format(span: Duration) -> String {
    let seconds = span.as_secs();
    format!("{}m {}.{:03}s", seconds / 60, seconds % 60, span.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_cucumber_js_does() {
        assert_eq!(format(Duration::ZERO), "0m 0.000s");
        assert_eq!(format(Duration::from_micros(1_005_999)), "0m 1.005s");
        assert_eq!(format(Duration::from_millis(3_725_120)), "62m 5.120s");
    }
}
