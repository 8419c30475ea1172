//! A worker: one thread with one VM that loads the step library and runs test cases.

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::task::Poll;
use std::time::Instant;

use futures::future::select;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::config::Isolation;
use crate::discover::relative;
use crate::host::{self, Host, Scratch, Stream};
use crate::isolate::{
    self, Argument, Callee, ErrorKind, How, Isolate, ModuleSource, Ops, RestorePath, ScriptError,
};
use crate::messages::{HookType, Id, IdGenerator, TestStepResultStatus};
use crate::prelude::PRELUDE;
use crate::session::{Current, Session, SessionOptions};
use crate::support::{HookTarget, SupportCode, Timeout};

use super::RunError;
use super::assignment::Assignment;
use super::call;
use super::event::Event;
use super::interruption::Cut;
use super::modules::Modules;
use super::options::RunOptions;
use super::queue::CaseQueue;
use super::sessions::{self, Sessions, Table};
use super::setup::Setup;
use super::stage::Stage;
use super::stepwise;
use super::takeover::Takeover;
use super::watch::{Place, Timing, Underway, Watch};

/// What the coordinator tells a worker to do, in this order; each is answered by [`Event::Done`].
pub(super) enum Command {
    BeforeAll {
        support: Arc<SupportCode>,
        run: RunId,
    },
    Cases(Arc<CaseQueue>),
    /// Instead of cases, for the coordinator's VM.
    Assign(Assignment),
    AfterAll {
        run: RunId,
    },
    /// Instead of cases, where another runner has them. Answered by itself.
    Call(stepwise::Call),
}

/// The id of the run's `testRunStarted`.
pub(super) type RunId = crate::messages::Id;

/// Lives on its thread from beginning to end.
pub(super) struct Worker {
    pub(super) id: Option<String>,
    pub(super) target: Option<HookTarget>,
    pub(super) isolate: Isolate,
    pub(super) stage: Rc<Stage>,
    pub(super) support: Arc<SupportCode>,
    pub(super) options: Arc<RunOptions>,
    pub(super) ids: Arc<IdGenerator>,
    /// Whether the attempt that runs has its World.
    pub(super) has_world: bool,
    /// Whether anything was called since the VM was last as the snapshot has it.
    touched: bool,
    pub(super) host: Rc<Host>,
    pub(super) session: Current,
    session_options: SessionOptions,
    pub(super) named_sessions: Rc<Sessions>,
    /// The named sessions of the hooks around the run.
    pub(super) run_named_sessions: Option<Table>,
    /// Of the test steps that the attempt has begun: the number of the call before the first of each, and its index.
    pub(super) first_calls: Vec<(u32, usize)>,
}

/// Starts the thread; it ends when `commands` does, or when it is given up.
pub(super) fn spawn(
    setup: Setup,
    watch: Arc<Watch>,
    takeover: Option<Takeover>,
    commands: UnboundedReceiver<Command>,
    events: Sender<Vec<Event>>,
) -> std::io::Result<()> {
    let name = format!("worker {}", setup.id.as_deref().unwrap_or("0"));
    isolate::spawn_worker(&name, move || {
        let _alarm = Alarm(events.clone());
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let _ = events.send(vec![Event::Lost(RunError::Thread(error))]);
                return;
            }
        };
        runtime.block_on(async {
            let stage = Stage::new(events, Arc::clone(&watch), setup.tells_cases);
            let work = pin!(work(setup, takeover, commands, stage));
            select(pin!(watch.given_up()), work).await;
        });
    })
    .map(drop)
}

/// What is wrong with a module that took too long to load.
pub(super) fn load_timed_out(file: &str, timeout: Timeout, details: &str) -> RunError {
    RunError::LoadTimeout {
        file: file.to_owned(),
        timeout: timeout.duration().unwrap_or_default(),
        details: details.to_owned(),
    }
}

/// Tells the coordinator, who would wait for ever, where a bug of quickcuke's ends the thread.
struct Alarm(Sender<Vec<Event>>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.send(vec![Event::Lost(RunError::WorkerGone)]);
        }
    }
}

