//! `commands`: the declared commands, run in the session that the running scenario is in.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::refusal::Refused;
use super::{Sessions, arguments};
use crate::isolate::{OpError, OpResult, OpValue, Ops};
use crate::session::{CommandError, HandleOptions, Processes, RunOptions, Session, StopOptions};

/// Registers `commandRun(name, values, options)`, `commandStart(name, values)`, `commandStop(name, options)`, all
/// asynchronous, and `commandStatus(name)`. Values and options are JSON texts of objects, or null.
///
/// Of handles: `commandSpawn(name, values, options)`, `commandPoll(id)`, and asynchronous `commandWait(id, options)`,
/// `commandKill(id)`, `commandRelease(id)`, `commandWrite(id, text)`, `commandCloseStdin(id)`. They find the handles of
/// the run in a scenario, too.
pub fn install(ops: &mut Ops, current: &Sessions) {
    asynchronous(ops, current, "commandRun", run);
    asynchronous(ops, current, "commandStart", start);
    asynchronous(ops, current, "commandStop", stop);
    synchronous(ops, current, "commandStatus", status);
    synchronous(ops, current, "commandSpawn", spawn);
    of_handle(ops, current, "commandWait", wait);
    of_handle(ops, current, "commandKill", kill);
    of_handle(ops, current, "commandRelease", release);
    of_handle(ops, current, "commandWrite", write);
    of_handle(ops, current, "commandCloseStdin", close_stdin);
    let current = current.clone();
    ops.sync("commandPoll", move |args| {
        let id = handle_id(args)?;
        let status = session_of_handle(&current, id)?.processes().poll(id);
        json(&status.map_err(|error| op_error(&error))?)
    });
}

fn synchronous(
    ops: &mut Ops,
    current: &Sessions,
    name: &'static str,
    op: fn(&Processes, &[OpValue]) -> OpResult,
) {
    let current = current.clone();
    ops.sync(name, move |args| {
        let session = current.session("commands")?;
        permitted(&current, &session, name, args)?;
        let _entered = current.current.runtime().map(Handle::enter);
        op(session.processes(), args)
    });
}

/// An asynchronous op whose first argument is the number of a handle.
fn of_handle<F>(
    ops: &mut Ops,
    current: &Sessions,
    name: &'static str,
    op: fn(Arc<Session>, u64, Vec<OpValue>) -> F,
) where
    F: Future<Output = OpResult> + 'static,
{
    let current = current.clone();
    ops.asynchronous(name, move |args| {
        let found = handle_id(&args).and_then(|id| Ok((session_of_handle(&current, id)?, id)));
        match found {
            Ok((session, id)) => op(session, id, args).boxed_local(),
            Err(error) => std::future::ready(Err(error)).boxed_local(),
        }
    });
}

fn asynchronous<F>(
    ops: &mut Ops,
    current: &Sessions,
    name: &'static str,
    op: fn(Arc<Session>, Vec<OpValue>) -> F,
) where
    F: Future<Output = OpResult> + Send + 'static,
{
    let current = current.clone();
    ops.asynchronous(name, move |args| {
        // Taken now, not when the future runs: the process belongs to the scenario that called.
        let session = current.session("commands");
        let permitted = session.and_then(|session| {
            permitted(&current, &session, name, &args)?;
            Ok(session)
        });
        match permitted {
            Ok(session) => match current.current.runtime() {
                None => op(session, args).boxed_local(),
                Some(runtime) => OnRuntime(runtime.spawn(op(session, args))).boxed_local(),
            },
            Err(error) => std::future::ready(Err(error)).boxed_local(),
        }
    });
}

/// The ops that start the command which their first argument names.
const STARTING: [&str; 3] = ["commandRun", "commandStart", "commandSpawn"];

/// Whether an op may be done with the command that it names.
fn permitted(
    sessions: &Sessions,
    session: &Session,
    op: &str,
    args: &[OpValue],
) -> Result<(), OpError> {
    let Some(OpValue::Text(command)) = args.first() else { return Ok(()) };
    if STARTING.contains(&op) && !sessions.current.permits(command) {
        sessions.host.refuse_command(command, "is not granted to this script");
        let message = sessions.host.told(&Refused::Command(command));
        return Err(OpError::new(message).with_code("ERR_COMMAND_NOT_GRANTED"));
    }
    session.processes().require_declared(command).map_err(|error| {
        let mut told = op_error(&error);
        if let CommandError::Unknown { near: None, .. } = error {
            sessions.host.refuse_command(command, "is not declared");
            let mend = sessions.host.told(&Refused::UndeclaredCommand(command));
            told.message = format!("{}; {mend}", told.message);
        }
        told
    })
}

