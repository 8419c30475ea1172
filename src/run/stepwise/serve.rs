//! What a worker does for a scenario that another runner has.

use std::ops::Range;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::session::Session;

use super::super::attempt::Attempt;
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
                    self.run_test_step(&mut attempt, index).await;
                }
            }
            Action::End => {
                self.end_session().await;
                self.stage.leave_case();
            }
        }
        // Events first: whoever waits for the answer reads them next.
        self.stage.flush();
        let _ = reply.send(attempt);
    }
}
