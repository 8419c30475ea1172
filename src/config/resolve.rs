//! Everything merged into one [`Config`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::document::Document;
use super::environment::{Color, color, debugs, publish_variable};
use super::error::ConfigError;
use super::files;
use super::flags::Flags;
use super::format::{Format, formats};
use super::merge::merge;
use super::nearest::nearest;
use super::order::{Order, Shard, new_seed};
use super::quickcuke_toml::{Commands, Reserved, take_reserved};
use super::sandbox::Sandbox;
use super::{profile, schema};

/// Packages that only teach Node TypeScript or newer syntax, which needs no teaching here.
const TRANSPILERS: [&str; 11] = [
    "@babel/register",
    "@oxc-node/core",
    "@swc-node/register",
    "@swc/register",
    "amaro",
    "esbuild-register",
    "esbuild-runner",
    "sucrase",
    "ts-node",
    "tsconfig-paths",
    "tsx",
];

/// What [`resolve`] needs to know of the world.
pub struct Surroundings<'a> {
    /// The working directory, absolute: configuration files are looked for here.
    pub cwd: &'a Path,
    /// Reads an environment variable.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The languages of Gherkin; when empty, languages are not checked.
    pub languages: &'a [&'a str],
    /// Runs the configuration script at an absolute path and gives what it exports: an object of profiles. If the
    /// export `default` is a function, it was called and awaited and its result taken instead.
    pub load_script: &'a dyn Fn(&Path) -> Result<Value, String>,
    /// Shows a message, and a value beside it, where `DEBUG=cucumber` is set: see [`Config::debug`].
    pub debug: &'a dyn Fn(&str, Option<&Value>),
}

/// Where compiled step files are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cache {
    /// In the user's cache directory.
    #[default]
    Standard,
    /// In this directory, relative to the working directory.
    At(PathBuf),
    /// Nowhere.
    Off,
}

/// The configuration of a run. Relative paths and globs are relative to `cwd`.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The working directory, absolute.
    pub cwd: PathBuf,
    /// Feature paths as given: files, directories, globs, `FILE:LINE`, `@FILE`. Empty means the default.
    pub paths: Vec<String>,
    /// Globs of step files to import.
    pub import: Vec<String>,
    /// Globs of step files to require. If this and `import` are empty, step files are looked for.
    pub require: Vec<String>,
    /// Modules to require before step files; those that would only set up TypeScript are gone.
    pub require_modules: Vec<String>,
    /// Modules to load before imports; those that would only set up TypeScript are gone.
    pub loaders: Vec<String>,
    /// The formatter on standard output first, then one for each file.
    pub formats: Vec<Format>,
    /// An object.
    pub format_options: Value,
    /// A tag expression, not parsed yet; empty selects everything.
    pub tags: String,
    /// JavaScript regular expressions, not parsed yet; a scenario's name must match one, if there are any.
    pub names: Vec<String>,
    /// The language of features that name none.
    pub language: String,
    pub order: Order,
    pub shard: Option<Shard>,
    pub dry_run: bool,
    pub fail_fast: bool,
    /// Number of workers; 0 and 1 both mean one.
    pub parallel: usize,
    /// Attempts beyond the first.
    pub retry: usize,
    /// A tag expression, not parsed yet; empty retries everything.
    pub retry_tag_filter: String,
    /// Pending steps fail the run.
    pub strict: bool,
    pub force_exit: bool,
    pub backtrace: bool,
    /// An object: `this.parameters` of each World.
    pub world_parameters: Value,
    pub sandbox: Sandbox,
    /// `[commands]`, not parsed yet.
    pub commands: Commands,
    /// `[alias]`: what a module specifier stands for.
    pub aliases: BTreeMap<String, String>,
    /// Where steps leave what outlives the run.
    pub artifacts: Option<PathBuf>,
    pub cache: Cache,
    pub color: Color,
    /// Whether `DEBUG` names `cucumber`: what is found and loaded is shown on standard error then.
    pub debug: bool,
    /// What the user should know but need not mend; for standard error.
    pub warnings: Vec<String>,
}

