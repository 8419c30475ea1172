//! The gate that running code has to pass: its deadline, and whether it was stopped at it.
//!
//! Shared by the interrupt handler, the allocator and the event loop of one isolate, all on one thread.

use std::{
    cell::{Cell, OnceCell},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

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
    /// Set by another thread that gives up on what runs.
    stop: OnceCell<Arc<AtomicBool>>,
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

    /// Whoever sets the flag stops what runs, as its deadline would.
    pub(super) fn stop_with(&self, flag: Arc<AtomicBool>) {
        let _ = self.stop.set(flag);
    }

    fn is_stopped(&self) -> bool {
        self.stop.get().is_some_and(|stop| stop.load(Ordering::Relaxed)) && self.is_open.get()
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
