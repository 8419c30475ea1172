//! What workers tell the coordinator.

use crate::host::Stream;
use crate::messages::{Envelope, Id};

use super::RunError;
use super::leftovers::Leftover;

#[derive(Debug)]
pub(super) enum Event {
    /// The worker's step library is loaded: the result of the prelude's `supportCode` entry.
    Loaded(Result<String, RunError>),
    /// Something happened in the run.
    Envelope(Envelope),
    /// JavaScript printed something. It goes through the coordinator so that it stands in order
    /// with what the reports print.
    Output {
        /// The id of the `testCaseStarted` during which it was, if it was during one.
        attempt: Option<Id>,
        stream: Stream,
        text: String,
    },
    /// Work that was left pending and cancelled.
    Left(Vec<Leftover>),
    /// The worker has done what it was last told to do.
    Done { success: bool },
    /// The worker cannot go on.
    Lost(RunError),
}
