//! Hooks: their order, what they are given, and that After hooks run whatever happened.

use crate::project::Project;

/// Prints what runs, in order.
const TRACE: &str = "
    import { After, AfterAll, AfterStep, Before, BeforeAll, BeforeStep, Given } from '@cucumber/cucumber';
    const tell = (what: string) => () => console.log(what);
    BeforeAll(tell('before all 1'));
    BeforeAll(tell('before all 2'));
    AfterAll(tell('after all 1'));
    AfterAll(tell('after all 2'));
    Before(tell('before 1'));
    Before(tell('before 2'));
    After(tell('after 1'));
    After(tell('after 2'));
    BeforeStep(tell('before step 1'));
    BeforeStep(tell('before step 2'));
    AfterStep(tell('after step 1'));
    AfterStep(tell('after step 2'));
    Given('a step', tell('step'));
";

#[test]
fn hooks_run_in_the_order_of_their_definition_and_after_hooks_in_reverse() {
    let project = Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: one\n    Given a step\n")
        .file("steps/a.ts", TRACE);
    let run = project.run(&["--format", "message:m.ndjson", "--format", "summary"]).passes();
    let printed = run.stdout();
    let trace: Vec<&str> =
        printed.lines().take_while(|line| !line.is_empty() && !line.contains("hook")).collect();
    assert_eq!(
        trace,
        [
            "before all 1",
            "before all 2",
            "before 1",
            "before 2",
            "before step 1",
            "before step 2",
            "step",
            "after step 2",
            "after step 1",
            "after 2",
            "after 1",
            "after all 2",
            "after all 1",
        ]
    );
}

#[test]
fn a_failing_before_hook_skips_the_steps_and_not_the_after_hooks() {
    let code = "
        Before(({ pickle }) => { if (pickle.name === 'it') throw new Error('no database'); });
        Before(() => {});
        After(() => {});
        When('it happens', () => {});
    ";
    Project::with_step(code).tell(&[]).fails().explains("it", "no database").steps(
        "it",
        &["Before: failed", "Before: skipped", "it happens: skipped", "After: passed"],
    );
}

#[test]
fn every_after_hook_runs_whatever_another_one_threw() {
    let code = "
        After(() => console.log('the last one ran'));
        After(() => { throw new Error('untidy'); });
        When('it happens', () => { throw new Error('broken'); });
    ";
    Project::with_step(code)
        .tell(&["--name", "it"])
        .fails()
        .prints("the last one ran")
        .steps("it", &["it happens: failed", "After: failed", "After: passed"]);
}

#[test]
fn a_hook_can_be_for_tags() {
    let feature = "
        Feature: F
          @a
          Scenario: a
            Given a step passes
          @a @b
          Scenario: ab
            Given a step passes
    ";
    let hooks = "
        import { After, Before } from '@cucumber/cucumber';
        Before('@a and not @b', ({ pickle }) => console.log('by text', pickle.name));
        After({ tags: '@b' }, ({ pickle }) => console.log('by option', pickle.name));
    ";
    let run = Project::with_feature(feature).file("steps/hooks.ts", hooks).run(&[]).passes();
    run.prints("by text a\n")
        .prints("by option ab\n")
        .does_not_print("by text ab")
        .does_not_print("by option a\n");
}

#[test]
fn a_hook_is_told_about_the_scenario_and_its_result() {
    let code = "
        When('it happens', () => { throw new Error('broken'); });
        Before(({ pickle, gherkinDocument }) => console.log(pickle.name, 'in', gherkinDocument.feature.name));
        AfterStep(({ pickleStep, result }) => console.log(pickleStep.text, result.status));
        After(({ result, error, willBeRetried }) => console.log(result.status, error?.message, willBeRetried));
    ";
    let run = Project::with_step(code).run(&[]).fails();
    run.prints("it in F\n")
        .prints("it happens FAILED\n")
        .prints("FAILED broken false\n")
        .prints("nothing happens PASSED\n")
        .prints("PASSED undefined false\n");
}

#[test]
fn a_hook_may_skip_the_scenario() {
    let code = "
        Before(() => 'skipped');
        When('it happens', () => { throw new Error('ran'); });
    ";
    Project::with_step(code).tell(&[]).passes().scenarios(&["it: skipped", "later: skipped"]);
}

#[test]
fn a_failing_before_all_hook_fails_the_run_without_scenarios() {
    let code = "
        BeforeAll(() => { throw new Error('no database'); });
        AfterAll(() => console.log('after all'));
        When('it happens', () => console.log('ran'));
    ";
    let run = Project::with_step(code).run(&[]).fails().prints("no database").prints("after all\n");
    run.does_not_print("ran\n").prints("0 scenarios");
}

#[test]
fn a_failing_after_all_hook_fails_the_run() {
    let code = "
        AfterAll(() => { throw new Error('left over'); });
        When('it happens', () => {});
    ";
    Project::with_step(code).run(&[]).fails().prints("2 scenarios (2 passed)").prints("left over");
}
