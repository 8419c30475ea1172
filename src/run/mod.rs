//! Runs a plan: pickles in, envelopes out.
//!
//! The coordinator ([`run`], on the caller's thread) parses, plans and hands the envelopes on; each
//! worker is a thread with a VM of its own, which loads the step library while the features are
//! still being parsed and then takes test cases from one queue. A thread of its own, the planner,
//! makes the test cases just ahead of the workers. Where the step library has something to say to the
//! coordinator (run hooks for it, `setParallelCanAssign`), one VM more loads it for that. Nobody keeps what ran. This module must not know how a
//! report looks.

mod arguments;
mod assignment;
mod attempt;
mod call;
mod ci;
mod coordinator;
mod error;
mod event;
mod features;
mod grants;
mod meta;
mod modules;
mod nothing;
mod notices;
mod options;
mod queue;
mod scenario;
mod sessions;
mod stage;
mod takeover;
mod test_run_hook;
mod undefined;
mod watch;
mod worker;

use std::sync::Arc;

use crate::config::Config;
use crate::discover;
use crate::messages::{IdGenerator, Pickle};

pub use coordinator::{Outcome, Sink, run};
pub use error::RunError;

/// Why the configuration leads to no feature file; nothing if it leads to one.
///
/// # Errors
/// Paths that are not there.
pub fn missing_features(config: &Config) -> Result<Option<String>, RunError> {
    let found = discover::feature_files(config)?;
    Ok(found.files.is_empty().then(|| nothing::explain(config, &found)))
}

/// The pickles that [`run`] would run, in order, without running them.
///
/// # Errors
/// Features that cannot be found, read or parsed.
pub fn select(config: &Config) -> Result<Vec<Arc<Pickle>>, RunError> {
    let files = discover::feature_files(config)?.files;
    let selected = features::select(config, &files, &IdGenerator::default(), &mut drop)?;
    Ok(selected.into_iter().map(|selected| selected.pickle).collect())
}
