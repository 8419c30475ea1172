//! One attempt at a scenario.

use std::ops::Range;
use std::sync::Arc;

use crate::messages::{Envelope, HookType, TestStepFinished, TestStepResult, TestStepResultStatus};
use crate::plan::{Binding, Found, PlannedCase};
use crate::session::Session;

use super::super::attempt::Attempt;
use super::super::call;
use super::super::sessions::Table;
use super::super::watch::{Place, Underway};
use super::lent::{Answer, LentWorker};
use super::log::LogEntry;
use super::pool::Pool;
use super::serve::Action;

/// The name of a scenario's own session among its sessions.
pub(crate) const OWN_SESSION: &str = "";

/// Dropping it ends its sessions in the background.
pub(crate) struct Scenario {
    pool: Arc<Pool>,
    /// There from the first step or hook in JavaScript on.
    worker: Option<LentWorker>,
    /// Whether the worker is in a call.
    is_busy: bool,
    attempt: Attempt,
    session: Arc<Session>,
    sessions: Table,
    /// The test step that comes next.
    next: usize,
    log: Vec<LogEntry>,
}

impl Scenario {
    pub(super) fn new(pool: Arc<Pool>, case: Arc<PlannedCase>, sessions: Table) -> Self {
        let attempt = Attempt {
            case,
            number: 0,
            started_id: pool.ids().next(),
            skip: false,
            worst: None,
            reached_steps: false,
            more_attempts: false,
            error: None,
            is_error_lost: false,
        };
        let session = sessions.session(OWN_SESSION);
        Self {
            pool,
            worker: None,
            is_busy: false,
            attempt,
            session,
            sessions,
            next: 0,
            log: Vec::new(),
        }
    }

    /// Runs the Before hooks; the worst of their results.
    ///
    /// # Errors
    /// There is no worker to run them: no hook is to blame.
    pub(crate) async fn before_hooks(&mut self) -> Result<TestStepResult, String> {
        let steps = self.steps();
        self.next = steps.start;
        self.run(0..steps.start).await
    }

    /// Runs the next step of that text, with the hooks around it.
    ///
    /// # Errors
    /// As [`Self::before_hooks`].
    pub(crate) async fn step(&mut self, text: &str) -> Result<TestStepResult, String> {
        let steps = self.steps();
        let case = Arc::clone(&self.attempt.case);
        let is_it = |index: &usize| match &case.bindings[*index] {
            Binding::Step { step, .. } => case.pickle.steps[*step].text == text,
            Binding::Hook(_) => false,
        };
        let from = self.next.max(steps.start);
        let Some(index) = (from..steps.end).find(is_it) else {
            return Err(format!("the scenario has no such step: {text}"));
        };
        self.next = index + 1;
        if let Binding::Step { found: found @ (Found::Nothing | Found::Several), .. } =
            &case.bindings[index]
        {
            let status = match found {
                Found::Nothing => TestStepResultStatus::Undefined,
                _ => TestStepResultStatus::Ambiguous,
            };
            self.record(TestStepResult { status, ..TestStepResult::default() });
            return Ok(TestStepResult { status, ..TestStepResult::default() });
        }
        self.run(index..index + 1).await
    }

    /// Runs the After hooks; the worst of their results.
    ///
    /// # Errors
    /// As [`Self::before_hooks`].
    pub(crate) async fn after_hooks(&mut self) -> Result<TestStepResult, String> {
        let hooks = self.steps().end..self.attempt.case.bindings.len();
        self.attempt.reached_steps = true;
        self.run(hooks).await
    }

    /// Takes note of what happened outside of JavaScript.
    pub(crate) fn record(&mut self, result: TestStepResult) {
        self.attempt.reached_steps = true;
        self.attempt.error = result.exception.as_ref().and_then(|thrown| thrown.message.clone());
        self.attempt.is_error_lost = true;
        self.attempt.record(&result);
    }

    /// The worst result so far.
    pub(crate) fn status(&self) -> TestStepResultStatus {
        self.attempt.status()
    }

