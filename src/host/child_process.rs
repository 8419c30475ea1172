//! The ops under `node:child_process`; its shapes are made in `prelude/node/internal/child.js` and `child_sync.js`.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::refusal::Refused;
use super::refusals::{Asked, Note};
use super::{Sessions, arguments, errno};
use crate::isolate::{Deadline, OpError, OpResult, OpValue, Ops, Pending};
use crate::session::{
    BlockingOptions, Child, ChildError, ChildRequest, ChildStream, Finished, KillReason, Session,
    signal,
};

/// What a shell keeps for itself, which no program wants.
const OF_SHELL: [&str; 12] = [
    "_",
    "COLUMNS",
    "LESSCLOSE",
    "LESSOPEN",
    "LINES",
    "LS_COLORS",
    "OLDPWD",
    "PS1",
    "PWD",
    "SHLVL",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
];

/// Registers `processKill(pid, signal)` (whether a program of ours got it), `childStart(request)`, which gives `[id, pid]`, and of a child by its id: `childSignal(id, signal)` (whether
/// it runs), `childForget(id)`, and asynchronous `childRead(id, 1 | 2)` (nothing at the end), `childWrite(id, bytes)`,
/// `childCloseStdin(id)`, `childExited(id)` (`[code, signal]`).
///
/// `childRun(request, options, input)` blocks until the deadline of the call: `{ pid, code, signal, killed, stdout,
/// stderr }`, where the last two are the numbers of their bytes in what `childOutput()` gives then.
pub fn install(ops: &mut Ops, current: &Sessions) {
    let sessions = current.clone();
    ops.sync("childStart", move |args| {
        let session = session(&sessions)?;
        let request = request(&sessions, args)?;
        let _entered = sessions.current.runtime().map(Handle::enter);
        let child =
            permitted(&sessions, request, |request| session.processes().open_child(request))
                .map_err(|error| op_error(&sessions, &error))?;
        Ok(OpValue::Json(json!([child.id(), child.pid()]).to_string()))
    });
    let sessions = current.clone();
    ops.sync("childSignal", move |args| {
        let signal = arguments::number(args, 1)?;
        let child = find(&sessions, args)?;
        Ok(OpValue::Bool(child.is_some_and(|child| child.signal(signal as i32))))
    });
    let sessions = current.clone();
    ops.sync("childForget", move |args| {
        let id = arguments::number(args, 0)? as u64;
        for session in [sessions.current.get(), sessions.current.run()].into_iter().flatten() {
            session.processes().forget_child(id);
        }
        Ok(OpValue::Null)
    });
    let sessions = current.clone();
    ops.sync("processKill", move |args| {
        let (pid, signal) = (arguments::number(args, 0)?, arguments::number(args, 1)?);
        let mut sessions = [sessions.current.get(), sessions.current.run()].into_iter().flatten();
        let sent =
            sessions.any(|session| session.processes().signal_pid(pid as i64, signal as i32));
        Ok(OpValue::Bool(sent))
    });
    of_child(ops, current, "childRead", Pending::Idle, read_stream);
    of_child(ops, current, "childWrite", Pending::Idle, write);
    of_child(ops, current, "childCloseStdin", Pending::Idle, close_stdin);
    of_child(ops, current, "childExited", Pending::Awaited("child process"), exited);
    let (sessions, deadline) = (current.clone(), ops.deadline());
    let output = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let written = output.clone();
    ops.sync("childRun", move |args| {
        let session = session(&sessions)?;
        let finished = run(&sessions, &session, &deadline, args)?;
        let told = told(&finished);
        let Finished { mut stdout, stderr, .. } = finished;
        stdout.extend(stderr);
        written.replace(stdout);
        Ok(OpValue::Json(told.to_string()))
    });
    ops.sync("childOutput", move |_| Ok(OpValue::Bytes(output.take())));
}

fn of_child<F>(
    ops: &mut Ops,
    current: &Sessions,
    name: &'static str,
    pending: Pending,
    op: fn(Child, Vec<OpValue>) -> F,
) where
    F: Future<Output = OpResult> + 'static,
{
    let current = current.clone();
    ops.asynchronous(name, pending, move |args| match find(&current, &args) {
        Ok(Some(child)) => op(child, args).boxed_local(),
        Ok(None) => {
            // Of a session that has ended: nothing of it is left.
            std::future::ready(Ok(OpValue::Null)).boxed_local()
        }
        Err(error) => std::future::ready(Err(error)).boxed_local(),
    });
}

/// What `childRun` is told besides the request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunOptions {
    /// Milliseconds; 0 is no timeout.
    timeout: f64,
    /// `null` is without limit.
    max_buffer: Option<f64>,
    kill_signal: i32,
}

fn run(
    sessions: &Sessions,
    session: &Session,
    deadline: &Deadline,
    args: &[OpValue],
) -> Result<Finished, OpError> {
    let request = request(sessions, args)?;
    let options: RunOptions = read(args, 1)?;
    let input = match args.get(2) {
        None | Some(OpValue::Null) => None,
        Some(_) => Some(arguments::bytes(args, 2)?.to_owned()),
    };
    let options = BlockingOptions {
        input,
        timeout: (options.timeout > 0.0).then(|| Duration::from_secs_f64(options.timeout / 1e3)),
        // A float that is too large becomes the largest number.
        max_buffer: options.max_buffer.map_or(usize::MAX, |bytes| bytes as usize),
        kill_signal: options.kill_signal,
        deadline: deadline.get(),
    };
    let run = |request: &ChildRequest| session.processes().run_child(request, &options);
    permitted(sessions, request, run).map_err(|error| {
        if matches!(error, ChildError::Deadline) {
            deadline.cut_off();
        }
        op_error(sessions, &error)
    })
}

