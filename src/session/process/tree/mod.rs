//! A process tree: one command and everything that it starts, as one thing that can be signalled, killed and waited for.
//!
//! On Linux a supervisor process stands between quickcuke and the command (see `supervisor.rs`): nothing that the
//! command starts can leave the tree, and the tree dies with quickcuke however that ends. Elsewhere the tree is the
//! process group of the command, and what leaves the group is lost.
//!
//! Must not know what the command is for, nor read its output.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod orphans;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod supervisor;
#[cfg(target_os = "linux")]
pub(super) use linux::Tree;
#[cfg(target_os = "linux")]
pub(super) use orphans::adopt_orphans;

#[cfg(not(target_os = "linux"))]
mod group;
#[cfg(not(target_os = "linux"))]
pub(super) use group::Tree;
#[cfg(not(target_os = "linux"))]
pub(super) use group::adopt_orphans;

use std::time::Duration;

/// How long the end of a killed tree is waited for: a little longer than the supervisor tries.
pub(super) const END_TIMEOUT: Duration = Duration::from_secs(12);

/// Whether commands may lead groups of their own. Bazel ends a test by its process group, and asks tests to make none.
pub(super) fn may_make_groups() -> bool {
    std::env::var_os("BAZEL_TEST").is_none_or(|value| value.is_empty() || value == "0")
}
