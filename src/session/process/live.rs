//! What runs in any session of this process, for its end: a thread that hangs cannot end its sessions any more.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::launch::Launched;

/// How long the end of all processes is waited for. What takes longer is killed all the same, by its supervisor.
const END_ALL_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause between two looks at whether they have ended.
const LOOK: Duration = Duration::from_millis(1);

static LIVE: Mutex<Live> = Mutex::new(Live { launched: Vec::new(), prune_at: 16, ended: false });

struct Live {
    launched: Vec<Weak<Launched>>,
    /// At this length those that are gone are forgotten.
    prune_at: usize,
    /// Nothing starts any more.
    ended: bool,
}

/// Keeps note of what was started; false where nothing may start any more, and then it is killed when it is dropped.
pub(super) fn add(launched: &Arc<Launched>) -> bool {
    let mut live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    if live.launched.len() >= live.prune_at {
        live.launched.retain(|one| one.strong_count() > 0);
        live.prune_at = (live.launched.len() * 2).max(16);
    }
    live.launched.push(Arc::downgrade(launched));
    !live.ended
}

/// Kills the processes of all sessions, with all their descendants, and waits until they are gone, two seconds at the
/// most. Nothing can be started afterwards: this is for the end of the program, where threads that hang hold sessions.
pub fn end_all() {
    let launched: Vec<_> = {
        let mut live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
        live.ended = true;
        live.launched.drain(..).filter_map(|one| one.upgrade()).collect()
    };
    launched.iter().for_each(|one| one.tree.kill());
    let until = Instant::now() + END_ALL_TIMEOUT;
    while launched.iter().any(|one| !one.tree.has_ended()) && Instant::now() < until {
        thread::sleep(LOOK);
    }
    // Dropping the last handle on a process that lives would wait for it.
    std::mem::forget(launched);
}
