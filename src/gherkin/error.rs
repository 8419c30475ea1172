//! What can be wrong with a feature file, in the official wording.

use super::line::{Line, trim};
use super::token::TokenKind;
use crate::messages::{Location, ParseError, SourceReference};

/// Past this many errors parsing stops: the last of them is reported still.
const LIMIT: usize = 10;

/// One thing that is wrong with a feature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    location: Location,
    /// With the place in front.
    message: String,
}

impl Fault {
    fn new(line: u32, column: Option<u32>, text: &str) -> Fault {
        let message = format!("({line}:{}): {text}", column.unwrap_or(0));
        Fault { location: Location { line, column }, message }
    }

    pub(super) fn unexpected_line(line: &Line, expected: &[TokenKind]) -> Fault {
        let text = format!("expected: {}, got '{}'", list(expected), trim(line.trimmed));
        Fault::new(line.number, Some(line.column()), &text)
    }

    /// `line` is the one past the last.
    pub(super) fn unexpected_end(line: u32, expected: &[TokenKind]) -> Fault {
        Fault::new(line, None, &format!("unexpected end of file, expected: {}", list(expected)))
    }

    pub(super) fn no_such_language(line: &Line, language: &str) -> Fault {
        let text = format!("Language not supported: {language}");
        Fault::new(line.number, Some(line.column()), &text)
    }

    pub(super) fn white_space_in_tag(line: u32, column: u32) -> Fault {
        Fault::new(line, Some(column), "A tag may not contain whitespace")
    }

    pub(super) fn inconsistent_cell_count(row: Location) -> Fault {
        Fault::new(row.line, row.column, "inconsistent cell count within the table")
    }
}

fn list(kinds: &[TokenKind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

/// There are too many errors to go on.
#[derive(Debug)]
pub(super) struct TooMany;

/// The errors of a file, in the order in which they were found, each once.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) -> Result<(), TooMany> {
        if !self.0.contains(&fault) {
            self.0.push(fault);
        }
        if self.0.len() > LIMIT { Err(TooMany) } else { Ok(()) }
    }

    /// Says that a line was read as a comment after all, as one with an unknown language is. The
    /// official parser moves the error's location to column 1 then, but not its message.
    pub(super) fn read_as_comment(&mut self, line: u32) {
        if let Some(fault) = self.0.last_mut().filter(|fault| fault.location.line == line) {
            fault.location.column = Some(1);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_parse_errors(self, uri: &str) -> Vec<ParseError> {
        let parse_error = |fault: Fault| ParseError {
            source: SourceReference { uri: uri.to_owned(), location: Some(fault.location) },
            message: fault.message,
        };
        self.0.into_iter().map(parse_error).collect()
    }
}
