//! What keeps a run from happening: something its user must mend.

use crate::discover::DiscoverError;
use crate::isolate::ScriptError;
use crate::matching::TagExpressionError;
use crate::messages::ParseError;
use crate::support::SupportError;

/// Nothing was run, or the run could not be carried to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    #[error("failed to read {uri}: {source}")]
    Read { uri: String, source: std::io::Error },
    /// Every error of every feature file, in order.
    #[error("{}", ParseErrors(.0))]
    Parse(Vec<ParseError>),
    #[error("--retry-tag-filter: {0}")]
    RetryTagFilter(TagExpressionError),
    #[error("--require-module: {0}")]
    Module(String),
    #[error("failed to load {file}\n{}", .error.author_stack())]
    Load { file: String, error: Box<ScriptError> },
    /// `details` hold the frames where it was stopped and what it waited for, a line each with a line break before it.
    #[error(
        "failed to load {file}: loading the step library took longer than {timeout:?}{details}\n\
         if it has to take that long, raise `loadTimeout` in [sandbox] of quickcuke.toml, or --load-timeout"
    )]
    LoadTimeout { file: String, timeout: std::time::Duration, details: String },
    /// The message of what failed that step files had started and did not wait for.
    #[error("failed to load the step library: {0}")]
    Pending(String),
    /// What became of the author's functions once all files were loaded.
    #[error("failed to take over what the step library defines: {}", .0.author_stack())]
    Define(Box<ScriptError>),
    #[error("failed to start the JavaScript engine: {0}")]
    Engine(Box<ScriptError>),
    #[error(transparent)]
    Support(#[from] SupportError),
    /// Every mistake in `[commands]`, a line each.
    #[error("{0}")]
    Commands(String),
    #[error("the function of setParallelCanAssign failed: {}", .0.author_stack())]
    ParallelCanAssign(Box<ScriptError>),
    #[error(
        "failed to make a directory for temporary files: {0}; TMPDIR names another place for it"
    )]
    Scratch(std::io::Error),
    #[error("--artifacts: failed to make {}: {source}", directory.display())]
    Artifacts { directory: std::path::PathBuf, source: std::io::Error },
    /// A symbolic link in the place of a directory that may be written.
    #[error(
        "{setting}: '{}' is a symbolic link to '{}'; a step of an earlier run may have made it, so it is not followed: \
         name the directory itself",
        path.display(), target.display()
    )]
    Link { setting: &'static str, path: std::path::PathBuf, target: std::path::PathBuf },
    #[error(
        "the step library defines other steps, hooks or parameter types in one worker than in another: \
         define the same everywhere, and look at CUCUMBER_WORKER_ID in a step or hook"
    )]
    LibrariesDiffer,
    #[error("QUICKCUKE_RESTORE: `{name}` is not `best`, `dirty-pages`, `whole-copy` or `fresh-vm`")]
    RestorePath { name: String },
    #[error(
        "a BeforeAll or AfterAll hook ran past its timeout and could not be stopped; \
         its thread is left to end by itself"
    )]
    HookStuck,
    #[error("failed to start a worker thread: {0}")]
    Thread(std::io::Error),
    /// By a signal, and there is nothing to wait for any more. [`run`](super::run) itself does not end with it.
    #[error("the run was interrupted")]
    Interrupted,
    #[error("a worker thread ended unexpectedly; this is a bug in quickcuke")]
    WorkerGone,
}

struct ParseErrors<'a>(&'a [ParseError]);

impl std::fmt::Display for ParseErrors<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            // The official message opens with "(line:column): ", which the place says already.
            let message =
                error.message.split_once("): ").map_or(error.message.as_str(), |(_, rest)| rest);
            write!(f, "{}", error.source.uri)?;
            if let Some(location) = error.source.location {
                write!(f, ":{}:{}", location.line, location.column.unwrap_or(1))?;
            }
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}
