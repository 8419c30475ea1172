//! Which test case runs next where the step library says, by `setParallelCanAssign`, what may run beside what.
//!
//! Its function runs in the coordinator's VM: workers ask there for a case, and tell there that one is finished.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use crate::host::Stream;
use crate::isolate::{Argument, Callee, ErrorKind, ScriptError};
use crate::messages::{Id, Pickle};
use crate::plan::PlannedCase;
use crate::support::Timeout;

use super::RunError;
use super::call;
use super::watch::{Place, Timing};
use super::worker::Worker;

/// How often a worker that waits for a case looks whether there will be one.
const LOOK: Duration = Duration::from_millis(100);

/// The workers' side.
#[derive(Debug)]
pub(super) struct AssignedCases(Sender<Request>);

/// The coordinator's side.
pub(super) struct Assignment {
    /// What nobody runs yet, in order.
    cases: Vec<PlannedCase>,
    requests: Receiver<Request>,
}

#[derive(Debug)]
enum Request {
    /// A worker is free. It is answered once there is a case for it, or not at all where none is left.
    Next(SyncSender<PlannedCase>),
    /// No worker runs the pickle of that id any more.
    Finished(Id),
}

/// Both sides of the assignment of cases to workers.
pub(super) fn assignment(cases: Vec<PlannedCase>) -> (AssignedCases, Assignment) {
    let (sender, requests) = channel();
    (AssignedCases(sender), Assignment { cases, requests })
}

impl AssignedCases {
    /// Waits for the next case; none once all were assigned, or it is `closed`.
    pub(super) fn take(&self, closed: &AtomicBool) -> Option<PlannedCase> {
        let (answer, case) = sync_channel(1);
        self.0.send(Request::Next(answer)).ok()?;
        loop {
            match case.recv_timeout(LOOK) {
                // Whoever answers may hang in the author's function.
                Err(RecvTimeoutError::Timeout) if !closed.load(Ordering::Relaxed) => {}
                answer => return answer.ok(),
            }
        }
    }

    pub(super) fn finished(&self, pickle: Id) {
        // Nobody asks any more once all were assigned.
        let _ = self.0.send(Request::Finished(pickle));
    }
}

impl Worker {
    /// Assigns cases to the workers that ask for them until none is left. Where nothing runs and no case may, the first
    /// one does.
    pub(super) async fn assign(&mut self, assignment: Assignment) -> Result<(), RunError> {
        let Assignment { mut cases, requests } = assignment;
        let mut running: Vec<Arc<Pickle>> = Vec::new();
        let mut free = VecDeque::new();
        let mut times_idle = 0;
        while !cases.is_empty() && !self.stage.watch.is_cut_short() {
            match requests.recv() {
                Ok(Request::Next(worker)) => free.push_back(worker),
                Ok(Request::Finished(id)) => running.retain(|pickle| pickle.id != id),
                Err(_) => return Err(RunError::WorkerGone),
            }
            while !free.is_empty() && !cases.is_empty() {
                let chosen = match self.first_assignable(&cases, &running).await {
                    Err(RunError::Interrupted) => return Ok(()),
                    Err(error) => return Err(error),
                    Ok(Some(index)) => index,
                    Ok(None) if running.is_empty() => {
                        times_idle += 1;
                        0
                    }
                    Ok(None) => break,
                };
                let case = cases.remove(chosen);
                running.push(Arc::clone(&case.pickle));
                if let Some(worker) = free.pop_front() {
                    // A worker that waits is never given up, and waits until the queue is closed.
                    if worker.send(case).is_err() {
                        return match self.stage.watch.is_cut_short() {
                            true => Ok(()),
                            false => Err(RunError::WorkerGone),
                        };
                    }
                }
            }
        }
        if times_idle > 0 {
            let warning = format!(
                "WARNING: All workers went idle {times_idle} time(s). \
                 Consider revising handler passed to setParallelCanAssign.\n"
            );
            self.stage.print(Stream::Stderr, &warning);
        }
        Ok(())
    }

    async fn first_assignable(
        &mut self,
        cases: &[PlannedCase],
        running: &[Arc<Pickle>],
    ) -> Result<Option<usize>, RunError> {
        let in_progress = call::json(&running.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        for (index, case) in cases.iter().enumerate() {
            if self.can_assign(&case.pickle, &in_progress).await? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// `in_progress` is the JSON of a list of pickles.
    async fn can_assign(
        &mut self,
        in_question: &Pickle,
        in_progress: &str,
    ) -> Result<bool, RunError> {
        let in_question = call::json(in_question);
        let arguments = [Argument::Json(&in_question), Argument::Json(in_progress)];
        let timing = Timing::begin(self.support.timeout_of(None));
        let callee = Callee::Entry("canAssign");
        if self.enter(Place::Assignment, timing).is_err() {
            return Err(RunError::Interrupted);
        }
        let answer = self.call(callee, &arguments, timing.deadline()).await;
        if self.leave().await.is_some() {
            return Err(RunError::Interrupted);
        }
        match answer {
            Ok(answer) => Ok(answer == "true"),
            Err(error) if error.kind == ErrorKind::Timeout => Err(timed_out(timing.timeout)),
            Err(error) => Err(RunError::ParallelCanAssign(Box::new(error))),
        }
    }
}

/// What becomes of a run whose cases cannot be assigned in time.
pub(super) fn timed_out(timeout: Timeout) -> RunError {
    let message = format!(
        "the function of setParallelCanAssign timed out, ensure it returns within {timeout} milliseconds"
    );
    RunError::ParallelCanAssign(Box::new(ScriptError::new(ErrorKind::Timeout, message)))
}