async fn work(
    setup: Setup,
    takeover: Option<Takeover>,
    mut commands: UnboundedReceiver<Command>,
    stage: Rc<Stage>,
) {
    let mut worker = match Worker::new(&setup, &stage) {
        Ok(worker) => worker,
        Err(error) => return stage.report(Event::Loaded(Err(error))),
    };
    let loaded = worker.load(&setup).await;
    match (loaded, takeover) {
        (Ok(_), Some(takeover)) => match worker.take_over(takeover).await {
            Ok(success) => stage.report(Event::Done { success }),
            Err(error) => return stage.report(Event::Lost(error)),
        },
        (Err(error), Some(_)) => return stage.report(Event::Lost(error)),
        (loaded, None) => stage.report(Event::Loaded(loaded)),
    }
    while let Some(command) = commands.recv().await {
        let success = match command {
            Command::BeforeAll { support, run } => match worker.before_all(support, run).await {
                Ok(success) => success,
                Err(error) => return stage.report(Event::Lost(error)),
            },
            Command::Cases(queue) => worker.run_cases(&queue).await,
            Command::Assign(assignment) => match worker.assign(assignment).await {
                Ok(()) => true,
                Err(error) => return stage.report(Event::Lost(error)),
            },
            Command::AfterAll { run } => worker.after_all(run).await,
            Command::Call(call) => {
                worker.serve(call).await;
                continue;
            }
        };
        stage.report(Event::Done { success });
    }
}

impl Worker {
    fn new(setup: &Setup, stage: &Rc<Stage>) -> Result<Self, RunError> {
        let options = &setup.options;
        let mut ops = Ops::new();
        let printer = Rc::clone(stage);
        let scratch = Scratch::new(setup.temporary.clone(), &setup.scratch);
        let host = Rc::new(Host::new(
            setup.grants(),
            options.project.clone(),
            scratch.map_err(RunError::Scratch)?,
            Rc::new(move |stream, text| printer.print(stream, text)),
        ));
        let running = Rc::clone(stage);
        host.set_running(Rc::new(move || running.running()));
        host::install(&mut ops, &host);
        let session_options = options.session_options();
        let session = match &setup.processes {
            Some(runtime) => Current::with_runtime(runtime.clone()),
            None => Current::default(),
        };
        session.set_run(Some(Arc::new(Session::new(&session_options))));
        host::install_session(&mut ops, &host, &session);
        stage.install(&mut ops, options);
        let sessions = Sessions::new(
            setup.scripts.clone(),
            options.script_options(),
            options.script_context(setup.grants()),
            session.clone(),
            Rc::clone(stage),
        );
        sessions.install(&mut ops);
        let modules = Modules::new(setup.library.clone(), Rc::clone(&host), &options.project);
        let isolate = Isolate::new(&options.limits, ops, &PRELUDE, Rc::new(modules))
            .map_err(|error| RunError::Engine(Box::new(error)))?;
        isolate.stop_with(stage.watch.stopper());
        Ok(Self {
            id: setup.id.clone(),
            target: setup.target,
            isolate,
            stage: Rc::clone(stage),
            support: Arc::default(),
            options: Arc::clone(options),
            ids: Arc::clone(&setup.ids),
            has_world: false,
            touched: false,
            host,
            session,
            session_options,
            named_sessions: sessions,
            run_named_sessions: None,
            first_calls: Vec::new(),
        })
    }

    /// Evaluates the step library; gives what it defined.
    async fn load(&mut self, setup: &Setup) -> Result<String, RunError> {
        // In a run that is cut short only a worker that takes over loads, to clean up.
        let timing = Timing { cleans_up: true, ..Timing::begin(self.options.load_timeout) };
        // Once is enough, though every worker loads.
        let debug = |how: &str, what: &str| {
            if self.options.debug && matches!(setup.id.as_deref(), None | Some("0")) {
                let text = format!("Attempting to {how} code from \"{what}\"\n");
                self.stage.print(Stream::Stderr, &text);
            }
        };
        for specifier in setup.modules.iter() {
            debug("require", specifier);
            let importer = self.options.project.join("--require-module");
            let id = setup
                .library
                .resolve(specifier, &importer.to_string_lossy(), How::Require)
                .map_err(|error| RunError::Module(error.message))?;
            self.import(specifier, &id, timing).await?;
        }
        for (index, file) in setup.files.iter().enumerate() {
            debug(
                if index < setup.required { "require" } else { "import" },
                &file.to_string_lossy(),
            );
            let name = relative(&self.options.project, file);
            self.import(&name, &file.to_string_lossy(), timing).await?;
        }
        let told = self.call(Callee::Entry("supportCode"), &[], None).await;
        told.map_err(|error| RunError::Define(Box::new(error)))
    }

