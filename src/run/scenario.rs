//! One test case, attempt after attempt: its hooks and steps, and what becomes of each.

use std::sync::Arc;
use std::time::Instant;

use crate::isolate::{Argument, Callee, ScriptError};
use crate::messages::{
    Envelope, HookType, Id, TestCaseFinished, TestCaseStarted, TestStepFinished, TestStepResult,
    TestStepResultStatus, TestStepStarted,
};
use crate::plan::{Binding, Found, PlannedCase};
use crate::support::{HookDefinition, StepDefinition, Timeout};

use super::arguments::{Made, StepArguments};
use super::call::{self, HookParameter};
use super::worker::Worker;

/// Where an attempt stands.
struct Attempt<'a> {
    case: &'a PlannedCase,
    started_id: Id,
    /// In a dry run, and with `--fail-fast` after a failure: nothing of the author's is called.
    skip: bool,
    /// The worst so far; none where nothing has run.
    worst: Option<TestStepResult>,
    /// Whether a step of the pickle was reached: tells Before hooks from After hooks.
    reached_steps: bool,
    more_attempts: bool,
    /// The message of the error that the last step that was reached left. Hooks are told of that one
    /// only, as in cucumber-js.
    error: Option<String>,
    /// Whether the error itself is not to be had, because JavaScript never got it or its VM is gone.
    is_error_lost: bool,
}

/// A step of the pickle that one definition matches: see [`Found::One`].
struct BoundStep<'a> {
    /// Among the test case's steps.
    index: usize,
    step: usize,
    definition: usize,
    parameter_types: &'a [Option<usize>],
}

impl Attempt<'_> {
    fn status(&self) -> TestStepResultStatus {
        match &self.worst {
            Some(result) => result.status,
            None if self.skip => TestStepResultStatus::Skipped,
            None => TestStepResultStatus::Passed,
        }
    }

    fn is_skipping(&self) -> bool {
        self.status() != TestStepResultStatus::Passed
    }

    /// A step or hook said 'skipped': what follows is not even looked at.
    fn is_explicitly_skipped(&self) -> bool {
        !self.skip && self.status() == TestStepResultStatus::Skipped
    }

    fn will_be_retried(&self) -> bool {
        self.more_attempts && self.status() == TestStepResultStatus::Failed
    }

    fn record(&mut self, result: &TestStepResult) {
        if self.worst.as_ref().is_none_or(|worst| result.status > worst.status) {
            self.worst = Some(result.clone());
        }
    }
}

impl Worker {
    /// Runs `case` until an attempt does not fail or none is left; gives the last one's status.
    pub(super) async fn run_case(
        &mut self,
        case: &PlannedCase,
        skip: bool,
    ) -> TestStepResultStatus {
        self.stage.enter_case(case);
        let attempts = 1 + if skip { 0 } else { self.retries(case) };
        let mut status = TestStepResultStatus::Unknown;
        for number in 0..attempts {
            let more_attempts = number + 1 < attempts;
            let (ended, will_be_retried) =
                self.run_attempt(case, number, skip, more_attempts).await;
            status = ended;
            if !will_be_retried {
                break;
            }
        }
        self.stage.leave_case();
        status
    }

    fn retries(&self, case: &PlannedCase) -> usize {
        let tags = || case.pickle.tags.iter().map(|tag| tag.name.as_str());
        match &self.options.retry_tag_filter {
            Some(filter) if !filter.matches(tags()) => 0,
            _ => self.options.retry,
        }
    }

    async fn run_attempt(
        &mut self,
        case: &PlannedCase,
        number: usize,
        skip: bool,
        more_attempts: bool,
    ) -> (TestStepResultStatus, bool) {
        self.begin_attempt(number, skip).await;
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
        let mut attempt = Attempt {
            case,
            started_id,
            skip,
            worst: None,
            reached_steps: false,
            more_attempts,
            error: None,
            is_error_lost: false,
        };
        for index in 0..case.bindings.len() {
            self.run_test_step(&mut attempt, index).await;
        }
        let will_be_retried = attempt.will_be_retried();
        let now = Instant::now();
        let finished = TestCaseFinished {
            test_case_started_id: started_id,
            timestamp: now.into(),
            will_be_retried,
        };
        self.stage.emit(Envelope::TestCaseFinished(finished), now);
        (attempt.status(), will_be_retried)
    }

    async fn run_test_step(&mut self, attempt: &mut Attempt<'_>, index: usize) {
        let test_step_id = attempt.case.test_case.test_steps[index].id;
        let now = Instant::now();
        let started = TestStepStarted {
            test_case_started_id: attempt.started_id,
            test_step_id,
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestStepStarted(started), now);
        self.stage.enter_step(attempt.started_id, test_step_id);
        let case = attempt.case;
        let result = match &case.bindings[index] {
            Binding::Hook(hook) => self.run_case_hook(attempt, *hook).await,
            Binding::Step { step, found } => {
                attempt.error = None;
                let result = self.run_step(attempt, index, *step, found).await;
                attempt.reached_steps = true;
                result
            }
        };
        self.stage.leave_step();
        attempt.record(&result);
        let now = Instant::now();
        let finished = TestStepFinished {
            test_case_started_id: attempt.started_id,
            test_step_id,
            test_step_result: result,
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestStepFinished(finished), now);
    }

