//! How deep a file nests. The parser and what works on its tree call themselves once a level and have no limit of their
//! own: a stack that overflows ends the process. So levels are counted before, a file with too many is refused, and one
//! with many gets a stack that is large enough.

use std::path::Path;
use std::thread;

use super::error;
use crate::isolate::LoadError;

/// Brackets inside brackets. QuickJS gives up at about as many.
const MOST_BRACKETS: usize = 1_500;
/// Operators in one expression, `else if` after `else if`, and whatever else nests without brackets.
const MOST_OPERATORS: usize = 100_000;
/// Levels for which the stack of any thread is enough.
const FEW: usize = 200;
/// Bytes of stack that a level may take.
const LEVEL: usize = if cfg!(debug_assertions) { 48 << 10 } else { 8 << 10 };

/// Runs what parses `text`, on a stack for as many levels as it has.
///
/// # Errors
/// Too many levels, and those of `run`.
pub(super) fn with_stack<T: Send>(
    path: &Path,
    text: &str,
    run: impl FnOnce() -> Result<T, LoadError> + Send,
) -> Result<T, LoadError> {
    let levels =
        levels(text).map_err(|(at, what)| error::syntax_error(error::at(path, text, at, what)))?;
    if levels <= FEW {
        return run();
    }
    let failed = |why: &str| error::syntax_error(format!("{}: {why}", path.display()));
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size((levels + FEW) * LEVEL);
        match thread.spawn_scoped(scope, run) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| Err(failed(crate::isolate::panic_text(&*panic)))),
            Err(why) => Err(failed(&format!("{levels} levels of nesting take a thread: {why}"))),
        }
    })
}

/// A bound of the levels in `text`; or where there are too many of them, and of what.
fn levels(text: &str) -> Result<usize, (usize, &'static str)> {
    let mut scan = Scan { text: text.as_bytes(), at: 0, ..Scan::default() };
    scan.run()?;
    Ok(scan.most)
}

#[derive(Default)]
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// The open brackets. A '`' is a template, and '$' what is in the braces of one.
    brackets: Vec<u8>,
    /// What may nest since the last statement began; of these, what even the end of a statement does not end.
    operators: usize,
    branches: usize,
    angles: usize,
    /// An operand ended just before, so that a slash divides.
    after_operand: bool,
    most: usize,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), (usize, &'static str)> {
        while let Some(&byte) = self.text.get(self.at) {
            let at = self.at;
            self.at += 1;
            match byte {
                b'"' | b'\'' => self.string(byte),
                b'`' => self.template(),
                b'/' if self.next_is(b'/') => self.skip_to(b"\n"),
                b'/' if self.next_is(b'*') => self.skip_to(b"*/"),
                b'/' if !self.after_operand => self.regexp(),
                b'(' | b'[' | b'{' => {
                    self.brackets.push(byte);
                    self.after_operand = false;
                }
                b')' | b']' | b'}' => {
                    let opened = self.brackets.pop();
                    self.after_operand = byte != b'}';
                    // What is called or indexed may be called or indexed again.
                    self.operators += usize::from(byte != b'}');
                    if opened == Some(b'$') {
                        self.template();
                    }
                }
                // In the head of a `for` it ends no statement.
                b';' => {
                    self.after_operand = false;
                    if self.brackets.last() != Some(&b'(') {
                        (self.operators, self.angles) = (0, 0);
                    }
                }
                b',' => {
                    self.after_operand = false;
                    self.operators = 0;
                }
                b'<' => {
                    self.after_operand = false;
                    self.angles += 1;
                }
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ if byte.is_ascii_alphanumeric()
                    || byte >= 0x80
                    || matches!(byte, b'_' | b'$') =>
                {
                    self.word(at);
                }
                _ => {
                    self.after_operand = false;
                    self.operators += 1;
                }
            }
            let (brackets, others) =
                (self.brackets.len(), self.operators + self.angles + self.branches);
            if brackets > MOST_BRACKETS {
                return Err((at, "More than 1,500 brackets inside each other"));
            }
            if others > MOST_OPERATORS {
                return Err((at, "More than 100,000 operators in one statement"));
            }
            self.most = self.most.max(brackets + others);
        }
        Ok(())
    }

    fn next_is(&self, byte: u8) -> bool {
        self.text.get(self.at) == Some(&byte)
    }

    fn skip_to(&mut self, end: &[u8]) {
        let rest = &self.text[self.at..];
        let found = rest.windows(end.len()).position(|bytes| bytes == end);
        self.at += found.map_or(rest.len(), |found| found + end.len());
    }

    /// To the end of a string, or of the line, where it is none.
    fn string(&mut self, quote: u8) {
        self.after_operand = true;
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' => return,
                byte if byte == quote => return,
                _ => {}
            }
        }
    }

    /// To the end of a template, or to what it has in braces.
    fn template(&mut self) {
        self.after_operand = true;
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => return,
                b'$' if self.next_is(b'{') => {
                    self.at += 1;
                    self.brackets.push(b'$');
                    self.after_operand = false;
                    return;
                }
                _ => {}
            }
        }
    }

    /// To the end of a regular expression, or of the line, where it is none.
    fn regexp(&mut self) {
        self.after_operand = true;
        let (start, mut in_class) = (self.at, false);
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return,
                b'\n' => {
                    self.at = start;
                    self.operators += 1;
                    return;
                }
                _ => {}
            }
        }
    }

    fn word(&mut self, start: usize) {
        let is_part = |byte: &u8| {
            byte.is_ascii_alphanumeric() || *byte >= 0x80 || matches!(byte, b'_' | b'$')
        };
        while self.text.get(self.at).is_some_and(is_part) {
            self.at += 1;
        }
        self.after_operand = true;
        match &self.text[start..self.at] {
            b"else" => self.branches += 1,
            b"if" | b"for" | b"while" | b"do" | b"with" | b"typeof" | b"void" | b"delete"
            | b"await" | b"new" | b"yield" | b"in" | b"instanceof" | b"of" | b"return"
            | b"throw" | b"case" | b"as" | b"satisfies" | b"extends" | b"keyof" | b"infer"
            | b"readonly" | b"unique" | b"async" | b"is" | b"asserts" => {
                self.operators += 1;
                self.after_operand = false;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_is_counted_and_what_does_not_is_not() {
        for (text, expected) in [
            ("[[[]]]", 3),
            ("[];[];[]", 1),
            ("a()()()", 3),
            ("[')',[')',[')',", 3),
            ("[/]/,[/]/,[/]/,", 3),
            ("[/*]*/[//]\n[", 3),
            ("`[[[${[`[[${(", 4),
            ("!!!!a", 4),
            ("a + b + c; d + e", 2),
            ("a / b / c", 2),
            ("if (a) if (b) if (c) d", 6),
            ("A<B,A<B,A<B", 3),
            ("if(a){b;}else if(a){b;}else if(a){b;}", 5),
        ] {
            assert_eq!(levels(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_way_to_nest_has_a_limit() {
        for part in [
            "[",
            "(",
            "{a:",
            "`${",
            "!",
            "- ",
            "a=>",
            "a+",
            "a?b:",
            "if(a)",
            "if(a);else ",
            "A<",
            "a.",
            "a()",
            "[]",
            "typeof ",
            "for(;;)",
        ] {
            let text = part.repeat(150_000);
            assert!(levels(&text).is_err(), "{part}");
        }
    }
}
