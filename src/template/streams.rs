//! The streams among the arguments of a call.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use futures::{FutureExt as _, StreamExt as _};
use serde_json::Value;

use super::argument::Items;
use crate::isolate::{OpError, OpResult, OpValue, Ops, Pending, panic_text};

/// By number, which is never used again: what an earlier call left behind finds nothing.
#[derive(Default)]
pub(super) struct Streams {
    open: RefCell<HashMap<u32, Items>>,
    count: Cell<u32>,
}

impl Streams {
    /// Its number.
    pub(super) fn add(&self, stream: Items) -> u32 {
        let number = self.count.get();
        self.count.set(number.wrapping_add(1));
        self.open.borrow_mut().insert(number, stream);
        number
    }

    pub(super) fn clear(&self) {
        // Dropped when nothing is borrowed: what a stream does then is its own business.
        drop(self.open.take());
    }

    fn take(&self, number: Option<u32>) -> Option<Items> {
        self.open.borrow_mut().remove(&number?)
    }

    /// The next item in an array, null at the end.
    async fn next(&self, number: Option<u32>) -> OpResult {
        let Some(mut stream) = self.take(number) else {
            return Err(OpError::new(
                "this stream is gone: it ended with the call that it was an argument of",
            ));
        };
        match AssertUnwindSafe(stream.next()).catch_unwind().await {
            Ok(None) => Ok(OpValue::Null),
            Ok(Some(Err(error))) => Err(OpError::new(error.to_string())),
            Ok(Some(Ok(item))) => {
                self.open.borrow_mut().extend(number.map(|number| (number, stream)));
                Ok(OpValue::Json(Value::from([item]).to_string()))
            }
            Err(panic) => {
                Err(OpError::new(format!("the stream panicked: {}", panic_text(&*panic))))
            }
        }
    }
}

/// Registers the ops that pull and close streams.
pub(super) fn install(ops: &mut Ops, streams: &Rc<Streams>) {
    let number =
        |args: &[OpValue]| args.first().and_then(OpValue::as_number).map(|number| number as u32);
    let open = Rc::clone(streams);
    ops.asynchronous("streamNext", Pending::Idle, move |args| {
        let open = Rc::clone(&open);
        Box::pin(async move { open.next(number(&args)).await })
    });
    let open = Rc::clone(streams);
    ops.sync("streamClose", move |args| {
        drop(open.take(number(args)));
        Ok(OpValue::Null)
    });
}
