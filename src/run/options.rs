//! What of the configuration the workers need.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::config::{self, Allow, Config, Isolation, Sandbox};
use crate::host::{Granter, Grants, Net, Refusals};
use crate::isolate::{Limits, RestorePath};
use crate::matching::TagExpression;
use crate::messages::TestStepResultStatus;
use crate::script::{self, HostName, RunContext};
use crate::session::{Commands, SessionOptions};
use crate::support::Interface;

use super::RunError;

/// Where outputs that outlive the run go, unless `--artifacts` says otherwise. It is made when a step
/// first writes there.
const ARTIFACTS: &str = "artifacts";

/// Names the environment variable that says how workers restore their snapshot.
const RESTORE: &str = "QUICKCUKE_RESTORE";

/// Shared by all workers of a run.
pub(super) struct RunOptions {
    pub dry_run: bool,
    pub fail_fast: bool,
    pub backtrace: bool,
    pub workers: usize,
    pub isolation: Isolation,
    /// Attempts beyond the first, of scenarios whose tags the filter selects.
    pub retry: usize,
    pub retry_tag_filter: Option<TagExpression>,
    /// An object.
    pub world_parameters: Value,
    /// The timeout of steps and hooks, in milliseconds, where the library sets none.
    pub default_timeout: u64,
    pub snippet_interface: Interface,
    pub limits: Limits,
    pub grants: Grants,
    pub commands: Arc<Commands>,
    /// The directory of the project, absolute: where JavaScript finds itself.
    pub project: PathBuf,
    /// Absolute.
    pub artifacts: PathBuf,
    strict: bool,
    /// See [`Config::debug`].
    pub debug: bool,
}

impl RunOptions {
    /// # Errors
    /// A retry tag filter that does not parse, a command that is declared wrongly.
    pub(super) fn new(config: &Config) -> Result<Self, RunError> {
        let project = config.cwd.clone();
        let artifacts = project.join(config.artifacts.as_deref().unwrap_or(Path::new(ARTIFACTS)));
        if config.artifacts.is_some() {
            let made = std::fs::create_dir_all(&artifacts);
            made.map_err(|source| RunError::Artifacts { directory: artifacts.clone(), source })?;
        }
        let restore = restore_path()?;
        let limits = Limits { memory: config.sandbox.memory, restore, ..Limits::default() };
        Ok(Self {
            dry_run: config.dry_run,
            fail_fast: config.fail_fast,
            backtrace: config.backtrace,
            workers: config.parallel.max(1),
            isolation: config.sandbox.isolation,
            retry: config.retry,
            retry_tag_filter: tag_expression(&config.retry_tag_filter)
                .map_err(RunError::RetryTagFilter)?,
            world_parameters: config.world_parameters.clone(),
            default_timeout: u64::try_from(config.sandbox.timeout.as_millis()).unwrap_or(u64::MAX),
            snippet_interface: Interface::from_format_options(&config.format_options),
            limits,
            grants: grants(&config.sandbox, &project, &artifacts),
            commands: Arc::new(commands(&config.commands)?),
            project,
            artifacts,
            strict: config.strict,
            debug: config.debug,
        })
    }

    /// What every session of the run is made with.
    pub(super) fn session_options(&self) -> SessionOptions {
        SessionOptions {
            trust: self.grants.trust,
            ..SessionOptions::new(Arc::clone(&self.commands), &self.project)
        }
    }

    /// The limits of code in a named session: those of a scenario. How long it may take is its step's business.
    pub(super) fn script_options(&self) -> script::RunOptions {
        let Limits { memory, stack, gc_threshold, .. } = self.limits;
        script::RunOptions { memory, stack, gc_threshold, ..script::RunOptions::default() }
    }

    /// What code in a named session may reach: what a step may.
    pub(super) fn script_context(&self, grants: Grants) -> RunContext {
        RunContext {
            read: grants.read,
            write: grants.write,
            artifacts: Some(self.artifacts.clone()),
            env: grants.env,
            net: grants.net,
            host: HostName::Bdd,
            trust: grants.trust,
            refusals: grants.refusals,
            ..RunContext::default()
        }
    }

    /// Whether a scenario of that status fails the run.
    pub(super) fn is_failure(&self, status: TestStepResultStatus) -> bool {
        use TestStepResultStatus::{Ambiguous, Failed, Pending, Undefined};
        !self.dry_run
            && (matches!(status, Ambiguous | Failed | Undefined)
                || (self.strict && status == Pending))
    }
}

fn commands(declared: &config::Commands) -> Result<Commands, RunError> {
    let table = Value::Object(declared.values.clone());
    Commands::parse(&table, "quickcuke.toml").map_err(|errors| {
        let told = errors.into_iter().map(|error| {
            let place = declared.place(&error.name, &[]);
            format!("{place}: [commands.{}]: {}", error.name, error.problem)
        });
        RunError::Commands(told.collect::<Vec<_>>().join("\n"))
    })
}

/// The expression, where there is one.
pub(super) fn tag_expression(
    text: &str,
) -> Result<Option<TagExpression>, crate::matching::TagExpressionError> {
    (!text.trim().is_empty()).then(|| TagExpression::parse(text)).transpose()
}

/// The project may be read; it and the rest of the disk are written only where that was granted.
fn grants(sandbox: &Sandbox, project: &Path, artifacts: &Path) -> Grants {
    let mut read = vec![project.to_owned()];
    let mut write = Vec::new();
    extend(&mut read, &sandbox.read, project);
    extend(&mut write, &sandbox.write, project);
    let granted = |name: &str| match &sandbox.env {
        Allow::Nothing => sandbox.trust,
        Allow::Everything => true,
        Allow::Only(names) => sandbox.trust || names.iter().any(|granted| granted == name),
    };
    let env = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| granted(name))
        .collect();
    let net = match &sandbox.net {
        Allow::Nothing => Net::Only(Vec::new()),
        Allow::Everything => Net::Any,
        Allow::Only(hosts) => {
            Net::Only(hosts.iter().map(|net| (net.host.clone(), net.port)).collect())
        }
    };
    Grants {
        read,
        write,
        made: Some(artifacts.to_owned()),
        mounts: Vec::new(),
        granter: Granter::Configuration,
        refusals: if sandbox.grants { Refusals::permitting() } else { Refusals::default() },
        env,
        net,
        largest_read: Some(sandbox.memory as u64),
        trust: sandbox.trust,
    }
}

fn extend(roots: &mut Vec<PathBuf>, allowed: &Allow<PathBuf>, project: &Path) {
    match allowed {
        Allow::Nothing => {}
        Allow::Everything => roots.push(PathBuf::from("/")),
        Allow::Only(paths) => roots.extend(paths.iter().map(|path| project.join(path))),
    }
}

/// Which way the snapshot is restored, for tests of each of them.
fn restore_path() -> Result<RestorePath, RunError> {
    match std::env::var(RESTORE) {
        Ok(name) => RestorePath::of_name(&name).ok_or(RunError::RestorePath { name }),
        Err(_) => Ok(RestorePath::default()),
    }
}
