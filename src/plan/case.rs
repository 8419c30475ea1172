//! One pickle bound to its hooks and step definitions.

use std::sync::Arc;

use crate::gherkin::FeatureText;
use crate::messages::{HookType, Id, IdGenerator, Pickle, TestCase, TestStep};
use crate::support::{SupportCode, SupportError};

use super::step_texts::{StepText, StepTexts};

/// A pickle that is to run, with the file it comes from.
#[derive(Debug, Clone)]
pub(crate) struct SelectedPickle {
    pub feature: Arc<FeatureText>,
    pub pickle: Arc<Pickle>,
}

/// A test case ready to run.
#[derive(Debug)]
pub(crate) struct PlannedCase {
    pub feature: Arc<FeatureText>,
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
        parameter_types: Arc<[Option<usize>]>,
    },
    /// The step is ambiguous.
    Several,
}

impl PlannedCase {
    /// Before hooks in order of definition, the steps, After hooks in reverse.
    ///
    /// # Errors
    /// A step definition whose pattern cannot be matched with.
    pub(super) fn new(
        SelectedPickle { feature, pickle }: SelectedPickle,
        support: &SupportCode,
        texts: &mut StepTexts,
        test_run_started_id: Id,
        ids: &IdGenerator,
    ) -> Result<Self, SupportError> {
        let mut case = Builder { support, ids, test_steps: Vec::new(), bindings: Vec::new() };
        let id = ids.next();
        for hook in support.hooks_for(HookType::BeforeTestCase, &pickle) {
            case.add_hook(hook);
        }
        for (index, step) in pickle.steps.iter().enumerate() {
            case.add_step(index, step.id, texts.find(&step.text, support)?);
        }
        for hook in support.hooks_for(HookType::AfterTestCase, &pickle).rev() {
            case.add_hook(hook);
        }
        let Builder { test_steps, bindings, .. } = case;
        let test_case = TestCase { id, pickle_id: pickle.id, test_steps, test_run_started_id };
        Ok(Self { feature, pickle, test_case: Arc::new(test_case), bindings })
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

    fn add_step(&mut self, step: usize, pickle_step_id: Id, text: StepText) {
        self.bindings.push(Binding::Step { step, found: text.found });
        self.test_steps.push(TestStep {
            hook_id: None,
            id: self.ids.next(),
            pickle_step_id: Some(pickle_step_id),
            step_definition_ids: Some(text.definition_ids),
            step_match_arguments_lists: Some(text.arguments_lists),
        });
    }
}
