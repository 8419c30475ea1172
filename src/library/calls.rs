//! Where a call begins whose first argument stands on a later line.
//!
//! The place that QuickJS tells of a call is about that of its first argument. Which is a line off, for a call as code
//! formatters lay it out:
//!
//! ```js
//! Given(
//!   'a text', // here, says QuickJS
//! ```

use std::collections::HashMap;

/// The calls of a text that go over lines, found by the place of their first argument. An argument that is itself a call
/// is not among them: a frame with its place may be its own.
#[derive(Debug, Default)]
pub(super) struct CallPlaces(HashMap<Place, Place>);

/// A line and a column, from 1; columns count bytes.
type Place = (u32, u32);

impl CallPlaces {
    pub(super) fn of(text: &str) -> CallPlaces {
        let mut places = HashMap::new();
        // Of the last line with something on it: its number, and where it begins and ends in the text.
        let mut before: Option<(u32, usize, usize)> = None;
        let mut begin = 0;
        for (number, line) in (1..).zip(text.split('\n')) {
            let content = line.trim_start();
            let indent = line.len() - content.len();
            if content.is_empty() {
                begin += line.len() + 1;
                continue;
            }
            if let Some((call_line, from, to)) = before
                && let Some(head) = text[from..to].strip_suffix('(')
                && let Some(column) = callee(head)
                && is_no_call(&text[begin + indent..])
            {
                places.insert((number, position(indent)), (call_line, position(column)));
            }
            before = Some((number, begin, begin + line.trim_end().len()));
            begin += line.len() + 1;
        }
        CallPlaces(places)
    }

    /// Where the call begins whose first argument is there.
    pub(super) fn begin_of(&self, first_argument: Place) -> Option<Place> {
        self.0.get(&first_argument).copied()
    }
}

fn position(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Where the name of what is called begins in a line that ends with it, or the `new` before it.
fn callee(head: &str) -> Option<usize> {
    let name = head.trim_end_matches(is_name).len();
    if name == head.len() {
        return None;
    }
    let whole = head.trim_end_matches(|c| is_name(c) || c == '.');
    let is_new = whole.trim_end().strip_suffix("new").is_some_and(|rest| !rest.ends_with(is_name));
    Some(if is_new && whole.len() != whole.trim_end().len() {
        whole.trim_end().len() - 3
    } else {
        name
    })
}

/// Whether a text begins with an expression whose begin no frame of another call can have.
fn is_no_call(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let rest = &text[first.len_utf8()..];
    match first {
        '\'' | '"' | ')' | '0'..='9' => true,
        '`' => rest.split('`').next().is_some_and(|content| !content.contains("${")),
        '/' => !rest.starts_with(['/', '*']),
        '{' | '[' => rest.starts_with(|c: char| c.is_whitespace() || "}]'\"0123456789".contains(c)),
        '(' => {
            let parameters = rest.trim_start_matches(|c| is_name(c) || c == ',' || c == ' ');
            parameters.strip_prefix(')').is_some_and(|rest| rest.trim_start().starts_with("=>"))
        }
        _ => {
            let name = text.len() - text.trim_start_matches(is_name).len();
            let after = text[name..].trim_start();
            name > 0
                && (matches!(&text[..name], "function" | "async")
                    || after.starts_with([',', ')'])
                    || after.starts_with("=>"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(text: &str) -> Option<Place> {
        let (line, content) = (1..).zip(text.lines()).nth(1)?;
        CallPlaces::of(text).begin_of((line, position(content.len() - content.trim_start().len())))
    }

    #[test]
    fn a_call_begins_with_its_name() {
        assert_eq!(begin("  Given(\n    'a text', () => {})"), Some((1, 3)));
        assert_eq!(begin("cucumber.Given(\n  /x/, () => {})"), Some((1, 10)));
        assert_eq!(begin("throw new Error(\n  text\n)"), Some((1, 7)));
        assert_eq!(begin("throw new errors.Own(\n  `text`\n)"), Some((1, 7)));
        assert_eq!(begin("renew(\n)"), Some((1, 1)));
        assert_eq!(begin("Before(\r\n  { tags: '@a' },\r\n"), Some((1, 1)));
        assert_eq!(begin("äh.ö(\n  async () => {})"), Some((1, 5)));
    }

    #[test]
    fn every_argument_that_makes_no_call_itself_is_known() {
        for argument in [
            "'a'",
            "\"a\"",
            "5",
            "[]",
            "{}",
            "{ a }",
            "`a`",
            "() => {}",
            "(a, b) => {}",
            "a => a",
            "function () {}",
            "a,",
            "null)",
            ")",
        ] {
            assert_eq!(begin(&format!("f(\n{argument}")), Some((1, 1)), "{argument}");
        }
    }

    #[test]
    fn what_may_be_another_calls_place_is_left_alone() {
        for argument in
            ["g()", "a.b", "await g()", "new A()", "`${g()}`", "[g()]", "(g())", "// why", ""]
        {
            assert_eq!(begin(&format!("f(\n{argument}")), None, "{argument}");
        }
        assert_eq!(begin("f(a,\n'b')"), None);
        assert_eq!(begin("(\n'b')"), None);
    }
}
