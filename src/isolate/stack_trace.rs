//! Stack traces: from QuickJS's frames to V8-shaped ones with the author's positions, and back to a
//! position.

use super::modules::{Called, Position};

/// File names of frames that are not the author's begin with one of these.
const OURS: &[&str] = &["quickcuke:", "node:"];

/// Whether a frame's file is part of the prelude or a builtin.
pub fn is_prelude_file(file: &str) -> bool {
    OURS.iter().any(|scheme| file.starts_with(scheme))
}

/// One line of a stack trace.
#[derive(Debug, PartialEq)]
struct Frame<'a> {
    /// Empty for code outside any function.
    function: &'a str,
    /// `None` for a native function.
    place: Option<(&'a str, u32, u32)>,
}

/// Reads QuickJS's frames ("    at fn (file:1:2)", "    at file:1:2", "    at fn (native)") and V8's, which
/// differ only for native ones.
fn parse(line: &str) -> Option<Frame<'_>> {
    let text = line.trim_start().strip_prefix("at ")?.trim_end();
    // A file name may hold parentheses, a function name does not hold " (".
    if let Some((function, place)) = text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        return Some(Frame { function, place: parse_place(place) });
    }
    Some(match parse_place(text) {
        Some(place) => Frame { function: "", place: Some(place) },
        None => Frame { function: text, place: None },
    })
}

fn parse_place(place: &str) -> Option<(&str, u32, u32)> {
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some((file, line.parse().ok()?, column.parse().ok()?))
}

/// V8-shaped frames, each line led by a line break, from QuickJS's. `original` maps a position to the
/// author's, with what is called there: `first` in the first frame. Frames of code that has no name in V8 either are
/// printed bare.
pub(super) fn format(
    raw: &str,
    first: Called<'_>,
    original: impl Fn(&str, u32, u32, Called<'_>) -> Option<Position>,
) -> String {
    let mut text = String::with_capacity(raw.len() + 16);
    let mut above = first;
    for frame in raw.lines().filter_map(parse) {
        let function = match frame.function {
            "<anonymous>" | "<eval>" => "",
            name => name,
        };
        text.push_str("\n    at ");
        let called = std::mem::replace(&mut above, Called::Function(function));
        let place = match frame.place {
            None => "<anonymous>".to_owned(),
            Some((file, line, column)) => match original(file, line, column, called) {
                Some(position) => {
                    format!("{}:{}:{}", position.file, position.line, position.column)
                }
                None => format!("{file}:{line}:{column}"),
            },
        };
        if function.is_empty() {
            text.push_str(&place);
        } else {
            text.push_str(function);
            text.push_str(" (");
            text.push_str(&place);
            text.push(')');
        }
    }
    text
}

/// The position of the first frame that is the author's.
pub(super) fn first_author_position(stack: &str) -> Option<Position> {
    author_positions(stack).next()
}

/// The position of the first frame that is in no package; where all are, of the first.
pub(super) fn starting_position(stack: &str) -> Option<Position> {
    let mut positions = author_positions(stack).peekable();
    let first = positions.peek().cloned();
    positions.find(|position| !position.file.contains("/node_modules/")).or(first)
}

fn author_positions(stack: &str) -> impl Iterator<Item = Position> {
    stack
        .lines()
        .filter(|line| line.starts_with("    at "))
        .filter_map(|line| parse(line)?.place)
        .filter(|(file, _, _)| !is_prelude_file(file) && !matches!(*file, "<input>" | "<null>"))
        .map(|(file, line, column)| Position { file: file.to_owned(), line, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_become_v8_shaped_and_mapped() {
        let raw = "    at inner (/a/x.ts:3:7)\n    at map (native)\n    at <eval> (/a (b)/y.js:1:1)\n    at /a/z.js:9:2\n";
        let mapped = |file: &str, line, column, called: Called<'_>| {
            let expected = match file {
                "/a/x.ts" => Called::Error("E"),
                "/a (b)/y.js" => Called::Function("map"),
                _ => Called::Function(""),
            };
            assert_eq!(called, expected, "{file}");
            (file == "/a/x.ts").then(|| Position {
                file: file.into(),
                line: line + 10,
                column: column + 1,
            })
        };
        let text = format(raw, Called::Error("E"), mapped);
        assert_eq!(
            text,
            "\n    at inner (/a/x.ts:13:8)\n    at map (<anonymous>)\n    at /a (b)/y.js:1:1\n    at /a/z.js:9:2"
        );
    }

    #[test]
    fn the_first_author_position_skips_the_prelude() {
        let stack = "Error: at x (/no:1:1)\n    at dispatch (quickcuke:prelude/core.js:1:2)\n    at ok (node:assert:3:4)\n    at f (<anonymous>)\n    at g (/a/b.js:5:6)";
        let position = first_author_position(stack);
        assert_eq!(position, Some(Position { file: "/a/b.js".into(), line: 5, column: 6 }));
        assert_eq!(first_author_position("x"), None);
    }
}
