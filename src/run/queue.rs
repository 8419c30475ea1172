//! The test cases of a run, handed to whichever worker is free.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::vec;

use crate::messages::Id;
use crate::plan::PlannedCase;

use super::assignment::AssignedCases;

/// So many cases are handed over as one, since to wake a thread costs as much as to make several.
const BATCH: usize = 32;
/// So many batches are made ahead of the workers.
const AHEAD: usize = 2;

/// Where workers take cases from, one at a time.
#[derive(Debug)]
pub(super) struct CaseQueue {
    source: Source,
    failing: AtomicBool,
    closed: AtomicBool,
}

#[derive(Debug)]
enum Source {
    InOrder(Mutex<Cases>),
    Assigned(AssignedCases),
}

/// They are made while others run.
#[derive(Debug)]
struct Cases {
    ready: vec::IntoIter<PlannedCase>,
    /// None once the queue is closed: whoever makes more is told so.
    batches: Option<Receiver<Vec<PlannedCase>>>,
}

impl CaseQueue {
    /// An empty queue, and where its cases come from.
    pub(super) fn new() -> (Self, CaseFeed) {
        let (feed, batches) = sync_channel(AHEAD);
        let cases = Mutex::new(Cases { ready: Vec::new().into_iter(), batches: Some(batches) });
        (Self::from(Source::InOrder(cases)), CaseFeed(feed))
    }

    /// A queue that is asked for what may run beside what does.
    pub(super) fn assigned(cases: AssignedCases) -> Self {
        Self::from(Source::Assigned(cases))
    }

    fn from(source: Source) -> Self {
        Self { source, failing: AtomicBool::new(false), closed: AtomicBool::new(false) }
    }

    /// Whether a case may be long in coming.
    pub(super) fn keeps_waiting(&self) -> bool {
        matches!(self.source, Source::Assigned(_))
    }

    /// The next case; none once all were taken, or the queue is closed.
    pub(super) fn take(&self) -> Option<PlannedCase> {
        let cases = match &self.source {
            Source::InOrder(cases) => cases,
            Source::Assigned(cases) => return cases.take(&self.closed),
        };
        let mut cases = cases.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(case) = cases.ready.next() {
                return Some(case);
            }
            cases.ready = cases.batches.as_ref()?.recv().ok()?.into_iter();
        }
    }

    /// Gives out no further case, and lets nobody wait for one.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        if let Source::InOrder(cases) = &self.source {
            let mut cases = cases.lock().unwrap_or_else(PoisonError::into_inner);
            *cases = Cases { ready: Vec::new().into_iter(), batches: None };
        }
    }

    /// To be called when the last attempt at a case is over.
    pub(super) fn finish(&self, pickle: Id) {
        if let Source::Assigned(cases) = &self.source {
            cases.finished(pickle);
        }
    }

    /// Whether a case has failed so far, on any worker.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    pub(super) fn report_failure(&self) {
        self.failing.store(true, Ordering::Relaxed);
    }
}

/// Where the cases of a queue come from.
pub(super) struct CaseFeed(SyncSender<Vec<PlannedCase>>);

impl CaseFeed {
    /// Hands over all cases, no faster than they are taken; ends early where nobody takes them any more.
    pub(super) fn fill(self, mut cases: impl Iterator<Item = PlannedCase>) {
        loop {
            let batch: Vec<_> = cases.by_ref().take(BATCH).collect();
            if batch.is_empty() || self.0.send(batch).is_err() {
                return;
            }
        }
    }
}
