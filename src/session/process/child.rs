//! `node:child_process`: programs that JavaScript asks for by their command lines.
//!
//! Which ones may run says `declared`; all may with trust.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::Arc;

use std::os::unix::process::CommandExt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Processes;
use super::command::{CommandSpec, Commands};
use super::declaration::Declaration;
use super::declared::Asked;
use super::handle::next_id;
use super::input::Stdin;
use super::launch::{Launched, StartError, Streams};
use super::output::Keep;

/// Most bytes of a stream that are read before JavaScript wants them.
const AHEAD: usize = 64 * 1024;

/// A program to run, as `child_process` asks for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChildRequest {
    /// The program, or with a shell its text.
    pub file: String,
    /// The arguments; none with a shell.
    pub args: Vec<String>,
    /// What the program is told to be called.
    pub argv0: Option<String>,
    /// The shell that runs the text.
    pub shell: Option<String>,
    /// Where to run it, an absolute path.
    pub cwd: PathBuf,
    /// Whether the call named the directory.
    pub own_cwd: bool,
    /// The environment, whole.
    pub env: BTreeMap<String, String>,
    /// Whether it is to have all variables of `process.env`, those included that are not shown there.
    #[serde(default)]
    pub inherits_all: bool,
    /// Names of the variables whose values are those of `process.env`.
    pub inherited: BTreeSet<String>,
    /// Whether stdin can be written; else it is empty.
    pub stdin: bool,
    /// Whether stdout can be read; else it goes nowhere.
    pub stdout: bool,
    /// Whether stderr can be read; else it goes nowhere.
    pub stderr: bool,
    /// Whether it may be permitted if nothing declares it.
    #[serde(skip)]
    pub may_be_permitted: bool,
    /// Whether it may run as if it were declared.
    #[serde(skip)]
    pub is_permitted: bool,
    /// A directory that is another one in each run.
    #[serde(skip)]
    pub temporary: Option<PathBuf>,
}

/// Why a child was not started, or not waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChildError {
    /// No declared command is this.
    #[error("child_process: {asked} is not declared, so it may not run")]
    NotDeclared {
        asked: String,
        declaration: Box<Declaration>,
        /// Why that declaration would not do.
        problem: Option<String>,
    },
    /// A declared command, but with something else than its declaration says.
    #[error("child_process: {asked} is the declared command \"{name}\", {problem}")]
    Otherwise { asked: String, name: String, problem: String },
    /// The session has ended.
    #[error("child_process: the session has ended")]
    SessionEnded,
    /// `fork`, `chdir` or `exec` failed.
    #[error("{0}")]
    Spawn(io::Error),
    /// A pipe failed.
    #[error("child_process: {0}")]
    Io(io::Error),
    /// The deadline of what waits for it passed; it was killed.
    #[error("the deadline passed while the program ran")]
    Deadline,
}

/// A stream that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildStream {
    Stdout,
    Stderr,
}

/// A program that was started. It lives on without this, until the session ends.
#[derive(Debug, Clone)]
pub struct Child {
    id: u64,
    launched: Arc<Launched>,
}

impl Processes {
    /// Starts a program.
    pub fn open_child(&self, request: &ChildRequest) -> Result<Child, ChildError> {
        let piped = |wanted: bool| wanted.then_some(Keep::Ahead(AHEAD));
        let launched = self.launch_child(
            request,
            &Streams {
                stdin: if request.stdin { Stdin::Open } else { Stdin::Null },
                stdout: piped(request.stdout),
                stderr: piped(request.stderr),
                watch: None,
            },
        )?;
        let child = Child { id: next_id(), launched };
        self.lock().children.push(child.clone());
        Ok(child)
    }

    /// A child by its number.
    pub fn child(&self, id: u64) -> Option<Child> {
        self.lock().children.iter().find(|child| child.id == id).cloned()
    }

    /// Forgets a child; it may go on running.
    pub fn forget_child(&self, id: u64) {
        self.lock().children.retain(|child| child.id != id);
    }

    /// Sends a signal to what was started with this pid, or with the negative of it to its group; 0 sends none. Whether
    /// such a program of this session runs.
    pub fn signal_pid(&self, pid: i64, signal: i32) -> bool {
        let running = self.lock();
        let is_meant = |one: &&Arc<Launched>| i64::from(one.tree.pid()) == pid.abs() && one.runs();
        let Some(launched) = running.launched.iter().find(is_meant) else { return false };
        match signal {
            0 => {}
            _ if pid < 0 => launched.tree.signal(signal),
            _ => launched.tree.signal_command(signal),
        }
        true
    }

    /// From now on nobody reads what the children write: it goes nowhere, and holds none of them up.
    pub fn forget_child_output(&self) {
        for child in &self.lock().children {
            child.launched.stdout.forget();
            child.launched.stderr.forget();
        }
    }

    pub(super) fn launch_child(
        &self,
        request: &ChildRequest,
        streams: &Streams<'_>,
    ) -> Result<Arc<Launched>, ChildError> {
        let (name, command) = self.permitted(request)?;
        self.start_command(name, command, streams).map_err(|error| match error {
            StartError::Ended => ChildError::SessionEnded,
            StartError::Spawn(error) => ChildError::Spawn(error),
            StartError::Pipe(error) => ChildError::Io(error),
        })
    }

