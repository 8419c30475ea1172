//! What runs on the thread of a VM.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::sources::{Script, Sources};
use super::vm_thread::Job;
use super::{Console, RunContext};
use crate::host::{self, Grants, Host, Roots, Scratch, SharedTemporary};
use crate::isolate::{
    Argument, Callee, ErrorKind, Isolate, Limits, OpValue, Ops, ScriptError, Stopper,
};
use crate::library::Library;
use crate::prelude::SCRIPT;
use crate::session::{Current, Session};

/// What a VM is made from.
#[derive(Clone)]
pub(super) struct Material {
    pub(super) library: Library,
    pub(super) project: PathBuf,
    /// What of the grants of contexts is open already.
    pub(super) roots: Roots,
    pub(super) temporary: SharedTemporary,
    /// What drives the processes of scripts.
    pub(super) processes: Handle,
}

/// What the thread is asked to run.
pub(super) enum Callable {
    Script(Arc<Script>),
    /// The id of a module in a file.
    File(String),
}

/// A call.
pub(super) struct Call {
    pub(super) callable: Callable,
    /// JSON of an array.
    pub(super) args: String,
    pub(super) deadline: Option<Instant>,
    pub(super) session: Arc<Session>,
    pub(super) context: RunContext,
    /// Also read by the caller, who may give up on the thread.
    pub(super) console: Arc<Mutex<Console>>,
    pub(super) reply: oneshot::Sender<Result<Value, ScriptError>>,
}

pub(super) enum ScriptJob {
    Call(Box<Call>),
    Restore,
}

impl Job for ScriptJob {
    fn restore() -> Self {
        Self::Restore
    }
}

/// Makes a VM and does its jobs. That it cannot be made is the answer to its first call.
pub(super) async fn work(
    limits: Limits,
    material: Material,
    stopper: Stopper,
    mut jobs: UnboundedReceiver<ScriptJob>,
) {
    let mut vm = Vm::new(&limits, material, stopper);
    while let Some(job) = jobs.recv().await {
        match (job, &mut vm) {
            (ScriptJob::Call(call), Ok(vm)) => vm.call(*call).await,
            (ScriptJob::Call(call), Err(error)) => {
                let _ = call.reply.send(Err(error.clone()));
                return;
            }
            (ScriptJob::Restore, Ok(vm)) => {
                // A VM that cannot be restored is not used again.
                if vm.restore().await.is_err() {
                    return;
                }
            }
            (ScriptJob::Restore, Err(_)) => return,
        }
    }
}

/// The VM and what is around it; lives on the thread.
struct Vm {
    isolate: Isolate,
    host: Rc<Host>,
    sources: Rc<Sources>,
    session: Current,
    project: PathBuf,
    roots: Roots,
    /// Bytes of it that the VM has.
    memory: usize,
    /// Where what is printed goes, during a call.
    console: Rc<RefCell<Option<Arc<Mutex<Console>>>>>,
    /// JSON of what the call returned.
    value: Rc<RefCell<Option<String>>>,
    granted: RefCell<Grants>,
    /// Something was called since it was pristine.
    touched: Cell<bool>,
}

impl Vm {
    fn new(limits: &Limits, material: Material, stopper: Stopper) -> Result<Self, ScriptError> {
        let Material { library, project, roots, temporary, processes } = material;
        let console = Rc::<RefCell<Option<Arc<Mutex<Console>>>>>::default();
        let printed = Rc::clone(&console);
        let output = Rc::new(move |stream, text: &str| {
            if let Some(console) = &*printed.borrow() {
                console.lock().unwrap_or_else(PoisonError::into_inner).add(stream, text);
            }
        });
        let name = temporary.unique_name("script");
        let scratch = Scratch::new(temporary, &name).map_err(|error| {
            ScriptError::internal(format!("no directory for temporary files: {error}"))
        })?;
        let host = Rc::new(Host::new(Grants::default(), project.clone(), scratch, output));
        let mut ops = Ops::new();
        host::install(&mut ops, &host);
        let session = Current::with_runtime(processes);
        host::install_session(&mut ops, &host, &session);
        let value = Rc::<RefCell<Option<String>>>::default();
        let returned = Rc::clone(&value);
        ops.sync("scriptReturn", move |args| {
            returned.replace(args.first().and_then(OpValue::as_text).map(str::to_owned));
            Ok(OpValue::Null)
        });
        let sources = Rc::new(Sources::new(library, project.clone(), Rc::clone(&host)));
        let mut isolate = Isolate::new(limits, ops, &SCRIPT, sources.clone())?;
        isolate.stop_with(stopper);
        isolate.freeze()?;
        let (granted, touched) = (RefCell::default(), Cell::new(false));
        let memory = limits.memory;
        Ok(Self {
            isolate,
            host,
            sources,
            session,
            project,
            roots,
            memory,
            console,
            value,
            granted,
            touched,
        })
    }

