//! Rust closures that JavaScript calls.

use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::{BoxFuture, LocalBoxFuture};
use serde_json::Value;

use crate::isolate::{OpError, OpResult, OpValue, Ops, Pending, panic_text};

/// Why a host function failed: its text becomes the message of a JavaScript error.
pub type HostError = Box<dyn Error + Send + Sync>;

type Answer = Result<Value, HostError>;

/// A closure under the name of the global that calls it.
#[derive(Clone)]
pub(super) struct HostFunction {
    pub(super) name: String,
    pub(super) handler: Handler,
}

#[derive(Clone)]
pub(super) enum Handler {
    Sync(Arc<dyn Fn(Vec<Value>) -> Answer + Send + Sync>),
    Async(Arc<dyn Fn(Vec<Value>) -> BoxFuture<'static, Answer> + Send + Sync>),
}

impl HostFunction {
    pub(super) fn is_async(&self) -> bool {
        matches!(self.handler, Handler::Async(_))
    }

    fn call(&self, args: &[OpValue]) -> OpResult {
        let Handler::Sync(run) = &self.handler else { return Err(unknown()) };
        let args = arguments(args)?;
        let answer = catch_unwind(AssertUnwindSafe(|| run(args)));
        self.told(answer)
    }

    /// Begins at once, as an asynchronous function of JavaScript does.
    fn begin(&self, args: &[OpValue]) -> Result<BoxFuture<'static, Answer>, OpError> {
        let Handler::Async(run) = &self.handler else { return Err(unknown()) };
        let args = arguments(args)?;
        catch_unwind(AssertUnwindSafe(|| run(args))).map_err(|panic| self.panicked(&*panic))
    }

    fn told(&self, answer: std::thread::Result<Answer>) -> OpResult {
        match answer {
            Ok(Ok(value)) => Ok(OpValue::Json(value.to_string())),
            Ok(Err(error)) => Err(OpError::new(error.to_string())),
            Err(panic) => Err(self.panicked(&*panic)),
        }
    }

    fn panicked(&self, panic: &(dyn Any + Send)) -> OpError {
        let said = panic_text(panic);
        OpError::new(format!("the host function {} panicked: {said}", self.name))
    }
}

/// Registers the ops that call them by number.
pub(super) fn install(ops: &mut Ops, functions: &Arc<[HostFunction]>) {
    let known = Arc::clone(functions);
    ops.sync("hostSync", move |args| known.get(number(args)).ok_or_else(unknown)?.call(args));
    let known = Arc::clone(functions);
    ops.asynchronous(
        "hostAsync",
        Pending::Awaited("host function"),
        move |args| -> LocalBoxFuture<'static, OpResult> {
            let function = known.get(number(&args)).cloned().ok_or_else(unknown);
            let begun = function.and_then(|function| Ok((function.begin(&args)?, function)));
            Box::pin(async move {
                let (answer, function) = begun?;
                function.told(AssertUnwindSafe(answer).catch_unwind().await)
            })
        },
    );
}

fn number(args: &[OpValue]) -> usize {
    args.first().and_then(OpValue::as_number).map_or(usize::MAX, |number| number as usize)
}

fn unknown() -> OpError {
    OpError::new("no host function has this number")
}

/// (number, JSON of the arguments)
fn arguments(args: &[OpValue]) -> Result<Vec<Value>, OpError> {
    let json = args.get(1).and_then(OpValue::as_text).unwrap_or("[]");
    let unread = |error| OpError::type_error(format!("the arguments cannot be read: {error}"));
    serde_json::from_str(json).map_err(unread)
}
