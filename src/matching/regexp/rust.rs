//! A JavaScript regular expression in the words of Rust's crate `regex`.
//!
//! For the crate `cucumber`, which finds step definitions by such expressions. What `regex` does not have is widened:
//! a lookaround is left out, a backreference takes any text. The result then matches more than the original, so
//! whoever uses it asks the original once more.

use std::fmt::Write as _;

use super::atom::Atom;
use super::syntax::{self, Node};
use super::{Regexp, RegexpError, without_braced_escapes};

/// What `\s` takes in JavaScript, as the inside of a class.
const SPACE: &str =
    r"\t-\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// An expression for the crate `regex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RustRegexp {
    pub(crate) source: String,
    /// Whether it may match texts that the original does not.
    pub(crate) is_wider: bool,
}

impl Regexp {
    /// The expression for the crate `regex`; none for the few constructs that are not read here: the flag `v`,
    /// modifiers, names of groups with escapes.
    ///
    /// # Errors
    /// It does not compile in JavaScript either.
    pub(crate) fn to_rust(&self) -> Result<Option<RustRegexp>, RegexpError> {
        let groups = self.compiled()?.groups.len();
        if self.flags.contains('v') {
            return Ok(None);
        }
        let plain = without_braced_escapes(&self.source, &self.flags);
        let Some(read) = syntax::parse(&plain, &self.flags, groups) else { return Ok(None) };
        let mut writer = Writer {
            source: String::new(),
            is_wider: false,
            is_readable: true,
            ignores_case: self.flags.contains('i'),
            high: None,
        };
        if self.flags.contains('y') {
            writer.source.push('^');
        }
        writer.node(&read.root);
        writer.flush();
        let Writer { source, is_wider, is_readable, .. } = writer;
        Ok(is_readable.then_some(RustRegexp { source, is_wider }))
    }
}

struct Writer {
    source: String,
    is_wider: bool,
    is_readable: bool,
    ignores_case: bool,
    /// The first half of a surrogate pair, whose other half comes next.
    high: Option<u16>,
}

impl Writer {
    fn node(&mut self, node: &Node) {
        if !matches!(node, Node::Atom(Atom::Char(_) | Atom::CharIgnoringCase(_))) {
            self.flush();
        }
        match node {
            Node::Atom(atom) => self.atom(atom),
            Node::Sequence(terms) => {
                terms.iter().for_each(|term| self.node(term));
                self.flush();
            }
            Node::Alternatives(alternatives) => self.group("(?:", |writer| {
                for (index, alternative) in alternatives.iter().enumerate() {
                    if index > 0 {
                        writer.source.push('|');
                    }
                    writer.node(alternative);
                }
            }),
            Node::Capture { inner, .. } => self.group("(", |writer| writer.node(inner)),
            Node::Repeat { inner, min, max, greedy, .. } => {
                match &**inner {
                    inner @ (Node::Atom(_) | Node::Capture { .. }) => self.node(inner),
                    inner => self.group("(?:", |writer| writer.node(inner)),
                }
                self.flush();
                match (min, max) {
                    (0, &u32::MAX) => self.source.push('*'),
                    (1, &u32::MAX) => self.source.push('+'),
                    (0, 1) => self.source.push('?'),
                    (min, &u32::MAX) => write!(self.source, "{{{min},}}").unwrap_or_default(),
                    (min, max) => write!(self.source, "{{{min},{max}}}").unwrap_or_default(),
                }
                if !greedy {
                    self.source.push('?');
                }
            }
            Node::Look { .. } => {
                self.is_wider = true;
                self.source.push_str("(?:)");
            }
            Node::Backreference(_) | Node::NamedBackreference(_) => {
                self.is_wider = true;
                self.source.push_str("(?s:.*)");
            }
            Node::Start => self.source.push('^'),
            Node::End => self.source.push('$'),
            Node::WordBoundary { negated: false } => self.source.push_str(r"(?-u:\b)"),
            // The crate has it for all letters only.
            Node::WordBoundary { negated: true } => {
                self.is_wider = true;
                self.source.push_str("(?:)");
            }
        }
    }

    fn group(&mut self, open: &str, inner: impl FnOnce(&mut Self)) {
        self.source.push_str(open);
        inner(self);
        self.flush();
        self.source.push(')');
    }