/// A task on another runtime, which ends with this.
struct OnRuntime(JoinHandle<OpResult>);

impl Future for OnRuntime {
    type Output = OpResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<OpResult> {
        let ended = self.0.poll_unpin(context);
        ended.map(|ended| {
            ended.unwrap_or_else(|error| Err(OpError::new(format!("commands: {error}"))))
        })
    }
}

impl Drop for OnRuntime {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(session: Arc<Session>, args: Vec<OpValue>) -> OpResult {
    let name = arguments::text(&args, 0)?;
    let values = object(&args, 1, "values")?;
    let options = RunOptions::from_json(&object(&args, 2, "options")?);
    let options = options.map_err(|problem| bad_option(name, "run", &problem))?;
    let output = session.processes().run(name, &values, &options).await;
    json(&output.map_err(|error| op_error(&error))?)
}

async fn start(session: Arc<Session>, args: Vec<OpValue>) -> OpResult {
    let name = arguments::text(&args, 0)?;
    let values = object(&args, 1, "values")?;
    let status = session.processes().start(name, &values).await;
    json(&status.map_err(|error| op_error(&error))?)
}

async fn stop(session: Arc<Session>, args: Vec<OpValue>) -> OpResult {
    let name = arguments::text(&args, 0)?;
    let options = StopOptions::from_json(&object(&args, 1, "options")?);
    let options = options.map_err(|problem| bad_option(name, "stop", &problem))?;
    let status = session.processes().stop(name, &options).await;
    json(&status.map_err(|error| op_error(&error))?)
}

fn status(processes: &Processes, args: &[OpValue]) -> OpResult {
    let status = processes.status(arguments::text(args, 0)?);
    json(&status.map_err(|error| op_error(&error))?)
}

fn spawn(processes: &Processes, args: &[OpValue]) -> OpResult {
    let name = arguments::text(args, 0)?;
    let values = object(args, 1, "values")?;
    let options = HandleOptions::from_json(&object(args, 2, "options")?);
    let options = options.map_err(|problem| bad_option(name, "spawn", &problem))?;
    let info = processes.spawn(name, &values, &options);
    json(&info.map_err(|error| op_error(&error))?)
}

async fn wait(session: Arc<Session>, id: u64, args: Vec<OpValue>) -> OpResult {
    let options = HandleOptions::from_json(&object(&args, 1, "options")?);
    let options =
        options.map_err(|problem| type_error(format!("commands.wait({id}): {problem}")))?;
    let status = session.processes().wait(id, &options).await;
    json(&status.map_err(|error| op_error(&error))?)
}

async fn kill(session: Arc<Session>, id: u64, _: Vec<OpValue>) -> OpResult {
    let status = session.processes().kill(id).await;
    json(&status.map_err(|error| op_error(&error))?)
}

async fn release(session: Arc<Session>, id: u64, _: Vec<OpValue>) -> OpResult {
    nothing(session.processes().release(id).await)
}

async fn write(session: Arc<Session>, id: u64, args: Vec<OpValue>) -> OpResult {
    nothing(session.processes().write(id, arguments::text(&args, 1)?).await)
}

async fn close_stdin(session: Arc<Session>, id: u64, _: Vec<OpValue>) -> OpResult {
    nothing(session.processes().close_stdin(id).await)
}

fn nothing(result: Result<(), CommandError>) -> OpResult {
    result.map(|()| OpValue::Null).map_err(|error| op_error(&error))
}

fn handle_id(args: &[OpValue]) -> Result<u64, OpError> {
    match args.first() {
        Some(OpValue::Number(id)) if *id >= 0.0 && id.fract() == 0.0 => Ok(*id as u64),
        _ => Err(type_error(
            "commands: a handle is known by its number, the `id` that commands.spawn gives"
                .to_owned(),
        )),
    }
}

/// The session of the running scenario, or the run's if the handle is of that.
fn session_of_handle(sessions: &Sessions, id: u64) -> Result<Arc<Session>, OpError> {
    let of_run = sessions.current.run().filter(|run| run.processes().has_handle(id));
    of_run.map_or_else(|| sessions.session("commands"), Ok)
}

/// A JSON object argument; null and absent are empty.
fn object(args: &[OpValue], index: usize, what: &str) -> Result<Map<String, Value>, OpError> {
    let text = match args.get(index) {
        None | Some(OpValue::Null) => return Ok(Map::new()),
        Some(_) => arguments::text(args, index)?,
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Null) => Ok(Map::new()),
        _ => Err(type_error(format!("commands: the {what} must be an object, got {text}"))),
    }
}

