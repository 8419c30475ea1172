//! How steps, scenarios and runs end.

use crate::project::Project;
use crate::run::Run;

/// A project with one scenario of this step and a passing one after it.
fn project(step: &str) -> Project {
    Project::with_feature(&format!(
        "Feature: F\n  Scenario: it\n    Given {step}\n    And a step passes\n"
    ))
}

#[test]
fn what_follows_a_step_that_did_not_pass_is_skipped() {
    for (step, status) in [
        ("a step fails", "failed"),
        ("a step is pending", "pending"),
        ("a step is ambiguous", "ambiguous"),
        ("nobody knows this", "undefined"),
    ] {
        let run = project(step).tell(&[]).fails();
        run.steps("it", &[&format!("{step}: {status}"), "a step passes: skipped"]);
    }
}

#[test]
fn a_skipped_scenario_is_no_failure() {
    project("a step is skipped")
        .tell(&[])
        .passes()
        .prints("1 scenario (1 skipped)")
        .steps("it", &["a step is skipped: skipped", "a step passes: skipped"]);
}

#[test]
fn pending_passes_when_not_strict_and_the_rest_still_fails() {
    project("a step is pending").run(&["--no-strict"]).passes().prints("1 scenario (1 pending)");
    project("a step is pending").run(&["--no-strict", "--strict"]).fails();
    project("nobody knows this").run(&["--no-strict"]).fails();
    project("a step is ambiguous").run(&["--no-strict"]).fails();
}

#[test]
fn exceptions_of_ours_say_pending_and_skipped() {
    let code = "
        import { PendingException, SkippedException } from 'quickcuke';
        When('it happens', async () => { throw new SkippedException('not on this machine'); });
    ";
    let exception = |run: &Run| {
        let messages = run.messages();
        let finished = messages.all("testStepFinished").next().expect("a step").clone();
        let result = &finished["testStepResult"];
        assert_eq!(result["message"], "not on this machine");
        let stack = result["exception"]["stackTrace"].as_str().unwrap_or_default();
        assert!(stack.contains("Exception: not on this machine\n    at "), "{stack}");
        result["exception"]["type"].clone()
    };
    let run = Project::with_step(code).tell(&[]).passes();
    assert_eq!(exception(&run.scenarios(&["it: skipped", "later: passed"])), "SkippedException");
    let code = code.replace("throw new Skipped", "throw new Pending");
    let run = Project::with_step(&code).tell(&[]).fails();
    assert_eq!(exception(&run.scenarios(&["it: pending", "later: passed"])), "PendingException");
}

#[test]
fn a_dry_run_matches_and_runs_nothing() {
    let feature = "
        Feature: F
          Scenario: it
            Given a step prints \"text\"
            And a step fails
    ";
    let hooks = "
        import { After, Before, BeforeAll } from '@cucumber/cucumber';
        for (const hook of [After, Before, BeforeAll]) hook(() => { throw new Error('ran'); });
    ";
    Project::with_feature(feature)
        .file("steps/hooks.ts", hooks)
        .tell(&["--dry-run"])
        .passes()
        .does_not_print("text")
        .scenarios(&["it: skipped"]);
    // As in cucumber-js, nothing can fail that is not run.
    project("nobody knows this").run(&["--dry-run"]).passes().prints("1 undefined");
}

#[test]
fn fail_fast_skips_what_follows_the_first_failure() {
    let feature = "
        Feature: F
          Scenario: one
            Given a step passes
          Scenario: two
            Given a step fails
          Scenario: three
            Given a step prints \"three\"
    ";
    Project::with_feature(feature)
        .tell(&["--fail-fast"])
        .fails()
        .does_not_print("three\n")
        .scenarios(&["one: passed", "two: failed", "three: skipped"]);
}

const FLAKY: &str = "
    import { Given } from '@cucumber/cucumber';
    const attempts = new Map<string, number>();
    Given('{word} passes at attempt {int}', function (name: string, wanted: number) {
      attempts.set(name, (attempts.get(name) ?? 0) + 1);
      if (attempts.get(name) !== wanted) throw new Error(`attempt ${attempts.get(name)}`);
    });
";

/// Two scenarios that pass at the second attempt.
fn flaky() -> Project {
    let feature = "
        Feature: F
          @flaky
          Scenario: tagged
            Given tagged passes at attempt 2
          Scenario: plain
            Given plain passes at attempt 2
    ";
    Project::new().file("features/a.feature", feature).file("steps/a.ts", FLAKY)
}

