//! The command line as it was typed: the one definition that parsing and `--help` go by.

use std::time::Duration;

use clap::{ArgAction, Parser};
use serde_json::{Map, Value};

use super::error::ConfigError;
use super::merge::merge_plain;
use super::sandbox::duration_option;
use super::workers;

const USAGE: &str = "quickcuke [OPTIONS] [PATH[:LINE]...]...";

const EXAMPLES: &str = "\
Examples:
  quickcuke                                       run everything under features/
  quickcuke features/login.feature:12             run the scenario at line 12
  quickcuke --tags '@smoke and not @slow'         run what is tagged so
  quickcuke -f pretty -f message:run.ndjson       report twice, once into a file
  quickcuke --retry 1 --retry-tag-filter @flaky   give flaky scenarios a second chance
  quickcuke @rerun.txt                            run what a rerun file lists

Options can be kept in quickcuke.toml and in cucumber.{js,cjs,mjs,json,yaml,yml,ts,mts,cts};
the command line adds to their lists and wins over the rest. [commands] and [alias] are tables,
so they stand in quickcuke.toml only.
Exit code: 0 passed, 1 failed or mistaken options, 128 + N ended by signal N. At the first INT, TERM or HUP
what runs is stopped, After and AfterAll hooks have 5 s, and reports are completed; at the second it ends at once.";

/// Raw arguments. Values are checked when they are merged into a [`Config`](super::Config), so that a mistake on the
/// command line and one in a file read alike.
#[derive(Debug, Clone, Default, PartialEq, Parser)]
#[command(
    name = "quickcuke",
    version,
    about = "Runs Gherkin features whose steps are JavaScript or TypeScript, without Node.",
    override_usage = USAGE,
    after_help = EXAMPLES,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 110
)]
pub struct Flags {
    /// Feature files, directories, globs, FILE:LINE, or @FILE with one path a line [default: features/]
    #[arg(value_name = "PATH[:LINE]")]
    pub paths: Vec<String>,

