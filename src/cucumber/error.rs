//! What keeps a step library from being loaded.

use std::fmt;

use crate::config::ConfigError;
use crate::run::RunError;
use crate::support::SupportError;

/// Something that the user of a step library must mend. It names the file, and the line and column where there is one.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StepLibraryError {
    /// The working directory cannot be told.
    #[error("failed to find the working directory: {0}")]
    Directory(#[source] std::io::Error),
    /// What is wrong with quickcuke.toml or another configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A step file that cannot be found or does not load.
    #[error(transparent)]
    Load(#[from] RunError),
    /// The glob or directory has no step files.
    #[error(
        "{steps}: there are no step files; name a directory with .js or .ts files, a file or a glob"
    )]
    NoFiles {
        /// As it was given.
        steps: String,
    },
    /// An expression names a parameter type that is not defined.
    #[error(
        "{place}: undefined parameter type {name:?}; define it with defineParameterType in a step file"
    )]
    ParameterType {
        /// The definition's file, line and column.
        place: String,
        /// The name in braces.
        name: String,
    },
    /// A pattern that the crate `cucumber` cannot be given.
    #[error("{place}: the pattern {pattern} cannot be used with the crate cucumber: {reason}")]
    Pattern {
        /// The definition's file, line and column.
        place: String,
        /// As messages show it.
        pattern: String,
        /// What is wrong, and what would mend it.
        reason: String,
    },
    /// An AfterAll hook failed.
    #[error("an AfterAll hook failed: {0}")]
    AfterAll(String),
}

impl fmt::Debug for StepLibraryError {
    /// As it is displayed: this is what `unwrap` prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<SupportError> for StepLibraryError {
    fn from(error: SupportError) -> Self {
        Self::Load(error.into())
    }
}
