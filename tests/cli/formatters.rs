//! What the reports look like.

use crate::project::Project;

fn suite() -> Project {
    Project::with_feature(
        "
        @shop
        Feature: Shop
          What it sells.

          Background:
            Given a step passes

          Scenario: good
            Given a step prints \"hello\"

          @slow
          Scenario Outline: <ending>
            Given a step <ending>
              | a | b  |
              | 1 | 22 |
            And a step passes

            Examples:
              | ending     |
              | is pending |

          Rule: Text
            Scenario: bad
              Given a step fails
            Scenario: unknown
              Given a step never \"heard\" of 7
                \"\"\"json
                {}
                \"\"\"
        ",
    )
    .file(
        "steps/table.ts",
        "
        import { Given } from '@cucumber/cucumber';
        Given('a step is pending ', () => {});
        ",
    )
}

#[test]
fn progress() {
    let run = suite().run(&[]).fails().is_quiet();
    insta::assert_snapshot!(run.stdout(), @"");
}

#[test]
fn summary() {
    let run = suite().run(&["--format", "summary"]).fails().is_quiet();
    insta::assert_snapshot!(run.stdout(), @"");
}

#[test]
fn pretty() {
    let run = suite().run(&["--format", "pretty"]).fails().is_quiet();
    insta::assert_snapshot!(run.stdout(), @"");
}

#[test]
fn snippets() {
    let run = suite().run(&["--format", "snippets"]).fails().is_quiet();
    insta::assert_snapshot!(run.stdout(), @"");
}

#[test]
fn several_reports_are_written_at_once() {
    let project = suite();
    project.run(&["--format", "summary:a.txt", "--format", "pretty:b.txt", "--format", "progress"]).fails();
    assert!(project.read("a.txt").contains("Failed scenarios:"));
    assert!(project.read("b.txt").contains("Feature: Shop"));
}

#[test]
fn a_passing_run_is_short() {
    let run = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step passes\n").run(&[]).passes();
    insta::assert_snapshot!(run.stdout(), @r"
    .

    1 scenario (1 passed)
    1 step (1 passed)
    <time> (<time> executing your code)
    ");
}

#[test]
fn a_formatter_of_another_version_is_told_from_a_misspelt_one() {
    suite().run(&["--format", "html"]).fails().complains("the formatter \"html\" is not there yet");
    suite().run(&["--format", "sumary"]).fails().complains("unknown formatter \"sumary\" (did you mean \"summary\"?)");
}