/// Merges the command line over `quickcuke.toml` over `cucumber.*`.
pub fn resolve(flags: &Flags, surroundings: &Surroundings<'_>) -> Result<Config, ConfigError> {
    if flags.publish {
        return Err(ConfigError::Publish);
    }
    let provided = flags.to_profile()?;
    schema::check_options(&provided, surroundings.languages)?;

    let mut files = files::load(flags.config.as_deref(), surroundings)?;
    let mut reserved = match &mut files.toml {
        Some(document) => take_reserved(document, surroundings.languages)?,
        None => Reserved {
            sandbox: Sandbox::default(),
            commands: Commands::default(),
            aliases: BTreeMap::new(),
        },
    };
    reserved.sandbox.read_flags(flags)?;

    let documents: Vec<&Document> = files.cucumber.iter().chain(&files.toml).collect();
    let mut warnings = Vec::new();
    for document in &documents {
        if !document.values.contains_key("default") {
            (surroundings.debug)("No default profile defined in configuration file", None);
        }
    }
    if flags.profiles().is_empty() && !documents.is_empty() {
        (surroundings.debug)("No profiles specified; using default profile", None);
    }
    let chosen = chosen_profiles(flags, &documents)?;
    for (name, document) in
        chosen.iter().flat_map(|name| documents.iter().map(move |at| (name, at)))
    {
        let shape = match document.values.get(name) {
            Some(Value::Array(_)) => "an array",
            Some(Value::String(_)) => "a string",
            _ => continue,
        };
        let message = format!("Profile \"{name}\" configuration value is {shape}; parsing as argv");
        (surroundings.debug)(&message, None);
    }
    if let Some(document) = &files.cucumber {
        let unknown = chosen.iter().flat_map(|name| profile::unknown_keys(document, name));
        warnings.extend(unknown.map(|error| format!("{error}; it is ignored, as in cucumber-js")));
    }
    let mut merged = merge_profiles(&chosen, &documents, surroundings.languages)?;
    warn_of_paths_in_both(&merged, &provided, &mut warnings);
    merge(&mut merged, provided);
    let mut resolved = defaults();
    merge(&mut resolved, merged.clone());
    (surroundings.debug)("Resolved configuration:", Some(&Value::Object(resolved)));
    finish(Merged(merged), reserved, surroundings, warnings)
}

/// What cucumber-js takes where nothing is said, in its order.
fn defaults() -> Map<String, Value> {
    let defaults = json!({
        "backtrace": false, "dryRun": false, "forceExit": false, "failFast": false, "format": [],
        "formatOptions": {}, "plugin": [], "pluginOptions": {}, "import": [], "language": "en", "loader": [],
        "name": [], "order": "defined", "paths": [], "parallel": 0, "publish": false, "require": [],
        "requireModule": [], "retry": 0, "retryTagFilter": "", "shard": "", "strict": true, "tags": "",
        "workerOptions": {}, "worldParameters": {},
    });
    match defaults {
        Value::Object(defaults) => defaults,
        _ => Map::new(),
    }
}

/// The names of the profiles to merge, each of which a file has.
fn chosen_profiles(flags: &Flags, documents: &[&Document]) -> Result<Vec<String>, ConfigError> {
    let mut chosen = flags.profiles().to_vec();
    if chosen.is_empty() {
        chosen.push("default".to_owned());
    }
    for name in &chosen {
        if name != "default" && !documents.iter().any(|document| document.values.contains_key(name))
        {
            return Err(unknown_profile(name, documents));
        }
    }
    Ok(chosen)
}

/// Merges the chosen profiles of each file in turn.
fn merge_profiles(
    chosen: &[String],
    documents: &[&Document],
    languages: &[&str],
) -> Result<Map<String, Value>, ConfigError> {
    let mut merged = Map::new();
    for document in documents {
        let mut of_file = Map::new();
        for name in chosen {
            merge(&mut of_file, profile::read(document, name, languages)?);
        }
        merge(&mut merged, of_file);
    }
    Ok(merged)
}

