//! What formatters need to look up while a run goes on.
//!
//! It keeps outlines of documents, definitions, and of the scenarios that are known the pickles, test
//! cases (shared with the runner, not copied) and step results. Whatever belongs to a scenario goes
//! when the scenario is over, so memory does not grow with the number of scenarios that have run.

use std::collections::HashMap;
use std::sync::Arc;

use super::outline::{Lineage, Outline};
use crate::messages::{
    Attachment, Envelope, Hook, Id, IdMap, Pickle, PickleStep, StepDefinition, TestCase,
    TestCaseFinished, TestCaseStarted, TestStep, TestStepFinished, TestStepResult,
    TestStepResultStatus,
};

#[derive(Default)]
pub(super) struct Query {
    /// By the URI of the document.
    outlines: HashMap<String, Outline>,
    pickles: IdMap<Arc<Pickle>>,
    test_cases: IdMap<Arc<TestCase>>,
    step_definitions: IdMap<Arc<StepDefinition>>,
    hooks: IdMap<Arc<Hook>>,
    /// The hook behind each run hook that has begun and not ended.
    run_hooks: IdMap<Id>,
    attempts: IdMap<Attempt>,
    /// How many attempts have begun.
    begun: usize,
}

/// One attempt at a test case.
pub(super) struct Attempt {
    pub test_case: Arc<TestCase>,
    pub pickle: Arc<Pickle>,
    /// From 0.
    pub number: u32,
    /// How many attempts, of this and of other scenarios, began before it.
    pub began: usize,
    /// In the order in which the steps ended, which is that of their ids.
    pub results: Vec<(Id, TestStepResult)>,
    /// Of steps that have not passed.
    pub attachments: Vec<Arc<Attachment>>,
}

impl Query {
    /// Takes in anything but the end of a test case and of a run hook: these are for
    /// [`Self::finish_attempt`] and [`Self::finish_run_hook`].
    pub fn update(&mut self, envelope: &Envelope) {
        match envelope {
            Envelope::GherkinDocument(document) => {
                let outline = document.feature.as_ref().map(Outline::new);
                self.outlines.extend(outline.map(|outline| (document.uri.clone(), outline)));
            }
            Envelope::Pickle(pickle) => {
                self.pickles.insert(pickle.id, Arc::clone(pickle));
            }
            Envelope::StepDefinition(definition) => {
                self.step_definitions.insert(definition.id, Arc::clone(definition));
            }
            Envelope::Hook(hook) => {
                self.hooks.insert(hook.id, Arc::clone(hook));
            }
            Envelope::TestRunHookStarted(started) => {
                self.run_hooks.insert(started.id, started.hook_id);
            }
            Envelope::TestCase(test_case) => {
                self.test_cases.insert(test_case.id, Arc::clone(test_case));
            }
            Envelope::TestCaseStarted(started) => self.start_attempt(started),
            Envelope::Attachment(attachment) => self.attach(attachment),
            Envelope::TestStepFinished(finished) => self.finish_step(finished),
            _ => {}
        }
    }

    fn start_attempt(&mut self, started: &TestCaseStarted) {
        let Some(test_case) = self.test_cases.get(&started.test_case_id) else { return };
        let Some(pickle) = self.pickles.get(&test_case.pickle_id) else { return };
        let attempt = Attempt {
            test_case: Arc::clone(test_case),
            pickle: Arc::clone(pickle),
            number: started.attempt,
            began: self.begun,
            results: Vec::with_capacity(test_case.test_steps.len()),
            attachments: Vec::new(),
        };
        self.begun += 1;
        self.attempts.insert(started.id, attempt);
    }

    fn attach(&mut self, attachment: &Arc<Attachment>) {
        let attempt = attachment.test_case_started_id.and_then(|id| self.attempts.get_mut(&id));
        if let Some(attempt) = attempt {
            attempt.attachments.push(Arc::clone(attachment));
        }
    }

