//! The World of a scenario.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::config::Flags;
use crate::configure;
use crate::plan::PlannedCase;
use crate::run::stepwise::{self, OWN_SESSION, Scenario};
use crate::script::{HostName, RunContext, RunOptions, ScriptEngine};
use crate::session::{Session, SessionTable, TableLimits, Vars};

use super::StepLibraryError;
use super::library::Shared;

/// A scenario's World: it owns the scenario's sessions, which end with it, their processes too.
///
/// A suite's own World owns one, and says so with `AsMut<quickcuke::World>`; see [`StepLibrary`](crate::StepLibrary)
/// for the steps in JavaScript. A suite can also use this as its World.
///
/// What Rust and JavaScript have in common is the session of the scenario: [`vars`](Self::vars) are those of
/// JavaScript's `vars` and `this.vars`, [`start`](Self::start) starts the commands of `commands.start`, and
/// [`sessions`](Self::sessions) has the sessions of `this.session(name)`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use serde_json::json;
///
/// let world = quickcuke::World::default();
/// world.vars().set("basket", json!(["apple"]));
///
/// world.execute("vars.set('basket', [...vars.get('basket'), 'pear'])").await?;
/// assert_eq!(world.vars().get("basket"), Some(&json!(["apple", "pear"])));
///
/// let sum = world.run("(a, b) => a + b", (20, 22)).await?;
/// assert_eq!(sum, json!(42));
/// assert_eq!(world.execute("return ferridriver.host").await?, json!("bdd"));
/// # Ok(())
/// # }
/// ```
///
/// Without a library it is configured by quickcuke.toml of the working directory when it is first used.
///
/// Dropping it kills the processes of its sessions and waits for them;
/// [`StepLibrary::after`](crate::StepLibrary::after) does so without blocking the thread.
#[derive(Default, ::cucumber::World)]
#[world(init = Self::configured)]
pub struct World {
    /// Dropped first, which waits for the processes; the worker of the scenario would not be waited for.
    sessions: OnceLock<Sessions>,
    joined: Option<Box<Joined>>,
}

/// A scenario with JavaScript steps.
pub(super) struct Joined {
    pub(super) library: Arc<Shared>,
    pub(super) scenario: Scenario,
    /// Tells it from others: see [`Runner`](super::Runner).
    pub(super) key: usize,
}

/// The sessions of a scenario, and how code runs in them.
pub(super) struct Sessions {
    pub(super) table: Arc<SessionTable<ScriptEngine>>,
    pub(super) engine: ScriptEngine,
    pub(super) options: RunOptions,
    pub(super) context: RunContext,
    /// The scenario's own, made when it is first asked for.
    own: OnceLock<Arc<Session>>,
}

impl Sessions {
    fn new(
        engine: &ScriptEngine,
        limits: TableLimits,
        options: RunOptions,
        context: RunContext,
    ) -> Self {
        let (table, own) = (Arc::new(engine.table(limits)), OnceLock::new());
        Self { table, engine: engine.clone(), options, context, own }
    }

    pub(super) fn own(&self) -> &Arc<Session> {
        self.own.get_or_init(|| self.table.session(OWN_SESSION))
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        // Not left to the table, which a worker may still hold.
        let _ = self.table.clear();
    }
}

impl World {
    /// A World whose sessions are run by that engine. Make one engine for all of them: Worlds hand their VMs on to
    /// each other through it.
    pub fn with_engine(engine: &ScriptEngine, limits: TableLimits) -> Self {
        let context = RunContext { host: HostName::Bdd, ..RunContext::default() };
        let sessions = Sessions::new(engine, limits, RunOptions::default(), context);
        Self { joined: None, sessions: sessions.into() }
    }

    /// A World as quickcuke.toml of the working directory configures it.
    async fn configured() -> Result<Self, StepLibraryError> {
        let sessions = configured()?;
        Ok(Self { joined: None, sessions: sessions.into() })
    }

    /// The variables that the scenario's steps share, in Rust and JavaScript. Hold the guard for a moment only, not
    /// over an await.
    ///
    /// # Panics
    /// The World was made by `default()`, has no library, and quickcuke.toml has a mistake.
    pub fn vars(&self) -> MutexGuard<'_, Vars> {
        self.session().vars()
    }

    /// The scenario's own session: its variables and processes.
    ///
    /// # Panics
    /// As [`vars`](Self::vars).
    pub fn session(&self) -> &Arc<Session> {
        self.own_sessions().own()
    }

    /// The scenario's sessions, by name. Its own has the empty name.
    ///
    /// # Panics
    /// As [`vars`](Self::vars).
    pub fn sessions(&self) -> &SessionTable<ScriptEngine> {
        &self.own_sessions().table
    }

    pub(super) fn own_sessions(&self) -> &Sessions {
        self.sessions.get_or_init(|| configured().unwrap_or_else(|error| panic!("{error}")))
    }

    /// Gives it the sessions of a scenario of the library. What Rust has put into its variables stays.
    pub(super) fn join(&mut self, library: Arc<Shared>, case: Arc<PlannedCase>, key: usize) {
        let (options, context) = library.stepwise.script_settings();
        let limits = stepwise::scenario_limits();
        let sessions = Sessions::new(library.stepwise.scripts(), limits, options, context);
        if let Some(before) = self.sessions.get().and_then(|before| before.own.get()) {
            sessions.own().vars().clone_from(&before.vars());
        }
        let scenario = library.stepwise.scenario(case, Arc::clone(&sessions.table));
        self.joined = Some(Box::new(Joined { library, scenario, key }));
        self.sessions = sessions.into();
    }

    pub(super) fn joined(&mut self) -> Option<&mut Joined> {
        self.joined.as_deref_mut()
    }

    /// Ends the sessions and waits for their processes.
    pub(super) async fn end(&mut self) {
        if let Some(mut joined) = self.joined.take() {
            joined.scenario.end().await;
        }
        let Some(sessions) = self.sessions.get() else { return };
        let (table, runtime) = (Arc::clone(&sessions.table), sessions.engine.runtime());
        let ended = match runtime {
            Ok(runtime) => runtime.spawn(async move { table.shutdown().await }).await,
            Err(_) => Ok(table.clear()),
        };
        if let Ok(Err(error)) = ended {
            eprintln!("quickcuke: {error}");
        }
    }
}

/// Sessions as the configuration of the working directory has them. What runs code in them is made once.
fn configured() -> Result<Sessions, StepLibraryError> {
    type Made = (ScriptEngine, RunOptions, RunContext);
    static MADE: Mutex<Option<Made>> = Mutex::new(None);
    let project = std::env::current_dir().map_err(StepLibraryError::Directory)?;
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let (engine, options, context) = match &mut *made {
        Some(made) if made.0.project() == project => made,
        other => {
            let config = configure::resolve(&Flags::default(), &project)?;
            other.insert(stepwise::scripts(&config)?)
        }
    };
    Ok(Sessions::new(engine, stepwise::scenario_limits(), options.clone(), context.clone()))
}

impl AsMut<World> for World {
    fn as_mut(&mut self) -> &mut World {
        self
    }
}

impl fmt::Debug for World {
    /// With its variables: the writers of the crate `cucumber` print the World of a step that failed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.sessions.get().and_then(|sessions| sessions.own.get());
        let vars = own.map(|session| session.vars().clone()).unwrap_or_default();
        f.debug_struct("World").field("vars", &vars).finish_non_exhaustive()
    }
}
