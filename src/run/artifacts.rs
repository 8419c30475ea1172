//! The directory for outputs that outlive the run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;

use super::RunError;

/// Where they go unless `--artifacts` says otherwise.
const DEFAULT: &str = "artifacts";

/// There from the beginning of the run, so that steps and commands can write into it; gone again at
/// the end where none did.
pub(super) struct Artifacts(PathBuf);

impl Artifacts {
    /// # Errors
    /// The directory that was asked for cannot be made. The default one is nobody's wish: where it
    /// cannot be made, a step that writes there will say so.
    pub(super) fn make(config: &Config) -> Result<Self, RunError> {
        let directory = directory(config);
        match fs::create_dir_all(&directory) {
            Err(source) if config.artifacts.is_some() => {
                Err(RunError::Artifacts { directory, source })
            }
            _ => Ok(Self(directory)),
        }
    }
}

impl Drop for Artifacts {
    fn drop(&mut self) {
        // It fails where something is in it, and that is as well.
        let _ = fs::remove_dir(&self.0);
    }
}

/// The directory's absolute path.
pub(super) fn directory(config: &Config) -> PathBuf {
    config.cwd.join(config.artifacts.as_deref().unwrap_or(Path::new(DEFAULT)))
}
