//! A step library for a suite of the crate `cucumber`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use ::cucumber::step::Collection;

use crate::config::Config;
use crate::run::stepwise::{LogEntry, Stepwise};
use crate::terminal;

use super::collection::{self, Definition};
use super::pickles::Features;
use super::runner::Logs;
use super::{StepLibraryBuilder, StepLibraryError, World};

/// JavaScript and TypeScript steps and hooks for a suite of the crate `cucumber`, loaded and compiled once.
///
/// ```no_run
/// use cucumber::World as _;
/// use quickcuke::StepLibrary;
///
/// #[derive(Debug, Default, cucumber::World)]
/// struct Shop {
///     js: quickcuke::World,
/// }
///
/// impl AsMut<quickcuke::World> for Shop {
///     fn as_mut(&mut self) -> &mut quickcuke::World {
///         &mut self.js
///     }
/// }
///
/// #[tokio::main]
/// async fn main() {
///     let library = StepLibrary::load("steps").await.unwrap_or_else(|error| panic!("{error}"));
///     Shop::cucumber()
///         .steps(library.steps_with(Shop::collection()))
///         .before(library.before())
///         .after(library.after())
///         .run_and_exit("features")
///         .await;
/// }
/// ```
///
/// The same with [`runner`](Self::runner), which can also report skipped steps and attachments:
///
/// ```no_run
/// # use cucumber::World as _;
/// # use quickcuke::StepLibrary;
/// # #[derive(Debug, Default, cucumber::World)]
/// # struct Shop { js: quickcuke::World }
/// # impl AsMut<quickcuke::World> for Shop {
/// #     fn as_mut(&mut self) -> &mut quickcuke::World { &mut self.js }
/// # }
/// # async fn run() {
/// let library = StepLibrary::load("steps").await.unwrap_or_else(|error| panic!("{error}"));
/// Shop::cucumber().with_runner(library.runner()).run_and_exit("features").await;
/// # }
/// ```
///
/// # Worlds and threads
/// A VM stays on its thread, so the library keeps a pool of threads, each of which loads the step files, runs the
/// BeforeAll hooks and takes a snapshot. A scenario holds one from its first JavaScript on (its Before hooks or its
/// first such step) until [`after`](Self::after) or until its World is dropped; a scenario of Rust steps alone takes
/// none. It finds the world of the snapshot, restored in microseconds, and every retry does, too. Where more scenarios
/// run than there are threads (see [`workers`](StepLibraryBuilder::workers)) they wait in line; after a second of
/// that there is one thread more, so that scenarios which wait for each other go on.
///
/// Calls need no runtime of the caller's: they work on tokio with one thread or many, in `#[tokio::test]`, with or
/// without `enable_all`, and on any other executor.
///
/// # Outcomes
/// | JavaScript | the crate `cucumber` |
/// |---|---|
/// | passes, fails, runs out of time | passed; failed with the message, its stack trace and the line of the feature |
/// | spins past its timeout | failed; the world is restored, or the thread given up where native code spins |
/// | returns `'skipped'` or `'pending'` | with [`runner`](Self::runner) skipped; else failed with a message that says so: a step of version 0.23 can do nothing else |
/// | matches no definition | skipped, or failed with `fail_on_skipped`, as for Rust steps |
/// | matches several, Rust's included | failed as ambiguous, with the place of each |
///
/// To the crate's own runner a skipped step has failed all the same: it is retried, and `fail_fast` ends the run.
///
/// Before hooks run in `before`, After hooks in `after`. BeforeStep and AfterStep hooks run around JavaScript steps
/// only. A failed Rust step is told to After hooks. `setParallelCanAssign` means nothing here, since `cucumber`
/// chooses what runs at a time.
///
/// # BeforeAll and AfterAll
/// They run once in each thread of the pool, as in each worker of the command: BeforeAll before the first scenario
/// there, AfterAll when the run is over, which [`runner`](Self::runner) sees by itself, and `after` by being dropped
/// with the run. A BeforeAll hook that fails fails every scenario; an AfterAll hook that fails, the run. While `after` is
/// being dropped its thread is blocked, so an AfterAll hook that calls a service on a runtime of that one thread
/// waits in vain: use [`runner`](Self::runner) there.
#[derive(Clone)]
pub struct StepLibrary(pub(super) Arc<Shared>);

