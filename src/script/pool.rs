//! VMs that wait for use, as pristine as when they were made.

use std::sync::{Mutex, PoisonError};

use super::vm_thread::{Job, VmThread};
use crate::isolate::Limits;

pub(crate) struct Pool<J> {
    waiting: Mutex<Vec<VmThread<J>>>,
    cap: usize,
}

impl<J: Job> Pool<J> {
    pub(crate) fn new(cap: usize) -> Self {
        Self { waiting: Mutex::default(), cap }
    }

    /// A VM with these limits, the last one that came back: its memory is the warmest.
    pub(crate) fn take(&self, limits: &Limits) -> Option<VmThread<J>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(VmThread::is_alive);
        let index = waiting.iter().rposition(|vm| vm.limits == *limits)?;
        Some(waiting.remove(index))
    }

    /// Keeps a VM for later. At the cap the one that waited for longest goes.
    pub(crate) fn give(&self, vm: VmThread<J>) {
        vm.restore();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(vm);
        if waiting.len() > self.cap {
            let surplus = waiting.remove(0);
            drop(waiting);
            drop(surplus);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
