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
