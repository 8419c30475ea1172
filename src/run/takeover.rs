//! Going on where another worker was given up.

use std::sync::Arc;

use crate::messages::HookType;
use crate::support::SupportCode;

use super::RunError;
use super::call;
use super::queue::CaseQueue;
use super::watch::{Place, Timing, Underway};
use super::worker::{RunId, Worker};

/// What a worker is told that takes another one's place.
pub(super) struct Takeover {
    pub support: Arc<SupportCode>,
    pub run: RunId,
    /// None before and after the scenarios.
    pub queue: Option<Arc<CaseQueue>>,
    pub underway: Underway,
}

impl Worker {
    /// Finishes what the other worker was told to do; whether that succeeded.
    pub(super) async fn take_over(&mut self, takeover: Takeover) -> Result<bool, RunError> {
        let Takeover { support, run, queue, underway } = takeover;
        let Underway { place, timing, session, named_sessions, run_session, run_named_sessions } =
            underway;
        self.stage.set_support(&support);
        self.support = support;
        self.session.set_run(run_session);
        self.session.set(self.session.run());
        self.named_sessions.replace(run_named_sessions);
        let mut before = self.test_run_hooks(HookType::BeforeTestRun);
        if let Place::TestRunHook { kind: HookType::BeforeTestRun, position, .. } = place {
            before.truncate(position);
        }
        self.repeat_before_all(&before).await?;
        match place {
            // The coordinator ends the run instead.
            Place::Assignment => Err(RunError::WorkerGone),
            Place::TestRunHook { kind, position, started_id } => {
                self.finish_test_run_hook(started_id, call::timed_out(timing.timeout, ""));
                if kind == HookType::BeforeTestRun {
                    self.finish_before_all(position + 1, run).await?;
                } else {
                    self.finish_after_all(position + 1, run).await;
                }
                Ok(false)
            }
            Place::TestStep { attempt, index } => {
                self.session.set(session);
                self.run_named_sessions = self.named_sessions.replace(named_sessions);
                let pickle = attempt.case.pickle.id;
                let status = self.take_over_case(attempt, index, timing).await;
                let Some(queue) = queue else { return Err(RunError::WorkerGone) };
                self.end_case(pickle, status, &queue).await;
                Ok(self.run_cases(&queue).await)
            }
        }
    }

    /// Brings JavaScript to where the hooks left it: silently, since all of it was told already.
    async fn repeat_before_all(&mut self, hooks: &[usize]) -> Result<(), RunError> {
        self.stage.mute(true);
        for &hook in hooks {
            let timing = Timing::begin(self.support.timeout_of(self.support.hooks[hook].timeout));
            self.run_test_run_hook(hook, timing).await;
        }
        self.stage.mute(false);
        self.freeze()?;
        self.let_children_write();
        self.host.freeze().map_err(RunError::Scratch)
    }
}
