//! Running code and commands in a World's sessions, from Rust steps.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use serde::Serialize;
use serde_json::{Map, Value};
use tokio::task::JoinHandle;

use crate::host::Stream;
use crate::run::stepwise::{LogEntry, OWN_SESSION};
use crate::script::{Execution, ScriptError, Source};
use crate::session::{CommandError, Status};

use super::World;
use super::world::Sessions;

impl World {
    /// Runs a script in the scenario's session: JavaScript or TypeScript, with `return` and `await` at the top level.
    /// What it leaves on `globalThis` is there for the next call, though not for the steps of a library, whose VM is
    /// another one; variables and processes are shared with them. What it may reach is what steps may. It may take 5
    /// minutes.
    ///
    /// # Errors
    /// What the script threw, with its place.
    ///
    /// # Panics
    /// As [`vars`](Self::vars).
    pub async fn execute(&self, source: impl Into<Source>) -> Result<Value, ScriptError> {
        self.execute_with(source.into(), Vec::new()).await
    }

    /// Calls the JavaScript function of that text, as [`execute`](Self::execute) runs a script. `args` become JSON: a
    /// tuple, an array or a vector is a list of arguments, anything else is the only one.
    ///
    /// # Errors
    /// What the function threw; arguments that cannot be JSON.
    ///
    /// # Panics
    /// As [`vars`](Self::vars).
    pub async fn run(
        &self,
        function: impl Into<String>,
        args: impl Serialize,
    ) -> Result<Value, ScriptError> {
        let args = match serde_json::to_value(args) {
            Ok(Value::Array(args)) => args,
            Ok(Value::Null) => Vec::new(),
            Ok(only) => vec![only],
            Err(error) => {
                return Err(ScriptError::internal(format!(
                    "the arguments cannot be JSON: {error}"
                )));
            }
        };
        self.execute_with(Source::function(function), args).await
    }

    /// Starts a persistent command of quickcuke.toml, as `commands.start` does in JavaScript, and waits until it is
    /// ready. `values` are a map or a struct of its placeholders; `()` for none.
    ///
    /// # Errors
    /// It is not declared, does not start or does not get ready.
    ///
    /// # Panics
    /// As [`vars`](Self::vars).
    pub async fn start(
        &self,
        command: &str,
        values: impl Serialize,
    ) -> Result<Status, CommandError> {
        let wrong = |problem| CommandError::Values { name: command.to_owned(), problem };
        let values = match serde_json::to_value(values) {
            Ok(Value::Object(values)) => values,
            Ok(Value::Null) => Map::new(),
            Ok(_) => return Err(wrong("the values must be a map or a struct".to_owned())),
            Err(error) => return Err(wrong(error.to_string())),
        };
        let sessions = self.own_sessions();
        let runtime = sessions.engine.runtime().map_err(wrong)?;
        let (session, name) = (Arc::clone(sessions.own()), command.to_owned());
        let start = async move { session.processes().start(&name, &values).await };
        Aborting(runtime.spawn(start)).await
    }

    async fn execute_with(&self, source: Source, args: Vec<Value>) -> Result<Value, ScriptError> {
        let sessions = self.own_sessions();
        let runtime = sessions.engine.runtime().map_err(ScriptError::internal)?;
        let Sessions { table, options, context, .. } = sessions;
        let (table, options, context) = (Arc::clone(table), options.clone(), context.clone());
        let deadline = Instant::now().checked_add(options.timeout);
        // On a runtime of our own: the caller's may have no timers, or not be tokio's.
        let execution = Aborting(runtime.spawn(async move {
            let mut session = table.acquire(OWN_SESSION).await;
            session.execute_until(&source, &args, deadline, &options, &context).await
        }));
        let Execution { result, console, .. } = execution.await;
        for entry in console.entries {
            LogEntry::Output(entry.stream, format!("{}\n", entry.text)).print();
        }
        if console.dropped_bytes > 0 {
            let dropped = format!("quickcuke: {} bytes of output dropped\n", console.dropped_bytes);
            LogEntry::Output(Stream::Stderr, dropped).print();
        }
        result
    }
}

/// A task that ends when nobody waits for it any more.
struct Aborting<T>(JoinHandle<T>);

impl<T> Future for Aborting<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(context).map(|ended| match ended {
            Ok(value) => value,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => panic!("the runtime of the sessions has ended: {error}"),
            },
        })
    }
}

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
