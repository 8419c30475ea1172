//! The World of a scenario.

use std::io;
use std::sync::Arc;

use crate::isolate::Isolate;
use crate::session::{Commands, SessionOptions, SessionTable, TableLimits};

/// A scenario's World: it owns the scenario's sessions, which end with it, their processes too.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use cucumber::World as _;
///
/// let world = quickcuke::World::new().await?;
/// let session = world.sessions().acquire("alice").await;
/// session.session().vars().set("name", "Alice".into());
/// drop(session);
/// assert_eq!(world.sessions().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct World {
    sessions: SessionTable<Isolate>,
}

impl World {
    /// A World whose sessions may run what `options` declares.
    pub fn with_options(options: SessionOptions, limits: TableLimits) -> Self {
        Self { sessions: SessionTable::new(options, limits) }
    }

    /// The scenario's sessions, by name.
    pub fn sessions(&self) -> &SessionTable<Isolate> {
        &self.sessions
    }
}

impl ::cucumber::World for World {
    type Error = io::Error;

    /// A World whose project is the working directory and which may run no commands.
    async fn new() -> Result<Self, Self::Error> {
        let options = SessionOptions::new(Arc::new(Commands::default()), std::env::current_dir()?);
        Ok(Self::with_options(options, TableLimits::default()))
    }
}
