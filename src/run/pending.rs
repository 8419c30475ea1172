//! Waiting for what steps and hooks left pending, before the world is restored.

use std::time::{Duration, Instant};

use crate::isolate::{Argument, Callee, ErrorKind, ScriptError};
use crate::messages::{HookType, TestStepResult, TestStepResultStatus};
use crate::support::Timeout;

use super::RunError;
use super::attempt::Attempt;
use super::call;
use super::interruption::cleans_up;
use super::leftovers::{LeftBy, Leftover};
use super::scenario::with_feature_line;
use super::watch::{Place, Timing};
use super::worker::Worker;

/// How long is waited where steps have no timeout.
const TIMEOUT_OF_NONE: Duration = Duration::from_secs(5);
/// Failures of one wait that are shown; the rest is counted.
const MOST_FAILURES: usize = 5;
/// How long the prelude may take to end the wait.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// A failure that came while nothing but pending work ran.
pub(super) struct Late {
    pub(super) result: TestStepResult,
    /// The number of the call that it goes back to.
    origin: u32,
}

impl Worker {
    /// How long may be waited from now on: as long as a step may take.
    pub(super) fn pending_timing(&self) -> Timing {
        let timeout = self.support.timeout_of(None);
        let timeout =
            timeout.duration().map_or(Timeout::from_duration(TIMEOUT_OF_NONE), |_| timeout);
        Timing::begin(timeout)
    }

    /// Waits for what an attempt left pending when its last step or hook, `index`, was over with `result`; gives the
    /// result with the failures that came meanwhile, each with the line of the step that it goes back to.
    pub(super) async fn wait_after_attempt(
        &mut self,
        attempt: &Attempt,
        index: usize,
        result: TestStepResult,
    ) -> TestStepResult {
        if attempt.skip || !self.isolate.has_pending() {
            return result;
        }
        let timing = self.pending_timing();
        let place = Place::TestStep {
            attempt: attempt.clone(),
            index,
            ended: Some(Box::new(result.clone())),
        };
        let (mut late, cut) = self.wait_unless_cut(place, timing, LeftBy::Scenario).await;
        if attempt.status() == TestStepResultStatus::Passed {
            late.extend(cut);
        }
        let spent = timing.started.elapsed() + Duration::from(result.duration);
        let result = TestStepResult { duration: spent.into(), ..result };
        late.into_iter().fold(result, |result, late| {
            let index = self.step_of_call(late.origin).unwrap_or(index);
            result.and_late(with_feature_line(&attempt.case, index, late.result))
        })
    }

    /// The index of the test step during which a call of this attempt was made.
    fn step_of_call(&self, call: u32) -> Option<usize> {
        let step = self.first_calls.iter().rev().find(|(before, _)| *before < call);
        step.map(|(_, index)| *index)
    }

    /// The same for the last BeforeAll or AfterAll hook.
    pub(super) async fn wait_after_run_hooks(
        &mut self,
        place: Place,
        kind: HookType,
        result: TestStepResult,
    ) -> TestStepResult {
        let by = match kind {
            HookType::BeforeTestRun => LeftBy::BeforeAll,
            _ => LeftBy::AfterAll,
        };
        let timing = Timing { cleans_up: cleans_up(kind), ..self.pending_timing() };
        let (mut late, cut) = self.wait_unless_cut(place, timing, by).await;
        if result.status == TestStepResultStatus::Passed {
            late.extend(cut);
        }
        let spent = timing.started.elapsed() + Duration::from(result.duration);
        let result = TestStepResult { duration: spent.into(), ..result };
        late.into_iter().fold(result, |result, late| result.and_late(late.result))
    }

    /// The same for what step files left, where no BeforeAll hook has waited for it.
    ///
    /// # Errors
    /// What failed meanwhile.
    pub(super) async fn wait_after_loading(&mut self) -> Result<(), RunError> {
        if self.options.dry_run || !self.isolate.has_pending() {
            return Ok(());
        }
        let timing = self.pending_timing();
        let place = Place::Loading("the step library".to_owned());
        // Where the run is cut short AfterAll hooks still run.
        let (late, _) = self.wait_unless_cut(place, timing, LeftBy::BeforeAll).await;
        match late.into_iter().find_map(|late| late.result.message) {
            Some(message) => Err(RunError::Pending(message)),
            None => Ok(()),
        }
    }

