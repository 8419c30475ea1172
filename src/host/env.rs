//! What the session knows of the process around it: granted environment variables, arguments, working directory.

use std::io;

use serde_json::{Map, Value, json};

use super::refusals::{Asked, Note};
use super::{Host, Op, Permissions, arguments, errno};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[
    ("env_all", env_all),
    ("env_get", env_get),
    ("process_info", info),
    ("process_cwd", cwd),
    ("process_chdir", chdir),
    ("process_memory", memory),
];

/// The granted variables by name.
fn env_all(host: &Host, _: &[OpValue]) -> OpResult {
    let all: Map<String, Value> = host
        .env
        .borrow()
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    Ok(OpValue::Json(Value::Object(all).to_string()))
}

/// (name, whether the runtime itself asks): notes that a variable is asked for which is set outside and not granted; its
/// value, if that is permitted nevertheless.
fn env_get(host: &Host, args: &[OpValue]) -> OpResult {
    let name = arguments::text(args, 0)?;
    let is_known = name.is_empty()
        || name.contains(['=', '\0'])
        || host.env.borrow().iter().any(|(known, _)| known == name);
    if is_known || host.access.borrow().trust {
        return Ok(OpValue::Null);
    }
    let Ok(value) = std::env::var(name) else { return Ok(OpValue::Null) };
    let note = Note::new(Asked::Env(name.to_owned()));
    let is_permitted = host.refuse(Note { is_incidental: arguments::flag(args, 1), ..note });
    Ok(if is_permitted { OpValue::Text(value) } else { OpValue::Null })
}

fn info(host: &Host, _: &[OpValue]) -> OpResult {
    let info = json!({
        "pid": std::process::id(),
        "ppid": parent_id(),
        "argv": argv(),
        "execPath": std::env::current_exe().unwrap_or_default(),
        "version": env!("CARGO_PKG_VERSION"),
        "permitsAll": host.access.borrow().refusals.permits(),
    });
    Ok(OpValue::Json(info.to_string()))
}

/// As Node has it: the program, the script (here the program again), the arguments.
fn argv() -> Vec<String> {
    let arguments: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    arguments.iter().take(1).chain(&arguments).cloned().collect()
}

fn cwd(host: &Host, _: &[OpValue]) -> OpResult {
    Ok(OpValue::Text(host.cwd.borrow().to_string_lossy().into_owned()))
}

/// (path): moves the session's working directory; the process's own stays.
fn chdir(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let failed = |error: io::Error| errno::on_path(&error, "chdir", path);
    let place = host.permit(path, Permissions::NONE, true, "chdir")?;
    if !place.metadata().map_err(failed)?.is_dir() {
        return Err(failed(errno::raw(libc::ENOTDIR)));
    }
    host.cwd.replace(place.real_path().map_err(failed)?);
    Ok(OpValue::Null)
}

/// Resident memory in bytes; zero where /proc is missing.
fn memory(_: &Host, _: &[OpValue]) -> OpResult {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 =
        text.split_whitespace().nth(1).and_then(|field| field.parse().ok()).unwrap_or(0);
    Ok(OpValue::Number((pages * 4096) as f64))
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
