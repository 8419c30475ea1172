//! What the coordinator shows where `DEBUG=cucumber` is set.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::configure;
use crate::discover::{self, FeatureFile};
use crate::host::Stream;

use super::RunError;
use super::sink::Sink;
use super::stage::CUCUMBER_VERSION;

/// How many of the files of the step library, the first ones, are to be required.
pub(super) fn required_files(config: &Config, features: &[FeatureFile]) -> Result<usize, RunError> {
    if config.require.is_empty() {
        return Ok(0);
    }
    let config = Config { import: Vec::new(), ..config.clone() };
    Ok(discover::support_files(&config, features)?.len())
}

/// Shows what was found where `DEBUG=cucumber` is set.
pub(super) fn show_paths(
    features: &[FeatureFile],
    files: &[PathBuf],
    required: usize,
    sink: &mut dyn Sink,
) {
    let running_from = std::env::current_exe().unwrap_or_default();
    let running_from = running_from.parent().unwrap_or(Path::new("")).display();
    let directory = std::env::current_dir().unwrap_or_default();
    let mut show = |message: &str, value: Option<serde_json::Value>| {
        sink.output(None, Stream::Stderr, &configure::debug_text(message, value.as_ref()));
    };
    let head = format!(
        "Running quickcuke {} (as cucumber-js {CUCUMBER_VERSION})\nWorking directory: {}\nRunning from: {running_from}\n",
        env!("CARGO_PKG_VERSION"),
        directory.display()
    );
    show(&head, None);
    let sources: Vec<&PathBuf> = features.iter().map(|feature| &feature.path).collect();
    let (required, imported) = files.split_at(required.min(files.len()));
    for (what, paths) in [
        ("source files", serde_json::json!(sources)),
        ("support files to load via `require`", serde_json::json!(required)),
        ("support files to load via `import`", serde_json::json!(imported)),
    ] {
        show(&format!("Found {what} based on configuration:"), Some(paths));
    }
}
