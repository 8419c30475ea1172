//! What the coordinator sees of a worker that is in JavaScript: enough to go on without it.
//!
//! The third line of deadlines: what neither the interrupt handler nor the allocator stops, such as a native
//! loop that allocates nothing, is given up. The thread is left to end by itself, and another worker takes
//! over where it stood.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::isolate::Stopper;
use crate::messages::{HookType, Id, TestStepResult};
use crate::session::Session;
use crate::support::Timeout;

use super::attempt::Attempt;
use super::event::Event;
use super::interruption::{Cut, cleans_up};
use super::sessions::Table;

/// How long past its deadline a call may take to come back, which it does at once where it can be stopped.
const GIVE_UP_AFTER: Duration = Duration::from_millis(400);

/// Shared by a worker and the coordinator.
#[derive(Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    given_up: Notify,
    /// Of the worker's isolate.
    stopper: Stopper,
}

#[derive(Default)]
struct State {
    /// Events kept back: to wake the coordinator for each would cost more than all the rest.
    waiting: Vec<Event>,
    underway: Option<Underway>,
    is_given_up: bool,
    /// What calls are not made any more, because the run is cut short.
    cut: Option<Cut>,
    /// When the call under way was stopped for that.
    stopped: Option<(Instant, Cut)>,
}

/// A worker that was given up.
pub(super) struct GivenUp {
    /// What it was at.
    pub underway: Underway,
    /// Why it was stopped before its deadline, if it was.
    pub cut: Option<Cut>,
    /// What it kept back.
    pub events: Vec<Event>,
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
    /// Whether an interruption of the run leaves it time.
    pub cleans_up: bool,
}

impl Timing {
    /// From now on.
    pub(super) fn begin(timeout: Timeout) -> Self {
        Self { started: Instant::now(), timeout, cleans_up: false }
    }

    /// The same for a hook.
    pub(super) fn begin_hook(kind: HookType, timeout: Timeout) -> Self {
        Self { cleans_up: cleans_up(kind), ..Self::begin(timeout) }
    }

    /// When the isolate cuts the call off.
    pub(super) fn deadline(self) -> Option<Instant> {
        self.timeout.deadline(self.started)
    }
}

/// What was called.
pub(super) enum Place {
    /// A module of the step library was loaded, as it was named.
    Loading(String),
    TestStep {
        attempt: Attempt,
        /// Among the test case's steps.
        index: usize,
        /// Its result, if it is over and what runs is what the attempt left pending.
        ended: Option<Box<TestStepResult>>,
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
    ///
    /// # Errors
    /// The call must not be made.
    pub(super) fn enter(&self, underway: Underway) -> Result<(), Cut> {
        let mut state = self.state();
        if let Some(cut) = state.cut.filter(|cut| cut.concerns(underway.timing.cleans_up)) {
            return Err(cut);
        }
        state.underway = Some(underway);
        Ok(())
    }

    /// Looks at what is called, if something is.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Place) -> Option<T>) -> Option<T> {
        self.state().underway.as_ref().and_then(|underway| look(&underway.place))
    }

    /// To be called right after it: why it was stopped before its deadline, if it was. None at all if the worker was
    /// given up meanwhile.
    pub(super) fn leave(&self) -> Option<Option<Cut>> {
        let mut state = self.state();
        state.underway = None;
        let stopped = state.stopped.take();
        if stopped.is_some() {
            self.stopper.lift();
        }
        (!state.is_given_up).then_some(stopped.map(|(_, cut)| cut))
    }

    /// Stops the call under way if the cut concerns it, and keeps such calls from being made.
    pub(super) fn cut_short(&self, cut: Cut) {
        let mut state = self.state();
        state.cut = Some(cut);
        let concerns = |underway: &Underway| cut.concerns(underway.timing.cleans_up);
        if state.stopped.is_none() && state.underway.as_ref().is_some_and(concerns) {
            state.stopped = Some((Instant::now(), cut));
            self.stopper.stop();
        }
    }

    /// Whether the run is being cut short.
    pub(super) fn is_cut_short(&self) -> bool {
        self.state().cut.is_some()
    }

    /// What stops the worker's isolate.
    pub(super) fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// For the worker that takes over.
    pub(super) fn renewed(&self) -> Self {
        let state = State { cut: self.state().cut, ..State::default() };
        Self { state: Mutex::new(state), ..Self::default() }
    }

    /// Gives the worker up if its call has not come back long after it should have.
    pub(super) fn give_up_if_overdue(&self, now: Instant) -> Option<GivenUp> {
        let mut state = self.state();
        let stopped = state.stopped.map(|(at, _)| at);
        let is_overdue = |underway: &mut Underway| {
            let ends = [underway.timing.deadline(), stopped];
            ends.into_iter().flatten().any(|end| now > end + GIVE_UP_AFTER)
        };
        let underway = state.underway.take_if(is_overdue)?;
        let cut = state.stopped.map(|(_, cut)| cut);
        Some(GivenUp { underway, cut, events: self.give_up(&mut state) })
    }

    /// Gives the worker up, whatever it is at: the events that it kept back.
    pub(super) fn abandon(&self) -> Vec<Event> {
        self.give_up(&mut self.state())
    }

    fn give_up(&self, state: &mut State) -> Vec<Event> {
        state.is_given_up = true;
        self.given_up.notify_one();
        std::mem::take(&mut state.waiting)
    }

    /// Ends when the worker is given up.
    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
