//! For suites of the crate `cucumber`: JavaScript and TypeScript steps beside Rust ones.
//!
//! [`StepLibrary`] loads step files and gives a suite their steps and hooks; [`World`] is what a scenario holds of
//! them: its sessions, variables and processes.
//!
//! ```text
//! world.rs     World: what a suite's own World owns
//! scripts.rs   running code in a World's sessions
//! library.rs   StepLibrary: loaded once, for all scenarios
//! builder.rs   how it is loaded
//! error.rs     what keeps it from being loaded
//! collection.rs JavaScript definitions in a `Collection` of the crate
//! hooks.rs     what the crate calls: steps, before and after a scenario
//! outcome.rs   results of JavaScript in the crate's terms
//! pickles.rs   the crate's scenarios as pickles
//! runner.rs    a runner that tells of what the crate's own cannot: skipped steps, attachments
//! ```

mod builder;
mod collection;
mod error;
mod hooks;
mod library;
mod outcome;
mod pickles;
mod runner;
mod scripts;
mod world;

pub use builder::StepLibraryBuilder;
pub use error::StepLibraryError;
pub use library::StepLibrary;
pub use runner::Runner;
pub use world::World;
