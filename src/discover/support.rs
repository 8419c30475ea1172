//! From `--import` and `--require`, or the places of the features, to step files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::error::DiscoverError;
use super::features::FeatureFile;
use super::glob;
use super::path::{javascript_order, normalize};
use crate::config::Config;

/// Extensions of step files in a directory that is imported; cucumber-js has the first three.
pub(super) const IMPORTED: [&str; 6] = ["js", "cjs", "mjs", "ts", "cts", "mts"];
/// Those in a directory that is required; cucumber-js has the first.
const REQUIRED: [&str; 3] = ["js", "ts", "cts"];

/// The step files of a configuration.
#[derive(Debug, Default)]
pub struct SupportFiles {
    /// Absolute, in the order of loading.
    pub files: Vec<PathBuf>,
    /// How many of them, the first ones, are to be required.
    pub required: usize,
    /// Patterns of `import` and `require`, as given, that lead to no step file.
    pub unmatched: Vec<String>,
    /// The directories that were looked into, where nothing was given.
    pub looked: Vec<PathBuf>,
}

/// Finds the step files of a configuration, in the order of loading: those of `require`, then those of `import`, which
/// are globs, directories and files. Without any, looks where cucumber-js looks (next to the features: in the directory
/// `features` above each of them, or else in its own) and in `steps/` of the working directory and beside each
/// `features`.
///
/// Links are followed, and a file is loaded once. Declarations (`.d.ts`) are never step files. In a directory, TypeScript beside JavaScript of the same name is what
/// that was compiled from, and left out.
///
/// # Errors
/// As [`feature_files`](super::feature_files).
pub fn support_files(
    config: &Config,
    features: &[FeatureFile],
) -> Result<SupportFiles, DiscoverError> {
    let cwd = &config.cwd;
    let mut found = Vec::new();
    let (mut unmatched, mut looked) = (Vec::new(), Vec::new());
    if config.import.is_empty() && config.require.is_empty() {
        looked = default_directories(cwd, features);
        for directory in looked.iter().filter(|directory| directory.is_dir()) {
            let files = files_of_directory(directory, &IMPORTED)?;
            found.extend(files.into_iter().map(|path| linked(cwd, path)));
        }
    }
    let mut collect = |patterns: &[String], extensions: &[&str]| {
        for pattern in patterns {
            let files = files_of(cwd, pattern, extensions)?;
            if files.is_empty() {
                unmatched.push(pattern.clone());
            }
            found.extend(files.into_iter().map(|path| linked(cwd, path)));
        }
        // A file that is both required and imported would be loaded once anyway.
        let mut seen = HashSet::new();
        found.retain(|path| seen.insert(path.clone()));
        Ok::<usize, DiscoverError>(found.len())
    };
    let required = match config.require.is_empty() {
        true => 0,
        false => collect(&config.require, &REQUIRED)?,
    };
    collect(&config.import, &IMPORTED)?;
    Ok(SupportFiles { files: found, required, unmatched, looked })
}

/// What a link leads to, under the name that the working directory has: a module is the file that it stands in, as for
/// Node, and not one more for each link to it.
fn linked(cwd: &Path, path: PathBuf) -> PathBuf {
    let Ok(real) = path.canonicalize() else { return path };
    let inside = cwd.canonicalize().ok();
    match inside.and_then(|cwd| real.strip_prefix(cwd).map(Path::to_path_buf).ok()) {
        Some(inside) => cwd.join(inside),
        None => real,
    }
}

fn default_directories(cwd: &Path, features: &[FeatureFile]) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> = Vec::new();
    let mut known = HashSet::new();
    for feature in features {
        let directory = feature_directory(&feature.path);
        // A feature in the working directory itself does not make all of that a step library.
        if directory != cwd && known.insert(directory) {
            directories.push(directory.to_path_buf());
        }
    }
    let beside = directories
        .iter()
        .filter(|directory| is_features(directory))
        .filter_map(|directory| directory.parent());
    let steps: Vec<PathBuf> = beside.chain([cwd]).map(|parent| parent.join("steps")).collect();
    for directory in steps {
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories
}

/// The nearest directory called `features` above the one a feature stands in, or else that one.
fn feature_directory(feature: &Path) -> &Path {
    let own = feature.parent().unwrap_or(feature);
    own.ancestors().skip(1).find(|ancestor| is_features(ancestor)).unwrap_or(own)
}

fn is_features(directory: &Path) -> bool {
    directory.file_name().is_some_and(|name| name == "features")
}

fn files_of(cwd: &Path, pattern: &str, extensions: &[&str]) -> Result<Vec<PathBuf>, DiscoverError> {
    let mut files = Vec::new();
    let at_its_word = glob::names_files(pattern) || !glob::has_magic(pattern);
    for found in glob::expand(cwd, pattern)? {
        if found.is_dir() {
            files.extend(files_of_directory(&found, extensions)?);
            continue;
        }
        let name =
            found.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if (at_its_word && !is_declaration(&name)) || is_script(&name, extensions) {
            files.push(found);
        }
    }
    files.sort_by(|one, other| javascript_order(one, other));
    Ok(files)
}

