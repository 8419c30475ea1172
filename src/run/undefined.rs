//! The notice about step files where steps are undefined: what was loaded, and where more seem to be.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::discover::{self, SupportFiles, relative};

use super::nothing::unmatched;

/// The most directories that are proposed.
const MOST_PROPOSED: usize = 5;

/// What may be the cause of undefined steps; nothing if every step file that seems to be there was loaded.
pub(super) fn explain(config: &Config, found: &SupportFiles) -> Option<String> {
    let name = |path| Some(relative(&config.cwd, path)).filter(|name| !name.is_empty());
    let looked: BTreeSet<String> = found.looked.iter().filter_map(|path| name(path)).collect();
    let mut told = Vec::new();
    if found.files.is_empty() {
        let looked: Vec<String> = looked.iter().map(|name| format!("{name}/")).collect();
        told.push(match looked.is_empty() {
            true => "no step file was loaded".to_owned(),
            false => format!(
                "no step file was loaded: there is no .js, .cjs, .mjs, .ts, .cts or .mts file in {}",
                looked.join(", ")
            ),
        });
    }
    if !found.unmatched.is_empty() {
        told.push(unmatched(config, &found.unmatched, "step file"));
    }
    let elsewhere = discover::step_directories(&config.cwd, &found.files);
    if !elsewhere.is_empty() {
        let proposed = &elsewhere[..elsewhere.len().min(MOST_PROPOSED)];
        told.push(format!("{} to define steps: {}", seem(proposed), load(config, found, proposed)));
    }
    (!told.is_empty()).then(|| format!("some steps are undefined, and {}", told.join("; ")))
}

fn seem(proposed: &[String]) -> String {
    let names: Vec<String> = proposed.iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "seems" } else { "seem" };
    format!("{} {verb}", names.join(", "))
}

/// How these are loaded as well as what is: what is given takes the place of what is looked for.
fn load(config: &Config, found: &SupportFiles, proposed: &[String]) -> String {
    let mut import = config.import.clone();
    if config.import.is_empty() && config.require.is_empty() {
        let used = found
            .looked
            .iter()
            .filter(|directory| found.files.iter().any(|file| file.starts_with(directory)));
        import.extend(used.map(|directory| relative(&config.cwd, directory)));
    }
    import.retain(|pattern| !found.unmatched.contains(pattern));
    import.extend(proposed.iter().cloned());
    let flags: Vec<String> = import.iter().map(|path| format!("--import {path}")).collect();
    let key: Vec<String> = import.iter().map(|path| format!("{path:?}")).collect();
    format!(
        "load {} with {}, or with `import = [{}]` in [default] of quickcuke.toml",
        if proposed.len() == 1 { "it" } else { "them" },
        flags.join(" "),
        key.join(", ")
    )
}
