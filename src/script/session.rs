//! Running code in a session of a table.

use std::time::Instant;

use serde_json::Value;

use super::engine::put_vars;
use super::source::Source;
use super::thread::Callable;
use super::{Execution, Module, RunContext, RunOptions, ScriptEngine};
use crate::isolate::ScriptError;
use crate::session::SessionGuard;

impl SessionGuard<'_, ScriptEngine> {
    /// Runs a script in the session. `globalThis`, `var`s and functions are there for the next call, top-level `let`s
    /// and `const`s are not. `args` is the global array of that name, and what a function's text is called with.
    ///
    /// A timeout and want of memory poison the VM, what a script throws does not. Needs a tokio runtime with time.
    /// Dropping the future stops the script and poisons the VM.
    pub async fn execute(
        &mut self,
        source: impl Into<Source>,
        args: &[Value],
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let started = Instant::now();
        let callable = self.engine().script(&source.into());
        let deadline = started.checked_add(options.timeout);
        self.run(callable, args, started, deadline, options, context).await
    }

    /// Runs a module in the session: its value is its default export, or what that gives for the arguments if it is a
    /// function. A module is evaluated once in a VM, and called as often as this is.
    pub async fn execute_module(
        &mut self,
        module: impl Into<Module>,
        args: &[Value],
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let started = Instant::now();
        let callable = self.engine().module(module.into());
        let deadline = started.checked_add(options.timeout);
        self.run(callable, args, started, deadline, options, context).await
    }

    /// As [`execute`](Self::execute), until a deadline or without one.
    pub(crate) async fn execute_until(
        &mut self,
        source: &Source,
        args: &[Value],
        deadline: Option<Instant>,
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        let callable = self.engine().script(source);
        self.run(callable, args, Instant::now(), deadline, options, context).await
    }

    async fn run(
        &mut self,
        callable: Result<Callable, ScriptError>,
        args: &[Value],
        started: Instant,
        deadline: Option<Instant>,
        options: &RunOptions,
        context: &RunContext,
    ) -> Execution {
        self.enter_epoch(context.epoch);
        let engine = self.engine();
        let limits = engine.limits(options);
        if self.vm().is_some_and(|vm| !vm.has_limits(&limits)) {
            self.poison();
        }
        let callable = match callable {
            Ok(callable) => callable,
            Err(error) => return Execution::refused(error, started),
        };
        if self.vm().is_none() {
            match engine.vm(&limits) {
                Ok(vm) => self.put_vm(vm),
                Err(error) => return Execution::refused(error, started),
            };
        }
        let session = self.session().clone();
        put_vars(&session, context);
        let mut poison = PoisonOnDrop(Some(self));
        let vm = poison.0.as_mut().and_then(|guard| guard.vm()).expect("put in above");
        let execution = vm.call(callable, args, started, deadline, &session, context).await;
        if !execution.poisoned {
            poison.0 = None;
        }
        execution
    }
}

/// Drops the VM of a session unless told that its call went well: one that was dropped left it halfway.
struct PoisonOnDrop<'g, 't>(Option<&'g mut SessionGuard<'t, ScriptEngine>>);

impl Drop for PoisonOnDrop<'_, '_> {
    fn drop(&mut self) {
        if let Some(guard) = &mut self.0 {
            guard.poison();
        }
    }
}
