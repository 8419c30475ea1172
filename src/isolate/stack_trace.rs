//! Stack traces: from QuickJS's frames to V8-shaped ones with the author's positions, and back to a
//! position.

use std::borrow::Cow;

use super::modules::{Called, Position};
use super::op::CallSite;

/// File names of frames that are not the author's begin with one of these.
const OURS: &[&str] = &["quickcuke:", "node:"];

/// Whether a frame's file is part of the prelude or a builtin.
pub fn is_prelude_file(file: &str) -> bool {
    OURS.iter().any(|scheme| file.starts_with(scheme))
}

/// One line of a stack trace.
#[derive(Debug, PartialEq)]
struct Frame<'a> {
    /// Of an async function that awaited.
    is_async: bool,
    /// Empty for code outside any function.
    function: &'a str,
    /// `None` for a native function.
    place: Option<(&'a str, u32, u32)>,
}

/// Reads QuickJS's frames ("    at fn (file:1:2)", "    at file:1:2", "    at fn (native)") and V8's, which
/// differ only for native ones.
fn parse(line: &str) -> Option<Frame<'_>> {
    let text = line.trim_start().strip_prefix("at ")?.trim_end();
    let (is_async, text) = text.strip_prefix("async ").map_or((false, text), |text| (true, text));
    // A file name may hold parentheses, a function name does not hold " (".
    if let Some((function, place)) = text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        return Some(Frame { is_async, function, place: parse_place(place) });
    }
    Some(match parse_place(text) {
        Some(place) => Frame { is_async, function: "", place: Some(place) },
        None => Frame { is_async, function: text, place: None },
    })
}

fn parse_place(place: &str) -> Option<(&str, u32, u32)> {
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some((file, line.parse().ok()?, column.parse().ok()?))
}

/// V8-shaped frames, each line led by a line break, from QuickJS's. `original` gives the name of a function and a
/// position as the author has them, from QuickJS's and from what is called there: `first` in the first frame; an async
/// function that goes on awaits. `None` if there is nothing to show. Frames of code that has no name in V8 either are
/// printed bare.
pub(super) fn format<'a>(
    raw: &'a str,
    first: Called<'a>,
    original: impl Fn(&'a str, (&'a str, u32, u32), Called<'a>) -> Option<(Cow<'a, str>, Position)>,
) -> String {
    let mut text = String::with_capacity(raw.len() + 16);
    let mut above = first;
    for frame in raw.lines().filter_map(parse) {
        let function = match frame.function {
            "<anonymous>" | "<eval>" => "",
            name => name,
        };
        let called = std::mem::replace(&mut above, Called::Function(function));
        let called = if frame.is_async { Called::Awaited } else { called };
        let (function, place) = match frame.place {
            None => (function.into(), "<anonymous>".to_owned()),
            Some(place) => match original(function, place, called) {
                Some((function, Position { file, line, column })) => {
                    (function, format!("{file}:{line}:{column}"))
                }
                None => continue,
            },
        };
        text.push_str("\n    at ");
        text.push_str(if frame.is_async { "async " } else { "" });
        if function.is_empty() {
            text.push_str(&place);
        } else {
            text.push_str(&function);
            text.push_str(" (");
            text.push_str(&place);
            text.push(')');
        }
    }
    text
}

/// Whether a line of a trace is a frame that is not the author's: the prelude's, or that of a native function, through
/// which the prelude calls.
pub(super) fn is_noise(line: &str) -> bool {
    let place = parse(line).and_then(|frame| frame.place);
    place.map_or(line.ends_with("(<anonymous>)"), |(file, ..)| is_prelude_file(file))
}

