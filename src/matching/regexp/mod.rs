//! JavaScript regular expressions: flags, compilation on first use, matching with UTF-16 positions.
//!
//! [`syntax`] reads the source, [`program`] makes instructions of it, [`machine`] runs them. The crate `regress`
//! checks the syntax and knows the character classes. Its own matcher is the second choice, for the few
//! constructs that [`syntax`] leaves alone: it miscounts nested repetitions, can loop without end on an empty
//! repetition within another, and has no limit.

mod atom;
mod machine;
mod program;
mod rust;
mod syntax;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use super::group::GroupTree;
use crate::messages::Group;
use machine::{Machine, UNSET};
use program::Program;

/// A JavaScript RegExp, compiled when it is first matched.
///
/// Every match starts at the beginning of the text: `g` and `d` make no difference, and `y` asks for a match
/// at position 0.
#[derive(Debug)]
pub struct Regexp {
    source: String,
    flags: String,
    compiled: OnceLock<Result<Compiled, RegexpError>>,
}

#[derive(Debug)]
pub(super) struct Compiled {
    engine: Engine,
    pub groups: GroupTree,
    source: String,
    flags: String,
}

#[derive(Debug)]
enum Engine {
    Program(Program),
    Regress(regress::Regex),
}

/// A regular expression that does not compile, or that cannot be matched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegexpError {
    #[error("Invalid regular expression: /{pattern}/{flags}: {reason}")]
    Syntax { pattern: String, flags: String, reason: String },
    #[error("Invalid flags supplied to RegExp constructor '{flags}'")]
    Flags { flags: String },
    #[error(
        "The regular expression /{pattern}/{flags} was given up on the text {text:?}: it can match in too many ways. \
         Repeat nothing that is itself a repetition of the same characters, as in (a+)+"
    )]
    TooManySteps { pattern: String, flags: String, text: String },
}

/// What a capture group took. `start` counts UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub value: String,
}

/// The captures of a match, the whole match first.
type Spans = Vec<Option<Span>>;

/// The same as positions in the searched text, in the units that it was searched in.
type Ranges = Vec<Option<Range<usize>>>;

impl Regexp {
    /// `source` and `flags` as the JavaScript properties of those names.
    pub fn new(source: impl Into<String>, flags: impl Into<String>) -> Regexp {
        Regexp { source: source.into(), flags: flags.into(), compiled: OnceLock::new() }
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn flags(&self) -> &str {
        &self.flags
    }

    /// The tree of groups of the first match, `None` if there is no match.
    ///
    /// # Errors
    /// If the expression does not compile, or the search takes more steps than any search should.
    pub(super) fn exec(&self, text: &str) -> Result<Option<Group>, RegexpError> {
        let compiled = self.compiled()?;
        Ok(compiled.exec(text)?.map(|spans| compiled.groups.build(spans)))
    }

    /// Whether there is a match, with the errors of [`Self::exec`] but without its groups.
    pub(super) fn is_match(&self, text: &str) -> Result<bool, RegexpError> {
        self.compiled()?.is_match(text)
    }

    pub(super) fn compiled(&self) -> Result<&Compiled, RegexpError> {
        self.compiled
            .get_or_init(|| Compiled::new(&self.source, &self.flags))
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl fmt::Display for Regexp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, self.flags)
    }
}

impl Compiled {
    fn new(source: &str, flags: &str) -> Result<Compiled, RegexpError> {
        let known = flags
            .char_indices()
            .all(|(index, flag)| "dgimsuvy".contains(flag) && !flags[..index].contains(flag));
        if !known || (flags.contains('u') && flags.contains('v')) {
            return Err(RegexpError::Flags { flags: flags.to_owned() });
        }
        let plain = without_braced_escapes(source, flags);
        let regex = compile_with_regress(&plain, flags).map_err(|error| RegexpError::Syntax {
            pattern: source.to_owned(),
            flags: flags.to_owned(),
            reason: error.text,
        })?;
        let groups = GroupTree::parse(source);
        let syntax =
            if flags.contains('v') { None } else { syntax::parse(&plain, flags, groups.len()) };
        let engine = syntax.and_then(Program::new).map_or(Engine::Regress(regex), Engine::Program);
        Ok(Compiled { engine, groups, source: source.to_owned(), flags: flags.to_owned() })
    }

