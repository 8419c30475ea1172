//! What a step library defined.

use serde::Serialize;

use super::{Id, SourceReference};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepDefinition {
    pub id: Id,
    pub pattern: StepDefinitionPattern,
    pub source_reference: SourceReference,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDefinitionPattern {
    /// The expression's text; of a regular expression what stands between its slashes.
    pub source: String,
    #[serde(rename = "type")]
    pub kind: StepDefinitionPatternType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StepDefinitionPatternType {
    CucumberExpression,
    RegularExpression,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    pub id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub source_reference: SourceReference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_expression: Option<String>,
    #[serde(rename = "type")]
    pub kind: HookType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HookType {
    BeforeTestRun,
    AfterTestRun,
    BeforeTestCase,
    AfterTestCase,
    BeforeTestStep,
    AfterTestStep,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterType {
    pub name: String,
    pub regular_expressions: Vec<String>,
    pub prefer_for_regular_expression_match: bool,
    pub use_for_snippets: bool,
    pub id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_reference: Option<SourceReference>,
}

/// A cucumber expression names a parameter type that nobody defined.
#[derive(Debug, Clone, Serialize)]
pub struct UndefinedParameterType {
    pub expression: String,
    pub name: String,
}

/// What to write for an undefined step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    pub id: Id,
    pub pickle_step_id: Id,
    pub snippets: Vec<Snippet>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Snippet {
    pub language: String,
    pub code: String,
}