    /// Run only scenarios whose tags match, such as '@smoke and not @slow' (repeatable: all must match)
    #[arg(
        short,
        long,
        value_name = "EXPRESSION",
        allow_hyphen_values = true,
        help_heading = "Scenarios"
    )]
    pub tags: Vec<String>,
    /// Run only scenarios whose name matches the JavaScript regular expression (repeatable: one must match)
    #[arg(long, value_name = "REGEXP", allow_hyphen_values = true, help_heading = "Scenarios")]
    pub name: Vec<String>,
    /// Run in this order: defined, reverse, random or random:SEED
    #[arg(
        long,
        value_name = "TYPE[:SEED]",
        allow_hyphen_values = true,
        help_heading = "Scenarios"
    )]
    pub order: Option<String>,
    /// Run part INDEX (from 1) of TOTAL parts of the scenarios
    #[arg(
        long,
        value_name = "INDEX/TOTAL",
        allow_hyphen_values = true,
        help_heading = "Scenarios"
    )]
    pub shard: Option<String>,
    /// Language of feature files that do not name one with `# language:`
    #[arg(long, value_name = "ISO 639-1", allow_hyphen_values = true, help_heading = "Scenarios")]
    pub language: Option<String>,

    /// Import step files before the run (repeatable) [default: next to the features, and steps/]
    #[arg(
        short,
        long,
        value_name = "GLOB|DIR|FILE",
        allow_hyphen_values = true,
        help_heading = "Step libraries"
    )]
    pub import: Vec<String>,
    /// Require step files before the run (repeatable)
    #[arg(
        short,
        long,
        value_name = "GLOB|DIR|FILE",
        allow_hyphen_values = true,
        help_heading = "Step libraries"
    )]
    pub require: Vec<String>,
    /// Require a module before step files (repeatable); TypeScript needs none, so its loaders are skipped
    #[arg(
        long,
        value_name = "MODULE",
        allow_hyphen_values = true,
        help_heading = "Step libraries"
    )]
    pub require_module: Vec<String>,
    /// Load a module ahead of imports (repeatable); TypeScript loaders are skipped
    #[arg(
        short,
        long,
        value_name = "MODULE",
        allow_hyphen_values = true,
        help_heading = "Step libraries"
    )]
    pub loader: Vec<String>,
    /// Give the World these parameters (repeatable: merged deeply)
    #[arg(long, value_name = "JSON", allow_hyphen_values = true, help_heading = "Step libraries")]
    pub world_parameters: Vec<String>,

    /// Match and report steps without running them
    #[arg(short, long, help_heading = "Running")]
    pub dry_run: bool,
    /// Stop at the first failure
    #[arg(long, help_heading = "Running")]
    pub fail_fast: bool,
    /// Run on N workers, on one for each processor (auto) or on a share of them (50%); 0 and 1 run one scenario at a
    /// time
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = "Running")]
    pub parallel: Option<String>,
    /// Retry a failing scenario up to N times
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = "Running")]
    pub retry: Option<String>,
    /// Retry only scenarios whose tags match (repeatable; needs --retry)
    #[arg(long, value_name = "EXPRESSION", allow_hyphen_values = true, help_heading = "Running")]
    pub retry_tag_filter: Vec<String>,
    /// Fail when there are pending steps (default)
    #[arg(long, overrides_with = "no_strict", help_heading = "Running")]
    pub strict: bool,
    /// Pass even if there are pending steps
    #[arg(long, overrides_with = "strict", help_heading = "Running")]
    pub no_strict: bool,
    /// Do not wait for work that steps and hooks left pending; list it at the end
    #[arg(long, visible_alias = "exit", help_heading = "Running")]
    pub force_exit: bool,

    /// What a scenario shares with others: `scenario` nothing, `attempt` not even with its retries, `worker`
    /// module state as in cucumber-js [default: scenario]
    #[arg(long, value_name = "HOW", allow_hyphen_values = true, help_heading = "Sandbox")]
    pub isolation: Option<String>,
    /// Allow the whole environment, disk and network
    #[arg(long, help_heading = "Sandbox")]
    pub trust: bool,
    /// Run without the sandbox, and print the [sandbox] and [commands] tables with which this run passes in it
    #[arg(long, help_heading = "Sandbox")]
    pub grants: bool,
    /// Let steps read environment variables: all, or NAMES (separated by commas; repeatable)
    #[arg(long, value_name = "NAMES", num_args = 0..=1, require_equals = true, default_missing_value = "*",
        value_delimiter = ',', action = ArgAction::Append, help_heading = "Sandbox")]
    pub allow_env: Vec<String>,
    /// Let steps read files: all, or those under PATHS
    #[arg(long, value_name = "PATHS", num_args = 0..=1, require_equals = true, default_missing_value = "*",
        value_delimiter = ',', action = ArgAction::Append, help_heading = "Sandbox")]
    pub allow_read: Vec<String>,
    /// Let steps write files: all, or those under PATHS
    #[arg(long, value_name = "PATHS", num_args = 0..=1, require_equals = true, default_missing_value = "*",
        value_delimiter = ',', action = ArgAction::Append, help_heading = "Sandbox")]
    pub allow_write: Vec<String>,
    /// Let steps reach the network: all of it, or HOSTS
    #[arg(long, value_name = "HOSTS", num_args = 0..=1, require_equals = true, default_missing_value = "*",
        value_delimiter = ',', action = ArgAction::Append, help_heading = "Sandbox")]
    pub allow_net: Vec<String>,
    /// Memory of one scenario's VM, such as 256MiB [default: 256MiB]
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = "Sandbox")]
    pub memory: Option<String>,
    /// Time for a step or hook that sets none of its own, such as 10s [default: 5s]
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = "Sandbox")]
    pub timeout: Option<String>,
    /// Time for loading the step library or a configuration script, such as 2m [default: 60s]
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = "Sandbox")]
    pub load_timeout: Option<String>,

    /// Report so, to standard output or into FILE (repeatable): progress (default), progress-bar, pretty, summary,
    /// message, json, junit, rerun, snippets, usage, usage-json
    #[arg(
        short,
        long,
        value_name = "NAME[:FILE]",
        allow_hyphen_values = true,
        help_heading = "Reports"
    )]
    pub format: Vec<String>,
    /// Options for formatters (repeatable: merged deeply)
    #[arg(long, value_name = "JSON", allow_hyphen_values = true, help_heading = "Reports")]
    pub format_options: Vec<String>,
    /// Show full stack traces, the runner's own frames included
    #[arg(short, long, help_heading = "Reports")]
    pub backtrace: bool,
    /// Directory for what steps leave behind [default: artifacts/]
    #[arg(long, value_name = "DIR", allow_hyphen_values = true, help_heading = "Reports")]
    pub artifacts: Option<String>,
    /// Colour the output even if it is no terminal
    #[arg(long, overrides_with = "no_color", help_heading = "Reports")]
    pub color: bool,
    /// Never colour the output
    #[arg(long, overrides_with = "color", help_heading = "Reports")]
    pub no_color: bool,
    /// Not supported: quickcuke does not upload reports
    #[arg(long, hide = true)]
    pub publish: bool,
    /// Accepted and without effect, as nothing is published
    #[arg(long, hide = true)]
    pub publish_quiet: bool,

    /// Read this file instead of cucumber.* (or, if it is TOML, instead of quickcuke.toml)
    #[arg(
        short,
        long,
        value_name = "FILE",
        allow_hyphen_values = true,
        help_heading = "Configuration"
    )]
    pub config: Option<String>,
    /// Use this profile (repeatable: merged in order) [default: default]
    #[arg(
        short,
        long,
        value_name = "NAME",
        allow_hyphen_values = true,
        help_heading = "Configuration"
    )]
    pub profile: Vec<String>,
    /// Keep compiled step files in this directory
    #[arg(
        long,
        value_name = "DIR",
        allow_hyphen_values = true,
        overrides_with = "no_cache",
        help_heading = "Configuration"
    )]
    pub cache: Option<String>,
    /// Compile step files anew
    #[arg(long, overrides_with = "cache", help_heading = "Configuration")]
    pub no_cache: bool,
    /// Load a cucumber-js plugin: accepted, but quickcuke runs none
    #[arg(long, value_name = "SPECIFIER", allow_hyphen_values = true, hide = true)]
    pub plugin: Vec<String>,
    /// Options for plugins
    #[arg(long, value_name = "JSON", allow_hyphen_values = true, hide = true)]
    pub plugin_options: Vec<String>,

    /// List the languages of Gherkin
    #[arg(long, help_heading = "Information")]
    pub i18n_languages: bool,
    /// List the keywords of a language
    #[arg(
        long,
        value_name = "ISO 639-1",
        allow_hyphen_values = true,
        help_heading = "Information"
    )]
    pub i18n_keywords: Option<String>,
    /// Print the version
    #[arg(short, long, action = ArgAction::Version, help_heading = "Information")]
    version: Option<bool>,
    /// Print this help
    #[arg(short, long, action = ArgAction::Help, help_heading = "Information")]
    help: Option<bool>,
}

