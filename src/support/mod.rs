//! What a step library defined, as plain data.
//!
//! The functions themselves stay in JavaScript: a definition is called by its index in the order of
//! definition. This module must not know how or when anything runs.

mod code;
mod error;
mod snippet;
#[cfg(test)]
mod tests;
mod timeout;
mod wire;

pub(crate) use code::{HookDefinition, HookTarget, ParameterTypeRef, StepDefinition, SupportCode};
pub(crate) use error::DefinitionPlace;
pub use error::SupportError;
pub(crate) use snippet::Interface;
pub(crate) use timeout::Timeout;
