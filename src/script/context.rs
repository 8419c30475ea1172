//! What a call may reach.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::host::{Granter, Grants, Mount, Net, Refusals};
use crate::isolate::{ErrorKind, ScriptError};

/// Who runs a script, as `ferridriver.host` tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HostName {
    /// A server of tools for language models.
    Mcp,
    /// A feature suite: refusals name its configuration, quickcuke.toml and the command line.
    Bdd,
    /// A program that runs scripts.
    #[default]
    Script,
}

impl HostName {
    /// "mcp", "bdd" or "script".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mcp => "mcp",
            Self::Bdd => "bdd",
            Self::Script => "script",
        }
    }
}

/// What a call finds and may reach. By default it finds nothing, reads and writes only a directory for temporary files,
/// may run every command that is declared, and reaches no host.
///
/// With `read` or `write`, and with nothing granted, paths are those of the host. With `mounts` alone they are those of
/// the guest, and what was mounted is all there is: the call begins in `/`, has its directory for temporary files at
/// `/tmp` and that for artifacts at `/artifacts`, unless something else is mounted there.
#[derive(Debug, Clone, Default)]
pub struct RunContext {
    /// Put into the session's `vars` before the call, over those of the same names.
    pub vars: Map<String, Value>,
    /// Directories and files that may be read, relative to the project. Modules are imported from there, too, besides
    /// those of the project, packages that it sees, and what stands beside a module that is run.
    pub read: Vec<PathBuf>,
    /// Directories and files that may be read and written, relative to the project.
    pub write: Vec<PathBuf>,
    /// Directories of the host at paths of the guest, read-only unless told.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use quickcuke::script::{Mount, Permissions, RunContext, RunOptions};
    /// # use quickcuke::script::{ScriptEngine, ScriptEngineOptions};
    ///
    /// # let project = tempfile::tempdir()?;
    /// # for directory in ["fixtures", "out"] { std::fs::create_dir(project.path().join(directory))?; }
    /// # std::fs::write(project.path().join("fixtures/name.txt"), "Ada")?;
    /// # let engine = ScriptEngine::new(ScriptEngineOptions::new(project.path()));
    /// let mounts = vec![
    ///     Mount::new("fixtures", "/data"),
    ///     Mount::new("out", "/out").with(Permissions::READ_WRITE),
    /// ];
    /// let context = RunContext { mounts, ..RunContext::default() };
    /// let copy = "const fs = require('fs'); fs.cpSync('/data/name.txt', '/out/copy.txt'); return fs.readdirSync('/out')";
    /// let run = engine.run(copy, &[], &RunOptions::default(), &context).await;
    /// assert_eq!(run.result?, serde_json::json!(["copy.txt"]));
    /// # Ok(())
    /// # }
    /// ```
    pub mounts: Vec<Mount>,
    /// A directory for outputs that outlive the call, relative to the project: the global `artifacts`. May be written,
    /// and is made when something is first written there.
    pub artifacts: Option<PathBuf>,
    /// The environment variables that JavaScript sees, by name and value.
    pub env: Vec<(String, String)>,
    /// The hosts that may be reached by `fetch`.
    pub net: Net,
    /// The commands that may be run, of those that are declared; `None` for all of them.
    pub commands: Option<Vec<String>>,
    /// Who asks.
    pub host: HostName,
    /// The generation of an outside resource, such as a browser, that the call uses: with another one than the last
    /// call's the session is given a new VM. `None` says nothing about it.
    pub epoch: Option<u64>,
    /// Where what the call was refused is listed.
    pub refusals: Refusals,
    /// Everything may be read, written and reached, whatever `read`, `write` and `net` say. Mounts stand as they are.
    pub trust: bool,
}

impl RunContext {
    /// What it grants to a VM with so many bytes of memory.
    ///
    /// # Errors
    /// A mount whose directory is not there, or whose path is none of a guest.
    pub(super) fn grants(&self, project: &Path, memory: usize) -> Result<Grants, ScriptError> {
        let absolute = |path: &PathBuf| project.join(path);
        let found = |mount: &Mount| {
            mount
                .found(project)
                .map_err(|error| ScriptError::new(ErrorKind::Runtime, error.to_string()))
        };
        Ok(Grants {
            read: self.read.iter().map(absolute).collect(),
            write: self.write.iter().map(absolute).collect(),
            mounts: self.mounts.iter().map(found).collect::<Result<_, _>>()?,
            made: self.artifacts.as_ref().map(absolute),
            env: self.env.clone(),
            net: self.net.clone(),
            largest_read: Some(memory as u64),
            trust: self.trust,
            refusals: self.refusals.clone(),
            granter: match self.host {
                // What a step's session may do, the configuration says.
                HostName::Bdd => Granter::Configuration,
                HostName::Mcp | HostName::Script => Granter::Context,
            },
        })
    }
}
