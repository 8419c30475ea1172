//! What the coordinator sees of a worker that is in JavaScript: enough to go on without it.
//!
//! The third line of deadlines: what neither the interrupt handler nor the allocator stops, such as a native
//! loop that allocates nothing, is given up. The thread is left to end by itself, and another worker takes
//! over where it stood.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::messages::{HookType, Id};
use crate::session::Session;
use crate::support::Timeout;

use super::attempt::Attempt;
use super::event::Event;
use super::sessions::Table;

/// How long past its deadline a call may take to come back, which it does at once where it can be stopped.
const PATIENCE: Duration = Duration::from_millis(400);

/// Shared by a worker and the coordinator.
#[derive(Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    given_up: Notify,
}

#[derive(Default)]
struct State {
    /// Events kept back: to wake the coordinator for each would cost more than all the rest.
    waiting: Vec<Event>,
    underway: Option<Underway>,
    is_given_up: bool,
}

/// A call that is under way, with all that another worker needs to go on after it.
pub(super) struct Underway {
    pub place: Place,
    pub timing: Timing,
    pub session: Option<Arc<Session>>,
    pub named_sessions: Option<Table>,
    /// Those of the hooks around the run.
    pub run_session: Option<Arc<Session>>,
    pub run_named_sessions: Option<Table>,
}

/// How long a call may take.
#[derive(Clone, Copy)]
pub(super) struct Timing {
    pub started: Instant,
    pub timeout: Timeout,
}

impl Timing {
    /// From now on.
    pub(super) fn begin(timeout: Timeout) -> Self {
        Self { started: Instant::now(), timeout }
    }

    /// When the isolate cuts the call off.
    pub(super) fn deadline(self) -> Option<Instant> {
        self.timeout.deadline(self.started)
    }
}

/// What was called.
pub(super) enum Place {
    TestStep {
        attempt: Attempt,
        /// Among the test case's steps.
        index: usize,
    },
    TestRunHook {
        kind: HookType,
        /// Among the hooks of its kind, in the order in which they run.
        position: usize,
        /// Of its `testRunHookStarted`.
        started_id: Id,
    },
    /// The function of `setParallelCanAssign`, without whose answer nobody can go on.
    Assignment,
}

impl Watch {
    /// Keeps an event back; how many are kept now. Events of a worker that was given up are dropped.
    pub(super) fn push(&self, event: Event) -> usize {
        let mut state = self.state();
        if !state.is_given_up {
            state.waiting.push(event);
        }
        state.waiting.len()
    }

    /// Takes the events that were kept back.
    pub(super) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.state().waiting)
    }

    /// To be called right before a call into JavaScript that has a deadline.
    pub(super) fn enter(&self, underway: Underway) {
        self.state().underway = Some(underway);
    }

    /// Looks at what is called, if something is.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Place) -> Option<T>) -> Option<T> {
        self.state().underway.as_ref().and_then(|underway| look(&underway.place))
    }

    /// To be called right after it; false if the worker was given up meanwhile.
    pub(super) fn leave(&self) -> bool {
        let mut state = self.state();
        state.underway = None;
        !state.is_given_up
    }

    /// Gives the worker up if it is long past its deadline: what it was at, and the events that it kept back.
    pub(super) fn give_up_if_overdue(&self, now: Instant) -> Option<(Underway, Vec<Event>)> {
        let mut state = self.state();
        let is_overdue = |underway: &mut Underway| {
            let deadline = underway.timing.deadline();
            deadline.is_some_and(|deadline| now > deadline + PATIENCE)
        };
        let underway = state.underway.take_if(is_overdue)?;
        state.is_given_up = true;
        self.given_up.notify_one();
        Some((underway, std::mem::take(&mut state.waiting)))
    }

    /// Ends when the worker is given up.
    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