    /// The command to be, and how messages call it.
    fn permitted(&self, request: &ChildRequest) -> Result<(String, Command), ChildError> {
        let words = request.words();
        let asked = request.asked(&words);
        if self.surroundings.trust && self.commands.find_by_name(asked).is_none() {
            return Ok((request.file.clone(), request.command()));
        }
        let commands = match self.commands.find(asked) {
            Some(_) => Arc::clone(&self.commands),
            None => {
                let declaration = self.commands.declaration_of(request, &self.surroundings.project);
                let commands = Arc::new(declaration.commands());
                if !request.is_permitted {
                    let (asked, problem) = (request.told(), self.problem(request, &commands));
                    let declaration = Box::new(declaration);
                    return Err(ChildError::NotDeclared { asked, declaration, problem });
                }
                commands
            }
        };
        let Some((spec, values)) = commands.find(asked) else {
            return Ok((request.file.clone(), request.command()));
        };
        match self.as_declared(request, spec, &values) {
            Err(ChildError::Otherwise { .. }) if request.is_permitted => {
                Ok((request.file.clone(), request.command()))
            }
            command => command,
        }
    }

    /// Why a request would not run even if these commands were declared.
    fn problem(&self, request: &ChildRequest, commands: &Commands) -> Option<String> {
        let words = request.words();
        let Some((spec, values)) = commands.find(request.asked(&words)) else {
            return Some("its text cannot be declared".to_owned());
        };
        match self.as_declared(request, spec, &values) {
            Err(ChildError::Otherwise { problem, .. }) => {
                Some(format!("a declared command is one {problem}"))
            }
            _ => None,
        }
    }

    /// The command of a declaration that a request matches.
    fn as_declared(
        &self,
        request: &ChildRequest,
        spec: &CommandSpec,
        values: &Map<String, Value>,
    ) -> Result<(String, Command), ChildError> {
        let otherwise = |problem: String| ChildError::Otherwise {
            asked: request.told(),
            name: spec.name.clone(),
            problem,
        };
        if request.shell.as_deref().is_some_and(|shell| !matches!(shell, "/bin/sh" | "sh")) {
            let problem = "which runs in sh and no other shell; leave `shell` out";
            return Err(otherwise(problem.to_owned()));
        }
        if request.argv0.is_some() {
            return Err(otherwise("whose `argv0` cannot be set; leave it out".to_owned()));
        }
        let (mut command, _) = self.surroundings.command(spec, values).map_err(otherwise)?;
        if self.surroundings.trust {
            command.env_clear().envs(&request.env);
            command.current_dir(&request.cwd);
            return Ok((spec.name.clone(), command));
        }
        let directory = self.surroundings.directory(spec);
        if request.own_cwd && request.cwd.canonicalize().ok() != directory.canonicalize().ok() {
            return Err(otherwise(format!(
                "which runs in {}, not in {}; give it a `cwd`",
                directory.display(),
                request.cwd.display()
            )));
        }
        for (name, value) in &request.env {
            if spec.env.contains(name) && name != "PATH" {
                command.env(name, value);
            } else if !request.inherited.contains(name) {
                let mend = match name.as_str() {
                    "PATH" => "whose PATH cannot be changed; leave it out".to_owned(),
                    _ => format!(
                        "which does not get the variable {name}; add it: [commands.{}] env = [\"{name}\"]",
                        spec.name
                    ),
                };
                return Err(otherwise(mend));
            }
        }
        Ok((spec.name.clone(), command))
    }
}

impl ChildRequest {
    /// The program and its arguments.
    pub(super) fn words(&self) -> Vec<String> {
        std::iter::once(&self.file).chain(&self.args).cloned().collect()
    }

    /// What is to run; `words` are its own.
    pub(super) fn asked<'a>(&'a self, words: &'a [String]) -> Asked<'a> {
        if self.shell.is_some() { Asked::Text(&self.file) } else { Asked::Words(words) }
    }

    /// Exactly what is asked for.
    fn command(&self) -> Command {
        let mut command = match &self.shell {
            Some(shell) => {
                let mut command = Command::new(shell);
                command.arg("-c").arg(&self.file);
                command
            }
            None => {
                let mut command = Command::new(&self.file);
                command.args(&self.args);
                command
            }
        };
        if let Some(argv0) = &self.argv0 {
            command.arg0(argv0);
        }
        command.env_clear().envs(&self.env).current_dir(&self.cwd);
        command
    }

    /// The command line, for messages.
    pub fn told(&self) -> String {
        let mut told = self.file.clone();
        for arg in &self.args {
            told.push(' ');
            told.push_str(arg);
        }
        format!("{told:?}")
    }
}

impl Child {
    /// Its number, which no other child of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The process of the program itself.
    pub fn pid(&self) -> u32 {
        self.launched.tree.pid()
    }

    /// What it wrote and was not read yet, as soon as there is something. Nothing at the end of the stream.
    pub async fn read(&self, stream: ChildStream) -> Vec<u8> {
        match stream {
            ChildStream::Stdout => self.launched.stdout.next().await,
            ChildStream::Stderr => self.launched.stderr.next().await,
        }
    }

    /// Writes to its stdin; back when the pipe has taken it all. Errors: `BrokenPipe` once that is closed.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match &self.launched.stdin {
            Some(stdin) => stdin.write(bytes).await,
            None => Err(io::Error::from_raw_os_error(libc::EPIPE)),
        }
    }

    /// Ends its stdin after what is written.
    pub async fn close_stdin(&self) {
        if let Some(stdin) = &self.launched.stdin {
            stdin.close().await;
        }
    }

    /// Waits for the end of the program; whoever waits for what it wrote before gets that first.
    pub async fn exited(&self) -> io::Result<ExitStatus> {
        let status = self.launched.tree.exited().await;
        self.launched.stdout.catch_up();
        self.launched.stderr.catch_up();
        tokio::task::yield_now().await;
        status
    }

    /// Sends a signal to the program itself; 0 sends none. Whether it runs.
    pub fn signal(&self, signal: i32) -> bool {
        let runs = self.launched.runs();
        if runs && signal != 0 {
            self.launched.tree.signal_command(signal);
        }
        runs
    }
}
