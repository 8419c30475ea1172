//! What can be wrong with a report that was asked for.

use std::io;
use std::path::PathBuf;

use super::{FORMATTERS, NOT_YET};

/// A mistake in the choice of a report, or a target that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    #[error(
        "the formatter \"{name}\" is not there yet; those that are: {}",
        FORMATTERS.join(", ")
    )]
    NotYet { name: String },
    #[error(
        "unknown formatter \"{name}\"{}; there are {}",
        nearest.map(|nearest| format!(" (did you mean \"{nearest}\"?)")).unwrap_or_default(),
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

/// Likeness of two names, from 0 to 1, below which one is not taken for the other misspelt.
const ALIKE: f64 = 0.7;

pub(super) fn no_such_formatter(name: &str) -> ReportError {
    let name = name.to_string();
    if NOT_YET.contains(&name.as_str()) {
        return ReportError::NotYet { name };
    }
    let nearest = FORMATTERS
        .into_iter()
        .map(|known| (strsim::jaro_winkler(known, &name.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known);
    ReportError::UnknownFormatter { name, nearest }
}
