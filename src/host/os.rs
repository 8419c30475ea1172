//! Facts about the machine, for `node:os`.

use serde_json::json;

use super::{Host, Op, errno};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("os_info", info), ("os_tmpdir", tmpdir)];

fn info(_: &Host, _: &[OpValue]) -> OpResult {
    let system = system_name();
    let info = json!({
        "sysname": system.sysname,
        "hostname": system.hostname,
        "release": system.release,
        "version": system.version,
        "machine": system.machine,
        "platform": platform(),
        "arch": arch(),
        "cpus": std::thread::available_parallelism().map_or(1, |count| count.get()),
        "totalmem": memory("MemTotal:"),
        "freemem": memory("MemAvailable:"),
        "uptime": first_numbers("/proc/uptime").first().copied().unwrap_or(0.0),
        "loadavg": first_numbers("/proc/loadavg").get(..3).unwrap_or(&[0.0; 3]),
    });
    Ok(OpValue::Json(info.to_string()))
}

fn tmpdir(host: &Host, _: &[OpValue]) -> OpResult {
    let path = host.access.borrow().temporary.to_string_lossy().into_owned();
    host.scratch.make().map_err(|error| errno::on_path(&error, "mkdir", &path))?;
    Ok(OpValue::Text(path))
}

fn platform() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    }
}

fn arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    }
}

#[derive(Default)]
struct SystemName {
    sysname: String,
    hostname: String,
    release: String,
    version: String,
    machine: String,
}

/// What `uname` says, read where Linux shows it; empty fields elsewhere.
fn system_name() -> SystemName {
    let kernel = |name: &str| {
        std::fs::read_to_string(format!("/proc/sys/kernel/{name}"))
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    SystemName {
        sysname: match std::env::consts::OS {
            "linux" => "Linux",
            "macos" => "Darwin",
            "windows" => "Windows_NT",
            other => other,
        }
        .to_owned(),
        hostname: kernel("hostname"),
        release: kernel("osrelease"),
        version: kernel("version"),
        machine: std::env::consts::ARCH.to_owned(),
    }
}

/// A line of `/proc/meminfo`, in bytes; zero where there is none.
fn memory(field: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn first_numbers(path: &str) -> Vec<f64> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().map_while(|field| field.parse().ok()).collect()
}
