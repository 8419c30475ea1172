//! What JavaScript can reach outside its own heap: console, clock, environment, file system, network, digests,
//! randomness.
//!
//! Each file is one capability: a handful of thin ops over the standard library or a well-kept crate. The JavaScript
//! that gives them Node's shape is in `prelude/node/`.
//!
//! This module must not know Cucumber, the runner, or the VM: an op sees plain [`OpValue`]s and the [`Host`] it captured.
//! Every decision on whether a path may be touched is made in [`access`], on whether a host may be reached in [`net`],
//! nowhere else; what a refusal advises is worded in [`refusal`].

mod access;
mod anybody;
mod arguments;
mod child_process;
mod clock;
mod commands;
mod connection;
mod console;
mod digest;
mod env;
mod errno;
mod fetch;
mod files;
mod fs;
mod mount;
mod net;
mod os;
mod place;
mod random;
mod refusal;
mod refusals;
mod socket;
mod text;
mod time_zone;
mod tree;
mod url;
mod vars;
mod zlib;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet, hash_map::RandomState};
use std::ffi::OsString;
use std::fs::File;
use std::hash::BuildHasher;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use crate::isolate::{CallSite, Caller, OpError, OpResult, OpValue, Ops, Position};
use crate::session::{Current, Session};
use refusal::Refused;
use refusals::Note;

use access::Access;
pub use access::Grants;
pub(crate) use mount::replaced;
pub use mount::{Mount, Permissions};
pub use net::Net;
pub use refusal::Granter;
pub(crate) use refusals::is_broad;
pub use refusals::{Asked, Refusal, Refusals};

/// Which of the two output streams a piece of console text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// `console.log`, `console.info`, `console.debug`, `process.stdout.write`.
    Stdout,
    /// `console.warn`, `console.error`, `console.trace`, `process.stderr.write`.
    Stderr,
}

/// Takes console text as it is written: whole lines from `console`, any pieces from `process.stdout.write`.
pub type Output = Rc<dyn Fn(Stream, &str)>;

/// Tells where the step or hook that runs is defined.
pub type Running = Rc<dyn Fn() -> Option<Position>>;

/// Where an op was called whose work goes on after it; found out right after its call.
type Site = Rc<OnceCell<CallSite>>;

/// The state behind the ops of one worker. Lives on the worker's thread; [`Host::begin_scenario`] clears what a scenario
/// left in it.
pub struct Host {
    access: RefCell<Access>,
    env: RefCell<Vec<(String, String)>>,
    /// The project directory: where every scenario starts whose tree is the host's.
    project: PathBuf,
    /// The directory relative paths are resolved against; `process.chdir` moves it, the next scenario moves it back.
    cwd: RefCell<PathBuf>,
    scratch: PathBuf,
    /// Whether the directory for temporary files is there: it is made when somebody asks for it.
    has_scratch: Cell<bool>,
    output: Output,
    /// What `performance.now`, `process.hrtime` and `process.uptime` count from.
    started: Instant,
    /// Files opened with `fs.open`, by the descriptor JavaScript knows.
    open_files: RefCell<HashMap<u32, File>>,
    /// Requests of `fetch` and `node:http` that are not over.
    fetches: fetch::Fetches,
    /// Connections of `node:net`.
    sockets: socket::Sockets,
    /// What was there when the snapshot was taken, and is there for every scenario.
    kept: RefCell<Kept>,
    /// What the op that runs was refused.
    refused: RefCell<Vec<Note>>,
    /// Whether what is refused was listed before: the VM repeats what came before the snapshot.
    is_repeating: Cell<bool>,
    caller: OnceCell<Caller>,
    running: OnceCell<Running>,
}

/// The host's side of a snapshot.
#[derive(Default)]
struct Kept {
    cwd: Option<PathBuf>,
    open_files: HashSet<u32>,
    /// None without the directory.
    temporary: Option<HashSet<OsString>>,
}

