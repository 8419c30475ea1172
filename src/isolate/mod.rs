//! The isolate: one QuickJS VM on one thread, with ops by number, modules, an event loop and deadlines.
//!
//! Knows nothing of Cucumber, of sessions, of files: modules come through [`ModuleSource`], everything
//! that JavaScript can reach comes through [`Ops`].
//!
//! ```text
//! mod.rs          Isolate: new, import, call, freeze, restore
//! call.rs         what is called, and with what
//! op.rs           ops: plain values in, plain values out
//! modules.rs      ModuleSource, what a library implements
//! graph.rs        which module imports which, and what may be evaluated now
//! start.rs        the start of a call, which is all of most calls
//! event_loop.rs   one call until it is settled: microtasks, timers, async ops, deadline
//! timers.rs       which timer is due when
//! pending.rs      what calls leave under way, and what of it is awaited
//! gate.rs         the deadline, shared by interrupt handler, allocator and loop
//! stopper.rs      stopping what runs from another thread
//! error.rs        ScriptError
//! engine_message.rs  the engine's complaints in the words of V8
//! stack_trace.rs  V8-shaped traces with the author's positions
//! bytecode.rs     what QuickJS compiled, a type that only it can make
//! seal.rs         bytecode that goes to disk and comes back
//! prelude_code.rs the prelude's bytecode, kept for later processes
//! host.rs         the Rust side that the VM's natives work on
//! raw/            the QuickJS calls themselves
//! arena/          the VM's memory
//! snapshot.rs     what restore goes back to
//! worker.rs       threads with a stack that is deep enough
//! ```

mod arena;
mod bytecode;
mod call;
mod engine_message;
mod error;
mod event_loop;
mod gate;
mod graph;
mod host;
mod modules;
mod op;
mod pending;
mod prelude_code;
mod raw;
mod seal;
mod snapshot;
mod stack_trace;
mod start;
mod stopper;
#[cfg(test)]
mod tests;
mod timers;
mod worker;

use std::{cell::RefCell, fmt, rc::Rc, time::Instant};

pub use bytecode::Bytecode;
pub use call::{Argument, Callee};
pub use error::{ErrorKind, ScriptError};
pub use modules::{
    Called, Code, Culprit, Fault, How, LoadError, Loaded, ModuleKind, ModuleSource, Position,
};
pub use op::{CallSite, Caller, Deadline, OpError, OpResult, OpValue, Ops, Pending};
pub use pending::PendingWork;
pub use stack_trace::is_prelude_file;
pub use stopper::Stopper;
pub use worker::{STACK_SIZE, spawn_worker};

pub use arena::RestorePath;
pub(crate) use host::panic_text;
pub(crate) use seal::{KEY_LENGTH, Seal};

use arena::Arena;
use call::RecordedCall;
use event_loop::{EventLoop, Until};
use host::Host;
use raw::{Hooks, Thrown, Vm};
use snapshot::Snapshot;

/// What an isolate may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the VM's memory. Reserved at the start, used as needed.
    pub memory: usize,
    /// Bytes of machine stack that JavaScript may use. The thread needs some more than twice as much: see
    /// [`spawn_worker`].
    pub stack: usize,
    /// Bytes allocated before the first search for garbage cycles.
    pub gc_threshold: usize,
    /// How `restore` works.
    pub restore: RestorePath,
}

impl Default for Limits {
    fn default() -> Limits {
        let restore = RestorePath::default();
        Limits { memory: 256 << 20, stack: 4 << 20, gc_threshold: 64 << 20, restore }
    }
}

/// The JavaScript that runs before the user's, as pairs of id and source.
#[derive(Debug, Clone, Copy)]
pub struct Prelude {
    /// Run in order when the isolate starts; the first two must be `core.js` and `modules.js`. An id that
    /// holds no colon becomes `quickcuke:prelude/ID` in stack traces.
    pub scripts: &'static [(&'static str, &'static str)],
    /// Run when first required: "node:path", "quickcuke", …
    pub builtins: &'static [(&'static str, &'static str)],
}

