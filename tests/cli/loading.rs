//! Loading has a deadline: of step files, and of a configuration that is a script.

use crate::project::Project;

/// Stays in native code, which looks at its deadline once in minutes.
const STUCK: &str = "const text = 'a'.repeat(2e7); for (;;) text.indexOf('b');";

#[track_caller]
fn times_out(code: &str, arguments: &[&str]) {
    Project::with_step("")
        .file("steps/b.mjs", code)
        .run(&[&["--load-timeout", "300ms"], arguments].concat())
        .fails()
        .complains("failed to load steps/b.mjs: loading the step library took longer than 300ms")
        .complains("`loadTimeout` in [sandbox] of quickcuke.toml");
}

#[test]
fn a_step_file_that_does_not_end_is_named() {
    for arguments in [&[][..], &["--parallel", "2"]] {
        times_out("for (;;) {}", arguments);
        times_out("await new Promise((done) => setTimeout(done, 60_000));", arguments);
        times_out("for (;;) await null;", arguments);
        times_out(STUCK, arguments);
    }
}

#[test]
fn what_it_waits_for_is_named() {
    let run = Project::with_step("")
        .file("steps/b.mjs", "await new Promise((done) => setTimeout(done, 60_000));")
        .run(&["--load-timeout", "300ms"])
        .fails();
    run.complains("still pending: timer set at ").complains("steps/b.mjs:1:29\n");
}

#[test]
fn the_deadline_is_that_of_all_step_files() {
    let wait = "await new Promise((done) => setTimeout(done, 400));";
    let files = (0..5).fold(Project::with_step(""), |project, number| {
        project.file(&format!("steps/wait{number}.mjs"), wait)
    });
    files.run(&["--load-timeout", "1s"]).fails().complains("took longer than 1s");
    let toml = "
        [sandbox]
        loadTimeout = '60s'
        timeout = '100ms'
    ";
    let run = files.file("quickcuke.toml", toml).run(&["--dry-run"]);
    run.passes();
}

#[test]
fn a_promise_that_cannot_settle_is_told_at_once() {
    let run =
        Project::with_step("").file("steps/b.mjs", "await new Promise(() => {});").run(&[]).fails();
    run.complains("failed to load steps/b.mjs")
        .complains("waits for a promise that can never settle");
}

#[test]
fn a_configuration_that_does_not_end_is_an_error() {
    for code in ["for (;;) {}", "await new Promise((done) => setTimeout(done, 60_000));", STUCK] {
        Project::with_step("")
            .file("cucumber.mjs", &format!("{code}\nexport default {{}};"))
            .run(&["--load-timeout", "300ms"])
            .fails()
            .complains("cucumber.mjs")
            .complains("took longer than 300ms");
    }
}

#[test]
fn a_load_timeout_is_a_duration() {
    let run = Project::with_step("").run(&["--load-timeout", "5"]).fails();
    run.complains("--load-timeout: `5`");
    let run = Project::with_step("")
        .file("quickcuke.toml", "[sandbox]\nloadTimeout = 5")
        .run(&[])
        .fails();
    run.complains("quickcuke.toml:2").complains("sandbox.loadTimeout");
}
