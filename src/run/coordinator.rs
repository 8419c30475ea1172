//! The coordinator: from configuration to envelopes, in the order of the protocol.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::config::Config;
use crate::configure;
use crate::discover::{self, FeatureFile, FeatureFiles, SupportFiles};
use crate::host::Stream;
use crate::library::Library;
use crate::messages::{Envelope, IdGenerator, Pickle, TestRunFinished, TestRunStarted, Timestamp};
use crate::plan::{Plan, SelectedPickle};
use crate::script::ScriptEngine;
use crate::support::{HookTarget, SupportCode};

use super::RunError;
use super::assignment::{assignment, timed_out};
use super::call;
use super::event::Event;
use super::features;
use super::grants;
use super::meta::meta;
use super::nothing;
use super::notices::{Notices, Topic};
use super::options::RunOptions;
use super::queue::CaseQueue;
use super::stage::CUCUMBER_VERSION;
use super::takeover::Takeover;
use super::undefined;
use super::watch::{Place, Watch};
use super::worker::{self, Command, RunId, Setup};

/// Where a run's events go.
pub trait Sink {
    /// Something happened. Called in order, on the thread that called [`run`].
    fn envelope(&mut self, envelope: &Envelope);

    /// JavaScript printed `text`, in order with the envelopes.
    fn output(&mut self, stream: Stream, text: &str);

    /// There is nothing more to tell just now: the time to flush.
    fn idle(&mut self) {}

    /// Something the user should know that is not in the envelopes: one or several lines. Called after the last
    /// envelope, also where the run ends with an error.
    fn notice(&mut self, text: &str);

    /// Whether all pickles and test cases are to be told before the first one runs, as the protocol
    /// has it. Where not, those that run are told one by one, each just before it starts, and a run
    /// takes the less room.
    fn wants_plan(&self) -> bool {
        true
    }
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether nothing failed that `--strict` and `--dry-run` count as a failure.
    pub success: bool,
    /// How many scenarios were selected.
    pub scenarios: usize,
}

/// Runs the feature suite that `config` describes, as far as `wanted` wants its pickles.
///
/// # Errors
/// What keeps the run from happening, or from ending: features that do not parse, a step library
/// that does not load. What fails in a scenario is no error: it is in the envelopes.
pub fn run(
    config: &Config,
    wanted: &dyn Fn(&Pickle) -> bool,
    sink: &mut dyn Sink,
) -> Result<Outcome, RunError> {
    let mut notices = Notices::default();
    let found = discover::feature_files(config)?;
    if let Some(unmatched) = nothing::unmatched_paths(config, &found) {
        notices.add(Topic::Selection, unmatched);
    }
    let options = Arc::new(RunOptions::new(config)?);
    let outcome = run_files(config, &options, &found, wanted, sink, &mut notices);
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
    notices: &mut Notices,
) -> Result<Outcome, RunError> {
    let support_files = discover::support_files(config, &found.files)?;
    if config.debug {
        show_paths(&found.files, &support_files, sink);
    }
    let library = configure::library(config);
    if let Some(warning) = library.warning() {
        notices.add(Topic::Cache, warning);
    }
    let mut coordinator = Coordinator::start(config, options, &support_files, library, sink)?;
    coordinator.emit(Envelope::Meta(Arc::new(meta())));
    let ids = Arc::clone(&coordinator.ids);
    let tells_pickles = coordinator.sink.wants_plan();
    let pickles = features::select(config, &found.files, &ids, &mut |envelope| {
        if tells_pickles || !matches!(envelope, Envelope::Pickle(_)) {
            coordinator.emit(envelope);
        }
    });
    // Errors in features are told first, and all of them.
    if let Err(error @ RunError::Parse(_)) = pickles {
        return Err(error);
    }
    let support = coordinator.loaded(config.parallel > 0)?;
    let mut pickles = pickles?;
    if pickles.is_empty() {
        notices.add(Topic::Selection, nothing::explain(config, found));
    }
    pickles.retain(|selected| wanted(&selected.pickle));
    for envelope in support.envelopes() {
        coordinator.emit(envelope.clone());
    }
    let scenarios = pickles.len();
    let success = coordinator.run(pickles, &Arc::new(support));
    if coordinator.has_undefined
        && let Some(notice) = undefined::explain(config, &support_files)
    {
        notices.add(Topic::Undefined, notice);
    }
    Ok(Outcome { success: success?, scenarios })
}

