//! Monotonic and wall-clock time.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Host, Op};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("clock_elapsed", elapsed), ("clock_origin", origin)];

/// Nanoseconds since the host was made; exact in a double for the first hundred days.
fn elapsed(host: &Host, _: &[OpValue]) -> OpResult {
    Ok(OpValue::Number(host.started.elapsed().as_nanos() as f64))
}

/// The wall-clock time, in milliseconds since 1970, at which `clock_elapsed` was zero.
fn origin(host: &Host, _: &[OpValue]) -> OpResult {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let origin = now.saturating_sub(host.started.elapsed());
    Ok(OpValue::Number(origin.as_secs_f64() * 1000.0))
}
