//! What scripts are run by.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use serde_json::Value;
use tokio::runtime::Handle;

use super::background::Background;
use super::pool::Pool;
use super::source::Source;
use super::sources::Shelf;
use super::thread::{self, Callable, Material, ScriptJob};
use super::vm::ScriptVm;
use super::vm_thread::VmThread;
use super::{Execution, Module, RunContext, RunOptions};
use crate::isolate::{ErrorKind, Limits, RestorePath, ScriptError};
use crate::library::{self, Library};
use crate::prelude::public_builtins;
use crate::session::{Engine, Session, SessionOptions, SessionTable, TableLimits};

/// What the scripts of an engine have in common.
#[derive(Debug, Clone)]
pub struct ScriptEngineOptions {
    /// The project: what relative paths are relative to, where `process.cwd()` begins, which commands are declared.
    pub session: SessionOptions,
    /// What specifiers of imports mean instead: `[alias]` of quickcuke.toml.
    pub aliases: Vec<(String, String)>,
    /// Where compiled modules are kept for later processes; nothing is kept without it.
    pub cache: Option<PathBuf>,
    /// How many VMs wait for use at the most. More may be in use.
    pub pool: usize,
}

impl ScriptEngineOptions {
    /// For scripts in that directory: no commands, no aliases, no cache, a pool of 8 VMs.
    pub fn new(project: impl Into<PathBuf>) -> Self {
        let session = SessionOptions::new(Arc::default(), project);
        Self { session, aliases: Vec::new(), cache: None, pool: 8 }
    }
}

/// Runs scripts. Cheap to clone: a clone is another handle on the same pool of VMs.
///
/// A VM takes some milliseconds to make. One that was used is restored by its snapshot and kept for the next session,
/// which takes some microseconds.
#[derive(Clone)]
pub struct ScriptEngine(Arc<Shared>);

struct Shared {
    library: Library,
    session: SessionOptions,
    restore: RestorePath,
    pool: Arc<Pool<ScriptJob>>,
    shelf: Shelf,
    /// Started with the first VM.
    background: OnceLock<Result<Background, String>>,
}

impl Engine for ScriptEngine {
    type Vm = ScriptVm;
}

impl ScriptEngine {
    /// An engine; its first VM is made for the first call.
    pub fn new(options: ScriptEngineOptions) -> Self {
        let library = Library::new(library::Options {
            root: options.session.project.clone(),
            aliases: options.aliases,
            builtins: &public_builtins(),
            cache: options.cache,
        });
        Self::with_library(library, options.session, options.pool, RestorePath::default())
    }

    /// An engine beside whatever else uses the library.
    pub(crate) fn with_library(
        library: Library,
        session: SessionOptions,
        pool: usize,
        restore: RestorePath,
    ) -> Self {
        let pool = Arc::new(Pool::new(pool));
        let (shelf, background) = (Shelf::default(), OnceLock::new());
        Self(Arc::new(Shared { library, session, restore, pool, shelf, background }))
    }

    /// An empty table of sessions.
    pub fn table(&self, limits: TableLimits) -> SessionTable<Self> {
        SessionTable::new(self.clone(), self.0.session.clone(), limits)
    }

    /// The directory that relative paths are relative to.
    pub fn project(&self) -> &Path {
        &self.0.session.project
    }

    /// How many VMs wait for use.
    pub fn waiting_vm_count(&self) -> usize {
        self.0.pool.len()
    }

    /// Runs a script in a session of its own, which ends with it, its processes too. `args` is the global array of that
    /// name, and what a function's text is called with.
    ///
    /// Needs a tokio runtime with time. Dropping the future stops the script.
    pub async fn run(
        &self,
        source: impl Into<Source>,
        args: &[Value],
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let started = Instant::now();
        let callable = self.script(&source.into());
        self.run_alone(callable, args, started, options, context).await
    }