/// What scenarios reach of the library.
pub(super) struct Shared {
    pub(super) stepwise: Stepwise,
    pub(super) features: Features,
    definitions: Vec<Definition>,
    pub(super) logs: Logs,
}

impl Shared {
    /// Blocks.
    pub(super) fn load(config: &Config, workers: usize) -> Result<Arc<Self>, StepLibraryError> {
        let stepwise = Stepwise::load(config, workers)?;
        if let Some(warning) = &stepwise.cache_warning {
            terminal::warn(warning);
        }
        if stepwise.is_empty() {
            let steps = match config.import.is_empty() {
                true => config.require.join(", "),
                false => config.import.join(", "),
            };
            return Err(StepLibraryError::NoFiles { steps });
        }
        let definitions = collection::definitions(stepwise.support())?;
        let features = Features::new(config);
        Ok(Arc::new(Self { stepwise, features, definitions, logs: Logs::default() }))
    }

    /// Passes on what JavaScript said in a scenario.
    pub(super) fn log(&self, scenario: usize, entries: Vec<LogEntry>) {
        match self.logs.has_runner() {
            true => self.logs.add(scenario, entries),
            false => entries.iter().for_each(LogEntry::print),
        }
    }

    /// Ends a run: AfterAll hooks, and what the sandbox refused. Blocks.
    pub(super) fn finish(&self) -> Result<(), StepLibraryError> {
        let failures = self.stepwise.finish();
        if let Some(refusals) = self.stepwise.refusals() {
            terminal::warn(&refusals);
        }
        match failures.as_slice() {
            [] => Ok(()),
            failures => Err(StepLibraryError::AfterAll(failures.join("\n"))),
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // For suites that were given neither our runner nor `after`.
        if let Err(error) = self.finish() {
            eprintln!("quickcuke: {error}");
        }
    }
}

impl From<Arc<Shared>> for StepLibrary {
    fn from(shared: Arc<Shared>) -> Self {
        Self(shared)
    }
}

impl StepLibrary {
    /// Loads the step files of a directory, a file or a glob, as quickcuke.toml and `cucumber.*` of the working
    /// directory configure them.
    ///
    /// # Errors
    /// What must be mended first, with its place.
    pub async fn load(steps: impl AsRef<Path>) -> Result<Self, StepLibraryError> {
        Self::builder().steps(steps).load().await
    }

    /// To say more on how it is loaded.
    pub fn builder() -> StepLibraryBuilder {
        StepLibraryBuilder::default()
    }

    /// The JavaScript steps beside those of the collection. They match under every keyword, as in JavaScript.
    pub fn steps_with<W: AsMut<World> + 'static>(
        &self,
        collection: Collection<W>,
    ) -> Collection<W> {
        collection::add(&self.0.definitions, collection)
    }

    /// The JavaScript steps alone.
    pub fn steps<W: AsMut<World> + 'static>(&self) -> Collection<W> {
        self.steps_with(Collection::new())
    }

    /// Runs the AfterAll hooks and ends the threads. Neither [`runner`](Self::runner) nor [`after`](Self::after) needs
    /// this; after it the library may be used again.
    ///
    /// # Errors
    /// AfterAll hooks that failed.
    pub async fn finish(&self) -> Result<(), StepLibraryError> {
        if !self.0.stepwise.is_unfinished() {
            return Ok(());
        }
        let (shared, (sender, finished)) = (Arc::clone(&self.0), tokio::sync::oneshot::channel());
        let finish = move || drop(sender.send(shared.finish()));
        let spawned = std::thread::Builder::new().name("step library".to_owned()).spawn(finish);
        spawned.map_err(crate::run::RunError::Thread)?;
        finished.await.unwrap_or(Err(crate::run::RunError::WorkerGone.into()))
    }
}

impl fmt::Debug for StepLibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepLibrary")
            .field("steps", &self.0.definitions.len())
            .finish_non_exhaustive()
    }
}