fn unknown_profile(name: &str, documents: &[&Document]) -> ConfigError {
    let mut names: Vec<&str> =
        documents.iter().flat_map(|document| document.values.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let files: Vec<&str> = documents.iter().map(|document| document.file.as_str()).collect();
    let known = match (files.is_empty(), names.is_empty()) {
        (true, _) => {
            "there is no configuration file here, so add one or drop `--profile`".to_owned()
        }
        (false, true) => format!("{} has no profiles", files.join(" and ")),
        (false, false) => format!("{} has: {}", files.join(" and "), names.join(", ")),
    };
    ConfigError::UnknownProfile {
        name: name.to_owned(),
        nearest: nearest(name, names).map(str::to_owned),
        known,
    }
}

fn warn_of_paths_in_both(
    file: &Map<String, Value>,
    provided: &Map<String, Value>,
    warnings: &mut Vec<String>,
) {
    let paths = |profile: &Map<String, Value>| {
        profile.get("paths").and_then(Value::as_array).filter(|paths| !paths.is_empty()).cloned()
    };
    if let (Some(file), Some(provided)) = (paths(file), paths(provided)) {
        let all: Vec<&str> = file.iter().chain(&provided).filter_map(Value::as_str).collect();
        warnings.push(format!(
            "paths stand both in the configuration file and on the command line, so all of them run: {}",
            all.join(", ")
        ));
    }
}

/// The merged options, read by key.
struct Merged(Map<String, Value>);

impl Merged {
    fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key).and_then(Value::as_bool)
    }

    fn count(&self, key: &str) -> usize {
        // JavaScript and YAML may write 2 as 2.0; the schema has seen to it that it is whole.
        self.0.get(key).and_then(Value::as_f64).map_or(0, |number| number as usize)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    fn list(&self, key: &str) -> &[Value] {
        self.0.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn texts(&self, key: &str) -> Vec<String> {
        self.list(key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn object(&self, key: &str) -> Value {
        self.0.get(key).cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }
}

fn finish(
    merged: Merged,
    reserved: Reserved,
    surroundings: &Surroundings<'_>,
    mut warnings: Vec<String>,
) -> Result<Config, ConfigError> {
    let retry = merged.count("retry");
    let retry_tag_filter = merged.text("retryTagFilter").unwrap_or_default().to_owned();
    if !retry_tag_filter.is_empty() && retry == 0 {
        return Err(ConfigError::RetryTagFilterWithoutRetry);
    }
    let (formats, dropped) = formats(merged.list("format"));
    for name in dropped {
        warnings.push(format!(
            "formatter `{name}` gives way to `{}`, as both would write to standard output; give one a file",
            formats[0].name
        ));
    }
    warn_of_what_has_no_effect(&merged, surroundings.env, &mut warnings);
    let mut order = merged.text("order").and_then(Order::parse).unwrap_or(Order::Defined);
    if let Order::Random { seed } = &mut order
        && seed.is_empty()
    {
        *seed = new_seed();
        warnings.push(format!("Random order using seed: {seed}"));
    }
    let format_options = merged.object("formatOptions");
    let colors_enabled = format_options.get("colorsEnabled").and_then(Value::as_bool);
    Ok(Config {
        cwd: surroundings.cwd.to_path_buf(),
        paths: merged.texts("paths"),
        import: merged.texts("import"),
        require: merged.texts("require"),
        require_modules: modules(&merged, "requireModule"),
        loaders: modules(&merged, "loader"),
        formats,
        format_options,
        tags: merged.text("tags").unwrap_or_default().to_owned(),
        names: merged.texts("name"),
        language: merged.text("language").unwrap_or("en").to_owned(),
        order,
        // The text was checked where it was written, as that of `order` was.
        shard: merged.text("shard").and_then(Shard::parse),
        dry_run: merged.flag("dryRun").unwrap_or(false),
        fail_fast: merged.flag("failFast").unwrap_or(false),
        parallel: merged.count("parallel"),
        retry,
        retry_tag_filter,
        strict: merged.flag("strict").unwrap_or(true),
        force_exit: merged.flag("forceExit").unwrap_or(false),
        backtrace: merged.flag("backtrace").unwrap_or(false),
        world_parameters: merged.object("worldParameters"),
        sandbox: reserved.sandbox,
        commands: reserved.commands,
        aliases: reserved.aliases,
        artifacts: merged.text("artifacts").map(PathBuf::from),
        cache: match merged.0.get("cache") {
            Some(Value::String(directory)) => Cache::At(PathBuf::from(directory)),
            Some(_) => Cache::Off,
            None => Cache::Standard,
        },
        color: color(merged.flag("color"), colors_enabled, surroundings.env),
        debug: debugs(surroundings.env),
        warnings,
    })
}

fn modules(merged: &Merged, key: &str) -> Vec<String> {
    let mut modules = merged.texts(key);
    modules.retain(|module| {
        !TRANSPILERS.iter().any(|package| {
            module
                .strip_prefix(package)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    });
    modules
}

fn warn_of_what_has_no_effect(
    merged: &Merged,
    env: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<String>,
) {
    let publishing =
        if merged.flag("publish") == Some(true) { Some("publish") } else { publish_variable(env) };
    if let Some(name) = publishing {
        warnings.push(format!(
            "`{name}` asks for a published report, but quickcuke does not upload any"
        ));
    }
    if !merged.list("plugin").is_empty() {
        warnings.push(format!(
            "quickcuke runs no cucumber-js plugins, so these do nothing: {}",
            merged.texts("plugin").join(", ")
        ));
    }
    if merged.object("formatOptions").get("snippetSyntax").is_some() {
        warnings.push(
            "`snippetSyntax` is not there yet: snippets are written in the usual syntax".to_owned(),
        );
    }
    if merged.object("workerOptions").get("resourceLimits").is_some() {
        warnings.push(
            "`workerOptions.resourceLimits` are limits of Node's workers and do nothing here; \
             [sandbox] memory in quickcuke.toml limits a scenario's VM"
                .to_owned(),
        );
    }
}
