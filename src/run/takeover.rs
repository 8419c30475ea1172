//! Going on where another worker was given up.

use std::sync::Arc;

use crate::messages::HookType;
use crate::support::SupportCode;

use super::RunError;
use super::call;
use super::interruption::Cut;
use super::leftovers::LeftBy;
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
    /// Why what was underway was stopped before its deadline, if it was.
    pub cut: Option<Cut>,
}

impl Worker {
    /// Finishes what the other worker was told to do; whether that succeeded.
    pub(super) async fn take_over(&mut self, takeover: Takeover) -> Result<bool, RunError> {
        let Takeover { support, run, queue, underway, cut } = takeover;
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
            Place::Loading(_) => Err(RunError::WorkerGone),
            // Nothing is assigned any more: where it was not stopped, the coordinator ends the run instead.
            Place::Assignment => Ok(true),
            Place::TestRunHook { kind, position, started_id } => {
                let result =
                    cut.map_or_else(|| call::timed_out(timing.timeout, ""), call::cut_short);
                self.finish_test_run_hook(started_id, result);
                if kind == HookType::BeforeTestRun {
                    self.finish_before_all(position + 1, run).await?;
                } else {
                    self.finish_after_all(position + 1, run).await;
                }
                Ok(false)
            }
            Place::TestStep { attempt, index, ended } => {
                self.session.set(session);
                self.run_named_sessions = self.named_sessions.replace(named_sessions);
                let pickle = attempt.case.pickle.id;
                let status = self.take_over_case(attempt, index, ended, timing, cut).await;
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
            let answer = self.call_test_run_hook(hook, timing).await;
            self.test_run_hook_result(answer, timing).await;
        }
        if self.isolate.has_pending() {
            self.wait_for_pending(self.pending_timing(), LeftBy::BeforeAll).await;
        }
        self.stage.mute(false);
        self.freeze()?;
        self.let_children_write();
        self.host.freeze().map_err(RunError::Scratch)
    }
}
