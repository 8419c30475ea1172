//! Stopping what runs in an isolate from another thread.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use futures::task::AtomicWaker;

/// Stops what runs in the one isolate that it was given to, as its deadline would: a call that only waits ends, code
/// that spins is cut off.
#[derive(Debug, Clone, Default)]
pub struct Stopper(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    stopped: AtomicBool,
    /// Of the isolate's thread, while it waits.
    waiting: AtomicWaker,
}

impl Stopper {
    /// Stops the call that runs and all later ones.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        self.0.waiting.wake();
    }

    /// Lets later calls run again.
    pub fn lift(&self) {
        self.0.stopped.store(false, Ordering::Release);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    /// Ready once it is stopped; at the latest then the task is woken.
    pub(super) fn poll_stopped(&self, context: &Context<'_>) -> Poll<()> {
        self.0.waiting.register(context.waker());
        if self.is_stopped() { Poll::Ready(()) } else { Poll::Pending }
    }
}
