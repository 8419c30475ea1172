//! Regular expressions that keep a file from being compiled: QuickJS does not say where they are, and refuses some with
//! the flag `v` that are valid.

use oxc::allocator::Allocator;
use oxc::ast::ast::{RegExpFlags, RegExpLiteral};
use oxc::ast_visit::Visit;
use oxc::parser::Parser;
use oxc::span::SourceType;

/// One that does not compile.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bad {
    /// Bytes before it.
    pub at: usize,
    pub message: String,
}

/// The code with those that do not compile in words that do, or the first that has none; `None` if all compile.
pub(super) fn mended(
    code: &str,
    compiles: &dyn Fn(&str, &str) -> Result<(), String>,
) -> Option<Result<String, Bad>> {
    let allocator = Allocator::default();
    let source_type = SourceType::mjs().with_unambiguous(true);
    let parsed = Parser::new(&allocator, code, source_type).parse();
    let mut found = Literals::default();
    found.visit_program(&parsed.program);
    let mut text = String::new();
    let mut done = 0;
    for Literal { start, end, pattern, flags, is_of_sets } in found.0 {
        let Err(complaint) = compiles(&pattern, &flags) else { continue };
        let escaped = escaped(&pattern);
        if !is_of_sets || compiles(&escaped, &flags).is_err() {
            let message = format!("Invalid regular expression: /{pattern}/{flags}: {complaint}");
            return Some(Err(Bad { at: start, message }));
        }
        text += &code[done..start];
        text += &format!("/{escaped}/{flags}");
        done = end;
    }
    (done > 0).then(|| Ok(text + &code[done..]))
}

/// A pattern for the flag `v` with a hyphen, and a punctuator that follows itself, as escapes where they are outside of
/// a class: QuickJS reads them there as it would inside.
fn escaped(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut depth = 0;
    let mut characters = pattern.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_plain = depth == 0;
        match character {
            '\\' => {
                text.push(character);
                text.extend(characters.next().map(|(_, escaped)| escaped));
                continue;
            }
            '[' => depth += 1,
            ']' if depth > 0 => depth -= 1,
            // Groups with modifiers or a name.
            '(' if is_plain && pattern[at..].starts_with("(?") => {
                text.push(character);
                while let Some((_, next)) =
                    characters.next_if(|(_, next)| !matches!(next, ':' | '=' | '!' | '>' | ')'))
                {
                    text.push(next);
                }
                text.extend(characters.next().map(|(_, end)| end));
                continue;
            }
            _ => {}
        }
        let is_doubled = "&!#%,:;<=>@`~".contains(character)
            && characters.peek().is_some_and(|(_, next)| *next == character);
        if is_plain && (character == '-' || is_doubled) {
            text += &format!("\\x{:02x}", u32::from(character));
        } else {
            text.push(character);
        }
    }
    text
}

#[derive(Debug)]
struct Literal {
    start: usize,
    end: usize,
    pattern: String,
    flags: String,
    /// Has the flag `v`.
    is_of_sets: bool,
}

#[derive(Default)]
struct Literals(Vec<Literal>);

impl<'a> Visit<'a> for Literals {
    fn visit_reg_exp_literal(&mut self, literal: &RegExpLiteral<'a>) {
        self.0.push(Literal {
            start: literal.span.start as usize,
            end: literal.span.end as usize,
            pattern: literal.regex.pattern.text.to_string(),
            flags: literal.regex.flags.to_string(),
            is_of_sets: literal.regex.flags.contains(RegExpFlags::V),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_and_doubled_punctuators_are_escaped_outside_of_classes() {
        assert_eq!(escaped("a-b"), r"a\x2db");
        assert_eq!(escaped("&&"), r"\x26&");
        assert_eq!(escaped("&&&"), r"\x26\x26&");
        assert_eq!(escaped(r"[a-z--[b-c]&&d]-\-"), r"[a-z--[b-c]&&d]\x2d\-");
        assert_eq!(escaped("(?i-s:a-b)(?<n>c)(?<=d-e)"), r"(?i-s:a\x2db)(?<n>c)(?<=d\x2de)");
    }

    #[test]
    fn only_what_does_not_compile_is_rewritten() {
        let compiles = |pattern: &str, _: &str| {
            if pattern.contains('-') { Err("no".to_owned()) } else { Ok(()) }
        };
        let mended = |code: &str| mended(code, &compiles);
        assert_eq!(mended("f(/a/v, 'a-b', /[b]/)"), None);
        assert_eq!(
            mended("f(/a-b/v, /c/u, /-/gv)").unwrap().unwrap(),
            r"f(/a\x2db/v, /c/u, /\x2d/gv)"
        );
        let bad = mended("f(1,\n  /x-/u)").unwrap().unwrap_err();
        assert_eq!(bad, Bad { at: 7, message: "Invalid regular expression: /x-/u: no".to_owned() });
    }
}