#[test]
fn a_failing_scenario_is_tried_again_as_often_as_is_asked() {
    flaky().tell(&[]).fails().scenarios(&["tagged: failed", "plain: failed"]);
    flaky().tell(&["--retry", "3"]).passes().scenarios(&[
        "tagged: failed",
        "tagged: passed",
        "plain: failed",
        "plain: passed",
    ]);
}

#[test]
fn a_filter_chooses_what_is_tried_again() {
    flaky().tell(&["--retry", "1", "--retry-tag-filter", "@flaky"]).fails().scenarios(&[
        "tagged: failed",
        "tagged: passed",
        "plain: failed",
    ]);
}

#[test]
fn attempts_can_be_isolated_from_each_other() {
    let run = flaky().tell(&["--retry", "1", "--isolation", "attempt", "--name", "plain"]).fails();
    run.scenarios(&["plain: failed", "plain: failed"]);
}

#[test]
fn only_failures_are_tried_again() {
    for step in ["a step is pending", "nobody knows this", "a step is ambiguous"] {
        let run = project(step).tell(&["--retry", "2"]).fails();
        assert_eq!(run.messages().scenarios().len(), 1, "{step}");
    }
}

#[test]
fn a_scenario_without_steps_passes() {
    let run = Project::with_feature("Feature: F\n  Scenario: empty\n").run(&[]).passes();
    run.prints("1 scenario (1 passed)").prints("0 steps");
}

#[test]
fn a_difference_of_thousands_of_lines_is_shown_in_time() {
    let code = "
        import assert from 'node:assert/strict';
        const numbers = (from) => Array.from({ length: 5000 }, (_, i) => (i % 2 ? i : i + from));
        When('it happens', () => { assert.deepEqual(numbers(0), numbers(1)); });
    ";
    let run = Project::with_step(code).tell(&[]).fails();
    run.explains("it", "Expected values to be strictly deep-equal").explains("it", "-   4999");
}

#[test]
fn an_undefined_step_with_a_long_text_has_a_snippet_of_its_beginning() {
    for (text, parameters) in [
        ("x".repeat(100_000), "rest"),
        ("5 'a' 1.5 ".repeat(10_000), "int, string, float"),
        ("\"\\\"".repeat(30_000), "rest"),
    ] {
        let feature = format!("Feature: F\n  Scenario: it\n    Given nobody knows {text}\n");
        let run = Project::with_feature(&feature).run(&[]).fails();
        let stdout = run.stdout();
        let snippet = stdout.lines().find(|line| line.starts_with("Given(")).expect("a snippet");
        assert!(snippet.len() < 5_000, "{} bytes", snippet.len());
        assert!(snippet.contains("{}', function (") && snippet.contains(parameters), "{snippet}");
    }
    // What it suggests fits the step.
    let steps = format!("{} 1", "and so on ".repeat(200));
    let snippet = format!("Given('{}{{}}', function (rest) {{}});", "and so on ".repeat(100));
    Project::with_feature(&format!("Feature: F\n  Scenario: it\n    Given {steps}\n"))
        .file("steps/a.ts", &format!("import {{ Given }} from 'quickcuke';\n{snippet}\n"))
        .run(&[])
        .passes();
}

#[test]
fn a_step_gets_its_table_and_its_doc_string_in_source_order() {
    let feature = "
        Feature: F
          Scenario: it
            Given 1 thing
              | a |
              \"\"\"
              b
              \"\"\"
            And 2 things
              \"\"\"
              b
              \"\"\"
              | a |
            And nobody knows this
              \"\"\"
              b
              \"\"\"
              | a |
    ";
    let steps = "
        import { DataTable, Given } from 'quickcuke';
        const shown = (block) => (block instanceof DataTable ? block.raw() : block);
        Given('{int} thing(s)', (n, first, second) => console.log(n, shown(first), shown(second)));
    ";
    let project = Project::with_feature(feature).file("steps/things.js", steps);
    let run = project.run(&["--format", "json:report.json"]).fails();
    run.prints("1 [ [ 'a' ] ] b\n")
        .prints("2 b [ [ 'a' ] ]\n")
        .prints("Given('nobody knows this', function (docString, dataTable) {");
    let report: serde_json::Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let arguments = |step: usize| report[0]["elements"][0]["steps"][step]["arguments"].clone();
    let table = serde_json::json!({ "rows": [{ "cells": ["a"] }] });
    let doc_string = |line: u32| serde_json::json!({ "content": "b", "line": line });
    assert_eq!(arguments(0), serde_json::json!([table, doc_string(5)]));
    assert_eq!(arguments(1), serde_json::json!([doc_string(9), table]));
}