fn bad_option(name: &str, call: &str, problem: &str) -> OpError {
    type_error(format!("commands.{call}(\"{name}\"): {problem}"))
}

fn type_error(message: String) -> OpError {
    OpError {
        name: "TypeError",
        code: Some("ERR_INVALID_ARG_VALUE".to_owned()),
        message,
        properties: Vec::new(),
    }
}

fn json(value: &impl Serialize) -> OpResult {
    serde_json::to_string(value).map(OpValue::Json).map_err(|error| type_error(error.to_string()))
}

/// The error with what a step may want of it: as Node's `exec`, `code` is the exit code of a command that failed.
fn op_error(error: &CommandError) -> OpError {
    let text = |text: &str| OpValue::Text(text.to_owned());
    let message = error.to_string();
    let (code, properties) = match error {
        CommandError::Failed { name, status, stdout, stderr } => {
            let exit_code =
                status.code().map_or(OpValue::Null, |code| OpValue::Number(code.into()));
            let signal = error.signal().map_or(OpValue::Null, OpValue::Text);
            let properties = vec![
                ("command", text(name)),
                ("code", exit_code.clone()),
                ("exitCode", exit_code),
                ("signal", signal),
                ("stdout", text(stdout)),
                ("stderr", text(stderr)),
            ];
            (None, properties)
        }
        CommandError::TimedOut { name, stdout, stderr, .. } => (
            Some(error.code()),
            vec![("command", text(name)), ("stdout", text(stdout)), ("stderr", text(stderr))],
        ),
        CommandError::ExitedEarly { name, stderr, .. }
        | CommandError::NotReady { name, stderr, .. } => {
            (Some(error.code()), vec![("command", text(name)), ("stderr", text(stderr))])
        }
        _ => (Some(error.code()), Vec::new()),
    };
    OpError { name: "Error", code: code.map(ToOwned::to_owned), message, properties }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Commands, SessionOptions};
    use serde_json::json;

    fn session_with(commands: Value) -> Arc<Session> {
        let commands = Commands::parse(&commands, "quickcuke.toml").unwrap();
        Arc::new(Session::new(&SessionOptions::new(Arc::new(commands), "/")))
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    fn text(text: &str) -> OpValue {
        OpValue::Text(text.to_owned())
    }

    #[test]
    fn a_run_gives_json() {
        let session = session_with(json!({ "say": { "run": ["echo", "${word}"] } }));
        let given = wait(run(Arc::clone(&session), vec![text("say"), text(r#"{"word":"hi"}"#)]));
        assert_eq!(given, Ok(OpValue::Json("\"hi\"".to_owned())));
        let error = wait(run(session, vec![text("say"), text("[]")])).unwrap_err();
        assert_eq!(
            (error.name, error.message.as_str()),
            ("TypeError", "commands: the values must be an object, got []")
        );
    }

    #[test]
    fn a_failure_has_the_properties_of_a_node_error() {
        let session = session_with(
            json!({ "fail": { "run": "echo no >&2; exit 3" }, "die": { "run": "kill $$" } }),
        );
        let error = wait(run(Arc::clone(&session), vec![text("fail"), OpValue::Null])).unwrap_err();
        let property = |name| {
            error
                .properties
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
        };
        assert_eq!(property("code"), Some(OpValue::Number(3.0)));
        assert_eq!(property("stderr"), Some(text("no\n")));
        assert_eq!(property("signal"), Some(OpValue::Null));
        let error = wait(run(session, vec![text("die")])).unwrap_err();
        assert!(error.properties.contains(&("signal", text("SIGTERM"))), "{error:?}");
    }

    #[test]
    fn a_status_has_the_fields_of_the_contract() {
        let session = session_with(json!({ "it": { "run": "sleep 600", "persistent": true } }));
        let Ok(OpValue::Json(status)) = status(session.processes(), &[text("it")]) else {
            panic!("no JSON")
        };
        let expected = r#"{"name":"it","pid":null,"running":false,"exitCode":null,"uptimeMs":0,"stdout":"","stderr":""}"#;
        assert_eq!(status, expected);
        let error = wait(stop(session, vec![text("it"), text(r#"{"grce":1}"#)])).unwrap_err();
        assert_eq!(
            error.message,
            "commands.stop(\"it\"): unknown option \"grce\"; known are signal, grace"
        );
    }
}
