//! One pickle bound to its hooks and step definitions.

use std::sync::Arc;

use crate::matching::Match;
use crate::messages::{
    GherkinDocument, HookType, Id, IdGenerator, Pickle, StepMatchArgument, StepMatchArgumentsList,
    TestCase, TestStep,
};
use crate::support::{SupportCode, SupportError};

/// A test case ready to run.
#[derive(Debug)]
pub(crate) struct PlannedCase {
    pub document: Arc<GherkinDocument>,
    pub pickle: Arc<Pickle>,
    pub test_case: Arc<TestCase>,
    /// What each of the test case's steps calls: as many, in the same order.
    pub bindings: Vec<Binding>,
}

/// What a test step calls. The numbers of hooks and definitions are indices into [`SupportCode`],
/// those of steps into the pickle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Binding {
    Hook(usize),
    Step { step: usize, found: Found },
}

/// What a step's text found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The step is undefined.
    Nothing,
    One {
        definition: usize,
        /// The parameter type of each argument, none for a group that belongs to none.
        parameter_types: Box<[Option<usize>]>,
    },
    /// The step is ambiguous.
    Several,
}

impl PlannedCase {
    /// Before hooks in order of definition, the steps, After hooks in reverse.
    ///
    /// # Errors
    /// A step definition whose pattern cannot be matched with.
    pub(crate) fn new(
        document: Arc<GherkinDocument>,
        pickle: Arc<Pickle>,
        support: &SupportCode,
        test_run_started_id: Id,
        ids: &IdGenerator,
    ) -> Result<Self, SupportError> {
        let mut case = Builder { support, ids, test_steps: Vec::new(), bindings: Vec::new() };
        let id = ids.next();
        for hook in support.hooks_for(HookType::BeforeTestCase, &pickle) {
            case.add_hook(hook);
        }
        for (index, step) in pickle.steps.iter().enumerate() {
            case.add_step(index, step.id, support.matches(&step.text)?);
        }
        for hook in support.hooks_for(HookType::AfterTestCase, &pickle).rev() {
            case.add_hook(hook);
        }
        let Builder { test_steps, bindings, .. } = case;
        let test_case = TestCase { id, pickle_id: pickle.id, test_steps, test_run_started_id };
        Ok(Self { document, pickle, test_case: Arc::new(test_case), bindings })
    }
}

struct Builder<'a> {
    support: &'a SupportCode,
    ids: &'a IdGenerator,
    test_steps: Vec<TestStep>,
    bindings: Vec<Binding>,
}

impl Builder<'_> {
    fn add_hook(&mut self, hook: usize) {
        self.test_steps.push(TestStep {
            hook_id: Some(self.support.hooks[hook].message.id),
            id: self.ids.next(),
            pickle_step_id: None,
            step_definition_ids: None,
            step_match_arguments_lists: None,
        });
        self.bindings.push(Binding::Hook(hook));
    }

    fn add_step(&mut self, step: usize, pickle_step_id: Id, matches: Vec<Match>) {
        let found = match matches.as_slice() {
            [] => Found::Nothing,
            [only] => Found::One {
                definition: only.definition,
                parameter_types: only
                    .arguments
                    .iter()
                    .map(|argument| argument.parameter_type)
                    .collect(),
            },
            _ => Found::Several,
        };
        self.bindings.push(Binding::Step { step, found });
        self.test_steps.push(TestStep {
            hook_id: None,
            id: self.ids.next(),
            pickle_step_id: Some(pickle_step_id),
            step_definition_ids: Some(
                matches
                    .iter()
                    .map(|found| self.support.steps[found.definition].message.id)
                    .collect(),
            ),
            step_match_arguments_lists: Some(
                matches.into_iter().map(|found| arguments(found, self.support)).collect(),
            ),
        });
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
