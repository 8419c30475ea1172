//! The gate that running code has to pass: its deadline, and whether it was stopped at it.
//!
//! Shared by the interrupt handler, the allocator and the event loop of one isolate, all on one thread.

use std::{
    cell::{Cell, OnceCell},
    future::poll_fn,
    pin::pin,
    task::Poll,
    time::{Duration, Instant},
};

use super::stopper::Stopper;

/// How long past the deadline the allocator goes on serving: time for the interrupt handler, which gives
/// the cleaner stop, to be polled first.
const GRACE: Duration = Duration::from_millis(10);

/// Deadline and stop marks of the code that is running.
#[derive(Debug, Default)]
pub(super) struct Gate {
    deadline: Cell<Option<Instant>>,
    cut_off: Cell<bool>,
    out_of_memory: Cell<bool>,
    /// Code runs, which may be stopped.
    is_open: Cell<bool>,
    /// For another thread that ends what runs.
    stopper: OnceCell<Stopper>,
}

impl Gate {
    /// Sets the deadline of what runs next and clears the marks of what ran before.
    pub(super) fn open(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
        self.is_open.set(true);
        self.cut_off.set(false);
        self.out_of_memory.set(false);
    }

    /// No deadline any more, marks kept: for reading an error out of a VM that was stopped.
    pub(super) fn lift(&self) {
        self.deadline.set(None);
        self.is_open.set(false);
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.get()
    }

    /// The stopper ends what runs, as its deadline would.
    pub(super) fn stop_with(&self, stopper: Stopper) {
        let _ = self.stopper.set(stopper);
    }

    fn is_stopped(&self) -> bool {
        self.stopper.get().is_some_and(Stopper::is_stopped) && self.is_open.get()
    }

    /// Waits for what `work` waits for, or until the call is stopped: nothing then.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let Some(stopper) = self.stopper.get() else { return Some(work.await) };
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => stopper.poll_stopped(context).map(|()| None),
        })
        .await
    }

    /// Whether the deadline has passed. Does not mark.
    pub(super) fn passed(&self) -> bool {
        self.is_stopped() || self.deadline.get().is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Asked by the interrupt handler: true stops the running code.
    pub(super) fn interrupts(&self) -> bool {
        let stop = self.passed();
        if stop {
            self.cut_off.set(true);
        }
        stop
    }

    /// Asked by the allocator: true refuses memory, so that native loops end as well.
    pub(super) fn refuses_memory(&self) -> bool {
        let is_late = |deadline| Instant::now() >= deadline + GRACE;
        let stop = self.is_stopped() || self.deadline.get().is_some_and(is_late);
        if stop {
            self.cut_off.set(true);
        }
        stop
    }

    /// Marks that code was stopped mid-way.
    pub(super) fn cut_off(&self) {
        self.cut_off.set(true);
    }

    /// Marks that memory ran out.
    pub(super) fn mark_out_of_memory(&self) {
        self.out_of_memory.set(true);
    }

    /// Whether code was stopped mid-way at the deadline.
    pub(super) fn was_cut_off(&self) -> bool {
        self.cut_off.get()
    }

    pub(super) fn ran_out_of_memory(&self) -> bool {
        self.out_of_memory.get()
    }
}