    fn atom(&mut self, atom: &Atom) {
        match atom {
            Atom::Char(character) | Atom::CharIgnoringCase(character) => self.character(*character),
            Atom::NotLineEnd => self.source.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            Atom::Any => self.source.push_str("(?s:.)"),
            Atom::Digit(negated) => self.class(*negated, "0-9"),
            Atom::Space(negated) => self.class(*negated, SPACE),
            Atom::Word(negated) => self.class(*negated, "0-9A-Z_a-z"),
            Atom::Class(class) => {
                let class = read_class(class.source());
                let case = if self.ignores_case { "(?i:" } else { "" };
                match class {
                    None => self.is_readable = false,
                    Some(class) => {
                        self.source.push_str(case);
                        self.source.push_str(&class);
                        if self.ignores_case {
                            self.source.push(')');
                        }
                    }
                }
            }
        }
    }

    fn class(&mut self, negated: bool, inside: &str) {
        let negation = if negated { "^" } else { "" };
        write!(self.source, "[{negation}{inside}]").unwrap_or_default();
    }

    /// A code unit, or a code point.
    fn character(&mut self, character: u32) {
        let unit = u16::try_from(character).ok();
        match (self.high.take(), unit) {
            (Some(high), Some(low)) if (0xDC00..0xE000).contains(&low) => {
                let pair = char::decode_utf16([high, low]).next();
                return self.literal(pair.and_then(Result::ok));
            }
            (Some(_), _) => self.is_readable = false,
            (None, _) => {}
        }
        match unit {
            Some(high) if (0xD800..0xDC00).contains(&high) => self.high = Some(high),
            _ => self.literal(char::from_u32(character)),
        }
    }

    fn literal(&mut self, character: Option<char>) {
        // Half of a pair is in no text of Rust's.
        let Some(character) = character else { return self.is_readable = false };
        let escaped = regex::escape(character.encode_utf8(&mut [0; 4]));
        match self.ignores_case && character.is_alphabetic() {
            true => write!(self.source, "(?i:{escaped})").unwrap_or_default(),
            false => self.source.push_str(&escaped),
        }
    }

    /// To be called where no other half of a pair can come.
    fn flush(&mut self) {
        if self.high.take().is_some() {
            self.is_readable = false;
        }
    }
}

/// The source of one atom that [`Class`](super::atom::Class) was made from: a class in brackets, `\p{…}`, an escaped
/// character, `\w` or `\W` where they ignore case.
fn read_class(source: &[u32]) -> Option<String> {
    let units: Vec<u32> = source.to_vec();
    let text: String = match u16s(&units) {
        Some(units) => String::from_utf16(&units).ok()?,
        None => units.iter().map(|unit| char::from_u32(*unit)).collect::<Option<_>>()?,
    };
    let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        // Kept as it is: the crate knows the same names of properties, and says so where it does not.
        return Some(text);
    };
    let (negated, inside) = match inside.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    if inside.is_empty() {
        return Some(if negated { "(?s:.)" } else { r"[^\x{0}-\x{10FFFF}]" }.to_owned());
    }
    let mut class = String::from(if negated { "[^" } else { "[" });
    let mut rest = inside.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            if matches!(next, '[' | ']' | '&' | '~' | '^') {
                class.push('\\');
            }
            // A hyphen that makes no range must not stand beside another one.
            match next == '-' && (rest.as_str().is_empty() || class.ends_with(['[', '^'])) {
                true => class.push_str(r"\-"),
                false => class.push(next),
            }
            continue;
        }
        let escaped = rest.next()?;
        match escaped {
            'd' => class.push_str("0-9"),
            'D' => class.push_str("[^0-9]"),
            's' => class.push_str(SPACE),
            'S' => write!(class, "[^{SPACE}]").ok()?,
            'w' => class.push_str("0-9A-Z_a-z"),
            'W' => class.push_str("[^0-9A-Z_a-z]"),
            'b' => class.push_str(r"\x08"),
            't' | 'n' | 'r' | 'f' | 'v' => {
                class.push('\\');
                class.push(escaped);
            }
            'p' | 'P' | 'x' | 'u' => {
                class.push('\\');
                class.push(escaped);
            }
            'c' | '0'..='9' => return None,
            other => class.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    class.push(']');
    Some(class)
}

