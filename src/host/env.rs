//! What the session knows of the process around it: granted environment variables, arguments, working directory.

use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::{Host, Want, arguments, errno};
use crate::isolate::{OpValue, Ops};

pub(super) fn install(ops: &mut Ops, host: &Rc<Host>) {
    let this = host.clone();
    ops.sync("env_all", move |_| {
        let all: Map<String, Value> =
            this.env.borrow().iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        Ok(OpValue::Json(Value::Object(all).to_string()))
    });
    let this = host.clone();
    ops.sync("process_info", move |_| {
        let info = json!({
            "pid": std::process::id(),
            "ppid": parent_id(),
            "argv": *this.argv.borrow(),
            "cwd": this.cwd.borrow().to_string_lossy(),
            "version": env!("CARGO_PKG_VERSION"),
        });
        Ok(OpValue::Json(info.to_string()))
    });
    let this = host.clone();
    ops.sync("process_cwd", move |_| Ok(OpValue::Text(this.cwd.borrow().to_string_lossy().into_owned())));
    let this = host.clone();
    ops.sync("process_chdir", move |args| {
        let path = arguments::text(args, 0)?;
        let target = this.permit(path, Want::Read, true, "chdir")?;
        let target = target.canonicalize().map_err(|error| errno::on_path(&error, "chdir", path))?;
        if !target.is_dir() {
            return Err(errno::on_path(&errno::raw(libc::ENOTDIR), "chdir", path));
        }
        this.cwd.replace(target);
        Ok(OpValue::Null)
    });
    // Resident and virtual size in bytes; zeros where /proc is missing.
    ops.sync("process_memory", |_| {
        let pages = |index: usize| -> u64 {
            let text = std::fs::read_to_string(Path::new("/proc/self/statm")).unwrap_or_default();
            text.split_whitespace().nth(index).and_then(|field| field.parse().ok()).unwrap_or(0)
        };
        Ok(OpValue::Number((pages(1) * 4096) as f64))
    });
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
