//! From a specifier and its importer to the file (or built-in module) it means, as Node does it,
//! with TypeScript's conventions on top: `./page.js` may be page.ts, `./page` may be any script,
//! tsconfig `paths` are followed. They hold for JavaScript too, also where Node's `import` would
//! insist on an extension: what Node finds is found first.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use oxc_resolver::{
    ResolveContext, ResolveError, ResolveOptions, ResolverGeneric, TsConfig, TsconfigDiscovery,
};

use super::builtins::{Builtins, Named, former_host, is_host, is_in_former_host};
use super::error;
use super::files::{self, Files};
use super::tsconfig::{TsConfigs, in_node_modules};
use crate::isolate::{How, LoadError};

/// Package conditions of `import`, as Node has them, less `node-addons`.
const IMPORT_CONDITIONS: &[&str] = &["node", "import", "module-sync"];

/// Those of `require`. `module-sync` is left out: what it gives is an ES module, and with the
/// CommonJS one a package has one way less to be loaded twice.
const REQUIRE_CONDITIONS: &[&str] = &["node", "require"];

/// What may stand before the colon of a URL that names no file.
const URL_SCHEMES: &[&str] = &["http", "https", "data", "blob", "npm", "jsr", "bun"];

/// A missing name is answered with an existing one when they are at least this alike.
const ALIKE: f64 = 0.8;

pub(super) type Resolver = ResolverGeneric<Files>;

pub(super) struct Resolve {
    project: PathBuf,
    aliases: Vec<(String, String)>,
    builtins: Builtins,
    import: Extensions,
    require: Extensions,
    tsconfigs: TsConfigs,
    /// Who asked first for a file: the chain that Node calls the require stack.
    parents: Mutex<HashMap<String, String>>,
}

/// Two resolvers over one file system cache that differ in which of two candidates wins.
struct Extensions {
    javascript_first: Resolver,
    typescript_first: Resolver,
}

impl Resolve {
    pub(super) fn new(
        project: PathBuf,
        aliases: Vec<(String, String)>,
        builtins: &[&str],
    ) -> Resolve {
        let base = Resolver::default();
        Resolve {
            project,
            aliases,
            builtins: Builtins::new(builtins),
            import: Extensions::new(&base, How::Import),
            require: Extensions::new(&base, How::Require),
            tsconfigs: TsConfigs::default(),
            parents: Mutex::default(),
        }
    }

    /// The same rules, with nothing found yet.
    pub(super) fn afresh(&self) -> Resolve {
        let base = Resolver::default();
        Resolve {
            project: self.project.clone(),
            aliases: self.aliases.clone(),
            builtins: self.builtins.clone(),
            import: Extensions::new(&base, How::Import),
            require: Extensions::new(&base, How::Require),
            tsconfigs: TsConfigs::default(),
            parents: Mutex::default(),
        }
    }

    /// The absolute path, symlinks followed, or the built-in id that `specifier` means in
    /// `importer`.
    ///
    /// # Errors
    /// In Node's words: nothing found, not exported, not available.
    pub(super) fn resolve(
        &self,
        specifier: &str,
        importer: &str,
        how: How,
    ) -> Result<String, LoadError> {
        let (target, directory) = match self.aliased(specifier) {
            Some(target) => (target, self.project.clone()),
            None => (specifier.to_owned(), self.directory_of(importer)),
        };
        let mut is_former_host = false;
        let stand_in_for = match self.builtins.find(&target, importer)? {
            Some(Named::Builtin(id)) => return Ok(id),
            Some(Named::Unavailable(name)) => Some(name),
            Some(Named::Former) => {
                is_former_host = true;
                None
            }
            None => None,
        };
        if let Some((scheme, _)) =
            target.split_once(':').filter(|(scheme, _)| URL_SCHEMES.contains(scheme))
        {
            return Err(error::url_scheme(scheme, specifier, importer));
        }
        let importing_file = Path::new(importer);
        let typescript = is_typescript(importing_file);
        let config = match self.tsconfig(importing_file) {
            // A broken config is the concern of the files it governs, not of JavaScript beside it.
            Err(_) if !typescript => None,
            config => config?,
        };
        let path = match self.find(&target, &directory, typescript, config.as_deref(), how) {
            Ok(path) if is_former_host && is_in_former_host(&path) => {
                return former_host(&target, importer);
            }
            Ok(path) => path,
            Err(ResolveError::NotFound(_)) if is_former_host => {
                return former_host(&target, importer);
            }
            Err(error) => {
                return Err(match stand_in_for {
                    Some(name) => error::unavailable_builtin(&name, specifier, importer),
                    None => self.explain(error, specifier, &target, &directory, importer, how),
                });
            }
        };
        let Ok(id) = path.into_os_string().into_string() else {
            let reason = format!("The path of '{specifier}' is not valid UTF-8");
            return Err(error::unresolved(
                "ERR_INVALID_MODULE_SPECIFIER",
                &reason,
                specifier,
                importer,
            ));
        };
        let mut parents = self.parents.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        parents.entry(id.clone()).or_insert_with(|| importer.to_owned());
        Ok(id)
    }

