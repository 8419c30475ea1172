//! The test cases of a run, handed to whichever worker is free.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::plan::PlannedCase;

/// Workers take cases in order, one at a time.
#[derive(Debug)]
pub(super) struct CaseQueue {
    cases: Vec<PlannedCase>,
    next: AtomicUsize,
    failing: AtomicBool,
}

impl CaseQueue {
    pub(super) fn new(cases: Vec<PlannedCase>) -> Self {
        Self { cases, next: AtomicUsize::new(0), failing: AtomicBool::new(false) }
    }

    pub(super) fn take(&self) -> Option<&PlannedCase> {
        self.cases.get(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether a case has failed so far, on any worker.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    pub(super) fn report_failure(&self) {
        self.failing.store(true, Ordering::Relaxed);
    }
}
