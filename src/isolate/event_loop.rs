//! The event loop: runs one call into JavaScript until it is settled, thrown out, or out of time.
//!
//! A turn goes as in Node: due timers, finished async ops, immediates, with the microtasks run after each
//! single one. What a call leaves under way goes on in the next call.

use std::{future::poll_fn, task::Poll, time::Instant};

use futures::FutureExt;

use super::{
    call::{Argument, Callee},
    error::{ErrorKind, ScriptError},
    host::Host,
    op::OpResult,
    pending::{IMMEDIATE, Started},
    raw::{Hook, JsResult, Local, Thrown, Vm, end_job},
};

/// Microtasks between two looks at the clock.
const JOBS_PER_LOOK: u32 = 256;
/// Turns without waiting after which other tasks of the thread get theirs.
const TURNS_PER_YIELD: u32 = 64;

/// When a call has ended that does not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Its promise is settled.
    Settled,
    /// The same of a module's promise. Where nothing is pending it cannot be any more, which is an error at once.
    Loaded,
    /// Nothing is pending that is awaited, or its promise is settled.
    Idle,
}

/// How the loop goes on.
pub(super) type Progress = Result<(), ScriptError>;

/// One call as the loop runs it.
pub(super) struct EventLoop<'a> {
    pub(super) vm: &'a Vm,
    pub(super) host: &'a Host,
}