    /// Runs a module as [`run`](Self::run) runs a script. Its value is its default export, or what that gives for the
    /// arguments if it is a function.
    pub async fn run_module(
        &self,
        module: impl Into<Module>,
        args: &[Value],
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let started = Instant::now();
        let callable = self.module(module.into());
        self.run_alone(callable, args, started, options, context).await
    }

    async fn run_alone(
        &self,
        callable: Result<Callable, ScriptError>,
        args: &[Value],
        started: Instant,
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let vm = callable.and_then(|callable| Ok((callable, self.vm(&self.limits(options))?)));
        let (callable, mut vm) = match vm {
            Ok(vm) => vm,
            Err(error) => return Execution::refused(error, started),
        };
        let session = Arc::new(Session::new(&self.0.session));
        put_vars(&session, context);
        let deadline = started.checked_add(options.timeout);
        let mut run = vm.call(callable, args, started, deadline, &session, context).await;
        if let Err(error) = session.shutdown().await
            && run.result.is_ok()
        {
            run.result = Err(ScriptError::internal(error.to_string()));
        }
        run
    }

    pub(super) fn script(&self, source: &Source) -> Result<Callable, ScriptError> {
        self.0.shelf.script(source).map(Callable::Script)
    }

    pub(super) fn module(&self, module: Module) -> Result<Callable, ScriptError> {
        match module {
            Module::Source(source) => self.script(&source),
            Module::File(file) => find_module(self.project(), &file).map(Callable::File),
        }
    }

    pub(super) fn limits(&self, options: &RunOptions) -> Limits {
        Limits { restore: self.0.restore, ..options.limits() }
    }

    /// A pristine VM.
    pub(super) fn vm(&self, limits: &Limits) -> Result<ScriptVm, ScriptError> {
        let thread = match self.0.pool.take(limits) {
            Some(thread) => thread,
            None => self.start(limits)?,
        };
        Ok(ScriptVm::new(thread, Arc::clone(&self.0.pool)))
    }

    /// The runtime of the engine's own that drives processes: it needs none of the caller's.
    ///
    /// # Errors
    /// The system has no thread, or no event queue, to give.
    pub(crate) fn runtime(&self) -> Result<&Handle, String> {
        let start = || Background::start().map_err(|error| error.to_string());
        let background = self.0.background.get_or_init(start);
        background.as_ref().map(|background| &background.runtime).map_err(Clone::clone)
    }

    fn start(&self, limits: &Limits) -> Result<VmThread<ScriptJob>, ScriptError> {
        let failed = |error: &str| ScriptError::internal(format!("cannot start a VM: {error}"));
        let material = Material {
            library: self.0.library.clone(),
            project: self.project().to_owned(),
            processes: self.runtime().map_err(|error| failed(&error))?.clone(),
        };
        let its_limits = limits.clone();
        let work = |stop, jobs| thread::work(its_limits, material, stop, jobs);
        VmThread::start(limits, work).map_err(|error| failed(&error.to_string()))
    }
}

impl fmt::Debug for ScriptEngine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting_vm_count();
        formatter
            .debug_struct("ScriptEngine")
            .field("waiting_vms", &waiting)
            .finish_non_exhaustive()
    }
}

/// The id of the module in a file, relative to the project.
///
/// # Errors
/// There is no such file.
pub(crate) fn find_module(project: &Path, file: &Path) -> Result<String, ScriptError> {
    let file = project.join(file);
    let id = file.canonicalize().map_err(|error| {
        let message = format!("Cannot find module '{}': {error}", file.display());
        ScriptError::new(ErrorKind::Runtime, message)
    })?;
    Ok(id.to_string_lossy().into_owned())
}

/// Puts the context's variables into the session.
pub(super) fn put_vars(session: &Session, context: &RunContext) {
    let mut vars = session.vars();
    for (name, value) in &context.vars {
        vars.set(name, value.clone());
    }
}
