//! Reads the lines of plain Gherkin.

use std::borrow::Cow;

use super::dialect::{self, Dialect, StepKeyword};
use super::error::Fault;
use super::line::{Line, is_space, trim};
use super::table_row::cells;
use super::tag::tags;
use super::token::{Matcher, Title, Token, TokenKind};

const DELIMITERS: [&str; 2] = ["\"\"\"", "```"];

pub(super) struct ClassicMatcher {
    dialect: &'static Dialect,
    step_keywords: Vec<StepKeyword>,
    open_doc_string: Option<OpenDocString>,
}

struct OpenDocString {
    delimiter: &'static str,
    /// Of the line with the delimiter: as much is taken off the lines within.
    indent: u32,
}

impl ClassicMatcher {
    pub(super) fn new(dialect: &'static Dialect) -> ClassicMatcher {
        ClassicMatcher { dialect, step_keywords: dialect.step_keywords(), open_doc_string: None }
    }

    fn read_language(&mut self, line: &Line) -> Result<bool, Fault> {
        let Some(code) = language_comment(line.trimmed) else { return Ok(false) };
        let Some(dialect) = dialect::named(code) else {
            return Err(Fault::no_such_language(line, code));
        };
        (self.dialect, self.step_keywords) = (dialect, dialect.step_keywords());
        Ok(true)
    }

    fn read_doc_string_separator<'s>(&mut self, line: &Line<'s>) -> Option<Token<'s>> {
        let (delimiter, media_type) = match self.open_doc_string.take() {
            // What follows a closing delimiter is passed over.
            Some(open) if line.trimmed.starts_with(open.delimiter) => (open.delimiter, ""),
            Some(open) => {
                self.open_doc_string = Some(open);
                return None;
            }
            None => {
                let (delimiter, rest) = DELIMITERS.iter().find_map(|&delimiter| {
                    Some((delimiter, line.trimmed.strip_prefix(delimiter)?))
                })?;
                self.open_doc_string = Some(OpenDocString { delimiter, indent: line.indent });
                (delimiter, trim(rest))
            }
        };
        Some(Token::DocStringSeparator { delimiter, media_type })
    }

    fn read_other<'s>(&self, line: &Line<'s>) -> Cow<'s, str> {
        let Some(open) = &self.open_doc_string else { return Cow::Borrowed(line.text) };
        let text = line.without_indent(open.indent);
        let escaped = if open.delimiter == "```" { "\\`\\`\\`" } else { "\\\"\\\"\\\"" };
        if text.contains(escaped) {
            Cow::Owned(text.replacen(escaped, open.delimiter, 1))
        } else {
            Cow::Borrowed(text)
        }
    }

    fn read_step<'s>(&self, line: &Line<'s>) -> Option<Token<'s>> {
        self.step_keywords.iter().find_map(|keyword| {
            let text = trim(line.trimmed.strip_prefix(keyword.text)?);
            let (keyword, kind) = (keyword.text, keyword.kind);
            Some(Token::Step { keyword, kind, text, column: line.column() })
        })
    }
}

impl Matcher for ClassicMatcher {
    fn read<'s>(&mut self, kind: TokenKind, line: &Line<'s>) -> Result<Option<Token<'s>>, Fault> {
        let starts_with = |byte: u8| line.trimmed.as_bytes().first() == Some(&byte);
        let dialect = self.dialect;
        Ok(match kind {
            TokenKind::End => None,
            TokenKind::Empty => line.is_blank().then_some(Token::Empty),
            TokenKind::Comment => starts_with(b'#').then_some(Token::Comment(Some(line.text))),
            TokenKind::TagLine if starts_with(b'@') => Some(Token::Tags(tags(line)?)),
            TokenKind::TagLine => None,
            TokenKind::FeatureLine => title(line, dialect.feature).map(Token::Feature),
            TokenKind::RuleLine => title(line, dialect.rule).map(Token::Rule),
            TokenKind::BackgroundLine => title(line, dialect.background).map(Token::Background),
            TokenKind::ScenarioLine => title(line, dialect.scenario)
                .or_else(|| title(line, dialect.scenario_outline))
                .map(Token::Scenario),
            TokenKind::ExamplesLine => title(line, dialect.examples).map(Token::Examples),
            TokenKind::StepLine => self.read_step(line),
            TokenKind::DocStringSeparator => self.read_doc_string_separator(line),
            TokenKind::TableRow => starts_with(b'|').then(|| Token::Row(cells(line))),
            TokenKind::Language => self.read_language(line)?.then_some(Token::Language),
            TokenKind::Other => Some(Token::Other(self.read_other(line))),
        })
    }

    fn language(&self) -> &'static str {
        self.dialect.code
    }
}

fn title<'s>(line: &Line<'s>, keywords: &[&'static str]) -> Option<Title<'s>> {
    keywords.iter().find_map(|&keyword| {
        let name = trim(line.trimmed.strip_prefix(keyword)?.strip_prefix(':')?);
        Some(Title { keyword, name, line: line.number, column: line.column() })
    })
}

/// The code in a comment such as `# language: fr`.
fn language_comment(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('#')?.trim_start_matches(is_space).strip_prefix("language")?;
    let code = trim(rest.trim_start_matches(is_space).strip_prefix(':')?);
    let is_code = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    (!code.is_empty() && code.bytes().all(is_code)).then_some(code)
}
