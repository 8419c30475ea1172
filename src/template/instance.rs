//! An instance: pristine when it is made, then with what its calls leave behind.

use std::fmt;
use std::future::ready;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

use super::thread::{Call, Event};
use super::vm::InstanceVm;
use super::{Arguments, Mount, Template, found};
use crate::isolate::ScriptError;
use crate::script::{PATIENCE, given_up};
use crate::session::{CommandError, Session};

/// In what an instance differs from its template.
#[derive(Debug, Clone, Default)]
pub struct InstanceOptions {
    /// Bytes of memory, in place of the template's. For a limit that no VM of the pool has, the template's code is
    /// evaluated in a new one, which takes milliseconds, not microseconds.
    pub memory: Option<usize>,
    /// Environment variables, over the template's of the same names. What the template's code read is as it was.
    pub env: Vec<(String, String)>,
    /// Directories at paths of the guest, over the template's at the same paths.
    pub mounts: Vec<Mount>,
    /// How long a call may take, in place of the template's.
    pub timeout: Option<Duration>,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallOutput {
    /// What a generator yielded, in order. Empty if the function returned none.
    pub items: Vec<Value>,
    /// What the function, or the generator that it returned, returned; null for undefined.
    pub result: Value,
}

/// A session in whose VM the template's code has run, and nothing else but this instance's calls. When it is dropped
/// its processes are ended, which blocks until they are gone, and its VM is made pristine for the next one.
pub struct Instance {
    template: Template,
    options: InstanceOptions,
    /// What survives the VM.
    session: Arc<Session>,
    /// None after a call that left nothing to go on with.
    vm: Option<InstanceVm>,
    memory_usage: usize,
}

impl Instance {
    pub(super) async fn new(
        template: Template,
        mut options: InstanceOptions,
    ) -> Result<Self, ScriptError> {
        options.mounts = found(&options.mounts, &template.session().project)?;
        let session = Arc::new(Session::new(template.session()));
        let (vm, memory_usage) = InstanceVm::begin(&template, &options, &session).await?;
        Ok(Self { template, options, session, vm: Some(vm), memory_usage })
    }

    /// Calls a function and waits for its result, collecting what it yields if it gives a generator.
    ///
    /// See [`call_with_sink`](Self::call_with_sink).
    ///
    /// # Errors
    /// As there.
    pub async fn call(
        &mut self,
        function: &str,
        args: impl Into<Arguments>,
    ) -> Result<CallOutput, ScriptError> {
        let mut items = Vec::new();
        let collect = |item| {
            items.push(item);
            ready(ControlFlow::Continue(()))
        };
        let result = self.call_with_sink(function, args, collect).await?;
        Ok(CallOutput { items, result })
    }

    /// Calls a function, hands the items of the generator that it returns to `sink`, and gives the result: what the
    /// generator, or a function that returns none, returns.
    ///
    /// `function` names an export of an entry module, else a global. Each item reaches the sink when the generator
    /// yields it, and the generator goes on when the sink is done with it; [`ControlFlow::Break`] closes the generator
    /// as leaving a `for await` would, and the result is null. When the call ends, what it started and did not await is
    /// cancelled: host functions, timers, streams.
    ///
    /// Needs a tokio runtime with time. Dropping the future stops the call; the next one begins in a pristine VM.
    ///
    /// # Errors
    /// There is no such function, it throws, gives what is not JSON, takes longer than the timeout, or runs out of
    /// memory. After the last two the error is `poisoned`: the next call begins in a pristine VM.
    pub async fn call_with_sink<F: Future<Output = ControlFlow<()>>>(
        &mut self,
        function: &str,
        args: impl Into<Arguments>,
        mut sink: impl FnMut(Value) -> F,
    ) -> Result<Value, ScriptError> {
        let mut running = self.start(function, args.into()).await?;
        let result = loop {
            match running.next().await {
                Progress::Item(item, answer) => {
                    let _ = answer.send(sink(item).await.is_continue());
                }
                Progress::End(result) => break result,
            }
        };
        running.finish(result)
    }

    /// Its variables and processes, which JavaScript has as `vars` and `commands`.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Ends the instance as dropping it does, without blocking the thread.
    ///
    /// # Errors
    /// A process that could not be killed.
    pub async fn shutdown(self) -> Result<(), CommandError> {
        self.session.shutdown().await
    }

    /// Bytes of memory in use after the last call, the template's code included.
    pub fn memory_usage(&self) -> usize {
        self.memory_usage
    }

    async fn start(
        &mut self,
        function: &str,
        arguments: Arguments,
    ) -> Result<Running<'_>, ScriptError> {
        let mut vm = match self.vm.take() {
            Some(vm) => vm,
            None => InstanceVm::begin(&self.template, &self.options, &self.session).await?.0,
        };
        let timeout = self.options.timeout.unwrap_or(self.template.timeout());
        let deadline = Instant::now().checked_add(timeout);
        let (events, received) = unbounded_channel();
        let function = function.to_owned();
        vm.call(Call { function, arguments, deadline, events });
        Ok(Running { instance: self, vm, received, deadline })
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Who wants to know of a survivor calls `shutdown`.
        let _ = self.session.end();
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Instance").field("options", &self.options).finish_non_exhaustive()
    }
}

enum Progress {
    Item(Value, oneshot::Sender<bool>),
    End(Result<Value, ScriptError>),
}

/// A call under way. Dropped early it takes the VM with it.
struct Running<'a> {
    instance: &'a mut Instance,
    vm: InstanceVm,
    received: UnboundedReceiver<Event>,
    deadline: Option<Instant>,
}

impl Running<'_> {
    async fn next(&mut self) -> Progress {
        let event = match self.deadline.and_then(|deadline| deadline.checked_add(PATIENCE)) {
            None => Ok(self.received.recv().await),
            Some(end) => tokio::time::timeout_at(end.into(), self.received.recv()).await,
        };
        Progress::End(Err(match event {
            Ok(Some(Event::Item(item, answer))) => return Progress::Item(item, answer),
            Ok(Some(Event::End(result, memory_usage))) => {
                self.instance.memory_usage = memory_usage;
                self.vm.is_busy = false;
                return Progress::End(result);
            }
            Ok(None) => ScriptError::internal("the thread of the VM has ended").poisoned(),
            Err(_) => given_up(),
        }))
    }

    /// Keeps the VM for the next call, unless the call has left it halfway.
    fn finish(self, result: Result<Value, ScriptError>) -> Result<Value, ScriptError> {
        if !result.as_ref().is_err_and(|error| error.poisoned) {
            self.instance.vm = Some(self.vm);
        }
        result
    }
}
