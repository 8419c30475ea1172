//! One test case, attempt after attempt: its hooks and steps, and what becomes of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::host::Stream;
use crate::isolate::{Argument, Callee, ScriptError};
use crate::messages::{
    Envelope, HookType, TestCaseFinished, TestCaseStarted, TestStepFinished, TestStepResult,
    TestStepResultStatus, TestStepStarted,
};
use crate::plan::{Binding, Found, PlannedCase};
use crate::support::{HookDefinition, StepDefinition};

use super::arguments::{Made, StepArguments};
use super::attempt::Attempt;
use super::call::{self, HookParameter};
use super::interruption::Cut;
use super::leftovers::LeftBy;
use super::watch::{Place, Timing};
use super::worker::Worker;

/// A step of the pickle that one definition matches: see [`Found::One`].
struct BoundStep<'a> {
    /// Among the test case's steps.
    index: usize,
    step: usize,
    definition: usize,
    parameter_types: &'a [Option<usize>],
}

impl Worker {
    /// Runs `case` until an attempt does not fail or none is left; gives the last one's status.
    pub(super) async fn run_case(
        &mut self,
        case: &Arc<PlannedCase>,
        skip: bool,
    ) -> TestStepResultStatus {
        self.stage.enter_case(case);
        self.stage.tell_case(case);
        let attempt = self.begin_attempt(case, 0, skip).await;
        self.run_attempts(attempt, 0).await
    }

    /// Goes on with a case of a worker that was given up in the midst of a step, or of what a step left pending that had
    /// `ended`.
    pub(super) async fn take_over_case(
        &mut self,
        mut attempt: Attempt,
        index: usize,
        ended: Option<Box<TestStepResult>>,
        timing: Timing,
        cut: Option<Cut>,
    ) -> TestStepResultStatus {
        self.stage.enter_case(&attempt.case);
        self.stage.set_attempt(Some(attempt.started_id));
        attempt.is_error_lost = true;
        let duration = timing.started.elapsed().into();
        let result = match (cut, &ended) {
            (Some(cut), _) => call::cut_short(cut),
            (None, Some(_)) => call::late_timed_out(LeftBy::Scenario.end(), timing.timeout, ""),
            (None, None) => call::timed_out(timing.timeout, ""),
        };
        let result = TestStepResult { duration, ..result };
        if let Binding::Step { .. } = attempt.case.bindings[index] {
            attempt.reached_steps = true;
            attempt.error = result.exception.as_ref().and_then(|thrown| thrown.message.clone());
        }
        let result = match ended {
            Some(ended) => ended.and_late(result),
            None => result,
        };
        attempt.record(&result);
        let result = with_feature_line(&attempt.case, index, result);
        self.finish_test_step(&attempt, index, result);
        self.run_attempts(attempt, index + 1).await
    }

    /// From a step of an attempt to the end of the last attempt.
    async fn run_attempts(&mut self, mut attempt: Attempt, from: usize) -> TestStepResultStatus {
        let mut from = from;
        loop {
            let steps = attempt.case.bindings.len();
            for index in from..steps {
                self.run_test_step(&mut attempt, index, index + 1 == steps).await;
            }
            let will_be_retried = self.will_be_retried(&attempt);
            let now = Instant::now();
            let finished = TestCaseFinished {
                test_case_started_id: attempt.started_id,
                timestamp: now.into(),
                will_be_retried,
            };
            self.stage.set_attempt(None);
            self.stage.emit(Envelope::TestCaseFinished(finished), now);
            if !will_be_retried {
                break;
            }
            attempt = self.begin_attempt(&attempt.case, attempt.number + 1, attempt.skip).await;
            from = 0;
        }
        self.stage.leave_case();
        attempt.status()
    }

    fn will_be_retried(&self, attempt: &Attempt) -> bool {
        attempt.will_be_retried() && !self.stage.watch.is_cut_short()
    }

    fn retries(&self, case: &PlannedCase) -> usize {
        let tags = || case.pickle.tags.iter().map(|tag| tag.name.as_str());
        match &self.options.retry_tag_filter {
            Some(filter) if !filter.matches(tags()) => 0,
            _ => self.options.retry,
        }
    }

