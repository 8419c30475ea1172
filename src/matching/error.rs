//! What can be wrong with a pattern or a parameter type. The wording is Cucumber's own.

use super::regexp::RegexpError;

/// An error in a pattern or a parameter type, which its author must mend.
///
/// The message spans several lines where it draws the expression with a caret under the fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// The cucumber expression does not parse, or uses a construct where it is not allowed.
    #[error("{0}")]
    Syntax(String),

    /// The expression names a parameter type that nobody has defined.
    #[error("{message}")]
    UndefinedParameterType { name: String, expression: String, message: String },

    /// A capture group of a regular expression is the regexp of several parameter types.
    #[error("{0}")]
    AmbiguousParameterType(String),

    /// A parameter type that may not be defined: illegal or taken name, forbidden flag, second preferential type.
    #[error("{0}")]
    ParameterType(String),

    /// A parameter type's regexp has unbalanced groups, so that groups and parameters no longer pair up.
    #[error("{0}")]
    GroupCount(String),

    #[error(transparent)]
    Regexp(#[from] RegexpError),
}
