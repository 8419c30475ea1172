//! Monotonic and wall-clock time.

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Host;
use crate::isolate::{OpValue, Ops};

pub(super) fn install(ops: &mut Ops, host: &Rc<Host>) {
    let this = host.clone();
    // Nanoseconds since the host was made; exact in a double for the first hundred days.
    ops.sync("clock_elapsed", move |_| Ok(OpValue::Number(this.started.get().elapsed().as_nanos() as f64)));
    let this = host.clone();
    // The wall-clock time, in milliseconds since 1970, at which `clock_elapsed` was zero.
    ops.sync("clock_origin", move |_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let origin = now.saturating_sub(this.started.get().elapsed());
        Ok(OpValue::Number(origin.as_secs_f64() * 1000.0))
    });
}
