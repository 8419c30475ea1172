//! Pickles: scenarios made ready to run.

use serde::Serialize;

use super::{Id, Location};

/// A scenario with its backgrounds, tags and example values worked in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pickle {
    pub id: Id,
    pub uri: String,
    /// Of the example row where there is one, else of the scenario.
    pub location: Location,
    pub ast_node_ids: Vec<Id>,
    pub name: String,
    pub language: String,
    pub steps: Vec<PickleStep>,
    pub tags: Vec<PickleTag>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleStep {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument: Option<PickleStepArgument>,
    pub ast_node_ids: Vec<Id>,
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: PickleStepType,
    pub text: String,
}

/// What a step's keyword means, conjunctions resolved to what they continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PickleStepType {
    Unknown,
    Context,
    Action,
    Outcome,
}

/// What stands below a step: a doc string, a table, or both.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleStepArgument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_string: Option<PickleDocString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_table: Option<PickleTable>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleDocString {
    /// Where a step has a table too: 1 if this comes first, else 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument_index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    pub content: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleTable {
    /// Where a step has a doc string too: 1 if this comes first, else 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument_index: Option<u32>,
    pub rows: Vec<PickleTableRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PickleTableRow {
    pub cells: Vec<PickleTableCell>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PickleTableCell {
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleTag {
    pub name: String,
    pub ast_node_id: Id,
}
