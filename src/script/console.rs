//! What a script printed, up to its caps.

use crate::host::Stream;

/// The caps: entries, bytes of all, bytes of each.
const ENTRIES: usize = 1000;
const BYTES: usize = 1 << 20;
const ENTRY_BYTES: usize = 8 << 10;

/// One call of `console` or `process.stdout.write`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleEntry {
    /// Where it went.
    pub stream: Stream,
    /// Without the line break that `console` ends it with; at most 8 KiB.
    pub text: String,
}

/// What was printed, oldest first: at most 1,000 entries of 8 KiB each and 1 MiB together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Console {
    /// What was kept.
    pub entries: Vec<ConsoleEntry>,
    /// How many entries came when there was no room.
    pub dropped_entries: usize,
    /// Bytes of those, and of what was cut from entries that are too long.
    pub dropped_bytes: usize,
    bytes: usize,
}

impl Console {
    pub(super) fn add(&mut self, stream: Stream, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let kept = &text[..text.floor_char_boundary(ENTRY_BYTES)];
        if self.entries.len() >= ENTRIES || self.bytes + kept.len() > BYTES {
            self.dropped_entries += 1;
            self.dropped_bytes += text.len();
            return;
        }
        self.bytes += kept.len();
        self.dropped_bytes += text.len() - kept.len();
        self.entries.push(ConsoleEntry { stream, text: kept.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_so_many_entries_and_counts_the_rest() {
        let mut console = Console::default();
        for _ in 0..1003 {
            console.add(Stream::Stdout, "ab\n");
        }
        assert_eq!((console.entries.len(), console.dropped_entries), (1000, 3));
        assert_eq!(console.dropped_bytes, 6);
        assert_eq!(console.entries[0].text, "ab");
    }

    #[test]
    fn cuts_a_long_entry_between_two_characters() {
        let mut console = Console::default();
        console.add(Stream::Stderr, &format!("{}é!", "x".repeat(8191)));
        assert_eq!((console.entries[0].text.len(), console.dropped_bytes), (8191, 3));
        assert_eq!(console.dropped_entries, 0);
    }

    #[test]
    fn keeps_so_many_bytes() {
        let mut console = Console::default();
        let text = "x".repeat(8192);
        for _ in 0..130 {
            console.add(Stream::Stdout, &text);
        }
        assert_eq!((console.entries.len(), console.dropped_entries), (128, 2));
        assert_eq!(console.dropped_bytes, 2 * 8192);
    }
}
