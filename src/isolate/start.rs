//! The start of a call: calls the function and, where the microtasks are enough, has its result.
//!
//! Most steps end here. What is still pending goes on in the event loop's turns.

use super::{
    call::{Argument, Callee},
    error::ScriptError,
    event_loop::{EventLoop, Progress},
    raw::{Callable, Hook, JsResult, Local, PromiseState, Thrown, end_job},
};

/// How a function came back: what it gave or threw.
struct Ended<'vm> {
    value: Local<'vm>,
    is_error: bool,
    /// Whether it was the promise that it gave which was settled so.
    is_async: bool,
}

impl EventLoop<'_> {
    /// Calls the function and runs the microtasks; the result, unless that has to be waited for.
    pub(super) fn start(
        &self,
        number: u32,
        callee: Callee<'_>,
        args: &[Argument<'_>],
    ) -> Result<Option<String>, ScriptError> {
        let vm = self.vm;
        let callable = self.find(callee)?;
        self.host.demands_conclusion.set(false);
        vm.enter();
        self.host.timers.borrow_mut().begin_turn();
        let mut ended = self.ended(callable.call(vm, args))?;
        self.run_jobs()?;
        if let Some(behaviour) = callable.behaviour
            && !ended.is_error
            && !ended.value.is_undefined()
            && !self.is_plain_promise(&ended.value)
        {
            let returned = vm.kept(behaviour.returned).call(&vm.undefined(), &[&ended.value]);
            ended = self.ended(returned)?;
            self.run_jobs()?;
        }
        if !ended.is_error {
            match ended.value.promise_state() {
                None => {}
                Some(PromiseState::Pending) => {
                    self.report_rejections()?;
                    self.watch(number, callee, callable, &ended.value)?;
                    return Ok(None);
                }
                Some(PromiseState::Fulfilled(value)) => {
                    ended = Ended { value, is_error: false, is_async: true };
                }
                Some(PromiseState::Rejected(reason)) => {
                    let handled = [&ended.value, &vm.undefined(), &vm.boolean(true)];
                    self.look(Hook::Rejection.call(vm, self.host, &handled))?;
                    ended = Ended { value: reason, is_error: true, is_async: true };
                }
            }
        }
        self.report_rejections()?;
        match self.end() {
            Some(end) => end.map(Some),
            None => self.conclude(callable, ended).map(Some),
        }
    }

    fn find(&self, callee: Callee<'_>) -> Result<Callable, ScriptError> {
        let found = match callee {
            Callee::Entry(name) => {
                let entries = self.host.entries.borrow();
                entries.iter().find(|(known, _)| known == name).map(|(_, entry)| *entry)
            }
            Callee::Function(number) => self.host.functions.borrow().get(number).copied(),
        };
        found.ok_or_else(|| ScriptError::internal(format!("the prelude has no {callee:?}")))
    }

    /// How a call came back, unless it was stopped.
    fn ended<'vm>(&self, result: JsResult<'vm>) -> Result<Ended<'vm>, ScriptError> {
        end_job(self.host);
        let (value, is_error) = match result {
            Ok(value) => (value, false),
            Err(thrown) => {
                self.check(Some(&thrown))?;
                (thrown.0, true)
            }
        };
        self.check(None)?;
        if is_error && self.host.gate.ran_out_of_memory() {
            return Err(self.out_of_memory());
        }
        Ok(Ended { value, is_error, is_async: false })
    }

    /// A native promise whose `then` is not the author's.
    fn is_plain_promise(&self, value: &Local<'_>) -> bool {
        value.promise_state().is_some()
            && value
                .get(c"then")
                .is_ok_and(|then| then.is_same(&Hook::Then.value(self.vm, self.host)))
    }

    /// Has JavaScript tell when the promise is settled.
    fn watch(
        &self,
        number: u32,
        callee: Callee<'_>,
        callable: Callable,
        promise: &Local<'_>,
    ) -> Progress {
        let vm = self.vm;
        let behaviour = callable.behaviour.map_or_else(|| vm.undefined(), |b| vm.kept(b.object));
        let function = match callee {
            Callee::Function(number) => vm.number(number as f64),
            Callee::Entry(_) => vm.undefined(),
        };
        let number = vm.number(f64::from(number));
        self.after(Hook::Watch.call(vm, self.host, &[&number, promise, &behaviour, &function]))
    }

    /// The result of a call that has ended.
    fn conclude(&self, callable: Callable, ended: Ended<'_>) -> Result<String, ScriptError> {
        let vm = self.vm;
        let Ended { value, is_error, is_async } = ended;
        let concluded = match callable.behaviour {
            None if is_error => return self.failed(Thrown(value)),
            None => value,
            Some(_) if !is_error && value.is_undefined() && !self.host.demands_conclusion.get() => {
                value
            }
            Some(behaviour) => {
                let how = [&vm.boolean(is_error), &value, &vm.boolean(is_async)];
                self.look(vm.kept(behaviour.conclude).call(&vm.undefined(), &how))?
            }
        };
        if concluded.is_undefined() {
            return Ok(String::new());
        }
        concluded.to_json().or_else(|thrown| self.failed(thrown))
    }
}
