//! Which features and step files are found.

use crate::project::Project;

fn project() -> Project {
    let feature = "
        Feature: F
          Scenario: first
            Given a step passes

          Scenario: second
            Given a step passes

          Scenario Outline: third <n>
            Given a step passes
            Examples:
              | n |
              | 1 |
              | 2 |
    ";
    Project::with_feature(feature)
        .file(
            "features/deep/er/b.feature",
            "Feature: G\n  Scenario: deep\n    Given a step passes\n",
        )
        .file("other/c.feature", "Feature: H\n  Scenario: other\n    Given a step passes\n")
}

#[test]
fn everything_under_features_runs_in_the_order_of_the_paths() {
    project().tell(&[]).passes().scenarios(&[
        "first: passed",
        "second: passed",
        "third 1: passed",
        "third 2: passed",
        "deep: passed",
    ]);
}

#[test]
fn directories_files_and_globs_are_paths() {
    let project = project();
    project
        .tell(&["other", "features/deep"])
        .passes()
        .scenarios(&["other: passed", "deep: passed"]);
    project.tell(&["other/c.feature"]).passes().scenarios(&["other: passed"]);
    project.tell(&["*/deep/**/*.feature"]).passes().scenarios(&["deep: passed"]);
}

#[test]
fn a_line_selects_its_scenario_or_row() {
    let project = project();
    project.tell(&["features/a.feature:2"]).passes().scenarios(&["first: passed"]);
    project
        .tell(&["features/a.feature:5:12"])
        .passes()
        .scenarios(&["second: passed", "third 1: passed"]);
    project
        .tell(&["features/a.feature:8"])
        .passes()
        .scenarios(&["third 1: passed", "third 2: passed"]);
}

#[test]
fn a_rerun_file_lists_paths() {
    let project = project().file("@rerun.txt", "features/a.feature:5\nother/c.feature\n");
    project.tell(&["@rerun.txt"]).passes().scenarios(&["second: passed", "other: passed"]);
}

#[test]
fn an_empty_rerun_file_selects_nothing() {
    let project = project().file("@rerun.txt", "");
    project
        .run(&["@rerun.txt"])
        .passes()
        .prints("0 scenarios")
        .complains("warning: no scenario was selected");
}

#[test]
fn a_path_that_leads_nowhere_is_an_error_with_the_nearest() {
    let project = project();
    project
        .run(&["othr"])
        .fails()
        .complains("no such file or directory: `othr` (did you mean `other`?)");
    project
        .run(&["features/nope.feature"])
        .fails()
        .complains("no such file or directory: `features/nope.feature`");
    project
        .run(&["@nope.txt"])
        .fails()
        .complains("the list of features `@nope.txt` cannot be read");
}

#[test]
fn nothing_selected_passes_with_a_warning() {
    let project = project();
    for arguments in [["--tags", "@none"], ["--name", "^none$"], ["none/*.feature", "--strict"]] {
        project
            .run(&arguments)
            .passes()
            .prints("0 scenarios")
            .complains("warning: no scenario was selected");
    }
    Project::new().run(&[]).passes().complains("warning: no scenario was selected");
}

#[test]
fn step_files_are_found_next_to_the_features_and_in_steps() {
    let step = |word: &str| {
        format!("import {{ Given }} from '@cucumber/cucumber';\nGiven('{word}', () => {{}});\n")
    };
    Project::new()
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: all\n    Given one\n    Given two\n    Given three\n",
        )
        .file(
            "features/support/one.js",
            &step("one")
                .replace("import { Given } from", "const { Given } = require(")
                .replace("cucumber';", "cucumber');"),
        )
        .file("features/step_definitions/two.mjs", &step("two"))
        .file("steps/deep/three.mts", &step("three"))
        .file("elsewhere/four.js", "throw new Error('loaded');")
        .tell(&[])
        .passes()
        .steps("all", &["one: passed", "two: passed", "three: passed"]);
}

#[test]
fn step_files_that_are_given_are_the_only_ones() {
    let project = project().file("lib/all.ts", "import { Given } from '@cucumber/cucumber';\nGiven('a step passes', () => console.log('from lib'));");
    project.run(&["--import", "lib/*.ts", "other"]).passes().prints("from lib");
    project.run(&["--require", "lib", "other"]).passes().prints("from lib");
    project.run(&["--import", "libb", "other"]).fails().complains("did you mean `lib`?");
}

#[test]
fn markdown_features_run() {
    let feature = "
        # Feature: Markdown

        ## Scenario: in a list

        * Given a step passes
        * When a step prints \"hello\"
    ";
    let project = Project::with_feature("Feature: F\n").file("features/b.feature.md", feature);
    project.tell(&[]).passes().scenarios(&["in a list: passed"]).prints("hello");
}

#[test]
fn typescript_that_was_compiled_is_loaded_once() {
    Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: one\n    Given one\n")
        .file("steps/a.ts", "import { Given } from '@cucumber/cucumber';\nGiven('one', () => {});")
        .file(
            "steps/a.js",
            "const { Given } = require('@cucumber/cucumber');\nGiven('one', () => {});",
        )
        .tell(&[])
        .passes()
        .scenarios(&["one: passed"]);
}
