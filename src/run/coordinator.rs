//! The coordinator: from configuration to envelopes, in the order of the protocol.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::config::Config;
use crate::configure;
use crate::discover::{self, FeatureFile};
use crate::messages::{
    Envelope, Exception, IdGenerator, Pickle, TestRunFinished, TestRunStarted, Timestamp,
};
use crate::plan::{Plan, SelectedPickle};
use crate::script::ScriptEngine;
use crate::support::{HookTarget, SupportCode};

use super::RunError;
use super::assignment::{assignment, timed_out};
use super::call;
use super::event::Event;
use super::features;
use super::interruption::{Cut, Interruption};
use super::meta::meta;
use super::notices::{Notices, Topic};
use super::options::RunOptions;
use super::queue::CaseQueue;
use super::sink::Sink;
use super::takeover::Takeover;
use super::unfinished::Unfinished;
use super::watch::{GivenUp, Place};
use super::worker::{Command, RunId, Setup};
use super::worker_handle::WorkerHandle;

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether nothing failed that `--strict` and `--dry-run` count as a failure.
    pub success: bool,
    /// How many scenarios were selected.
    pub scenarios: usize,
}

/// Runs the feature suite that `config` describes, as far as `wanted` wants its pickles, unless it is cut short by an
/// `interruption`: then what has begun is ended, and the run has failed.
///
/// # Errors
/// What keeps the run from happening, or from ending: features that do not parse, a step library
/// that does not load. What fails in a scenario is no error: it is in the envelopes.
pub fn run(
    config: &Config,
    wanted: &dyn Fn(&Pickle) -> bool,
    sink: &mut dyn Sink,
    interruption: &Interruption,
) -> Result<Outcome, RunError> {
    let mut notices = Notices::default();
    let outcome = run_noting(config, wanted, sink, interruption, &mut notices);
    for text in notices.into_texts() {
        sink.notice(&text);
    }
    outcome
}

fn run_noting(
    config: &Config,
    wanted: &dyn Fn(&Pickle) -> bool,
    sink: &mut dyn Sink,
    interruption: &Interruption,
    notices: &mut Notices,
) -> Result<Outcome, RunError> {
    let files = discover::feature_files(config)?;
    let mut coordinator = Coordinator::start(config, &files, sink, interruption)?;
    match coordinator.run(config, &files, wanted, notices) {
        Err(RunError::Interrupted) => {
            coordinator.finish_early("");
            Ok(Outcome { success: false, scenarios: coordinator.scenarios })
        }
        Err(error) if coordinator.has_started() => {
            coordinator.finish_early(&error.to_string());
            Err(error)
        }
        outcome => outcome,
    }
}

/// How often it is looked whether a worker must be given up.
const LOOK: Duration = Duration::from_millis(100);

/// Lives on the caller's thread; it alone writes to the sink.
pub(super) struct Coordinator<'a> {
    sink: &'a mut dyn Sink,
    ids: Arc<IdGenerator>,
    project: PathBuf,
    /// How many workers there may be.
    most_workers: usize,
    workers: Vec<WorkerHandle>,
    /// For what the step library has for the coordinator, if it has something and there are workers beside.
    own: Option<WorkerHandle>,
    /// What the workers that take another one's place are told.
    support: Option<(Arc<SupportCode>, RunId)>,
    pub(super) queue: Option<Arc<CaseQueue>>,
    /// Kept for such workers: without it the end of all others could be seen by the end of this.
    sender: Sender<Vec<Event>>,
    /// When workers were last looked after.
    looked: Instant,
    events: Receiver<Vec<Event>>,
    /// Events that have come and are not looked at yet.
    arrived: std::vec::IntoIter<Event>,
    /// What scenarios keep in files for a while; deleted at the end of the run.
    _scratch: TempDir,
    /// How many were selected.
    pub(super) scenarios: usize,
    pub(super) unfinished: Unfinished,
    pub(super) interruption: Interruption,
    /// When that was seen.
    pub(super) interrupted: Option<Instant>,
    /// What workers were told of it.
    pub(super) cut: Option<Cut>,
    /// When events last came.
    pub(super) heard: Instant,
}

