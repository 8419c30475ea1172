//! The snapshot: all state of an isolate at one moment, outside of the arena, which keeps its own image.

use std::collections::HashMap;

use super::{graph::ModuleGraph, host::Host, raw::EsModule};

/// What `restore` goes back to. Not in it: ops under way and timers, which `restore` drops, and counters
/// that must not repeat (numbers of ops and calls, the state of Math.random).
pub(super) struct Snapshot {
    /// How many calls there were before it.
    pub(super) calls: usize,
    graph: ModuleGraph,
    loaded: HashMap<String, EsModule>,
    waiting: Vec<EsModule>,
    entries: usize,
    functions: usize,
    kept_values: usize,
}

impl Snapshot {
    pub(super) fn new(host: &Host, calls: usize) -> Snapshot {
        let graph = host.graph.borrow().clone();
        Snapshot {
            calls,
            graph,
            loaded: host.loaded.borrow().clone(),
            waiting: host.waiting.borrow().clone(),
            entries: host.entries.borrow().len(),
            functions: host.functions.borrow().len(),
            kept_values: host.kept_values.len(),
        }
    }

    /// Puts back what is kept on the Rust side.
    pub(super) fn restore_host(&self, host: &Host) {
        host.entries.borrow_mut().truncate(self.entries);
        host.functions.borrow_mut().truncate(self.functions);
        host.kept_values.truncate(self.kept_values);
        host.waiting.borrow_mut().clone_from(&self.waiting);
        // Loading after the snapshot is rare, cloning two maps is not free.
        if host.loaded.borrow().len() != self.loaded.len() {
            *host.loaded.borrow_mut() = self.loaded.clone();
        }
        if !host.graph.borrow().is_as_before(&self.graph) {
            *host.graph.borrow_mut() = self.graph.clone();
        }
    }

    /// Whether the Rust side is as it was, as far as can be said of a fresh VM, whose modules lie elsewhere.
    #[cfg(test)]
    pub(super) fn is_held_by(&self, host: &Host) -> bool {
        host.entries.borrow().len() == self.entries
            && host.functions.borrow().len() == self.functions
            && host.kept_values.len() == self.kept_values
            && host.loaded.borrow().len() == self.loaded.len()
            && host.graph.borrow().is_as_before(&self.graph)
    }
}
