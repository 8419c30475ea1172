//! The limits of a call.

use std::time::Duration;

use crate::isolate::Limits;

/// How long a call may take and what its VM may use.
///
/// Memory, stack and garbage collection are properties of a VM: a session is given a new VM for a call that asks for
/// others than its VM has, and keeps only its variables and processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// From the call to its result, the making of a VM included. What spins past it is cut off.
    pub timeout: Duration,
    /// Bytes of the VM's memory.
    pub memory: usize,
    /// Bytes of machine stack that JavaScript may use.
    pub stack: usize,
    /// Bytes allocated before the first search for garbage cycles.
    pub gc_threshold: usize,
}

impl Default for RunOptions {
    /// 5 minutes, 256 MiB of memory, 4 MiB of stack, garbage from 64 MiB on.
    fn default() -> Self {
        let Limits { memory, stack, gc_threshold, .. } = Limits::default();
        Self { timeout: Duration::from_secs(5 * 60), memory, stack, gc_threshold }
    }
}

impl RunOptions {
    pub(super) fn limits(&self) -> Limits {
        let Self { memory, stack, gc_threshold, .. } = *self;
        Limits { memory, stack, gc_threshold, ..Limits::default() }
    }
}
