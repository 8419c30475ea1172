//! What a line can be.

use std::borrow::Cow;

use super::error::Fault;
use super::line::Line;
use crate::messages::{StepKeywordType, TableCell};

/// The kinds of line that the grammar tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    End,
    Empty,
    Comment,
    TagLine,
    FeatureLine,
    RuleLine,
    BackgroundLine,
    ScenarioLine,
    ExamplesLine,
    StepLine,
    DocStringSeparator,
    TableRow,
    Language,
    Other,
}

impl TokenKind {
    /// As error messages call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            TokenKind::End => "#EOF",
            TokenKind::Empty => "#Empty",
            TokenKind::Comment => "#Comment",
            TokenKind::TagLine => "#TagLine",
            TokenKind::FeatureLine => "#FeatureLine",
            TokenKind::RuleLine => "#RuleLine",
            TokenKind::BackgroundLine => "#BackgroundLine",
            TokenKind::ScenarioLine => "#ScenarioLine",
            TokenKind::ExamplesLine => "#ExamplesLine",
            TokenKind::StepLine => "#StepLine",
            TokenKind::DocStringSeparator => "#DocStringSeparator",
            TokenKind::TableRow => "#TableRow",
            TokenKind::Language => "#Language",
            TokenKind::Other => "#Other",
        }
    }
}

/// A line read as one of the kinds. Columns count from 1.
#[derive(Debug)]
pub(super) enum Token<'s> {
    End,
    Empty,
    /// None where the comment is not kept: a separator row of a Markdown table.
    Comment(Option<&'s str>),
    Tags(Vec<RawTag<'s>>),
    Feature(Title<'s>),
    Rule(Title<'s>),
    Background(Title<'s>),
    Scenario(Title<'s>),
    Examples(Title<'s>),
    Step {
        keyword: &'static str,
        kind: StepKeywordType,
        text: &'s str,
        column: u32,
    },
    DocStringSeparator {
        delimiter: &'s str,
        media_type: &'s str,
    },
    Row(Vec<TableCell>),
    Language,
    Other(Cow<'s, str>),
}

/// A line such as `Scenario: name`.
#[derive(Debug)]
pub(super) struct Title<'s> {
    pub keyword: &'static str,
    pub name: &'s str,
    pub line: u32,
    pub column: u32,
}

/// A tag that has no id yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawTag<'s> {
    /// With its `@`.
    pub name: &'s str,
    pub line: u32,
    pub column: u32,
}

/// Reads lines as tokens: one matcher for plain Gherkin, one for Gherkin in Markdown.
pub(super) trait Matcher {
    /// The line as a token of this kind, or none where it is no such thing.
    ///
    /// A matcher remembers what the rest of the file depends on (the language, an open doc string),
    /// so this is asked in the grammar's order. `End` is the parser's to match.
    fn read<'s>(&mut self, kind: TokenKind, line: &Line<'s>) -> Result<Option<Token<'s>>, Fault>;

    /// The code of the dialect in force.
    fn language(&self) -> &'static str;
}