    async fn call(&self, call: Call) {
        let Call { callable, args, deadline, session, context, console, mut reply } = call;
        self.touched.set(true);
        let renew_env = match self.grant(&context) {
            Ok(renew_env) => renew_env,
            Err(error) => return drop(reply.send(Err(error))),
        };
        self.session.set(Some(session));
        self.session.permit_commands(context.commands.clone());
        self.console.replace(Some(console));
        let artifacts = self.host.artifacts();
        let (entry, id, globals) = match &callable {
            Callable::Script(script) => {
                self.sources.add(script);
                let entry = if script.is_module() { "module" } else { "script" };
                (entry, script.id.as_str(), Value::from(script.globals()).to_string())
            }
            Callable::File(id) => {
                self.sources.allow(id);
                ("module", id.as_str(), "[]".to_owned())
            }
        };
        let file = match &callable {
            Callable::Script(script) => self.sources.path_of(script),
            Callable::File(file) => file.into(),
        };
        let setting = json!({
            "host": context.host.as_str(), "artifacts": artifacts, "renewEnv": renew_env, "file": file,
        });
        let setting = setting.to_string();
        let arguments = [
            Argument::Text(id),
            Argument::Json(&globals),
            Argument::Json(&args),
            Argument::Json(&setting),
        ];
        let result = tokio::select! {
            biased;
            // The caller is gone; whatever runs is dropped with the call.
            () = reply.closed() => None,
            result = self.isolate.call(Callee::Entry(entry), &arguments, deadline) => Some(result),
        };
        self.session.set(None);
        self.console.replace(None);
        let value = self.value.take();
        if let Some(result) = result {
            let _ = reply.send(result.and_then(|_| parsed(value.as_deref())).map_err(told));
        }
    }

    /// Lets the script reach what the context says; whether its environment is another one than before.
    ///
    /// # Errors
    /// As [`RunContext::grants`].
    fn grant(&self, context: &RunContext) -> Result<bool, ScriptError> {
        let grants = context.grants(&self.project, self.memory, &self.roots)?;
        let mut granted = self.granted.borrow_mut();
        if *granted == grants {
            return Ok(false);
        }
        let renew_env = granted.env != grants.env;
        granted.clone_from(&grants);
        self.host.grant(grants);
        Ok(renew_env)
    }

    /// Back to the state that it was made in.
    async fn restore(&mut self) -> Result<(), ScriptError> {
        if !self.touched.replace(false) {
            return Ok(());
        }
        self.isolate.restore().await?;
        self.sources.clear();
        let error =
            |error| ScriptError::internal(format!("cannot delete temporary files: {error}"));
        self.host.begin_scenario().map_err(error)
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // Deletes the directory for temporary files; who would be told is gone.
        let _ = self.host.begin_scenario();
    }
}

pub(crate) fn parsed(json: Option<&str>) -> Result<Value, ScriptError> {
    let value = json.map_or(Ok(Value::Null), serde_json::from_str);
    value.map_err(|error| {
        let message = format!("the value that was returned cannot be read: {error}");
        ScriptError::new(ErrorKind::Runtime, message)
    })
}

/// An error as the caller is told it: with its author's frames and the place of one that does not parse.
pub(crate) fn told(mut error: ScriptError) -> ScriptError {
    if error.kind == ErrorKind::Timeout {
        let message = format!("{}; a longer `timeout` may help", error.message);
        error.stack = error.stack.replacen(&error.message, &message, 1);
        error.message = message;
    }
    error.stack = error.author_stack();
    if error.kind == ErrorKind::Syntax && error.file.is_none() {
        error.locate_by_message();
    }
    error
}