    /// The tsconfig.json that governs `file`.
    pub(super) fn tsconfig(&self, file: &Path) -> Result<Option<Arc<TsConfig>>, LoadError> {
        if !file.is_absolute() {
            return Ok(None); // a built-in module, or nobody
        }
        self.tsconfigs.of(file, &self.import.javascript_first)
    }

    /// `[alias]` of quickcuke.toml: of the whole specifier, or of the package it is a path in. One from a
    /// name of the host to another says nothing new, and that package keeps its own words.
    fn aliased(&self, specifier: &str) -> Option<String> {
        let mut told =
            self.aliases.iter().filter(|(name, target)| !(is_host(name) && is_host(target)));
        told.find_map(|(name, target)| {
            let rest = specifier.strip_prefix(name.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{target}{rest}"))
        })
    }

    fn directory_of(&self, importer: &str) -> PathBuf {
        match Path::new(importer).parent() {
            Some(directory) if directory.is_absolute() => directory.to_path_buf(),
            _ => self.project.clone(),
        }
    }

    fn find(
        &self,
        target: &str,
        directory: &Path,
        typescript: bool,
        config: Option<&TsConfig>,
        how: How,
    ) -> Result<PathBuf, ResolveError> {
        let extensions = match how {
            How::Import => &self.import,
            How::Require => &self.require,
        };
        let resolve = |resolver: &Resolver| {
            let resolution = resolver.resolve_with_context(
                directory,
                target,
                config,
                &mut ResolveContext::default(),
            )?;
            Ok(resolution.into_path_buf())
        };
        if !typescript {
            return resolve(&extensions.javascript_first);
        }
        if error::is_path(target) {
            return resolve(&extensions.typescript_first);
        }
        // An installed package may ship its TypeScript beside what it was compiled to: the latter
        // is meant. What `paths` leads to is the author's own code.
        let path = resolve(&extensions.javascript_first)?;
        if in_node_modules(&path) { Ok(path) } else { resolve(&extensions.typescript_first) }
    }

    fn explain(
        &self,
        error: ResolveError,
        specifier: &str,
        target: &str,
        directory: &Path,
        importer: &str,
        how: How,
    ) -> LoadError {
        match error {
            ResolveError::NotFound(_) | ResolveError::MatchedAliasNotFound(..) => {
                let (what, mend) = self.missing(specifier, target, directory);
                error::not_found(specifier, &what, how, &self.stack(importer), mend)
            }
            ResolveError::PackagePathNotExported { subpath, package_json_path, .. } => {
                let file = package_json_path.display();
                let reason = if subpath == "." {
                    format!("No \"exports\" main defined in {file}")
                } else {
                    format!("Package subpath '{subpath}' is not defined by \"exports\" in {file}")
                };
                error::unresolved("ERR_PACKAGE_PATH_NOT_EXPORTED", &reason, specifier, importer)
            }
            ResolveError::PackageImportNotDefined(name, file) => {
                let reason = format!(
                    "Package import specifier \"{name}\" is not defined in package {}",
                    file.display()
                );
                error::unresolved("ERR_PACKAGE_IMPORT_NOT_DEFINED", &reason, specifier, importer)
            }
            ResolveError::InvalidPackageTarget(..) => error::unresolved(
                "ERR_INVALID_PACKAGE_TARGET",
                &error.to_string(),
                specifier,
                importer,
            ),
            ResolveError::Json(json) => {
                let (file, line, column) = (json.path.display(), json.line, json.column);
                let reason =
                    format!("Invalid package config {file}:{line}:{column}: {}", json.message);
                error::unresolved("ERR_INVALID_PACKAGE_CONFIG", &reason, specifier, importer)
            }
            ResolveError::InvalidPackageConfig(_)
            | ResolveError::InvalidPackageConfigDefault(_)
            | ResolveError::InvalidPackageConfigDirectory(_) => error::unresolved(
                "ERR_INVALID_PACKAGE_CONFIG",
                &error.to_string(),
                specifier,
                importer,
            ),
            other => {
                let reason = format!("Cannot resolve '{specifier}': {other}");
                error::unresolved("ERR_INVALID_MODULE_SPECIFIER", &reason, specifier, importer)
            }
        }
    }

    /// What it is that is missing, and what would mend that.
    fn missing(&self, specifier: &str, target: &str, directory: &Path) -> (String, Option<String>) {
        let file = |file: &Path| {
            let mend = nearest_file(file).map(|name| format!("Did you mean '{name}'?"));
            (format!("module '{}'", file.display()), mend)
        };
        if error::is_path(target) {
            return file(&normalized(directory, target));
        }
        if target.starts_with('#') {
            let mend =
                "Define it under \"imports\" in package.json, or as a path in tsconfig.json.";
            return (format!("module '{target}'"), Some(mend.to_owned()));
        }
        let name = package_name(target);
        let installed = directory
            .ancestors()
            .map(|above| above.join("node_modules").join(name))
            .find(|path| files::may_see(path) && path.is_dir());
        if let Some(package) = installed {
            return match target[name.len()..].trim_start_matches('/') {
                "" => (
                    format!("package '{}'", package.display()),
                    Some("It is installed, but has no such entry.".into()),
                ),
                path => file(&package.join(path)),
            };
        }
        let mend = if target == specifier {
            let with_package = directory.ancestors().find(|above| {
                let package = above.join("package.json");
                files::may_see(&package) && package.is_file()
            });
            let place = with_package.unwrap_or(&self.project).display();
            format!("Install it with 'npm install {name}' in {place}.")
        } else {
            format!("[alias] in quickcuke.toml says that '{specifier}' is '{target}'.")
        };
        (format!("package '{name}'"), Some(mend))
    }

    /// The importers from `importer` up to the entry.
    fn stack(&self, importer: &str) -> Vec<String> {
        let parents = self.parents.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut stack = Vec::new();
        let mut next = Some(importer);
        while let Some(file) =
            next.filter(|file| !file.is_empty() && !stack.iter().any(|seen| seen == file))
        {
            stack.push(file.to_owned());
            next = parents.get(file).map(String::as_str);
        }
        stack
    }
}

impl Extensions {
    fn new(base: &Resolver, how: How) -> Extensions {
        let options = |typescript_first: bool| {
            let javascript = [".js", ".json", ".node", ".mjs", ".cjs", ".jsx"];
            let typescript = [".ts", ".tsx", ".mts", ".cts"];
            let (first, second): (&[&str], &[&str]) = if typescript_first {
                (&typescript, &javascript)
            } else {
                (&javascript, &typescript)
            };
            let pair = |javascript: &str, typescript: &[&str]| {
                let mut candidates: Vec<String> =
                    typescript.iter().map(|extension| (*extension).to_owned()).collect();
                candidates.insert(
                    if typescript_first { candidates.len() } else { 0 },
                    javascript.to_owned(),
                );
                (javascript.to_owned(), candidates)
            };
            ResolveOptions {
                condition_names: match how {
                    How::Import => IMPORT_CONDITIONS,
                    How::Require => REQUIRE_CONDITIONS,
                }
                .iter()
                .map(|condition| (*condition).to_owned())
                .collect(),
                extensions: first
                    .iter()
                    .chain(second)
                    .map(|extension| (*extension).to_owned())
                    .collect(),
                extension_alias: vec![
                    pair(".js", &[".ts", ".tsx"]),
                    pair(".mjs", &[".mts"]),
                    pair(".cjs", &[".cts"]),
                    pair(".jsx", &[".tsx"]),
                ],
                main_fields: vec!["main".to_owned()],
                tsconfig: Some(TsconfigDiscovery::Auto),
                node_path: how == How::Require,
                ..ResolveOptions::default()
            }
        };
        Extensions {
            javascript_first: base.clone_with_options(options(false)),
            typescript_first: base.clone_with_options(options(true)),
        }
    }
}

/// Whether `file` is the author's TypeScript.
fn is_typescript(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("ts" | "tsx" | "mts" | "cts")) && !in_node_modules(file)
}

