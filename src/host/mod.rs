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
mod removal;
mod root;
mod scratch;
mod socket;
mod temporary;
mod text;
mod time_zone;
mod tree;
mod url;
mod vars;
mod zlib;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use crate::isolate::{OpError, OpResult, OpValue, Ops};
use crate::session::{Current, Session};
use refusal::Refused;

use access::Access;
pub use access::Grants;
pub(crate) use mount::replaced;
pub use mount::{Mount, Permissions};
pub use net::Net;
pub use refusal::Granter;
pub(crate) use root::Roots;
use scratch::Content;
pub use scratch::Scratch;
pub(crate) use temporary::{SharedTemporary, TemporaryDirectory};

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

/// The state behind the ops of one worker. Lives on the worker's thread; [`Host::begin_scenario`] clears what a scenario
/// left in it.
pub struct Host {
    access: RefCell<Access>,
    env: RefCell<Vec<(String, String)>>,
    /// The project directory: where every scenario starts whose tree is the host's.
    project: PathBuf,
    /// The directory relative paths are resolved against; `process.chdir` moves it, the next scenario moves it back.
    cwd: RefCell<PathBuf>,
    /// The directory for temporary files.
    scratch: Scratch,
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
}

/// The host's side of a snapshot.
#[derive(Default)]
struct Kept {
    cwd: Option<PathBuf>,
    open_files: HashSet<u32>,
    temporary: Content,
}

impl Host {
    /// `cwd` is the project directory, which need not be canonical, `scratch` what `os.tmpdir()` names, which may always
    /// be read and written.
    pub fn new(grants: Grants, cwd: PathBuf, scratch: Scratch, output: Output) -> Self {
        let access = Access::new(&grants, &cwd, scratch.root());
        Self {
            env: RefCell::new(grants.env),
            project: cwd,
            cwd: RefCell::new(access.home.clone()),
            access: RefCell::new(access),
            scratch,
            output,
            started: Instant::now(),
            open_files: RefCell::new(HashMap::new()),
            fetches: fetch::Fetches::default(),
            sockets: socket::Sockets::default(),
            kept: RefCell::default(),
        }
    }

    /// Allows what `grants` says from now on, and nothing else. The working directory stays if the tree is still the
    /// host's, or still not.
    pub fn grant(&self, grants: Grants) {
        let access = Access::new(&grants, &self.project, self.scratch.root());
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
        let temporary = self.scratch.content()?;
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
        self.scratch.clean(&kept.temporary)
    }

    /// `path` as an absolute path, relative ones taken from the working directory.
    fn absolute(&self, path: &str) -> PathBuf {
        let path = Path::new(path);
        if path.is_absolute() { path.to_owned() } else { self.cwd.borrow().join(path) }
    }

    /// A refusal that is not about a path, and what would grant it.
    fn told(&self, refused: &Refused<'_>) -> String {
        self.access.borrow().granter.told(refused)
    }

    fn write(&self, stream: Stream, text: &str) {
        (self.output)(stream, text);
    }
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
    for (name, op) in all() {
        let host = host.clone();
        ops.sync(name, move |args| op(&host, args));
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
