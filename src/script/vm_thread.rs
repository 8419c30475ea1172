//! A thread that a VM lives on, as its user holds it: jobs go in, one at a time.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::isolate::{Limits, STACK_SIZE, Stopper};

/// What a VM is asked to do.
pub(crate) trait Job: Send + 'static {
    /// To make the VM pristine before its next use.
    fn restore() -> Self;
}

/// The other end of the thread, which ends when this is dropped and it is idle.
pub(crate) struct VmThread<J> {
    jobs: UnboundedSender<J>,
    stopper: Stopper,
    pub(crate) limits: Limits,
}

impl<J: Job> VmThread<J> {
    /// Starts a thread on which `work` makes a VM and does its jobs; the stopper is for [`Isolate::stop_with`].
    ///
    /// [`Isolate::stop_with`]: crate::isolate::Isolate::stop_with
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(crate) fn start<F: Future<Output = ()>>(
        limits: &Limits,
        work: impl FnOnce(Stopper, UnboundedReceiver<J>) -> F + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, received) = unbounded_channel();
        let stopper = Stopper::default();
        let for_vm = stopper.clone();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Without one the jobs find that the thread has ended.
            if let Ok(runtime) = runtime {
                runtime.block_on(work(for_vm, received));
            }
        };
        std::thread::Builder::new()
            .name("script".to_owned())
            .stack_size(limits.stack.saturating_mul(4).max(STACK_SIZE))
            .spawn(serve)?;
        Ok(Self { jobs, stopper, limits: limits.clone() })
    }

    /// Hands a job over. Where the thread has ended, it is dropped.
    pub(crate) fn send(&self, job: J) {
        let _ = self.jobs.send(job);
    }

    /// Makes the VM pristine before its next use.
    pub(super) fn restore(&self) {
        self.send(J::restore());
    }

    /// Stops what runs, for good.
    pub(crate) fn stop(&self) {
        self.stopper.stop();
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.jobs.is_closed()
    }
}