/// `name` of `name/path`, `@scope/name` of `@scope/name/path`.
fn package_name(specifier: &str) -> &str {
    let segments = if specifier.starts_with('@') { 2 } else { 1 };
    let end = specifier.match_indices('/').nth(segments - 1).map_or(specifier.len(), |(at, _)| at);
    &specifier[..end]
}

/// `directory/path` without `.` and `..`.
fn normalized(directory: &Path, path: &str) -> PathBuf {
    let path = path.strip_prefix("file://").unwrap_or(path);
    let mut result = PathBuf::new();
    for component in directory.join(path).components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// The file beside the missing one with the name most like it; of a missing directory, the
/// directory's.
fn nearest_file(missing: &Path) -> Option<String> {
    let directory = missing.parent().filter(|directory| files::may_see(directory))?;
    let Ok(entries) = fs::read_dir(directory) else {
        return nearest_file(directory).filter(|_| directory.parent().is_some());
    };
    let wanted = missing.file_name()?.to_str()?.to_lowercase();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let wanted_stem = wanted.split_once('.').map_or(wanted.as_str(), |(stem, _)| stem);
        strsim::jaro_winkler(&name, &wanted)
            .max(strsim::normalized_damerau_levenshtein(stem, wanted_stem))
    };
    let alike =
        names.map(|name| (likeness(&name), name)).filter(|(likeness, _)| *likeness >= ALIKE);
    let (_, name) = alike.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))?;
    Some(directory.join(name).to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
