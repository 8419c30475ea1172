//! What the crate `cucumber` calls: steps, and what comes before and after a scenario.

use std::sync::Arc;

use ::cucumber::event::ScenarioFinished;
use ::cucumber::gherkin::{Feature, Rule, Scenario};
use ::cucumber::step::Context;
use futures::future::LocalBoxFuture;

use crate::messages::{TestStepResult, TestStepResultStatus};

use super::library::Shared;
use super::outcome::{conclude, fail, failed_elsewhere};
use super::{StepLibrary, World};

impl StepLibrary {
    /// What is called before each scenario: gives its World a session of its own, and runs the Before hooks. In a
    /// function of your own, call it first.
    pub fn before<W: AsMut<World> + 'static>(
        &self,
    ) -> impl for<'a> Fn(
        &'a Feature,
        Option<&'a Rule>,
        &'a Scenario,
        &'a mut W,
    ) -> LocalBoxFuture<'a, ()>
    + 'static
    + use<W> {
        let library = Arc::clone(&self.0);
        move |feature, rule, scenario, world| {
            let library = Arc::clone(&library);
            Box::pin(async move {
                before(world.as_mut(), library, feature, rule, scenario).await;
            })
        }
    }

    /// What is called after each scenario: runs the After hooks, and ends the sessions with all their processes. In a
    /// function of your own, call it last.
    pub fn after<W: AsMut<World> + 'static>(
        &self,
    ) -> impl for<'a> Fn(
        &'a Feature,
        Option<&'a Rule>,
        &'a Scenario,
        &'a ScenarioFinished,
        Option<&'a mut W>,
    ) -> LocalBoxFuture<'a, ()>
    + 'static
    + use<W> {
        let run = RunGuard(Arc::clone(&self.0));
        move |_, _, _, finished, world| {
            // Held, so that the end of the run is the end of this function.
            let RunGuard(_) = &run;
            Box::pin(async move {
                if let Some(world) = world {
                    after(world.as_mut(), finished).await;
                }
            })
        }
    }
}

/// Ends the run when it is dropped: it belongs to the function that [`StepLibrary::after`] gives.
struct RunGuard(Arc<Shared>);

impl Drop for RunGuard {
    fn drop(&mut self) {
        // Our runner does it itself, without blocking.
        if self.0.logs.has_runner() {
            return;
        }
        if let Err(error) = self.0.finish() {
            match std::thread::panicking() {
                true => eprintln!("quickcuke: {error}"),
                false => panic!("{error}"),
            }
        }
    }
}

async fn before(
    world: &mut World,
    library: Arc<Shared>,
    feature: &Feature,
    rule: Option<&Rule>,
    scenario: &Scenario,
) {
    let pickle = library.features.pickle(&library.stepwise, feature, rule, scenario);
    let case = match library.stepwise.plan(pickle) {
        Ok(case) => case,
        Err(error) => fail(error.to_string()),
    };
    world.join(library, case, key(scenario));
    run(world, Part::Before).await;
}

/// The function of every JavaScript step.
pub(super) fn step<W: AsMut<World> + 'static>(
    world: &mut W,
    context: Context,
) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move { run(world.as_mut(), Part::Step(&context.step.value)).await })
}

async fn after(world: &mut World, finished: &ScenarioFinished) {
    if let Some(joined) = world.joined() {
        // What JavaScript itself said is known already.
        let passed = joined.scenario.status() == TestStepResultStatus::Passed;
        match finished {
            ScenarioFinished::StepFailed(_, _, error) if passed => {
                joined.scenario.record(failed_elsewhere(error.to_string()));
            }
            ScenarioFinished::StepSkipped if passed => joined.scenario.record(TestStepResult {
                status: TestStepResultStatus::Undefined,
                ..TestStepResult::default()
            }),
            _ => {}
        }
    }
    let result = run_quietly(world, Part::After).await;
    world.end().await;
    match (result, finished) {
        (Some(Ok(result)), _) => conclude(&result),
        // The scenario failed for want of a worker, and has said so.
        (
            Some(Err(_)),
            ScenarioFinished::StepFailed(..) | ScenarioFinished::BeforeHookFailed(_),
        ) => {}
        (Some(Err(error)), _) => fail(error),
        (None, _) => {}
    }
}

/// What of a scenario is to run.
enum Part<'a> {
    Before,
    Step(&'a str),
    After,
}

async fn run(world: &mut World, part: Part<'_>) {
    match run_quietly(world, part).await {
        Some(Ok(result)) => conclude(&result),
        Some(Err(error)) => fail(error),
        None => fail(
            "this World has not joined its StepLibrary: add `.before(library.before())` and \
             `.after(library.after())` to the suite, or `.with_runner(library.runner())`"
                .to_owned(),
        ),
    }
}

/// None: the World has no scenario.
async fn run_quietly(world: &mut World, part: Part<'_>) -> Option<Result<TestStepResult, String>> {
    let joined = world.joined()?;
    let scenario = &mut joined.scenario;
    let result = match part {
        Part::Before => scenario.before_hooks().await,
        Part::Step(text) => scenario.step(text).await,
        Part::After => scenario.after_hooks().await,
    };
    joined.library.log(joined.key, scenario.take_log());
    Some(result)
}

/// What tells a scenario from others that run: the crate hands out the same one in its events.
pub(super) fn key(scenario: &Scenario) -> usize {
    std::ptr::from_ref(scenario).addr()
}