/// Who called, by QuickJS's frames. `original` maps a position to the author's.
pub(super) fn call_site(
    raw: &str,
    original: impl Fn(&str, u32, u32) -> Option<Position>,
) -> CallSite {
    let mapped = |(file, line, column): (&str, u32, u32)| {
        let own = || Position { file: file.to_owned(), line, column };
        original(file, line, column).unwrap_or_else(own)
    };
    let is_package = |file: &str| file.contains("/node_modules/");
    let mut frames = raw
        .lines()
        .filter_map(|line| parse(line)?.place)
        .filter(|(file, _, _)| !is_prelude_file(file) && file.starts_with('/'))
        .peekable();
    let package = frames.peek().copied().filter(|(file, _, _)| is_package(file)).map(mapped);
    let author = frames.find(|(file, _, _)| !is_package(file)).map(mapped);
    CallSite { author, package }
}

/// The position of the first frame that is the author's.
pub(super) fn first_author_position(stack: &str) -> Option<Position> {
    stack
        .lines()
        .filter(|line| line.starts_with("    at "))
        .filter_map(|line| parse(line)?.place)
        .find(|(file, _, _)| !is_prelude_file(file) && *file != "<input>")
        .map(|(file, line, column)| Position { file: file.to_owned(), line, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_become_v8_shaped_and_mapped() {
        let raw = "    at inner (/a/x.ts:3:7)\n    at map (native)\n    at <eval> (/a (b)/y.js:1:1)\n    at /a/z.js:9:2\n    at async open (/a/w.js:1:2)\n    at async <anonymous> (/a/w.js:2:2)\n    at async open (/a/w.js:99:2)\n";
        let mapped = |name, (file, line, column), called: Called<'_>| {
            let expected = match file {
                "/a/x.ts" => Called::Error("E"),
                "/a (b)/y.js" => Called::Function("map"),
                "/a/w.js" => Called::Awaited,
                _ => Called::Function(""),
            };
            assert_eq!(called, expected, "{file}");
            let (line, column) =
                if file == "/a/x.ts" { (line + 10, column + 1) } else { (line, column) };
            let name = if name == "open" { "Page.open".into() } else { Cow::Borrowed(name) };
            (line != 99).then(|| (name, Position { file: file.into(), line, column }))
        };
        let text = format(raw, Called::Error("E"), mapped);
        assert_eq!(
            text,
            "\n    at inner (/a/x.ts:13:8)\n    at map (<anonymous>)\n    at /a (b)/y.js:1:1\n    at /a/z.js:9:2\n    at async Page.open (/a/w.js:1:2)\n    at async /a/w.js:2:2"
        );
    }

    #[test]
    fn a_call_site_tells_packages_from_the_authors_own_files() {
        let at = |file: &str, line, column| Position { file: file.into(), line, column };
        let mapped = |file: &str, line, column| {
            file.ends_with(".ts").then(|| Position { file: file.into(), line: line + 1, column })
        };
        let raw = "    at read (node:fs:1:1)\n    at load (/p/node_modules/x/i.js:2:3)\n    at <anonymous> (/p/steps/a.ts:4:5)\n";
        let site = call_site(raw, mapped);
        assert_eq!(site.package, Some(at("/p/node_modules/x/i.js", 2, 3)));
        assert_eq!(site.author, Some(at("/p/steps/a.ts", 5, 5)));
        let direct =
            "    at <anonymous> (/p/steps/a.js:4:5)\n    at x (/p/node_modules/x/i.js:2:3)\n";
        let site = call_site(direct, mapped);
        assert_eq!((site.package, site.author), (None, Some(at("/p/steps/a.js", 4, 5))));
        assert_eq!(call_site("    at f (native)\n", mapped), CallSite::default());
    }

    #[test]
    fn the_first_author_position_skips_the_prelude() {
        let stack = "Error: at x (/no:1:1)\n    at dispatch (quickcuke:prelude/core.js:1:2)\n    at ok (node:assert:3:4)\n    at f (<anonymous>)\n    at g (/a/b.js:5:6)";
        let position = first_author_position(stack);
        assert_eq!(position, Some(Position { file: "/a/b.js".into(), line: 5, column: 6 }));
        assert_eq!(first_author_position("x"), None);
        let stack = "E\n    at async node:net:1:1\n    at async /a/b.js:7:8";
        assert_eq!(first_author_position(stack).map(|position| position.line), Some(7));
    }
}
