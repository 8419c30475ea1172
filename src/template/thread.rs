//! What runs on the thread of a VM: the template's code, once, then calls of its functions.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use super::argument::{Arguments, Kind};
use super::host_function::{self, HostFunction};
use super::streams::{self, Streams};
use crate::host::{self, Grants, Host, Mount, Scratch, SharedTemporary, Stream};
use crate::isolate::{
    self, Argument, Callee, ErrorKind, Isolate, Limits, OpError, OpValue, Ops, Pending,
    ScriptError, Stopper,
};
use crate::library::Library;
use crate::prelude::TEMPLATE;
use crate::script::{Job, Script, Sources, parsed, told};
use crate::session::{Current, Session};

/// Takes what JavaScript prints.
pub(super) type Print = Arc<dyn Fn(Stream, &str) + Send + Sync>;

/// What the VMs of a template are made from.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) library: Library,
    pub(super) project: PathBuf,
    /// What is evaluated, in order.
    pub(super) steps: Arc<[Step]>,
    pub(super) functions: Arc<[HostFunction]>,
    pub(super) grants: Grants,
    pub(super) temporary: SharedTemporary,
    pub(super) print: Print,
    /// What drives the processes of instances, if they have any.
    pub(super) processes: Option<Handle>,
    /// For the evaluation.
    pub(super) timeout: Duration,
}

/// A part of the template's code.
pub(super) enum Step {
    Source(Arc<Script>),
    /// The id of a module in a file.
    File(String),
}

/// A call.
pub(super) struct Call {
    pub(super) function: String,
    pub(super) arguments: Arguments,
    pub(super) deadline: Option<Instant>,
    /// The call is given up when the other end is gone.
    pub(super) events: UnboundedSender<Event>,
}

/// What comes of a call.
pub(super) enum Event {
    /// A generator's item, and where to tell whether to go on.
    Item(Value, oneshot::Sender<bool>),
    /// Its result, and the bytes of memory in use.
    End(Result<Value, ScriptError>, usize),
}

/// What an instance has of its own, over what the template grants.
pub(super) struct Own {
    pub(super) session: Arc<Session>,
    pub(super) env: Vec<(String, String)>,
    pub(super) mounts: Vec<Mount>,
}

pub(super) enum TemplateJob {
    /// Makes an instance; the bytes of memory in use.
    Begin(Own, oneshot::Sender<Result<usize, ScriptError>>),
    Call(Box<Call>),
    Restore,
}

impl Job for TemplateJob {
    fn restore() -> Self {
        Self::Restore
    }
}

/// Makes a VM and does its jobs. That it cannot be made is the answer to its first one.
pub(super) async fn work(
    limits: Limits,
    recipe: Recipe,
    stopper: Stopper,
    mut jobs: UnboundedReceiver<TemplateJob>,
) {
    let mut vm = Vm::new(&limits, recipe, stopper).await;
    while let Some(job) = jobs.recv().await {
        match (job, &mut vm) {
            (TemplateJob::Begin(own, reply), Ok(vm)) => {
                let begun = vm.begin(own).await.map(|()| vm.isolate.memory_usage());
                let _ = reply.send(begun.map_err(told));
            }
            (TemplateJob::Begin(_, reply), Err(error)) => {
                let _ = reply.send(Err(error.clone()));
                return;
            }
            (TemplateJob::Call(call), Ok(vm)) => vm.call(*call).await,
            (TemplateJob::Restore, Ok(vm)) => {
                // A VM that cannot be restored is not used again.
                if vm.restore().await.is_err() {
                    return;
                }
            }
            (TemplateJob::Call(_) | TemplateJob::Restore, Err(_)) => return,
        }
    }
}

/// The call that runs, as its ops see it.
#[derive(Default)]
struct Running {
    /// What an earlier call left behind has another number.
    number: Cell<u32>,
    events: RefCell<Option<UnboundedSender<Event>>>,
    /// JSON of what it returned.
    value: RefCell<Option<String>>,
}

