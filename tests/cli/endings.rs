//! The odd ways in which a step can end: each is told on the step, and the next scenario runs.

use crate::project::Project;

/// The step "it happens" of this code fails with this explanation, and the later scenario passes.
#[track_caller]
fn fails_with(code: &str, explanation: &str) {
    Project::with_step(code)
        .tell(&[])
        .fails()
        .stays_quiet()
        .explains("it", explanation)
        .scenarios(&["it: failed", "later: passed"]);
}

#[test]
fn an_error_is_shown_with_the_authors_line() {
    fails_with(
        "
        interface Order { price: number }
        function check(order: Order): void {
          throw new RangeError(`no price: ${order.price}`);
        }
        When('it happens', () => {
          check({ price: 1 });
        });
        ",
        "RangeError: no price: 1\n    at check (/project/steps/a.ts:5:",
    );
}

#[test]
fn what_is_thrown_need_not_be_an_error() {
    fails_with("When('it happens', () => { throw 'a text'; });", "Error: a text");
    fails_with("When('it happens', () => { throw 42; });", "Error: 42");
    fails_with("When('it happens', () => { throw { code: 7 }; });", "Error: { code: 7 }");
    fails_with("When('it happens', () => { throw undefined; });", "Error: undefined");
    fails_with("When('it happens', () => { throw null; });", "Error: null");
}

#[test]
fn an_error_is_shown_with_its_causes() {
    fails_with(
        "When('it happens', () => { throw new Error('outside', { cause: new TypeError('inside') }); });",
        "Caused by: TypeError: inside",
    );
}

#[test]
fn an_aggregate_is_shown_with_its_errors() {
    let step = "When('it happens', () => Promise.any([Promise.reject(new TypeError('one')), Promise.reject('two')]));";
    fails_with(step, "AggregateError: All promises were rejected");
    fails_with(step, "One of its errors: TypeError: one");
    fails_with(step, "One of its errors: two");
}

#[test]
fn a_failed_assertion_is_shown_with_the_difference() {
    fails_with(
        "import assert from 'node:assert/strict';\nWhen('it happens', () => assert.deepEqual({ a: 1 }, { a: 2 }));",
        "+ expected - actual",
    );
}

#[test]
fn a_promise_may_be_rejected_without_a_reason() {
    fails_with("When('it happens', () => Promise.reject());", "Promise rejected without a reason");
    fails_with("When('it happens', () => Promise.reject({ x: 1 }));", "Error: { x: 1 }");
}

#[test]
fn a_callback_may_bring_an_error() {
    fails_with(
        "When('it happens', (done) => { setTimeout(() => done(new Error('called back')), 1); });",
        "Error: called back",
    );
}

#[test]
fn callback_and_promise_exclude_each_other() {
    fails_with(
        "When('it happens', async (done) => { done(); });",
        "function uses multiple asynchronous interfaces: callback and promise",
    );
}

#[test]
fn a_function_must_take_as_many_arguments_as_the_step_has() {
    fails_with(
        "When('it happens', (a, b) => {});",
        "function has 2 arguments, should have 0 (if synchronous or returning a promise) or 1 (if accepting a callback)",
    );
}

#[test]
fn process_exit_fails_the_step() {
    fails_with(
        "When('it happens', () => process.exit(0));",
        "process.exit(0) was called in a step",
    );
}

#[test]
fn process_exit_cannot_be_caught() {
    fails_with(
        "When('it happens', () => { try { process.exit(0); } catch {} });",
        "process.exit(0) was called in a step",
    );
}

#[test]
fn an_exception_in_a_timer_fails_the_step_that_runs() {
    fails_with(
        "When('it happens', async () => {
          setTimeout(() => { throw new Error('in a timer'); }, 1);
          await new Promise((resolve) => setTimeout(resolve, 1000));
        });",
        "Error: in a timer",
    );
}

#[test]
fn a_rejection_that_nobody_handles_fails_the_step_that_runs() {
    fails_with(
        "When('it happens', async () => {
          Promise.reject(new Error('unhandled'));
          await new Promise((resolve) => setTimeout(resolve, 1000));
        });",
        "Error: unhandled",
    );
}

#[test]
fn a_rejection_that_is_handled_later_is_none() {
    let code = "
        When('it happens', async () => {
          const rejected = Promise.reject(new Error('handled'));
          rejected.catch(() => {});
          await null;
        });
    ";
    Project::with_step(code).tell(&[]).passes().scenarios(&["it: passed", "later: passed"]);
}

#[test]
fn endless_recursion_fails_the_step() {
    fails_with(
        "When('it happens', () => { const f = () => f() + 1; f(); });",
        "RangeError: Maximum call stack size exceeded",
    );
}

#[test]
fn a_scenario_that_needs_too_much_memory_fails_alone() {
    let code = "When('it happens', () => { const all = []; for (;;) all.push(new Array(1000).fill(1)); });";
    Project::with_step(code)
        .tell(&["--memory", "32MiB"])
        .fails()
        .explains("it", "out of memory")
        .scenarios(&["it: failed", "later: passed"]);
}

#[test]
fn a_stack_trace_ends_with_the_line_of_the_feature() {
    let feature = "
        Feature: F
          Background:
            Given a step passes
          Scenario Outline: outline
            Given a step <does>
            Examples:
              | does  |
              | fails |
          Scenario: hook
            Given a step passes
          Rule: R
            Background:
              Given a step fails
            Scenario: in a rule
              Given a step passes
    ";
    let hook = "
        import { After } from 'quickcuke';
        After(({ pickle }) => { if (pickle.name === 'hook') throw new Error('in a hook'); });
    ";
    let run = Project::with_feature(feature).file("steps/hook.ts", hook).tell(&[]).fails();
    let messages = run.messages();
    let thrown = messages
        .all("testStepFinished")
        .filter_map(|finished| finished["testStepResult"]["exception"]["stackTrace"].as_str());
    let ends: Vec<&str> = thrown.filter_map(|trace| trace.lines().last()).collect();
    let at = |line| format!("    at features/a.feature:{line}");
    assert_eq!(ends, [at(5), at(9), at(13)]);
}
