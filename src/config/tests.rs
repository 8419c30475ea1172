//! Files, profiles and options merged, in temporary directories.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

struct Project(TempDir);

impl Project {
    fn with(files: &[(&str, &str)]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(project.0.path().join(name), text).unwrap();
        }
        project
    }

    fn resolve_with(
        &self,
        arguments: &[&str],
        env: &[(&str, &str)],
        load_script: &dyn Fn(&Path) -> Result<Value, String>,
    ) -> Result<Config, String> {
        let env = |name: &str| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        let flags = Flags::parse_arguments(arguments).unwrap();
        let surroundings = Surroundings {
            cwd: self.0.path(),
            env: &env,
            languages: &["en", "fr"],
            load_script,
            debug: &|_, _| {},
        };
        resolve(&flags, &surroundings).map_err(|error| error.to_string())
    }

    fn resolve(&self, arguments: &[&str]) -> Result<Config, String> {
        self.resolve_with(arguments, &[], &|_| Err("no scripts here".to_owned()))
    }
}

#[test]
fn without_files_the_defaults_hold() {
    let config = Project::with(&[]).resolve(&[]).unwrap();
    assert_eq!(config.language, "en");
    assert!(config.strict && !config.dry_run && config.paths.is_empty());
    assert_eq!(config.formats, [Format { name: "progress".to_owned(), target: None }]);
    assert_eq!(
        (config.order, config.cache, config.color),
        (Order::Defined, Cache::Standard, Color::Auto)
    );
    assert_eq!(config.world_parameters, json!({}));
    assert_eq!(config.warnings, [""; 0]);
}

#[test]
fn profiles_merge_in_order_and_the_command_line_over_them() {
    let project = Project::with(&[(
        "cucumber.json",
        r#"{"default": {"tags": "@a", "retry": 1, "import": ["x"]},
            "ci": {"tags": "@b or @c", "import": ["y"], "strict": false, "worldParameters": {"a": {"b": 1}}}}"#,
    )]);
    let config = project
        .resolve(&[
            "-p",
            "default",
            "-p",
            "ci",
            "-t",
            "@d",
            "-i",
            "z",
            "--world-parameters",
            r#"{"a":{"c":2}}"#,
        ])
        .unwrap();
    assert_eq!(config.tags, "(@a) and (@b or @c) and (@d)");
    assert_eq!(config.import, ["x", "y", "z"]);
    assert_eq!(config.retry, 1);
    assert!(!config.strict);
    assert_eq!(config.world_parameters, json!({"a": {"b": 1, "c": 2}}));
}