/// Shows what was found where `DEBUG=cucumber` is set.
fn show_paths(features: &[FeatureFile], support: &SupportFiles, sink: &mut dyn Sink) {
    let running_from = std::env::current_exe().unwrap_or_default();
    let running_from = running_from.parent().unwrap_or(Path::new("")).display();
    let directory = std::env::current_dir().unwrap_or_default();
    let mut show = |message: &str, value: Option<serde_json::Value>| {
        sink.output(Stream::Stderr, &configure::debug_text(message, value.as_ref()));
    };
    let head = format!(
        "Running quickcuke {} (as cucumber-js {CUCUMBER_VERSION})\nWorking directory: {}\nRunning from: {running_from}\n",
        env!("CARGO_PKG_VERSION"),
        directory.display()
    );
    show(&head, None);
    let sources: Vec<&PathBuf> = features.iter().map(|feature| &feature.path).collect();
    let (required, imported) = support.files.split_at(support.required);
    for (what, paths) in [
        ("source files", serde_json::json!(sources)),
        ("support files to load via `require`", serde_json::json!(required)),
        ("support files to load via `import`", serde_json::json!(imported)),
    ] {
        show(&format!("Found {what} based on configuration:"), Some(paths));
    }
}

/// How often it is looked whether a worker must be given up.
const LOOK: Duration = Duration::from_millis(100);

/// A worker as the coordinator holds it.
struct Hand {
    setup: Setup,
    watch: Arc<Watch>,
    commands: Sender<Command>,
}

impl Hand {
    fn spawn(
        setup: Setup,
        takeover: Option<Takeover>,
        events: Sender<Vec<Event>>,
    ) -> Result<Self, RunError> {
        let (commands, receiver) = channel();
        let watch = Arc::<Watch>::default();
        worker::spawn(setup.clone(), Arc::clone(&watch), takeover, receiver, events)
            .map_err(RunError::Thread)?;
        Ok(Self { setup, watch, commands })
    }

    fn send(&self, command: Command) -> Result<(), RunError> {
        self.commands.send(command).map_err(|_| RunError::WorkerGone)
    }
}

/// Lives on the caller's thread; it alone writes to the sink.
struct Coordinator<'a> {
    sink: &'a mut dyn Sink,
    ids: Arc<IdGenerator>,
    project: PathBuf,
    workers: Vec<Hand>,
    /// For what the step library has for the coordinator, if it has something and there are workers beside.
    own: Option<Hand>,
    /// What the workers that take another one's place are told.
    support: Option<(Arc<SupportCode>, RunId)>,
    queue: Option<Arc<CaseQueue>>,
    /// Kept for such workers: without it the end of all others could be seen by the end of this.
    sender: Sender<Vec<Event>>,
    /// Whether a step was undefined.
    has_undefined: bool,
    /// When workers were last looked after.
    looked: Instant,
    events: Receiver<Vec<Event>>,
    /// Events that have come and are not looked at yet.
    arrived: std::vec::IntoIter<Event>,
    /// What scenarios keep in files for a while; deleted at the end of the run.
    _scratch: TempDir,
}

