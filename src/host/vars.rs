//! `vars`: the variables of the session that the running scenario is in.

use serde_json::Value;

use super::{Sessions, arguments};
use crate::isolate::{OpError, OpValue, Ops};

/// Registers `varsGet(key)`, `varsSet(key, json)`, `varsHas(key)`, `varsDelete(key)`, `varsKeys()`, `varsClear()`.
pub fn install(ops: &mut Ops, current: &Sessions) {
    // Null both for a key that is not set and for one set to null; `varsHas` tells them apart.
    let slot = current.clone();
    ops.sync("varsGet", move |args| {
        let session = slot.session("vars")?;
        let vars = session.vars();
        Ok(match vars.get(arguments::text(args, 0)?) {
            None => OpValue::Null,
            Some(value) => OpValue::Json(value.to_string()),
        })
    });

    let slot = current.clone();
    ops.sync("varsSet", move |args| {
        let session = slot.session("vars")?;
        let key = arguments::text(args, 0)?;
        // What `JSON.stringify` makes of undefined, a function or a symbol is undefined.
        let json = match args.get(1) {
            Some(OpValue::Text(json)) => json,
            _ => return Err(not_json(key, "it is undefined, a function or a symbol")),
        };
        let value: Value =
            serde_json::from_str(json).map_err(|error| not_json(key, &error.to_string()))?;
        session.vars().set(key, value);
        Ok(OpValue::Null)
    });

    let slot = current.clone();
    ops.sync("varsHas", move |args| {
        let session = slot.session("vars")?;
        let has = session.vars().has(arguments::text(args, 0)?);
        Ok(OpValue::Bool(has))
    });

    let slot = current.clone();
    ops.sync("varsDelete", move |args| {
        let session = slot.session("vars")?;
        let deleted = session.vars().delete(arguments::text(args, 0)?);
        Ok(OpValue::Bool(deleted))
    });

    let slot = current.clone();
    ops.sync("varsKeys", move |_| {
        let session = slot.session("vars")?;
        let keys: Value = session.vars().keys().collect();
        Ok(OpValue::Json(keys.to_string()))
    });

    let slot = current.clone();
    ops.sync("varsClear", move |_| {
        slot.session("vars")?.vars().clear();
        Ok(OpValue::Null)
    });
}

fn not_json(key: &str, why: &str) -> OpError {
    OpError {
        name: "TypeError",
        code: Some("ERR_INVALID_ARG_VALUE".to_owned()),
        message: format!("vars.set: the value of \"{key}\" cannot be kept as JSON: {why}"),
        properties: Vec::new(),
    }
}
