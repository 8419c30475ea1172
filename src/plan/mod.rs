//! Pickles bound to definitions: what will run, in which order, bound to what.
//!
//! A plan is made before anything runs and is not changed by what happens. This module must not
//! run anything.

mod case;
mod step_texts;

use std::sync::Arc;

use crate::messages::{HookType, Id, IdGenerator, Pickle};
use crate::support::{SupportCode, SupportError};

pub(crate) use case::{Binding, Found, PlannedCase, SelectedPickle};
use step_texts::StepTexts;

/// The test cases of a run, in order. Each is made when it is asked for, since one takes several
/// times the room of its pickle, and is the same whenever it is made.
#[derive(Debug)]
pub(crate) struct Plan {
    pickles: Vec<SelectedPickle>,
    support: Arc<SupportCode>,
    test_run_started_id: Id,
    /// A clone of the run's, which leaves these ids to the test cases.
    ids: IdGenerator,
    texts: StepTexts,
}

impl Plan {
    /// # Errors
    /// A step definition whose pattern cannot be matched with: found before anything runs.
    pub(crate) fn new(
        pickles: Vec<SelectedPickle>,
        support: &Arc<SupportCode>,
        test_run_started_id: Id,
        ids: &IdGenerator,
    ) -> Result<Self, SupportError> {
        let mut texts = StepTexts::default();
        let own_ids = ids.clone();
        for SelectedPickle { pickle, .. } in &pickles {
            for step in &pickle.steps {
                texts.check(&step.text, support)?;
            }
            ids.skip(ids_needed(pickle, support));
        }
        let support = Arc::clone(support);
        Ok(Self { pickles, support, test_run_started_id, ids: own_ids, texts })
    }

    /// The test cases for a first look: they are made again for [`Self::into_cases`].
    pub(crate) fn cases(&mut self) -> impl Iterator<Item = PlannedCase> {
        let Self { pickles, support, test_run_started_id, ids, texts } = self;
        let ids = ids.clone();
        pickles
            .iter()
            .map(move |pickle| case(pickle.clone(), support, texts, *test_run_started_id, &ids))
    }

    /// The test cases to run. A pickle goes with its test case.
    pub(crate) fn into_cases(self) -> impl Iterator<Item = PlannedCase> {
        let Self { pickles, support, test_run_started_id, ids, mut texts } = self;
        pickles
            .into_iter()
            .map(move |pickle| case(pickle, &support, &mut texts, test_run_started_id, &ids))
    }
}

/// Makes test cases of pickles that come one by one.
#[derive(Debug)]
pub(crate) struct Planner {
    support: Arc<SupportCode>,
    test_run_started_id: Id,
    texts: StepTexts,
}

impl Planner {
    pub(crate) fn new(support: Arc<SupportCode>, test_run_started_id: Id) -> Self {
        Self { support, test_run_started_id, texts: StepTexts::default() }
    }

    /// # Errors
    /// A step definition whose pattern cannot be matched with.
    pub(crate) fn case(
        &mut self,
        pickle: SelectedPickle,
        ids: &IdGenerator,
    ) -> Result<PlannedCase, SupportError> {
        PlannedCase::new(pickle, &self.support, &mut self.texts, self.test_run_started_id, ids)
    }
}

fn case(
    pickle: SelectedPickle,
    support: &SupportCode,
    texts: &mut StepTexts,
    test_run_started_id: Id,
    ids: &IdGenerator,
) -> PlannedCase {
    PlannedCase::new(pickle, support, texts, test_run_started_id, ids).unwrap_or_else(|error| {
        unreachable!("every text was matched when the plan was made: {error}")
    })
}

/// One for the test case and one for each of its steps.
fn ids_needed(pickle: &Pickle, support: &SupportCode) -> u32 {
    let hooks = |kind| support.hooks_for(kind, pickle).count();
    let steps =
        hooks(HookType::BeforeTestCase) + pickle.steps.len() + hooks(HookType::AfterTestCase);
    u32::try_from(1 + steps).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::gherkin::{self, FeatureText};
    use crate::messages::{Source, SourceMediaType};

    const FEATURE: &str = "\
Feature: f
  Scenario: a
    Given I wait 3
    And I wait 3
  @tagged
  Scenario: b
    Given nobody knows
";

    fn support(ids: &IdGenerator) -> Arc<SupportCode> {
        let step = |source: &str| {
            let regexp = json!({ "source": source, "flags": "" });
            json!({ "regexp": regexp, "order": 0, "function": 0, "arity": 1 })
        };
        let hook = json!({
            "type": "Before", "tags": "@tagged", "order": 2, "function": 2, "takesNothing": true, "target": "WORKER",
        });
        let told = json!({
            "defaultTimeout": 5000,
            "customParallelCanAssign": false,
            "parameterTypes": [],
            "steps": [step(r"^I wait (\d+)$"), step("(z+)+$")],
            "hooks": [hook],
        });
        Arc::new(SupportCode::new(&told.to_string(), Path::new("/p"), ids).unwrap())
    }

    fn pickles(text: &str, ids: &IdGenerator) -> Vec<SelectedPickle> {
        let (uri, media_type) = ("a.feature".to_owned(), SourceMediaType::Plain);
        let source = Arc::new(Source { uri, data: text.to_owned(), media_type });
        let feature = Arc::new(FeatureText::new(Arc::clone(&source), "en", ids));
        let document = gherkin::parse(&source.uri, text, media_type, "en", ids).unwrap();
        assert_eq!(feature.document(), Some(&document), "parsed again, it has the same ids");
        let pickles = gherkin::compile(&document, ids).into_iter().map(Arc::new);
        pickles.map(|pickle| SelectedPickle { feature: Arc::clone(&feature), pickle }).collect()
    }

    #[test]
    fn test_cases_are_the_same_whenever_they_are_made() {
        let ids = IdGenerator::default();
        let (pickles, support, run) = (pickles(FEATURE, &ids), support(&ids), ids.next());
        let first = ids.clone();
        let mut plan = Plan::new(pickles, &support, run, &ids).unwrap();
        let told = |case: PlannedCase| serde_json::to_value(&*case.test_case).unwrap();
        let early: Vec<_> = plan.cases().map(told).collect();
        let next_id = ids.next();
        let late: Vec<_> = plan.into_cases().map(told).collect();
        assert_eq!(early, late);
        assert_eq!(early[0]["id"], json!(first.clone().next()));
        // Two test cases with three steps and a hook.
        first.skip(6);
        assert_eq!(next_id, first.next());
    }

    #[test]
    fn what_cannot_be_matched_is_found_when_the_plan_is_made() {
        let ids = IdGenerator::default();
        let endless = format!("Feature:\n  Scenario:\n    Given {}!", "z".repeat(60));
        let (pickles, support, run) = (pickles(&endless, &ids), support(&ids), ids.next());
        assert!(Plan::new(pickles, &support, run, &ids).is_err());
    }
}
