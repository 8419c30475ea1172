//! From feature paths to feature files.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::error::DiscoverError;
use super::glob;
use super::path::{javascript_order, normalize, relative};
use crate::config::Config;
use crate::gherkin;

/// Where features are looked for when no path is given.
pub(super) const DEFAULT: &str = "features/**/*.{feature,feature.md}";

/// A feature file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureFile {
    /// Absolute.
    pub path: PathBuf,
    /// Relative to the working directory, with `/` between its parts: what envelopes call it.
    pub uri: String,
    /// Lines that were asked for (`FILE:LINE`), from 1; empty selects the whole file.
    pub lines: Vec<u32>,
}

/// The feature files of a configuration.
#[derive(Debug, Default)]
pub struct FeatureFiles {
    pub files: Vec<FeatureFile>,
    /// Paths, as given, that lead to no feature file.
    pub unmatched: Vec<String>,
}

/// Finds the feature files of a configuration, in the order in which they run, each once: those of its paths, which are
/// files, directories or globs, each perhaps with `:LINE`, and `@FILE`, a list of such paths. Without any path it looks
/// under `features/`.
///
/// As in cucumber-js a directory that is named stands for its `.feature` files, without those in Markdown. Files of one
/// path are sorted; the paths keep their order. Lines count for the file they were given with, once or
/// several times, and are ignored on a directory or glob.
///
/// # Errors
/// A path that is no glob and leads nowhere, a list or directory that cannot be read, a glob that does not parse.
pub fn feature_files(config: &Config) -> Result<FeatureFiles, DiscoverError> {
    let cwd = &config.cwd;
    let given = if config.paths.is_empty() {
        vec![DEFAULT.to_owned()]
    } else {
        read_lists(cwd, &config.paths)?
    };
    let mut found: Vec<PathBuf> = Vec::new();
    let mut lines: HashMap<PathBuf, Vec<u32>> = HashMap::new();
    let mut unmatched = Vec::new();
    for path in &given {
        let (path, numbers) = split_lines(path);
        let mut files = files_of(cwd, path)?;
        if files.is_empty() {
            unmatched.push(path.to_owned());
        }
        files.sort_by(|one, other| javascript_order(one, other));
        found.extend(files);
        if !numbers.is_empty() {
            lines.entry(normalize(&cwd.join(path))).or_default().extend(numbers);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|path| seen.insert(path.clone()));
    let file = |path: PathBuf| FeatureFile {
        uri: relative(cwd, &path),
        lines: lines.remove(&path).unwrap_or_default(),
        path,
    };
    Ok(FeatureFiles { files: found.into_iter().map(file).collect(), unmatched })
}

/// Puts the content of each `@FILE` in its place.
fn read_lists(cwd: &Path, paths: &[String]) -> Result<Vec<String>, DiscoverError> {
    let mut given = Vec::new();
    for path in paths {
        let is_list =
            Path::new(path).file_name().is_some_and(|name| name.to_string_lossy().starts_with('@'));
        if !is_list {
            given.push(path.clone());
            continue;
        }
        let text = read_list(cwd, path)?;
        given.extend(text.split('\n').map(str::trim).map(str::to_owned));
    }
    given.retain(|path| !path.is_empty());
    Ok(given)
}

/// Reads a list; cucumber-js takes the `@` for a part of the file's name, here it may also be left out of that.
fn read_list(cwd: &Path, path: &str) -> Result<String, DiscoverError> {
    let plain = path.replacen('@', "", 1);
    std::fs::read_to_string(cwd.join(path))
        .or_else(|error| std::fs::read_to_string(cwd.join(&plain)).map_err(|_| error))
        .map_err(|error| DiscoverError::List { list: path.to_owned(), reason: error.to_string() })
}

/// Takes `:LINE` off the end, as often as it stands there. Numbers too large for a line select nothing.
fn split_lines(path: &str) -> (&str, Vec<u32>) {
    let mut lines = Vec::new();
    let mut rest = path;
    while let Some((before, digits)) = rest.rsplit_once(':')
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        lines.insert(0, digits.parse().unwrap_or(u32::MAX));
        rest = before;
    }
    (rest, lines)
}

fn files_of(cwd: &Path, path: &str) -> Result<Vec<PathBuf>, DiscoverError> {
    let mut files = Vec::new();
    let at_its_word = glob::names_files(path) || !glob::has_magic(path);
    for found in glob::expand(cwd, path)? {
        if found.is_dir() {
            files.extend(glob::files_under(&found, |name| name.ends_with(".feature"))?);
            continue;
        }
        let name = found.file_name().unwrap_or_default().to_string_lossy();
        if at_its_word && gherkin::media_type(&name).is_none() {
            return Err(DiscoverError::NotAFeature { path: relative(cwd, &found) });
        }
        if at_its_word || is_feature(&name) {
            files.push(found);
        }
    }
    Ok(files)
}

