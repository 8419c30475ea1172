//! What came of a call.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::Console;
use crate::isolate::ScriptError;

/// A call that has ended: its value or error, and what it printed.
#[derive(Debug)]
#[must_use]
pub struct Execution {
    /// What the script returned, null for undefined; or why it did not.
    pub result: Result<Value, ScriptError>,
    /// What it printed.
    pub console: Console,
    /// From the call to its result.
    pub duration: Duration,
    /// The VM is gone, after a timeout or out of memory: the session's next call finds its variables and processes, but
    /// no globals.
    pub poisoned: bool,
}

impl Execution {
    /// A call that did not begin.
    pub(super) fn refused(error: ScriptError, started: Instant) -> Self {
        let console = Console::default();
        Self { result: Err(error), console, duration: started.elapsed(), poisoned: false }
    }
}
