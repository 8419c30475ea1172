//! What a run is told to.

use crate::host::Stream;
use crate::messages::{Envelope, Id};

/// Where a run's events go.
pub trait Sink {
    /// Something happened. Called in order, on the thread that called [`run`](super::run).
    fn envelope(&mut self, envelope: &Envelope);

    /// JavaScript printed `text`, in order with the envelopes. `attempt` is the id of the `testCaseStarted` that it
    /// belongs to, if it was during one.
    fn output(&mut self, attempt: Option<Id>, stream: Stream, text: &str);

    /// There is nothing more to tell just now: the time to flush.
    fn idle(&mut self) {}

    /// Something the user should know that is not in the envelopes: one or several lines. Called after the last
    /// envelope, also where the run ends with an error.
    fn notice(&mut self, text: &str);

    /// Whether all pickles and test cases are to be told before the first one runs, as the protocol
    /// has it. Where not, those that run are told one by one, each just before it starts, and a run
    /// takes the less room.
    fn wants_plan(&self) -> bool {
        true
    }
}
