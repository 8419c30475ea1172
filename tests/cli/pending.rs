//! What steps and hooks leave pending: it is waited for once the scenario is over, and reported where it does not end.

use serde_json::Value;

use crate::project::Project;

const ISOLATIONS: [&str; 3] = ["scenario", "attempt", "worker"];

/// Awaits for 20 ms, then throws.
const CHECK: &str = "async function check() { await new Promise((done) => setTimeout(done, 20)); throw new Error('late'); }";

fn forgotten() -> Project {
    Project::with_step(&format!("{CHECK}\nWhen('it happens', () => {{ check(); }});"))
}

#[test]
fn a_forgotten_await_fails_its_scenario_and_no_other() {
    for isolation in ISOLATIONS {
        forgotten()
            .tell(&["--isolation", isolation])
            .fails()
            .scenarios(&["it: failed", "later: passed"])
            .explains("it", "Error: late")
            .explains(
                "it",
                "This came after the scenario's last step or hook: nothing waited for the timer set at steps/a.ts:3:54. \
                 Is an `await` missing?",
            )
            .explains("it", "at check (")
            .stays_quiet();
    }
}

#[test]
fn all_reports_agree_on_a_late_failure() {
    let project = forgotten();
    let formats = ["json:r.json", "junit:r.xml", "rerun:r.txt", "message:r.ndjson", "pretty:r.log"];
    let formats: Vec<&str> = formats.iter().flat_map(|format| ["--format", format]).collect();
    project
        .run(&formats)
        .fails()
        .prints("2 scenarios (1 failed, 1 passed)".split(' ').next().unwrap());
    let json: Value = serde_json::from_str(&project.read("r.json")).unwrap();
    let result = &json[0]["elements"][0]["steps"][0]["result"];
    assert_eq!(result["status"], "failed");
    assert!(result["error_message"].as_str().unwrap().contains("Error: late"));
    assert_eq!(json[0]["elements"][1]["steps"][0]["result"]["status"], "passed");
    assert!(project.read("r.xml").contains("failures=\"1\""), "{}", project.read("r.xml"));
    assert!(project.read("r.txt").contains("features/a.feature:2"), "{}", project.read("r.txt"));
    assert!(project.read("r.log").contains("✘ When it happens"), "{}", project.read("r.log"));
    // One result for each step, and before the end of its test case.
    let messages = project.read("r.ndjson");
    assert_eq!(messages.matches("\"testStepFinished\"").count(), 2, "{messages}");
    let order: Vec<usize> = ["\"FAILED\"", "\"testCaseFinished\""]
        .iter()
        .map(|text| messages.find(text).unwrap())
        .collect();
    assert!(order.is_sorted(), "{messages}");
}

#[test]
fn a_late_failure_is_retried() {
    let code = format!(
        "{CHECK}
        import {{ vars }} from 'quickcuke';
        When('it happens', () => {{ if (!vars.has('again')) check(); vars.set('again', true); }});"
    );
    for isolation in ISOLATIONS {
        let run = Project::with_step(&code).tell(&["--retry", "1", "--isolation", isolation]);
        let run = run.passes().scenarios(&["it: failed", "it: passed", "later: passed"]);
        let retried: Vec<bool> = run
            .messages()
            .all("testCaseFinished")
            .map(|finished| finished["willBeRetried"].as_bool().unwrap())
            .collect();
        assert_eq!(retried, [true, false, false], "{isolation}");
    }
}

#[test]
fn every_worker_waits() {
    let feature = "
        Feature: F
          Scenario Outline: one
            When it happens
            Examples:
              | n |
              | 1 |
              | 2 |
              | 3 |
              | 4 |
    ";
    let project = forgotten().file("features/a.feature", feature);
    let run = project.tell(&["--parallel", "2"]).fails();
    run.scenarios(&["one: failed", "one: failed", "one: failed", "one: failed"]);
}

