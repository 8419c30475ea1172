//! What the texts of steps find, remembered for the steps that say the same.

use std::sync::Arc;

use crate::matching::{Match, TextMap};
use crate::messages::{Id, StepMatchArgument, StepMatchArgumentsList};
use crate::support::{SupportCode, SupportError};

use super::case::Found;

/// So many texts are remembered, at about half a kilobyte each: the first ones, among which are those
/// that a suite repeats most.
const CAPACITY: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct StepTexts {
    known: TextMap<String, StepText>,
}

/// What a text found, as a test case tells it and as a worker needs it.
#[derive(Debug, Clone)]
pub(super) struct StepText {
    pub found: Found,
    pub definition_ids: Arc<[Id]>,
    pub arguments_lists: Arc<[StepMatchArgumentsList]>,
}

impl StepTexts {
    /// # Errors
    /// A step definition whose pattern cannot be matched with.
    pub(super) fn find(
        &mut self,
        text: &str,
        support: &SupportCode,
    ) -> Result<StepText, SupportError> {
        if let Some(known) = self.known.get(text) {
            return Ok(known.clone());
        }
        let found = StepText::new(support.matches(text)?, support);
        if self.has_room() {
            self.known.insert(text.to_owned(), found.clone());
        }
        Ok(found)
    }

    /// Makes sure that [`Self::find`] has no error for the text.
    pub(super) fn check(&mut self, text: &str, support: &SupportCode) -> Result<(), SupportError> {
        match self.has_room() {
            true => self.find(text, support).map(drop),
            false if self.known.contains_key(text) => Ok(()),
            false => support.check(text),
        }
    }

    fn has_room(&self) -> bool {
        self.known.len() < CAPACITY
    }
}

impl StepText {
    fn new(matches: Vec<Match>, support: &SupportCode) -> Self {
        let parameter_types = |found: &Match| {
            found.arguments.iter().map(|argument| argument.parameter_type).collect()
        };
        let found = match matches.as_slice() {
            [] => Found::Nothing,
            [only] => {
                Found::One { definition: only.definition, parameter_types: parameter_types(only) }
            }
            _ => Found::Several,
        };
        let definition_id = |found: &Match| support.steps[found.definition].message.id;
        Self {
            found,
            definition_ids: matches.iter().map(definition_id).collect(),
            arguments_lists: matches.into_iter().map(|found| arguments(found, support)).collect(),
        }
    }
}

fn arguments(found: Match, support: &SupportCode) -> StepMatchArgumentsList {
    let step_match_arguments = found
        .arguments
        .into_iter()
        .map(|argument| StepMatchArgument {
            group: argument.group,
            parameter_type_name: argument
                .parameter_type
                .and_then(|index| support.parameter_type_name(index))
                .map(str::to_owned),
        })
        .collect();
    StepMatchArgumentsList { step_match_arguments }
}
