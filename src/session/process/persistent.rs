//! `commands.start`, `status` and `stop`: a command that stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::command::{CommandSpec, Ready};
use super::launch::{Call, Launched};
use super::output::Keep;
use super::ready::Probe;
use super::{CommandError, Processes, duration, signal};

/// Most persistent commands that a session runs at a time.
pub(super) const MOST_RUNNING: usize = 16;
/// How many bytes of each stream [`Status`] shows: the last.
const OUTPUT_BYTES: usize = 64 * 1024;
/// How long a command may take to end on a signal before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// The last process of a persistent command.
pub(super) struct Persistent {
    launched: Arc<Launched>,
    values: Map<String, Value>,
    probe: Probe,
    ready_timeout: Duration,
    ready: AtomicBool,
    stopping: AtomicBool,
}

/// How a persistent command is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The name of the command.
    pub name: String,
    /// Its process; `None` if it was not started in this session.
    pub pid: Option<u32>,
    /// Whether that process runs.
    pub running: bool,
    /// Its exit code; `None` while it runs, and if a signal ended it.
    pub exit_code: Option<i32>,
    /// How long it has been running, or ran, in milliseconds.
    pub uptime_ms: u64,
    /// The last 64 KiB of stdout.
    pub stdout: String,
    /// The last 64 KiB of stderr.
    pub stderr: String,
}

/// How to stop a persistent command.
#[derive(Debug, Clone)]
pub struct StopOptions {
    /// Sent to the process group first; SIGTERM by default.
    pub signal: i32,
    /// How long to wait for the end before everything is killed; 5 seconds by default.
    pub grace: Duration,
}

impl Default for StopOptions {
    fn default() -> Self {
        Self { signal: libc::SIGTERM, grace: GRACE }
    }
}

impl StopOptions {
    /// Reads `{ signal, grace }`: a name such as `"SIGINT"`; milliseconds, or a text such as `"2s"`.
    pub fn from_json(options: &Map<String, Value>) -> Result<Self, String> {
        let mut read = Self::default();
        for (key, value) in options {
            match (key.as_str(), value) {
                ("signal", Value::String(name)) => {
                    read.signal = signal::number(name).ok_or_else(|| {
                        format!("unknown signal \"{name}\"; write SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGKILL, SIGUSR1 or SIGUSR2")
                    })?;
                }
                ("signal", _) => {
                    return Err(
                        "`signal` must be the name of a signal, such as \"SIGTERM\"".to_owned()
                    );
                }
                ("grace", Value::Number(ms)) => read.grace = duration::from_ms(ms)?,
                ("grace", Value::String(text)) => read.grace = duration::parse(text)?,
                ("grace", _) => {
                    return Err(
                        "`grace` must be a number of milliseconds or a text such as \"2s\""
                            .to_owned(),
                    );
                }
                _ => return Err(format!("unknown option \"{key}\"; known are signal, grace")),
            }
        }
        Ok(read)
    }
}

impl Processes {
    /// Starts a persistent command and waits until it is ready. Does nothing but wait if it runs already with the same
    /// values. One that does not get ready is killed.
    pub async fn start(
        &self,
        name: &str,
        values: &Map<String, Value>,
    ) -> Result<Status, CommandError> {
        let (spec, ready) = self.persistent_spec(name)?;
        spec.check(values)
            .map_err(|problem| CommandError::Values { name: name.to_owned(), problem })?;
        let process = match self.running(name) {
            Some(process) => process,
            None => self.start_new(spec, ready, values).await?,
        };
        if process.values != *values {
            let running = Value::Object(process.values.clone()).to_string();
            return Err(CommandError::RunsOtherwise { name: name.to_owned(), running });
        }
        if let Err(error) = process.wait_ready().await {
            process.launched.killed().await?;
            return Err(error);
        }
        Ok(process.status())
    }

    /// How a persistent command is, now.
    pub fn status(&self, name: &str) -> Result<Status, CommandError> {
        self.persistent_spec(name)?;
        Ok(self.last(name).map_or_else(|| Status::never_started(name), |process| process.status()))
    }

    /// Sends the signal to the command's group, waits for the end of all that it started, and kills what is left after
    /// the grace. Returns when everything is reaped; does nothing if it is not running.
    pub async fn stop(&self, name: &str, options: &StopOptions) -> Result<Status, CommandError> {
        self.persistent_spec(name)?;
        let Some(process) = self.last(name) else { return Ok(Status::never_started(name)) };
        process.stopping.store(true, Ordering::Relaxed);
        let tree = &process.launched.tree;
        tree.signal(options.signal);
        // Late or failed: either way the rest is killed.
        let _ = tokio::time::timeout(options.grace, tree.ended()).await;
        process.launched.killed().await?;
        Ok(process.status())
    }

