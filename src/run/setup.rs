//! What workers are made from.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::config::Config;
use crate::discover::SupportFiles;
use crate::host::{Grants, SharedTemporary, TemporaryDirectory};
use crate::library::Library;
use crate::messages::IdGenerator;
use crate::script::ScriptEngine;
use crate::support::HookTarget;

use super::RunError;
use super::options::RunOptions;

/// What a worker is made from.
#[derive(Clone)]
pub(super) struct Setup {
    /// None where there is only one, and for the coordinator's VM.
    pub id: Option<String>,
    /// Whose run hooks it runs; none for all of them.
    pub target: Option<HookTarget>,
    pub options: Arc<RunOptions>,
    pub library: Library,
    /// Modules to load before the step library, as they were named.
    pub modules: Arc<[String]>,
    /// The files of the step library, in the order of loading.
    pub files: Arc<[PathBuf]>,
    /// How many of the files, the first ones, are to be required.
    pub required: usize,
    pub ids: Arc<IdGenerator>,
    /// What runs code in named sessions.
    pub scripts: ScriptEngine,
    /// Where the temporary files of the run are.
    pub temporary: SharedTemporary,
    /// The name of the directory in it for those of the worker's scenarios.
    pub scratch: String,
    /// As [`Stage::new`] takes it.
    pub tells_cases: bool,
    /// What drives the processes of scenarios; none: the worker itself.
    pub processes: Option<Handle>,
}

impl Setup {
    /// For the one worker of a run, with the directory that its temporary files are in.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub(super) fn new(
        config: &Config,
        options: &Arc<RunOptions>,
        support: &SupportFiles,
        library: Library,
    ) -> Result<(Self, TemporaryDirectory), RunError> {
        let temporary = TemporaryDirectory::create().map_err(RunError::Scratch)?;
        let modules = config.require_modules.iter().chain(&config.loaders).cloned().collect();
        let scripts = ScriptEngine::with_library(
            library.clone(),
            options.session_options(),
            options.workers * 4,
            options.limits.restore,
            options.grants.roots.clone(),
            Some(temporary.share()),
        );
        let setup = Self {
            id: None,
            target: None,
            options: Arc::clone(options),
            library,
            modules,
            files: support.files.as_slice().into(),
            required: support.required,
            ids: Arc::default(),
            scripts,
            temporary: temporary.share(),
            scratch: "0".to_owned(),
            tells_cases: false,
            processes: None,
        };
        Ok((setup, temporary))
    }

    /// The same for one of several workers, counted from 0.
    pub(super) fn numbered(&self, number: usize) -> Self {
        let mut setup = self.clone();
        setup.id = Some(number.to_string());
        setup.target = Some(HookTarget::Worker);
        setup.scratch = number.to_string();
        setup
    }

    /// What the run grants, with the variables by which cucumber-js tells a worker its number.
    pub(super) fn grants(&self) -> Grants {
        let mut grants = self.options.grants.clone();
        if let Some(id) = &self.id {
            let workers = self.options.workers.to_string();
            for (name, value) in
                [("PARALLEL", "true"), ("TOTAL_WORKERS", &workers), ("WORKER_ID", id)]
            {
                grants.env.push((format!("CUCUMBER_{name}"), value.to_owned()));
            }
        }
        grants
    }
}
