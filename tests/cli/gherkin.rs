//! Features that do not parse.

use crate::project::Project;

#[test]
fn every_error_of_every_file_is_told_and_nothing_runs() {
    let run =
        Project::with_feature("Feature: good\n  Scenario: runs\n    Given a step prints \"ran\"\n")
            .file(
                "features/b.feature",
                "Feature: B\n  Scenario: x\n    Given y\n    oops\n    again\n",
            )
            .file(
                "features/c.feature",
                "Feature: C\n  Scenario: x\n    Given y\n      | a | b |\n      | c |\n",
            )
            .file("features/d.feature", "# language: qq\nFeature: D\n")
            .run(&[])
            .fails()
            .does_not_print("ran")
            .does_not_print("scenario");
    insta::assert_snapshot!(run.stderr(), @r"
    error: features/b.feature:4:5: expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, #ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'oops'
    features/b.feature:5:5: expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, #ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'again'
    features/c.feature:5:7: inconsistent cell count within the table
    features/d.feature:1:1: Language not supported: qq
    ");
}

#[test]
fn the_errors_are_messages_too() {
    let run = Project::with_feature("Feature: A\n  Scenario: x\n    Given y\n    oops\n")
        .tell(&[])
        .fails();
    let messages = run.messages();
    let lines: Vec<_> = messages
        .all("parseError")
        .map(|error| error["source"]["location"]["line"].clone())
        .collect();
    assert_eq!(lines, [4]);
    assert_eq!(messages.all("testRunStarted").count(), 0);
}

#[test]
fn a_file_that_is_no_text_is_named() {
    let project = Project::with_feature("");
    std::fs::write(project.path().join("features/b.feature"), b"Feature: \xff\xfe\n").unwrap();
    project.run(&[]).fails().complains("features/b.feature");
}

#[test]
fn the_default_language_can_be_set() {
    let feature = "Funktionalität: F\n  Szenario: eins\n    Angenommen a step passes\n";
    let project = Project::with_feature(feature);
    project.tell(&["--language", "de"]).passes().scenarios(&["eins: passed"]);
    project.run(&[]).fails().complains("features/a.feature:1:1: expected: ");
}

#[test]
fn line_endings_and_a_byte_order_mark_do_no_harm() {
    let project = Project::with_feature("");
    let feature = "\u{feff}Feature: F\r\n  Scenario: one\r\n    Given a step prints \"it\"\r\n";
    std::fs::write(project.path().join("features/a.feature"), feature).unwrap();
    project.tell(&[]).passes().scenarios(&["one: passed"]);
}
