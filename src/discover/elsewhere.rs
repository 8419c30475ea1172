//! Where features and step files seem to be that a run did not find: a search of bounded length, for messages only.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::path::relative;
use super::support::{IMPORTED, is_script};

/// The most files and directories that are looked at.
const MOST_ENTRIES: usize = 10_000;
/// The most scripts that are opened, and how much of each is read.
const MOST_SCRIPTS: usize = 1_000;
const MOST_BYTES: u64 = 16 << 10;
const MAX_DEPTH: usize = 8;
/// Directories of what is installed or built.
const SKIPPED: [&str; 6] = ["build", "coverage", "dist", "node_modules", "target", "vendor"];

/// The directories that hold feature files, relative to the working directory; of one inside another, the outer one.
pub(crate) fn feature_directories(cwd: &Path) -> Vec<String> {
    let is_feature = |path: &Path| path.extension() == Some(OsStr::new("feature"));
    directories(cwd, walk(cwd).filter(|path| is_feature(path)))
}

/// The same of files that seem to define steps and are not `loaded`. A file in the working directory itself is named.
pub(crate) fn step_directories(cwd: &Path, loaded: &[PathBuf]) -> Vec<String> {
    let loaded: HashSet<&Path> = loaded.iter().map(PathBuf::as_path).collect();
    let scripts = walk(cwd).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_script(&name, &IMPORTED) && !loaded.contains(path.as_path())
    });
    directories(cwd, scripts.take(MOST_SCRIPTS).filter(|path| defines_steps(path)))
}

fn walk(cwd: &Path) -> impl Iterator<Item = PathBuf> {
    let enter = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(name.starts_with('.') || SKIPPED.contains(&&*name))
    };
    WalkDir::new(cwd)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(enter)
        .take(MOST_ENTRIES)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(DirEntry::into_path)
}

fn directories(cwd: &Path, files: impl Iterator<Item = PathBuf>) -> Vec<String> {
    let mut found: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        let directory = file.parent().filter(|directory| *directory != cwd);
        found.insert(directory.map_or(file.clone(), Path::to_owned));
    }
    let is_inner = |path: &Path| path.ancestors().skip(1).any(|above| found.contains(above));
    found.iter().filter(|path| !is_inner(path)).map(|path| relative(cwd, path)).collect()
}

/// Whether a script imports the API, or calls it as a global.
fn defines_steps(path: &Path) -> bool {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let calls = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let is_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || "_$.".contains(c));
            let argument = text[at + name.len()..].trim_start();
            is_word && argument.starts_with(['\'', '"', '`', '/'])
        })
    };
    let imports = ["@cucumber/cucumber'", "@cucumber/cucumber\"", "'quickcuke'", "\"quickcuke\""];
    read.is_ok()
        && (imports.iter().any(|import| text.contains(import))
            || ["Given(", "When(", "Then(", "defineStep("].iter().any(|call| calls(call)))
}

#[cfg(test)]
mod tests {
    use super::super::features::tests::project;
    use super::*;

    #[test]
    fn step_files_are_known_by_what_they_import_or_call() {
        let project = project(&[
            ("src/steps/a.ts", "import { Given } from '@cucumber/cucumber'"),
            ("src/steps/deep/b.js", "require(\"@cucumber/cucumber\")"),
            ("e2e/c.mjs", "Given('x', () => {})"),
            ("lib/no.js", "isGiven('x'); a.Then('x'); const When = 1;"),
            ("lib/no.d.ts", "import { Given } from '@cucumber/cucumber'"),
            ("node_modules/x/i.js", "Given('x')"),
            ("target/x.js", "Given('x')"),
            (".git/x.js", "Given('x')"),
            ("loaded/x.js", "Given('x')"),
            ("root.js", "Then(/x/, f)"),
        ]);
        let cwd = project.path();
        let loaded = [cwd.join("loaded/x.js")];
        assert_eq!(step_directories(cwd, &loaded), ["e2e", "root.js", "src/steps"]);
    }

    #[test]
    fn features_are_found_anywhere() {
        let project = project(&[
            ("specs/a.feature", ""),
            ("specs/deep/b.feature", ""),
            ("node_modules/x/c.feature", ""),
        ]);
        assert_eq!(feature_directories(project.path()), ["specs"]);
    }
}