impl Flags {
    /// The arguments in the shape of a profile: what was not given is left out.
    pub(crate) fn to_profile(&self) -> Result<Map<String, Value>, ConfigError> {
        let mut profile = Map::new();
        for (key, texts) in [
            ("format", &self.format),
            ("import", &self.import),
            ("loader", &self.loader),
            ("name", &self.name),
            ("plugin", &self.plugin),
            ("require", &self.require),
            ("requireModule", &self.require_module),
        ] {
            let texts = since_empty(texts).to_vec();
            put(&mut profile, key, Some(texts).filter(|texts| !texts.is_empty()));
        }
        put(&mut profile, "paths", Some(self.paths.clone()).filter(|paths| !paths.is_empty()));
        for (key, expressions) in [("tags", &self.tags), ("retryTagFilter", &self.retry_tag_filter)]
        {
            let wrapped: Vec<String> =
                expressions.iter().map(|expression| format!("({expression})")).collect();
            put(
                &mut profile,
                key,
                Some(wrapped.join(" and ")).filter(|expression| !expression.is_empty()),
            );
        }
        for (key, text) in [
            ("artifacts", &self.artifacts),
            ("cache", &self.cache),
            ("language", &self.language),
            ("order", &self.order),
            ("shard", &self.shard),
        ] {
            put(&mut profile, key, text.clone());
        }
        for (key, flag, value) in [
            ("backtrace", self.backtrace, true),
            ("cache", self.no_cache, false),
            ("color", self.color, true),
            ("color", self.no_color, false),
            ("dryRun", self.dry_run, true),
            ("failFast", self.fail_fast, true),
            ("forceExit", self.force_exit, true),
            ("publish", self.publish, true),
            ("strict", self.strict, true),
            ("strict", self.no_strict, false),
        ] {
            put(&mut profile, key, flag.then_some(value));
        }
        put(&mut profile, "parallel", parallel("--parallel", self.parallel.as_deref())?);
        put(&mut profile, "retry", count("--retry", self.retry.as_deref())?);
        put(&mut profile, "formatOptions", object("--format-options", &self.format_options)?);
        put(&mut profile, "pluginOptions", object("--plugin-options", &self.plugin_options)?);
        put(&mut profile, "worldParameters", object("--world-parameters", &self.world_parameters)?);
        Ok(profile)
    }

