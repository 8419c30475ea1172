//! Reads the lines of Gherkin in Markdown: headings are titles, list items are steps, indented
//! tables are tables, fenced code is doc strings, and everything else is prose.

use std::borrow::Cow;

use super::dialect::{Dialect, StepKeyword};
use super::error::Fault;
use super::line::{Line, is_space, trim};
use super::table_row::cells;
use super::tag::markdown_tags;
use super::token::{Matcher, Title, Token, TokenKind};
use crate::messages::TableCell;

pub(super) struct MarkdownMatcher {
    dialect: &'static Dialect,
    /// All but the bullet `"* "`, which in Markdown begins every step.
    step_keywords: Vec<StepKeyword>,
    /// The backticks that opened a doc string.
    fence: Option<String>,
    /// Of the last opening fence: as much is taken off every line of text from there on.
    indent: u32,
    /// The first line that is not a tag line is the feature's, whatever it says.
    feature_read: bool,
}

impl MarkdownMatcher {
    pub(super) fn new(dialect: &'static Dialect) -> MarkdownMatcher {
        let mut step_keywords = dialect.step_keywords();
        step_keywords.retain(|keyword| keyword.text != "* ");
        MarkdownMatcher { dialect, step_keywords, fence: None, indent: 0, feature_read: false }
    }

    fn read_feature<'s>(&mut self, line: &Line<'s>) -> Option<Token<'s>> {
        if std::mem::replace(&mut self.feature_read, true) {
            return None;
        }
        let title = title(line, self.dialect.feature).unwrap_or(Title {
            keyword: "",
            name: line.trimmed,
            line: line.number,
            column: line.column(),
        });
        Some(Token::Feature(title))
    }

    /// A line is empty unless it is something else. As in the official parser, asking whether it is
    /// a fence opens or closes one.
    fn is_empty(&mut self, line: &Line) -> bool {
        let dialect = self.dialect;
        let titles = [
            dialect.scenario,
            dialect.scenario_outline,
            dialect.background,
            dialect.examples,
            dialect.rule,
        ];
        let something = !markdown_tags(line).is_empty()
            || titles.iter().any(|keywords| title(line, keywords).is_some())
            || table_row(line).is_some()
            || is_separator_row(line)
            || self.read_fence(line).is_some()
            || self.read_step(line).is_some();
        line.is_blank() || !something
    }

    fn read_fence<'s>(&mut self, line: &Line<'s>) -> Option<Token<'s>> {
        let text = line.trimmed;
        if let Some(fence) = &self.fence {
            if text != fence {
                return None;
            }
            self.fence = None;
            return Some(Token::DocStringSeparator { delimiter: text, media_type: "" });
        }
        let rest = text.trim_start_matches('`');
        let delimiter = &text[..text.len() - rest.len()];
        if delimiter.len() < 3 {
            return None;
        }
        self.fence = Some(delimiter.to_owned());
        self.indent = line.indent;
        Some(Token::DocStringSeparator { delimiter, media_type: first_line(rest) })
    }

    fn read_step<'s>(&self, line: &Line<'s>) -> Option<Token<'s>> {
        let text = line.trimmed.strip_prefix(['*', '+', '-'])?.trim_start_matches(is_space);
        let column = line.column() + code_points_before(line.trimmed, text);
        self.step_keywords.iter().find_map(|keyword| {
            let text = trim(first_line(text.strip_prefix(keyword.text)?));
            Some(Token::Step { keyword: keyword.text, kind: keyword.kind, text, column })
        })
    }
}

impl Matcher for MarkdownMatcher {
    fn read<'s>(&mut self, kind: TokenKind, line: &Line<'s>) -> Result<Option<Token<'s>>, Fault> {
        let dialect = self.dialect;
        Ok(match kind {
            TokenKind::End => None,
            TokenKind::Empty => self.is_empty(line).then_some(Token::Empty),
            TokenKind::Comment => is_separator_row(line).then_some(Token::Comment(None)),
            TokenKind::TagLine => {
                Some(markdown_tags(line)).filter(|tags| !tags.is_empty()).map(Token::Tags)
            }
            TokenKind::FeatureLine => self.read_feature(line),
            TokenKind::RuleLine => title(line, dialect.rule).map(Token::Rule),
            TokenKind::BackgroundLine => title(line, dialect.background).map(Token::Background),
            TokenKind::ScenarioLine => title(line, dialect.scenario)
                .or_else(|| title(line, dialect.scenario_outline))
                .map(Token::Scenario),
            TokenKind::ExamplesLine => title(line, dialect.examples).map(Token::Examples),
            TokenKind::StepLine => self.read_step(line),
            TokenKind::DocStringSeparator => self.read_fence(line),
            TokenKind::TableRow => table_row(line).map(Token::Row),
            // The language of a Markdown file is set from outside.
            TokenKind::Language => None,
            TokenKind::Other => Some(Token::Other(Cow::Borrowed(line.without_indent(self.indent)))),
        })
    }

    fn language(&self) -> &'static str {
        self.dialect.code
    }
}

/// A heading of up to six levels that begins with one of these keywords and a colon.
fn title<'s>(line: &Line<'s>, keywords: &[&'static str]) -> Option<Title<'s>> {
    let rest = line.trimmed.trim_start_matches('#');
    if !(1..=6).contains(&(line.trimmed.len() - rest.len())) {
        return None;
    }
    let text = rest.strip_prefix(is_space)?;
    keywords.iter().find_map(|&keyword| {
        let name = trim(first_line(text.strip_prefix(keyword)?.strip_prefix(':')?));
        let column = line.column() + code_points_before(line.trimmed, text);
        Some(Title { keyword, name, line: line.number, column })
    })
}

/// A table row is indented by two to five spaces, which tells it from a table of the prose.
fn table_row(line: &Line) -> Option<Vec<TableCell>> {
    if !(2..=5).contains(&line.indent) || !line.trimmed.starts_with('|') {
        return None;
    }
    Some(cells(line)).filter(|cells| !is_separator(cells))
}

/// Whether this is the row of dashes under a Markdown table's header.
fn is_separator_row(line: &Line) -> bool {
    line.trimmed.starts_with('|') && is_separator(&cells(line))
}

fn is_separator(cells: &[TableCell]) -> bool {
    cells.iter().any(|cell| {
        let text = cell.value.strip_prefix(':').unwrap_or(&cell.value);
        let dashes = text.strip_suffix(':').unwrap_or(text);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    })
}

/// How far into `text` its end part `rest` begins.
fn code_points_before(text: &str, rest: &str) -> u32 {
    text[..text.len() - rest.len()].chars().count() as u32
}

/// Up to one of the line breaks that ECMAScript knows and files are not split at.
fn first_line(text: &str) -> &str {
    text.split(['\r', '\u{2028}', '\u{2029}']).next().unwrap_or(text)
}
