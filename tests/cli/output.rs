//! What steps print, in order with the report.

use std::io::Read;
use std::process::Stdio;

use crate::project::Project;

#[test]
fn what_steps_print_stands_where_they_run() {
    let feature = "
        Feature: F
          Scenario: one
            Given a step prints \"first\"
            And a step prints \"second\"
          Scenario: two
            Given a step prints \"third\"
    ";
    let run = Project::with_feature(feature).run(&["--format", "pretty"]).passes();
    let printed = run.stdout();
    let places: Vec<usize> = [
        "Scenario: one",
        "first\n",
        "✔ Given a step prints \"first\"",
        "second\n",
        "Scenario: two",
        "third\n",
    ]
    .iter()
    .map(|part| printed.find(part).unwrap_or_else(|| panic!("{part} in {printed}")))
    .collect();
    assert!(places.is_sorted(), "{places:?} in {printed}");
}

#[test]
fn console_writes_to_both_streams() {
    let code = "
        When('it happens', () => {
          console.log('%s of %d', 'one', 2, { three: [3] });
          console.info('info');
          console.warn('warn');
          console.error(new Error('error').message);
          process.stdout.write('no line end');
        });
    ";
    let run = Project::with_step(code).run(&[]).passes();
    run.prints("one of 2 { three: [ 3 ] }\n")
        .prints("info\n")
        .prints("no line end")
        .complains("warn\nerror\n");
}

#[test]
fn what_step_files_print_while_loading_is_shown_once() {
    let run = Project::with_step("console.log('loaded');\nWhen('it happens', () => {});")
        .run(&[])
        .passes();
    assert_eq!(run.stdout().matches("loaded").count(), 1);
}

#[test]
fn standard_output_that_is_closed_early_is_no_error() {
    let code =
        "When('it happens', () => { for (let i = 0; i < 20000; i++) console.log('line', i); });";
    let project = Project::with_step(code);
    let mut child =
        project.command(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_report_that_cannot_be_written_fails_the_run() {
    let project = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step passes\n")
        .file("taken", "a file");
    project
        .run(&["--format", "message:taken/out.ndjson"])
        .fails()
        .complains("failed to open taken/out.ndjson");
    project.run(&["--format", "message:."]).fails().complains("failed to open .");
    if cfg!(target_os = "linux") {
        let run = project.run(&["--format", "message:/dev/full"]).fails();
        run.complains("failed to write the \"message\" report to /dev/full")
            .prints("1 scenario (1 passed)");
    }
}

#[test]
fn reports_are_written_into_directories_that_are_made() {
    let project = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step passes\n");
    project
        .run(&["--format", "summary:out/deep/summary.txt", "--format", "message:out/m.ndjson"])
        .passes()
        .prints(".");
    assert!(project.read("out/deep/summary.txt").contains("1 scenario (1 passed)"));
    assert!(project.read("out/m.ndjson").starts_with("{\"meta\":"));
}

#[test]
fn debug_shows_what_is_found_and_loaded() {
    let project = Project::with_feature("Feature: F\n  Scenario: it\n    Given a step passes\n")
        .file("cucumber.json", r#"{"list": ["--retry", "1"]}"#)
        .env("DEBUG", "other, cucumber");
    let run = project.run(&["-p", "list"]).passes();
    for text in [
        "Resolved environment: {\n  cwd: '/project',\n  env: {\n",
        "    DEBUG: 'other, cucumber',\n",
        "Configuration will be loaded from \"cucumber.json\"\nNo default profile defined in configuration file\n\
         Profile \"list\" configuration value is an array; parsing as argv\nResolved configuration: {\n",
        "  retry: 1,\n",
        "Working directory: /project\n",
        "Found source files based on configuration: [ '/project/features/a.feature' ]\n",
        "via `import` based on configuration: [ '/project/steps/steps.ts' ]\nAttempting to import code from \"/project/steps/steps.ts\"\n",
    ] {
        assert!(run.stderr().contains(text), "expected: {text}\n{}", run.stderr());
    }
    let run = run.prints("1 scenario (1 passed)");
    assert!(!run.stderr().contains('\u{1b}'), "no colours where there is no terminal");
    project.env("DEBUG", "express:*").run(&["-p", "list"]).passes().stays_quiet();
}
