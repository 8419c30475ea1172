//! Deadlines: whatever a step or hook does, it ends, and the scenarios after it run.

use crate::project::Project;

/// The step or hook of this code runs out of time, and the later scenario passes.
#[track_caller]
fn times_out(code: &str, explanation: &str) {
    Project::with_step(code)
        .tell(&["--timeout", "100ms"])
        .fails()
        .explains("it", explanation)
        .scenarios(&["it: failed", "later: passed"]);
}

#[test]
fn a_spinning_step_ends() {
    times_out("When('it happens', () => { for (;;) {} });", "function timed out");
}

#[test]
fn a_step_that_spins_in_microtasks_ends() {
    times_out("When('it happens', async () => { for (;;) await null; });", "function timed out");
}

#[test]
fn a_step_that_allocates_in_native_code_ends() {
    times_out(
        "When('it happens', () => { for (;;) [].concat(Array(1e6).fill(0)); });",
        "function timed out",
    );
}

#[test]
fn a_step_that_stays_in_native_code_is_given_up() {
    times_out(
        "When('it happens', () => { const text = 'a'.repeat(2e7); for (;;) text.indexOf('b'); });",
        "function timed out",
    );
}

#[test]
fn a_spinning_getter_of_what_was_thrown_ends() {
    times_out(
        "When('it happens', () => { throw new (class extends Error { get message() { for (;;) {} } })(); });",
        "function timed out",
    );
}

#[test]
fn a_promise_that_never_settles_times_out() {
    times_out(
        "When('it happens', () => new Promise(() => {}));",
        "function timed out, ensure the promise resolves within 100 milliseconds",
    );
}

#[test]
fn a_callback_that_never_comes_times_out() {
    times_out(
        "When('it happens', (done) => {});",
        "function timed out, ensure the callback is executed within 100 milliseconds",
    );
}

#[test]
fn a_step_may_set_its_own_deadline() {
    times_out(
        "When('it happens', { timeout: 50 }, () => new Promise(() => {}));",
        "within 50 milliseconds",
    );
    times_out(
        "setDefaultTimeout(60); When('it happens', () => new Promise(() => {}));",
        "within 60 milliseconds",
    );
}

#[test]
fn a_hook_has_a_deadline_too() {
    let spin = "function () { if (++calls === 1) for (;;) {} }";
    for hook in ["Before", "After", "BeforeStep", "AfterStep"] {
        // Only the first scenario spins: it sees its name.
        let code = format!(
            "{hook}(function ({{ pickle }}) {{ if (pickle.name === 'it') for (;;) {{}} }});\nWhen('it happens', () => {{}});"
        );
        times_out(&code, "function timed out");
    }
    for hook in ["BeforeAll", "AfterAll"] {
        let code = format!("let calls = 0;\n{hook}({spin});\nWhen('it happens', () => {{}});");
        let run = Project::with_step(&code).run(&["--timeout", "100ms"]).fails();
        run.prints(hook).prints("function timed out");
    }
}

#[test]
fn after_hooks_run_in_a_scenario_that_timed_out() {
    let code = "
        After(() => console.log('tidied up'));
        When('it happens', () => { for (;;) {} });
    ";
    Project::with_step(code)
        .tell(&["--timeout", "100ms"])
        .fails()
        .prints("tidied up\n")
        .steps("it", &["it happens: failed", "After: passed"]);
}

#[test]
fn what_a_broken_scenario_kept_in_vars_is_still_there() {
    let code = "
        import { vars } from 'quickcuke';
        When('it happens', () => { vars.set('order', 17); for (;;) {} });
        After(() => console.log('order', vars.get('order')));
    ";
    Project::with_step(code)
        .run(&["--timeout", "100ms"])
        .fails()
        .prints("order 17\n")
        .prints("order undefined\n");
}

#[test]
fn many_timeouts_in_a_row_do_no_harm() {
    let feature = "
        Feature: F
          Scenario Outline: <n>
            When it spins
            Examples:
              | n |
              | 1 |
              | 2 |
              | 3 |
              | 4 |
          Scenario: last
            When it does not
    ";
    let steps = "
        import { When } from '@cucumber/cucumber';
        let state = 'new';
        When('it spins', { timeout: 30 }, () => { state = 'old'; for (;;) {} });
        When('it does not', () => { if (state !== 'new') throw new Error(state); });
    ";
    let project = Project::new().file("features/a.feature", feature).file("steps/a.ts", steps);
    let expected = ["1: failed", "2: failed", "3: failed", "4: failed", "last: passed"];
    project.tell(&[]).fails().scenarios(&expected);
    project.run(&["--parallel", "3"]).fails().prints("5 scenarios (1 passed, 4 failed)");
}
