//! The syntax tree of a feature file.

use serde::Serialize;

use super::{Id, Location};

/// A feature file's syntax tree. A file of comments alone has no feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GherkinDocument {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<Feature>,
    pub comments: Vec<Comment>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comment {
    /// Column 1: a comment's text holds its indentation.
    pub location: Location,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Feature {
    pub location: Location,
    pub tags: Vec<Tag>,
    pub language: &'static str,
    pub keyword: &'static str,
    pub name: String,
    pub description: String,
    pub children: Vec<FeatureChild>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FeatureChild {
    Rule(Rule),
    Background(Background),
    Scenario(Scenario),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    pub location: Location,
    pub tags: Vec<Tag>,
    pub keyword: &'static str,
    pub name: String,
    pub description: String,
    pub children: Vec<RuleChild>,
    pub id: Id,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleChild {
    Background(Background),
    Scenario(Scenario),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Background {
    pub location: Location,
    pub keyword: &'static str,
    pub name: String,
    pub description: String,
    pub steps: Vec<Step>,
    pub id: Id,
}

/// A scenario, or a scenario outline: the latter is one with examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scenario {
    pub location: Location,
    pub tags: Vec<Tag>,
    pub keyword: &'static str,
    pub name: String,
    pub description: String,
    pub steps: Vec<Step>,
    pub examples: Vec<Examples>,
    pub id: Id,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Examples {
    pub location: Location,
    pub tags: Vec<Tag>,
    pub keyword: &'static str,
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_header: Option<TableRow>,
    pub table_body: Vec<TableRow>,
    pub id: Id,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub location: Location,
    /// As written, its trailing space included.
    pub keyword: &'static str,
    pub keyword_type: StepKeywordType,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_string: Option<DocString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_table: Option<DataTable>,
    pub id: Id,
}

/// What a step's keyword means, whatever the language. `Unknown` is `*`, or a keyword that a
/// dialect uses for more than one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum StepKeywordType {
    Unknown,
    Context,
    Action,
    Outcome,
    Conjunction,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocString {
    pub location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    pub content: String,
    pub delimiter: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataTable {
    pub location: Location,
    pub rows: Vec<TableRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    pub location: Location,
    pub cells: Vec<TableCell>,
    pub id: Id,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableCell {
    pub location: Location,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tag {
    pub location: Location,
    /// With its `@`.
    pub name: String,
    pub id: Id,
}