fn u16s(units: &[u32]) -> Option<Vec<u16>> {
    units.iter().map(|unit| u16::try_from(*unit).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(source: &str, flags: &str) -> RustRegexp {
        Regexp::new(source, flags).to_rust().unwrap().unwrap()
    }

    #[test]
    fn both_find_the_same_texts() {
        let texts = [
            "",
            "a",
            "b",
            "ab",
            "I have 3 apples",
            "I have -3.5 apples",
            "A B",
            "a-b",
            "[x]",
            "a&&b",
            "é",
            "😀",
            "1/2",
            "tab\there",
            "a\u{a0}b",
            "\"quoted\" and 'more'",
            "{brace}",
            "x]y",
            "^",
            "_",
            "K",
            "ß",
            "caf\u{e9} au lait",
            "a.b",
            "a~b",
            "user@host.de",
            "--",
            "s p a c e",
        ];
        for (source, flags) in [
            ("", ""),
            ("^$", ""),
            ("^a|b$", ""),
            (r"^I have (-?\d+|\d+) apples$", ""),
            (r#"^"([^"\\]*(\\.[^"\\]*)*)"|'([^'\\]*(\\.[^'\\]*)*)'"#, ""),
            (r"^([^\s]+)$", ""),
            (r"[\w-]+@[\w.\-]+", ""),
            (r"^[a-z\-&&~\[\]]+$", ""),
            (r"^[^]*$", ""),
            ("[]", ""),
            (r"^\[x\]$", ""),
            ("a&&b", ""),
            ("^{brace}$", ""),
            (r"\/", ""),
            ("^k$", "i"),
            ("^[A-Z] [a-z]$", "i"),
            ("^(?<name>a)(?:b)?$", ""),
            (r"a\tb|tab\there", ""),
            (r"a\sb|s p", ""),
            ("^😀$", ""),
            ("^😀+?$", "u"),
            (r"^\u00e9$", ""),
            (r"^\p{L}$", "u"),
            (r"\bB\b", ""),
            ("b", "y"),
            ("a{1,2}b{0,}", ""),
            (r"x\]y", ""),
            (r"^\^$", ""),
            (r"[$^]", ""),
            ("caf. au", ""),
        ] {
            let original = Regexp::new(source, flags);
            let RustRegexp { source: told, is_wider } = rust(source, flags);
            assert!(!is_wider, "{source}");
            let regex =
                regex::Regex::new(&told).unwrap_or_else(|error| panic!("{source}: {error}"));
            for text in texts {
                let expected = original.is_match(text).unwrap();
                assert_eq!(
                    regex.is_match(text),
                    expected,
                    "/{source}/{flags} as {told} on {text:?}"
                );
            }
        }
    }

    #[test]
    fn what_the_crate_does_not_have_is_wider() {
        for (source, flags, found, missed) in [
            (r"^the (?!red).* door$", "", "the blue door", "the red door"),
            (r"^(\w+) and \1$", "", "a and a", "a and b"),
            (r"^(?<n>\w+) and \k<n>$", "", "a and a", "a and b"),
            (r"(?<=\$)\d", "", "$5", "5"),
            (r"a\Bb", "", "ab", "-"),
            (
                r"^((?=.*\d.*)[-+]?\d*(?:\.(?=\d.*))?\d*(?:\d+[E][+-]?\d+)?) km$",
                "",
                "1.5 km",
                " km",
            ),
        ] {
            let original = Regexp::new(source, flags);
            assert!(original.is_match(found).unwrap() && !original.is_match(missed).unwrap());
            let RustRegexp { source: told, is_wider } = rust(source, flags);
            assert!(is_wider, "{source}");
            assert!(regex::Regex::new(&told).unwrap().is_match(found), "{told}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (source, flags) in [("[a--b]", "v"), (r"^\ud83d", ""), ("(?i:a)", "")] {
            assert_eq!(Regexp::new(source, flags).to_rust().ok().flatten(), None, "{source}");
        }
        assert!(Regexp::new("(", "").to_rust().is_err());
    }
}