impl Running {
    /// The text that the call that runs gives; none if another one gives it.
    fn text<'a>(&self, args: &'a [OpValue]) -> Option<&'a str> {
        let number = args.first().and_then(OpValue::as_number)?;
        args.get(1).and_then(OpValue::as_text).filter(|_| number == f64::from(self.number.get()))
    }

    /// Registers the ops by which a call gives items and its value.
    fn install(self: &Rc<Self>, ops: &mut Ops) {
        let running = Rc::clone(self);
        ops.sync("callReturn", move |args| {
            if let Some(text) = running.text(args) {
                running.value.replace(Some(text.to_owned()));
            }
            Ok(OpValue::Null)
        });
        let running = Rc::clone(self);
        ops.asynchronous("sinkItem", Pending::Awaited("item"), move |args| {
            let (told, answer) = oneshot::channel();
            let sent = running.text(&args).map_or(Ok(()), |text| {
                let item = serde_json::from_str(text).map_err(|error| {
                    OpError::type_error(format!("the item cannot be read: {error}"))
                })?;
                if let Some(events) = &*running.events.borrow() {
                    let _ = events.send(Event::Item(item, told));
                }
                Ok(())
            });
            Box::pin(async move {
                sent?;
                Ok(OpValue::Bool(answer.await.unwrap_or(false)))
            })
        });
    }
}

/// The VM and what is around it; lives on the thread.
struct Vm {
    isolate: Isolate,
    host: Rc<Host>,
    /// The instance's, while there is one.
    session: Current,
    streams: Rc<Streams>,
    running: Rc<Running>,
    grants: Grants,
    /// Something was called since it was pristine.
    touched: bool,
    /// It may reach something else than the template says.
    has_own_grants: bool,
}

impl Vm {
    /// A VM in which the template's code has run.
    async fn new(limits: &Limits, recipe: Recipe, stopper: Stopper) -> Result<Self, ScriptError> {
        let deadline = Instant::now().checked_add(recipe.timeout);
        let Recipe {
            library, project, steps, functions, grants, temporary, print, processes, ..
        } = recipe;
        let grants = Grants { largest_read: Some(limits.memory as u64), ..grants };
        let output = Rc::new(move |stream, text: &str| print(stream, text));
        let name = temporary.unique_name("template");
        let scratch = Scratch::new(temporary, &name).map_err(|error| {
            ScriptError::internal(format!("no directory for temporary files: {error}"))
        })?;
        let host = Rc::new(Host::new(grants.clone(), project.clone(), scratch, output));
        let mut ops = Ops::new();
        host::install(&mut ops, &host);
        let session = processes.map_or_else(Current::default, Current::with_runtime);
        host::install_session(&mut ops, &host, &session);
        host_function::install(&mut ops, &functions);
        let streams = Rc::<Streams>::default();
        streams::install(&mut ops, &streams);
        let running = Rc::<Running>::default();
        running.install(&mut ops);
        let sources = Rc::new(Sources::new(library, project, Rc::clone(&host)));
        let modules = Rc::clone(&sources) as Rc<dyn isolate::ModuleSource>;
        let isolate = Isolate::new(limits, ops, &TEMPLATE, modules)?;
        isolate.stop_with(stopper);
        let (touched, has_own_grants) = (false, false);
        let mut vm =
            Self { isolate, host, session, streams, running, grants, touched, has_own_grants };
        vm.evaluate(&steps, &functions, &sources, deadline).await.map_err(told)?;
        vm.isolate.cancel()?;
        vm.isolate.freeze()?;
        let kept = vm.host.freeze();
        kept.map_err(|error| ScriptError::internal(format!("no snapshot: {error}")))?;
        Ok(vm)
    }

    async fn evaluate(
        &self,
        steps: &[Step],
        functions: &[HostFunction],
        sources: &Sources,
        deadline: Option<Instant>,
    ) -> Result<(), ScriptError> {
        let names: Value =
            functions.iter().map(|function| json!([function.name, function.is_async()])).collect();
        let names = names.to_string();
        self.isolate.call(Callee::Entry("expose"), &[Argument::Json(&names)], deadline).await?;
        for step in steps {
            match step {
                Step::File(id) => {
                    sources.allow(id);
                    self.import(id, deadline).await?;
                }
                Step::Source(script) => {
                    sources.add(script);
                    if script.is_module() {
                        self.import(&script.id, deadline).await?;
                        continue;
                    }
                    let file = sources.path_of(script);
                    let names = Value::from(script.globals()).to_string();
                    let (id, file) = (Argument::Text(&script.id), file.to_string_lossy());
                    let args = [id, Argument::Text(&file), Argument::Json(&names)];
                    self.isolate.call(Callee::Entry("script"), &args, deadline).await?;
                }
            }
        }
        Ok(())
    }

