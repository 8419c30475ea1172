//! What a user can get wrong on the command line or in a configuration file.

use super::nearest::did_you_mean;
use super::place::Place;

/// A mistake that must be mended before anything runs. Every message names the option or key, where it
/// stands, and what would mend it. The process exits with 1, as cucumber-js does.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    #[error("unknown option `{option}`{}; `quickcuke --help` lists them all", did_you_mean(nearest.as_deref()))]
    UnknownOption { option: String, nearest: Option<String> },

    #[error("option `{option}` needs a value")]
    MissingValue { option: String },

    #[error("option `{option}` takes no value, but was given `{value}`")]
    UnexpectedValue { option: String, value: String },

    /// Whatever else the command-line parser found.
    #[error("{0}")]
    Usage(String),

    #[error("{option} passed invalid JSON: {reason}: {text}")]
    NotJson { option: &'static str, reason: String, text: String },

    #[error("{option} must be passed JSON of an object: {text}")]
    NotJsonObject { option: &'static str, text: String },

    #[error("{option} must be a non negative integer, but was `{value}`")]
    NotACount { option: &'static str, value: String },

    #[error(
        "{option} must be a non negative integer, but was `{value}`; `auto` and a percentage such as `50%` work too"
    )]
    NotWorkers { option: &'static str, value: String },

    #[error("{option}: `{value}` is not {expected}")]
    OptionValue { option: String, value: String, expected: &'static str },

    #[error(
        "--publish: quickcuke does not upload reports; leave the option out, \
         or keep the report with `--format message:FILE`"
    )]
    Publish,

    /// An option that an argv profile cannot hold; `home` names where else it can stand.
    #[error("`{option}` belongs on the command line{home}")]
    NotInProfile { option: &'static str, home: &'static str },

    /// An argv profile whose options do not parse.
    #[error("{place}: {profile}: {source}")]
    InProfile { place: Place, profile: String, source: Box<ConfigError> },

    #[error("Requested profile \"{name}\" doesn't exist{}; {known}", did_you_mean(nearest.as_deref()))]
    UnknownProfile { name: String, nearest: Option<String>, known: String },

    #[error("Configuration file \"{file}\" failed to load: {reason}")]
    Unreadable { file: String, reason: String },

    #[error(
        "Unsupported configuration file extension \"{extension}\" of {file}; \
         use .json, .yaml, .yml, .toml, .js, .cjs, .mjs, .ts, .cts or .mts"
    )]
    Extension { file: String, extension: String },

    #[error("{place}: {reason}")]
    Syntax { place: Place, reason: String },

    #[error("Configuration file \"{file}\" failed to load: {reason}")]
    Script { file: String, reason: String },

    #[error("Configuration file {file} does not export an object of profiles")]
    NotProfiles { file: String },

    #[error(
        "{place}: {source_name} must be a table of options, a string of arguments or a list of arguments"
    )]
    NotAProfile { place: Place, source_name: String },

    /// `hint` names the nearest known key, or else all of them.
    #[error("{place}: unknown key `{key}` in {table}{hint}")]
    UnknownKey { place: Place, key: String, table: String, hint: String },

    /// Values of the wrong type or outside what the key allows; `reasons` is never empty.
    #[error("{place}: {source_name} configuration value failed schema validation: {}", reasons.join(" "))]
    Schema { place: Place, source_name: String, reasons: Vec<String> },

    /// The same on the command line.
    #[error("{}", reasons.join("\n"))]
    Options { reasons: Vec<String> },

    #[error("{place}: `{key}` must be {expected}")]
    Value { place: Place, key: String, expected: String },

    #[error(
        "a positive `retry` count must be specified when setting `retryTagFilter`; \
         add `--retry N` or drop `--retry-tag-filter`"
    )]
    RetryTagFilterWithoutRetry,
}