impl<'a> Coordinator<'a> {
    /// Starts the first worker, which begins to load the step library at once.
    fn start(
        config: &Config,
        features: &[FeatureFile],
        sink: &'a mut dyn Sink,
        interruption: &Interruption,
    ) -> Result<Self, RunError> {
        let options = Arc::new(RunOptions::new(config)?);
        let ids = Arc::new(IdGenerator::default());
        let scratch =
            tempfile::Builder::new().prefix("quickcuke-").tempdir().map_err(RunError::Scratch)?;
        let files: Arc<[PathBuf]> = discover::support_files(config, features)?.into();
        let modules: Arc<[String]> =
            config.require_modules.iter().chain(&config.loaders).cloned().collect();
        let library = configure::library(config);
        let restore = options.limits.restore;
        let session_options = options.session_options();
        let scripts = ScriptEngine::with_library(
            library.clone(),
            session_options,
            options.workers * 4,
            restore,
        );
        let (sender, events) = channel();
        let setup = Setup {
            id: (config.parallel > 0).then(|| "0".to_owned()),
            target: (config.parallel > 0).then_some(HookTarget::Worker),
            options: Arc::clone(&options),
            library,
            modules,
            files,
            ids: Arc::clone(&ids),
            scripts,
            scratch: scratch.path().join("0"),
            tells_cases: !sink.wants_plan(),
        };
        let workers = vec![WorkerHandle::spawn(setup, sender.clone())?];
        let project = config.cwd.clone();
        Ok(Self {
            sink,
            ids,
            project,
            most_workers: options.workers,
            workers,
            own: None,
            support: None,
            queue: None,
            sender,
            looked: Instant::now(),
            events,
            arrived: Vec::new().into_iter(),
            _scratch: scratch,
            scenarios: 0,
            unfinished: Unfinished::default(),
            interruption: interruption.clone(),
            interrupted: None,
            cut: None,
            heard: Instant::now(),
        })
    }

    /// From the features to the end of the run.
    fn run(
        &mut self,
        config: &Config,
        files: &[FeatureFile],
        wanted: &dyn Fn(&Pickle) -> bool,
        notices: &mut Notices,
    ) -> Result<Outcome, RunError> {
        self.emit(Envelope::Meta(Arc::new(meta())));
        let ids = Arc::clone(&self.ids);
        let tells_pickles = self.sink.wants_plan();
        let pickles = features::select(config, files, &ids, &mut |envelope| {
            if tells_pickles || !matches!(envelope, Envelope::Pickle(_)) {
                self.emit(envelope);
            }
            self.interruption.check()
        });
        let pickles = match pickles {
            Ok(mut pickles) => {
                pickles.retain(|selected| wanted(&selected.pickle));
                self.scenarios = pickles.len();
                self.add_workers()?;
                Ok(pickles)
            }
            // Errors in features are told first, and all of them.
            Err(error @ (RunError::Parse(_) | RunError::Interrupted)) => return Err(error),
            Err(error) => Err(error),
        };
        let support = self.loaded(config.parallel > 0)?;
        let pickles = pickles?;
        for envelope in support.envelopes() {
            self.emit(envelope.clone());
        }
        let scenarios = self.scenarios;
        if scenarios == 0 {
            notices.add(Topic::Selection, "no scenario was selected, so nothing was run");
        }
        let success = self.run_pickles(pickles, &Arc::new(support))?;
        Ok(Outcome { success, scenarios })
    }

    /// Starts the workers that are still missing: as many as were asked for, and no more than there are scenarios. To
    /// begin with them before the number is known would gain the time in which the features are parsed.
    fn add_workers(&mut self) -> Result<(), RunError> {
        for number in 1..self.most_workers.min(self.scenarios) {
            let mut setup = self.workers[0].setup.clone();
            setup.id = setup.id.map(|_| number.to_string());
            setup.scratch.set_file_name(number.to_string());
            self.workers.push(WorkerHandle::spawn(setup, self.sender.clone())?);
        }
        Ok(())
    }

    pub(super) fn worker_handles(&self) -> impl Iterator<Item = &WorkerHandle> {
        self.workers.iter().chain(&self.own)
    }

    /// Whether `testRunStarted` was told.
    pub(super) fn has_started(&self) -> bool {
        self.support.is_some()
    }

    pub(super) fn emit(&mut self, envelope: Envelope) {
        self.unfinished.update(&envelope);
        self.sink.envelope(&envelope);
    }

    /// Waits until every worker has loaded the step library; they all define the same. Where it has something for the
    /// coordinator and `beside` says that workers are beside it, it is loaded once more.
    fn loaded(&mut self, beside: bool) -> Result<SupportCode, RunError> {
        let defined = self.next_loaded()?;
        for _ in 1..self.workers.len() {
            if self.next_loaded()? != defined {
                return Err(RunError::LibrariesDiffer);
            }
        }
        let support = SupportCode::new(&defined, &self.project, &self.ids)?;
        if beside && support.needs_coordinator() {
            let mut setup = self.workers[0].setup.clone();
            setup.id = None;
            setup.target = Some(HookTarget::Coordinator);
            setup.scratch.set_file_name("coordinator");
            self.own = Some(WorkerHandle::spawn(setup, self.sender.clone())?);
            if self.next_loaded()? != defined {
                return Err(RunError::LibrariesDiffer);
            }
        }
        Ok(support)
    }