    async fn import(&self, id: &str, deadline: Option<Instant>) -> Result<(), ScriptError> {
        let import = Callee::Entry("module");
        self.isolate.call(import, &[Argument::Text(id)], deadline).await.map(drop)
    }

    /// Makes an instance of the pristine VM.
    async fn begin(&mut self, own: Own) -> Result<(), ScriptError> {
        self.session.set(Some(own.session));
        if own.env.is_empty() && own.mounts.is_empty() {
            return Ok(());
        }
        let mut grants = self.grants.clone();
        let renew_env = !own.env.is_empty();
        for (name, value) in own.env {
            grants.env.retain(|(known, _)| *known != name);
            grants.env.push((name, value));
        }
        grants.mounts = host::replaced(&grants.mounts, &own.mounts);
        self.host.grant(grants);
        (self.touched, self.has_own_grants) = (true, true);
        if renew_env {
            self.isolate.call(Callee::Entry("renewEnv"), &[], None).await?;
        }
        Ok(())
    }

    async fn call(&mut self, call: Call) {
        let Call { function, arguments, deadline, events } = call;
        self.touched = true;
        let number = self.running.number.get().wrapping_add(1);
        self.running.number.set(number);
        self.running.events.replace(Some(events.clone()));
        let (positional, named, streams) = self.take_in(arguments);
        let args = [
            Argument::Number(f64::from(number)),
            Argument::Text(&function),
            Argument::Json(&positional),
            Argument::Json(&named),
            Argument::Json(&streams),
        ];
        let result = tokio::select! {
            biased;
            // The caller is gone; whatever runs is dropped with the call.
            () = events.closed() => None,
            result = self.isolate.call(Callee::Entry("call"), &args, deadline) => Some(result),
        };
        self.running.events.take();
        let value = self.running.value.take();
        let result = match result {
            Some(Ok(_)) => self.isolate.cancel().and_then(|()| parsed(value.as_deref())),
            Some(Err(error)) if !error.poisoned => self.isolate.cancel().and(Err(error)),
            Some(Err(error)) => Err(error),
            None => return self.streams.clear(),
        };
        self.streams.clear();
        let poisons = |error: &ScriptError| {
            error.poisoned || matches!(error.kind, ErrorKind::Timeout | ErrorKind::Memory)
        };
        let result = result.map_err(|error| match poisons(&error) {
            true => told(error.poisoned()),
            false => told(error),
        });
        let _ = events.send(Event::End(result, self.isolate.memory_usage()));
    }

    /// JSON of the positional arguments, of the named ones, and of where streams stand among them.
    fn take_in(&self, arguments: Arguments) -> (String, String, String) {
        let mut streams = Vec::new();
        let mut value = |place: Value, kind| match kind {
            Kind::Value(value) => value,
            Kind::Stream(stream) => {
                streams.push(json!([place, self.streams.add(stream)]));
                Value::Null
            }
        };
        let positional = arguments.positional.into_iter().enumerate();
        let positional: Value = positional.map(|(at, arg)| value(at.into(), arg.0)).collect();
        let named = arguments.named.into_iter();
        let named: Map<String, Value> =
            named.map(|(name, arg)| (name.clone(), value(name.into(), arg.0))).collect();
        let named = if named.is_empty() { Value::Null } else { named.into() };
        (positional.to_string(), named.to_string(), Value::from(streams).to_string())
    }

    /// Back to the state that the template's code left.
    async fn restore(&mut self) -> Result<(), ScriptError> {
        self.session.set(None);
        if !std::mem::take(&mut self.touched) {
            return Ok(());
        }
        self.isolate.restore().await?;
        if std::mem::take(&mut self.has_own_grants) {
            self.host.grant(self.grants.clone());
        }
        let error =
            |error| ScriptError::internal(format!("cannot delete temporary files: {error}"));
        self.host.begin_scenario().map_err(error)
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // Deletes the directory for temporary files; who would be told is gone.
        self.host.unfreeze();
        let _ = self.host.begin_scenario();
    }
}