impl Host {
    /// `cwd` is the project directory, `scratch` a directory that is nobody else's (`os.tmpdir()`, always readable and
    /// writable), made when it is first asked for: what scenarios leave in it is deleted. Neither needs to be canonical.
    pub fn new(grants: Grants, cwd: PathBuf, scratch: PathBuf, output: Output) -> Self {
        let access = Access::new(&grants, &cwd, &scratch);
        Self {
            env: RefCell::new(grants.env),
            project: cwd,
            cwd: RefCell::new(access.home.clone()),
            access: RefCell::new(access),
            has_scratch: Cell::new(scratch.is_dir()),
            scratch,
            output,
            started: Instant::now(),
            open_files: RefCell::new(HashMap::new()),
            fetches: fetch::Fetches::default(),
            sockets: socket::Sockets::default(),
            kept: RefCell::default(),
            refused: RefCell::default(),
            is_repeating: Cell::new(false),
            caller: OnceCell::new(),
            running: OnceCell::new(),
        }
    }

    /// Says whether the VM repeats what came before the snapshot, whose refusals are listed already.
    pub fn set_repeating(&self, is_repeating: bool) {
        self.is_repeating.set(is_repeating);
    }

    /// Lets a refusal whose stack shows nothing of the author's name the step or hook that runs. Takes effect once.
    pub fn set_running(&self, running: Running) {
        let _ = self.running.set(running);
    }

    /// Allows what `grants` says from now on, and nothing else. The working directory stays if the tree is still the
    /// host's, or still not.
    pub fn grant(&self, grants: Grants) {
        let access = Access::new(&grants, &self.project, &self.scratch);
        let home = access.home.clone();
        if self.access.replace(access).home != home {
            self.cwd.replace(home);
        }
        self.env.replace(grants.env);
    }

    /// Takes note of what BeforeAll hooks left: open files, the working directory, temporary files.
    ///
    /// # Errors
    /// A directory for temporary files that cannot be listed.
    pub fn freeze(&self) -> io::Result<()> {
        let temporary = match self.has_scratch.get() {
            true => Some(names_in(&self.scratch)?),
            false => None,
        };
        self.kept.replace(Kept {
            cwd: Some(self.cwd.borrow().clone()),
            open_files: self.open_files.borrow().keys().copied().collect(),
            temporary,
        });
        Ok(())
    }

    /// Whether the snapshot is taken: what runs from now on is a scenario's.
    pub(crate) fn is_frozen(&self) -> bool {
        self.kept.borrow().cwd.is_some()
    }

    /// Forgets what [`Host::freeze`] took note of, so that all of it goes with the next scenario.
    pub fn unfreeze(&self) {
        self.kept.take();
    }

    /// Back to the state a scenario starts from, that of [`Host::freeze`]: what a scenario opened is closed, what it
    /// left in the directory for temporary files is deleted.
    ///
    /// # Errors
    /// A temporary file that cannot be deleted.
    pub fn begin_scenario(&self) -> io::Result<()> {
        self.fetches.clear();
        self.sockets.clear();
        let kept = self.kept.borrow();
        self.open_files.borrow_mut().retain(|descriptor, _| kept.open_files.contains(descriptor));
        let home = &self.access.borrow().home;
        self.cwd.borrow_mut().clone_from(kept.cwd.as_ref().unwrap_or(home));
        if !self.has_scratch.get() {
            return Ok(());
        }
        let Some(temporary) = &kept.temporary else {
            std::fs::remove_dir_all(&self.scratch)?;
            self.has_scratch.set(false);
            return Ok(());
        };
        for name in names_in(&self.scratch)?.difference(temporary) {
            let path = self.scratch.join(name);
            match path.symlink_metadata()?.is_dir() {
                true => std::fs::remove_dir_all(path)?,
                false => std::fs::remove_file(path)?,
            }
        }
        Ok(())
    }

    /// The directory for temporary files.
    ///
    /// # Errors
    /// It cannot be made.
    fn scratch(&self) -> io::Result<&Path> {
        if !self.has_scratch.get() {
            std::fs::create_dir(&self.scratch)?;
            self.has_scratch.set(true);
        }
        Ok(&self.scratch)
    }

    /// `path` as an absolute path, relative ones taken from the working directory.
    fn absolute(&self, path: &str) -> PathBuf {
        let path = Path::new(path);
        if path.is_absolute() { path.to_owned() } else { self.cwd.borrow().join(path) }
    }

