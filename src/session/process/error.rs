//! What can be wrong with a command: the mistakes of a step, and the failures of the command.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use std::os::unix::process::ExitStatusExt;

use super::signal;

/// Why a command did not do what was asked of it. Every message names the command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// No command of that name is declared.
    #[error("command \"{name}\" is not declared: {}", known(.near.as_deref(), .declared))]
    Unknown { name: String, near: Option<String>, declared: Vec<String> },
    /// `run` of a persistent command, or `start` of one that is not.
    #[error("command \"{name}\" {mend}")]
    WrongKind { name: String, mend: &'static str },
    /// The values do not fit the placeholders.
    #[error("command \"{name}\": {problem}")]
    Values { name: String, problem: String },
    /// An option of the call is not known or out of range.
    #[error("command \"{name}\": {problem}")]
    Option { name: String, problem: String },
    /// The process could not be started.
    #[error("command \"{name}\" could not be started: {program} (in {}): {error}", cwd.display())]
    Spawn { name: String, program: String, cwd: PathBuf, error: io::Error },
    /// The operating system refused something while the command ran.
    #[error("command \"{name}\": {error}")]
    Io { name: String, error: io::Error },
    /// It ended with another code than 0, or by a signal.
    #[error("command \"{name}\" {}{}", ended(*.status), told("stderr", .stderr))]
    Failed { name: String, status: ExitStatus, stdout: String, stderr: String },
    /// It took longer than its timeout; its whole tree was killed.
    #[error("command \"{name}\" took longer than its timeout of {} and was killed; raise `timeout` in [commands.{name}]{}", duration(*.timeout), told("stderr", .stderr))]
    TimedOut { name: String, timeout: Duration, stdout: String, stderr: String },
    /// It wrote more than is kept; its whole tree was killed.
    #[error(
        "command \"{name}\" wrote more than {limit} bytes to {stream} and was killed; let it write to a file"
    )]
    TooMuchOutput { name: String, stream: &'static str, limit: usize },
    /// `output = "json"`, and it is not.
    #[error(
        "command \"{name}\": stdout is not JSON ({error}): {start:?}; use output = \"text\" or \"lines\" for what is not"
    )]
    NotJson { name: String, error: serde_json::Error, start: String },
    /// It ended before it was ready.
    #[error("command \"{name}\" {} before {waited}{}", ended(*.status), told("stderr", .stderr))]
    ExitedEarly { name: String, status: ExitStatus, waited: String, stderr: String },
    /// It was not ready in time; its whole tree was killed.
    #[error("command \"{name}\": not ready: waited {} until {waited}, and killed it; raise `timeout` in `ready`{}", duration(*.timeout), told("stderr", .stderr))]
    NotReady { name: String, waited: String, timeout: Duration, stderr: String },
    /// Something else answers on the port that tells that the command is ready.
    #[error(
        "command \"{name}\": port {port} already answers, so it cannot tell when the command is ready; stop what listens there or take another port"
    )]
    PortTaken { name: String, port: u16 },
    /// It runs already, with other values.
    #[error("command \"{name}\" is running already with other values ({running}); stop it first")]
    RunsOtherwise { name: String, running: String },
    /// The session runs as many persistent commands as it may.
    #[error("command \"{name}\" would be persistent process number {} of this session; at most {limit} may run at a time: stop one first", limit + 1)]
    TooMany { name: String, limit: usize },
    /// The session has no handle of that number.
    #[error(
        "there is no handle {id} in this session: it was released, its scenario has ended, or it was the oldest of 64 that had ended when one more was spawned; commands.spawn gives the number as `id`"
    )]
    UnknownHandle { id: u64 },
    /// The session has as many handles as it may, and all of them run.
    #[error("command \"{name}\" would be handle number {} of this session; {limit} run already: kill or release one first", limit + 1)]
    TooManyHandles { name: String, limit: usize },
    /// What was written for the command cannot reach it.
    #[error(
        "command \"{name}\": the stdin of handle {id} is closed: by closeStdin, or because the command has ended or does not read it"
    )]
    StdinClosed { name: String, id: u64 },
    /// The session has ended, and its processes with it.
    #[error("command \"{name}\": the session has ended")]
    SessionEnded { name: String },
    /// A process could not be killed (another user's, or stuck in the kernel).
    #[error(
        "command \"{name}\": a process that it started (pid {pid} or a descendant) could not be killed"
    )]
    Survived { name: String, pid: u32 },
    /// Somebody killed the process that looks after the command and what it starts.
    #[error(
        "command \"{name}\": the process \"quickcuke-init\", its parent, which ends what it starts, was killed; what it left was killed too"
    )]
    SupervisorKilled { name: String },
}

impl CommandError {
    /// The name of the signal that ended the command, `SIGTERM`, or `signal 63` for one without a usual name.
    pub fn signal(&self) -> Option<String> {
        let (Self::Failed { status, .. } | Self::ExitedEarly { status, .. }) = self else {
            return None;
        };
        status.signal().map(signal::text)
    }

    /// A stable code for programs, as the `code` of the JavaScript error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "ERR_COMMAND_UNKNOWN",
            Self::WrongKind { .. } => "ERR_COMMAND_KIND",
            Self::Values { .. } => "ERR_COMMAND_VALUES",
            Self::Option { .. } => "ERR_COMMAND_OPTION",
            Self::Spawn { error, .. } if error.kind() == io::ErrorKind::NotFound => "ENOENT",
            Self::Spawn { error, .. } if error.kind() == io::ErrorKind::PermissionDenied => {
                "EACCES"
            }
            Self::Spawn { .. } | Self::Io { .. } => "ERR_COMMAND_SPAWN",
            Self::Failed { .. } => "ERR_COMMAND_FAILED",
            Self::TimedOut { .. } => "ETIMEDOUT",
            Self::TooMuchOutput { .. } => "ERR_COMMAND_OUTPUT",
            Self::NotJson { .. } => "ERR_COMMAND_JSON",
            Self::ExitedEarly { .. } | Self::NotReady { .. } => "ERR_COMMAND_NOT_READY",
            Self::PortTaken { .. } => "EADDRINUSE",
            Self::RunsOtherwise { .. } => "ERR_COMMAND_RUNNING",
            Self::TooMany { .. } => "ERR_COMMAND_LIMIT",
            Self::UnknownHandle { .. } => "ERR_COMMAND_HANDLE",
            Self::TooManyHandles { .. } => "ERR_COMMAND_LIMIT",
            Self::StdinClosed { .. } => "EPIPE",
            Self::SessionEnded { .. } => "ERR_SESSION_ENDED",
            Self::Survived { .. } => "ERR_COMMAND_SURVIVED",
            Self::SupervisorKilled { .. } => "ERR_COMMAND_SUPERVISOR_KILLED",
        }
    }
}

fn known(near: Option<&str>, declared: &[String]) -> String {
    match near {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if declared.is_empty() => "no command is".to_owned(),
        None => format!("declared are {}", declared.join(", ")),
    }
}

fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with code {code}"),
        (None, Some(signal)) => format!("was ended by {}", signal::text(signal)),
        (None, None) => "ended".to_owned(),
    }
}

/// Most characters of a stream that a message quotes: the end of it, where the reason stands.
const QUOTED: usize = 2_000;

fn told(stream: &str, text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() {
        return String::new();
    }
    let skipped = text.chars().count().saturating_sub(QUOTED);
    let start = text.char_indices().nth(skipped).map_or(0, |(at, _)| at);
    let dots = if skipped > 0 { "…" } else { "" };
    format!("\n{stream}: {dots}{}", text.get(start..).unwrap_or_default())
}

fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    }
}
