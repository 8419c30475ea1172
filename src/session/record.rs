//! The durable part of a session.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::process::{CommandError, Commands, EnvLookup, Processes};
use super::vars::Vars;

/// What every session of a run is made with. Cheap to clone but for the path.
#[derive(Clone)]
pub struct SessionOptions {
    /// What may run.
    pub commands: Arc<Commands>,
    /// The project: what the `cwd` of a command is relative to.
    pub project: PathBuf,
    /// The environment that commands may be given variables from.
    pub env: EnvLookup,
    /// Whether `child_process` may run what is not declared.
    pub trust: bool,
}

impl SessionOptions {
    /// With the environment of this process, and no trust.
    pub fn new(commands: Arc<Commands>, project: impl Into<PathBuf>) -> Self {
        let env: EnvLookup = Arc::new(|name| std::env::var_os(name));
        Self { commands, project: project.into(), env, trust: false }
    }
}

impl fmt::Debug for SessionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionOptions").field("project", &self.project).finish_non_exhaustive()
    }
}

/// Variables and processes: what survives the VM and ends with the session.
///
/// `Send` and `Sync`, so that whoever gives up on a worker can end the session that the worker is in. Dropping it ends
/// it as well.
#[derive(Debug)]
pub struct Session {
    vars: Mutex<Vars>,
    processes: Processes,
    ended: AtomicBool,
}

impl Session {
    /// An empty session; starts nothing.
    pub fn new(options: &SessionOptions) -> Self {
        let SessionOptions { commands, project, env, trust } = options.clone();
        Self {
            vars: Mutex::default(),
            processes: Processes::new(commands, project, env, trust),
            ended: AtomicBool::new(false),
        }
    }

    /// The variables. Hold the guard for a moment only, not over an await.
    pub fn vars(&self) -> MutexGuard<'_, Vars> {
        self.vars.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The processes.
    pub fn processes(&self) -> &Processes {
        &self.processes
    }

    #[cfg(test)]
    pub(super) fn processes_mut(&mut self) -> &mut Processes {
        &mut self.processes
    }

    /// Whether it was ended: its variables are gone and it starts nothing any more.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Kills every process and all descendants, blocking until they are gone, and forgets the variables.
    ///
    /// Errors: a process that could not be killed.
    pub fn end(&self) -> Result<(), CommandError> {
        self.ended.store(true, Ordering::Release);
        self.vars().clear();
        self.processes.end()
    }

    /// The same without blocking the thread.
    pub async fn shutdown(&self) -> Result<(), CommandError> {
        self.ended.store(true, Ordering::Release);
        self.vars().clear();
        self.processes.shutdown().await
    }
}