#[test]
fn whatever_was_started_is_waited_for() {
    for (code, what) in [
        ("setTimeout(() => { throw new Error('late'); }, 20);", "timer set at steps/a.ts:3:"),
        (
            "setImmediate(() => setImmediate(() => { throw new Error('late'); }));",
            "immediate set at steps/a.ts:3:",
        ),
        (
            "import('node:timers/promises').then((timers) => timers.setTimeout(5)).then(() => { throw new Error('late'); });",
            "timer set at steps/a.ts:3:",
        ),
        (
            "commands.run('slow').then(() => { throw new Error('late'); });",
            "command started at steps/a.ts:3:",
        ),
        (
            "this.session('other').run(() => { throw new Error('late'); });",
            "call of session.run started at steps/a.ts:3:",
        ),
        (
            "this.session('other').commands.run('slow').then(() => { throw new Error('late'); });",
            "command started at ",
        ),
        (
            "fetch('http://localhost:1/').catch(() => { throw new Error('late'); });",
            "request started at steps/a.ts:3:",
        ),
        (
            "fetch('http://localhost:1/', { method: 'POST', body: 'x' }).catch(() => { throw new Error('late'); });",
            "request started at steps/a.ts:3:",
        ),
        (
            "require('node:http').get('http://localhost:1/').on('error', () => { throw new Error('late'); });",
            "request started at steps/a.ts:3:",
        ),
        (
            "require('node:net').connect(1, 'localhost').on('error', () => { throw new Error('late'); });",
            "connection started at steps/a.ts:3:",
        ),
        (
            "require('node:child_process').exec('sleep 0.1', () => { throw new Error('late'); });",
            "immediate set at steps/a.ts:3:",
        ),
        (
            "require('node:fs').readFile('features/a.feature', () => { throw new Error('late'); });",
            "immediate set at steps/a.ts:3:",
        ),
        (
            "(async () => { for await (const _ of (async function* () { await new Promise((r) => setTimeout(r, 5)); yield 1; })()) throw new Error('late'); })();",
            "timer set at steps/a.ts:3:",
        ),
    ] {
        let toml = "
            [sandbox]
            trust = true
            [commands]
            slow = { run = ['sleep', '0.1'] }
        ";
        let steps = format!(
            "import {{ commands }} from 'quickcuke';\nWhen('it happens', function () {{ {code} }});"
        );
        Project::with_step(&steps)
            .file("quickcuke.toml", toml)
            .tell(&[])
            .fails()
            .scenarios(&["it: failed", "later: passed"])
            .explains("it", "Error: late")
            .explains("it", &format!("nothing waited for the {what}").replace("a.ts:3", "a.ts:4"));
    }
}

#[test]
fn what_a_step_leaves_settles_in_later_steps() {
    let feature = "
        Feature: F
          Scenario: it
            When it happens
            And it takes a while
            And nothing happens
    ";
    let code = format!(
        "{CHECK}
        When('it happens', () => {{ check(); }});
        When('it takes a while', () => new Promise((done) => setTimeout(done, 200)));"
    );
    let run = Project::with_step(&code).file("features/a.feature", feature).tell(&[]).fails();
    let steps = ["it happens: passed", "it takes a while: failed", "nothing happens: skipped"];
    run.steps("it", &steps).explains("it", "late");
}

#[test]
fn a_late_failure_names_the_line_of_the_step_that_started_it() {
    let feature = "
        Feature: F
          Scenario: it
            When it happens
            And nothing happens
    ";
    let run = forgotten().file("features/a.feature", feature).tell(&[]).fails();
    run.steps("it", &["it happens: passed", "nothing happens: failed"])
        .prints("at features/a.feature:3")
        .does_not_print("at features/a.feature:4");
}

