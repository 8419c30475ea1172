//! A command line as a running process.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::command::{CommandSpec, Run};
use super::input::{Input, Stdin};
use super::output::{Keep, Output};
use super::tree::{END_TIMEOUT, Tree};
use super::{CommandError, Processes, live};

/// Gives the value of an environment variable that a child may get.
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// What all commands of a session share.
pub(super) struct Surroundings {
    pub(super) project: PathBuf,
    pub(super) env: EnvLookup,
    pub(super) own_groups: bool,
    /// Whether `child_process` may run what is not declared.
    pub(super) trust: bool,
}

/// A running command: its tree, and its streams.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) name: String,
    pub(super) tree: Tree,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    /// None: it reads nothing.
    pub(super) stdin: Option<Input>,
}

/// The streams of a command to be; no [`Keep`] is `/dev/null`.
pub(super) struct Streams<'a> {
    pub(super) stdin: Stdin<'a>,
    pub(super) stdout: Option<Keep>,
    pub(super) stderr: Option<Keep>,
    /// A text that a line of stdout is waited for.
    pub(super) watch: Option<&'a str>,
}

/// What a call of a declared command says beyond the declaration.
pub(super) struct Call<'a> {
    pub(super) values: &'a Map<String, Value>,
    /// `None`: what is declared.
    pub(super) stdin: Option<Stdin<'a>>,
    /// What is kept of either stream.
    pub(super) keep: Keep,
    pub(super) watch: Option<&'a str>,
}

/// Why [`Processes::start_command`] started nothing.
pub(super) enum StartError {
    Ended,
    /// What `fork`, `chdir` and `exec` say.
    Spawn(io::Error),
    /// A pipe that the runtime does not take.
    Pipe(io::Error),
}

impl Processes {
    /// Starts a declared command. It belongs to the session before this returns, whatever becomes of the caller.
    pub(super) fn launch(
        &self,
        spec: &CommandSpec,
        call: &Call<'_>,
    ) -> Result<Arc<Launched>, CommandError> {
        let name = || spec.name.clone();
        let bad_values = |problem| CommandError::Values { name: name(), problem };
        spec.check(call.values).map_err(bad_values)?;
        let (command, program) =
            self.surroundings.command(spec, call.values).map_err(bad_values)?;
        let declared = spec
            .stdin
            .as_ref()
            .map(|stdin| stdin.fill(call.values))
            .transpose()
            .map_err(bad_values)?;
        let declared =
            || declared.as_ref().map_or(Stdin::Null, |text| Stdin::Bytes(text.as_bytes()));
        let streams = Streams {
            stdin: call.stdin.unwrap_or_else(declared),
            stdout: Some(call.keep),
            stderr: Some(call.keep),
            watch: call.watch,
        };
        let cwd = self.surroundings.directory(spec);
        let not_started =
            |error| CommandError::Spawn { name: name(), program, cwd: cwd.clone(), error };
        if !cwd.is_dir() {
            let error =
                io::Error::new(io::ErrorKind::NotFound, "the working directory does not exist");
            return Err(not_started(error));
        }
        self.start_command(name(), command, &streams).map_err(|error| match error {
            StartError::Ended => CommandError::SessionEnded { name: name() },
            StartError::Spawn(error) => not_started(error),
            StartError::Pipe(error) => CommandError::Io { name: name(), error },
        })
    }

    /// Starts whatever it is; the permission was looked at.
    pub(super) fn start_command(
        &self,
        name: String,
        mut command: Command,
        streams: &Streams<'_>,
    ) -> Result<Arc<Launched>, StartError> {
        let piped = |wanted| if wanted { Stdio::piped() } else { Stdio::null() };
        command
            .stdin(piped(!matches!(streams.stdin, Stdin::Null)))
            .stdout(piped(streams.stdout.is_some()))
            .stderr(piped(streams.stderr.is_some()));
        // Held while the process starts: `end` must not miss it.
        let mut running = self.lock();
        if running.ended {
            return Err(StartError::Ended);
        }
        running.prune();
        let (tree, pipes) =
            Tree::spawn(command, self.surroundings.own_groups).map_err(StartError::Spawn)?;
        let stdin = pipes.stdin.map(|pipe| Input::new(pipe, streams.stdin));
        let stdout = match (pipes.stdout, streams.stdout) {
            (Some(pipe), Some(keep)) => Output::read(pipe, keep, streams.watch),
            _ => Ok(Output::none()),
        };
        let stderr = match (pipes.stderr, streams.stderr) {
            (Some(pipe), Some(keep)) => Output::read(pipe, keep, None),
            _ => Ok(Output::none()),
        };
        let launched = Arc::new(Launched {
            name,
            tree,
            stdout: stdout.map_err(StartError::Pipe)?,
            stderr: stderr.map_err(StartError::Pipe)?,
            stdin: stdin.transpose().map_err(StartError::Pipe)?,
        });
        if !live::add(&launched) {
            return Err(StartError::Ended);
        }
        running.launched.push(Arc::clone(&launched));
        Ok(launched)
    }
}

impl Surroundings {
    /// A declared command to be, and how messages call its program.
    pub(super) fn command(
        &self,
        spec: &CommandSpec,
        values: &Map<String, Value>,
    ) -> Result<(Command, String), String> {
        let (mut command, program) = match &spec.run {
            Run::Script(script) => {
                let mut command = Command::new("sh");
                command.arg("-c").arg(script.fill(values)?);
                (command, "sh".to_owned())
            }
            Run::Program(program, arguments) => {
                let program = program.fill(values)?;
                let mut command = Command::new(&program);
                for argument in arguments {
                    command.arg(argument.fill(values)?);
                }
                (command, program)
            }
        };
        command.env_clear().current_dir(self.directory(spec));
        for name in std::iter::once("PATH").chain(spec.env.iter().map(String::as_str)) {
            if let Some(value) = (self.env)(name) {
                command.env(name, value);
            }
        }
        Ok((command, program))
    }

    /// Where a declared command runs.
    pub(super) fn directory(&self, spec: &CommandSpec) -> PathBuf {
        self.project.join(&spec.cwd)
    }
}

impl Launched {
    /// Whether the command itself runs.
    pub(super) fn runs(&self) -> bool {
        self.tree.exit().is_none() && !self.tree.has_ended()
    }

    /// Kills the tree and waits for that.
    pub(super) async fn killed(&self) -> Result<(), CommandError> {
        self.tree.kill();
        // What came of it is told below.
        let _ = tokio::time::timeout(END_TIMEOUT, self.tree.ended()).await;
        self.end()
    }

    /// How its end went, once its tree was killed and waited for.
    pub(super) fn end(&self) -> Result<(), CommandError> {
        let (name, pid) = (self.name.clone(), self.tree.pid());
        match (self.tree.ended_clean(), self.tree.supervisor_was_killed()) {
            (true, false) => Ok(()),
            (true, true) => Err(CommandError::SupervisorKilled { name }),
            (false, _) => Err(CommandError::Survived { name, pid }),
        }
    }
}

/// Kills a tree when the call that waits for it is dropped; its end is waited for by the session.
pub(super) struct KillOnDrop(pub(super) Option<Arc<Launched>>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        if let Some(launched) = &self.0 {
            launched.tree.kill();
        }
    }
}