    /// Takes the snapshot that every scenario starts from.
    pub(super) fn freeze(&mut self) -> Result<(), RunError> {
        // Timers and operations under way are no part of a snapshot: the first scenario goes without, as all do.
        self.touched = true;
        self.isolate.freeze().map_err(|error| RunError::Engine(Box::new(error)))
    }

    /// Loads a module and what it imports, before the time is over that all of them have.
    async fn import(&self, name: &str, id: &str, timing: Timing) -> Result<(), RunError> {
        if self.enter(Place::Loading(name.to_owned()), timing).is_err() {
            return Err(RunError::Interrupted);
        }
        let loaded = self.isolate.import(id, timing.deadline()).await;
        self.leave().await;
        loaded.map_err(|error| match error.kind {
            ErrorKind::Timeout => {
                let pending = match error.poisoned {
                    true => Vec::new(),
                    false => self.isolate.pending(),
                };
                load_timed_out(name, timing.timeout, &call::details(&error, &pending))
            }
            _ => RunError::Load { file: name.to_owned(), error: Box::new(error) },
        })
    }

    async fn before_all(
        &mut self,
        support: Arc<SupportCode>,
        run: RunId,
    ) -> Result<bool, RunError> {
        self.stage.set_support(&support);
        self.support = support;
        self.session.set(self.session.run());
        if !self.test_run_hooks(HookType::BeforeTestRun).is_empty() {
            // For a hook that breaks the VM.
            self.freeze()?;
        }
        self.finish_before_all(0, run).await
    }

    /// BeforeAll hooks from one on, and the snapshot.
    pub(super) async fn finish_before_all(
        &mut self,
        from: usize,
        run: RunId,
    ) -> Result<bool, RunError> {
        let success = self.run_test_run_hooks(HookType::BeforeTestRun, from, run).await;
        self.wait_after_loading().await?;
        self.freeze()?;
        self.host.freeze().map_err(RunError::Scratch)?;
        self.run_named_sessions = self.named_sessions.replace(None);
        self.let_children_write();
        Ok(success)
    }

    /// Reads that were under way are no part of a snapshot, so what children write goes nowhere from now on: they must
    /// not wait for a reader.
    pub(super) fn let_children_write(&self) {
        if let Some(session) = self.session.get() {
            session.processes().forget_child_output();
        }
    }

    /// Takes cases until none is left; whether one failed stands in the queue.
    pub(super) async fn run_cases(&mut self, queue: &CaseQueue) -> bool {
        while !self.stage.watch.is_cut_short()
            && let Some(case) = queue.take()
        {
            let skip = self.options.dry_run || (self.options.fail_fast && queue.is_failing());
            self.begin_scenario(Arc::new(Session::new(&self.session_options)));
            let pickle = case.pickle.id;
            let status = self.run_case(&Arc::new(case), skip).await;
            self.end_case(pickle, status, queue).await;
        }
        true
    }

    pub(super) async fn end_case(
        &mut self,
        pickle: Id,
        status: TestStepResultStatus,
        queue: &CaseQueue,
    ) {
        self.end_session().await;
        if self.options.is_failure(status) {
            queue.report_failure();
        }
        // What waited for its end may start at once, on another worker, and this one may wait for long.
        if queue.keeps_waiting() {
            self.stage.flush();
        }
        queue.finish(pickle);
    }

    /// A session of its own for a scenario, and nothing of an earlier one on the disk.
    pub(super) fn begin_scenario(&self, session: Arc<Session>) {
        self.session.set(Some(session));
        if self.options.isolation == Isolation::Worker {
            return;
        }
        if let Err(error) = self.host.begin_scenario() {
            let complaint = format!("quickcuke: failed to delete temporary files: {error}\n");
            self.stage.print(Stream::Stderr, &complaint);
        }
    }

    /// Ends the session and every process in it.
    pub(super) async fn end_session(&self) {
        if let Err(left) = self.try_end_session().await {
            self.stage.print(Stream::Stderr, &format!("quickcuke: {left}\n"));
        }
    }

    /// The same.
    ///
    /// # Errors
    /// What withstood, a line each.
    async fn try_end_session(&self) -> Result<(), String> {
        let Some(session) = self.session.set(None) else { return Ok(()) };
        let ended = [session.shutdown().await, self.named_sessions.end().await];
        let errors = ended.into_iter().filter_map(Result::err).map(|error| error.to_string());
        let errors: Vec<_> = errors.collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
    }

