//! Durations as the configuration writes them.

use std::time::Duration;

/// `500ms`, `30s`, `1.5s`, `2m`, `1h`: a number and a unit. At most a year.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let problem = || {
        format!(
            "\"{text}\" is no duration; write a number and a unit: \"500ms\", \"30s\", \"2m\" or \"1h\""
        )
    };
    let digits = text.trim();
    let unit_at = digits.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(problem)?;
    let (number, unit) = digits.split_at(unit_at);
    let unit_seconds = match unit.trim() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(problem()),
    };
    let seconds = number.parse::<f64>().map_err(|_| problem())? * unit_seconds;
    if seconds > 366.0 * 86_400.0 {
        return Err(format!("\"{text}\" is longer than a year"));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// A number of milliseconds, as JavaScript gives it. At most a year.
pub(super) fn from_ms(ms: &serde_json::Number) -> Result<Duration, String> {
    match ms.as_f64() {
        Some(value) if (0.0..=366.0 * 86_400_000.0).contains(&value) => {
            Ok(Duration::from_secs_f64(value / 1000.0))
        }
        _ => Err(format!("{ms} is no number of milliseconds from 0 to a year")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_with_units() {
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(parse(" 1.5 h "), Ok(Duration::from_secs(5400)));
    }

    #[test]
    fn refuses_the_rest_and_shows_how() {
        for text in ["", "30", "s", "1d", "-1s", "1..5s", "99999999h"] {
            let problem = parse(text).unwrap_err();
            assert!(problem.starts_with(&format!("\"{text}\" is ")), "{problem}");
        }
    }
}
