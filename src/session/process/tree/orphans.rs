//! What a supervisor that was killed leaves behind.
//!
//! quickcuke is a subreaper itself, so the processes of such a tree become its own children. All its other children are
//! supervisors, or were there before; whatever else is below it is killed and reaped here.

use std::collections::HashSet;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::processes::Descendants;

/// How long processes that do not die are killed again and again.
const KILL_DEADLINE: Duration = Duration::from_secs(10);
const KILL_PAUSE: Duration = Duration::from_millis(2);

/// Whether this process is a subreaper.
static ADOPTS: AtomicBool = AtomicBool::new(false);
/// The children that are not orphans.
static OTHERS: Mutex<Option<HashSet<i32>>> = Mutex::new(None);
/// Read-locked while a supervisor is started and not among the others yet.
static STARTING: RwLock<()> = RwLock::new(());

/// Makes this process the parent of processes whose supervisor is killed. For the command alone: in another program the
/// children may be anybody's.
pub(in super::super) fn adopt_orphans() {
    let pid = std::process::id();
    // What a shell started before it became this process.
    let Ok(children) = std::fs::read_to_string(format!("/proc/self/task/{pid}/children")) else {
        return;
    };
    let others = children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
    *OTHERS.lock().unwrap_or_else(PoisonError::into_inner) = Some(others);
    // SAFETY: a plain system call.
    let adopts = unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 };
    ADOPTS.store(adopts, Ordering::Relaxed);
}

/// Starts a supervisor.
pub(super) fn spawn_supervisor(command: &mut Command) -> std::io::Result<Child> {
    if !ADOPTS.load(Ordering::Relaxed) {
        return command.spawn();
    }
    let _starting = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    others.get_or_insert_default().insert(child.id() as i32);
    Ok(child)
}

/// Takes note that a supervisor was reaped.
pub(super) fn forget_supervisor(pid: u32) {
    if ADOPTS.load(Ordering::Relaxed) {
        let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
        others.get_or_insert_default().remove(&(pid as i32));
    }
}

/// Kills and reaps all orphans. False: they cannot be found, or one survived.
pub(super) fn kill() -> bool {
    if !ADOPTS.load(Ordering::Relaxed) {
        return false;
    }
    let _none_is_starting = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    let others = others.get_or_insert_default();
    let until = Instant::now() + KILL_DEADLINE;
    loop {
        let Some(found) = Descendants::find() else { return false };
        let orphans = found.kill_but(|child| others.contains(&child));
        if orphans.is_empty() {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        for orphan in orphans {
            // SAFETY: a plain system call. It is a child of this process that nobody else waits for; one that is
            // further down is not, which is only an error.
            unsafe { libc::waitpid(orphan, std::ptr::null_mut(), libc::WNOHANG) };
        }
        std::thread::sleep(KILL_PAUSE);
    }
}