impl<'a> Coordinator<'a> {
    /// Starts the workers, which begin to load the step library at once.
    fn start(
        config: &Config,
        options: &Arc<RunOptions>,
        support: &SupportFiles,
        library: Library,
        sink: &'a mut dyn Sink,
    ) -> Result<Self, RunError> {
        let ids = Arc::new(IdGenerator::default());
        let scratch =
            tempfile::Builder::new().prefix("quickcuke-").tempdir().map_err(RunError::Scratch)?;
        let files: Arc<[PathBuf]> = support.files.clone().into();
        let modules: Arc<[String]> =
            config.require_modules.iter().chain(&config.loaders).cloned().collect();
        let restore = options.limits.restore;
        let session_options = options.session_options();
        let scripts = ScriptEngine::with_library(
            library.clone(),
            session_options,
            options.workers * 4,
            restore,
        );
        let (sender, events) = channel();
        let mut workers = Vec::new();
        for number in 0..options.workers {
            let setup = Setup {
                id: (config.parallel > 0).then(|| number.to_string()),
                target: (config.parallel > 0).then_some(HookTarget::Worker),
                options: Arc::clone(options),
                library: library.clone(),
                modules: Arc::clone(&modules),
                files: Arc::clone(&files),
                required: support.required,
                ids: Arc::clone(&ids),
                scripts: scripts.clone(),
                scratch: scratch.path().join(number.to_string()),
                tells_cases: !sink.wants_plan(),
            };
            workers.push(Hand::spawn(setup, None, sender.clone())?);
        }
        let project = config.cwd.clone();
        Ok(Self {
            sink,
            ids,
            project,
            workers,
            own: None,
            support: None,
            queue: None,
            sender,
            has_undefined: false,
            looked: Instant::now(),
            events,
            arrived: Vec::new().into_iter(),
            _scratch: scratch,
        })
    }

    fn emit(&mut self, envelope: Envelope) {
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
            setup.scratch.set_file_name("coordinator");
            self.own = Some(Hand::spawn(setup, None, self.sender.clone())?);
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
                Event::Output(stream, text) => self.sink.output(stream, &text),
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
            self.arrived = batch.into_iter();
        }
    }

    /// Gives workers up that are stuck, and has others take over.
    fn look_after_workers(&mut self) -> Result<(), RunError> {
        self.looked = Instant::now();
        let Some((support, run)) = &self.support else { return Ok(()) };
        // What has come already goes before what a worker kept back.
        let mut arrived: Vec<Event> = self.events.try_iter().flatten().collect();
        for hand in self.workers.iter_mut().chain(&mut self.own) {
            let Some((underway, events)) = hand.watch.give_up_if_overdue(self.looked) else {
                continue;
            };
            arrived.extend(events);
            if let Place::Assignment = underway.place {
                // Nobody can take over: what is to run next cannot be known.
                arrived.push(Event::Lost(timed_out(underway.timing.timeout)));
                continue;
            }
            let takeover = Takeover {
                support: Arc::clone(support),
                run: *run,
                queue: self.queue.clone(),
                underway,
            };
            let mut setup = hand.setup.clone();
            // The old thread may still write where it could.
            setup.scratch.as_mut_os_string().push("+");
            *hand = Hand::spawn(setup, Some(takeover), self.sender.clone())?;
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

    fn run(
        &mut self,
        pickles: Vec<SelectedPickle>,
        support: &Arc<SupportCode>,
    ) -> Result<bool, RunError> {
        let run = self.ids.next();
        // Planned before anything of the author's runs: what cannot be planned stops the run.
        let plan = Plan::new(pickles, support, run, &self.ids)?;
        self.emit(Envelope::TestRunStarted(TestRunStarted {
            id: run,
            timestamp: Timestamp::now(),
        }));
        self.support = Some((Arc::clone(support), run));
        let (success, exception) = match self.phases(plan, support, run) {
            Ok(success) => (success, None),
            // The author's code, so a failure of the run; there is nobody to run AfterAll hooks beside.
            Err(RunError::ParallelCanAssign(error)) => (false, Some(call::exception(&error))),
            Err(error) => return Err(error),
        };
        self.emit(Envelope::TestRunFinished(TestRunFinished {
            message: None,
            success,
            timestamp: Timestamp::now(),
            exception,
            test_run_started_id: run,
        }));
        Ok(success)
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
        if success {
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