    /// Ends the session of a scenario and deletes its temporary files.
    ///
    /// # Errors
    /// What withstood, a line each.
    pub(super) async fn clean_up(&self) -> Result<(), String> {
        let ended = self.try_end_session().await;
        if self.options.isolation == Isolation::Worker {
            return ended;
        }
        let cleaned = self.host.delete_temporary_files();
        let cleaned = cleaned.map_err(|error| format!("failed to delete temporary files: {error}"));
        match (ended, cleaned) {
            (Err(one), Err(other)) => Err(format!("{one}\n{other}")),
            (ended, cleaned) => ended.and(cleaned),
        }
    }

    /// Makes ready for an attempt in the world that `--isolation` asks for.
    pub(super) async fn begin_world(&mut self, number: usize, skip: bool) {
        self.has_world = false;
        let pristine = match self.options.isolation {
            Isolation::Scenario => number == 0,
            Isolation::Attempt => true,
            Isolation::Worker => false,
        };
        if pristine && !skip && self.touched {
            self.restore().await;
        }
    }

    /// Back to the snapshot.
    pub(super) async fn restore(&mut self) {
        self.has_world = false;
        self.touched = false;
        if let Err(error) = self.try_restore().await {
            self.stage.report(Event::Lost(error));
        }
        self.let_children_write();
    }

    async fn try_restore(&mut self) -> Result<(), RunError> {
        let engine = |error| RunError::Engine(Box::new(error));
        if self.options.limits.restore != RestorePath::FreshVm {
            return self.isolate.restore().await.map_err(engine);
        }
        // A fresh VM repeats what came before the snapshot: silently, in the run's session, and with what it
        // left outside of the VM gone.
        let session = self.session.set(self.session.run());
        let named = self.named_sessions.replace(self.run_named_sessions.take());
        self.stage.mute(true);
        self.host.set_repeating(true);
        self.host.unfreeze();
        self.host.begin_scenario().map_err(RunError::Scratch)?;
        self.isolate.restore().await.map_err(engine)?;
        self.host.freeze().map_err(RunError::Scratch)?;
        self.stage.mute(false);
        self.host.set_repeating(false);
        self.session.set(session);
        self.run_named_sessions = self.named_sessions.replace(named);
        Ok(())
    }

    /// Mends the VM where a call broke it: the next one finds it as the scenario did at its start.
    pub(super) async fn recover(&mut self, error: &ScriptError) {
        if error.poisoned {
            self.restore().await;
        }
    }

    /// To be called right before a call that may have to be stopped or given up.
    ///
    /// # Errors
    /// The call must not be made.
    pub(super) fn enter(&self, place: Place, timing: Timing) -> Result<(), Cut> {
        self.stage.watch.enter(Underway {
            place,
            timing,
            session: self.session.get(),
            named_sessions: self.named_sessions.get(),
            run_session: self.session.run(),
            run_named_sessions: self.run_named_sessions.clone(),
        })
    }

    /// To be called right after it: why it was stopped before its deadline, if it was. Does not come back where another
    /// worker has taken over.
    pub(super) async fn leave(&self) -> Option<Cut> {
        match self.stage.watch.leave() {
            Some(stopped) => stopped,
            None => std::future::pending().await,
        }
    }

    /// What a call came back with, where it may have been stopped.
    pub(super) fn unless_stopped(
        answer: Result<String, ScriptError>,
        stopped: Option<Cut>,
    ) -> Result<String, ScriptError> {
        match (answer, stopped) {
            (Err(error), Some(cut)) if error.kind == ErrorKind::Timeout => {
                Err(call::cut_short_error(cut, Some(error)))
            }
            (answer, _) => answer,
        }
    }

    /// Calls into JavaScript.
    pub(super) async fn call(
        &mut self,
        callee: Callee<'_>,
        arguments: &[Argument<'_>],
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        self.touched = true;
        self.named_sessions.set_deadline(sessions::before(deadline));
        self.flush_while(self.isolate.call(callee, arguments, deadline)).await
    }

    /// As [`Isolate::settle`].
    pub(super) async fn settle(
        &mut self,
        callee: Callee<'_>,
        arguments: &[Argument<'_>],
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        self.named_sessions.set_deadline(sessions::before(deadline));
        self.flush_while(self.isolate.settle(callee, arguments, deadline)).await
    }

    /// Sends what was kept back where the call has to be waited for.
    async fn flush_while<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = pin!(call);
        match futures::poll!(call.as_mut()) {
            Poll::Ready(answer) => answer,
            Poll::Pending => {
                self.stage.flush();
                call.await
            }
        }
    }
}