/// One VM. Lives on the thread that made it, which needs a tokio runtime with time enabled for `import`
/// and `call`.
///
/// ```compile_fail,E0277
/// fn is_send<T: Send>() {}
/// is_send::<quickcuke::isolate::Isolate>();
/// ```
///
/// # What makes `restore` and drop sound
/// - Every byte that the VM owns is in its arena, and QuickJS keeps no state outside of it; what points out
///   of the arena (allocation functions, the host) stays where it is. So a copy of the arena is a copy of
///   the VM, and unmapping it is the end of the VM: `JS_FreeRuntime`, which would walk a heap that may be
///   broken, is never called.
/// - The VM holds nothing of the Rust heap: its native functions are plain function pointers with a number,
///   with no finalizers, no classes of ours, no closures.
/// - Rust holds no value of the VM across calls but the `KeptValues`, which are never freed and of which a restore
///   forgets those that its snapshot does not have. All others are `Local`s, which borrow the VM, so that none can be held across `restore(&mut self)`.
/// - An isolate does not leave its thread (it is not `Send`), on which alone its memory is written.
/// - `freeze` and `restore` take `&mut self` and `call` borrows `&self` until it ends or is dropped, and
///   JavaScript runs only inside of it: no frame of the VM is on the stack when they run.
/// - Async ops under way own no value of the VM, only the number that JavaScript keeps their promise under;
///   numbers are not used again, so an op that ended late finds nobody.
pub struct Isolate {
    vm: Vm,
    /// At one address for as long as the VM points to it. In an `Rc` because a `Box`, when it is moved, claims
    /// to be the only way to what is in it.
    host: Rc<Host>,
    arena: Arena,
    limits: Limits,
    prelude: Prelude,
    snapshot: Option<Snapshot>,
    /// What was called since the beginning, for a fresh VM to repeat; none on the other paths.
    calls: Option<RefCell<Vec<RecordedCall>>>,
}

impl fmt::Debug for Isolate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Isolate").field("memory_usage", &self.memory_usage()).finish()
    }
}

impl Isolate {
    /// A VM with the ops installed and the prelude's scripts run.
    pub fn new(
        limits: &Limits,
        ops: Ops,
        prelude: &Prelude,
        modules: Rc<dyn ModuleSource>,
    ) -> Result<Isolate, ScriptError> {
        let host = Rc::new(Host::new(ops, prelude, modules, limits.stack));
        let (vm, arena) = new_vm(limits, &host)?;
        let calls = (limits.restore == RestorePath::FreshVm).then(RefCell::default);
        let (limits, prelude) = (limits.clone(), *prelude);
        let isolate = Isolate { vm, host, arena, limits, prelude, snapshot: None, calls };
        isolate.run_prelude()?;
        Ok(isolate)
    }

    fn run_prelude(&self) -> Result<(), ScriptError> {
        let mut running = "";
        let run = |running: &mut &'static str| -> Result<(), Thrown<'_>> {
            let vm = &self.vm;
            let internal = vm.object()?;
            internal.set(c"natives", vm.natives()?)?;
            internal.set(c"ops", vm.parse_json(&self.op_names())?)?;
            for (name, source) in self.prelude.scripts {
                *running = name;
                let id = if name.contains(':') {
                    (*name).to_owned()
                } else {
                    format!("quickcuke:prelude/{name}")
                };
                let body = vm.prelude_function(&self.host, &id, source)?;
                let module = vm.object()?;
                let exports = vm.object()?;
                module.set(c"exports", exports.clone())?;
                let require = internal.get(c"requireBuiltin")?;
                let (id, directory) = (vm.string(&id)?, vm.string("")?);
                body.call(
                    &vm.undefined(),
                    &[&exports, &require, &module, &id, &directory, &internal],
                )?;
                // Those of modules.js are there once the second script has run.
                let hooks = internal.get(c"hooks")?;
                if hooks.is_object() {
                    self.host.hooks.set(Some(Hooks::of(vm, &hooks)?));
                }
            }
            Ok(())
        };
        run(&mut running).map_err(|thrown| {
            let error = EventLoop::new(&self.vm, &self.host).describe(&thrown);
            if error.kind == ErrorKind::Memory {
                return error;
            }
            let message = format!("prelude script {running}: {}", error.message);
            ScriptError { kind: ErrorKind::Internal, message, ..error }
        })
    }