    async fn start_new(
        &self,
        spec: &CommandSpec,
        ready: &Ready,
        values: &Map<String, Value>,
    ) -> Result<Arc<Persistent>, CommandError> {
        let bad_values = |problem| CommandError::Values { name: spec.name.clone(), problem };
        let probe = Probe::new(&ready.sign, values).map_err(bad_values)?;
        // What is left of the last one (being stopped, or only its descendants) may hold the port.
        if let Some(last) = self.last(&spec.name) {
            last.launched.killed().await?;
        }
        if let Some(port) = probe.taken_port().await {
            // Unless another call started this command meanwhile.
            if self.running(&spec.name).is_none() {
                return Err(CommandError::PortTaken { name: spec.name.clone(), port });
            }
        }
        // Nothing is awaited from here on, so that two calls at a time on one thread start one process.
        if let Some(process) = self.running(&spec.name) {
            return Ok(process);
        }
        if self.persistent_count() >= MOST_RUNNING {
            return Err(CommandError::TooMany { name: spec.name.clone(), limit: MOST_RUNNING });
        }
        let keep = Keep::Last(OUTPUT_BYTES);
        let launched =
            self.launch(spec, &Call { values, stdin: None, keep, watch: probe.line() })?;
        let process = Arc::new(Persistent {
            launched,
            values: values.clone(),
            probe,
            ready_timeout: ready.timeout,
            ready: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
        });
        let mut running = self.lock();
        running.persistent.retain(|other| other.launched.name != spec.name);
        running.persistent.push(Arc::clone(&process));
        Ok(process)
    }

    fn persistent_spec(&self, name: &str) -> Result<(&CommandSpec, &Ready), CommandError> {
        let spec = self.commands.get(name)?;
        let mend = "is not persistent; run it with commands.run, or give it `persistent = true`";
        let error = || CommandError::WrongKind { name: name.to_owned(), mend };
        Ok((spec, spec.persistent.as_ref().ok_or_else(error)?))
    }

    /// The last process of a command, running or not.
    fn last(&self, name: &str) -> Option<Arc<Persistent>> {
        self.lock().persistent.iter().find(|process| process.launched.name == name).cloned()
    }

    /// The process of a command if it runs and is not being stopped.
    fn running(&self, name: &str) -> Option<Arc<Persistent>> {
        self.last(name)
            .filter(|process| process.runs() && !process.stopping.load(Ordering::Relaxed))
    }

    /// How many persistent commands run, those that were spawned among them.
    pub(super) fn persistent_count(&self) -> usize {
        let running = self.lock();
        let started = running.persistent.iter().filter(|process| process.runs()).count();
        started + running.handles.iter().filter(|handle| handle.runs_persistent()).count()
    }
}

impl Persistent {
    fn runs(&self) -> bool {
        self.launched.runs()
    }

    async fn wait_ready(&self) -> Result<(), CommandError> {
        if self.ready.load(Ordering::Relaxed) {
            return Ok(());
        }
        let name = || self.launched.name.clone();
        let waited = || self.probe.to_string();
        let stderr = || self.launched.stderr.text();
        tokio::select! {
            biased;
            () = self.probe.wait(&self.launched.stdout) => {
                self.ready.store(true, Ordering::Relaxed);
                Ok(())
            }
            status = self.launched.tree.exited() => Err(match status {
                Ok(status) => CommandError::ExitedEarly { name: name(), status, waited: waited(), stderr: stderr() },
                Err(error) => CommandError::Io { name: name(), error },
            }),
            () = tokio::time::sleep(self.ready_timeout) => {
                let timeout = self.ready_timeout;
                Err(CommandError::NotReady { name: name(), waited: waited(), timeout, stderr: stderr() })
            }
        }
    }

    fn status(&self) -> Status {
        let tree = &self.launched.tree;
        let running = self.runs();
        let (stdout, stderr) = self.launched.texts();
        Status {
            name: self.launched.name.clone(),
            pid: Some(tree.pid()),
            running,
            exit_code: tree.exit().and_then(|status| status.code()),
            uptime_ms: u64::try_from(tree.uptime().as_millis()).unwrap_or(u64::MAX),
            stdout,
            stderr,
        }
    }
}

impl Status {
    fn never_started(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            pid: None,
            running: false,
            exit_code: None,
            uptime_ms: 0,
            stdout: String::new(),
            stderr: String::new(),
        }
    }
}