#[test]
fn quickcuke_toml_stands_over_cucumber_files() {
    let project = Project::with(&[
        ("cucumber.yaml", "default:\n  retry: 1\n  paths: [a]\nci:\n  parallel: 2\n"),
        (
            "quickcuke.toml",
            "[default]\nretry = 3\npaths = [\"b\"]\n\n[sandbox]\nenv = [\"HOME\"]\n",
        ),
    ]);
    let config = project.resolve(&[]).unwrap();
    assert_eq!((config.retry, config.paths), (3, vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(config.sandbox.env, Allow::Only(vec!["HOME".to_owned()]));
    // A profile may stand in one of the two files only.
    assert_eq!(project.resolve(&["-p", "ci"]).unwrap().parallel, 2);
}

#[test]
fn argv_profiles_are_parsed_as_arguments() {
    let project = Project::with(&[(
        "cucumber.json",
        r#"{"default": "--format pretty --tags '@a and @b' features/x.feature", "list": ["--retry", "2"],
            "bad": "--retyr 2", "worse": "--trust"}"#,
    )]);
    let config = project.resolve(&["-p", "default", "-p", "list"]).unwrap();
    assert_eq!((config.formats[0].name.as_str(), config.retry), ("pretty", 2));
    assert_eq!(
        (config.tags.as_str(), config.paths[0].as_str()),
        ("(@a and @b)", "features/x.feature")
    );
    assert!(project.resolve(&["-p", "bad"]).unwrap_err().starts_with(
        "cucumber.json:2:13: Profile \"bad\": unknown option `--retyr` (did you mean `--retry`?)"
    ),);
    assert!(
        project.resolve(&["-p", "worse"]).unwrap_err().contains("in [sandbox] of quickcuke.toml")
    );
}

#[test]
fn scripts_are_loaded_through_the_callback() {
    let project = Project::with(&[("cucumber.mjs", ""), ("cucumber.json", "{}")]);
    let load = |path: &Path| {
        assert!(path.is_absolute() && path.ends_with("cucumber.mjs"));
        Ok(json!({"default": {"formt": ["x"]}, "ok": {"failFast": true}}))
    };
    assert!(project.resolve_with(&["-p", "ok"], &[], &load).unwrap().fail_fast);
    assert_eq!(
        project.resolve_with(&[], &[], &load).unwrap().warnings,
        [
            "cucumber.mjs: unknown key `formt` in profile \"default\" (did you mean `format`?); it is ignored, as in cucumber-js"
        ]
    );
    assert_eq!(
        project.resolve(&[]).unwrap_err(),
        "Configuration file \"cucumber.mjs\" failed to load: no scripts here"
    );
}

#[test]
fn a_named_file_takes_the_place_of_its_kind() {
    let project = Project::with(&[
        ("cucumber.json", r#"{"default": {"retry": 1}}"#),
        ("quickcuke.toml", "[default]\nparallel = 1\n"),
        ("other.yml", "default: { retry: 5 }"),
        ("other.toml", "[default]\nparallel = 5\n"),
    ]);
    let counts =
        |file: &str| project.resolve(&["-c", file]).map(|config| (config.retry, config.parallel));
    assert_eq!(counts("other.yml"), Ok((5, 1)));
    assert_eq!(counts("other.toml"), Ok((1, 5)));
    assert!(
        counts("nope.json")
            .unwrap_err()
            .starts_with("Configuration file \"nope.json\" failed to load: ")
    );
    assert!(
        counts("nope.ini")
            .unwrap_err()
            .starts_with("Unsupported configuration file extension \".ini\"")
    );
}

#[test]
fn an_unknown_profile_names_the_known_ones() {
    let project = Project::with(&[("quickcuke.toml", "[default]\n[nightly]\n[sandbox]\n")]);
    assert_eq!(
        project.resolve(&["-p", "nightyl"]).unwrap_err(),
        "Requested profile \"nightyl\" doesn't exist (did you mean `nightly`?); quickcuke.toml has: default, nightly"
    );
    assert!(
        Project::with(&[])
            .resolve(&["-p", "ci"])
            .unwrap_err()
            .contains("there is no configuration file here")
    );
}

#[test]
fn mistakes_in_quickcuke_toml_have_places() {
    for (text, message) in [
        (
            "[ci]\nretry = 1\ntag = \"@a\"\n",
            "quickcuke.toml:3:1: unknown key `tag` in profile \"ci\" (did you mean `tags`?)",
        ),
        (
            "[sandbox]\nmemry = 1\n",
            "quickcuke.toml:2:1: unknown key `memry` in [sandbox] (did you mean `memory`?)",
        ),
        (
            "tags = \"@a\"\n",
            "quickcuke.toml:1:1: `tags` must be in a profile: write [default] above it",
        ),
        (
            "[alias]\na = 1\n",
            "quickcuke.toml:2:1: `alias.a` must be the name or path of a module, but was `1`",
        ),
        (
            "[default]\nretry = \"1\"\n",
            "quickcuke.toml:2:1: Profile \"default\" configuration value failed schema validation: \
             retry must be a `number` type, but the final value was: `\"1\"`.",
        ),
    ] {
        assert_eq!(Project::with(&[("quickcuke.toml", text)]).resolve(&[]).unwrap_err(), message);
    }
    let error =
        Project::with(&[("quickcuke.toml", "[command]\nup = \"x\"\n")]).resolve(&[]).unwrap_err();
    assert_eq!(
        error,
        "quickcuke.toml:2:1: unknown key `up` in profile \"command\"; did you mean the table [commands]?"
    );
}

#[test]
fn commands_are_handed_on_with_their_places() {
    let project = Project::with(&[(
        "quickcuke.toml",
        "[alias]\n\"@x/y\" = \"quickcuke\"\n[commands.up]\nrun = \"x\"\nz = 1\n",
    )]);
    let config = project.resolve(&[]).unwrap();
    assert_eq!(config.commands.values["up"], json!({"run": "x", "z": 1}));
    assert_eq!(config.commands.place("up", &["z"]).to_string(), "quickcuke.toml:5:1");
    assert_eq!(config.aliases["@x/y"], "quickcuke");
}

#[test]
fn typescript_loaders_are_skipped() {
    let config = Project::with(&[])
        .resolve(&[
            "--require-module",
            "ts-node/register",
            "--require-module",
            "tsx-like",
            "--loader",
            "tsx",
        ])
        .unwrap();
    assert_eq!(config.require_modules, ["tsx-like"]);
    assert_eq!(config.loaders, [""; 0]);
}

#[test]
fn a_custom_syntax_of_snippets_is_warned_of() {
    let options = r#"{"snippetSyntax":"./syntax.js"}"#;
    let config = Project::with(&[]).resolve(&["--format-options", options]).unwrap();
    assert_eq!(
        config.warnings,
        ["`snippetSyntax` is not there yet: snippets are written in the usual syntax"]
    );
}

#[test]
fn an_empty_profile_name_takes_back_those_before() {
    let project =
        Project::with(&[("cucumber.json", r#"{"default": {"retry": 1}, "ci": {"retry": 2}}"#)]);
    assert_eq!(project.resolve(&["-p", "nope", "-p", ""]).unwrap().retry, 1);
    assert_eq!(project.resolve(&["-p", "nope", "-p", "", "-p", "ci"]).unwrap().retry, 2);
}

#[test]
fn publishing_is_refused_or_warned_of() {
    let project = Project::with(&[]);
    assert!(project.resolve(&["--publish"]).unwrap_err().contains("does not upload"));
    let env = [("CUCUMBER_PUBLISH_TOKEN", "t")];
    let config = project.resolve_with(&["--publish-quiet"], &env, &|_| Err(String::new())).unwrap();
    assert_eq!(config.warnings.len(), 1);
}

#[test]
fn a_retry_filter_needs_retries() {
    let project = Project::with(&[]);
    assert!(
        project.resolve(&["--retry-tag-filter", "@a"]).unwrap_err().contains("add `--retry N`")
    );
    assert_eq!(
        project.resolve(&["--retry-tag-filter", "@a", "--retry", "1"]).unwrap().retry_tag_filter,
        "(@a)"
    );
}

#[test]
fn a_random_order_gets_a_seed_and_says_so() {
    let config = Project::with(&[]).resolve(&["--order", "random"]).unwrap();
    let Order::Random { seed } = config.order else { panic!("not random") };
    assert!(seed.parse::<u32>().unwrap() < 1_000_000);
    assert_eq!(config.warnings, [format!("Random order using seed: {seed}")]);
    let config = Project::with(&[]).resolve(&["--order", "random:7"]).unwrap();
    assert_eq!((config.order, config.warnings.len()), (Order::Random { seed: "7".to_owned() }, 0));
}
