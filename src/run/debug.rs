//! What the coordinator shows where `DEBUG=cucumber` is set.

use std::path::{Path, PathBuf};

use crate::configure;
use crate::discover::{FeatureFile, SupportFiles};
use crate::host::Stream;

use super::sink::Sink;
use super::stage::CUCUMBER_VERSION;

/// Shows what was found where `DEBUG=cucumber` is set.
pub(super) fn show_paths(features: &[FeatureFile], support: &SupportFiles, sink: &mut dyn Sink) {
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
    let (required, imported) = support.files.split_at(support.required);
    for (what, paths) in [
        ("source files", serde_json::json!(sources)),
        ("support files to load via `require`", serde_json::json!(required)),
        ("support files to load via `import`", serde_json::json!(imported)),
    ] {
        show(&format!("Found {what} based on configuration:"), Some(paths));
    }
}
