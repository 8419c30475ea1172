//! Pickles: scenarios made ready to run.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Id, Location};

/// A scenario with its backgrounds, tags and example values worked in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pickle {
    pub id: Id,
    pub uri: Arc<str>,
    /// Of the example row where there is one, else of the scenario.
    pub location: Location,
    pub ast_node_ids: AstNodeIds,
    pub name: String,
    pub language: &'static str,
    /// In ascending order of their ids.
    pub steps: Vec<PickleStep>,
    pub tags: Vec<PickleTag>,
}

/// What a pickle or a step of it comes from. In JSON it is a list of one or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AstNodeIds {
    /// The scenario or the step.
    pub node: Id,
    /// The example row.
    pub row: Option<Id>,
}

impl Serialize for AstNodeIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(std::iter::once(self.node).chain(self.row))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PickleStep {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub argument: Option<Box<PickleStepArgument>>,
    pub ast_node_ids: AstNodeIds,
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: PickleStepType,
    pub text: String,
    /// Where the step stands in its file. No part of the protocol: reports would have to search for it.
    #[serde(skip)]
    pub line: u32,
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

/// One of the blocks below a step.
#[derive(Debug, Clone, Copy)]
pub enum StepBlock<'a> {
    DocString(&'a PickleDocString),
    DataTable(&'a PickleTable),
}

impl PickleStepArgument {
    /// As the step's function gets them: in source order, the table first where the order is not known.
    pub fn blocks(&self) -> impl Iterator<Item = StepBlock<'_>> {
        let table = self.data_table.as_ref().map(StepBlock::DataTable);
        let doc_string = self.doc_string.as_ref().map(StepBlock::DocString);
        let index = |block: &StepBlock<'_>| match block {
            StepBlock::DocString(text) => text.argument_index,
            StepBlock::DataTable(table) => table.argument_index,
        };
        let mut blocks = [table, doc_string];
        blocks.sort_by_key(|block| block.as_ref().and_then(index).unwrap_or(u32::MAX));
        blocks.into_iter().flatten()
    }
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
    /// As [`PickleStep::line`].
    #[serde(skip)]
    pub line: u32,
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