    /// The first match in the text.
    pub fn exec(&self, text: &str) -> Result<Option<Spans>, RegexpError> {
        if let Some(found) = self.search_ascii(text) {
            return Ok(read_all(found?, |range| Span {
                start: to_u32(range.start),
                value: text[range].to_owned(),
            }));
        }
        if !self.flags.contains(['u', 'v']) {
            return self.exec_units(&text.encode_utf16().collect::<Vec<_>>());
        }
        Ok(match &self.engine {
            Engine::Program(program) => {
                let characters: Vec<u32> = text.chars().map(u32::from).collect();
                read_all(self.search(program, &characters)?, |range| {
                    span_of_characters(&characters, range)
                })
            }
            Engine::Regress(regex) => read_all(self.admit(regex.find(text)), |range| Span {
                start: to_u32(text[..range.start].encode_utf16().count()),
                value: text[range].to_owned(),
            }),
        })
    }

    fn is_match(&self, text: &str) -> Result<bool, RegexpError> {
        match self.search_ascii(text) {
            Some(found) => Ok(found?.is_some()),
            None => Ok(self.exec(text)?.is_some()),
        }
    }

    /// Searches the commonest of texts, those that are the same in bytes, code units and characters.
    fn search_ascii(&self, text: &str) -> Option<Result<Option<Ranges>, RegexpError>> {
        match &self.engine {
            Engine::Program(program) if text.is_ascii() => {
                Some(self.search(program, &text.bytes().map(u32::from).collect::<Vec<_>>()))
            }
            _ => None,
        }
    }

    /// As [`Compiled::exec`], for an expression without `u` and `v`.
    pub fn exec_units(&self, text: &[u16]) -> Result<Option<Spans>, RegexpError> {
        let ranges = match &self.engine {
            Engine::Program(program) => {
                self.search(program, &text.iter().copied().map(u32::from).collect::<Vec<_>>())?
            }
            Engine::Regress(regex) => self.admit(regex.find_from_ucs2(text, 0).next()),
        };
        Ok(read_all(ranges, |range| Span {
            start: to_u32(range.start),
            value: String::from_utf16_lossy(&text[range]),
        }))
    }

    fn search(&self, program: &Program, text: &[u32]) -> Result<Option<Ranges>, RegexpError> {
        let found = Machine::new(program, text, &self.flags).search(self.flags.contains('y'));
        let registers = found.map_err(|machine::Exhausted| RegexpError::TooManySteps {
            pattern: self.source.clone(),
            flags: self.flags.clone(),
            text: text
                .iter()
                .map(|unit| char::from_u32(*unit).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        })?;
        let range = |pair: &[usize]| match *pair {
            [start, end] if start != UNSET && end != UNSET => Some(start..end),
            _ => None,
        };
        Ok(registers.map(|registers| registers.chunks(2).map(range).collect()))
    }

    /// What `regress` has found, unless `y` forbids it.
    fn admit(&self, found: Option<regress::Match>) -> Option<Ranges> {
        let found = found.filter(|found| found.start() == 0 || !self.flags.contains('y'))?;
        Some(found.groups().collect())
    }
}

/// Without `u` and `v` the backslash of `\u{61}` says nothing: the letter is a letter and the brace a brace. `regress`
/// takes it for the character all the same.
fn without_braced_escapes<'s>(source: &'s str, flags: &str) -> Cow<'s, str> {
    if flags.contains(['u', 'v']) || !source.contains(r"\u{") {
        return source.into();
    }
    let mut plain = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(backslash) = rest.find('\\') {
        let (before, escape) = rest.split_at(backslash);
        plain.push_str(before);
        let length = 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
        plain.push_str(if escape.starts_with(r"\u{") { "u" } else { &escape[..length] });
        rest = &escape[length..];
    }
    plain.push_str(rest);
    plain.into()
}

fn compile_with_regress(source: &str, flags: &str) -> Result<regress::Regex, regress::Error> {
    // It seldom does more than check the syntax.
    let compile_flags = regress::Flags { no_opt: true, ..regress::Flags::from(flags) };
    let characters = || regress::Regex::from_unicode(source.chars().map(u32::from), compile_flags);
    if flags.contains(['u', 'v']) {
        return characters();
    }
    // Without `u` a pattern is a sequence of code units: `[😀]` is a class of two of them. Only the names of groups
    // are always code points, and `regress` takes them in no other way.
    regress::Regex::from_unicode(source.encode_utf16().map(u32::from), compile_flags)
        .or_else(|_| characters())
}

fn read_all(ranges: Option<Ranges>, read: impl Fn(Range<usize>) -> Span) -> Option<Spans> {
    Some(ranges?.into_iter().map(|range| range.map(&read)).collect())
}

