//! From arguments to [`Flags`].

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::error::ConfigError;
use super::flags::Flags;
use super::nearest::nearest;

/// Why there are no flags to run with.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// `--help` or `--version` was asked for: print this to standard output and exit with 0.
    Print(String),
    /// A mistake: print it to standard error and exit with 1, as cucumber-js does.
    Mistake(ConfigError),
}

impl Flags {
    /// Parses arguments, without the program's name before them.
    pub fn parse_arguments<I>(arguments: I) -> Result<Flags, Stop>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        let arguments = std::iter::once(OsString::from("quickcuke"))
            .chain(arguments.into_iter().map(Into::into));
        Flags::try_parse_from(arguments).map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Stop::Print(error.render().to_string())
            }
            _ => Stop::Mistake(mistake(&error)),
        })
    }
}

fn mistake(error: &clap::Error) -> ConfigError {
    let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
    // `--format <NAME[:FILE]>` is how clap names an option that it knows.
    let option = argument.split([' ', '=', '[']).next().unwrap_or_default().to_owned();
    let value = text(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let nearest = nearest_option(&option);
            ConfigError::UnknownOption { option, nearest }
        }
        ErrorKind::InvalidValue if value.as_deref().unwrap_or_default().is_empty() => {
            ConfigError::MissingValue { option }
        }
        ErrorKind::TooManyValues => {
            ConfigError::UnexpectedValue { option, value: value.unwrap_or_default() }
        }
        _ => {
            let rendered = error.render().to_string();
            let line = rendered.lines().next().unwrap_or_default();
            ConfigError::Usage(line.strip_prefix("error: ").unwrap_or(line).to_owned())
        }
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn nearest_option(option: &str) -> Option<String> {
    let command = Flags::command();
    let known: Vec<String> = command
        .get_arguments()
        .filter_map(|argument| argument.get_long_and_visible_aliases())
        .flatten()
        .map(|long| format!("--{long}"))
        .collect();
    nearest(option, known.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn profile(arguments: &[&str]) -> Value {
        Value::Object(Flags::parse_arguments(arguments).unwrap().to_profile().unwrap())
    }

    fn mistake(arguments: &[&str]) -> String {
        match Flags::parse_arguments(arguments) {
            Err(Stop::Mistake(error)) => error.to_string(),
            other => panic!("no mistake: {other:?}"),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        Flags::command().debug_assert();
    }

    #[test]
    fn reads_arguments_as_cucumber_js_does() {
        assert_eq!(
            profile(&[
                "-bd",
                "-fpretty",
                "--format",
                "html:o",
                "a.feature:3",
                "--tags",
                "@a",
                "-t@b",
                "--",
                "-x"
            ]),
            json!({"format": ["pretty", "html:o"], "paths": ["a.feature:3", "-x"], "tags": "(@a) and (@b)",
                "backtrace": true, "dryRun": true})
        );
        assert_eq!(
            profile(&["--name", "--x", "--exit"]),
            json!({"name": ["--x"], "forceExit": true})
        );
        assert_eq!(profile(&["--strict", "--no-strict"]), json!({"strict": false}));
        assert_eq!(profile(&["--no-strict", "--strict"]), json!({"strict": true}));
        assert_eq!(
            profile(&["--order", "defined", "--order", "random:1", "-d", "-d"]),
            json!({"order": "random:1", "dryRun": true})
        );
    }

    #[test]
    fn merges_repeated_json() {
        assert_eq!(
            profile(&[
                "--world-parameters",
                r#"{"a":{"b":1}}"#,
                "--world-parameters",
                r#"{"a":{"c":2}}"#
            ]),
            json!({"worldParameters": {"a": {"b": 1, "c": 2}}})
        );
    }

    #[test]
    fn names_what_is_wrong_with_a_value() {
        let error = |arguments: &[&str]| {
            Flags::parse_arguments(arguments).unwrap().to_profile().unwrap_err().to_string()
        };
        assert_eq!(
            error(&["--retry", "-1"]),
            "--retry must be a non negative integer, but was `-1`"
        );
        assert_eq!(
            error(&["--parallel", "-1"]),
            "--parallel must be a non negative integer, but was `-1`; `auto` and a percentage such as `50%` work too"
        );
        assert_eq!(
            error(&["--world-parameters", "[]"]),
            "--world-parameters must be passed JSON of an object: []"
        );
        assert!(
            error(&["--format-options", "{a}"])
                .starts_with("--format-options passed invalid JSON: key must be")
        );
    }

    #[test]
    fn names_unknown_options_and_the_nearest() {
        assert_eq!(
            mistake(&["--formt", "x"]),
            "unknown option `--formt` (did you mean `--format`?); `quickcuke --help` lists them all"
        );
        assert_eq!(mistake(&["-x"]), "unknown option `-x`; `quickcuke --help` lists them all");
    }

    #[test]
    fn names_missing_and_superfluous_values() {
        assert_eq!(mistake(&["--format"]), "option `--format` needs a value");
        assert_eq!(
            mistake(&["--dry-run=yes"]),
            "option `--dry-run` takes no value, but was given `yes`"
        );
    }

    #[test]
    fn help_and_version_are_no_mistakes() {
        let Err(Stop::Print(help)) = Flags::parse_arguments(["--help"]) else { panic!("no help") };
        for part in
            ["Usage: quickcuke [OPTIONS]", "Sandbox:", "--world-parameters <JSON>", "Examples:"]
        {
            assert!(help.contains(part), "{part} is missing in:\n{help}");
        }
        let Err(Stop::Print(version)) = Flags::parse_arguments(["-v"]) else {
            panic!("no version")
        };
        assert!(version.starts_with("quickcuke "), "{version}");
    }

    #[test]
    fn permissions_are_all_or_listed() {
        let flags =
            Flags::parse_arguments(["--allow-env", "--allow-read=a,b", "--allow-read=c", "x"])
                .unwrap();
        assert_eq!(flags.allow_env, ["*"]);
        assert_eq!(flags.allow_read, ["a", "b", "c"]);
        assert_eq!(flags.paths, ["x"]);
    }
}
