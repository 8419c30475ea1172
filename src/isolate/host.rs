//! What the natives of one isolate work on: ops, modules, timers, the outcome of the call that runs.
//!
//! Lives on the Rust heap, at one address, for longer than the VM that points to it. Holds no JavaScript
//! value but [`KeptValues`], which a restore puts back with the rest.

use std::{
    any::Any,
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    panic::AssertUnwindSafe,
    rc::Rc,
};

use futures::{FutureExt, future::LocalBoxFuture};

use super::{
    Prelude,
    gate::Gate,
    graph::ModuleGraph,
    modules::{Called, How, LoadError, Loaded, ModuleSource, Position},
    op::{OpError, OpResult, Ops, Pending},
    pending::{PendingOps, Started},
    raw::{Callable, EsModule, Hooks, KeptValues},
    stack_trace::is_prelude_file,
    timers::Timers,
};

/// How the call that runs has ended: JSON of its result, or the description of what was thrown.
pub(super) type Outcome = Result<String, String>;

/// The prelude file that `import()`s entry modules; specifiers it imports are ids already.
pub(super) const IMPORTER: &str = "quickcuke:prelude/modules.js";

pub(super) struct Host {
    pub(super) ops: Ops,
    pub(super) modules: Rc<dyn ModuleSource>,
    builtins: HashMap<&'static str, &'static str>,
    pub(super) gate: Rc<Gate>,
    pub(super) timers: RefCell<Timers>,
    /// Async ops under way.
    pub(super) pending: RefCell<PendingOps>,
    next_op: Cell<u32>,
    /// The number of the call that runs: what earlier calls left running must not settle it.
    pub(super) call: Cell<u32>,
    /// The call that the code which runs goes back to: an earlier one in what a timer or op of it continues.
    pub(super) origin: Cell<u32>,
    /// What the event loop ran last: a timer, an op, an immediate; none since the call began.
    pub(super) fired: Cell<Option<&'static str>>,
    /// Calls whose pending work is not awaited.
    pub(super) abandoned: RefCell<Vec<u32>>,
    pub(super) outcome: RefCell<Option<Outcome>>,
    /// Something nobody caught, as described by core.js.
    pub(super) uncaught: RefCell<Option<String>>,
    /// core.js keeps promises that were rejected with nobody to handle it.
    pub(super) has_rejections: Cell<bool>,
    /// core.js keeps immediates to run.
    pub(super) has_immediates: Cell<bool>,
    pub(super) graph: RefCell<ModuleGraph>,
    /// ES modules by id, those of the VM's own table.
    pub(super) loaded: RefCell<HashMap<String, EsModule>>,
    /// Those of them that were evaluated while something they import waits.
    pub(super) waiting: RefCell<Vec<EsModule>>,
    /// The layout of QuickJS's records of modules is as expected.
    pub(super) knows_module_def: Cell<bool>,
    /// Bytecode is being read, whose imports are looked up afterwards.
    pub(super) reads_bytecode: Cell<bool>,
    /// ES modules that have attributes on their imports.
    pub(super) with_attributes: RefCell<HashSet<String>>,
    /// What `hooks`, `entries` and `functions` consist of.
    pub(super) kept_values: KeptValues,
    /// A module that the loader has read already and `require` is about to ask for.
    preloaded: RefCell<Option<(String, Loaded)>>,
    /// State of Math.random: xorshift64* by Marsaglia.
    random: Cell<u64>,
    /// The functions that core.js gives to Rust, once it has run.
    pub(super) hooks: Cell<Option<Hooks>>,
    /// What the prelude has registered to be called, by name.
    pub(super) entries: RefCell<Vec<(String, Callable)>>,
    /// What the prelude has registered to be called by number.
    pub(super) functions: RefCell<Vec<Callable>>,
    /// The call that runs is not over with what its function gives.
    pub(super) demands_conclusion: Cell<bool>,
    /// Bytes of machine stack that JavaScript may use.
    pub(super) stack: usize,
    /// A microtask runs.
    pub(super) in_job: Cell<bool>,
    /// Error.captureStackTrace runs.
    pub(super) is_capturing: Cell<bool>,
}

impl Host {
    pub(super) fn new(
        ops: Ops,
        prelude: &Prelude,
        modules: Rc<dyn ModuleSource>,
        stack: usize,
    ) -> Host {
        Host {
            gate: Rc::clone(ops.gate()),
            ops,
            modules,
            builtins: prelude.builtins.iter().copied().collect(),
            timers: RefCell::new(Timers::new()),
            pending: RefCell::default(),
            next_op: Cell::new(1),
            call: Cell::new(0),
            origin: Cell::new(0),
            fired: Cell::new(None),
            abandoned: RefCell::default(),
            outcome: RefCell::default(),
            uncaught: RefCell::default(),
            has_rejections: Cell::new(false),
            has_immediates: Cell::new(false),
            graph: RefCell::default(),
            loaded: RefCell::default(),
            waiting: RefCell::default(),
            knows_module_def: Cell::new(false),
            reads_bytecode: Cell::new(false),
            with_attributes: RefCell::default(),
            kept_values: KeptValues::default(),
            preloaded: RefCell::default(),
            random: Cell::new(RandomState::new().hash_one(0) | 1),
            hooks: Cell::new(None),
            entries: RefCell::default(),
            functions: RefCell::default(),
            demands_conclusion: Cell::new(false),
            stack,
            in_job: Cell::new(false),
            is_capturing: Cell::new(false),
        }
    }

