//! Text to the two output streams.

use super::{Host, Op, Stream, arguments};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] =
    &[("stdout_write", stdout_write), ("stderr_write", stderr_write)];

fn stdout_write(host: &Host, args: &[OpValue]) -> OpResult {
    host.write(Stream::Stdout, arguments::text(args, 0)?);
    Ok(OpValue::Null)
}

fn stderr_write(host: &Host, args: &[OpValue]) -> OpResult {
    host.write(Stream::Stderr, arguments::text(args, 0)?);
    Ok(OpValue::Null)
}