    /// What JavaScript printed and attached since it was last asked for.
    pub(crate) fn take_log(&mut self) -> Vec<LogEntry> {
        std::mem::take(&mut self.log)
    }

    /// Ends the sessions and waits until their processes are gone.
    pub(crate) async fn end(&mut self) {
        if self.worker.is_some() {
            let _ = self.call(Action::End, &mut None).await;
        }
        if let Some(worker) = self.worker.take() {
            self.pool.give(worker);
        }
        self.pool.note_end(self.status());
    }

    /// Where the pickle's steps stand among the test case's, whose hooks stand around them.
    fn steps(&self) -> Range<usize> {
        let bindings = &self.attempt.case.bindings;
        let is_step = |binding: &Binding| matches!(binding, Binding::Step { .. });
        match bindings.iter().position(is_step) {
            Some(first) => first..first + self.attempt.case.pickle.steps.len(),
            // All of them are hooks, the Before hooks first.
            None => {
                let support = self.pool.support();
                let is_before = |binding: &&Binding| match binding {
                    Binding::Hook(hook) => {
                        support.hooks[*hook].message.kind == HookType::BeforeTestCase
                    }
                    Binding::Step { .. } => false,
                };
                let before = bindings.iter().take_while(is_before).count();
                before..before
            }
        }
    }

    /// Runs these test steps; the worst of their results.
    async fn run(&mut self, steps: Range<usize>) -> Result<TestStepResult, String> {
        let (mut steps, mut worst) = (steps, None);
        while !steps.is_empty() {
            if self.worker.is_none() {
                self.begin().await?;
            }
            let stuck = self.call(Action::Steps(steps.clone()), &mut worst).await?;
            let Some(underway) = stuck else { break };
            let Place::TestStep { attempt, index } = underway.place else { break };
            let duration = underway.timing.started.elapsed().into();
            let timed_out = call::timed_out(underway.timing.timeout, "");
            let result = TestStepResult { duration, ..timed_out };
            self.attempt = attempt;
            let reached_steps = self.attempt.reached_steps || index >= self.steps().start;
            self.record(result.clone());
            self.attempt.reached_steps = reached_steps;
            keep_worse(&mut worst, result);
            steps.start = index + 1;
        }
        Ok(worst.unwrap_or_else(call::passed))
    }

    /// Takes a worker, in a pristine world.
    async fn begin(&mut self) -> Result<(), String> {
        self.worker = Some(self.pool.take().await?);
        let (session, sessions) = (Arc::clone(&self.session), Arc::clone(&self.sessions));
        self.call(Action::Begin { session, sessions }, &mut None).await.map(drop)
    }

    /// Has the worker do something; tells what it is stuck in, in which case there is no worker any more.
    async fn call(
        &mut self,
        action: Action,
        worst: &mut Option<TestStepResult>,
    ) -> Result<Option<Underway>, String> {
        let Some(worker) = &mut self.worker else { return Ok(None) };
        self.is_busy = true;
        let mut seen = |envelope| {
            if let Envelope::TestStepFinished(TestStepFinished { test_step_result, .. }) = envelope
            {
                keep_worse(worst, test_step_result);
            }
        };
        let answer = worker.call(self.attempt.clone(), action, &mut self.log, &mut seen).await;
        self.is_busy = false;
        match answer {
            Ok(Answer::Done(attempt)) => {
                self.attempt = attempt;
                Ok(None)
            }
            // The pool knows already.
            Ok(Answer::Abandoned(underway)) => {
                self.worker = None;
                Ok(Some(underway))
            }
            Err(error) => {
                self.worker = None;
                self.pool.lost();
                Err(error.to_string())
            }
        }
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        let Some(worker) = self.worker.take() else { return };
        worker.tell(self.attempt.clone(), Action::End);
        match self.is_busy {
            // It ends with its call.
            true => {
                drop(worker);
                self.pool.lost();
            }
            false => self.pool.give(worker),
        }
    }
}

fn keep_worse(worst: &mut Option<TestStepResult>, result: TestStepResult) {
    if worst.as_ref().is_none_or(|worst| result.status > worst.status) {
        *worst = Some(result);
    }
}
