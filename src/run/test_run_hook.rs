//! BeforeAll and AfterAll hooks.

use std::time::Instant;

use crate::config::Isolation;
use crate::isolate::{Argument, Callee};
use crate::messages::{
    Envelope, HookType, TestRunHookFinished, TestRunHookStarted, TestStepResult,
    TestStepResultStatus,
};

use super::call;
use super::worker::{RunId, Worker};

impl Worker {
    /// Runs the hooks one after the other, all of them, whatever one does; tells whether none failed.
    pub(super) async fn run_test_run_hooks(&mut self, hooks: &[usize], run: RunId) -> bool {
        let mut success = true;
        for &hook in hooks {
            let id = self.ids.next();
            let now = Instant::now();
            let started = TestRunHookStarted {
                id,
                test_run_started_id: run,
                hook_id: self.support.hooks[hook].message.id,
                worker_id: self.id.clone(),
                timestamp: now.into(),
            };
            self.stage.emit(Envelope::TestRunHookStarted(started), now);
            let result = self.run_test_run_hook(hook).await;
            success &= result.status != TestStepResultStatus::Failed;
            let now = Instant::now();
            let finished =
                TestRunHookFinished { test_run_hook_started_id: id, result, timestamp: now.into() };
            self.stage.emit(Envelope::TestRunHookFinished(finished), now);
        }
        success
    }

    async fn run_test_run_hook(&mut self, hook: usize) -> TestStepResult {
        if self.options.dry_run {
            return TestStepResult {
                status: TestStepResultStatus::Skipped,
                ..TestStepResult::default()
            };
        }
        let timeout = self.support.timeout_of(self.support.hooks[hook].timeout);
        let arguments = [Argument::Number(hook as f64), Argument::Number(timeout.as_millis())];
        let started = Instant::now();
        let hook = Callee::Entry("runTestRunHook");
        let result = match self.call(hook, &arguments, timeout.deadline(started)).await {
            Ok(answer) => call::result_of(&answer),
            Err(error) => {
                self.recover(&error).await;
                call::result_of_error(&error, timeout)
            }
        };
        TestStepResult { duration: started.elapsed().into(), ..result }
    }

    /// AfterAll hooks, last defined first, in the world that BeforeAll left, or with
    /// `--isolation worker` in the one that the scenarios left.
    pub(super) async fn after_all(&mut self, run: RunId) -> bool {
        let hooks: Vec<usize> = self.support.hooks_of(HookType::AfterTestRun).rev().collect();
        if self.options.isolation != Isolation::Worker {
            self.restore().await;
        }
        let success = self.run_test_run_hooks(&hooks, run).await;
        self.end_session().await;
        success
    }
}
