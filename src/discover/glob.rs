//! Globs expanded, as Node's `fs.glob` does it.
//!
//! Hidden files match only patterns that name the dot, `**` does not follow symbolic links, and (unlike Node)
//! `node_modules` is entered only where the pattern names it.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::error::DiscoverError;
use super::path::{normalize, relative};
use super::pattern::Pattern;
use crate::config::nearest;

/// The files and directories that match, absolute and in no particular order. What exists under the very name of the
/// pattern is taken at its word.
pub(super) fn expand(cwd: &Path, pattern: &str) -> Result<Vec<PathBuf>, DiscoverError> {
    if pattern.is_empty() {
        return Ok(Vec::new());
    }
    let literal = normalize(&cwd.join(pattern));
    if literal.exists() {
        return Ok(vec![literal]);
    }
    if !has_magic(pattern) {
        return Err(DiscoverError::NotFound {
            path: pattern.to_owned(),
            nearest: nearest_path(cwd, pattern),
        });
    }
    let segments: Vec<&str> = pattern
        .split('/')
        .enumerate()
        .filter(|(index, part)| *part != "." && (*index == 0 || !part.is_empty()))
        .map(|(_, part)| part)
        .collect();
    let fixed = segments.iter().take_while(|segment| !has_magic(segment)).count();
    let mut root = cwd.to_path_buf();
    for segment in &segments[..fixed] {
        root.push(if segment.is_empty() { "/" } else { segment });
    }
    let root = normalize(&root);
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let rest = &segments[fixed..];
    let matcher = Pattern::new(&rest.join("/"))
        .map_err(|reason| DiscoverError::Pattern { pattern: pattern.to_owned(), reason })?;
    let hidden = names_hidden(&rest.join("/"));
    let packages = pattern.contains("node_modules");
    let depth = if rest.contains(&"**") { usize::MAX } else { rest.len() };
    let mut found = Vec::new();
    for entry in walk(&root, depth, hidden, packages) {
        let entry = entry?;
        if matcher.matches(&relative(&root, entry.path())) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The files under a directory whose name passes, hidden ones and those of `node_modules` left out.
pub(super) fn files_under(
    directory: &Path,
    passes: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, DiscoverError> {
    let mut found = Vec::new();
    for entry in walk(directory, usize::MAX, false, false) {
        let entry = entry?;
        if passes(&entry.file_name().to_string_lossy()) && entry.path().is_file() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// Whether a part of the paths that match can start with a dot.
fn names_hidden(pattern: &str) -> bool {
    let before = |at: usize| pattern[..at].chars().next_back();
    pattern
        .match_indices('.')
        .any(|(at, _)| matches!(before(at), None | Some('/' | '{' | ',' | '(' | '|')))
}

/// Whether the last part of a pattern says what files are called (`*.md`), rather than only where they are (`**`).
pub(super) fn names_files(pattern: &str) -> bool {
    pattern.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

pub(super) fn has_magic(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
        || pattern.contains("@(")
        || pattern.contains("!(")
        || pattern.contains("+(")
}

/// What exists and is called much like the first part of a pattern that does not; none if all of them do.
pub(crate) fn nearest_existing(cwd: &Path, pattern: &str) -> Option<String> {
    let fixed = pattern.split('/').take_while(|part| !has_magic(part));
    let mut path = PathBuf::new();
    for part in fixed {
        path.push(if part.is_empty() { "/" } else { part });
        if !cwd.join(&path).exists() {
            return nearest_path(cwd, &path.to_string_lossy());
        }
    }
    None
}

/// A path in the same directory whose name is much like that of `path`.
fn nearest_path(cwd: &Path, path: &str) -> Option<String> {
    let directory = Path::new(path).parent()?;
    let name = Path::new(path).file_name()?.to_string_lossy();
    let entries = std::fs::read_dir(cwd.join(directory)).ok()?;
    let names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    let nearest = nearest(&name, names.iter().map(String::as_str))?;
    Some(directory.join(nearest).display().to_string())
}

fn walk(
    root: &Path,
    depth: usize,
    hidden: bool,
    packages: bool,
) -> impl Iterator<Item = Result<DirEntry, DiscoverError>> {
    let enter = move |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0
            || ((hidden || !name.starts_with('.')) && (packages || name != "node_modules"))
    };
    WalkDir::new(root).min_depth(1).max_depth(depth).into_iter().filter_entry(enter).map(|entry| {
        entry.map_err(|error| DiscoverError::Directory {
            directory: error.path().unwrap_or(Path::new("")).to_path_buf(),
            reason: error.io_error().map_or_else(|| error.to_string(), ToString::to_string),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for file in [
            "features/a.feature",
            "features/b.feature.md",
            "features/sub/c.feature",
            "features/.hidden/d.feature",
            "features/node_modules/p/e.feature",
            "features/[x].feature",
        ] {
            let path = tree.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        tree
    }

    fn expanded(pattern: &str) -> Vec<String> {
        let tree = tree();
        let root = tree.path().canonicalize().unwrap();
        let mut found: Vec<_> =
            expand(&root, pattern).unwrap().iter().map(|path| relative(&root, path)).collect();
        found.sort();
        found
    }

    #[test]
    fn matches_as_node_does() {
        for (pattern, expected) in [
            (
                "features/**/*.{feature,feature.md}",
                &[
                    "features/[x].feature",
                    "features/a.feature",
                    "features/b.feature.md",
                    "features/sub/c.feature",
                ][..],
            ),
            ("./features/*.feature", &["features/[x].feature", "features/a.feature"]),
            ("features/sub/../a.feature", &["features/a.feature"]),
            ("features/@(a|b).feature", &["features/a.feature"]),
            ("features/?(a).feature", &["features/a.feature"]),
            ("features/!(a).feature", &["features/[x].feature"]),
            ("features/*/*.feature", &["features/sub/c.feature"]),
            ("features/.*/*.feature", &["features/.hidden/d.feature"]),
            ("features/node_modules/**/*.feature", &["features/node_modules/p/e.feature"]),
            ("features/[ab].feature", &["features/a.feature"]),
            ("features/[x].feature", &["features/[x].feature"]),
            ("*/s*", &["features/sub"]),
            ("features/", &["features"]),
            ("nope/**", &[]),
            ("", &[]),
        ] {
            assert_eq!(expanded(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn says_what_it_cannot_read() {
        let tree = tree();
        let error = expand(tree.path(), "features/[b-a].feature").unwrap_err().to_string();
        assert!(
            error.starts_with("the pattern `features/[b-a].feature` cannot be read: "),
            "{error}"
        );
        let error = expand(tree.path(), "features/aa.feature").unwrap_err().to_string();
        assert_eq!(
            error,
            "no such file or directory: `features/aa.feature` (did you mean `features/a.feature`?)"
        );
    }
}
