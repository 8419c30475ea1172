//! A VM as its user holds it: one call at a time, and what is to become of it afterwards.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::oneshot;

use super::pool::Pool;
use super::thread::{Call, Callable, ScriptJob};
use super::vm_thread::VmThread;
use super::{Console, Execution, RunContext};
use crate::isolate::{ErrorKind, Limits, ScriptError};
use crate::session::Session;

/// So long after its deadline a VM that does not answer is given up: it is in native code that allocates nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// The error of a VM that is given up.
pub(crate) fn given_up() -> ScriptError {
    let message =
        "the code ran past its deadline and could not be stopped; it is left to end by itself";
    ScriptError::new(ErrorKind::Timeout, message).poisoned()
}

/// A VM of a [`ScriptEngine`](super::ScriptEngine), on a thread of its own. When it is dropped it is made pristine for
/// its next user, or ended if a call is under way.
pub struct ScriptVm {
    /// There until it is dropped.
    thread: Option<VmThread<ScriptJob>>,
    pool: Arc<Pool<ScriptJob>>,
    /// A call was begun and has not come back.
    is_busy: bool,
}

impl ScriptVm {
    pub(super) fn new(thread: VmThread<ScriptJob>, pool: Arc<Pool<ScriptJob>>) -> Self {
        Self { thread: Some(thread), pool, is_busy: false }
    }

    pub(super) fn has_limits(&self, limits: &Limits) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.limits == *limits)
    }

    /// Calls and waits. Dropping the future stops what runs and leaves a VM that is of no use any more.
    pub(super) async fn call(
        &mut self,
        callable: Callable,
        args: &[Value],
        started: Instant,
        deadline: Option<Instant>,
        session: &Arc<Session>,
        context: &RunContext,
    ) -> Execution {
        let (reply, answer) = oneshot::channel();
        let console = Arc::<Mutex<Console>>::default();
        let call = Call {
            callable,
            args: Value::from(args).to_string(),
            deadline,
            session: Arc::clone(session),
            context: context.clone(),
            console: Arc::clone(&console),
            reply,
        };
        self.is_busy = true;
        if let Some(thread) = &self.thread {
            thread.send(ScriptJob::Call(Box::new(call)));
        }
        let answer = match deadline {
            None => Ok(answer.await),
            Some(deadline) => tokio::time::timeout_at((deadline + PATIENCE).into(), answer).await,
        };
        let result = match answer {
            Ok(Ok(result)) => {
                self.is_busy = false;
                result
            }
            Ok(Err(_)) => Err(ScriptError::internal("the thread of the VM has ended").poisoned()),
            Err(_) => Err(given_up()),
        };
        let poisons = |error: &ScriptError| {
            error.poisoned || matches!(error.kind, ErrorKind::Timeout | ErrorKind::Memory)
        };
        let poisoned = self.is_busy || result.as_ref().is_err_and(poisons);
        let result = result.map_err(|error| if poisoned { error.poisoned() } else { error });
        let console = std::mem::take(&mut *console.lock().unwrap_or_else(PoisonError::into_inner));
        Execution { result, console, duration: started.elapsed(), poisoned }
    }
}

impl fmt::Debug for ScriptVm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ScriptVm").field("is_busy", &self.is_busy).finish_non_exhaustive()
    }
}

impl Drop for ScriptVm {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        if self.is_busy {
            thread.stop();
        } else {
            self.pool.give(thread);
        }
    }
}
