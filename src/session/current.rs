//! Which session the running scenario is in, and which one the run.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::Session;

/// A slot that the runner sets per scenario and that ops read. Clones share the slot; one per worker.
#[derive(Debug, Clone, Default)]
pub struct Current(Rc<Slot>);

#[derive(Debug, Default)]
struct Slot {
    now: RefCell<Option<Arc<Session>>>,
    run: RefCell<Option<Arc<Session>>>,
    /// The commands that may be run, of those declared; none: all.
    commands: RefCell<Option<Vec<String>>>,
    /// What drives the processes, where they must outlive the runtime of the ops.
    runtime: Option<Handle>,
}

impl Current {
    /// Puts a session in, or none, and gives the one that was there.
    pub fn set(&self, session: Option<Arc<Session>>) -> Option<Arc<Session>> {
        self.0.now.replace(session)
    }

    /// The session that is in; ops that outlive a scenario keep hold of the one that they began with.
    pub fn get(&self) -> Option<Arc<Session>> {
        self.0.now.borrow().clone()
    }

    /// A slot whose processes are driven by that runtime.
    pub fn with_runtime(runtime: Handle) -> Self {
        Self(Rc::new(Slot { runtime: Some(runtime), ..Slot::default() }))
    }

    /// What drives the processes; none: the runtime that the ops run on.
    pub fn runtime(&self) -> Option<&Handle> {
        self.0.runtime.as_ref()
    }

    /// Lets only these of the declared commands run, or all.
    pub fn permit_commands(&self, names: Option<Vec<String>>) {
        self.0.commands.replace(names);
    }

    /// Whether every declared command may run.
    pub fn permits_all_commands(&self) -> bool {
        self.0.commands.borrow().is_none()
    }

    /// Whether a declared command may run.
    pub fn permits(&self, command: &str) -> bool {
        self.0
            .commands
            .borrow()
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == command))
    }

    /// Puts in the session of the run: of the step library while it is loaded, and of BeforeAll and AfterAll hooks.
    pub fn set_run(&self, session: Option<Arc<Session>>) {
        self.0.run.replace(session);
    }

    /// The session of the run.
    pub fn run(&self) -> Option<Arc<Session>> {
        self.0.run.borrow().clone()
    }
}
