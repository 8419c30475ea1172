//! What formatters need to look up while a run goes on.
//!
//! It keeps documents, pickles, test cases and definitions (shared with the runner, not copied),
//! and the step results of the attempts that are under way. Whatever belongs to a scenario goes
//! when the scenario is over, and a document goes with the last of its pickles, so memory does not
//! grow with the number of scenarios that have run.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::messages::{
    Attachment, Envelope, Feature, FeatureChild, GherkinDocument, Hook, Id, Pickle, PickleStep,
    Rule, RuleChild, Scenario, StepDefinition, TestCase, TestCaseFinished, TestCaseStarted,
    TestStep, TestStepFinished, TestStepResult, TestStepResultStatus,
};

#[derive(Default)]
pub(super) struct Query {
    documents: HashMap<String, Document>,
    pickles: HashMap<Id, Arc<Pickle>>,
    test_cases: HashMap<Id, Arc<TestCase>>,
    step_definitions: HashMap<Id, Arc<StepDefinition>>,
    hooks: HashMap<Id, Arc<Hook>>,
    /// The hook behind each run hook that has begun and not ended.
    run_hooks: HashMap<Id, Id>,
    attempts: HashMap<Id, Attempt>,
}

/// One attempt at a test case.
pub(super) struct Attempt {
    pub test_case: Arc<TestCase>,
    pub pickle: Arc<Pickle>,
    /// From 0.
    pub number: u32,
    /// In the order in which the steps ended.
    pub results: Vec<(Id, TestStepResult)>,
    /// Of steps that have not passed.
    pub attachments: Vec<Arc<Attachment>>,
}

/// Where a pickle comes from.
#[derive(Clone, Copy)]
pub(super) struct Lineage<'a> {
    pub feature: &'a Feature,
    pub rule: Option<&'a Rule>,
    pub scenario: &'a Scenario,
}

struct Document {
    syntax: Arc<GherkinDocument>,
    pickles_left: usize,
    /// The place of each scenario by its id; made when first asked for.
    places: OnceCell<HashMap<Id, Place>>,
}

/// The index of a scenario among the feature's children, or of its rule and then among the rule's.
#[derive(Clone, Copy)]
enum Place {
    InFeature(usize),
    InRule(usize, usize),
}

impl Query {
    /// Takes in anything but the end of a test case and of a run hook: these are for
    /// [`Self::finish_attempt`] and [`Self::finish_run_hook`].
    pub fn update(&mut self, envelope: &Envelope) {
        match envelope {
            Envelope::GherkinDocument(document) => {
                self.documents.insert(document.uri.clone(), Document::new(document));
            }
            Envelope::Pickle(pickle) => {
                if let Some(document) = self.documents.get_mut(&pickle.uri) {
                    document.pickles_left += 1;
                }
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
            results: Vec::with_capacity(test_case.test_steps.len()),
            attachments: Vec::new(),
        };
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
            attempt.attachments.retain(|attachment| attachment.test_step_id != Some(step));
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
        if let Some(document) = self.documents.get_mut(&attempt.pickle.uri) {
            document.pickles_left = document.pickles_left.saturating_sub(1);
            if document.pickles_left == 0 {
                self.documents.remove(&attempt.pickle.uri);
            }
        }
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

    pub fn lineage(&self, pickle: &Pickle) -> Option<Lineage<'_>> {
        let document = self.documents.get(&pickle.uri)?;
        let feature = document.syntax.feature.as_ref()?;
        let places = document.places.get_or_init(|| places(feature));
        let (rule, scenario) = match *places.get(pickle.ast_node_ids.first()?)? {
            Place::InFeature(index) => match &feature.children[index] {
                FeatureChild::Scenario(scenario) => (None, scenario),
                _ => return None,
            },
            Place::InRule(index, inner) => match &feature.children[index] {
                FeatureChild::Rule(rule) => match &rule.children[inner] {
                    RuleChild::Scenario(scenario) => (Some(rule), scenario),
                    RuleChild::Background(_) => return None,
                },
                _ => return None,
            },
        };
        Some(Lineage { feature, rule, scenario })
    }
}

impl Attempt {
    pub fn test_step(&self, id: Id) -> Option<&TestStep> {
        self.test_case.test_steps.iter().find(|step| step.id == id)
    }

    /// The pickle's step behind a test step; none where that is a hook.
    pub fn pickle_step(&self, step: &TestStep) -> Option<&PickleStep> {
        let id = step.pickle_step_id?;
        self.pickle.steps.iter().find(|step| step.id == id)
    }

    /// The worst of its results so far.
    pub fn status(&self) -> Option<TestStepResultStatus> {
        self.results.iter().map(|(_, result)| result.status).max()
    }
}

impl Lineage<'_> {
    /// The keyword of a pickle's step as written, with its trailing space.
    pub fn keyword(&self, step: &PickleStep) -> &str {
        let Some(&id) = step.ast_node_ids.first() else { return "" };
        // A background can only be the first child.
        let of_rule = self.rule.and_then(|rule| match rule.children.first() {
            Some(RuleChild::Background(background)) => Some(background),
            _ => None,
        });
        let of_feature = match self.feature.children.first() {
            Some(FeatureChild::Background(background)) => Some(background),
            _ => None,
        };
        let backgrounds = [of_rule, of_feature].into_iter().flatten().map(|b| &b.steps);
        let mut steps = std::iter::once(&self.scenario.steps).chain(backgrounds).flatten();
        steps.find(|step| step.id == id).map_or("", |step| &step.keyword)
    }
}

impl Document {
    fn new(syntax: &Arc<GherkinDocument>) -> Self {
        Self { syntax: Arc::clone(syntax), pickles_left: 0, places: OnceCell::new() }
    }
}

fn places(feature: &Feature) -> HashMap<Id, Place> {
    let mut places = HashMap::new();
    for (index, child) in feature.children.iter().enumerate() {
        match child {
            FeatureChild::Scenario(scenario) => {
                places.insert(scenario.id, Place::InFeature(index));
            }
            FeatureChild::Rule(rule) => {
                for (inner, child) in rule.children.iter().enumerate() {
                    if let RuleChild::Scenario(scenario) = child {
                        places.insert(scenario.id, Place::InRule(index, inner));
                    }
                }
            }
            FeatureChild::Background(_) => {}
        }
    }
    places
}
