//! What is wrong with a step library that loads.

use std::fmt;

use crate::matching::ExpressionError;
use crate::matching::TagExpressionError;
use crate::messages::{Location, SourceReference};

/// A definition that cannot be used; its author must mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SupportError {
    #[error("{place}: {error}")]
    Pattern { place: DefinitionPlace, error: Box<ExpressionError> },
    #[error("{place}: {error}")]
    ParameterType { place: DefinitionPlace, error: Box<ExpressionError> },
    #[error("{place}: {error}")]
    Tags { place: DefinitionPlace, error: TagExpressionError },
    /// quickcuke's own fault.
    #[error("failed to read what the step library defined: {0}")]
    Internal(#[from] serde_json::Error),
}

/// Prints as `steps/login.ts:3:1`.
#[derive(Debug, Clone)]
pub struct DefinitionPlace(pub(super) SourceReference);

impl DefinitionPlace {
    /// The file, the line and the column.
    pub(crate) fn parts(&self) -> (&str, u32, u32) {
        let location = self.0.location;
        let column = location.and_then(|location| location.column);
        (&self.0.uri, location.map_or(0, |location| location.line), column.unwrap_or(0))
    }

    /// As messages tell it: the line alone, as cucumber-js and the compatibility kit do.
    pub(super) fn reference(&self) -> SourceReference {
        let SourceReference { uri, location } = self.0.clone();
        let location = location.map(|Location { line, .. }| Location { line, column: None });
        SourceReference { uri, location }
    }
}

impl fmt::Display for DefinitionPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.uri)?;
        let Some(location) = self.0.location else { return Ok(()) };
        write!(f, ":{}", location.line)?;
        location.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}