    /// What the step library defined in one more VM.
    fn next_loaded(&mut self) -> Result<String, RunError> {
        match self.next_report()? {
            Event::Loaded(loaded) => loaded,
            _ => Err(RunError::WorkerGone),
        }
    }

    /// Passes on what happens until a worker reports back.
    fn next_report(&mut self) -> Result<Event, RunError> {
        loop {
            match self.next_event()? {
                Event::Envelope(envelope) => self.emit(envelope),
                Event::Output { attempt, stream, text } => {
                    self.sink.output(attempt, stream, &text);
                }
                Event::Lost(error) => return Err(error),
                report => return Ok(report),
            }
        }
    }

    fn next_event(&mut self) -> Result<Event, RunError> {
        loop {
            if let Some(event) = self.arrived.next() {
                return Ok(event);
            }
            if self.looked.elapsed() >= LOOK {
                self.look_after_workers()?;
                continue;
            }
            let batch = match self.events.try_recv() {
                Ok(batch) => batch,
                Err(TryRecvError::Disconnected) => return Err(RunError::WorkerGone),
                Err(TryRecvError::Empty) => {
                    self.sink.idle();
                    match self.events.recv_timeout(LOOK) {
                        Ok(batch) => batch,
                        Err(RecvTimeoutError::Timeout) => continue,
                        Err(RecvTimeoutError::Disconnected) => return Err(RunError::WorkerGone),
                    }
                }
            };
            self.heard = Instant::now();
            self.arrived = batch.into_iter();
        }
    }

    /// Gives workers up that are stuck, and has others take over.
    fn look_after_workers(&mut self) -> Result<(), RunError> {
        self.looked = Instant::now();
        self.heed_interruption()?;
        let Some((support, run)) = &self.support else { return Ok(()) };
        // What has come already goes before what a worker kept back.
        let mut arrived: Vec<Event> = self.events.try_iter().flatten().collect();
        if !arrived.is_empty() {
            self.heard = self.looked;
        }
        for worker in self.workers.iter_mut().chain(&mut self.own) {
            let Some(GivenUp { underway, cut, events }) =
                worker.watch.give_up_if_overdue(self.looked)
            else {
                continue;
            };
            arrived.extend(events);
            if let (Place::Assignment, None) = (&underway.place, cut) {
                // Nobody can take over: what is to run next cannot be known.
                arrived.push(Event::Lost(timed_out(underway.timing.timeout)));
                continue;
            }
            let takeover = Takeover {
                support: Arc::clone(support),
                run: *run,
                queue: self.queue.clone(),
                underway,
                cut,
            };
            worker.replace(takeover, self.sender.clone())?;
        }
        self.arrived = arrived.into_iter();
        Ok(())
    }

    /// Has every worker carry out a command; tells whether all of them succeeded.
    fn phase(&mut self, command: impl Fn() -> Command) -> Result<bool, RunError> {
        for worker in &self.workers {
            worker.send(command())?;
        }
        self.done(self.workers.len())
    }

    /// Has the coordinator's own VM, if there is one, carry out a command; tells whether it succeeded.
    fn own_phase(&mut self, command: Command) -> Result<bool, RunError> {
        let Some(own) = &self.own else { return Ok(true) };
        own.send(command)?;
        self.done(1)
    }

    /// Waits for the answers to commands; tells whether all of them succeeded.
    fn done(&mut self, commands: usize) -> Result<bool, RunError> {
        let mut success = true;
        for _ in 0..commands {
            match self.next_report()? {
                Event::Done { success: done } => success &= done,
                _ => return Err(RunError::WorkerGone),
            }
        }
        Ok(success)
    }

    fn run_pickles(
        &mut self,
        pickles: Vec<SelectedPickle>,
        support: &Arc<SupportCode>,
    ) -> Result<bool, RunError> {
        let run = self.ids.next();
        // Planned before anything of the author's runs: what cannot be planned stops the run.
        let plan = Plan::new(pickles, support, run, &self.ids)?;
        self.begin(run, support);
        let (success, exception) = match self.phases(plan, support, run) {
            Ok(success) => (success, None),
            // The author's code, so a failure of the run; there is nobody to run AfterAll hooks beside.
            Err(RunError::ParallelCanAssign(error)) => (false, Some(call::exception(&error))),
            Err(error) => return Err(error),
        };
        let message = self.interrupted.and_then(|_| self.interruption_message());
        let success = success && message.is_none();
        self.finish(run, success, message, exception);
        Ok(success)
    }

