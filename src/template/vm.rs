//! A VM as an instance holds it.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::thread::{Call, Own, TemplateJob};
use super::{InstanceOptions, Template};
use crate::isolate::ScriptError;
use crate::script::{PATIENCE, VmThread, given_up};
use crate::session::Session;

/// The VM of an instance. When it is dropped it goes back to the pool, or is ended if it is in the midst of something.
pub(super) struct InstanceVm {
    /// There until it is dropped.
    thread: Option<VmThread<TemplateJob>>,
    template: Template,
    pub(super) is_busy: bool,
}

impl InstanceVm {
    /// A pristine VM, and the bytes of memory in use.
    pub(super) async fn begin(
        template: &Template,
        options: &InstanceOptions,
        session: &Arc<Session>,
    ) -> Result<(Self, usize), ScriptError> {
        let thread = Some(template.thread(options.memory)?);
        let mut vm = Self { thread, template: template.clone(), is_busy: true };
        let (reply, answer) = oneshot::channel();
        let InstanceOptions { env, mounts, .. } = options.clone();
        let own = Own { session: Arc::clone(session), env, mounts };
        vm.send(TemplateJob::Begin(own, reply));
        // The evaluation has its own deadline, which the thread sees to.
        let patience = template.timeout().saturating_add(PATIENCE);
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(begun)) => {
                let memory_usage = begun?;
                vm.is_busy = false;
                Ok((vm, memory_usage))
            }
            Ok(Err(_)) => Err(ScriptError::internal("the thread of the VM has ended")),
            Err(_) => Err(given_up()),
        }
    }

    /// Hands a call over; who gets its end says that the VM is not busy any more.
    pub(super) fn call(&mut self, call: Call) {
        self.is_busy = true;
        self.send(TemplateJob::Call(Box::new(call)));
    }

    fn send(&self, job: TemplateJob) {
        if let Some(thread) = &self.thread {
            thread.send(job);
        }
    }
}

impl Drop for InstanceVm {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        if self.is_busy {
            thread.stop();
        } else {
            self.template.give(thread);
        }
    }
}