    /// The next number of Math.random.
    pub(super) fn random(&self) -> f64 {
        let mut state = self.random.get();
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        self.random.set(state);
        let bits = state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
        bits as f64 / (1u64 << 53) as f64
    }

    /// Puts an op's future under way; the number that JavaScript keeps its promise under.
    pub(super) fn start(&self, future: LocalBoxFuture<'static, OpResult>, pending: Pending) -> u32 {
        let number = self.next_op.get();
        self.next_op.set(number.wrapping_add(1));
        let guarded = AssertUnwindSafe(future).catch_unwind();
        let future = Box::pin(async move {
            guarded.await.unwrap_or_else(|panic| {
                Err(OpError::new(format!("quickcuke panicked: {}", panic_text(&*panic))))
            })
        });
        let (is_awaited, what) = match pending {
            Pending::Awaited(what) => (true, what),
            Pending::Idle => (false, ""),
        };
        self.pending.borrow_mut().push(self.started(number, is_awaited, what), future);
        number
    }

    /// Work that the code which runs has started.
    pub(super) fn started(&self, id: u32, is_awaited: bool, what: &'static str) -> Started {
        let call = self.origin.get();
        let is_awaited = is_awaited && !self.abandoned.borrow().contains(&call);
        Started { id, call, is_awaited, what }
    }

    /// The name of a function and a position of it as the author has them, with what is called there; none if there is
    /// nothing to show.
    pub(super) fn original_frame<'a>(
        &self,
        function: &'a str,
        (file, line, column): (&str, u32, u32),
        called: Called<'_>,
        only_lines: bool,
    ) -> Option<(Cow<'a, str>, Position)> {
        let position = Position { file: file.to_owned(), line, column };
        if is_prelude_file(file) {
            return Some((Cow::Borrowed(function), position));
        }
        let position = self.modules.original_position(file, line, column).unwrap_or(position);
        let name = match only_lines {
            true => None,
            false => self.modules.method_name(&position, function),
        };
        let name = name.map_or(Cow::Borrowed(function), Cow::Owned);
        match self.modules.call_position(&position, called, only_lines) {
            Some(position) => Some((name, position)),
            // The function has thrown the error once more.
            None if called == Called::Awaited => None,
            None => Some((name, position)),
        }
    }

    /// The id of the builtin that a specifier means: "x" stands for "node:x".
    pub(super) fn builtin(&self, specifier: &str) -> Option<&'static str> {
        if let Some((id, _)) = self.builtins.get_key_value(specifier) {
            return Some(id);
        }
        if specifier.starts_with('.') || specifier.starts_with('/') {
            return None;
        }
        let (id, _) = self.builtins.get_key_value(format!("node:{specifier}").as_str())?;
        Some(id)
    }

    pub(super) fn builtin_source(&self, id: &str) -> Option<&'static str> {
        self.builtins.get(id).copied()
    }

    /// What a specifier means in an importer: a builtin's id or what the module source says.
    pub(super) fn resolve(
        &self,
        specifier: &str,
        importer: &str,
        how: How,
    ) -> Result<String, LoadError> {
        // The prelude's own builtins are for the prelude.
        let is_hidden = specifier.starts_with("quickcuke:") && !is_prelude_file(importer);
        if let Some(id) = self.builtin(specifier).filter(|_| !is_hidden) {
            return Ok(id.to_owned());
        }
        if importer == IMPORTER {
            return Ok(specifier.to_owned());
        }
        let path = file_url_path(specifier);
        let id = self.modules.resolve(path.as_deref().unwrap_or(specifier), importer, how)?;
        Ok(self.builtin(&id).map_or(id, str::to_owned))
    }

    pub(super) fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        match self.preloaded.borrow_mut().take() {
            Some((preloaded, loaded)) if preloaded == id => Ok(loaded),
            _ => self.modules.load(id),
        }
    }

    pub(super) fn preload(&self, id: &str, loaded: Loaded) {
        *self.preloaded.borrow_mut() = Some((id.to_owned(), loaded));
    }

    /// Forgets every value of the VM, which is at its end.
    pub(super) fn forget_vm(&self) {
        self.hooks.set(None);
        self.entries.borrow_mut().clear();
        self.functions.borrow_mut().clear();
        self.graph.take();
        self.loaded.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
        self.kept_values.truncate(0);
    }

    /// Drops what earlier calls left under way.
    pub(super) fn drop_pending(&self) {
        self.pending.borrow_mut().clear();
        self.timers.borrow_mut().clear_all();
        self.outcome.borrow_mut().take();
        self.uncaught.borrow_mut().take();
        self.preloaded.borrow_mut().take();
        self.has_rejections.set(false);
        self.has_immediates.set(false);
        self.abandoned.borrow_mut().clear();
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// The path of a `file://` URL.
fn file_url_path(specifier: &str) -> Option<String> {
    let path = specifier.strip_prefix("file://")?;
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| tail.get(..2).and_then(hex)).flatten();
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::file_url_path;

    #[test]
    fn file_urls_become_paths() {
        assert_eq!(file_url_path("file:///a%20b/c%.js?x#y").as_deref(), Some("/a b/c%.js"));
        assert_eq!(file_url_path("./a.js"), None);
    }
}
