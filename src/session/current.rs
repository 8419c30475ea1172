//! Which session the running scenario is in.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::Session;

/// A slot that the runner sets per scenario and that ops read. Clones share the slot; one per worker.
#[derive(Debug, Clone, Default)]
pub struct Current(Rc<RefCell<Option<Arc<Session>>>>);

impl Current {
    /// Puts a session in, or none, and gives the one that was there.
    pub fn set(&self, session: Option<Arc<Session>>) -> Option<Arc<Session>> {
        self.0.replace(session)
    }

    /// The session that is in; ops that outlive a scenario keep hold of the one that they began with.
    pub fn get(&self) -> Option<Arc<Session>> {
        self.0.borrow().clone()
    }
}
