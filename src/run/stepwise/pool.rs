//! Workers that are made when they are needed, and lent to scenarios.
//!
//! A scenario has a worker from its first JavaScript on until it ends, so a scenario that waits in a Rust step keeps
//! its world. Where all workers are lent, scenarios wait in line. One that has waited for [`LONGEST_WAIT`] gets a
//! worker beyond the limit: those that have them may be waiting for it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::config::Config;
use crate::messages::{IdGenerator, TestStepResultStatus};
use crate::script::{self, RunContext, ScriptEngine};
use crate::support::{HookTarget, SupportCode};

use super::super::RunError;
use super::super::grants;
use super::super::setup::Setup;
use super::super::worker::{Command, RunId};
use super::lent::{Guard, LentWorker};
use super::log::LogEntry;

/// How often workers are looked after.
const LOOK: Duration = Duration::from_millis(100);
/// How long a scenario waits for a worker before one is made for it.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Pool {
    setup: Setup,
    support: Arc<SupportCode>,
    /// The text that told what the step library defines: the same in every worker.
    defined: String,
    run: RunId,
    state: Mutex<State>,
    /// Woken when a worker is made, or cannot be.
    made: Condvar,
    /// Of the engine: waits for workers to load.
    runtime: Handle,
    /// Deleted after the workers.
    _scratch: TempDir,
}

#[derive(Default)]
struct State {
    /// Has loaded the step library and run nothing yet.
    first: Option<LentWorker>,
    /// Have run their BeforeAll hooks.
    idle: Vec<LentWorker>,
    /// How many there are, those that are being made included.
    live: usize,
    /// How many are being made.
    making: usize,
    waiting: VecDeque<Waiter>,
    guards: Vec<Weak<Guard>>,
    /// When a worker was last made beyond the limit.
    grown: Option<Instant>,
    /// The number of the next worker.
    next: usize,
    /// Whether a scenario has failed.
    has_failed: bool,
    /// Why there are no workers: a BeforeAll hook has failed.
    broken: Option<String>,
}

struct Waiter {
    since: Instant,
    worker: oneshot::Sender<Result<LentWorker, String>>,
}

impl Pool {
    /// Makes the first worker. Blocks.
    pub(super) fn load(
        setup: Setup,
        runtime: Handle,
        scratch: TempDir,
        run: RunId,
    ) -> Result<Arc<Self>, RunError> {
        let (mut log, mut first) = (Vec::new(), LentWorker::spawn(numbered(&setup, 0))?);
        let defined = first.loaded(&mut log);
        print_all(&log);
        let defined = defined?;
        let support = SupportCode::new(&defined, &setup.options.project, &setup.ids)?;
        let guards = vec![Arc::downgrade(&first.guard)];
        let state = State { first: Some(first), guards, next: 1, ..State::default() };
        let pool = Arc::new(Self {
            setup,
            support: Arc::new(support),
            defined,
            run,
            state: Mutex::new(state),
            made: Condvar::new(),
            runtime,
            _scratch: scratch,
        });
        let watched = Arc::downgrade(&pool);
        thread::Builder::new()
            .name("workers".to_owned())
            .spawn(move || look_after(&watched))
            .map_err(RunError::Thread)?;
        Ok(pool)
    }

    pub(super) fn support(&self) -> &Arc<SupportCode> {
        &self.support
    }

    pub(super) fn is_empty(&self) -> bool {
        self.setup.files.is_empty()
    }

    pub(super) fn ids(&self) -> &Arc<IdGenerator> {
        &self.setup.ids
    }

    pub(super) fn scripts(&self) -> &ScriptEngine {
        &self.setup.scripts
    }

    pub(super) fn script_settings(&self) -> (script::RunOptions, RunContext) {
        let options = &self.setup.options;
        (options.script_options(), options.script_context(self.setup.grants()))
    }

    /// A worker that has run its BeforeAll hooks, made if there is none and there may be one.
    ///
    /// # Errors
    /// Why it cannot be made, or that a BeforeAll hook has failed.
    pub(super) async fn take(self: &Arc<Self>) -> Result<LentWorker, String> {
        let (sender, worker) = oneshot::channel();
        {
            let mut state = self.state();
            if let Some(broken) = &state.broken {
                return Err(broken.clone());
            }
            if let Some(worker) = state.idle.pop() {
                return Ok(worker);
            }
            state.waiting.push_back(Waiter { since: Instant::now(), worker: sender });
            if state.live < self.setup.options.workers {
                self.make(&mut state);
            }
        }
        worker.await.unwrap_or_else(|_| Err(RunError::WorkerGone.to_string()))
    }

    /// Takes a worker back.
    pub(super) fn give(&self, worker: LentWorker) {
        let mut state = self.state();
        let mut worker = worker;
        while let Some(waiter) = state.waiting.pop_front() {
            match waiter.worker.send(Ok(worker)) {
                Err(Ok(refused)) => worker = refused,
                _ => return,
            }
        }
        state.idle.push(worker);
    }

