//! The named sessions of a scenario: `session(name)` in a step. The other side is `prelude/cucumber/session.js`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::host::Stream;
use crate::isolate::{ErrorKind, OpError, OpResult, OpValue, Ops, Pending, ScriptError};
use crate::script::{Console, Execution, RunContext, RunOptions, ScriptEngine, Source};
use crate::session::{CommandError, Current, SessionTable, TableLimits};
use crate::support::Timeout;

use super::stage::Stage;

/// The sessions beside the scenario's own.
pub(super) type Table = Arc<SessionTable<ScriptEngine>>;

/// What `session(name)` reaches; one per worker.
pub(super) struct Sessions {
    engine: ScriptEngine,
    options: RunOptions,
    context: RunContext,
    current: Current,
    stage: Rc<Stage>,
    /// Made for the first session that a scenario asks for: most ask for none.
    table: RefCell<Option<Table>>,
    /// Calls under way, which end with the scenario whether somebody waits for them or not.
    calls: RefCell<JoinSet<()>>,
    /// When the step that runs is cut off.
    deadline: Cell<Option<Instant>>,
}

/// What `run` is given.
#[derive(Deserialize)]
struct Code {
    text: String,
    /// Where the function stands; none for source text.
    function: Option<Place>,
}

#[derive(Deserialize)]
struct Place {
    file: Option<String>,
    line: u32,
    column: u32,
}

impl Sessions {
    pub(super) fn new(
        engine: ScriptEngine,
        options: RunOptions,
        context: RunContext,
        current: Current,
        stage: Rc<Stage>,
    ) -> Rc<Self> {
        let (table, calls, deadline) = (RefCell::default(), RefCell::default(), Cell::new(None));
        Rc::new(Self { engine, options, context, current, stage, table, calls, deadline })
    }

    /// Puts a table in, or none, and gives the one that was there.
    pub(super) fn replace(&self, table: Option<Table>) -> Option<Table> {
        self.table.replace(table)
    }

    /// The table that is in.
    pub(super) fn get(&self) -> Option<Table> {
        self.table.borrow().clone()
    }