    /// Notes what the op that runs is refused. Whether it is permitted nevertheless.
    fn refuse(&self, note: Note) -> bool {
        let path = |asked: &Asked| match asked {
            Asked::Read { path, .. } | Asked::Write { path, .. } => Some(path.clone()),
            _ => None,
        };
        // An op may ask for one path several times: what it wants at the most counts.
        let mut refused = self.refused.borrow_mut();
        let is_same =
            |other: &Note| path(&note.asked).is_some_and(|own| path(&other.asked) == Some(own));
        match refused.iter_mut().find(|other| is_same(other)) {
            Some(other) if matches!(note.asked, Asked::Write { .. }) => *other = note,
            Some(_) => {}
            None => refused.push(note),
        }
        self.access.borrow().refusals.permits()
    }

    /// Notes a command that is known by its name alone.
    fn refuse_command(&self, name: &str, problem: &str) {
        let (name, problem) = (name.to_owned(), Some(problem.to_owned()));
        self.refuse(Note::new(Asked::Command { name, problem, declaration: None }));
        self.list_refused();
    }

    /// Lists what the op that ran was refused, with its caller.
    fn list_refused(&self) {
        if self.refused.borrow().is_empty() {
            return;
        }
        for note in self.refused.take() {
            let refusals = self.access.borrow().refusals.clone();
            let Some(caller) = self.caller.get() else { continue };
            if self.is_repeating.get() || refusals.count(&note.asked) {
                continue;
            }
            let running = self.running.get().cloned();
            caller.ask(move |site| {
                refusals.add(note, site, || running.and_then(|running| running()));
            });
        }
    }

    /// The caller of an op whose work goes on after it, for what that may be refused.
    fn call_site(&self) -> Site {
        let site = Site::default();
        if let (Some(caller), true) = (self.caller.get(), self.access.borrow().net != Net::Any) {
            let slot = Rc::clone(&site);
            caller.ask(move |found| drop(slot.set(found.clone())));
        }
        site
    }

    /// A refusal that is not about a path, and what would grant it.
    fn told(&self, refused: &Refused<'_>) -> String {
        self.access.borrow().granter.told(refused)
    }

    fn write(&self, stream: Stream, text: &str) {
        (self.output)(stream, text);
    }
}

fn names_in(directory: &Path) -> io::Result<HashSet<OsString>> {
    std::fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
}

/// Where a VM that belongs to no run may have its directory for temporary files: a path that is nobody else's. `what`
/// tells those who find it what the VM is for.
pub fn scratch_path(what: &str) -> PathBuf {
    let unique = RandomState::new().hash_one(std::process::id());
    std::env::temp_dir().join(format!("quickcuke-{what}-{unique:016x}"))
}

/// An op over the host's state.
type Op = fn(&Host, &[OpValue]) -> OpResult;

/// Every op of this module but those of the session.
fn all() -> impl Iterator<Item = (&'static str, Op)> {
    let tables = [
        console::OPS,
        clock::OPS,
        env::OPS,
        os::OPS,
        fs::OPS,
        files::OPS,
        random::OPS,
        digest::OPS,
        zlib::OPS,
        text::OPS,
        time_zone::OPS,
        url::OPS,
    ];
    tables.into_iter().flatten().copied()
}

/// Registers every op of this module but those of the session.
pub fn install(ops: &mut Ops, host: &Rc<Host>) {
    let _ = host.caller.set(ops.caller());
    for (name, op) in all() {
        let host = host.clone();
        ops.sync(name, move |args| {
            let result = op(&host, args);
            host.list_refused();
            result
        });
    }
    fetch::install(ops, host);
    socket::install(ops, host);
}

/// Registers the ops that reach the session of the running scenario.
pub fn install_session(ops: &mut Ops, host: &Rc<Host>, current: &Current) {
    let current = Sessions { current: current.clone(), host: host.clone() };
    vars::install(ops, &current);
    commands::install(ops, &current);
    child_process::install(ops, &current);
}

/// What the ops of the session see.
#[derive(Clone)]
struct Sessions {
    current: Current,
    host: Rc<Host>,
}

impl Sessions {
    /// The session of the running scenario.
    fn session(&self, what: &str) -> Result<Arc<Session>, OpError> {
        let none = || {
            let message = self.host.told(&Refused::NoSession(what));
            OpError::new(message).with_code("ERR_NO_SESSION")
        };
        self.current.get().ok_or_else(none)
    }
}

#[cfg(test)]
mod tests;
