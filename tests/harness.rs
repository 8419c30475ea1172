//! Suites under `quickcuke::harness`: this program runs itself as the test of small projects.

use std::path::Path;
use std::process::{Command, ExitCode, Output};

/// Set: this process is the test of the project in its working directory.
const IS_SUITE: &str = "QUICKCUKE_TEST_IS_SUITE";

const FEATURE: &str = "Feature: F\n  Scenario: it\n    Given a step\n";
const STEPS: &str =
    "import { Given } from 'quickcuke';\nGiven('a step', () => { process.env.TOKEN; });\n";

type Test = (&'static str, fn());

const TESTS: [Test; 5] = [
    ("a_suite_passes", a_suite_passes),
    ("a_suite_without_features_is_an_error", a_suite_without_features_is_an_error),
    ("paths_to_nowhere_are_an_error", paths_to_nowhere_are_an_error),
    (
        "a_filter_that_leaves_none_is_libtests_business",
        a_filter_that_leaves_none_is_libtests_business,
    ),
    ("refusals_are_told", refusals_are_told),
];

fn main() -> ExitCode {
    if std::env::var_os(IS_SUITE).is_some() {
        return quickcuke::harness::main();
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        // None is ignored.
        if !arguments.iter().any(|argument| argument == "--ignored") {
            TESTS.iter().for_each(|(name, _)| println!("{name}: test"));
        }
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|one| !one.starts_with('-')).collect();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(*part));
    for (name, test) in TESTS.into_iter().filter(|(name, _)| is_wanted(name)) {
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

/// Runs a project of these files as a test.
fn suite(files: &[(&str, &str)], arguments: &[&str]) -> Output {
    let project = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = project.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .current_dir(project.path())
        .env(IS_SUITE, "1")
        .env("TOKEN", "secret")
        .output()
        .unwrap()
}

#[track_caller]
fn ends(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    assert!(out.contains(stdout), "{out}\n{err}");
    assert!(err.contains(stderr), "{out}\n{err}");
}

fn a_suite_passes() {
    let output = suite(&[("features/a.feature", FEATURE), ("steps/a.ts", STEPS)], &[]);
    ends(&output, 0, "test result: ok. 1 passed", "");
}

fn a_suite_without_features_is_an_error() {
    for arguments in [&[][..], &["--list"], &["it"]] {
        let output = suite(&[("steps/a.ts", STEPS)], arguments);
        ends(
            &output,
            101,
            "",
            "error: no scenario was selected, so nothing was run: there is no feature file in ",
        );
    }
    let output = suite(&[("specs/a.feature", FEATURE)], &[]);
    ends(&output, 101, "", "there are some in `specs`");
}

fn paths_to_nowhere_are_an_error() {
    let files = [
        ("features/a.feature", FEATURE),
        ("quickcuke.toml", "[default]\npaths = [\"feature/*.feature\"]\n"),
    ];
    ends(
        &suite(&files, &[]),
        101,
        "",
        "`feature/*.feature` matches no feature file (did you mean `features`?)",
    );
}

fn a_filter_that_leaves_none_is_libtests_business() {
    let files = [("features/a.feature", FEATURE), ("steps/a.ts", STEPS)];
    let output = suite(&files, &["another"]);
    ends(&output, 0, "0 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out", "");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let tagged = [files[0], files[1], ("quickcuke.toml", "[default]\ntags = \"@nope\"\n")];
    let told = "warning: no scenario was selected, so nothing was run: of 1 scenario the tags `@nope` left none";
    ends(&suite(&tagged, &[]), 0, "0 passed", told);
}

fn refusals_are_told() {
    let failing = "Feature: F\n  Scenario: it\n    Given a step\n    Given another\n";
    let output = suite(&[("features/a.feature", failing), ("steps/a.ts", STEPS)], &[]);
    ends(
        &output,
        101,
        "FAILED",
        "warning: the sandbox refused this:\n  variable TOKEN  at steps/a.ts:2\n",
    );
    let output = suite(&[("features/a.feature", FEATURE), ("steps/a.ts", STEPS)], &[]);
    ends(&output, 0, "ok", "although the run passed: variable TOKEN (steps/a.ts:2)");
}
