//! The pattern of a step definition.

use super::{Argument, CucumberExpression, ExpressionError, Regexp, RegularExpression};

/// What a step definition is found by.
#[derive(Debug)]
pub enum Pattern {
    Expression(CucumberExpression),
    Regexp(RegularExpression),
}

impl Pattern {
    /// The arguments if the whole pattern matches, `None` if not.
    ///
    /// # Errors
    /// As [`RegularExpression::matches`] and [`CucumberExpression::matches`].
    pub fn matches(&self, text: &str) -> Result<Option<Vec<Argument>>, ExpressionError> {
        match self {
            Pattern::Expression(expression) => expression.matches(text),
            Pattern::Regexp(expression) => expression.matches(text),
        }
    }

    /// Finds the errors of [`Self::matches`] without making arguments.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn check(&self, text: &str) -> Result<(), ExpressionError> {
        match self {
            Pattern::Expression(expression) => expression.check(text),
            Pattern::Regexp(expression) => expression.check(text),
        }
    }

    /// The pattern as its author wrote it, without the slashes and flags of a RegExp.
    pub fn source(&self) -> &str {
        match self {
            Pattern::Expression(expression) => expression.source(),
            Pattern::Regexp(expression) => expression.regexp().source(),
        }
    }

    pub(crate) fn regexp(&self) -> &Regexp {
        match self {
            Pattern::Expression(expression) => expression.regexp(),
            Pattern::Regexp(expression) => expression.regexp(),
        }
    }
}

impl From<CucumberExpression> for Pattern {
    fn from(expression: CucumberExpression) -> Pattern {
        Pattern::Expression(expression)
    }
}

impl From<RegularExpression> for Pattern {
    fn from(expression: RegularExpression) -> Pattern {
        Pattern::Regexp(expression)
    }
}
