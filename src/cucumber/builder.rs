//! How a step library is loaded.

use std::path::{Path, PathBuf};
use std::thread;

use crate::config::{Config, Flags};
use crate::{configure, terminal};

use super::library::Shared;
use super::{StepLibrary, StepLibraryError};

/// The least number of VMs that may run steps at a time, however few cores there are: most steps wait.
const FEWEST_WORKERS: usize = 4;

type Adjust = Box<dyn FnOnce(&mut Config) + Send>;

/// Says how to load a [`StepLibrary`].
///
/// ```no_run
/// # async fn load() -> Result<(), quickcuke::cucumber::StepLibraryError> {
/// use quickcuke::StepLibrary;
/// use serde_json::json;
///
/// let library = StepLibrary::builder()
///     .steps("steps")
///     .workers(8)
///     .config(|config| config.world_parameters = json!({ "url": "http://127.0.0.1:8080" }))
///     .load()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct StepLibraryBuilder {
    project: Option<PathBuf>,
    steps: Vec<String>,
    workers: Option<usize>,
    adjust: Vec<Adjust>,
}

impl StepLibraryBuilder {
    /// The directory of the project, where quickcuke.toml is and relative paths begin; the working directory by
    /// default, which under `cargo test` is that of the package.
    pub fn project(mut self, directory: impl Into<PathBuf>) -> Self {
        self.project = Some(directory.into());
        self
    }

    /// A directory, file or glob of step files. May be called several times. Without it they are those that the
    /// configuration names.
    pub fn steps(mut self, steps: impl AsRef<Path>) -> Self {
        self.steps.push(steps.as_ref().to_string_lossy().into_owned());
        self
    }

    /// How many VMs may run steps at a time, each on a thread of its own; by default as many as there are cores, and
    /// at least 4. Where more scenarios than that run at a time, they take turns.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers.max(1));
        self
    }

    /// A last word on the configuration: grants, environment, commands, parameters, timeouts.
    pub fn config(mut self, adjust: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        self.adjust.push(Box::new(adjust));
        self
    }

    /// Loads the step files. Works on any executor, and blocks none.
    ///
    /// # Errors
    /// What must be mended first, with its place.
    pub async fn load(self) -> Result<StepLibrary, StepLibraryError> {
        let (sender, loaded) = tokio::sync::oneshot::channel();
        let load = move || drop(sender.send(self.load_blocking()));
        let spawned = thread::Builder::new().name("step library".to_owned()).spawn(load);
        spawned.map_err(crate::run::RunError::Thread)?;
        loaded.await.unwrap_or(Err(crate::run::RunError::WorkerGone.into()))
    }

    fn load_blocking(self) -> Result<StepLibrary, StepLibraryError> {
        let project = match self.project {
            Some(project) => std::path::absolute(project),
            None => std::env::current_dir(),
        };
        let project = project.map_err(StepLibraryError::Directory)?;
        let mut config = configure::resolve(&Flags::default(), &project)?;
        for warning in &config.warnings {
            terminal::warn(warning);
        }
        if !self.steps.is_empty() {
            (config.import, config.require) = (self.steps.clone(), Vec::new());
        }
        for adjust in self.adjust {
            adjust(&mut config);
        }
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let workers = self.workers.unwrap_or_else(|| cores().max(FEWEST_WORKERS));
        Shared::load(&config, workers).map(StepLibrary::from)
    }
}

impl std::fmt::Debug for StepLibraryBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StepLibraryBuilder")
            .field("project", &self.project)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
