//! `commands.spawn` and what is done with what it gives: a command that runs beside the step, under a number.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use std::os::unix::process::ExitStatusExt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::input::Stdin;
use super::launch::{Call, Launched};
use super::output::Keep;
use super::persistent::MOST_RUNNING;
use super::{CommandError, Processes, duration, signal};

/// Most handles of a session.
const MOST: usize = 64;
/// How many bytes of each stream [`HandleStatus`] shows: the last.
const OUTPUT_BYTES: usize = 64 * 1024;

/// Numbers are never used twice, so that a handle of an ended session is known to nobody.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// The next number of a handle or a child.
pub(super) fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

/// A command that was started with [`Processes::spawn`].
pub(super) struct Handle {
    id: u64,
    launched: Arc<Launched>,
    started_at: SystemTime,
    is_persistent: bool,
    /// Why we killed it, if it ran then.
    cause: Mutex<Option<State>>,
}

/// How a handle's command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Running,
    /// It ended by itself.
    Exited,
    /// It was ended: by [`Processes::kill`], or by a signal.
    Killed,
    /// It ran longer than it may, and was killed.
    TimedOut,
}

/// What is known of a handle at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandleInfo {
    /// What the other calls take.
    pub id: u64,
    /// The process of the command itself.
    pub pid: u32,
    /// How it is now.
    pub status: State,
    /// When it was started, in milliseconds since 1970.
    pub started_at: u64,
    /// The name of the command.
    pub command: String,
}

/// How a handle is, with what its command has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandleStatus {
    /// What was known at the start, and the state.
    #[serde(flatten)]
    pub info: HandleInfo,
    /// The exit code; `None` while it runs, and if a signal ended it.
    pub exit_code: Option<i32>,
    /// The signal that ended it, such as `SIGTERM`.
    pub signal: Option<String>,
    /// The last 64 KiB of stdout.
    pub stdout: String,
    /// The last 64 KiB of stderr.
    pub stderr: String,
}

/// What a call of `spawn` or `wait` may say.
#[derive(Debug, Clone, Copy, Default)]
pub struct HandleOptions {
    /// `spawn`: how long the command may run, instead of the declared time; without either it may run as long as the
    /// session. `wait`: how long to wait; without end if there is none.
    pub timeout: Option<Duration>,
}

impl HandleOptions {
    /// Reads `{ timeoutMs }`. Errors: what is wrong with it.
    pub fn from_json(options: &Map<String, Value>) -> Result<Self, String> {
        let mut read = Self::default();
        for (key, value) in options {
            match (key.as_str(), value) {
                ("timeoutMs", Value::Number(ms)) => read.timeout = Some(duration::from_ms(ms)?),
                ("timeoutMs", _) => {
                    return Err("`timeoutMs` must be a number of milliseconds".to_owned());
                }
                _ => return Err(format!("unknown option \"{key}\"; known is timeoutMs")),
            }
        }
        Ok(read)
    }
}

impl Processes {
    /// Starts a declared command and comes back at once. Its stdin is what is declared, else open until
    /// [`Processes::close_stdin`].
    ///
    /// A session keeps 64 handles. For one more, the oldest that has ended goes.
    ///
    /// Errors: as `run`; 64 handles that all run; 16 persistent commands that all run.
    pub fn spawn(
        &self,
        name: &str,
        values: &Map<String, Value>,
        options: &HandleOptions,
    ) -> Result<HandleInfo, CommandError> {
        let spec = self.commands.get(name)?;
        let is_persistent = spec.persistent.is_some();
        if is_persistent && self.persistent_count() >= MOST_RUNNING {
            return Err(CommandError::TooMany { name: name.to_owned(), limit: MOST_RUNNING });
        }
        self.make_room(name)?;
        let keep = Keep::Last(OUTPUT_BYTES);
        let stdin = spec.stdin.is_none().then_some(Stdin::Open);
        let call = Call { values, stdin, keep, watch: None };
        let launched = self.launch(spec, &call)?;
        let started_at = SystemTime::now();
        let cause = Mutex::default();
        let handle = Arc::new(Handle { id: next_id(), launched, started_at, is_persistent, cause });
        if let Some(timeout) = options.timeout.or(spec.timeout) {
            tokio::spawn(Arc::clone(&handle).end_after(timeout));
        }
        let info = handle.info();
        self.lock().handles.push(handle);
        Ok(info)
    }

    /// How a handle is now.
    ///
    /// Errors, here and below: the session has no such handle.
    pub fn poll(&self, id: u64) -> Result<HandleStatus, CommandError> {
        self.handle(id).map(|handle| handle.status())
    }

