//! Random bytes from the operating system.

use super::arguments;
use crate::isolate::{OpError, OpValue, Ops};

/// The most bytes one call gives; JavaScript asks again for more.
const MOST: f64 = 16_777_216.0;

pub(super) fn install(ops: &mut Ops) {
    ops.sync("random_bytes", |args| {
        let count = arguments::number(args, 0)?.clamp(0.0, MOST) as usize;
        let mut bytes = vec![0; count];
        getrandom::fill(&mut bytes).map_err(|error| OpError {
            name: "Error",
            code: None,
            message: format!("the operating system gave no random bytes: {error}"),
            properties: Vec::new(),
        })?;
        Ok(OpValue::Bytes(bytes))
    });
}