    fn begin(&mut self, run: RunId, support: &Arc<SupportCode>) {
        self.emit(Envelope::TestRunStarted(TestRunStarted {
            id: run,
            timestamp: Timestamp::now(),
        }));
        self.support = Some((Arc::clone(support), run));
    }

    /// Ends a run that cannot go on: all that has begun, and the run itself. The workers are left alone.
    fn finish_early(&mut self, problem: &str) {
        let run = match &self.support {
            Some((_, run)) => *run,
            None => {
                let run = self.ids.next();
                self.begin(run, &Arc::default());
                run
            }
        };
        let mut events: Vec<Event> = std::mem::take(&mut self.arrived).collect();
        events.extend(self.events.try_iter().flatten());
        events.extend(self.worker_handles().flat_map(|worker| worker.watch.abandon()));
        for event in events {
            match event {
                Event::Envelope(envelope) => self.emit(envelope),
                Event::Output { attempt, stream, text } => {
                    self.sink.output(attempt, stream, &text);
                }
                Event::Loaded(_) | Event::Done { .. } | Event::Lost(_) => {}
            }
        }
        let message = self.interruption_message().unwrap_or_else(|| problem.to_owned());
        self.finish(run, false, Some(message), None);
    }

    /// Tells of the end of the run, and before it of the end of what workers have not ended.
    fn finish(
        &mut self,
        run: RunId,
        success: bool,
        message: Option<String>,
        exception: Option<Exception>,
    ) {
        let problem = message.as_deref().unwrap_or("the run ended before this did");
        for envelope in self.unfinished.finish(&call::unfinished(problem)) {
            self.emit(envelope);
        }
        self.emit(Envelope::TestRunFinished(TestRunFinished {
            message,
            success,
            timestamp: Timestamp::now(),
            exception,
            test_run_started_id: run,
        }));
    }

    /// From the BeforeAll hooks to the AfterAll hooks; tells whether all went well.
    fn phases(
        &mut self,
        mut plan: Plan,
        support: &Arc<SupportCode>,
        run: RunId,
    ) -> Result<bool, RunError> {
        let before_all = || Command::BeforeAll { support: Arc::clone(support), run };
        let mut success = self.own_phase(before_all())?;
        success &= self.phase(before_all)?;
        if success && self.cut.is_none() {
            if self.sink.wants_plan() {
                for case in plan.cases() {
                    self.emit(Envelope::TestCase(case.test_case));
                }
            }
            success = match support.has_custom_parallel_can_assign && self.own.is_some() {
                true => self.run_assigned_cases(plan)?,
                false => self.run_cases(plan)?,
            };
        }
        success &= self.phase(|| Command::AfterAll { run })?;
        success &= self.own_phase(Command::AfterAll { run })?;
        Ok(success)
    }

    /// Tells whether none failed.
    fn run_cases(&mut self, plan: Plan) -> Result<bool, RunError> {
        let (queue, feed) = CaseQueue::new();
        let queue = Arc::new(queue);
        self.queue = Some(Arc::clone(&queue));
        let planner = thread::Builder::new()
            .name("planner".to_owned())
            .spawn(move || feed.fill(plan.into_cases()))
            .map_err(RunError::Thread)?;
        let success = self.phase(|| Command::Cases(Arc::clone(&queue)))? && !queue.is_failing();
        self.queue = None;
        // Where a bug ended it early, cases have not run.
        planner.join().map_err(|_| RunError::WorkerGone)?;
        Ok(success)
    }

    /// The same, where the step library says what may run beside what.
    fn run_assigned_cases(&mut self, plan: Plan) -> Result<bool, RunError> {
        let (cases, assignment) = assignment(plan.into_cases().collect());
        let queue = Arc::new(CaseQueue::assigned(cases));
        self.queue = Some(Arc::clone(&queue));
        for worker in &self.workers {
            worker.send(Command::Cases(Arc::clone(&queue)))?;
        }
        if let Some(own) = &self.own {
            own.send(Command::Assign(assignment))?;
        }
        let success = self.done(self.workers.len() + 1)? && !queue.is_failing();
        self.queue = None;
        Ok(success)
    }
}
