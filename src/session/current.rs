//! Which session the running scenario is in, and which one the run.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::Session;

/// A slot that the runner sets per scenario and that ops read. Clones share the slot; one per worker.
#[derive(Debug, Clone, Default)]
pub struct Current(Rc<Sessions>);

#[derive(Debug, Default)]
struct Sessions {
    now: RefCell<Option<Arc<Session>>>,
    run: RefCell<Option<Arc<Session>>>,
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

    /// Puts in the session of the run: of the step library while it is loaded, and of BeforeAll and AfterAll hooks.
    pub fn set_run(&self, session: Option<Arc<Session>>) {
        self.0.run.replace(session);
    }

    /// The session of the run.
    pub fn run(&self) -> Option<Arc<Session>> {
        self.0.run.borrow().clone()
    }
}