    /// How long loading may take, if that was given.
    pub(crate) fn load_timeout(&self) -> Result<Option<Duration>, ConfigError> {
        let text = self.load_timeout.as_deref();
        text.map(|text| duration_option("--load-timeout", text)).transpose()
    }

    /// The profiles that were asked for.
    pub(crate) fn profiles(&self) -> &[String] {
        since_empty(&self.profile)
    }

    /// The first option given that a profile cannot hold, and where it could stand instead.
    pub(crate) fn outside_profiles(&self) -> Option<(&'static str, &'static str)> {
        const SANDBOX: &str = " or in [sandbox] of quickcuke.toml";
        [
            (self.isolation.is_some(), "--isolation", SANDBOX),
            (self.trust, "--trust", SANDBOX),
            (self.grants, "--grants", ""),
            (!self.allow_env.is_empty(), "--allow-env", SANDBOX),
            (!self.allow_read.is_empty(), "--allow-read", SANDBOX),
            (!self.allow_write.is_empty(), "--allow-write", SANDBOX),
            (!self.allow_net.is_empty(), "--allow-net", SANDBOX),
            (self.memory.is_some(), "--memory", SANDBOX),
            (self.timeout.is_some(), "--timeout", SANDBOX),
            (self.load_timeout.is_some(), "--load-timeout", SANDBOX),
            (self.config.is_some(), "--config", ""),
            (!self.profile.is_empty(), "--profile", ""),
        ]
        .into_iter()
        .find_map(|(given, option, home)| given.then_some((option, home)))
    }
}

/// An empty value takes back what was given before it, as in cucumber-js.
fn since_empty(texts: &[String]) -> &[String] {
    let from = texts.iter().rposition(String::is_empty).map_or(0, |empty| empty + 1);
    &texts[from..]
}

fn put<T: Into<Value>>(profile: &mut Map<String, Value>, key: &str, value: Option<T>) {
    if let Some(value) = value {
        profile.insert(key.to_owned(), value.into());
    }
}

fn count(option: &'static str, text: Option<&str>) -> Result<Option<u32>, ConfigError> {
    let number = |text: &str| {
        text.trim().parse().map_err(|_| ConfigError::NotACount { option, value: text.to_owned() })
    };
    text.map(number).transpose()
}

/// The number of workers as written. `auto` and percentages become numbers when the configuration is resolved.
fn parallel(option: &'static str, text: Option<&str>) -> Result<Option<Value>, ConfigError> {
    let Some(text) = text else { return Ok(None) };
    match workers::parse(text) {
        Some(workers) if text.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Some(workers.into()))
        }
        Some(_) => Ok(Some(text.trim().into())),
        None => Err(ConfigError::NotWorkers { option, value: text.to_owned() }),
    }
}

fn object(option: &'static str, texts: &[String]) -> Result<Option<Value>, ConfigError> {
    let mut merged = None;
    for text in texts {
        let value = serde_json::from_str(text).map_err(|error| ConfigError::NotJson {
            option,
            reason: error.to_string(),
            text: text.clone(),
        })?;
        match value {
            Value::Object(later) => merge_plain(merged.get_or_insert_with(Map::new), later),
            Value::Null => {}
            _ => return Err(ConfigError::NotJsonObject { option, text: text.clone() }),
        }
    }
    Ok(merged.map(Value::Object))
}
