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
            Given a table:
              | a | b  |
              | 1 | 22 |
            And a step <ending>
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
        Given('a table:', (table) => { table.raw(); });
        ",
    )
}

#[test]
fn progress() {
    let run = suite().run(&[]).fails().stays_quiet();
    insta::assert_snapshot!(run.stdout(), @r#"
    .hello
    ...P-.F.U

    Pending scenarios:
      1) is pending # features/a.feature:21
           And a step is pending # steps/steps.ts:5

    Undefined scenarios:
      1) unknown # features/a.feature:26
           Given a step never "heard" of 7
             """json
             {}
             """

    Failed scenarios:
      1) bad # features/a.feature:24
           Given a step fails # steps/steps.ts:4
               Error: broken
                   at /project/steps/steps.ts:4:37
                   at features/a.feature:25

    4 scenarios (1 passed, 1 pending, 1 undefined, 1 failed)
    10 steps (6 passed, 1 skipped, 1 pending, 1 undefined, 1 failed)
    <time> (<time> executing your code)

    You can implement missing steps with the snippets below:

    Given('a step never {string} of {int}', function (string, int, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });

    Given('a step never {string} of {float}', function (string, float, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });
    "#);
}

#[test]
fn summary() {
    let run = suite().run(&["--format", "summary"]).fails().stays_quiet();
    insta::assert_snapshot!(run.stdout(), @r#"
    hello

    Pending scenarios:
      1) is pending # features/a.feature:21
           And a step is pending # steps/steps.ts:5

    Undefined scenarios:
      1) unknown # features/a.feature:26
           Given a step never "heard" of 7
             """json
             {}
             """

    Failed scenarios:
      1) bad # features/a.feature:24
           Given a step fails # steps/steps.ts:4
               Error: broken
                   at /project/steps/steps.ts:4:37
                   at features/a.feature:25

    4 scenarios (1 passed, 1 pending, 1 undefined, 1 failed)
    10 steps (6 passed, 1 skipped, 1 pending, 1 undefined, 1 failed)
    <time> (<time> executing your code)

    You can implement missing steps with the snippets below:

    Given('a step never {string} of {int}', function (string, int, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });

    Given('a step never {string} of {float}', function (string, float, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });
    "#);
}

#[test]
fn pretty() {
    let run = suite().run(&["--format", "pretty"]).fails().stays_quiet();
    insta::assert_snapshot!(run.stdout(), @r#"
    Feature: Shop

      @shop
      Scenario: good                  # features/a.feature:8
        ✔ Given a step passes         # steps/steps.ts:3
    hello
        ✔ Given a step prints "hello" # steps/steps.ts:9

      @shop @slow
      Scenario Outline: is pending # features/a.feature:21
        ✔ Given a step passes      # steps/steps.ts:3
        ✔ Given a table:           # steps/table.ts:2
            | a | b  |
            | 1 | 22 |
        ■ And a step is pending    # steps/steps.ts:5
        ↷ And a step passes        # steps/steps.ts:3

      Rule: Text

        @shop
        Scenario: bad           # features/a.feature:24
          ✔ Given a step passes # steps/steps.ts:3
          ✘ Given a step fails  # steps/steps.ts:4
                Error: broken
                    at /project/steps/steps.ts:4:37
                    at features/a.feature:25

        @shop
        Scenario: unknown                   # features/a.feature:26
          ✔ Given a step passes             # steps/steps.ts:3
          ■ Given a step never "heard" of 7
              """json
              {}
              """

    Pending scenarios:
      1) is pending # features/a.feature:21
           And a step is pending # steps/steps.ts:5

    Undefined scenarios:
      1) unknown # features/a.feature:26
           Given a step never "heard" of 7
             """json
             {}
             """

    Failed scenarios:
      1) bad # features/a.feature:24
           Given a step fails # steps/steps.ts:4
               Error: broken
                   at /project/steps/steps.ts:4:37
                   at features/a.feature:25

    4 scenarios (1 passed, 1 pending, 1 undefined, 1 failed)
    10 steps (6 passed, 1 skipped, 1 pending, 1 undefined, 1 failed)
    <time> (<time> executing your code)

    You can implement missing steps with the snippets below:

    Given('a step never {string} of {int}', function (string, int, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });

    Given('a step never {string} of {float}', function (string, float, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });
    "#);
}

