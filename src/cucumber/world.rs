//! The World of a scenario.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::script::{ScriptEngine, ScriptEngineOptions};
use crate::session::{SessionTable, TableLimits};

/// A scenario's World: it owns the scenario's sessions, which end with it, their processes too.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cucumber::World as _;
/// use quickcuke::script::{RunContext, RunOptions};
/// use serde_json::json;
///
/// let (options, context) = (RunOptions::default(), RunContext::default());
/// let world = quickcuke::World::new().await?;
///
/// let mut alice = world.sessions().acquire("alice").await;
/// alice.execute("var basket = ['apple']; vars.set('name', 'Alice')", &[], &options, &context).await.result?;
/// let mut bob = world.sessions().acquire("bob").await;
/// bob.execute("var basket = []", &[], &options, &context).await.result?;
///
/// let run = alice.execute("return [vars.get('name'), basket.length]", &[], &options, &context).await;
/// assert_eq!(run.result?, json!(["Alice", 1]));
/// let run = bob.execute("return [vars.has('name'), basket.length]", &[], &options, &context).await;
/// assert_eq!(run.result?, json!([false, 0]));
/// assert_eq!(world.sessions().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct World {
    sessions: SessionTable<ScriptEngine>,
}

impl World {
    /// A World whose sessions are run by that engine. Make one engine for all of them: Worlds hand their VMs on to
    /// each other through it.
    pub fn with_engine(engine: &ScriptEngine, limits: TableLimits) -> Self {
        Self { sessions: engine.table(limits) }
    }

    /// The scenario's sessions, by name.
    pub fn sessions(&self) -> &SessionTable<ScriptEngine> {
        &self.sessions
    }
}

impl ::cucumber::World for World {
    type Error = io::Error;

    /// A World whose project is the working directory and which may run no commands.
    async fn new() -> Result<Self, Self::Error> {
        static ENGINE: Mutex<Option<ScriptEngine>> = Mutex::new(None);
        let project = std::env::current_dir()?;
        let mut engine = ENGINE.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = match &mut *engine {
            Some(engine) if engine.project() == project => engine,
            other => other.insert(ScriptEngine::new(ScriptEngineOptions::new(project))),
        };
        Ok(Self::with_engine(engine, TableLimits::default()))
    }
}