fn span_of_characters(text: &[u32], range: Range<usize>) -> Span {
    let before =
        text[..range.start].iter().map(|character| if *character > 0xFFFF { 2 } else { 1 }).sum();
    Span {
        start: to_u32(before),
        value: text[range].iter().filter_map(|character| char::from_u32(*character)).collect(),
    }
}

fn to_u32(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exec(source: &str, flags: &str, text: &str) -> Option<Vec<(u32, String)>> {
        let regexp = Regexp::new(source, flags);
        let spans = regexp.compiled().unwrap().exec(text).unwrap()?;
        Some(spans.into_iter().flatten().map(|span| (span.start, span.value)).collect())
    }

    #[test]
    fn positions_count_utf16_code_units() {
        assert_eq!(exec("(b)", "", "é b").unwrap()[1], (2, "b".into()));
        assert_eq!(exec("(b)", "", "😀 b").unwrap()[1], (3, "b".into()));
        assert_eq!(exec("(b)", "u", "😀 b").unwrap()[1], (3, "b".into()));
    }

    #[test]
    fn without_the_unicode_flag_a_surrogate_pair_is_two_characters() {
        assert!(exec("^..$", "", "😀").is_some());
        assert!(exec("^.$", "u", "😀").is_some());
        assert!(exec("^[😀]$", "", "😀").is_none());
        assert!(exec("^[😀]$", "v", "😀").is_some());
    }

    #[test]
    fn flags_mean_what_they_mean_in_javascript() {
        assert!(exec("^B$", "im", "a\nb").is_some());
        assert!(exec("a.b", "s", "a\nb").is_some());
        assert!(exec("b", "y", "ab").is_none());
        assert!(exec("ſ", "iu", "s").is_some());
        assert!(exec("^[^\\w][^ſ][Σ-Ω][^σ]$", "i", "ſsςs").is_some());
        assert!(exec("[ſ]|[^a-z]", "i", "sk").is_none());
        assert!(exec(r"(?<=\$)(?<n>\d)\k<n>(?!\d)", "", "$77").is_some());
        assert_eq!(
            Regexp::new("a", "gg").compiled().unwrap_err().to_string(),
            "Invalid flags supplied to RegExp constructor 'gg'"
        );
    }

    #[test]
    fn legacy_escapes_are_letters_octals_and_backslashes() {
        for (source, text) in [
            (r"^[\u{61}]\u{2}\\u{2}$", r"uuu\uu"),
            (r"^\x4\u004g\c1\k<a>$", r"x4u004g\c1k<a>"),
            (r"^\101\08\400\8$", "A\u{0}8 08"),
            (r"^(a)\1\12$", "aa\n"),
        ] {
            assert!(exec(source, "", text).is_some(), "{source}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_an_overflow() {
        let source = "(".repeat(100_000) + &")".repeat(100_000);
        assert!(matches!(Regexp::new(source, "").compiled(), Err(RegexpError::Syntax { .. })));
        let source = "(".repeat(250) + "a" + &")+".repeat(250);
        assert!(Regexp::new(source, "").exec("aa").is_ok());
    }

    #[test]
    fn nested_repetition_counts_and_ends_as_in_javascript() {
        assert!(exec("^(?:((?:ab|aa)+?(ab|a|b|b)+a?){1,2}a?){2,3}", "", "abaabaaaa").is_some());
        assert_eq!(exec("(?:(?:b?x?)*)*c", "", "-b-"), None);
        assert_eq!(
            exec("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac").unwrap().last(),
            Some(&(9, "c".into()))
        );
    }

    #[test]
    fn lookarounds_keep_captures_and_give_up_choices() {
        assert_eq!(
            exec(r"(?=(a+))a*b\1", "", "baaabac").unwrap(),
            [(3, "aba".into()), (3, "a".into())]
        );
        assert_eq!(
            exec(r"(?<=(\d+)(\d+))$", "", "1053").unwrap()[1..],
            [(0, "1".into()), (1, "053".into())]
        );
        assert_eq!(exec(r"(.*?)a(?!(a+)b\2c)\2(.*)", "", "baaabaac").unwrap().len(), 3);
    }

    #[test]
    fn a_search_that_will_not_end_is_given_up() {
        let regexp = Regexp::new("(a+)+$", "");
        let error = regexp.exec(&("a".repeat(60) + "!")).unwrap_err();
        assert!(matches!(error, RegexpError::TooManySteps { .. }));
    }
}