    /// To be called when a scenario ends.
    pub(super) fn note_end(&self, status: TestStepResultStatus) {
        self.state().has_failed |= status == TestStepResultStatus::Failed;
    }

    /// What the sandbox refused in the scenarios so far.
    pub(super) fn refusals(&self, config: &Config) -> Option<String> {
        let passed = !self.state().has_failed;
        grants::notice(config, &self.setup.options.grants.refusals, passed)
    }

    /// A worker is gone; another one is made where scenarios wait for it.
    pub(super) fn lost(self: &Arc<Self>) {
        let mut state = self.state();
        state.live = state.live.saturating_sub(1);
        if !state.waiting.is_empty() && state.live < self.setup.options.workers {
            self.make(&mut state);
        }
    }

    /// Has a worker made, for whoever waits for longest.
    fn make(self: &Arc<Self>, state: &mut State) {
        state.live += 1;
        state.making += 1;
        let number = state.next;
        let first = state.first.take();
        if first.is_none() {
            state.next += 1;
        }
        let pool = Arc::clone(self);
        self.runtime.spawn_blocking(move || {
            let made = match first {
                Some(worker) => pool.prepare(worker),
                None => pool.start(number).and_then(|worker| pool.prepare(worker)),
            };
            match made {
                Ok(worker) => pool.give(worker),
                Err(error) => pool.fail(&error),
            }
            pool.state().making -= 1;
            pool.made.notify_all();
        });
    }

    /// One more worker, which loads the step library again.
    fn start(&self, number: usize) -> Result<LentWorker, String> {
        let made = LentWorker::spawn(numbered(&self.setup, number)).and_then(|mut worker| {
            self.state().guards.push(Arc::downgrade(&worker.guard));
            // Printed when the first one loaded.
            match worker.loaded(&mut Vec::new())? == self.defined {
                true => Ok(worker),
                false => Err(RunError::LibrariesDiffer),
            }
        });
        made.map_err(|error| error.to_string())
    }

    /// Has it run its BeforeAll hooks.
    fn prepare(&self, mut worker: LentWorker) -> Result<LentWorker, String> {
        let command = Command::BeforeAll { support: Arc::clone(&self.support), run: self.run };
        let mut log = Vec::new();
        let failures = worker.run_hooks(command, &mut log);
        print_all(&log);
        match failures.map_err(|error| error.to_string())?.as_slice() {
            [] => Ok(worker),
            failures => Err(format!("a BeforeAll hook failed: {}", failures.join("\n"))),
        }
    }

    /// There will be no workers: a library that does not load, or whose hooks fail, does so everywhere.
    fn fail(&self, error: &str) {
        let mut state = self.state();
        state.live = state.live.saturating_sub(1);
        state.broken = Some(error.to_owned());
        for waiter in state.waiting.drain(..) {
            let _ = waiter.worker.send(Err(error.to_owned()));
        }
    }

    pub(super) fn is_unfinished(&self) -> bool {
        let state = self.state();
        !state.idle.is_empty() || state.making > 0
    }

    /// As [`Stepwise::finish`](super::Stepwise::finish).
    pub(super) fn finish(&self) -> Vec<String> {
        let mut idle = {
            let state = self.state();
            let made = self.made.wait_while(state, |state| state.making > 0);
            let mut state = made.unwrap_or_else(PoisonError::into_inner);
            state.live = state.live.saturating_sub(state.idle.len());
            std::mem::take(&mut state.idle)
        };
        let mut failures = Vec::new();
        for worker in &mut idle {
            let mut log = Vec::new();
            let failed = worker.run_hooks(Command::AfterAll { run: self.run }, &mut log);
            print_all(&log);
            failures.extend(failed.unwrap_or_else(|error| vec![error.to_string()]));
        }
        failures
    }

    /// Gives workers up that are stuck, and makes one for a scenario that has waited for long.
    fn look(self: &Arc<Self>) {
        let now = Instant::now();
        let mut state = self.state();
        let mut stuck = 0;
        state.guards.retain(|guard| match guard.upgrade() {
            None => false,
            Some(guard) if guard.look(now) => {
                stuck += 1;
                false
            }
            Some(_) => true,
        });
        let waited = |since: Instant| now.saturating_duration_since(since) >= LONGEST_WAIT;
        let is_due = state.waiting.front().is_some_and(|waiter| waited(waiter.since))
            && state.grown.is_none_or(waited);
        if is_due {
            state.grown = Some(now);
            self.make(&mut state);
        }
        drop(state);
        for _ in 0..stuck {
            self.lost();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first worker runs every run hook, as the only one of a run does; the others run those of workers.
fn numbered(setup: &Setup, number: usize) -> Setup {
    let target = (number > 0).then_some(HookTarget::Worker);
    Setup { target, ..setup.numbered(number) }
}

fn look_after(pool: &Weak<Pool>) {
    loop {
        thread::sleep(LOOK);
        let Some(pool) = pool.upgrade() else { return };
        pool.look();
    }
}

/// Prints what hooks around the run said: no scenario has a place for it.
fn print_all(log: &[LogEntry]) {
    log.iter().for_each(LogEntry::print);
}
