//! The cells of a table row.

use super::line::Line;
use crate::messages::{Location, TableCell};

/// What is cut off around a cell's text. A line break that an escape made stays.
const PADDING: [char; 7] = [' ', '\t', '\u{b}', '\u{c}', '\r', '\u{85}', '\u{a0}'];

/// The cells between the line's bars. What follows the last bar is left out.
///
/// A cell's column counts UTF-16 units from the first bar on, unlike every other column: that is
/// how the official parser counts.
pub(super) fn cells(line: &Line) -> Vec<TableCell> {
    let mut cells = Vec::new();
    let bytes = line.trimmed.as_bytes();
    let mut start = None;
    let mut column = line.column();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'|' => {
                let raw = &line.trimmed[start.unwrap_or(0)..at];
                if start.is_some() {
                    cells.push(cell(raw, line.number, column));
                }
                column += units(raw) + 1;
                start = Some(at + 1);
            }
            // The next character is escaped. If it is of several bytes, none of them is a bar.
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    cells
}

fn cell(raw: &str, line: u32, column: u32) -> TableCell {
    let text = raw.trim_start_matches(PADDING);
    let column = column + (raw.chars().count() - text.chars().count()) as u32;
    let text = text.trim_end_matches(PADDING);
    TableCell { location: Location { line, column: Some(column) }, value: unescape(text) }
}

/// `\n` is a line break, `\|` a bar and `\\` a backslash; any other backslash is itself.
fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let (character, skipped) = match after.as_bytes().first() {
            Some(b'n') => ('\n', 1),
            Some(b'|') => ('|', 1),
            Some(b'\\') => ('\\', 1),
            _ => ('\\', 0),
        };
        value.push(character);
        rest = &after[skipped..];
    }
    value.push_str(rest);
    value
}

fn units(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.encode_utf16().count() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, String)> {
        let cells = cells(&Line::new(1, text));
        cells.into_iter().map(|cell| (cell.location.column.unwrap_or(0), cell.value)).collect()
    }

    fn values(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn cells_are_trimmed_and_know_their_column() {
        let expected = [(5, "a".to_owned()), (10, String::new()), (11, "b c".to_owned())];
        assert_eq!(read("  | a |  |b c|"), expected);
    }

    #[test]
    fn escapes() {
        assert_eq!(values(r"|a\nb|\||\\|\x|\\n|"), ["a\nb", "|", r"\", r"\x", r"\n"]);
        assert_eq!(values(r"| \n |"), ["\n"]);
        assert_eq!(values(r"| a\ |"), [r"a\"]);
    }

    #[test]
    fn what_is_outside_the_bars_is_no_cell() {
        assert_eq!(values("| a | b"), ["a"]);
        assert_eq!(values(r"| a | b\"), ["a"]);
        assert!(values("|").is_empty());
    }

    #[test]
    fn a_character_beyond_the_bmp_counts_twice() {
        assert_eq!(read("|🥒| b|")[1].0, 6);
        assert_eq!(read("|é| b|")[1].0, 5);
    }
}