impl<'a> EventLoop<'a> {
    pub(super) fn new(vm: &'a Vm, host: &'a Host) -> EventLoop<'a> {
        EventLoop { vm, host }
    }

    /// Calls; JSON of the result, the empty text for `undefined`.
    pub(super) async fn call(
        &self,
        callee: Callee<'_>,
        args: &[Argument<'_>],
        until: Until,
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        let number = self.host.call.get().wrapping_add(1);
        self.host.call.set(number);
        self.host.origin.set(number);
        self.host.fired.set(None);
        self.host.outcome.borrow_mut().take();
        self.host.uncaught.borrow_mut().take();
        self.host.gate.open(deadline);
        let result = self.run(number, callee, args, until).await;
        // Nothing may run any more, and nothing may be refused while the isolate rests.
        self.host.gate.lift();
        result
    }

    /// Has JavaScript forget what it keeps for ops, timers and immediates, which were dropped.
    pub(super) fn forget(&self) -> Progress {
        self.vm.enter();
        self.look(Hook::Forget.call(self.vm, self.host, &[])).map(drop)
    }

    async fn run(
        &self,
        number: u32,
        callee: Callee<'_>,
        args: &[Argument<'_>],
        until: Until,
    ) -> Result<String, ScriptError> {
        match self.start(number, callee, args)? {
            Some(_) if self.host.gate.ran_out_of_memory() => Err(self.out_of_memory()),
            Some(result) => Ok(result),
            None => self.settle(until).await,
        }
    }

    /// Turn after turn until the call has ended.
    async fn settle(&self, until: Until) -> Result<String, ScriptError> {
        let mut turns = 0;
        loop {
            if let Some(end) = self.end() {
                return end;
            }
            if until == Until::Idle && !self.host.has_awaited() {
                return Ok(String::new());
            }
            if self.host.gate.passed() {
                return Err(self.timeout(false));
            }
            self.vm.enter();
            let ran = self.turn()?;
            if self.is_ended() {
                continue;
            }
            if !ran {
                self.host.gate.unless_stopped(self.wait(until)).await.transpose()?;
            } else {
                turns += 1;
                if turns % TURNS_PER_YIELD == 0 || !self.host.pending.borrow().is_empty() {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    /// Runs what is ready; false if nothing was. Stops early when the call has ended.
    fn turn(&self) -> Result<bool, ScriptError> {
        let mut ran = false;
        self.host.timers.borrow_mut().begin_turn();
        loop {
            let due = self.host.timers.borrow_mut().take_due();
            let Some(timer) = due else { break };
            ran = true;
            self.fire(timer);
            let id = self.vm.number(f64::from(timer.id));
            self.after(Hook::FireTimer.call(self.vm, self.host, &[&id]))?;
            if self.is_ended() || self.host.gate.passed() {
                return Ok(true);
            }
        }
        loop {
            let next = poll_fn(|context| self.host.pending.borrow_mut().poll_next(context));
            let Some((op, result)) = next.now_or_never().flatten() else { break };
            ran = true;
            self.fire(op);
            self.after(self.settle_op(op.id, &result))?;
            if self.is_ended() || self.host.gate.passed() {
                return Ok(true);
            }
        }
        let mut more = self.host.has_immediates.get();
        while more {
            ran = true;
            self.host.fired.set(Some(IMMEDIATE));
            let result = Hook::RunImmediate.call(self.vm, self.host, &[]);
            more = result.as_ref().is_ok_and(|more| more.is_true());
            self.after(result)?;
            if self.is_ended() || self.host.gate.passed() {
                return Ok(true);
            }
        }
        Ok(ran)
    }

    /// What runs next continues this.
    fn fire(&self, Started { call, what, .. }: Started) {
        self.host.origin.set(call);
        self.host.fired.set(Some(what));
    }

    fn settle_op(&self, number: u32, result: &OpResult) -> JsResult<'_> {
        let number = self.vm.number(f64::from(number));
        let value = match result {
            Ok(value) => self.vm.op_value(value)?,
            Err(error) => self.vm.op_error(error)?,
        };
        Hook::SettleOp.call(
            self.vm,
            self.host,
            &[&number, &self.vm.boolean(result.is_ok()), &value],
        )
    }

    /// Waits for a timer, an async op, or the deadline.
    async fn wait(&self, until: Until) -> Progress {
        let deadline = self.host.gate.deadline();
        let due = self.host.timers.borrow().next_due();
        let wake = due.into_iter().chain(deadline).min();
        if self.host.pending.borrow().is_empty() {
            let can_settle = until != Until::Loaded || due.is_some();
            let Some(wake) = wake.filter(|_| can_settle) else {
                let message = match until {
                    Until::Loaded => {
                        "a top-level `await`, in this file or one that it imports, waits for a promise that can \
                         never settle: no timer, request or other operation is pending that could settle it"
                    }
                    _ => {
                        "the promise can never settle: no timer, request or other operation is pending that \
                         could settle it"
                    }
                };
                return Err(ScriptError::new(ErrorKind::Runtime, message));
            };
            tokio::time::sleep_until(wake.into()).await;
            return Ok(());
        }
        // Only watches: the next turn takes the result.
        let ready = poll_fn(|context| {
            let mut pending = self.host.pending.borrow_mut();
            let Poll::Ready(Some((op, result))) = pending.poll_next(context) else {
                return Poll::Pending;
            };
            pending.push(op, Box::pin(std::future::ready(result)));
            Poll::Ready(())
        });
        match wake {
            // Which of the two came is seen in the next turn.
            Some(wake) => drop(tokio::time::timeout_at(wake.into(), ready).await),
            None => ready.await,
        }
        Ok(())
    }

    /// Looks at how a call into JavaScript ended, then runs its microtasks.
    pub(super) fn after(&self, result: JsResult<'_>) -> Progress {
        self.look(result)?;
        self.run_jobs()?;
        self.report_rejections()
    }

    /// Looks at how a call into JavaScript ended.
    pub(super) fn look<'vm>(&self, result: JsResult<'vm>) -> Result<Local<'vm>, ScriptError> {
        end_job(self.host);
        match result {
            Ok(value) => self.check(None).map(|()| value),
            Err(thrown) => self.failed(thrown),
        }
    }

    /// Runs the microtasks.
    pub(super) fn run_jobs(&self) -> Progress {
        let mut jobs = 0;
        loop {
            self.host.in_job.set(true);
            let result = self.vm.run_job();
            self.host.in_job.set(false);
            let Some(result) = result else { break };
            end_job(self.host);
            match result {
                Ok(()) => self.check(None)?,
                Err(thrown) => self.failed(thrown)?,
            }
            jobs += 1;
            if jobs % JOBS_PER_LOOK == 0 && self.host.gate.passed() && self.vm.has_jobs() {
                return Err(self.timeout(true));
            }
        }
        Ok(())
    }

    /// Tells of rejections that nobody handled, as long as there are any.
    pub(super) fn report_rejections(&self) -> Progress {
        while self.host.has_rejections.replace(false) {
            self.look(Hook::ReportRejections.call(self.vm, self.host, &[]))?;
            self.run_jobs()?;
        }
        Ok(())
    }

    /// Whether the code that just ran was stopped by the deadline, however it ended.
    pub(super) fn check(&self, thrown: Option<&Thrown<'_>>) -> Progress {
        if !self.host.gate.was_cut_off() {
            return Ok(());
        }
        self.host.gate.lift();
        let error = self.timeout(true);
        // The error that stopped the code knows where it was.
        let stack = thrown.and_then(|Thrown(error)| {
            let stack = error.is_object().then(|| error.get(c"stack").ok())??;
            stack.as_string()
        });
        Err(match stack {
            Some(stack) => error.with_frames(&stack),
            None => error,
        })
    }

    /// An exception that core.js let through: the deadline, memory, or a fault of the prelude.
    pub(super) fn failed<T>(&self, thrown: Thrown<'_>) -> Result<T, ScriptError> {
        self.check(Some(&thrown))?;
        if self.host.gate.ran_out_of_memory() {
            return Err(self.out_of_memory());
        }
        Err(self.describe(&thrown))
    }

    /// The error of a thrown value.
    pub(super) fn describe(&self, Thrown(value): &Thrown<'_>) -> ScriptError {
        let described = Hook::Describe.call(self.vm, self.host, &[value]);
        match described.ok().and_then(|text| text.as_string()) {
            Some(text) => ScriptError::from_description(&text),
            None if value.is_null() || self.host.gate.ran_out_of_memory() => self.out_of_memory(),
            None => ScriptError::internal("an error was thrown that cannot be described"),
        }
    }

    fn is_ended(&self) -> bool {
        self.host.outcome.borrow().is_some() || self.host.uncaught.borrow().is_some()
    }

    /// The end of the call, if it has come. What nobody caught counts before a result of the same turn.
    pub(super) fn end(&self) -> Option<Result<String, ScriptError>> {
        if !self.is_ended() {
            return None;
        }
        if self.host.gate.ran_out_of_memory() {
            return Some(Err(self.out_of_memory()));
        }
        let uncaught = self.host.uncaught.borrow_mut().take();
        let outcome = self.host.outcome.borrow_mut().take();
        match (uncaught, outcome) {
            (Some(uncaught), _) => Some(Err(ScriptError::from_description(&uncaught))),
            (None, Some(Err(error))) => Some(Err(ScriptError::from_description(&error))),
            (None, Some(Ok(result))) => Some(Ok(result)),
            (None, None) => None,
        }
    }

    fn timeout(&self, is_cut_off: bool) -> ScriptError {
        let error = ScriptError::new(
            ErrorKind::Timeout,
            if is_cut_off {
                "the code ran past its deadline and was stopped"
            } else {
                "the deadline passed before the promise was settled"
            },
        );
        if is_cut_off { error.poisoned() } else { error }
    }

    pub(super) fn out_of_memory(&self) -> ScriptError {
        self.host.gate.lift();
        let message = "out of memory; a higher memory limit may help";
        ScriptError::new(ErrorKind::Memory, message).poisoned()
    }
}
