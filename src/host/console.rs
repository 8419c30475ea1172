//! Text to the two output streams.

use std::rc::Rc;

use super::{Host, Stream, arguments};
use crate::isolate::{OpValue, Ops};

pub(super) fn install(ops: &mut Ops, host: &Rc<Host>) {
    let this = host.clone();
    ops.sync("stdout_write", move |args| {
        this.write(Stream::Stdout, arguments::text(args, 0)?);
        Ok(OpValue::Null)
    });
    let this = host.clone();
    ops.sync("stderr_write", move |args| {
        this.write(Stream::Stderr, arguments::text(args, 0)?);
        Ok(OpValue::Null)
    });
}
