//! A declared command with its values as a running process.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinHandle;

use super::command::{CommandSpec, Run};
use super::output::{Keep, Output};
use super::tree::{END_TIMEOUT, Tree};
use super::{CommandError, Processes};

/// Gives the value of an environment variable that a child may get.
pub type EnvLookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// What all commands of a session share.
pub(super) struct Surroundings {
    pub(super) project: PathBuf,
    pub(super) env: EnvLookup,
    pub(super) own_groups: bool,
}

/// A running command: its tree, and its streams.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) name: String,
    pub(super) tree: Tree,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    stdin: Option<JoinHandle<()>>,
}

/// What a call says beyond the declaration.
pub(super) struct Call<'a> {
    pub(super) values: &'a Map<String, Value>,
    /// Overrides the declared one.
    pub(super) stdin: Option<&'a str>,
    pub(super) keep: Keep,
    /// A text that a line of stdout is waited for.
    pub(super) watch: Option<&'a str>,
}

impl Processes {
    /// Starts a command. It belongs to the session before this returns, whatever becomes of the caller.
    pub(super) fn launch(
        &self,
        spec: &CommandSpec,
        call: &Call<'_>,
    ) -> Result<Arc<Launched>, CommandError> {
        let name = || spec.name.clone();
        let bad_values = |problem| CommandError::Values { name: name(), problem };
        spec.check(call.values).map_err(bad_values)?;
        let (mut command, program) =
            self.surroundings.command(spec, call.values).map_err(bad_values)?;
        let declared = spec
            .stdin
            .as_ref()
            .map(|stdin| stdin.fill(call.values))
            .transpose()
            .map_err(bad_values)?;
        let input = call.stdin.map(ToOwned::to_owned).or(declared);
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());

        let cwd = self.surroundings.project.join(&spec.cwd);
        let not_started =
            |error| CommandError::Spawn { name: name(), program, cwd: cwd.clone(), error };
        if !cwd.is_dir() {
            let error = std::io::Error::new(
                std::io::ErrorKind::NotFound,
                "the working directory does not exist",
            );
            return Err(not_started(error));
        }
        command.current_dir(&cwd);

        // Held while the process starts: `end` must not miss it.
        let mut running = self.lock();
        if running.ended {
            return Err(CommandError::SessionEnded { name: name() });
        }
        running.prune();
        let (tree, pipes) =
            Tree::spawn(command, self.surroundings.own_groups).map_err(not_started)?;
        let failed = |error| CommandError::Io { name: name(), error };
        let missing = || failed(std::io::Error::other("a pipe is missing"));
        let stdout = pipes.stdout.ok_or_else(missing)?;
        let stderr = pipes.stderr.ok_or_else(missing)?;
        let stdin = match (pipes.stdin, input) {
            (Some(pipe), Some(input)) => Some(feed(pipe.into(), input).map_err(failed)?),
            _ => None,
        };
        let launched = Arc::new(Launched {
            name: name(),
            tree,
            stdout: Output::read(stdout, call.keep, call.watch).map_err(failed)?,
            stderr: Output::read(stderr, call.keep, None).map_err(failed)?,
            stdin,
        });
        running.launched.push(Arc::clone(&launched));
        Ok(launched)
    }
}

impl Surroundings {
    /// The command to be, and how messages call its program.
    fn command(
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
        command.env_clear();
        for name in std::iter::once("PATH").chain(spec.env.iter().map(String::as_str)) {
            if let Some(value) = (self.env)(name) {
                command.env(name, value);
            }
        }
        Ok((command, program))
    }
}

/// Writes `input` and closes the pipe, in a task. A command need not read its input.
fn feed(pipe: OwnedFd, input: String) -> std::io::Result<JoinHandle<()>> {
    let mut pipe = tokio::net::unix::pipe::Sender::from_owned_fd(pipe)?;
    Ok(tokio::spawn(async move {
        let _ = pipe.write_all(input.as_bytes()).await;
    }))
}

impl Launched {
    /// Kills the tree and waits for that.
    pub(super) async fn killed(&self) -> Result<(), CommandError> {
        self.tree.kill();
        let ended = tokio::time::timeout(END_TIMEOUT, self.tree.ended()).await;
        if ended.is_ok() && self.tree.ended_clean() { Ok(()) } else { Err(self.survived()) }
    }

    pub(super) fn survived(&self) -> CommandError {
        CommandError::Survived { name: self.name.clone(), pid: self.tree.pid() }
    }
}

impl Drop for Launched {
    fn drop(&mut self) {
        if let Some(stdin) = &self.stdin {
            stdin.abort();
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
