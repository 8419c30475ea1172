//! The waist between JavaScript and Rust: plain values in, plain values out.
//!
//! Must not know any JavaScript value: an op is a Rust closure over `OpValue`s, and JavaScript reaches
//! it by number. What an op owns (files, processes, …) is state that its closure captured.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    time::Instant,
};

use futures::future::LocalBoxFuture;

use super::gate::Gate;
use super::modules::Position;

/// A value that crosses between JavaScript and Rust.
#[derive(Debug, Clone, PartialEq)]
pub enum OpValue {
    /// `undefined` and `null` on the way in, `undefined` on the way out.
    Null,
    Bool(bool),
    Number(f64),
    /// A string. Lone surrogates of a JavaScript string arrive as U+FFFD.
    Text(String),
    /// A `Uint8Array` or `ArrayBuffer` on the way in (copied), a `Uint8Array` on the way out.
    Bytes(Vec<u8>),
    /// JSON text, which JavaScript receives parsed. Never comes in: callers stringify and send `Text`.
    Json(String),
}

impl OpValue {
    /// The text of a `Text`, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            OpValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a `Number`, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            OpValue::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// How an op fails: becomes a real JavaScript error of class `name`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct OpError {
    /// The class: "Error", "TypeError", "RangeError", "SyntaxError". An unknown one gives `Error`.
    pub name: &'static str,
    /// The `code` property, such as "ENOENT".
    pub code: Option<String>,
    pub message: String,
    /// Further own properties: errno, syscall, path, …
    pub properties: Vec<(&'static str, OpValue)>,
}

impl OpError {
    /// A plain `Error` with a message.
    pub fn new(message: impl Into<String>) -> OpError {
        OpError { name: "Error", code: None, message: message.into(), properties: Vec::new() }
    }

    /// A `TypeError` with a message.
    pub fn type_error(message: impl Into<String>) -> OpError {
        OpError { name: "TypeError", ..OpError::new(message) }
    }

    /// The same error with its `code` property set.
    pub fn with_code(mut self, code: impl Into<String>) -> OpError {
        self.code = Some(code.into());
        self
    }
}

/// What an op answers with.
pub type OpResult = Result<OpValue, OpError>;

type SyncOp = Box<dyn Fn(&[OpValue]) -> OpResult>;
type AsyncOp = Box<dyn Fn(Vec<OpValue>) -> LocalBoxFuture<'static, OpResult>>;

pub(super) enum Handler {
    Sync(SyncOp),
    Async(AsyncOp),
}

pub(super) struct Op {
    pub(super) name: &'static str,
    pub(super) handler: Handler,
}

impl Op {
    pub(super) fn is_async(&self) -> bool {
        matches!(self.handler, Handler::Async(_))
    }
}

/// The ops of one isolate, in the order of their numbers. Given to `Isolate::new`, fixed from then on.
#[derive(Default)]
pub struct Ops {
    table: Vec<Op>,
    gate: Rc<Gate>,
    caller: Caller,
}

/// Where the author's code calls an op.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallSite {
    /// The innermost frame in a file of the author's own.
    pub author: Option<Position>,
    /// The innermost frame of all, if that is in a package of `node_modules`.
    pub package: Option<Position>,
}

type Answer = Box<dyn FnOnce(&CallSite)>;

/// Tells an op who calls it. Only an op that asks pays for it.
#[derive(Clone, Default)]
pub struct Caller(Rc<Asked>);

#[derive(Default)]
struct Asked {
    answers: RefCell<Vec<Answer>>,
    any: Cell<bool>,
}

impl Caller {
    /// Has `answer` called right after the synchronous part of the op that runs.
    pub fn ask(&self, answer: impl FnOnce(&CallSite) + 'static) {
        self.0.answers.borrow_mut().push(Box::new(answer));
        self.0.any.set(true);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.any.get()
    }

    pub(super) fn answer(&self, site: &CallSite) {
        self.0.any.set(false);
        let answers = self.0.answers.take();
        answers.into_iter().for_each(|answer| answer(site));
    }
}

/// The deadline of the call that runs, for synchronous ops that wait.
#[derive(Debug, Clone)]
pub struct Deadline(Rc<Gate>);

impl Deadline {
    /// When the call has to end; none if it may take its time.
    pub fn get(&self) -> Option<Instant> {
        self.0.deadline()
    }

    /// An op gave up because the deadline has passed: so the call is cut off, whatever it makes of the error.
    pub fn cut_off(&self) {
        self.0.cut_off();
    }
}

impl Ops {
    pub fn new() -> Ops {
        Ops::default()
    }

    /// Adds a synchronous op, `internal.ops.NAME(...)` in JavaScript. A later op of the same name replaces
    /// an earlier one.
    pub fn sync(&mut self, name: &'static str, run: impl Fn(&[OpValue]) -> OpResult + 'static) {
        self.add(name, Handler::Sync(Box::new(run)));
    }

    /// Adds an asynchronous op: JavaScript gets a promise, the future runs on the worker's tokio runtime
    /// while a call waits, and is dropped by `Isolate::restore`.
    pub fn asynchronous(
        &mut self,
        name: &'static str,
        run: impl Fn(Vec<OpValue>) -> LocalBoxFuture<'static, OpResult> + 'static,
    ) {
        self.add(name, Handler::Async(Box::new(run)));
    }

    /// The deadline of the isolate that these ops are for.
    pub fn deadline(&self) -> Deadline {
        Deadline(Rc::clone(&self.gate))
    }

    /// Who calls the ops of the isolate that these are for.
    pub fn caller(&self) -> Caller {
        self.caller.clone()
    }

    pub(super) fn is_caller_asked(&self) -> bool {
        self.caller.is_asked()
    }

    pub(super) fn gate(&self) -> &Rc<Gate> {
        &self.gate
    }

    fn add(&mut self, name: &'static str, handler: Handler) {
        match self.table.iter_mut().find(|op| op.name == name) {
            Some(op) => op.handler = handler,
            None => self.table.push(Op { name, handler }),
        }
    }

    pub(super) fn get(&self, number: usize) -> Option<&Op> {
        self.table.get(number)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Op> {
        self.table.iter()
    }
}

impl fmt::Debug for Ops {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.table.iter().map(|op| op.name)).finish()
    }
}
