//! The form in which the prelude tells what was defined: the result of its `supportCode` entry
//! (`prelude/cucumber/builder.js`).

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireSupportCode {
    /// Milliseconds; below zero for no timeout.
    pub default_timeout: f64,
    /// Whether `setParallelCanAssign` was called.
    pub custom_parallel_can_assign: bool,
    pub steps: Vec<WireStep>,
    pub hooks: Vec<WireHook>,
    pub parameter_types: Vec<WireParameterType>,
}

/// A place in a source file, mapped to what its author wrote.
#[derive(Deserialize)]
pub(super) struct WireLocation {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

#[derive(Deserialize)]
pub(super) struct WireStep {
    pub location: Option<WireLocation>,
    pub order: usize,
    #[serde(flatten)]
    pub pattern: WirePattern,
    pub timeout: Option<f64>,
    pub function: usize,
    /// How many parameters the function has, where it could not tell if it were given more.
    pub arity: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum WirePattern {
    Expression(String),
    Regexp(WireRegExp),
}

/// `flags` is null where the author gave text.
#[derive(Deserialize)]
pub(super) struct WireRegExp {
    pub source: String,
    pub flags: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireHook {
    pub location: Option<WireLocation>,
    pub order: usize,
    #[serde(rename = "type")]
    pub kind: WireHookType,
    pub name: Option<String>,
    pub tags: Option<String>,
    /// `WORKER`, `COORDINATOR`, or whatever else the author named.
    pub target: String,
    pub timeout: Option<f64>,
    pub function: usize,
    pub takes_nothing: bool,
}

/// The function that defined it.
#[derive(Deserialize, Clone, Copy)]
pub(super) enum WireHookType {
    Before,
    After,
    BeforeStep,
    AfterStep,
    BeforeAll,
    AfterAll,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireParameterType {
    pub location: Option<WireLocation>,
    pub order: usize,
    pub name: Option<String>,
    pub regexps: Vec<WireRegExp>,
    pub use_for_snippets: bool,
    pub prefer_for_regexp_match: bool,
}
