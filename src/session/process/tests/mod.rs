//! On Linux: processes against `/proc`: what runs, what is left, whose child it is.

mod children;
mod containment;
mod handles;
mod one_shots;
mod output_forms;
mod persistent;
mod surroundings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::*;
use crate::session::{Session, SessionOptions};

struct Project {
    dir: tempfile::TempDir,
    session: Session,
}

/// A session with the given `[commands]`, in a directory of its own.
fn project(commands: Value) -> Project {
    let dir = tempfile::tempdir().unwrap();
    let commands = Commands::parse(&commands, "quickcuke.toml").unwrap();
    let session = Session::new(&SessionOptions::new(Arc::new(commands), dir.path()));
    Project { dir, session }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn no_values() -> Map<String, Value> {
    Map::new()
}

fn values(values: Value) -> Map<String, Value> {
    values.as_object().unwrap().clone()
}

impl Project {
    fn processes(&self) -> &Processes {
        self.session.processes()
    }

    async fn run(&self, name: &str) -> Result<Value, CommandError> {
        self.processes().run(name, &no_values(), &RunOptions::default()).await
    }

    async fn start(&self, name: &str) -> Result<Status, CommandError> {
        self.processes().start(name, &no_values()).await
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The processes whose working directory is the project: commands cannot hide that from the test, whatever they do
    /// to their group, session, parent and environment.
    fn living(&self) -> BTreeSet<u32> {
        let dir = self.dir.path().canonicalize().unwrap();
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| {
                std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == dir)
            })
            .filter(|pid| !is_zombie(*pid))
            .collect()
    }

    /// Waits until as many processes live in the project.
    async fn wait_for(&self, count: usize) -> BTreeSet<u32> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let living = self.living();
            if living.len() == count {
                return living;
            }
            assert!(Instant::now() < until, "{count} processes expected, these live: {living:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn stat(pid: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()
}

/// State, parent, group, session of `/proc/PID/stat`.
fn fields(pid: u32) -> Option<(String, [u32; 3])> {
    let stat = stat(pid)?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?.to_owned();
    let mut number = || fields.next()?.parse().ok();
    Some((state, [number()?, number()?, number()?]))
}

fn is_zombie(pid: u32) -> bool {
    fields(pid).is_none_or(|(state, _)| state == "Z" || state == "X")
}
