//! Random bytes from the operating system.

use super::{Host, Op, arguments};
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("random_bytes", random_bytes)];

/// The most bytes one call gives; JavaScript asks again for more.
const MOST: f64 = 16_777_216.0;

/// (count) -> that many random bytes
fn random_bytes(_: &Host, args: &[OpValue]) -> OpResult {
    let count = arguments::number(args, 0)?.clamp(0.0, MOST) as usize;
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(|error| OpError {
        name: "Error",
        code: None,
        message: format!("the operating system gave no random bytes: {error}"),
        properties: Vec::new(),
    })?;
    Ok(OpValue::Bytes(bytes))
}
