//! A process tree where there is no subreaper (macOS, BSD): the process group of the command.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::sys;
use super::END_TIMEOUT;

/// How often the end of a command is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A command and its group. Dropping it kills them and waits for the command.
///
/// What leaves the group is lost here, and quickcuke's own death by SIGKILL leaves the group alive.
#[derive(Debug)]
pub(in super::super) struct Tree {
    pid: u32,
    own_group: bool,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Reaped only once the group was killed: until then the number of the group is not given away.
    command: Child,
    exit: Option<(ExitStatus, Instant)>,
    killed: bool,
    ended: bool,
}

/// The ends of the pipes that were asked for.
pub(in super::super) struct Pipes {
    pub(in super::super) stdin: Option<ChildStdin>,
    pub(in super::super) stdout: Option<ChildStdout>,
    pub(in super::super) stderr: Option<ChildStderr>,
}

/// Does nothing: there is no subreaper, and no supervisor that could be killed.
pub(in super::super) fn adopt_orphans() {}

impl Tree {
    /// Starts `command`. Errors: what `exec`, `fork` and `chdir` say.
    pub(in super::super) fn spawn(
        mut command: Command,
        own_group: bool,
    ) -> io::Result<(Self, Pipes)> {
        if own_group {
            command.process_group(0);
        }
        let started = Instant::now();
        let mut command = command.spawn()?;
        let pipes = Pipes {
            stdin: command.stdin.take(),
            stdout: command.stdout.take(),
            stderr: command.stderr.take(),
        };
        let pid = command.id();
        let state = State { command, exit: None, killed: false, ended: false };
        Ok((Self { pid, own_group, started, state: Mutex::new(state) }, pipes))
    }

    /// The pid of the command itself.
    pub(in super::super) fn pid(&self) -> u32 {
        self.pid
    }

    /// How long the command has been running, or ran.
    pub(in super::super) fn uptime(&self) -> Duration {
        let end = self.update().exit.map_or_else(Instant::now, |(_, end)| end);
        end.duration_since(self.started)
    }

    /// How the command ended; `None` while it runs.
    pub(in super::super) fn exit(&self) -> Option<ExitStatus> {
        self.update().exit.map(|(status, _)| status)
    }

    /// Whether the command is reaped and its group was killed.
    pub(in super::super) fn has_ended(&self) -> bool {
        self.update().ended
    }

    /// The same: what left the group is not known.
    pub(in super::super) fn ended_clean(&self) -> bool {
        self.has_ended()
    }

    /// There is none.
    pub(in super::super) fn supervisor_was_killed(&self) -> bool {
        false
    }

    /// Waits for the end of the command.
    pub(in super::super) async fn exited(&self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.exit() {
                return Ok(status);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits for the end of the command, then kills what is left of its group: whether there is something cannot be told
    /// without reaping the command.
    pub(in super::super) async fn ended(&self) -> io::Result<()> {
        self.exited().await?;
        self.kill();
        while !self.has_ended() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Sends a signal to the command's group.
    pub(in super::super) fn signal(&self, signal: i32) {
        let state = self.update();
        if !state.ended {
            sys::signal(self.pid, self.own_group, signal);
        }
    }

    /// Sends a signal to the command alone, unless it has ended.
    pub(in super::super) fn signal_command(&self, signal: i32) {
        let state = self.update();
        if !state.ended {
            sys::signal(self.pid, false, signal);
        }
    }

    /// Has the group killed; does not wait.
    pub(in super::super) fn kill(&self) {
        self.signal(libc::SIGKILL);
        self.lock().killed = true;
    }

    /// Kills the group and blocks until the command is reaped. False: it survived.
    pub(in super::super) fn kill_and_wait(&self) -> bool {
        self.kill();
        let until = Instant::now() + END_TIMEOUT;
        while !self.has_ended() && Instant::now() < until {
            std::thread::sleep(LOOK_EVERY);
        }
        self.has_ended()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        if state.exit.is_none()
            && let Some(status) = sys::exit_status_of(self.pid)
        {
            state.exit = Some((status, Instant::now()));
        }
        if state.killed && state.exit.is_some() && !state.ended {
            sys::signal(self.pid, self.own_group, libc::SIGKILL);
            state.ended = true;
            // An error means that someone else reaped it.
            let _ = state.command.wait();
        }
        state
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.kill_and_wait();
    }
}