#[test]
fn several_failures_are_all_shown_up_to_a_number() {
    let code = "
        When('it happens', () => {
          for (let n = 1; n <= 8; n++) setTimeout(() => { throw new Error(`number ${n}!`); }, n * 5);
        });
    ";
    let run = Project::with_step(code).tell(&[]).fails();
    let run = run.prints("number 1!").prints("number 5!").does_not_print("number 6!");
    run.prints("3 more errors came after the scenario's last step or hook");
    let code = "
        When('it happens', () => { setTimeout(() => { throw new Error('second'); }, 5); throw new Error('first'); });
    ";
    let run = Project::with_step(code).tell(&[]).fails();
    run.explains("it", "first").explains("it", "second");
}

#[test]
fn late_attachments_and_output_are_there() {
    let code = "
        When('it happens', function () {
          setTimeout(() => { this.log('late log'); console.log('late output'); }, 20);
        });
    ";
    let run = Project::with_step(code).tell(&["--format", "pretty"]).passes();
    let run = run.prints("late log").prints("late output").stays_quiet();
    let messages = run.messages();
    let (attachment, finished) =
        (messages.all("attachment").next(), messages.all("testStepFinished").next());
    let (attachment, finished) = (attachment.unwrap(), finished.unwrap());
    assert_eq!(attachment["testStepId"], finished["testStepId"]);
}

#[test]
fn what_does_not_end_is_cancelled_and_reported() {
    let code = "
        When('it happens', () => {
          for (let n = 0; n < 2; n++) setTimeout(() => console.log('never'), 60_000);
          setInterval(() => {}, 1);
          setTimeout(() => console.log('never'), 60_000).unref();
          require('node:net').createServer().listen(0);
        });
    ";
    for isolation in ISOLATIONS {
        Project::with_step(code)
            .tell(&["--timeout", "300ms", "--isolation", isolation, "--allow-net"])
            .passes()
            .does_not_print("never")
            .complains("2 timers still pending, set at steps/a.ts:4:31\n")
            .complains("so it was cancelled");
    }
}

#[test]
fn what_counts_not_is_not_waited_for() {
    let code = "
        import { spawn } from 'node:child_process';
        import net from 'node:net';
        When('it happens', () => new Promise((connected) => {
          setInterval(() => {}, 10);
          setTimeout(() => {}, 60_000).unref();
          spawn('sleep', ['60']).unref();
          const server = net.createServer().listen(0, 'localhost', () => {
            net.connect(server.address().port, 'localhost', connected);
          });
        }));
    ";
    let started = std::time::Instant::now();
    Project::with_step(code).tell(&["--timeout", "30s", "--trust"]).passes().stays_quiet();
    assert!(started.elapsed().as_secs() < 20, "it waited for what does not count");
}

#[test]
fn with_force_exit_nothing_is_waited_for() {
    let code =
        "When('it happens', () => { setTimeout(() => { throw new Error('late'); }, 60_000); });";
    for flag in ["--force-exit", "--exit"] {
        Project::with_step(code)
            .tell(&[flag, "--timeout", "60s"])
            .passes()
            .complains("which --force-exit does not wait for")
            .complains("1 timer still pending, set at steps/a.ts:3:28");
    }
}

#[test]
fn what_a_step_waited_for_in_vain_is_not_waited_for_again() {
    let code = "
        When('it happens', async () => { for (;;) await new Promise((done) => setTimeout(done, 10)); });
        After(() => new Promise((done) => setTimeout(done, 50)));
    ";
    let run = Project::with_step(code).tell(&["--timeout", "100ms"]).fails().stays_quiet();
    run.explains("it", "function timed out, ensure the promise resolves within 100 milliseconds")
        .explains("it", "still pending: timer set at steps/a.ts:3:71");
}

#[test]
fn the_message_of_a_timeout_itself_stays_as_in_cucumber() {
    let code = "
        When('it happens', () => new Promise((done) => setTimeout(done, 60_000)));
        After(({ result }) => console.log('message:', JSON.stringify(result.exception.message)));
    ";
    let message = "function timed out, ensure the promise resolves within 100 milliseconds";
    let run = Project::with_step(code).run(&["--timeout", "100ms", "--name", "it"]).fails();
    run.prints(&format!("message: \"{message}\"\n"));
}

