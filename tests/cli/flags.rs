//! The command line itself.

use crate::project::Project;

const FEATURE: &str = "
    Feature: F
      Scenario: passes
        Given a step passes
";

#[test]
fn help_lists_the_options_with_examples() {
    for flag in ["--help", "-h"] {
        let run = Project::new().run(&[flag]).passes().stays_quiet();
        run.prints("Usage: quickcuke [OPTIONS] [PATH[:LINE]...]...")
            .prints("--world-parameters <JSON>")
            .prints("Examples:");
    }
}

#[test]
fn version_names_the_command_and_its_version() {
    let expected = format!("quickcuke {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["--version", "-v"] {
        let run = Project::new().run(&[flag]).passes().stays_quiet();
        assert_eq!(run.stdout() + "\n", expected);
    }
}

#[test]
fn languages_and_their_keywords_are_listed() {
    Project::new().run(&["--i18n-languages"]).passes().prints("français").prints("Deutsch");
    Project::new().run(&["--i18n-keywords", "de"]).passes().prints("Angenommen");
    Project::new().run(&["--i18n-keywords", "qq"]).fails().complains("no such language: qq");
}

#[test]
fn an_unknown_option_is_named_with_the_nearest() {
    let project = Project::with_feature(FEATURE);
    for (option, nearest) in
        [("--tag", "--tags"), ("--formt", "--format"), ("--paralel", "--parallel")]
    {
        let complaint = format!("unknown option `{option}` (did you mean `{nearest}`?)");
        project.run(&[option, "x"]).fails().complains(&complaint).does_not_print("scenario");
    }
    project
        .run(&["--zzzzzz"])
        .fails()
        .complains("unknown option `--zzzzzz`; `quickcuke --help` lists them all");
}

#[test]
fn an_option_without_its_value_is_named() {
    Project::with_feature(FEATURE)
        .run(&["--format"])
        .fails()
        .complains("option `--format` needs a value");
}

#[test]
fn a_wrong_value_is_named_with_what_is_expected() {
    let project = Project::with_feature(FEATURE);
    for (arguments, complaint) in [
        (["--parallel", "x"], "--parallel must be a non negative integer, but was `x`"),
        (["--retry", "-1"], "--retry must be a non negative integer, but was `-1`"),
        (
            ["--order", "up"],
            "--order must be `defined`, `reverse`, `random` or `random:SEED`, but was `up`",
        ),
        (
            ["--language", "xx"],
            "--language must be one of the languages that `--i18n-languages` lists, but was `xx`",
        ),
        (["--isolation", "none"], "--isolation: `none` is not `scenario`, `attempt` or `worker`"),
        (["--timeout", "5"], "--timeout: `5` is not a duration"),
        (["--name", "("], "--name: Invalid regular expression: /(/"),
        (["--tags", "@a and"], "--tags: Tag expression"),
    ] {
        project.run(&arguments).fails().complains(complaint).does_not_print("scenario");
    }
}

#[test]
fn world_parameters_must_be_json_of_an_object() {
    let project = Project::with_feature(FEATURE);
    let option = "--world-parameters";
    project
        .run(&[option, "{a"])
        .fails()
        .complains("--world-parameters passed invalid JSON")
        .complains("{a");
    project
        .run(&[option, "[1]"])
        .fails()
        .complains("--world-parameters must be passed JSON of an object: [1]");
}

#[test]
fn world_parameters_reach_the_world_merged() {
    let step = "When('it happens', function () { console.log(JSON.stringify(this.parameters)); });";
    Project::with_step(step)
        .run(&["--world-parameters", r#"{"a":{"b":1}}"#, "--world-parameters", r#"{"a":{"c":2}}"#])
        .passes()
        .prints(r#"{"a":{"b":1,"c":2}}"#);
}

#[test]
fn a_retry_filter_needs_a_retry() {
    let run = Project::with_feature(FEATURE).run(&["--retry-tag-filter", "@flaky"]).fails();
    run.complains("a positive `retry` count must be specified when setting `retryTagFilter`");
}

#[test]
fn publishing_is_refused_with_what_to_do_instead() {
    Project::with_feature(FEATURE)
        .run(&["--publish"])
        .fails()
        .complains("quickcuke does not upload reports");
    Project::with_feature(FEATURE).run(&["--publish-quiet"]).passes();
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let project = Project::with_feature(FEATURE);
    project.run(&[]).passes().does_not_print("\x1b[");
    project.run(&["--color"]).passes().prints("\x1b[32m");
    project.run(&["--color", "--no-color"]).passes().does_not_print("\x1b[");
}

#[test]
fn the_environment_decides_about_colour_too() {
    Project::with_feature(FEATURE).env("FORCE_COLOR", "1").run(&[]).passes().prints("\x1b[32m");
}

#[test]
fn a_module_can_be_required_first_and_loaders_of_typescript_are_passed_over() {
    let project = Project::with_feature(FEATURE).file("setup.js", "console.log('set up');");
    project.run(&["--require-module", "./setup.js"]).passes().prints("set up\n");
    project
        .run(&["--require-module", "ts-node/register", "--loader", "ts-node/esm"])
        .passes()
        .stays_quiet();
    project
        .run(&["--require-module", "nope"])
        .fails()
        .complains("--require-module: Cannot find module 'nope'");
}
