//! BeforeAll and AfterAll hooks.

use std::time::Instant;

use crate::config::Isolation;
use crate::isolate::{Argument, Callee, ScriptError};
use crate::messages::{
    Envelope, HookType, Id, TestRunHookFinished, TestRunHookStarted, TestStepResult,
    TestStepResultStatus,
};

use crate::support::HookTarget;

use super::call;
use super::watch::{Place, Timing};
use super::worker::{RunId, Worker};

impl Worker {
    /// The hooks of a kind, in the order in which they run.
    pub(super) fn test_run_hooks(&self, kind: HookType) -> Vec<usize> {
        let is_mine = |hook: &usize| {
            self.target.is_none_or(|target| self.support.hooks[*hook].target == Some(target))
        };
        let mut hooks: Vec<usize> = self.support.hooks_of(kind).filter(is_mine).collect();
        if kind == HookType::AfterTestRun {
            hooks.reverse();
        }
        hooks
    }

    /// Runs the hooks of a kind one after the other, from one on, whatever one does; tells whether all ran and none
    /// failed. Once the run is cut short no BeforeAll hook begins.
    pub(super) async fn run_test_run_hooks(
        &mut self,
        kind: HookType,
        from: usize,
        run: RunId,
    ) -> bool {
        let mut success = true;
        let hooks = self.test_run_hooks(kind);
        let count = hooks.len();
        for (position, hook) in hooks.into_iter().enumerate().skip(from) {
            if kind == HookType::BeforeTestRun && self.stage.watch.is_cut_short() {
                return false;
            }
            let started_id = self.ids.next();
            let now = Instant::now();
            let started = TestRunHookStarted {
                id: started_id,
                test_run_started_id: run,
                hook_id: self.support.hooks[hook].message.id,
                worker_id: self.id.clone(),
                timestamp: now.into(),
            };
            self.stage.emit(Envelope::TestRunHookStarted(started), now);
            let timeout = self.support.timeout_of(self.support.hooks[hook].timeout);
            let timing = Timing::begin_hook(kind, timeout);
            let place = Place::TestRunHook { kind, position, started_id };
            self.stage.enter_test_run_hook(started_id);
            let mut result = match self.enter(place, timing) {
                Ok(()) => {
                    let answer = self.call_test_run_hook(hook, timing).await;
                    let stopped = self.leave().await;
                    self.test_run_hook_result(Self::unless_stopped(answer, stopped), timing).await
                }
                Err(cut) => call::cut_short(cut),
            };
            if position + 1 == count && self.isolate.has_pending() {
                let place = Place::TestRunHook { kind, position, started_id };
                result = self.wait_after_run_hooks(place, kind, result).await;
            }
            self.stage.leave_step();
            success &= result.status != TestStepResultStatus::Failed;
            self.finish_test_run_hook(started_id, result);
        }
        success
    }

    pub(super) fn finish_test_run_hook(&self, started_id: Id, result: TestStepResult) {
        let now = Instant::now();
        let finished = TestRunHookFinished {
            test_run_hook_started_id: started_id,
            result,
            timestamp: now.into(),
        };
        self.stage.emit(Envelope::TestRunHookFinished(finished), now);
    }

    pub(super) async fn call_test_run_hook(
        &mut self,
        hook: usize,
        timing: Timing,
    ) -> Result<String, ScriptError> {
        if self.options.dry_run {
            return Ok(String::new());
        }
        let arguments =
            [Argument::Number(hook as f64), Argument::Number(timing.timeout.as_millis())];
        self.call(Callee::Entry("runTestRunHook"), &arguments, timing.deadline()).await
    }

    /// The outcome of a call, after which the VM is as usable as before.
    pub(super) async fn test_run_hook_result(
        &mut self,
        answer: Result<String, ScriptError>,
        timing: Timing,
    ) -> TestStepResult {
        if self.options.dry_run {
            let status = TestStepResultStatus::Skipped;
            return TestStepResult { status, ..TestStepResult::default() };
        }
        let duration = timing.started.elapsed().into();
        let result = match answer {
            Ok(answer) => call::result_of(&answer),
            Err(error) => {
                self.recover(&error).await;
                call::result_of_error(&error, timing.timeout)
            }
        };
        TestStepResult { duration, ..result }
    }

    /// AfterAll hooks, last defined first, in the world that BeforeAll left, or with
    /// `--isolation worker` in the one that the scenarios left. The coordinator's VM has had none.
    pub(super) async fn after_all(&mut self, run: RunId) -> bool {
        self.session.set(self.session.run());
        self.named_sessions.replace(self.run_named_sessions.take());
        let is_coordinator = self.target == Some(HookTarget::Coordinator);
        if self.options.isolation != Isolation::Worker && !is_coordinator {
            self.restore().await;
        }
        self.finish_after_all(0, run).await
    }

    /// AfterAll hooks from one on, and the end of the run's session.
    pub(super) async fn finish_after_all(&mut self, from: usize, run: RunId) -> bool {
        let success = self.run_test_run_hooks(HookType::AfterTestRun, from, run).await;
        self.end_session().await;
        success
    }
}
