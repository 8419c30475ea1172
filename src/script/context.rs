//! What a call may reach.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::host::{Grants, Net};
use crate::isolate::Limits;

/// Who runs a script, as `ferridriver.host` tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HostName {
    /// A server of tools for language models.
    Mcp,
    /// A feature suite.
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
#[derive(Debug, Clone, Default)]
pub struct RunContext {
    /// Put into the session's `vars` before the call, over those of the same names.
    pub vars: Map<String, Value>,
    /// Directories and files that may be read, relative to the project.
    pub read: Vec<PathBuf>,
    /// Directories and files that may be read and written, relative to the project.
    pub write: Vec<PathBuf>,
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
    /// Everything may be read, written and reached, whatever `read`, `write` and `net` say.
    pub trust: bool,
}

impl RunContext {
    pub(super) fn grants(&self, project: &Path) -> Grants {
        let absolute = |path: &PathBuf| project.join(path);
        let made = self.artifacts.as_ref().map(absolute);
        Grants {
            read: self.read.iter().map(absolute).collect(),
            write: self.write.iter().map(absolute).chain(made.clone()).collect(),
            made,
            env: self.env.clone(),
            net: self.net.clone(),
            largest_read: Some(Limits::default().memory as u64),
            trust: self.trust,
        }
    }
}
