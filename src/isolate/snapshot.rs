//! The snapshot: all state of an isolate at one moment, in the arena and outside of it.

use std::collections::HashMap;

use super::{arena::Image, graph::ModuleGraph, host::Host, raw::EsModule};

/// What `restore` goes back to. Not in it: ops under way and timers, which `restore` drops, and counters
/// that must not repeat (numbers of ops and calls, the state of Math.random).
pub(super) struct Snapshot {
    /// None where a fresh VM takes its place.
    pub(super) image: Option<Image>,
    /// How many calls there were before it.
    pub(super) calls: usize,
    graph: ModuleGraph,
    loaded: HashMap<String, EsModule>,
    entries: usize,
    functions: usize,
}

impl Snapshot {
    pub(super) fn new(image: Option<Image>, host: &Host, calls: usize) -> Snapshot {
        let graph = host.graph.borrow().clone();
        Snapshot {
            image,
            calls,
            graph,
            loaded: host.loaded.borrow().clone(),
            entries: host.entries.borrow().len(),
            functions: host.functions.borrow().len(),
        }
    }

    /// Puts back what is kept on the Rust side.
    pub(super) fn restore_host(&self, host: &Host) {
        host.entries.borrow_mut().truncate(self.entries);
        host.functions.borrow_mut().truncate(self.functions);
        // Loading after the snapshot is rare, cloning two maps is not free.
        if host.loaded.borrow().len() != self.loaded.len() {
            *host.loaded.borrow_mut() = self.loaded.clone();
        }
        if !host.graph.borrow().is_as_before(&self.graph) {
            *host.graph.borrow_mut() = self.graph.clone();
        }
    }
}