    fn finish_step(&mut self, finished: &TestStepFinished) {
        let Some(attempt) = self.attempts.get_mut(&finished.test_case_started_id) else { return };
        let step = finished.test_step_id;
        if finished.test_step_result.status == TestStepResultStatus::Passed {
            let others = attempt.attachments.len() - attempt.attachments_of(step).len();
            attempt.attachments.truncate(others);
        }
        attempt.results.push((step, finished.test_step_result.clone()));
    }

    /// The attempt that ended; no longer kept here.
    pub fn finish_attempt(&mut self, finished: &TestCaseFinished) -> Option<Attempt> {
        self.attempts.remove(&finished.test_case_started_id)
    }

    /// The hook that ended.
    pub fn finish_run_hook(&mut self, run_hook_started: Id) -> Option<&Arc<Hook>> {
        let hook = self.run_hooks.remove(&run_hook_started)?;
        self.hooks.get(&hook)
    }

    /// Drops what belongs to a scenario that will not be tried again.
    pub fn forget(&mut self, attempt: &Attempt) {
        self.test_cases.remove(&attempt.test_case.id);
        self.pickles.remove(&attempt.pickle.id);
    }

    pub fn attempt(&self, started: Id) -> Option<&Attempt> {
        self.attempts.get(&started)
    }

    pub fn hook(&self, id: Id) -> Option<&Hook> {
        self.hooks.get(&id).map(Arc::as_ref)
    }

    pub fn step_definitions(&self, step: &TestStep) -> Vec<&StepDefinition> {
        let ids = step.step_definition_ids.as_deref().unwrap_or_default();
        ids.iter().filter_map(|id| self.step_definitions.get(id)).map(Arc::as_ref).collect()
    }

    /// The one definition of a step; none for an ambiguous or undefined one.
    pub fn step_definition(&self, step: &TestStep) -> Option<&StepDefinition> {
        match step.step_definition_ids.as_deref() {
            Some([id]) => self.step_definitions.get(id).map(Arc::as_ref),
            _ => None,
        }
    }

    pub fn all_step_definitions(&self) -> impl Iterator<Item = &StepDefinition> {
        self.step_definitions.values().map(Arc::as_ref)
    }

    pub fn lineage(&self, pickle: &Pickle) -> Option<Lineage<'_>> {
        self.outlines.get(&*pickle.uri)?.lineage(pickle.ast_node_ids.node)
    }
}

impl Attempt {
    pub fn test_step(&self, id: Id) -> Option<&TestStep> {
        let steps = &self.test_case.test_steps;
        steps.binary_search_by_key(&id, |step| step.id).ok().map(|index| &steps[index])
    }

    /// What became of a test step, if it has ended.
    pub fn result(&self, test_step: Id) -> Option<&TestStepResult> {
        let found = self.results.binary_search_by_key(&test_step, |(id, _)| *id);
        found.ok().map(|index| &self.results[index].1)
    }

    pub fn attachments_of(&self, test_step: Id) -> &[Arc<Attachment>] {
        attachments_of(&self.attachments, test_step)
    }

    /// The pickle's step behind a test step; none where that is a hook.
    pub fn pickle_step(&self, step: &TestStep) -> Option<&PickleStep> {
        let (id, steps) = (step.pickle_step_id?, &self.pickle.steps);
        steps.binary_search_by_key(&id, |step| step.id).ok().map(|index| &steps[index])
    }

    /// The worst of its results so far.
    pub fn status(&self) -> Option<TestStepResultStatus> {
        self.results.iter().map(|(_, result)| result.status).max()
    }
}

/// Those of a test step among all of its attempt's, which come in the order of the steps.
pub(super) fn attachments_of(attachments: &[Arc<Attachment>], test_step: Id) -> &[Arc<Attachment>] {
    let start = attachments.partition_point(|told| told.test_step_id < Some(test_step));
    let end = attachments.partition_point(|told| told.test_step_id <= Some(test_step));
    &attachments[start..end]
}
