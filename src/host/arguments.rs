//! Reading an op's arguments.

use crate::isolate::{OpError, OpValue};

fn wrong(index: usize, wanted: &str, got: Option<&OpValue>) -> OpError {
    OpError {
        name: "TypeError",
        code: Some("ERR_INVALID_ARG_TYPE".into()),
        message: format!("argument {index} must be {wanted}, got {got:?}"),
        properties: Vec::new(),
    }
}

pub(super) fn text(args: &[OpValue], index: usize) -> Result<&str, OpError> {
    match args.get(index) {
        Some(OpValue::Text(text)) => Ok(text),
        other => Err(wrong(index, "a string", other)),
    }
}

pub(super) fn bytes(args: &[OpValue], index: usize) -> Result<&[u8], OpError> {
    match args.get(index) {
        Some(OpValue::Bytes(bytes)) => Ok(bytes),
        Some(OpValue::Text(text)) => Ok(text.as_bytes()),
        other => Err(wrong(index, "a Uint8Array", other)),
    }
}

pub(super) fn number(args: &[OpValue], index: usize) -> Result<f64, OpError> {
    match args.get(index) {
        Some(OpValue::Number(number)) => Ok(*number),
        other => Err(wrong(index, "a number", other)),
    }
}

/// `null`, `undefined` and a missing argument are `None`.
pub(super) fn optional_number(args: &[OpValue], index: usize) -> Result<Option<f64>, OpError> {
    match args.get(index) {
        None | Some(OpValue::Null) => Ok(None),
        Some(_) => number(args, index).map(Some),
    }
}

/// Anything but `true` is false.
pub(super) fn flag(args: &[OpValue], index: usize) -> bool {
    matches!(args.get(index), Some(OpValue::Bool(true)))
}
