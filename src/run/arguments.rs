//! The arguments of a step's function, from what its text matched.

use std::borrow::Cow;

use serde::Serialize;

use crate::isolate::Argument;
use crate::messages::{Group, PickleStep, PickleTableRow, StepBlock, StepMatchArgument};
use crate::support::{ParameterTypeRef, SupportCode};

/// What a step's function is called with.
pub(super) enum StepArguments<'a> {
    /// As many as it takes.
    Made(Vec<Made<'a>>),
    /// JavaScript has a part in making them (see `prelude/cucumber/parameters.js`), or the function is to be
    /// called with more than them, or cannot be called with so many.
    ToMake(ArgumentsToMake<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArgumentsToMake<'a> {
    arguments: Vec<StepArgument<'a>>,
    /// What stands below the step, in source order.
    blocks: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Block<'a> {
    DocString(&'a str),
    Table(Vec<Vec<&'a str>>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum StepArgument<'a> {
    Made {
        #[serde(skip_serializing_if = "Made::is_undefined")]
        value: Made<'a>,
    },
    ToMake {
        #[serde(rename = "type")]
        parameter_type: ParameterTypeRef<'a>,
        values: Vec<Option<&'a str>>,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Made<'a> {
    Undefined,
    Null,
    Number(f64),
    Text(Cow<'a, str>),
}

impl Made<'_> {
    fn is_undefined(&self) -> bool {
        matches!(self, Made::Undefined)
    }

    pub(super) fn argument(&self) -> Argument<'_> {
        match self {
            Made::Undefined => Argument::Undefined,
            Made::Null => Argument::Null,
            Made::Number(number) => Argument::Number(*number),
            Made::Text(text) => Argument::Text(text),
        }
    }
}

impl<'a> StepArguments<'a> {
    /// `parameter_types` are those of the `matched` arguments, in order; for `arity` see
    /// [`StepDefinition`](crate::support::StepDefinition).
    pub(super) fn new(
        arity: Option<usize>,
        matched: &'a [StepMatchArgument],
        parameter_types: &[Option<usize>],
        step: &'a PickleStep,
        support: &'a SupportCode,
    ) -> Self {
        let argument = step.argument.as_deref();
        let table = argument.and_then(|argument| argument.data_table.as_ref());
        let doc_string = argument.and_then(|argument| argument.doc_string.as_ref());
        let arguments = || {
            matched.iter().zip(parameter_types).map(|(argument, index)| {
                StepArgument::new(
                    &argument.group,
                    index.map(|index| support.parameter_type_ref(index)),
                )
            })
        };
        let count = matched.len() + usize::from(doc_string.is_some());
        if table.is_none() && arity == Some(count) {
            let made = arguments().map(|argument| match argument {
                StepArgument::Made { value } => Some(value),
                StepArgument::ToMake { .. } => None,
            });
            let doc_string = doc_string.map(|text| Some(Made::Text(text.content.as_str().into())));
            if let Some(made) = made.chain(doc_string).collect() {
                return Self::Made(made);
            }
        }
        Self::ToMake(ArgumentsToMake {
            arguments: arguments().collect(),
            blocks: argument
                .iter()
                .flat_map(|argument| argument.blocks())
                .map(Block::new)
                .collect(),
        })
    }
}

impl<'a> Block<'a> {
    fn new(block: StepBlock<'a>) -> Self {
        match block {
            StepBlock::DocString(text) => Self::DocString(&text.content),
            StepBlock::DataTable(table) => Self::Table(table.rows.iter().map(cells).collect()),
        }
    }
}

fn cells(row: &PickleTableRow) -> Vec<&str> {
    row.cells.iter().map(|cell| cell.value.as_str()).collect()
}

impl<'a> StepArgument<'a> {
    /// What a group becomes by its parameter type; none stands for a capture group of a regular expression
    /// that no parameter type claims.
    fn new(group: &'a Group, parameter_type: Option<ParameterTypeRef<'a>>) -> Self {
        let groups = group.children.as_deref().unwrap_or(std::slice::from_ref(group));
        let text = |index: usize| groups.get(index).and_then(|group| group.value.as_deref());
        let first = text(0);
        let or_null = |make: fn(&'a str) -> Option<Made<'a>>| match first {
            Some(text) => make(text),
            None => Some(Made::Null),
        };
        let value = match parameter_type {
            None | Some(ParameterTypeRef::BuiltIn("bigdecimal")) => {
                or_null(|text| Some(Made::Text(text.into())))
            }
            Some(ParameterTypeRef::BuiltIn("" | "word")) => {
                Some(first.map_or(Made::Undefined, |text| Made::Text(text.into())))
            }
            // What their regular expressions match is a number in Rust's terms too; JSON has no infinity.
            Some(ParameterTypeRef::BuiltIn(
                "int" | "byte" | "short" | "long" | "float" | "double",
            )) => or_null(|text| {
                text.parse().ok().filter(|number: &f64| number.is_finite()).map(Made::Number)
            }),
            Some(ParameterTypeRef::BuiltIn("string")) => {
                let quoted = first.filter(|text| !text.is_empty()).or(text(1));
                Some(Made::Text(unescaped(quoted.unwrap_or_default())))
            }
            Some(ParameterTypeRef::BuiltIn(_) | ParameterTypeRef::Custom(_)) => None,
        };
        match (value, parameter_type) {
            (Some(value), _) => Self::Made { value },
            (None, Some(parameter_type)) => {
                let values = groups.iter().map(|group| group.value.as_deref()).collect();
                Self::ToMake { parameter_type, values }
            }
            (None, None) => Self::Made { value: Made::Null },
        }
    }
}

/// A quoted text with its quotes no longer escaped.
fn unescaped(text: &str) -> Cow<'_, str> {
    match text.contains('\\') {
        true => text.replace("\\\"", "\"").replace("\\'", "'").into(),
        false => text.into(),
    }
}
