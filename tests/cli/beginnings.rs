//! What every scenario starts from: what loading and BeforeAll left, on the disk too.

use crate::project::Project;

const TWO: &str =
    "Feature: F\n  Scenario: one\n    Given a step\n  Scenario: two\n    Given a step\n";

#[test]
fn what_before_all_left_on_the_disk_is_there_for_every_scenario_and_nothing_else_is() {
    Project::new()
        .file("features/a.feature", TWO)
        .file(
            "steps/a.ts",
            "import { AfterAll, BeforeAll, Given } from '@cucumber/cucumber';
             import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
             import { tmpdir } from 'node:os';
             let shared: string;
             BeforeAll(() => { shared = mkdtempSync(`${tmpdir()}/shared-`); });
             Given('a step', () => {
               if (!existsSync(shared) || readdirSync(tmpdir()).length !== 1) throw new Error('not pristine');
               writeFileSync(`${tmpdir()}/mine`, '');
             });
             AfterAll(() => { if (!existsSync(shared)) throw new Error('gone'); });",
        )
        .run(&[])
        .passes();
}

#[test]
fn timers_of_before_all_end_with_it_for_the_first_scenario_as_for_all() {
    Project::new()
        .file("features/a.feature", TWO)
        .file(
            "steps/a.ts",
            "import { BeforeAll, Given } from '@cucumber/cucumber';
             let ticks = 0;
             BeforeAll(() => { setInterval(() => ticks++, 1); });
             Given('a step', async () => {
               const before = ticks;
               await new Promise((resolve) => setTimeout(resolve, 20));
               if (ticks !== before) throw new Error('it ticks');
             });",
        )
        .run(&[])
        .passes();
}

#[test]
fn with_isolation_worker_after_all_sees_what_the_scenarios_left() {
    let project = Project::new().file("features/a.feature", TWO).file(
        "steps/a.ts",
        "import { AfterAll, Given } from '@cucumber/cucumber';
         let count = 0;
         Given('a step', () => { count++; });
         AfterAll(() => console.log(`counted ${count}`));",
    );
    project.run(&["--isolation", "worker"]).passes().prints("counted 2");
    project.run(&[]).passes().prints("counted 0");
}

#[test]
fn workers_that_define_different_steps_are_refused() {
    Project::new()
        .file("features/a.feature", TWO)
        .file(
            "steps/a.ts",
            "import { Given } from '@cucumber/cucumber';
             if (process.env.CUCUMBER_WORKER_ID === '0') Given('another step', () => {});
             Given('a step', () => {});",
        )
        .run(&["--parallel", "2"])
        .fails()
        .complains("in one worker than in another");
}

#[test]
fn a_step_whose_transformer_fails_without_a_reason_fails() {
    Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: one\n    Given a red step\n")
        .file(
            "steps/a.ts",
            "import { Given, defineParameterType } from '@cucumber/cucumber';
             defineParameterType({ name: 'color', regexp: /red/, transformer: () => Promise.reject() });
             Given('a {color} step', () => {});",
        )
        .run(&[])
        .fails()
        .prints("without a reason");
}

#[test]
fn an_after_hook_is_told_of_the_steps_error_whatever_another_hook_did() {
    Project::new()
        .file("features/a.feature", "Feature: F\n  Scenario: one\n    Given a step\n")
        .file(
            "steps/a.ts",
            "import { After, Given } from '@cucumber/cucumber';
             Given('a step', () => { throw new Error('of the step'); });
             After(({ error }) => console.log(`told: ${error.message}`));
             After({ timeout: 50 }, () => { for (;;) {} });",
        )
        .run(&[])
        .fails()
        .prints("told: of the step");
}