    /// Waits until the command has ended, but no longer than the timeout; kills nothing. How it is then.
    pub async fn wait(
        &self,
        id: u64,
        options: &HandleOptions,
    ) -> Result<HandleStatus, CommandError> {
        let handle = self.handle(id)?;
        match options.timeout {
            // What is late shows in the status.
            Some(timeout) => {
                drop(tokio::time::timeout(timeout, handle.launched.tree.exited()).await);
            }
            None => drop(handle.launched.tree.exited().await),
        }
        Ok(handle.status())
    }

    /// Kills the command and all that it started; back when that is reaped.
    pub async fn kill(&self, id: u64) -> Result<HandleStatus, CommandError> {
        let handle = self.handle(id)?;
        handle.kill(State::Killed);
        handle.launched.killed().await?;
        Ok(handle.status())
    }

    /// Kills the command if it still runs, with all that it started, and forgets the handle.
    pub async fn release(&self, id: u64) -> Result<(), CommandError> {
        let handle = self.handle(id)?;
        self.lock().handles.retain(|other| other.id != id);
        handle.launched.killed().await
    }

    /// Writes to the command's stdin; back when the pipe has taken it all.
    ///
    /// Errors also: its stdin is closed.
    pub async fn write(&self, id: u64, text: &str) -> Result<(), CommandError> {
        let handle = self.handle(id)?;
        let Some(stdin) = &handle.launched.stdin else { return Ok(()) };
        stdin
            .write(text.as_bytes())
            .await
            .map_err(|_| CommandError::StdinClosed { name: handle.launched.name.clone(), id })
    }

    /// Ends the command's stdin after what is written.
    pub async fn close_stdin(&self, id: u64) -> Result<(), CommandError> {
        if let Some(stdin) = &self.handle(id)?.launched.stdin {
            stdin.close().await;
        }
        Ok(())
    }

    /// Whether the session has such a handle.
    pub fn has_handle(&self, id: u64) -> bool {
        self.handle(id).is_ok()
    }

    fn handle(&self, id: u64) -> Result<Arc<Handle>, CommandError> {
        let running = self.lock();
        let handle = running.handles.iter().find(|handle| handle.id == id).cloned();
        handle.ok_or(CommandError::UnknownHandle { id })
    }

    /// Forgets the oldest handle that has ended, if there are too many.
    fn make_room(&self, name: &str) -> Result<(), CommandError> {
        let mut running = self.lock();
        if running.handles.len() < MOST {
            return Ok(());
        }
        let ended = running.handles.iter().position(|handle| !handle.launched.runs());
        let ended = ended
            .ok_or_else(|| CommandError::TooManyHandles { name: name.to_owned(), limit: MOST })?;
        running.handles.remove(ended);
        Ok(())
    }
}

impl Handle {
    /// Whether it counts as a persistent command that runs.
    pub(super) fn runs_persistent(&self) -> bool {
        self.is_persistent && self.launched.runs()
    }

    async fn end_after(self: Arc<Self>, timeout: Duration) {
        if tokio::time::timeout(timeout, self.launched.tree.exited()).await.is_err() {
            self.kill(State::TimedOut);
        }
    }

    fn kill(&self, cause: State) {
        let mut known = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        if self.launched.runs() {
            known.get_or_insert(cause);
        }
        self.launched.tree.kill();
    }

    fn state(&self) -> State {
        if self.launched.runs() {
            return State::Running;
        }
        let cause = *self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        let exit = self.launched.tree.exit();
        // No status: the supervisor was killed, and the command with it.
        let by_signal = exit.is_none_or(|status| status.signal().is_some());
        cause.unwrap_or(if by_signal { State::Killed } else { State::Exited })
    }

    fn info(&self) -> HandleInfo {
        let since = self.started_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        HandleInfo {
            id: self.id,
            pid: self.launched.tree.pid(),
            status: self.state(),
            started_at: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            command: self.launched.name.clone(),
        }
    }

    fn status(&self) -> HandleStatus {
        let info = self.info();
        // Looked at after the state: what a command that has ended wrote is there.
        let (stdout, stderr) = self.launched.texts();
        let exit = self.launched.tree.exit().filter(|_| info.status != State::Running);
        HandleStatus {
            exit_code: exit.and_then(|status| status.code()),
            signal: exit.and_then(|status| status.signal()).map(signal::text),
            info,
            stdout,
            stderr,
        }
    }
}