#[test]
fn snippets() {
    let run = suite().run(&["--format", "snippets"]).fails().stays_quiet();
    insta::assert_snapshot!(run.stdout(), @r#"
    hello
    Given('a step never {string} of {int}', function (string, int, docString) {
    // Given('a step never {string} of {float}', function (string, float, docString) {
      // Write code here that turns the phrase above into concrete actions
      return 'pending';
    });
    "#);
}

#[test]
fn several_reports_are_written_at_once() {
    let project = suite();
    project
        .run(&["--format", "summary:a.txt", "--format", "pretty:b.txt", "--format", "progress"])
        .fails();
    assert!(project.read("a.txt").contains("Failed scenarios:"));
    assert!(project.read("b.txt").contains("Feature: Shop"));
}

#[test]
fn a_rerun_file_is_read_before_it_is_written_anew() {
    let project = Project::with_feature(
        "
        Feature: F
          Scenario: one
            Given a step passes
          Scenario: two
            Given a step fails
          Scenario: three
            Given a step fails
        ",
    )
    .file("features/b.feature", "Feature: G\n  Scenario: four\n    Given a step is pending\n");
    project.run(&["--format", "rerun:@rerun.txt"]).fails().prints("4 scenarios");
    assert_eq!(project.read("@rerun.txt"), "features/a.feature:4:6\nfeatures/b.feature:2");
    let again = ["@rerun.txt", "--format", "rerun:@rerun.txt"];
    let project = project
        .file("steps/more.ts", "")
        .file("features/b.feature", "Feature: G\n  Scenario: four\n    Given a step passes\n");
    project.run(&again).fails().prints("3 scenarios (1 passed, 2 failed)");
    assert_eq!(project.read("@rerun.txt"), "features/a.feature:4:6");
    let project = project.file("features/a.feature", "Feature: F\n  Scenario: one\n\n\n");
    project.run(&["--format", "rerun:@rerun.txt"]).passes();
    project.run(&again).passes().prints("1 scenario");
}

#[test]
fn entries_of_a_rerun_file_are_separated_as_is_asked() {
    let project = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step fails\n")
        .file("features/b.feature", "Feature: G\n  Scenario: four\n    Given a step fails\n");
    let options = [r#"--format-options={"rerun":{"separator":" "}}"#, "--format", "rerun:out"];
    project.run(&options).fails();
    assert_eq!(project.read("out"), "features/a.feature:2 features/b.feature:2");
}

#[test]
fn junit_names_suite_and_classes_as_is_asked() {
    let project = suite();
    let options = r#"--format-options={"junit":{"suiteName":"Mine","testClassName":"it"}}"#;
    project.run(&["--format", "junit:report.xml", options]).fails();
    let report = project.read("report.xml");
    assert!(report.contains("<testsuite name=\"Mine\" "), "{report}");
    assert!(
        report.contains("<testcase classname=\"it\" name=\"&lt;ending> - #1.1: is pending\" "),
        "{report}"
    );
    let options = r#"--format-options={"junit":{"testNamingStrategy":{"length":"SHORT"}}}"#;
    project.run(&[options]).fails().complains("junit.testNamingStrategy is not there yet");
}

#[test]
fn a_passing_run_is_short() {
    let run = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step passes\n")
        .run(&[])
        .passes();
    insta::assert_snapshot!(run.stdout(), @r"
    .

    1 scenario (1 passed)
    1 step (1 passed)
    <time> (<time> executing your code)
    ");
}

#[test]
fn a_formatter_that_is_not_there_is_a_warning_and_the_others_go_on() {
    let project = suite();
    let run = |formats: &[&str]| {
        let arguments: Vec<&str> = formats.iter().flat_map(|format| ["--format", format]).collect();
        project.run(&arguments)
    };
    let expected = project.run(&[]).stdout();
    for (name, complaint) in [
        ("html", "the formatter \"html\" is not there yet"),
        ("sumary", "unknown formatter \"sumary\" (did you mean `summary`?)"),
        ("./mine.js", "\"./mine.js\" looks like a custom formatter"),
        ("@scope/reporter", "\"@scope/reporter\" looks like a custom formatter"),
    ] {
        let file = format!("\"{name}\":out/report");
        let told = run(&[&file, "json:report.json"]).complains(&format!("warning: {complaint}"));
        assert!(told.stderr().trim_end().ends_with("; the run goes on without out/report"));
        assert_eq!(told.stdout(), expected, "{name}");
        assert!(!project.path().join("out").exists(), "{name}");
        assert!(project.read("report.json").starts_with('['), "{name}");
        std::fs::remove_file(project.path().join("report.json")).unwrap();

        let told = run(&[name]).complains(complaint);
        assert!(told.stderr().trim_end().ends_with("; `progress` takes its place"));
        assert_eq!(told.stdout(), expected, "{name}");
    }
}
