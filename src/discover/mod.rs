//! From configured paths to feature files and step files, and from pickles to those that run.
//!
//! The rules are those of cucumber-js 13.3 where it has them. This module lists directories and reads `@FILE` lists;
//! it reads no feature, loads no step file, and does not parse Gherkin: pickles are handed to it.

mod elsewhere;
mod error;
mod features;
mod glob;
mod order;
mod path;
mod pattern;
mod seeded_random;
mod select;
mod support;

pub(crate) use elsewhere::{feature_directories, step_directories};
pub use error::DiscoverError;
pub use features::{FeatureFile, FeatureFiles, feature_files};
pub(crate) use glob::nearest_existing;
pub use order::arrange;
pub(crate) use path::relative;
pub use select::{Filter, Selection};
pub use support::{SupportFiles, support_files};