#[test]
fn late_code_that_spins_is_stopped_or_given_up() {
    for spin in ["for (;;) {}", "const text = 'a'.repeat(2e7); for (;;) text.indexOf('b');"] {
        let code = format!(
            "AfterAll(() => console.log('after all'));
            When('it happens', () => {{ setTimeout(() => {{ {spin} }}, 10); }});"
        );
        Project::with_step(&code)
            .tell(&["--timeout", "100ms"])
            .fails()
            .prints("after all\n")
            .scenarios(&["it: failed", "later: passed"])
            .explains("it", "what was still pending after the scenario's last step or hook ran for longer than 100");
    }
}

#[test]
fn run_hooks_are_waited_for() {
    for hook in ["BeforeAll", "AfterAll"] {
        let code = format!(
            "{hook}(function () {{
              setTimeout(() => {{ this.log('late log'); throw new Error('late'); }}, 20);
            }});
            When('it happens', () => {{}});"
        );
        let run = Project::with_step(&code).tell(&["--format", "pretty"]).fails();
        let run =
            run.prints("late log").prints("Error: late").prints("the timer set at steps/a.ts:4:");
        let finished = run.messages();
        let finished = finished.all("testRunHookFinished").next().unwrap();
        assert_eq!(finished["result"]["status"], "FAILED", "{hook}");
        let code = format!(
            "{hook}(() => {{ setTimeout(() => {{}}, 60_000); }});\nWhen('it happens', () => {{}});"
        );
        let run = Project::with_step(&code).tell(&["--timeout", "200ms"]).passes();
        let by =
            if hook == "BeforeAll" { ", before the first scenario\n" } else { ", by AfterAll\n" };
        run.complains(&format!(
            "1 timer still pending, set at steps/a.ts:3:{}{by}",
            hook.len() + 10
        ));
    }
}

#[test]
fn what_before_all_leaves_is_in_the_snapshot_once_it_has_ended() {
    let code = "
        let ready = false;
        BeforeAll(() => { setTimeout(() => { ready = true; }, 50); });
        When('it happens', () => { if (!ready) throw new Error('not ready'); });
    ";
    for workers in ["0", "2"] {
        Project::with_step(code).tell(&["--parallel", workers]).passes().stays_quiet();
    }
}

#[test]
fn what_step_files_start_is_waited_for() {
    let code = "setTimeout(() => { throw new Error('late'); }, 20);\nWhen('it happens', () => {});";
    let run = Project::with_step(code).run(&[]).fails();
    run.complains("failed to load the step library: Error: late").complains("steps/a.ts:3:1");
    let code = "setTimeout(() => {}, 60_000);\nWhen('it happens', () => {});";
    let run = Project::with_step(code).run(&["--timeout", "100ms"]).passes();
    run.complains("1 timer still pending, set at steps/a.ts:3:1, before the first scenario");
    Project::with_step(code).run(&["--dry-run"]).passes().stays_quiet();
}

#[test]
fn an_error_that_loads_process_first_counts_as_any_other() {
    // `process` is made when it is first asked for, here in the midst of the wait.
    let code = "
        When('it happens', () => { setTimeout(() => { process.nextTick(() => { throw new Error('late'); }); }, 5); });
    ";
    let run = Project::with_step(code).tell(&[]).fails();
    run.explains("it", "nothing waited for the timer set at steps/a.ts:3:");
}

#[test]
fn a_scenario_that_leaves_thousands_of_timers_is_cut_short() {
    let code = "
        When('it happens', () => { for (let n = 0; n < 3_000; n++) setTimeout(() => {}, 60_000); });
    ";
    let run = Project::with_step(code).run(&["--timeout", "1s"]).passes();
    run.complains("1000 timers still pending, set at steps/a.ts:3:")
        .complains("2000 timers still pending\n");
}