    /// As [`Self::wait_for_pending`], where it may be stopped or given up; beside what failed the failure that it is to be
    /// stopped.
    async fn wait_unless_cut(
        &mut self,
        place: Place,
        timing: Timing,
        by: LeftBy,
    ) -> (Vec<Late>, Option<Late>) {
        let origin = self.isolate.origin();
        let cut_short = |cut| Late { result: call::cut_short(cut), origin };
        if let Err(cut) = self.enter(place, timing) {
            self.cancel_pending(by);
            return (Vec::new(), Some(cut_short(cut)));
        }
        let late = self.wait_for_pending(timing, by).await;
        (late, self.leave().await.map(cut_short))
    }

    /// Waits until nothing is pending that is awaited, or the time is over: then that is cancelled, and reported at the
    /// end of the run. Gives what failed meanwhile.
    pub(super) async fn wait_for_pending(&mut self, timing: Timing, by: LeftBy) -> Vec<Late> {
        let mut failures: Vec<Late> = Vec::new();
        let mut more = 0;
        if self.options.force_exit {
            self.cancel_pending(by);
            return failures;
        }
        let timeout = timing.timeout.duration().unwrap_or(TIMEOUT_OF_NONE);
        let deadline = timing.started.checked_add(timeout);
        let end = [Argument::Text(by.end())];
        while self.isolate.has_pending() {
            let result = match self.settle(Callee::Entry("wait"), &end, deadline).await {
                Ok(answer) if answer.is_empty() => break,
                Ok(answer) => call::result_of(&answer),
                Err(error) if error.kind == ErrorKind::Timeout && !error.poisoned => {
                    self.cancel_pending(by);
                    break;
                }
                Err(error) => {
                    let result = call::result_of_late_error(&error, by.end(), timing.timeout);
                    let origin = self.isolate.origin();
                    failures.push(Late { result, origin });
                    if error.poisoned {
                        self.recover(&error).await;
                        return failures;
                    }
                    break;
                }
            };
            if failures.len() < MOST_FAILURES {
                failures.push(Late { result, origin: self.isolate.origin() });
            } else {
                more += 1;
            }
        }
        if more > 0 {
            let result = call::failed("Error", format!("{more} more errors came {}", by.end()));
            failures.push(Late { result, origin: self.isolate.origin() });
        }
        let ended =
            self.call(Callee::Entry("endWait"), &[], Instant::now().checked_add(END_TIMEOUT));
        if let Err(error) = ended.await {
            self.recover(&error).await;
        }
        failures
    }

    /// Drops what is pending and has it reported at the end of the run, unless that is cut short.
    fn cancel_pending(&self, by: LeftBy) {
        if !self.stage.watch.is_cut_short() {
            let left = self.isolate.pending().into_iter();
            let left = left.map(|work| Leftover::new(work, by, &self.options.project)).collect();
            self.stage.report_left(left);
        }
        // Where that needs more memory than there is, the next call says so.
        let _: Result<(), ScriptError> = self.isolate.drop_pending();
    }
}

impl TestStepResult {
    /// With a failure that came after it. What it says stands below what was there.
    pub(super) fn and_late(self, late: TestStepResult) -> TestStepResult {
        if self.status != TestStepResultStatus::Failed {
            return TestStepResult { duration: self.duration, ..late };
        }
        let joined = |first: Option<String>, second: Option<String>| match (first, second) {
            (Some(first), Some(second)) => Some(format!("{}\n\n{second}", first.trim_end())),
            (first, second) => first.or(second),
        };
        let message = joined(self.message, late.message);
        let exception = match (self.exception, late.exception) {
            (Some(mut first), Some(second)) => {
                first.stack_trace = joined(first.stack_trace, second.stack_trace);
                Some(first)
            }
            (first, second) => first.or(second),
        };
        TestStepResult { message, exception, status: self.status, duration: self.duration }
    }
}
