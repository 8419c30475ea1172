//! The graph of ES modules that were asked for so far: who imports whom, what is being loaded or
//! evaluated, and what failed.
//!
//! QuickJS keeps no public state of this, aborts the process when a module that is being evaluated is
//! linked again (as `require` inside an import could), and follows dangling pointers when a module whose
//! import failed is imported once more. This graph is what keeps both from happening.

use std::collections::{HashMap, HashSet};

use super::raw::Kept;

/// An evaluation under way, begun by an import or by a `require` of an ES module.
#[derive(Debug, Clone)]
struct Root {
    id: String,
    /// How many loads were under way when it began.
    depth: usize,
    /// Its modules are loaded and it evaluates; before that, none of its modules has begun to.
    evaluating: bool,
}

#[derive(Debug, Default, Clone)]
pub(super) struct ModuleGraph {
    /// importer -> imported, by id.
    imports: HashMap<String, Vec<String>>,
    /// Number of pairs in `imports`.
    edges: usize,
    /// Loads under way, outermost first: modules whose own imports are not all there yet.
    loading: Vec<String>,
    roots: Vec<Root>,
    /// Modules of which no evaluation is under way on the stack, whatever came of it.
    settled: HashSet<String>,
    /// Modules that could not be loaded, with what was thrown.
    failed: HashMap<String, Kept>,
}

impl ModuleGraph {
    /// Whether nothing was asked for since `before`, an earlier state of this graph. Imports, settled and
    /// failed modules only ever get more, so that their numbers tell.
    pub(super) fn is_as_before(&self, before: &ModuleGraph) -> bool {
        self.edges == before.edges
            && self.settled.len() == before.settled.len()
            && self.failed.len() == before.failed.len()
            && self.loading.is_empty()
            && self.roots.is_empty()
    }

    /// Notes that `importer` asks for `id`. With no load under way it is a dynamic import, which begins a
    /// root of its own.
    pub(super) fn import(&mut self, importer: &str, id: &str, is_loaded: bool) {
        if self.loading.is_empty() {
            self.begin_root(id, is_loaded);
            return;
        }
        let imports = self.imports.entry(importer.to_owned()).or_default();
        if !imports.iter().any(|known| known == id) {
            imports.push(id.to_owned());
            self.edges += 1;
        }
    }

    /// Begins a root. `is_loaded`: it needs no loading, so it evaluates at once.
    pub(super) fn begin_root(&mut self, id: &str, is_loaded: bool) {
        self.roots.push(Root {
            id: id.to_owned(),
            depth: self.loading.len(),
            evaluating: is_loaded,
        });
    }

    /// Ends the innermost root: nothing of it is on the stack any more. The modules that it may have evaluated.
    pub(super) fn end_root(&mut self) -> HashSet<String> {
        match self.roots.pop() {
            Some(Root { id, evaluating: true, .. }) => {
                let closure = self.closure(&id);
                self.settled.extend(closure.iter().cloned());
                closure
            }
            _ => HashSet::new(),
        }
    }

    /// Ends every root: called between jobs, when no JavaScript is on the stack.
    pub(super) fn end_job(&mut self) -> Vec<HashSet<String>> {
        self.loading.clear();
        (0..self.roots.len()).map(|_| self.end_root()).collect()
    }

    pub(super) fn is_loading(&self, id: &str) -> bool {
        self.loading.iter().any(|loading| loading == id)
    }

    pub(super) fn begin_load(&mut self, id: &str) {
        self.loading.push(id.to_owned());
    }

    pub(super) fn end_load(&mut self, id: &str, failure: Option<Kept>) {
        self.loading.pop();
        if let Some(failure) = failure {
            self.failed.insert(id.to_owned(), failure);
        }
        if let Some(root) = self.roots.last_mut()
            && self.loading.len() == root.depth
        {
            root.evaluating = true;
        }
    }

    /// The pairs of importer and imported module whose id begins so, in order.
    pub(super) fn importers_of(&self, prefix: &str) -> Vec<(String, String)> {
        let pairs = self.imports.iter().flat_map(|(importer, ids)| {
            let ids = ids.iter().filter(|id| id.starts_with(prefix));
            ids.map(|id| (importer.clone(), id.clone()))
        });
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort();
        pairs
    }

    /// Why `id` must not be touched again: it, or a module that it needs, could not be loaded before.
    pub(super) fn failure(&self, id: &str) -> Option<Kept> {
        if self.failed.is_empty() {
            return None;
        }
        self.failed
            .get(id)
            .or_else(|| self.closure(id).iter().find_map(|id| self.failed.get(id)))
            .copied()
    }

    /// Lets the innermost root, which is `id` and wholly loaded, evaluate; or gives the module that keeps
    /// it from that, because it is in the middle of being loaded or evaluated itself.
    pub(super) fn evaluate_root(&mut self, id: &str) -> Option<String> {
        let root = self.roots.pop();
        let obstacle = self.obstacle(id);
        self.roots.extend(root.map(|root| Root { evaluating: obstacle.is_none(), ..root }));
        obstacle
    }

    fn obstacle(&self, id: &str) -> Option<String> {
        let closure = self.closure(id);
        if let Some(id) = self.loading.iter().find(|id| closure.contains(*id)) {
            return Some(id.clone());
        }
        let evaluating = self.roots.iter().filter(|root| root.evaluating);
        let mut under_way = evaluating.flat_map(|root| self.closure(&root.id));
        under_way.find(|id| !self.settled.contains(id) && closure.contains(id))
    }

    /// `id` and all that it imports, directly or not.
    pub(super) fn closure(&self, id: &str) -> HashSet<String> {
        let mut seen = HashSet::from([id.to_owned()]);
        let mut rest = vec![id];
        while let Some(id) = rest.pop() {
            for import in self.imports.get(id).into_iter().flatten() {
                if seen.insert(import.clone()) {
                    rest.push(import);
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(graph: &mut ModuleGraph, importer: &str, id: &str) {
        graph.import(importer, id, false);
        graph.begin_load(id);
    }

    #[test]
    fn a_module_that_is_loading_is_an_obstacle_for_whoever_needs_it() {
        let mut graph = ModuleGraph::default();
        load(&mut graph, "prelude", "a");
        load(&mut graph, "a", "b");
        graph.import("b", "a", true);
        graph.end_load("b", None);
        assert_eq!(graph.obstacle("b").as_deref(), Some("a"));
        graph.end_load("a", None);
        graph.end_job();
        assert_eq!(graph.obstacle("b"), None);
    }

    #[test]
    fn a_loaded_module_may_be_evaluated_until_its_root_evaluates() {
        let mut graph = ModuleGraph::default();
        load(&mut graph, "prelude", "a");
        load(&mut graph, "a", "b");
        graph.end_load("b", None);
        assert_eq!(graph.obstacle("b"), None);
        graph.end_load("a", None);
        assert_eq!(graph.obstacle("b").as_deref(), Some("b"));
        graph.end_job();
        assert_eq!(graph.obstacle("b"), None);
    }

    #[test]
    fn a_failure_taints_those_who_need_the_module() {
        let mut graph = ModuleGraph::default();
        load(&mut graph, "prelude", "a");
        load(&mut graph, "a", "b");
        graph.import("b", "a", true);
        graph.end_load("b", None);
        let failure = Kept::never_read();
        graph.end_load("a", Some(failure));
        assert_eq!(graph.failure("b"), Some(failure));
        assert_eq!(graph.failure("c"), None);
    }
}