    async fn begin_attempt(
        &mut self,
        case: &Arc<PlannedCase>,
        number: usize,
        skip: bool,
    ) -> Attempt {
        self.begin_world(number, skip).await;
        self.first_calls.clear();
        let started_id = self.ids.next();
        let now = Instant::now();
        let started = TestCaseStarted {
            attempt: u32::try_from(number).unwrap_or(u32::MAX),
            id: started_id,
            test_case_id: case.test_case.id,
            worker_id: self.id.clone(),
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestCaseStarted(started), now);
        self.stage.set_attempt(Some(started_id));
        Attempt {
            case: Arc::clone(case),
            number,
            started_id,
            skip,
            worst: None,
            reached_steps: false,
            more_attempts: !skip && number < self.retries(case),
            error: None,
            is_error_lost: false,
        }
    }

    /// `is_last` says whether the attempt ends with it.
    pub(super) async fn run_test_step(
        &mut self,
        attempt: &mut Attempt,
        index: usize,
        is_last: bool,
    ) {
        let test_step_id = attempt.case.test_case.test_steps[index].id;
        let now = Instant::now();
        let started = TestStepStarted {
            test_case_started_id: attempt.started_id,
            test_step_id,
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestStepStarted(started), now);
        self.stage.enter_step(attempt.started_id, test_step_id);
        self.first_calls.push((self.isolate.call_number(), index));
        let case = Arc::clone(&attempt.case);
        let result = match &case.bindings[index] {
            Binding::Hook(hook) => self.run_case_hook(attempt, index, *hook).await,
            Binding::Step { step, found } => {
                attempt.error = None;
                let result = self.run_step(attempt, index, *step, found).await;
                attempt.reached_steps = true;
                result
            }
        };
        attempt.record(&result);
        let mut result = with_feature_line(&case, index, result);
        if is_last {
            result = self.wait_after_attempt(attempt, index, result).await;
            attempt.record(&result);
            result = self.clean_up_after(attempt, index, result).await;
            attempt.record(&result);
        }
        self.stage.leave_step();
        self.finish_test_step(attempt, index, result);
    }

    /// Removes what the last attempt leaves outside of the VM; the result of its last test step, which fails where
    /// something could not be removed.
    async fn clean_up_after(
        &self,
        attempt: &Attempt,
        index: usize,
        result: TestStepResult,
    ) -> TestStepResult {
        if attempt.skip || attempt.will_be_retried() {
            return result;
        }
        let Err(left) = self.clean_up().await else { return result };
        if result.status == TestStepResultStatus::Failed {
            self.stage.print(Stream::Stderr, &format!("quickcuke: {left}\n"));
            return result;
        }
        let failed = TestStepResult { duration: result.duration, ..call::failed("Error", left) };
        with_feature_line(&attempt.case, index, failed)
    }

    pub(super) fn finish_test_step(
        &mut self,
        attempt: &Attempt,
        index: usize,
        result: TestStepResult,
    ) {
        let now = Instant::now();
        let finished = TestStepFinished {
            test_case_started_id: attempt.started_id,
            test_step_id: attempt.case.test_case.test_steps[index].id,
            test_step_result: result,
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestStepFinished(finished), now);
    }

    /// A Before hook is skipped once something did not pass; an After hook always runs.
    async fn run_case_hook(
        &mut self,
        attempt: &mut Attempt,
        index: usize,
        hook: usize,
    ) -> TestStepResult {
        if attempt.skip || (attempt.is_skipping() && !attempt.reached_steps) {
            return of_status(TestStepResultStatus::Skipped);
        }
        let after =
            attempt.reached_steps.then(|| attempt.worst.clone().unwrap_or_else(call::passed));
        let parameter = HookParameter {
            result: after.as_ref(),
            will_be_retried: after.is_some().then(|| self.will_be_retried(attempt)),
            ..HookParameter::default()
        };
        self.call_hook(attempt, index, hook, parameter).await
    }

