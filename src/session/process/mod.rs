//! The processes of a session: declared commands, run within bounds, none of which outlives the session.
//!
//! - `command`, `duration`, `suggest`: what `[commands]` declares;
//! - `placeholder`, `shell`: values into command lines, and back;
//! - `launch`: a command line as a running process;
//! - `one_shot`, `persistent`, `ready`, `handle`: `run`, `start`/`status`/`stop`, `spawn` and what follows it;
//! - `child`, `blocking`, `declared`, `declaration`: `node:child_process`, what it may run, and what would let it;
//! - `input`, `output`, `signal`, `error`: what they use;
//! - `tree`, `sys`: a command with all its descendants, over the operating system.
//!
//! Must not know of JavaScript, and must not run anything that is not in [`Commands`], unless it is trusted to.

mod blocking;
mod child;
mod command;
mod declaration;
mod declared;
mod duration;
mod error;
mod handle;
mod input;
mod launch;
mod one_shot;
mod output;
mod persistent;
mod placeholder;
mod ready;
mod shell;
pub mod signal;
mod suggest;
mod sys;
mod tree;

#[cfg(all(test, target_os = "linux"))]
mod tests;

pub use blocking::{BlockingOptions, Finished, KillReason};
pub use child::{Child, ChildError, ChildRequest, ChildStream};
pub use command::{CommandSpecError, Commands};
pub use declaration::Declaration;
pub(crate) use declaration::inline_toml;
pub use error::CommandError;
pub use handle::{HandleInfo, HandleOptions, HandleStatus, State as HandleState};
pub use launch::EnvLookup;
pub use one_shot::RunOptions;
pub use persistent::{Status, StopOptions};

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use handle::Handle;
use launch::Launched;
use persistent::Persistent;

/// All processes of one session. Dropping it ends them.
///
/// May be used from several threads; the async methods need a tokio runtime with I/O and time, which must go on running
/// for output to be read. [`Processes::end`] needs none, so that a worker which hangs can be cleaned up after.
pub struct Processes {
    commands: Arc<Commands>,
    surroundings: launch::Surroundings,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    /// Nothing starts any more.
    ended: bool,
    /// Everything that was started and of which something may live, one-shots that left something behind included.
    launched: Vec<Arc<Launched>>,
    /// The last process of each persistent command, running or not.
    persistent: Vec<Arc<Persistent>>,
    /// What was spawned and not released, the oldest first.
    handles: Vec<Arc<Handle>>,
    /// What `child_process` started and has not let go of.
    children: Vec<Child>,
}

impl Processes {
    /// No processes yet. `project` is what `cwd` is relative to; `env` gives the variables that children may get.
    pub(super) fn new(
        commands: Arc<Commands>,
        project: PathBuf,
        env: EnvLookup,
        trust: bool,
    ) -> Self {
        let own_groups = tree::may_make_groups();
        let surroundings = launch::Surroundings { project, env, own_groups, trust };
        Self { commands, surroundings, running: Mutex::default() }
    }

    /// Kills every process of the session and all descendants; blocks until they are gone (milliseconds as a rule, 12
    /// seconds at most each). Nothing can be started afterwards.
    ///
    /// Errors: the first process that could not be killed.
    pub fn end(&self) -> Result<(), CommandError> {
        let launched = self.close();
        launched.iter().for_each(|one| one.tree.kill());
        let survivors: Vec<_> = launched.iter().filter(|one| !one.tree.kill_and_wait()).collect();
        survivors.first().map_or(Ok(()), |one| Err(one.survived()))
    }

    /// The same without blocking the thread.
    pub async fn shutdown(&self) -> Result<(), CommandError> {
        let launched = self.close();
        launched.iter().for_each(|one| one.tree.kill());
        for one in &launched {
            one.killed().await?;
        }
        Ok(())
    }

    /// Whether a command of that name may run at all.
    ///
    /// # Errors
    /// None is declared.
    pub fn require_declared(&self, name: &str) -> Result<(), CommandError> {
        self.commands.get(name).map(drop)
    }

    /// How many processes were started of which something lives.
    pub fn live_count(&self) -> usize {
        let mut running = self.lock();
        running.prune();
        running.launched.len()
    }

    fn close(&self) -> Vec<Arc<Launched>> {
        let mut running = self.lock();
        running.ended = true;
        running.persistent.clear();
        running.handles.clear();
        running.children.clear();
        std::mem::take(&mut running.launched)
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Forgets what has ended.
    fn prune(&mut self) {
        self.launched.retain(|one| !one.tree.has_ended());
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // Whoever wants to know of a survivor calls `end`.
        let _ = self.end();
    }
}

impl std::fmt::Debug for Processes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Processes").field("live", &self.live_count()).finish_non_exhaustive()
    }
}
