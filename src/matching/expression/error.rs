//! The errors of cucumber expressions, with the expression and a caret under the fault.

use std::ops::Range;

use crate::matching::ExpressionError;

/// What is wrong at some place of an expression.
#[derive(Debug, Clone, Copy)]
pub(super) enum Problem<'a> {
    AlternativeOfOptionalsOnly,
    EmptyAlternative,
    EmptyOptional,
    ParameterInOptional,
    OptionalInOptional,
    AlternationInOptional,
    EscapedEndOfLine,
    CannotEscape,
    UnclosedOptional,
    UnclosedParameter,
    IllegalParameterName,
    UndefinedParameterType(&'a str),
}

impl Problem<'_> {
    /// What is wrong, and what would mend it.
    fn texts(self) -> (String, String) {
        let (problem, solution) = match self {
            Problem::AlternativeOfOptionalsOnly => (
                "An alternative may not exclusively contain optionals",
                "If you did not mean to use an optional you can use '\\(' to escape the '('",
            ),
            Problem::EmptyAlternative => (
                "Alternative may not be empty",
                "If you did not mean to use an alternative you can use '\\/' to escape the '/'",
            ),
            Problem::EmptyOptional => (
                "An optional must contain some text",
                "If you did not mean to use an optional you can use '\\(' to escape the '('",
            ),
            Problem::ParameterInOptional => (
                "An optional may not contain a parameter type",
                "If you did not mean to use an parameter type you can use '\\{' to escape the '{'",
            ),
            Problem::OptionalInOptional => (
                "An optional may not contain an other optional",
                "If you did not mean to use an optional type you can use '\\(' to escape the '('. For more \
                 complicated expressions consider using a regular expression instead.",
            ),
            Problem::AlternationInOptional => (
                "An alternation can not be used inside an optional",
                "If you did not mean to use an alternation you can use '\\/' to escape the '/'. Otherwise \
                 rephrase your expression or consider using a regular expression instead.",
            ),
            Problem::EscapedEndOfLine => {
                ("The end of line can not be escaped", "You can use '\\\\' to escape the '\\'")
            }
            Problem::CannotEscape => (
                "Only the characters '{', '}', '(', ')', '\\', '/' and whitespace can be escaped",
                "If you did mean to use an '\\' you can use '\\\\' to escape it",
            ),
            Problem::UnclosedOptional => (
                "The '(' does not have a matching ')'",
                "If you did not intend to use optional text you can use '\\(' to escape the optional text",
            ),
            Problem::UnclosedParameter => (
                "The '{' does not have a matching '}'",
                "If you did not intend to use a parameter you can use '\\{' to escape the a parameter",
            ),
            Problem::IllegalParameterName => (
                "Parameter names may not contain '{', '}', '(', ')', '\\' or '/'",
                "Did you mean to use a regular expression?",
            ),
            Problem::UndefinedParameterType(name) => {
                return (
                    format!("Undefined parameter type '{name}'"),
                    format!("Please register a ParameterType for '{name}'"),
                );
            }
        };
        (problem.to_owned(), solution.to_owned())
    }
}

/// The error for a problem at `span`, in code points of the expression.
pub(super) fn problem_at(
    expression: &str,
    span: Range<usize>,
    problem: Problem<'_>,
) -> ExpressionError {
    let (text, solution) = problem.texts();
    let mut pointer = " ".repeat(span.start) + "^";
    if span.start + 1 < span.end {
        pointer += &"-".repeat(span.end - span.start - 2);
        pointer.push('^');
    }
    let column = span.start + 1;
    let message = format!(
        "This Cucumber Expression has a problem at column {column}:\n\n{expression}\n{pointer}\n{text}.\n{solution}"
    );
    match problem {
        Problem::UndefinedParameterType(name) => ExpressionError::UndefinedParameterType {
            name: name.to_owned(),
            expression: expression.to_owned(),
            message,
        },
        _ => ExpressionError::Syntax(message),
    }
}
