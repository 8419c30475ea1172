//! `execSync` and its like: a program is run to its end while JavaScript stands still.

use std::io;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use super::Processes;
use super::child::{ChildError, ChildRequest};
use super::input::Stdin;
use super::launch::{KillOnDrop, Launched, Streams};
use super::output::{Keep, Output};

/// Most bytes of a stream that are kept, whatever a call says.
const MOST_OUTPUT: usize = 256 << 20;

/// How to run a child that is waited for.
#[derive(Debug, Clone)]
pub struct BlockingOptions {
    /// What it reads.
    pub input: Option<Vec<u8>>,
    /// How long it may run before it gets `kill_signal`.
    pub timeout: Option<Duration>,
    /// How many bytes of a stream it may write before it gets `kill_signal`; 256 MiB at the most.
    pub max_buffer: usize,
    /// The number of the signal.
    pub kill_signal: i32,
    /// When the wait is over in any case: then it is killed with all that it started.
    pub deadline: Option<Instant>,
}

/// What became of a child that was waited for.
#[derive(Debug)]
pub struct Finished {
    /// The process of the program itself.
    pub pid: u32,
    /// How it ended.
    pub status: ExitStatus,
    /// Why it got `kill_signal`, if it did.
    pub killed: Option<KillReason>,
    /// What it wrote, up to the limit.
    pub stdout: Vec<u8>,
    /// The same of stderr.
    pub stderr: Vec<u8>,
}

/// Why a child that was waited for got a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KillReason {
    Timeout,
    MaxBuffer,
}

impl Processes {
    /// Runs a program, blocking the thread until it has ended and nobody holds its streams any more.
    ///
    /// May be called within an async runtime: it has its own, on a thread of its own.
    pub fn run_child(
        &self,
        request: &ChildRequest,
        options: &BlockingOptions,
    ) -> Result<Finished, ChildError> {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(ChildError::Io)?.block_on(self.run_to_end(request, options))
        };
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("child".to_owned());
            let thread = thread.spawn_scoped(scope, run).map_err(ChildError::Io)?;
            let panicked = |_| Err(ChildError::Io(io::Error::other("the thread panicked")));
            thread.join().unwrap_or_else(panicked)
        })
    }

    async fn run_to_end(
        &self,
        request: &ChildRequest,
        options: &BlockingOptions,
    ) -> Result<Finished, ChildError> {
        let limit = options.max_buffer.min(MOST_OUTPUT);
        let keep = |wanted: bool| wanted.then_some(Keep::First(limit));
        let streams = Streams {
            stdin: options.input.as_deref().map_or(Stdin::Null, Stdin::Bytes),
            stdout: keep(request.stdout),
            stderr: keep(request.stderr),
            watch: None,
        };
        let launched = self.launch_child(request, &streams)?;
        let mut guard = KillOnDrop(Some(launched.clone()));
        let ended = tokio::select! {
            biased;
            ended = launched.finished(options) => ended,
            () = sleep_until(options.deadline) => {
                // Who survives that is told of when the session ends.
                let _ = launched.killed().await;
                return Err(ChildError::Deadline);
            }
        };
        let (status, killed) = ended.map_err(ChildError::Io)?;
        guard.0 = None;
        let (stdout, stderr) = (launched.stdout.take(), launched.stderr.take());
        Ok(Finished { pid: launched.tree.pid(), status, killed, stdout, stderr })
    }
}

impl Launched {
    async fn finished(
        &self,
        options: &BlockingOptions,
    ) -> io::Result<(ExitStatus, Option<KillReason>)> {
        let by_itself = async {
            let status = self.tree.exited().await;
            self.stdout.ended().await;
            self.stderr.ended().await;
            status
        };
        let reason = tokio::select! {
            biased;
            status = by_itself => {
                let too_much = self.stdout.overflowed() || self.stderr.overflowed();
                return Ok((status?, too_much.then_some(KillReason::MaxBuffer)));
            }
            () = self.stdout.until(Output::overflowed) => KillReason::MaxBuffer,
            () = self.stderr.until(Output::overflowed) => KillReason::MaxBuffer,
            () = sleep_until(options.timeout.map(|timeout| Instant::now() + timeout)) => KillReason::Timeout,
        };
        self.tree.signal_command(options.kill_signal);
        // Whoever else holds the streams is not waited for then, as in Node.
        Ok((self.tree.exited().await?, Some(reason)))
    }
}

/// Without end if there is no such time.
async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}
