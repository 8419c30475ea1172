//! Sizes and durations as people write them in configuration.

use std::time::Duration;

/// What a size may look like, for messages.
pub(crate) const SIZE: &str = "a size such as \"256MiB\" or a number of bytes";
/// What a duration may look like, for messages.
pub(crate) const DURATION: &str = "a duration such as \"500ms\", \"30s\" or \"2m\"";

/// Reads `256MiB`, `64 MB`, `1G`, `4096`; units are powers of 1024 (`KiB`, `K`) or of 1000 (`KB`).
pub(crate) fn parse_size(text: &str) -> Option<usize> {
    let (number, unit) = split(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kib" => 1024.0,
        "kb" => 1e3,
        "m" | "mib" => 1024.0 * 1024.0,
        "mb" => 1e6,
        "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "gb" => 1e9,
        _ => return None,
    };
    let bytes = number * factor;
    (1.0..1e15).contains(&bytes).then_some(bytes as usize)
}

/// Reads `500ms`, `30s`, `1.5m`, `2h`. A bare number has no unit and is refused; so is what exceeds a year.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let seconds = match unit {
        "ms" => number / 1e3,
        "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return None,
    };
    (seconds <= 366.0 * 86_400.0).then(|| Duration::from_secs_f64(seconds))
}

fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes() {
        assert_eq!(parse_size("256MiB"), Some(256 << 20));
        assert_eq!(parse_size("1.5 kb"), Some(1500));
        assert_eq!(parse_size("4096"), Some(4096));
        for bad in ["", "MiB", "1 parsec", "-1", "0", "1e99", "9999999999999G"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }

    #[test]
    fn reads_durations() {
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("1.5m"), Some(Duration::from_secs(90)));
        for bad in ["", "30", "s", "1d", "-1s", "99999999h"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }
}