/// The step files under a directory, sorted.
fn files_of_directory(
    directory: &Path,
    extensions: &[&str],
) -> Result<Vec<PathBuf>, DiscoverError> {
    let mut files = glob::files_under(directory, |name| is_script(name, extensions))?;
    let all: HashSet<PathBuf> = files.iter().cloned().collect();
    files.retain(|file| compiled_names(file).iter().all(|compiled| !all.contains(compiled)));
    files.sort_by(|one, other| javascript_order(one, other));
    Ok(files.into_iter().map(|file| normalize(&file)).collect())
}

/// What a TypeScript file may have been compiled to.
fn compiled_names(file: &Path) -> Vec<PathBuf> {
    let extensions: &[&str] = match file.extension().and_then(|extension| extension.to_str()) {
        Some("ts") => &["js", "mjs", "cjs"],
        Some("mts") => &["mjs"],
        Some("cts") => &["cjs"],
        _ => &[],
    };
    extensions.iter().map(|extension| file.with_extension(extension)).collect()
}

pub(super) fn is_script(name: &str, extensions: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
        && !is_declaration(name)
}

fn is_declaration(name: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Surroundings, resolve};
    use crate::discover::feature_files;
    use crate::discover::path::relative;

    fn found(files: &[&str], arguments: &[&str]) -> Vec<String> {
        let project = tempfile::tempdir().unwrap();
        for file in files {
            let path = project.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let flags = Flags::parse_arguments(["**/*.feature"].iter().chain(arguments)).unwrap();
        let load_script = |_: &Path| Err(String::new());
        let surroundings = Surroundings {
            cwd: project.path(),
            env: &|_| None,
            languages: &[],
            load_script: &load_script,
            debug: &|_, _| {},
        };
        let config = resolve(&flags, &surroundings).unwrap();
        match feature_files(&config).and_then(|features| support_files(&config, &features.files)) {
            Ok(found) => found.files.iter().map(|path| relative(project.path(), path)).collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    #[test]
    fn looks_next_to_the_features_and_in_steps() {
        assert_eq!(
            found(
                &[
                    "features/deep/er/a.feature",
                    "features/support/world.js",
                    "features/deep/steps.ts",
                    "features/deep/types.d.ts",
                    "features/node_modules/x/index.js",
                    "specs/b.feature",
                    "specs/b.mjs",
                    "steps/c.cts",
                    "lib/d.js",
                    "e.js",
                ],
                &[]
            ),
            ["features/deep/steps.ts", "features/support/world.js", "specs/b.mjs", "steps/c.cts"]
        );
    }

    #[test]
    fn looks_in_steps_beside_features() {
        assert_eq!(
            found(&["pkg/features/a.feature", "pkg/steps/a.js", "root.js"], &[]),
            ["pkg/steps/a.js"]
        );
    }

    #[test]
    fn a_feature_in_the_working_directory_pulls_nothing_in() {
        assert_eq!(found(&["a.feature", "gulpfile.js"], &[]), [""; 0]);
    }

    #[test]
    fn compiled_typescript_is_loaded_once() {
        assert_eq!(
            found(&["features/a.feature", "features/a.ts", "features/a.js", "features/b.ts"], &[]),
            ["features/a.js", "features/b.ts"]
        );
    }

    #[test]
    fn a_link_is_the_file_that_it_leads_to() {
        let project = tempfile::tempdir().unwrap();
        let path = |name: &str| project.path().join(name);
        std::fs::create_dir(path("lib")).unwrap();
        std::fs::write(path("lib/a.js"), "").unwrap();
        std::os::unix::fs::symlink("lib", path("linked")).unwrap();
        std::os::unix::fs::symlink(project.path(), path("lib/up")).unwrap();
        for given in ["lib/a.js", "linked/a.js", "linked", "lib/up/lib/a.js"] {
            assert_eq!(
                linked(project.path(), path(given)),
                path(given.replace("linked", "lib").trim_start_matches("lib/up/"))
            );
        }
        // The working directory may itself be reached by a link, and keeps its name.
        let cwd = path("lib/up");
        assert_eq!(linked(&cwd, cwd.join("linked/a.js")), cwd.join("lib/a.js"));
        assert_eq!(linked(&path("lib"), "/nowhere".into()), Path::new("/nowhere"));
    }

    #[test]
    fn globs_and_directories_are_required_first() {
        let files = [
            "features/a.feature",
            "lib/a.js",
            "lib/b.ts",
            "lib/c.mjs",
            "lib/d.json",
            "hooks/h.ts",
            "hooks/h.d.ts",
        ];
        assert_eq!(
            found(&files, &["-i", "hooks/*.ts", "-r", "lib"]),
            ["lib/a.js", "lib/b.ts", "hooks/h.ts"]
        );
        assert_eq!(found(&files, &["-i", "lib/**"]), ["lib/a.js", "lib/b.ts", "lib/c.mjs"]);
        assert_eq!(found(&files, &["-i", "lib/d.json"]), ["lib/d.json"]);
        assert_eq!(found(&files, &["-i", "nope/*.js"]), [""; 0]);
        assert_eq!(
            found(&files, &["-i", "hoks"]),
            ["no such file or directory: `hoks` (did you mean `hooks`?)"]
        );
    }
}
