//! `parallel`: a number of workers, or how it follows from the machine.

use std::thread;

use serde_json::Value;

/// What it may be, for messages.
pub(crate) const WORKERS: &str = "a whole number, `auto` or a percentage such as `50%`";

/// How many workers a text asks for: `auto` is one for each processor, `50%` one for every second. 0 means one
/// scenario at a time without workers beside.
pub(crate) fn parse(text: &str) -> Option<usize> {
    parse_for(text, processors())
}

/// The same for a value in a configuration file or of the command line, which was checked.
pub(crate) fn count(value: &Value) -> usize {
    match value {
        Value::String(text) => parse(text).unwrap_or_default(),
        // JavaScript and YAML may write 2 as 2.0.
        _ => value.as_f64().map_or(0, |number| number as usize),
    }
}

fn parse_for(text: &str, processors: usize) -> Option<usize> {
    let text = text.trim();
    if text == "auto" {
        return Some(processors);
    }
    match text.strip_suffix('%') {
        Some(percentage) => {
            let percentage: u16 = percentage.parse().ok()?;
            Some((processors * usize::from(percentage) / 100).max(1))
        }
        None => text.parse::<u32>().ok().map(|workers| workers as usize),
    }
}

/// Those that this process may use, by its affinity and its control group.
fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_share_of_the_processors_or_all_of_them() {
        let workers = |text| parse_for(text, 8);
        assert_eq!(workers("3"), Some(3));
        assert_eq!(workers("auto"), Some(8));
        assert_eq!((workers("50%"), workers("200%"), workers("13%")), (Some(4), Some(16), Some(1)));
        assert_eq!((workers("1%"), workers("0%")), (Some(1), Some(1)), "never none");
        for bad in ["", "-1", "1.5", "%", "-5%", "50 %", "half", "AUTO", "99999%"] {
            assert_eq!(workers(bad), None, "{bad}");
        }
    }
}