    async fn run_step(
        &mut self,
        attempt: &mut Attempt,
        index: usize,
        step: usize,
        found: &Found,
    ) -> TestStepResult {
        if attempt.is_explicitly_skipped() {
            return of_status(TestStepResultStatus::Skipped);
        }
        match found {
            Found::Nothing => {
                let step = &attempt.case.pickle.steps[step];
                let suggestion =
                    self.support.suggestion(step, self.options.snippet_interface, &self.ids);
                self.stage.emit(Envelope::Suggestion(Arc::new(suggestion)), Instant::now());
                of_status(TestStepResultStatus::Undefined)
            }
            Found::Several => of_status(TestStepResultStatus::Ambiguous),
            _ if attempt.is_skipping() => of_status(TestStepResultStatus::Skipped),
            Found::One { definition, parameter_types } => {
                let step = BoundStep { index, step, definition: *definition, parameter_types };
                self.run_step_with_hooks(attempt, &step).await
            }
        }
    }

    /// BeforeStep hooks, the step, AfterStep hooks: one result, the worst of all, with the sum of
    /// their durations.
    async fn run_step_with_hooks(
        &mut self,
        attempt: &mut Attempt,
        step: &BoundStep<'_>,
    ) -> TestStepResult {
        let support = Arc::clone(&self.support);
        let pickle = Arc::clone(&attempt.case.pickle);
        let test_step_id = attempt.case.test_case.test_steps[step.index].id;
        let parameter = |result| HookParameter {
            test_step_id: Some(test_step_id),
            pickle_step: Some(step.step),
            result,
            ..HookParameter::default()
        };
        let mut total = None;
        for hook in support.hooks_for(HookType::BeforeTestStep, &pickle) {
            add(&mut total, self.call_hook(attempt, step.index, hook, parameter(None)).await);
        }
        let mut own = None;
        if total
            .as_ref()
            .is_none_or(|worst: &TestStepResult| worst.status != TestStepResultStatus::Failed)
        {
            let result = self.call_step(attempt, step).await;
            add(&mut total, result.clone());
            own = Some(result);
        }
        for hook in support.hooks_for(HookType::AfterTestStep, &pickle).rev() {
            add(
                &mut total,
                self.call_hook(attempt, step.index, hook, parameter(own.as_ref())).await,
            );
        }
        total.unwrap_or_else(call::passed)
    }

    async fn call_step(&mut self, attempt: &mut Attempt, step: &BoundStep<'_>) -> TestStepResult {
        let BoundStep { index, step, definition, parameter_types } = *step;
        let support = Arc::clone(&self.support);
        let case = Arc::clone(&attempt.case);
        let lists = case.test_case.test_steps[index].step_match_arguments_lists.as_deref();
        let matched =
            lists.and_then(<[_]>::first).map_or(&[][..], |list| &list.step_match_arguments);
        let StepDefinition { function, arity, timeout, .. } = support.steps[definition];
        let timeout = support.timeout_of(timeout);
        let step = &case.pickle.steps[step];
        let step = StepArguments::new(arity, matched, parameter_types, step, &support);
        let (at, timing) = ((&*attempt, index), Timing::begin(timeout));
        let answer = match &step {
            StepArguments::Made(made) => {
                let arguments: Vec<_> = made.iter().map(Made::argument).collect();
                self.call_in_world(at, Callee::Function(function), &arguments, timing).await
            }
            StepArguments::ToMake(step) => {
                let arguments = [
                    Argument::Number(definition as f64),
                    Argument::Number(timeout.as_millis()),
                    Argument::Json(&call::json(step)),
                ];
                self.call_in_world(at, Callee::Entry("runStep"), &arguments, timing).await
            }
        };
        attempt.is_error_lost = answer.is_err();
        let result = self.result(attempt, answer, timing).await;
        let thrown = result.exception.as_ref();
        attempt.error = thrown.map(|thrown| thrown.message.clone().unwrap_or_default());
        result
    }