fn is_feature(name: &str) -> bool {
    name.ends_with(".feature") || name.ends_with(".feature.md")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::config;

    fn config(cwd: &Path, paths: &[&str]) -> Config {
        let flags = config::Flags::parse_arguments(paths).unwrap();
        let load_script = |_: &Path| Err(String::new());
        config::resolve(
            &flags,
            &config::Surroundings {
                cwd,
                env: &|_| None,
                languages: &[],
                load_script: &load_script,
                debug: &|_, _| {},
            },
        )
        .unwrap()
    }

    /// A directory with these files.
    pub(in crate::discover) fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let project = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = project.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        project
    }

    fn standard() -> tempfile::TempDir {
        project(&[
            ("features/b.feature", ""),
            ("features/B.feature", ""),
            ("features/a/z.feature", ""),
            ("features/m.feature.md", ""),
            ("features/notes.txt", ""),
            ("other/o.feature", ""),
            ("@rerun.txt", "features/b.feature:3:5\n\n  other/o.feature\r\n"),
            ("@empty.txt", "\n"),
        ])
    }

    fn found(paths: &[&str]) -> Vec<String> {
        let project = standard();
        feature_files(&config(project.path(), paths))
            .unwrap()
            .files
            .iter()
            .map(|file| {
                assert!(file.path.is_file());
                if file.lines.is_empty() {
                    file.uri.clone()
                } else {
                    format!("{} {:?}", file.uri, file.lines)
                }
            })
            .collect()
    }

    const ALL: [&str; 4] = [
        "features/B.feature",
        "features/a/z.feature",
        "features/b.feature",
        "features/m.feature.md",
    ];

    #[test]
    fn directories_globs_and_the_default_agree() {
        assert_eq!(found(&[]), ALL);
        assert_eq!(found(&["features"]), ALL[..3]);
        assert_eq!(found(&["./features/"]), ALL[..3]);
        assert_eq!(found(&["features/**"]), ALL);
        assert_eq!(
            found(&["*/*.feature"]),
            ["features/B.feature", "features/b.feature", "other/o.feature"]
        );
    }

    #[test]
    fn paths_keep_their_order_and_files_appear_once() {
        assert_eq!(
            found(&["other", "features/b.feature", "features/*.feature"]),
            ["other/o.feature", "features/b.feature", "features/B.feature"]
        );
    }

    #[test]
    fn lines_add_up() {
        assert_eq!(
            found(&["features/b.feature:3", "./features/b.feature:7:9"]),
            ["features/b.feature [3, 7, 9]"]
        );
        assert_eq!(
            found(&["features/b.feature", "features/b.feature:3"]),
            ["features/b.feature [3]"]
        );
    }

    #[test]
    fn lists_are_read() {
        assert_eq!(found(&["@rerun.txt"]), ["features/b.feature [3, 5]", "other/o.feature"]);
        // A rerun list of a run without failures: nothing to run, not everything.
        assert_eq!(found(&["@empty.txt"]), [""; 0]);
        let error =
            feature_files(&config(standard().path(), &["@nope.txt"])).unwrap_err().to_string();
        assert!(error.starts_with("the list of features `@nope.txt` cannot be read: "), "{error}");
    }

    #[test]
    fn what_leads_nowhere_is_named() {
        let error = feature_files(&config(standard().path(), &["features/z/x.feature", "othr"]))
            .unwrap_err();
        assert_eq!(error.to_string(), "no such file or directory: `features/z/x.feature`");
        let error = feature_files(&config(standard().path(), &["othr"])).unwrap_err();
        assert_eq!(error.to_string(), "no such file or directory: `othr` (did you mean `other`?)");
        assert_eq!(found(&["nope/*.feature"]), [""; 0]);
    }

    #[test]
    fn a_path_without_features_is_told() {
        let unmatched =
            |paths: &[&str]| feature_files(&config(standard().path(), paths)).unwrap().unmatched;
        assert_eq!(
            unmatched(&["features", "nope/*.feature", "other/*.md"]),
            ["nope/*.feature", "other/*.md"]
        );
        assert_eq!(unmatched(&["features/*", "@empty.txt"]), [""; 0]);
    }

    #[test]
    fn what_is_no_feature_is_named() {
        let error = feature_files(&config(standard().path(), &["features/notes.txt"]));
        assert_eq!(
            error.unwrap_err().to_string(),
            "`features/notes.txt` is no feature file: its name must end with .feature or .md"
        );
    }
}