    /// A Before hook is skipped once something did not pass; an After hook always runs.
    async fn run_case_hook(&mut self, attempt: &mut Attempt<'_>, hook: usize) -> TestStepResult {
        if attempt.skip || (attempt.is_skipping() && !attempt.reached_steps) {
            return of_status(TestStepResultStatus::Skipped);
        }
        let after =
            attempt.reached_steps.then(|| attempt.worst.clone().unwrap_or_else(call::passed));
        let parameter = HookParameter {
            result: after.as_ref(),
            will_be_retried: after.is_some().then(|| attempt.will_be_retried()),
            ..HookParameter::default()
        };
        self.call_hook(attempt, hook, parameter).await
    }

    async fn run_step(
        &mut self,
        attempt: &mut Attempt<'_>,
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
        attempt: &mut Attempt<'_>,
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
            add(&mut total, self.call_hook(attempt, hook, parameter(None)).await);
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
            add(&mut total, self.call_hook(attempt, hook, parameter(own.as_ref())).await);
        }
        total.unwrap_or_else(call::passed)
    }

    async fn call_step(
        &mut self,
        attempt: &mut Attempt<'_>,
        step: &BoundStep<'_>,
    ) -> TestStepResult {
        let BoundStep { index, step, definition, parameter_types } = *step;
        let support = Arc::clone(&self.support);
        let case = attempt.case;
        let lists = case.test_case.test_steps[index].step_match_arguments_lists.as_deref();
        let matched =
            lists.and_then(<[_]>::first).map_or(&[][..], |list| &list.step_match_arguments);
        let StepDefinition { function, arity, timeout, .. } = support.steps[definition];
        let timeout = support.timeout_of(timeout);
        let step = &case.pickle.steps[step];
        let step = StepArguments::new(arity, matched, parameter_types, step, &support);
        let started = Instant::now();
        let answer = match &step {
            StepArguments::Made(made) => {
                let arguments: Vec<_> = made.iter().map(Made::argument).collect();
                self.call_in_world(Callee::Function(function), &arguments, timeout, started).await
            }
            StepArguments::ToMake(step) => {
                let arguments = [
                    Argument::Number(definition as f64),
                    Argument::Number(timeout.as_millis()),
                    Argument::Json(&call::json(step)),
                ];
                self.call_in_world(Callee::Entry("runStep"), &arguments, timeout, started).await
            }
        };
        attempt.is_error_lost = answer.is_err();
        let result = self.result(attempt, answer, timeout, started).await;
        let thrown = result.exception.as_ref();
        attempt.error = thrown.map(|thrown| thrown.message.clone().unwrap_or_default());
        result
    }

    async fn call_hook(
        &mut self,
        attempt: &mut Attempt<'_>,
        hook: usize,
        parameter: HookParameter<'_>,
    ) -> TestStepResult {
        let HookDefinition { function, takes_nothing, timeout, .. } = self.support.hooks[hook];
        let timeout = self.support.timeout_of(timeout);
        let started = Instant::now();
        let answer = if takes_nothing {
            self.call_in_world(Callee::Function(function), &[], timeout, started).await
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
            self.call_in_world(Callee::Entry("runHook"), &arguments, timeout, started).await
        };
        self.result(attempt, answer, timeout, started).await
    }

    /// Calls what runs in the attempt's World, which is made first if it is not there yet: its constructor
    /// is the author's code too.
    async fn call_in_world(
        &mut self,
        callee: Callee<'_>,
        arguments: &[Argument<'_>],
        timeout: Timeout,
        started: Instant,
    ) -> Result<String, ScriptError> {
        let deadline = timeout.deadline(started);
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
        attempt: &mut Attempt<'_>,
        answer: Result<String, ScriptError>,
        timeout: Timeout,
        started: Instant,
    ) -> TestStepResult {
        let duration = started.elapsed().into();
        let result = match answer {
            Ok(answer) => call::result_of(&answer),
            Err(error) => {
                let result = call::result_of_error(&error, timeout);
                self.recover(&error).await;
                attempt.is_error_lost |= error.poisoned;
                result
            }
        };
        TestStepResult { duration, ..result }
    }
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
    let spent = std::time::Duration::from(so_far.duration) + result.duration.into();
    let worse = if result.status > so_far.status { result } else { so_far };
    *total = Some(TestStepResult { duration: spent.into(), ..worse });
}
