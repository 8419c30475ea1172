//! What a worker does for a scenario that another runner has.

use std::ops::Range;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::host::Stream;
use crate::messages::TestStepResultStatus;
use crate::session::Session;

use super::super::attempt::Attempt;
use super::super::call;
use super::super::sessions::Table;
use super::super::worker::Worker;

/// Something to do for a scenario. What comes of its steps is told by envelopes, as in any run.
pub(in super::super) struct Call {
    pub(super) attempt: Attempt,
    pub(super) action: Action,
    /// Where the attempt stands afterwards.
    pub(super) reply: oneshot::Sender<Attempt>,
}

pub(super) enum Action {
    /// A pristine world, in the scenario's sessions.
    Begin { session: Arc<Session>, sessions: Table },
    /// Runs these of the test case's steps and hooks.
    Steps(Range<usize>),
    /// Waits for what the steps and hooks left pending.
    Settle,
    /// Ends the sessions, their processes included.
    End,
}

impl Worker {
    pub(in super::super) async fn serve(&mut self, call: Call) {
        let Call { mut attempt, action, reply } = call;
        match action {
            Action::Begin { session, sessions } => {
                self.begin_scenario(session);
                self.named_sessions.replace(Some(sessions));
                self.stage.enter_case(&attempt.case);
                self.begin_world(0, false).await;
            }
            Action::Steps(steps) => {
                for index in steps {
                    self.run_test_step(&mut attempt, index, false).await;
                }
            }
            Action::Settle => self.settle_attempt(&mut attempt).await,
            Action::End => {
                if let Err(left) = self.clean_up().await {
                    self.stage.print(Stream::Stderr, &format!("quickcuke: {left}\n"));
                }
                self.stage.leave_case();
            }
        }
        // Events first: whoever waits for the answer reads them next.
        self.stage.flush();
        let _ = reply.send(attempt);
    }

    /// What failed meanwhile is told as a failure of the last test step.
    async fn settle_attempt(&mut self, attempt: &mut Attempt) {
        let Some(index) = attempt.case.bindings.len().checked_sub(1) else { return };
        self.stage.enter_step(attempt.started_id, attempt.case.test_case.test_steps[index].id);
        let result = self.wait_after_attempt(attempt, index, call::passed()).await;
        self.stage.leave_step();
        if result.status != TestStepResultStatus::Passed {
            attempt.record(&result);
            self.finish_test_step(attempt, index, result);
        }
    }
}
