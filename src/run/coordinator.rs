//! The coordinator: from configuration to envelopes, in the order of the protocol.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use crate::config::Config;
use crate::configure;
use crate::discover::{self, FeatureFiles, SupportFiles};
use crate::host::TemporaryDirectory;
use crate::library::Library;
use crate::messages::{Envelope, IdGenerator, Pickle, TestRunStarted, Timestamp};
use crate::plan::{Plan, SelectedPickle};
use crate::support::{HookTarget, SupportCode};

use super::RunError;
use super::assignment::assignment;
use super::call;
use super::debug;
use super::event::Event;
use super::features;
use super::grants;
use super::interruption::{Cut, Interruption};
use super::leftovers::Leftovers;
use super::meta::meta;
use super::nothing;
use super::notices::{Notices, Topic};
use super::options::RunOptions;
use super::queue::CaseQueue;
use super::setup::Setup;
use super::sink::Sink;
use super::undefined;
use super::unfinished::Unfinished;
use super::worker::{Command, RunId};
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
    let found = discover::feature_files(config)?;
    if let Some(unmatched) = nothing::unmatched_paths(config, &found) {
        notices.add(Topic::Selection, unmatched);
    }
    let options = Arc::new(RunOptions::new(config)?);
    let outcome = run_files(config, &options, &found, wanted, sink, interruption, &mut notices);
    let passed = outcome.as_ref().is_ok_and(|outcome| outcome.success);
    if let Some(notice) = grants::notice(config, &options.grants.refusals, passed) {
        notices.add(Topic::Refusals, notice);
    }
    for text in notices.into_texts() {
        sink.notice(&text);
    }
    outcome
}

fn run_files(
    config: &Config,
    options: &Arc<RunOptions>,
    found: &FeatureFiles,
    wanted: &dyn Fn(&Pickle) -> bool,
    sink: &mut dyn Sink,
    interruption: &Interruption,
    notices: &mut Notices,
) -> Result<Outcome, RunError> {
    let support_files = discover::support_files(config, &found.files)?;
    if config.debug {
        debug::show_paths(&found.files, &support_files, sink);
    }
    let library = configure::library(config);
    if let Some(warning) = library.warning() {
        notices.add(Topic::Cache, warning);
    }
    let mut coordinator =
        Coordinator::start(config, options, &support_files, library, sink, interruption)?;
    let outcome = match coordinator.run(config, found, wanted, notices) {
        Err(RunError::Interrupted) => {
            coordinator.finish_early("");
            Ok(Outcome { success: false, scenarios: coordinator.scenarios })
        }
        Err(error) if coordinator.has_started() => {
            coordinator.finish_early(&error.to_string());
            Err(error)
        }
        outcome => outcome,
    };
    if coordinator.has_undefined
        && let Some(notice) = undefined::explain(config, &support_files)
    {
        notices.add(Topic::Undefined, notice);
    }
    if let Some(text) = coordinator.leftovers.notice(!config.force_exit) {
        notices.add(Topic::Pending, text);
    }
    outcome
}

/// Lives on the caller's thread; it alone writes to the sink.
pub(super) struct Coordinator<'a> {
    pub(super) sink: &'a mut dyn Sink,
    pub(super) ids: Arc<IdGenerator>,
    project: PathBuf,
    /// How many workers there may be.
    most_workers: usize,
    pub(super) workers: Vec<WorkerHandle>,
    /// For what the step library has for the coordinator, if it has something and there are workers beside.
    pub(super) own: Option<WorkerHandle>,
    /// What the workers that take another one's place are told.
    pub(super) support: Option<(Arc<SupportCode>, RunId)>,
    pub(super) queue: Option<Arc<CaseQueue>>,
    /// Kept for such workers: without it the end of all others could be seen by the end of this.
    pub(super) sender: Sender<Vec<Event>>,
    /// Whether a step was undefined.
    has_undefined: bool,
    /// When workers were last looked after.
    pub(super) looked: Instant,
    /// What was left pending so far.
    pub(super) leftovers: Leftovers,
    pub(super) events: Receiver<Vec<Event>>,
    /// Events that have come and are not looked at yet.
    pub(super) arrived: std::vec::IntoIter<Event>,
    /// What scenarios keep in files for a while; deleted at the end of the run.
    _temporary: TemporaryDirectory,
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
        options: &Arc<RunOptions>,
        support: &SupportFiles,
        library: Library,
        sink: &'a mut dyn Sink,
        interruption: &Interruption,
    ) -> Result<Self, RunError> {
        let (first, temporary) = Setup::new(config, options, support, library)?;
        let (sender, events) = channel();
        let setup = if config.parallel > 0 { first.numbered(0) } else { first };
        let setup = Setup { tells_cases: !sink.wants_plan(), ..setup };
        let ids = Arc::clone(&setup.ids);
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
            has_undefined: false,
            looked: Instant::now(),
            leftovers: Leftovers::default(),
            events,
            arrived: Vec::new().into_iter(),
            _temporary: temporary,
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
        found: &FeatureFiles,
        wanted: &dyn Fn(&Pickle) -> bool,
        notices: &mut Notices,
    ) -> Result<Outcome, RunError> {
        self.emit(Envelope::Meta(Arc::new(meta())));
        let ids = Arc::clone(&self.ids);
        let tells_pickles = self.sink.wants_plan();
        let pickles = features::select(config, &found.files, &ids, &mut |envelope| {
            if tells_pickles || !matches!(envelope, Envelope::Pickle(_)) {
                self.emit(envelope);
            }
            self.interruption.check()
        });
        let mut is_nothing_selected = false;
        let pickles = match pickles {
            Ok(mut pickles) => {
                is_nothing_selected = pickles.is_empty();
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
        if is_nothing_selected {
            notices.add(Topic::Selection, nothing::explain(config, found));
        }
        let success = self.run_pickles(pickles, &Arc::new(support))?;
        Ok(Outcome { success, scenarios: self.scenarios })
    }

    /// Starts the workers that are still missing: as many as were asked for, and no more than there are scenarios. To
    /// begin with them before the number is known would gain the time in which the features are parsed.
    fn add_workers(&mut self) -> Result<(), RunError> {
        for number in 1..self.most_workers.min(self.scenarios) {
            let setup = self.workers[0].setup.numbered(number);
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
        // A step that nothing defines gets one.
        self.has_undefined |= matches!(envelope, Envelope::Suggestion(_));
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
            setup.scratch = "coordinator".to_owned();
            self.own = Some(WorkerHandle::spawn(setup, self.sender.clone())?);
            if self.next_loaded()? != defined {
                return Err(RunError::LibrariesDiffer);
            }
        }
        Ok(support)
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

    pub(super) fn begin(&mut self, run: RunId, support: &Arc<SupportCode>) {
        self.emit(Envelope::TestRunStarted(TestRunStarted {
            id: run,
            timestamp: Timestamp::now(),
        }));
        self.support = Some((Arc::clone(support), run));
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