    async fn call_hook(
        &mut self,
        attempt: &mut Attempt,
        index: usize,
        hook: usize,
        parameter: HookParameter<'_>,
    ) -> TestStepResult {
        let HookDefinition { function, takes_nothing, timeout, ref message, .. } =
            self.support.hooks[hook];
        let timeout = self.support.timeout_of(timeout);
        let (at, timing) = ((&*attempt, index), Timing::begin_hook(message.kind, timeout));
        let answer = if takes_nothing {
            self.call_in_world(at, Callee::Function(function), &[], timing).await
        } else {
            let parameter = call::json(&HookParameter {
                test_case_started_id: Some(attempt.started_id),
                has_error: attempt.error.is_some(),
                lost_error: attempt.error.as_deref().filter(|_| attempt.is_error_lost),
                ..parameter
            });
            let arguments = [
                Argument::Number(hook as f64),
                Argument::Number(timeout.as_millis()),
                Argument::Json(&parameter),
            ];
            self.call_in_world(at, Callee::Entry("runHook"), &arguments, timing).await
        };
        self.result(attempt, answer, timing).await
    }

    /// Calls what runs in the attempt's World, which is made first if it is not there yet: its constructor
    /// is the author's code too. The attempt comes with the index of the test step.
    async fn call_in_world(
        &mut self,
        (attempt, index): (&Attempt, usize),
        callee: Callee<'_>,
        arguments: &[Argument<'_>],
        timing: Timing,
    ) -> Result<String, ScriptError> {
        let place = Place::TestStep { attempt: attempt.clone(), index, ended: None };
        if let Err(cut) = self.enter(place, timing) {
            return Err(call::cut_short_error(cut, None));
        }
        let answer = self.call_after_world(callee, arguments, timing.deadline()).await;
        let stopped = self.leave().await;
        Self::unless_stopped(answer, stopped)
    }

    async fn call_after_world(
        &mut self,
        callee: Callee<'_>,
        arguments: &[Argument<'_>],
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        if !self.has_world {
            let answer = self.call(Callee::Entry("beginAttempt"), &[], deadline).await?;
            if !answer.is_empty() {
                return Ok(answer);
            }
            self.has_world = true;
        }
        self.call(callee, arguments, deadline).await
    }

    /// The outcome of a call. Where the call broke the VM, the next one finds it as the scenario
    /// did at its start.
    async fn result(
        &mut self,
        attempt: &mut Attempt,
        answer: Result<String, ScriptError>,
        timing: Timing,
    ) -> TestStepResult {
        let duration = timing.started.elapsed().into();
        let result = match answer {
            Ok(answer) => call::result_of(&answer),
            Err(error) => {
                let result = call::result_of_error(&error, timing.timeout);
                self.recover(&error).await;
                attempt.is_error_lost |= error.poisoned;
                result
            }
        };
        TestStepResult { duration, ..result }
    }
}

/// With the line of the feature at the end of the stack trace: that of the step, or for a hook of its scenario.
pub(super) fn with_feature_line(
    case: &PlannedCase,
    index: usize,
    mut result: TestStepResult,
) -> TestStepResult {
    let trace = result.exception.as_mut().and_then(|thrown| thrown.stack_trace.as_mut());
    let Some(trace) = trace else { return result };
    let line = match &case.bindings[index] {
        Binding::Hook(_) => case.pickle.location.line,
        Binding::Step { step, .. } => case.pickle.steps[*step].line,
    };
    trace.truncate(trace.trim_end().len());
    *trace += &format!("\n    at {}:{line}", case.pickle.uri);
    result
}

fn of_status(status: TestStepResultStatus) -> TestStepResult {
    TestStepResult { status, ..TestStepResult::default() }
}

/// Keeps the worst of the results with the sum of the durations.
fn add(total: &mut Option<TestStepResult>, result: TestStepResult) {
    let Some(so_far) = total.take() else {
        *total = Some(result);
        return;
    };
    let spent = Duration::from(so_far.duration) + Duration::from(result.duration);
    let worse = if result.status > so_far.status { result } else { so_far };
    *total = Some(TestStepResult { duration: spent.into(), ..worse });
}
