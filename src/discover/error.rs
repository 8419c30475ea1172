//! Paths that lead nowhere, and patterns that cannot be read.

use std::path::PathBuf;

use crate::config::did_you_mean;
use crate::matching::TagExpressionError;

/// A mistake that must be mended before anything runs.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// A path that is no glob; cucumber-js passes over it in silence.
    #[error("no such file or directory: `{path}`{}", did_you_mean(nearest.as_deref()))]
    NotFound { path: String, nearest: Option<String> },

    #[error("`{path}` is no feature file: its name must end with .feature or .md")]
    NotAFeature { path: String },

    #[error("the list of features `{list}` cannot be read: {reason}")]
    List { list: String, reason: String },

    #[error("the pattern `{pattern}` cannot be read: {reason}")]
    Pattern { pattern: String, reason: String },

    #[error("{} cannot be listed: {reason}", directory.display())]
    Directory { directory: PathBuf, reason: String },

    #[error("--name: Invalid regular expression: /{pattern}/: {reason}")]
    Name { pattern: String, reason: String },

    #[error("--tags: {0}")]
    Tags(#[from] TagExpressionError),
}
