//! A worker: one thread with one VM that loads the step library and runs test cases.

use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::task::Poll;
use std::time::Instant;

use futures::future::select;

use crate::config::Isolation;
use crate::discover::relative;
use crate::host::{self, Grants, Host, Stream};
use crate::isolate::{
    self, Argument, Callee, How, Isolate, ModuleSource, Ops, RestorePath, ScriptError,
};
use crate::library::Library;
use crate::messages::{HookType, Id, IdGenerator, TestStepResultStatus};
use crate::prelude::PRELUDE;
use crate::script::ScriptEngine;
use crate::session::{Current, Session, SessionOptions};
use crate::support::{HookTarget, SupportCode};

use super::RunError;
use super::assignment::Assignment;
use super::event::Event;
use super::modules::Modules;
use super::options::RunOptions;
use super::queue::CaseQueue;
use super::sessions::{self, Sessions, Table};
use super::stage::Stage;
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
}

/// The id of the run's `testRunStarted`.
pub(super) type RunId = crate::messages::Id;

/// What a worker is made from.
#[derive(Clone)]
pub(super) struct Setup {
    /// None where there is only one, and for the coordinator's VM.
    pub id: Option<String>,
    /// Whose run hooks it runs; none for all of them.
    pub target: Option<HookTarget>,
    pub options: Arc<RunOptions>,
    pub library: Library,
    /// Modules to load before the step library, as they were named.
    pub modules: Arc<[String]>,
    /// The files of the step library, in the order of loading.
    pub files: Arc<[PathBuf]>,
    /// How many of the files, the first ones, are to be required.
    pub required: usize,
    pub ids: Arc<IdGenerator>,
    /// What runs code in named sessions.
    pub scripts: ScriptEngine,
    /// A directory that can be made, for the temporary files of the worker's scenarios.
    pub scratch: PathBuf,
    /// As [`Stage::new`] takes it.
    pub tells_cases: bool,
}

impl Setup {
    /// What the run grants, with the variables by which cucumber-js tells a worker its number.
    fn grants(&self) -> Grants {
        let mut grants = self.options.grants.clone();
        if let Some(id) = &self.id {
            let workers = self.options.workers.to_string();
            for (name, value) in
                [("PARALLEL", "true"), ("TOTAL_WORKERS", &workers), ("WORKER_ID", id)]
            {
                grants.env.push((format!("CUCUMBER_{name}"), value.to_owned()));
            }
        }
        grants
    }
}

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
}

/// Starts the thread; it ends when `commands` does, or when it is given up.
pub(super) fn spawn(
    setup: Setup,
    watch: Arc<Watch>,
    takeover: Option<Takeover>,
    commands: Receiver<Command>,
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
    commands: Receiver<Command>,
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
    for command in commands {
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
        };
        stage.report(Event::Done { success });
    }
}

impl Worker {
    fn new(setup: &Setup, stage: &Rc<Stage>) -> Result<Self, RunError> {
        let options = &setup.options;
        let mut ops = Ops::new();
        let printer = Rc::clone(stage);
        let host = Rc::new(Host::new(
            setup.grants(),
            options.project.clone(),
            setup.scratch.clone(),
            Rc::new(move |stream, text| printer.print(stream, text)),
        ));
        let running = Rc::clone(stage);
        host.set_running(Rc::new(move || running.running()));
        host::install(&mut ops, &host);
        let session_options = options.session_options();
        let session = Current::default();
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
        })
    }

    /// Evaluates the step library; gives what it defined.
    async fn load(&mut self, setup: &Setup) -> Result<String, RunError> {
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
            self.import(specifier, &id).await?;
        }
        for (index, file) in setup.files.iter().enumerate() {
            debug(
                if index < setup.required { "require" } else { "import" },
                &file.to_string_lossy(),
            );
            self.import(&relative(&self.options.project, file), &file.to_string_lossy()).await?;
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

    async fn import(&self, name: &str, id: &str) -> Result<(), RunError> {
        self.isolate
            .import(id, None)
            .await
            .map_err(|error| RunError::Load { file: name.to_owned(), error: Box::new(error) })
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
        loop {
            if queue.keeps_waiting() {
                self.stage.flush();
            }
            let Some(case) = queue.take() else { return true };
            let skip = self.options.dry_run || (self.options.fail_fast && queue.is_failing());
            self.begin_scenario();
            let pickle = case.pickle.id;
            let status = self.run_case(&Arc::new(case), skip).await;
            self.end_case(pickle, status, queue).await;
        }
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
        queue.finish(pickle);
    }

    /// A session of its own for a scenario, and nothing of an earlier one on the disk.
    fn begin_scenario(&self) {
        self.session.set(Some(Arc::new(Session::new(&self.session_options))));
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
        let Some(session) = self.session.set(None) else { return };
        for ended in [session.shutdown().await, self.named_sessions.end().await] {
            if let Err(error) = ended {
                self.stage.print(Stream::Stderr, &format!("quickcuke: {error}\n"));
            }
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

    /// To be called right before a call that may have to be given up.
    pub(super) fn enter(&self, place: Place, timing: Timing) {
        self.stage.watch.enter(Underway {
            place,
            timing,
            session: self.session.get(),
            named_sessions: self.named_sessions.get(),
            run_session: self.session.run(),
            run_named_sessions: self.run_named_sessions.clone(),
        });
    }

    /// To be called right after it. Does not come back where another worker has taken over.
    pub(super) async fn leave(&self) {
        if !self.stage.watch.leave() {
            std::future::pending::<()>().await;
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
        let mut call = pin!(self.isolate.call(callee, arguments, deadline));
        match futures::poll!(call.as_mut()) {
            Poll::Ready(answer) => answer,
            Poll::Pending => {
                self.stage.flush();
                call.await
            }
        }
    }
}
