//! Feature files and places in files.

use serde::Serialize;

/// A place in a file. Lines and columns count from 1; columns count Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    pub line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// A place in a source file: of a definition, or of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReference {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// The two kinds of feature file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SourceMediaType {
    #[serde(rename = "text/x.cucumber.gherkin+plain")]
    Plain,
    #[serde(rename = "text/x.cucumber.gherkin+markdown")]
    Markdown,
}

/// The text of a feature file, as read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The file's path, relative to the working directory.
    pub uri: String,
    pub data: String,
    pub media_type: SourceMediaType,
}

/// A feature file that does not parse: one of these for each of its errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParseError {
    pub source: SourceReference,
    /// In the official wording, with the place in front: `(1:2): …`.
    pub message: String,
}
