//! Scenarios whose steps another runner calls, one at a time: `quickcuke::cucumber` is built on this.
//!
//! The steps run as they do in a [`run`](super::run): on the same workers, with the same arguments, hooks and
//! deadlines. What differs is who decides what comes next.
//!
//! ```text
//! mod.rs       Stepwise: the step library, its workers, its test cases
//! pool.rs      workers that are made when they are needed, and lent to scenarios
//! lent.rs      a worker as a scenario holds it
//! scenario.rs  one attempt at a scenario
//! serve.rs     the other end: what a worker does for it
//! log.rs       what JavaScript printed and attached meanwhile
//! ```

mod lent;
mod log;
mod pool;
mod scenario;
mod serve;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::config::Config;
use crate::configure;
use crate::discover;
use crate::messages::IdGenerator;
use crate::plan::{PlannedCase, Planner, SelectedPickle};
use crate::script::{self, RunContext, ScriptEngine};
use crate::session::TableLimits;
use crate::support::{SupportCode, SupportError};

use super::RunError;
use super::options::RunOptions;
use super::sessions::Table;
use super::setup::Setup;

pub(crate) use log::LogEntry;
pub(crate) use scenario::{OWN_SESSION, Scenario};
pub(super) use serve::Call;

use pool::Pool;

/// How many VMs of sessions wait for use.
const WAITING_VMS: usize = 8;

/// A step library, loaded, with the workers that run its steps.
pub(crate) struct Stepwise {
    pool: Arc<Pool>,
    planner: Mutex<Planner>,
    config: Config,
    /// Whether the user was told of what the sandbox refused.
    told: AtomicBool,
    /// Why the compile cache is not used, if it is not.
    pub(crate) cache_warning: Option<String>,
}

impl Stepwise {
    /// Loads the step library that `config` names, on at most so many workers at a time. Blocks.
    ///
    /// # Errors
    /// What of the configuration cannot be used; a step library that does not load.
    pub(crate) fn load(config: &Config, workers: usize) -> Result<Self, RunError> {
        let mut options = RunOptions::new(config)?;
        options.workers = workers;
        let support = discover::support_files(config, &[])?;
        let library = configure::library(config);
        let cache_warning = library.warning().map(str::to_owned);
        let (mut setup, temporary) = Setup::new(config, &Arc::new(options), &support, library)?;
        let runtime = setup
            .scripts
            .runtime()
            .map_err(|error| RunError::Thread(io::Error::other(error)))?
            .clone();
        setup.processes = Some(runtime.clone());
        let run = setup.ids.next();
        let pool = Pool::load(setup, runtime, temporary, run)?;
        let planner = Mutex::new(Planner::new(Arc::clone(pool.support()), run));
        Ok(Self {
            pool,
            planner,
            config: config.clone(),
            told: AtomicBool::new(false),
            cache_warning,
        })
    }

    /// What the library defined.
    pub(crate) fn support(&self) -> &SupportCode {
        self.pool.support()
    }

    /// Whether the configuration names no step files.
    pub(crate) fn is_empty(&self) -> bool {
        self.pool.is_empty()
    }

    pub(crate) fn ids(&self) -> &IdGenerator {
        self.pool.ids()
    }

    /// What runs code in the sessions of scenarios.
    pub(crate) fn scripts(&self) -> &ScriptEngine {
        self.pool.scripts()
    }

    /// How Rust runs code in these sessions: as steps do.
    pub(crate) fn script_settings(&self) -> (script::RunOptions, RunContext) {
        self.pool.script_settings()
    }

    /// Binds a pickle to what the library defines.
    ///
    /// # Errors
    /// A step definition whose pattern cannot be matched with.
    pub(crate) fn plan(&self, pickle: SelectedPickle) -> Result<Arc<PlannedCase>, SupportError> {
        let mut planner = self.planner.lock().unwrap_or_else(PoisonError::into_inner);
        planner.case(pickle, self.ids()).map(Arc::new)
    }

    /// An attempt at a test case in these sessions, of which [`OWN_SESSION`] is its own.
    pub(crate) fn scenario(&self, case: Arc<PlannedCase>, sessions: Table) -> Scenario {
        Scenario::new(Arc::clone(&self.pool), case, sessions)
    }

    /// Runs the AfterAll hooks in every worker that has run BeforeAll hooks, and ends these workers: the messages of
    /// the hooks that failed. Blocks.
    pub(crate) fn finish(&self) -> Vec<String> {
        self.pool.finish()
    }

    /// What the sandbox refused, told once.
    pub(crate) fn refusals(&self) -> Option<String> {
        let refusals = self.pool.refusals(&self.config)?;
        (!self.told.swap(true, Ordering::Relaxed)).then_some(refusals)
    }

    /// Whether there is something for [`Self::finish`] to do.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.pool.is_unfinished()
    }
}

/// What runs code in sessions as the configuration says, without a step library.
///
/// # Errors
/// What of the configuration cannot be used.
pub(crate) fn scripts(
    config: &Config,
) -> Result<(ScriptEngine, script::RunOptions, RunContext), RunError> {
    let options = RunOptions::new(config)?;
    let engine = ScriptEngine::with_library(
        configure::library(config),
        options.session_options(),
        WAITING_VMS,
        options.limits.restore,
        options.grants.roots.clone(),
        None,
    );
    let context = options.script_context(options.grants.clone());
    Ok((engine, options.script_options(), context))
}

/// The sessions of a scenario, which end with it and not before.
pub(crate) fn scenario_limits() -> TableLimits {
    TableLimits { idle: Duration::MAX, ..TableLimits::default() }
}