/// Runs a program, and notes it if it may not run.
fn permitted<T>(
    sessions: &Sessions,
    request: ChildRequest,
    run: impl Fn(&ChildRequest) -> Result<T, ChildError>,
) -> Result<T, ChildError> {
    let (problem, declaration, error) = match run(&request) {
        Err(ChildError::NotDeclared { asked, declaration, problem }) => {
            let declared = problem.is_none().then(|| (*declaration).clone());
            let error = ChildError::NotDeclared { asked, declaration, problem: None };
            (problem, declared, error)
        }
        Err(ChildError::Otherwise { asked, name, problem }) => (
            Some(format!("it is the declared command \"{name}\", {problem}")),
            None,
            ChildError::Otherwise { asked, name, problem },
        ),
        other => return other,
    };
    let note = Note::new(Asked::Command { name: request.told(), problem, declaration });
    let is_permitted = sessions.host.refuse(note);
    sessions.host.list_refused();
    match is_permitted {
        true => run(&ChildRequest { is_permitted, ..request }),
        false => Err(error),
    }
}

fn told(finished: &Finished) -> Value {
    let Finished { pid, status, killed, stdout, stderr } = finished;
    let killed = killed.map(|reason| match reason {
        KillReason::Timeout => "ETIMEDOUT",
        KillReason::MaxBuffer => "ENOBUFS",
    });
    let (code, signal) = end(*status);
    json!({
        "pid": pid, "code": code, "signal": signal, "killed": killed,
        "stdout": stdout.len(), "stderr": stderr.len(),
    })
}

/// The exit code, or the name of the signal.
fn end(status: ExitStatus) -> (Option<i32>, Option<String>) {
    (status.code(), status.signal().map(signal::text))
}

async fn read_stream(child: Child, args: Vec<OpValue>) -> OpResult {
    let stream = match arguments::number(&args, 1)? {
        1.0 => ChildStream::Stdout,
        _ => ChildStream::Stderr,
    };
    let bytes = child.read(stream).await;
    Ok(if bytes.is_empty() { OpValue::Null } else { OpValue::Bytes(bytes) })
}

async fn write(child: Child, args: Vec<OpValue>) -> OpResult {
    let written = child.write(arguments::bytes(&args, 1)?).await;
    written.map(|()| OpValue::Null).map_err(|error| errno::on_file(&error, "write"))
}

async fn close_stdin(child: Child, _: Vec<OpValue>) -> OpResult {
    child.close_stdin().await;
    Ok(OpValue::Null)
}

async fn exited(child: Child, _: Vec<OpValue>) -> OpResult {
    let status = child.exited().await.map_err(|error| errno::on_file(&error, "waitpid"))?;
    Ok(OpValue::Json(json!(end(status)).to_string()))
}

/// What is asked for, in a directory as the host knows it.
fn request(sessions: &Sessions, args: &[OpValue]) -> Result<ChildRequest, OpError> {
    let mut request: ChildRequest = read(args, 0)?;
    request.cwd = sessions.host.path_on_host(&request.cwd);
    request.temporary = Some(sessions.host.scratch.root().path().to_owned());
    request.may_be_permitted = sessions.host.access.borrow().refusals.permits();
    if request.may_be_permitted && request.inherits_all {
        let all = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        for (name, value) in all.filter(|(name, _)| !OF_SHELL.contains(&name.as_str())) {
            if !request.env.contains_key(&name) {
                request.inherited.insert(name.clone());
                request.env.insert(name, value);
            }
        }
    }
    Ok(request)
}

/// The session of the running scenario, or while the step library is loaded that of the run.
fn session(sessions: &Sessions) -> Result<Arc<Session>, OpError> {
    let current = &sessions.current;
    if !current.permits_all_commands() {
        sessions.host.refuse_command("child_process", "is not granted to this script");
        let message = sessions.host.told(&Refused::Programs);
        return Err(OpError::new(message).with_code("ERR_COMMAND_NOT_GRANTED"));
    }
    let of_run = current.run().filter(|_| current.get().is_none());
    of_run.map_or_else(|| sessions.session("child_process"), Ok)
}

/// A child of the scenario, or of the run.
fn find(current: &Sessions, args: &[OpValue]) -> Result<Option<Child>, OpError> {
    let id = arguments::number(args, 0)? as u64;
    let sessions = [current.current.get(), current.current.run()];
    Ok(sessions.into_iter().flatten().find_map(|session| session.processes().child(id)))
}

fn read<T: for<'a> Deserialize<'a>>(args: &[OpValue], index: usize) -> Result<T, OpError> {
    serde_json::from_str(arguments::text(args, index)?)
        .map_err(|error| OpError::type_error(format!("child_process: {error}")))
}

/// Errors of the system have `syscall` "spawn"; those of the sandbox the code of Node's permission model.
fn op_error(sessions: &Sessions, error: &ChildError) -> OpError {
    let told = |message: String| OpError {
        properties: vec![("permission", OpValue::Text("ChildProcess".to_owned()))],
        ..OpError::new(message).with_code("ERR_ACCESS_DENIED")
    };
    match error {
        ChildError::Spawn(error) => errno::on_file(error, "spawn"),
        ChildError::NotDeclared { declaration, .. } => {
            let mend = sessions.host.told(&Refused::UndeclaredProgram { declaration });
            told(format!("{error}: {mend}"))
        }
        ChildError::Otherwise { .. } => {
            told(format!("{error} {}", sessions.host.told(&Refused::OtherProgram)))
        }
        ChildError::Deadline => OpError::new(error.to_string()).with_code("ETIMEDOUT"),
        _ => OpError::new(error.to_string()),
    }
}
