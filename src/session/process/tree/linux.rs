//! quickcuke's end of the link to a supervisor.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::Interest;
use tokio::sync::Notify;

use super::super::sys;
use super::{END_TIMEOUT, orphans, supervisor};

/// How long the supervisor may take to tell the pid of a command that is already running.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// A command and all its descendants. Dropping it kills them and waits for that.
#[derive(Debug)]
pub(in super::super) struct Tree {
    pid: u32,
    started: Instant,
    link: UnixStream,
    state: Mutex<State>,
    /// Told when `state` changed.
    news: Notify,
}

#[derive(Debug)]
struct State {
    /// The supervisor, until it is reaped.
    supervisor: Option<Child>,
    /// How and when the command ended.
    exit: Option<(ExitStatus, Instant)>,
    /// Whether nothing of the tree is left.
    clean: bool,
    /// Somebody killed the supervisor.
    supervisor_was_killed: bool,
}

/// The ends of the pipes that were asked for.
pub(in super::super) struct Pipes {
    pub(in super::super) stdin: Option<ChildStdin>,
    pub(in super::super) stdout: Option<ChildStdout>,
    pub(in super::super) stderr: Option<ChildStderr>,
}

impl Tree {
    /// Starts `command`. Blocks until it is executed (a fork of this process: about a millisecond).
    ///
    /// Errors: what `exec`, `fork` and `chdir` say.
    pub(in super::super) fn spawn(
        mut command: Command,
        own_group: bool,
    ) -> io::Result<(Self, Pipes)> {
        let (link, theirs) = UnixStream::pair()?;
        supervisor::supervise(&mut command, theirs.as_raw_fd(), own_group);
        let started = Instant::now();
        let mut supervisor = orphans::spawn_supervisor(&mut command)?;
        drop(theirs);
        let pipes = Pipes {
            stdin: supervisor.stdin.take(),
            stdout: supervisor.stdout.take(),
            stderr: supervisor.stderr.take(),
        };
        let state = State {
            supervisor: Some(supervisor),
            exit: None,
            clean: true,
            supervisor_was_killed: false,
        };
        // From here on an error drops the tree, which ends the processes.
        let mut tree =
            Self { pid: 0, started, link, state: Mutex::new(state), news: Notify::new() };
        tree.link.set_read_timeout(Some(HELLO_TIMEOUT))?;
        let [what, pid] = tree.receive()?;
        if what != supervisor::STARTED {
            return Err(io::Error::other("the supervisor process did not answer"));
        }
        tree.pid = pid.unsigned_abs();
        tree.link.set_nonblocking(true)?;
        Ok((tree, pipes))
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

    /// How the command ended; `None` while it runs. Its descendants may live on.
    pub(in super::super) fn exit(&self) -> Option<ExitStatus> {
        self.update().exit.map(|(status, _)| status)
    }

    /// Whether nothing of the tree lives.
    pub(in super::super) fn has_ended(&self) -> bool {
        self.update().supervisor.is_none()
    }

    /// Whether the last that was heard is that nothing is left behind.
    pub(in super::super) fn ended_clean(&self) -> bool {
        let state = self.update();
        state.supervisor.is_none() && state.clean
    }

    /// Whether the supervisor ended before its time, so that not all can be known of what the command did.
    pub(in super::super) fn supervisor_was_killed(&self) -> bool {
        self.update().supervisor_was_killed
    }

    /// Waits for the end of the command.
    pub(in super::super) async fn exited(&self) -> io::Result<ExitStatus> {
        // A supervisor that was killed cannot tell the status: the command was killed with it.
        self.wait_until(|state| {
            let killed = ExitStatus::from_raw(libc::SIGKILL);
            state.exit.map(|(status, _)| status).or(state.supervisor.is_none().then_some(killed))
        })
        .await
    }

    /// Waits for the end of the whole tree.
    pub(in super::super) async fn ended(&self) -> io::Result<()> {
        self.wait_until(|state| state.supervisor.is_none().then_some(())).await
    }

    /// Sends a signal to the command's group.
    pub(in super::super) fn signal(&self, signal: i32) {
        // An error means that the supervisor is gone, and all the others with it.
        let _ = (&self.link).write_all(&signal.to_ne_bytes());
    }

    /// Sends a signal to the command alone, unless it has ended.
    pub(in super::super) fn signal_command(&self, signal: i32) {
        self.signal(-signal);
    }

    /// Has the whole tree killed; does not wait.
    pub(in super::super) fn kill(&self) {
        // Not by closing: a fork in another thread may hold a copy of the descriptor for a moment.
        let _ = self.link.shutdown(Shutdown::Write);
    }

    /// Kills the tree and blocks until it is gone. False: something survived.
    pub(in super::super) fn kill_and_wait(&self) -> bool {
        self.kill();
        if !self.has_ended() {
            sys::wait_for_hangup(self.link.as_fd(), END_TIMEOUT);
        }
        self.ended_clean()
    }

    async fn wait_until<T>(&self, done: impl Fn(&State) -> Option<T>) -> io::Result<T> {
        if let Some(value) = done(&self.update()) {
            return Ok(value);
        }
        let link = tokio::net::UnixStream::from_std(self.link.try_clone()?)?;
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            news.as_mut().enable();
            if let Some(value) = done(&self.update()) {
                return Ok(value);
            }
            tokio::select! {
                () = news => {}
                ready = link.readable() => {
                    ready?;
                    // The reading is done in there, so that what comes meanwhile makes it readable again.
                    let look = || done(&self.update()).ok_or_else(|| io::ErrorKind::WouldBlock.into());
                    match link.try_io(Interest::READABLE, look) {
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                        other => return other,
                    }
                }
            }
        }
    }

    /// Takes in what the supervisor has told, without waiting. Whoever takes news in wakes the others: the runtime does
    /// not report a link that was emptied before it looked.
    fn update(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.supervisor.is_some() {
            match self.receive() {
                Ok([supervisor::EXITED, status]) => {
                    state.exit = Some((ExitStatus::from_raw(status), Instant::now()));
                    self.news.notify_waiters();
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // The end of the link is the end of the supervisor, so this wait is short.
                Err(_) => {
                    if let Some(mut supervisor) = state.supervisor.take() {
                        let pid = supervisor.id();
                        let status = supervisor.wait();
                        orphans::forget_supervisor(pid);
                        state.clean = status.as_ref().is_ok_and(|status| status.success());
                        if status.is_ok_and(|status| status.signal().is_some()) {
                            state.supervisor_was_killed = true;
                            state.clean = orphans::kill();
                        }
                    }
                    self.news.notify_waiters();
                }
            }
        }
        state
    }

    /// Reads one message. The supervisor writes each with one `send`, so a message is there as a whole or not at all.
    fn receive(&self) -> io::Result<[i32; 2]> {
        let mut message = [0u8; 8];
        (&self.link).read_exact(&mut message)?;
        let [a, b, c, d, e, f, g, h] = message;
        Ok([i32::from_ne_bytes([a, b, c, d]), i32::from_ne_bytes([e, f, g, h])])
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.kill_and_wait();
    }
}
