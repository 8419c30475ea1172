//! From configured paths to feature files and step files, and from pickles to those that run.
//!
//! The rules are those of cucumber-js 13.3 where it has them. This module lists directories and reads `@FILE` lists;
//! it reads no feature, loads no step file, and does not parse Gherkin: pickles are handed to it.

mod error;
mod features;
mod glob;
mod order;
mod path;
mod pattern;
mod seeded_random;
mod select;
mod support;

pub use error::DiscoverError;
pub use features::{FeatureFile, feature_files};
pub use order::arrange;
pub(crate) use path::relative;
pub use select::Selection;
pub use support::support_files;
