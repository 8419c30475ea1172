//! What can be wrong with a report that was asked for.

use std::io;
use std::path::PathBuf;

use super::{FORMATTERS, NOT_YET};
use crate::config::{did_you_mean, nearest};

/// A mistake in the choice of a report, or a target that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    #[error(
        "the formatter \"{name}\" is not there yet; those that are: {}",
        FORMATTERS.join(", ")
    )]
    NotYet { name: String },
    /// The path or package of a formatter of the user's own.
    #[error(
        "\"{name}\" looks like a custom formatter, and quickcuke runs none; there are {}, and \
         `--format message:FILE` keeps what other programs make reports of",
        FORMATTERS.join(", ")
    )]
    Custom { name: String },
    #[error(
        "unknown formatter \"{name}\"{}; there are {}",
        did_you_mean(*nearest),
        FORMATTERS.join(", ")
    )]
    UnknownFormatter { name: String, nearest: Option<&'static str> },
    #[error(
        "failed to open {} for the formatter \"{formatter}\": {source}; \
         choose another file with --format {formatter}:FILE",
        path.display()
    )]
    Open { formatter: String, path: PathBuf, source: io::Error },
    #[error("--format-options: {source}")]
    Options { source: serde_json::Error },
    #[error("failed to write the \"{formatter}\" report to {target}: {source}")]
    Write { formatter: String, target: String, source: io::Error },
}

pub(super) fn no_such_formatter(name: &str) -> ReportError {
    let nearest = nearest(name, FORMATTERS);
    let name = name.to_string();
    if NOT_YET.contains(&name.as_str()) {
        ReportError::NotYet { name }
    } else if name.contains('/') {
        ReportError::Custom { name }
    } else {
        ReportError::UnknownFormatter { name, nearest }
    }
}