    /// Tells when the call that begins is cut off.
    pub(super) fn set_deadline(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    /// Ends the sessions, what runs in them, and their processes. Their VMs go back to the pool.
    ///
    /// # Errors
    /// A process that could not be killed.
    pub(super) async fn end(&self) -> Result<(), CommandError> {
        let Some(table) = self.table.take() else { return Ok(()) };
        self.calls.take().shutdown().await;
        table.shutdown().await
    }

    fn table(&self) -> Table {
        let make = || Arc::new(self.engine.table(TableLimits::default()));
        Arc::clone(self.table.borrow_mut().get_or_insert_with(make))
    }

    /// Registers `enterSession(name)`, which lets the ops that follow reach that session, `leaveSession()`, and the
    /// asynchronous `sessionRun(name, code, args)`; code and args are JSON texts.
    pub(super) fn install(self: &Rc<Self>, ops: &mut Ops) {
        let outer = Rc::new(RefCell::new(None));
        let (sessions, slot) = (Rc::clone(self), Rc::clone(&outer));
        ops.sync("enterSession", move |args| {
            let name = name(args)?;
            if sessions.current.get().is_none() {
                return Err(OpError::new(format!(
                    "session({name:?}) can be used in steps and hooks only, not while step files are loaded"
                )));
            }
            let session = sessions.table().session(name);
            slot.replace(sessions.current.set(Some(session)));
            Ok(OpValue::Null)
        });
        let sessions = Rc::clone(self);
        ops.sync("leaveSession", move |_| {
            sessions.current.set(outer.take());
            Ok(OpValue::Null)
        });
        let sessions = Rc::clone(self);
        let pending = Pending::Awaited("call of session.run");
        ops.asynchronous("sessionRun", pending, move |args| match sessions.begin(&args) {
            Ok(answer) => Rc::clone(&sessions).stage_answer(answer).boxed_local(),
            Err(error) => std::future::ready(Err(error)).boxed_local(),
        });
    }

    /// Puts a call under way.
    fn begin(&self, args: &[OpValue]) -> Result<oneshot::Receiver<Execution>, OpError> {
        let name = name(args)?.to_owned();
        let unreadable = |error: serde_json::Error| OpError::new(format!("session.run: {error}"));
        let text = |index: usize| args.get(index).and_then(OpValue::as_text).unwrap_or_default();
        let code: Code = serde_json::from_str(text(1)).map_err(unreadable)?;
        let args: Vec<Value> = serde_json::from_str(text(2)).map_err(unreadable)?;
        if self.current.get().is_none() {
            return Err(OpError::new(format!(
                "session({name:?}).run can be used in steps and hooks only"
            )));
        }
        let source = match code.function {
            None => Source::from(code.text),
            Some(Place { file: Some(file), line, column }) => {
                Source::function_at(code.text, file, line, column)
            }
            Some(Place { file: None, .. }) => Source::function(code.text),
        };
        let (table, deadline) = (self.table(), self.deadline.get());
        let (options, context) = (self.options.clone(), self.context.clone());
        let (reply, answer) = oneshot::channel();
        let mut calls = self.calls.borrow_mut();
        while calls.try_join_next().is_some() {}
        calls.spawn(async move {
            let mut session = table.acquire(&name).await;
            let execution =
                session.execute_until(&source, &args, deadline, &options, &context).await;
            drop(session);
            let _ = reply.send(execution);
        });
        Ok(answer)
    }

    /// Prints what a call printed, and gives its value or error as JSON.
    async fn stage_answer(self: Rc<Self>, answer: oneshot::Receiver<Execution>) -> OpResult {
        let deadline = self.deadline.get();
        let Ok(execution) = answer.await else {
            return Err(OpError::new("the scenario has ended, and its sessions with it"));
        };
        print(&self.stage, &execution.console);
        let answer = match execution.result {
            Ok(value) => json!({ "value": value }),
            Err(error) if error.kind == ErrorKind::Timeout => {
                if self.deadline.get() == deadline {
                    // The step is over as well, and says so itself.
                    std::future::pending().await
                }
                return Err(OpError::new(
                    "session.run took longer than the step that called it may take, and was stopped",
                ));
            }
            Err(error) => json!({ "error": told(&error) }),
        };
        Ok(OpValue::Json(answer.to_string()))
    }
}

fn name(args: &[OpValue]) -> Result<&str, OpError> {
    let name = args.first().and_then(OpValue::as_text);
    name.ok_or_else(|| OpError::type_error("the name of a session must be a string"))
}

fn print(stage: &Stage, console: &Console) {
    for entry in &console.entries {
        stage.print(entry.stream, &format!("{}\n", entry.text));
    }
    if console.dropped_bytes > 0 {
        let (entries, bytes) = (console.dropped_entries, console.dropped_bytes);
        let complaint = format!(
            "quickcuke: a session printed more than is kept: {entries} entries, {bytes} bytes in all were dropped\n"
        );
        stage.print(Stream::Stderr, &complaint);
    }
}

fn told(error: &ScriptError) -> Value {
    let frames = error.stack.lines().filter(|line| line.trim_start().starts_with("at "));
    let message = match error.kind {
        ErrorKind::Memory => {
            "out of memory: the session needed more than its limit; raise `memory` in [sandbox] of quickcuke.toml"
        }
        _ => &error.message,
    };
    json!({
        "name": error.name,
        "message": message,
        "frames": frames.collect::<Vec<_>>().join("\n"),
        "cause": error.cause.as_deref().map(told),
    })
}

/// When a call of a step that is cut off at `deadline` must be over, for its VM to be free when the step is.
pub(super) fn before(deadline: Option<Instant>) -> Option<Instant> {
    deadline.map(|deadline| deadline.checked_sub(Timeout::GRACE).unwrap_or(deadline))
}