    /// JSON of `[[name, whether asynchronous], …]` in the order of the ops' numbers.
    fn op_names(&self) -> String {
        let pairs: Vec<_> =
            self.host.ops.iter().map(|op| (op.name, op.pending().is_some())).collect();
        serde_json::to_string(&pairs).unwrap_or_default()
    }

    /// Evaluates a module, ES or CommonJS or JSON, and all that it imports. `id` is an absolute path or a
    /// builtin's id, which the module source is not asked to resolve. A module that was imported before is
    /// not evaluated again.
    ///
    /// # Errors
    /// As `call`.
    pub async fn import(&self, id: &str, deadline: Option<Instant>) -> Result<(), ScriptError> {
        let import = Callee::Entry("quickcuke:import");
        self.call_until(import, &[Argument::Text(id)], Until::Loaded, deadline).await.map(drop)
    }

    /// Calls what the prelude registered until its promise is settled; JSON of the result, the empty text for
    /// `undefined`.
    ///
    /// # Errors
    /// What an entry threw; what becomes of an author's function that throws is for the prelude to say. Also
    /// what nobody caught while it ran: an exception in a timer's callback, a
    /// rejected promise with no handler. A timeout (`poisoned` if code was stopped in its midst, else the
    /// promise was still pending), or want of memory (`poisoned`). After a poisoned error nothing may be
    /// called before `restore`.
    pub async fn call(
        &self,
        callee: Callee<'_>,
        args: &[Argument<'_>],
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        self.call_until(callee, args, Until::Settled, deadline).await
    }

    /// As `call`, but also ends, with the empty text, once nothing is pending that is awaited: no timer that keeps
    /// Node running other than an interval, no immediate, no op but those that wait for what may never come. It is a
    /// timeout that is not poisoned if some of it still is.
    ///
    /// # Errors
    /// As of `call`.
    pub async fn settle(
        &self,
        callee: Callee<'_>,
        args: &[Argument<'_>],
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        self.call_until(callee, args, Until::Idle, deadline).await
    }

    async fn call_until(
        &self,
        callee: Callee<'_>,
        args: &[Argument<'_>],
        until: Until,
        deadline: Option<Instant>,
    ) -> Result<String, ScriptError> {
        if let Some(calls) = &self.calls {
            calls.borrow_mut().push(RecordedCall::new(callee, args, until, deadline));
        }
        EventLoop::new(&self.vm, &self.host).call(callee, args, until, deadline).await
    }

    /// Whether earlier calls left something pending that [`settle`](Isolate::settle) would wait for.
    pub fn has_pending(&self) -> bool {
        self.host.has_awaited()
    }

    /// What [`settle`](Isolate::settle) would wait for. Not to be called after a poisoned error.
    pub fn pending(&self) -> Vec<PendingWork> {
        self.vm.enter();
        EventLoop::new(&self.vm, &self.host).awaited_work(None)
    }

    /// Drops what [`settle`](Isolate::settle) would wait for. Not to be called after a poisoned error.
    ///
    /// # Errors
    /// Want of memory.
    pub fn drop_pending(&self) -> Result<(), ScriptError> {
        EventLoop::new(&self.vm, &self.host).drop_awaited()
    }

    /// The number of the last call. They count up by one.
    pub fn call_number(&self) -> u32 {
        self.host.call.get()
    }

    /// The number of the call that what ran last goes back to: an earlier one if it was the continuation of what that
    /// left pending.
    pub fn origin(&self) -> u32 {
        self.host.origin.get()
    }

    /// Takes the snapshot that `restore` goes back to; a later one replaces it. What is pending in
    /// JavaScript is in it, ops and timers under way are not.
    ///
    /// # Errors
    /// The path of [`Limits::restore`] is not to be had, or there is no memory left. There is no snapshot then,
    /// not even an earlier one.
    pub fn freeze(&mut self) -> Result<(), ScriptError> {
        prelude_code::keep(&*self.host.modules);
        self.snapshot = None;
        self.vm.run_gc();
        self.vm.fill_holes(|| self.arena.requests());
        let frozen = self.arena.freeze(self.limits.restore);
        frozen.map_err(|error| ScriptError::internal(format!("no snapshot: {error}")))?;
        let calls = self.calls.as_ref().map_or(0, |calls| calls.borrow().len());
        self.snapshot = Some(Snapshot::new(&self.host, calls));
        self.host.modules.frozen();
        Ok(())
    }

    /// Back to the snapshot; drops pending ops and timers. Without a snapshot it only does the latter.
    /// Sound after whatever went before: a throw, a timeout, want of memory, a call that was dropped.
    ///
    /// # Errors
    /// Only where it takes a fresh VM: what the calls that are repeated in it fail with.
    pub async fn restore(&mut self) -> Result<(), ScriptError> {
        self.host.drop_pending();
        self.host.gate.lift();
        let Some(snapshot) = &self.snapshot else { return Ok(()) };
        self.host.modules.restored();
        // SAFETY: see "What makes `restore` and drop sound".
        if !unsafe { self.arena.restore() } {
            return self.renew(snapshot.calls).await;
        }
        snapshot.restore_host(&self.host);
        Ok(())
    }

    /// A new VM in which the first calls are repeated.
    async fn renew(&mut self, count: usize) -> Result<(), ScriptError> {
        self.host.forget_vm();
        (self.vm, self.arena) = new_vm(&self.limits, &self.host)?;
        self.run_prelude()?;
        // They stay where they are: this may end early, and then has to be repeated.
        let calls = self.calls.get_or_insert_default().get_mut();
        calls.truncate(count);
        for call in calls.iter() {
            let deadline = call.timeout.map(|timeout| Instant::now() + timeout);
            let ended = EventLoop::new(&self.vm, &self.host)
                .call(call.callee(), &call.args(), call.until, deadline)
                .await;
            if call.until != Until::Idle {
                ended?;
            }
        }
        self.host.drop_pending();
        Ok(())
    }

    /// Drops what calls left under way: ops, timers, immediates. Promises that waited for them stay pending. Not to be
    /// called after a poisoned error.
    ///
    /// # Errors
    /// Want of memory.
    pub fn cancel(&self) -> Result<(), ScriptError> {
        self.host.drop_pending();
        EventLoop::new(&self.vm, &self.host).forget()
    }

    /// Lets another thread stop what runs, as its deadline would. Only the first stopper that is given counts.
    pub fn stop_with(&self, stopper: Stopper) {
        self.host.gate.stop_with(stopper);
    }

    /// Bytes of memory that the VM holds.
    pub fn memory_usage(&self) -> usize {
        self.arena.used()
    }
}

/// A VM and the arena that it lives in.
fn new_vm(limits: &Limits, host: &Host) -> Result<(Vm, Arena), ScriptError> {
    let arena = Arena::new(limits.memory, host.gate.clone()).map_err(|error| {
        let message = format!("a memory limit of {} bytes cannot be had: {error}", limits.memory);
        ScriptError::new(ErrorKind::Memory, message)
    })?;
    // SAFETY: the isolate keeps the host and the arena, whose addresses do not change, for as long as the VM,
    // which is used through nothing else.
    let vm = unsafe { Vm::new(&arena::FUNCTIONS, arena.opaque(), host, limits.stack) };
    let vm = vm.ok_or_else(|| {
        ScriptError::new(ErrorKind::Memory, "the VM does not fit into its memory limit")
    })?;
    vm.set_gc_threshold(limits.gc_threshold.min(limits.memory / 4));
    Ok((vm, arena))
}
