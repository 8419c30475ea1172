//! How a step's text finds its definitions, and how tags select.
//!
//! Cucumber expressions and JavaScript regular expressions become [`Pattern`]s; a [`Matcher`] holds those of
//! a step library and gives, for a step's text, every definition that matches with its [`Argument`]s.
//! [`generate_expressions`] goes the other way, from an undefined step's text to expressions for a snippet,
//! and [`TagExpression`] decides whether a pickle's tags select it.
//!
//! Nothing here runs JavaScript: arguments carry the strings that a parameter type's transformer receives,
//! and whoever owns the isolate calls it. Nothing here reads files or knows of pickles.
//!
//! Behaviour and error messages follow `@cucumber/cucumber-expressions` 20.1.0 and `@cucumber/tag-expressions` 11.0.1, the
//! versions that cucumber-js 13.3 pins.

mod argument;
mod error;
mod expression;
mod group;
mod literal;
mod matcher;
mod parameter_type;
mod pattern;
mod regexp;
mod registry;
mod regular_expression;
mod snippet;
mod tag_expression;
mod tag_tokens;
mod text_map;

pub use argument::Argument;
pub use error::ExpressionError;
pub use expression::CucumberExpression;
pub use matcher::{Match, MatchError, Matcher};
pub use parameter_type::{ParameterRegexp, ParameterType};
pub use pattern::Pattern;
pub use regexp::{Regexp, RegexpError};
pub use registry::ParameterTypeRegistry;
pub use regular_expression::RegularExpression;
pub use snippet::{GeneratedExpression, ParameterInfo, generate_expressions};
pub use tag_expression::{TagExpression, TagExpressionError};
pub(crate) use text_map::TextMap;
