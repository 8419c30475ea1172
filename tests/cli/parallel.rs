//! Several workers.

use crate::project::Project;

fn project() -> Project {
    let feature = "
        Feature: F
          Scenario Outline: <n>
            When it waits
            Examples:
              | n |
              | 1 |
              | 2 |
              | 3 |
              | 4 |
              | 5 |
              | 6 |
    ";
    let steps = "
        import { AfterAll, BeforeAll, When } from '@cucumber/cucumber';
        BeforeAll(() => console.log('before all'));
        AfterAll(() => console.log('after all'));
        let running = 0;
        When('it waits', async () => {
          if (++running > 1) throw new Error('two scenarios in one VM');
          await new Promise((resolve) => setTimeout(resolve, 20));
        });
    ";
    Project::new().file("features/a.feature", feature).file("steps/a.ts", steps)
}

#[test]
fn every_scenario_runs_once_on_one_of_the_workers() {
    let run = project().tell(&["--parallel", "3"]).passes().prints("6 scenarios (6 passed)");
    let messages = run.messages();
    let mut scenarios = messages.scenarios();
    scenarios.sort();
    assert_eq!(
        scenarios,
        ["1: passed", "2: passed", "3: passed", "4: passed", "5: passed", "6: passed"]
    );
}

#[test]
fn scenarios_run_at_the_same_time() {
    let feature = "
        Feature: F
          Scenario: one
            When \"one\" meets \"two\"
          Scenario: two
            When \"two\" meets \"one\"
    ";
    let steps = "
        import { existsSync, writeFileSync } from 'node:fs';
        import { When } from '@cucumber/cucumber';
        When('{string} meets {string}', { timeout: 60_000 }, async (me: string, other: string) => {
          writeFileSync(me, '');
          while (!existsSync(other)) await new Promise((resolve) => setTimeout(resolve, 5));
        });
    ";
    let project = Project::new().file("features/a.feature", feature).file("steps/a.ts", steps);
    let run = project.tell(&["--parallel", "2", "--allow-write=."]).passes();
    let messages = run.messages();
    let mut workers: Vec<_> =
        messages.all("testCaseStarted").map(|started| &started["workerId"]).collect();
    workers.sort_by_key(|worker| worker.to_string());
    assert_eq!(workers, ["0", "1"]);
}

#[test]
fn run_hooks_run_on_every_worker() {
    let run = project().run(&["--parallel", "3"]).passes();
    assert_eq!(run.stdout().matches("before all").count(), 3);
    assert_eq!(run.stdout().matches("after all").count(), 3);
}

#[test]
fn a_step_library_that_does_not_load_is_told_once() {
    let project = project().file("steps/b.ts", "throw new Error('not ready');");
    let run = project.run(&["--parallel", "3"]).fails().complains("not ready");
    assert_eq!(run.stderr().matches("not ready").count(), 1);
}

#[test]
fn fail_fast_stops_all_workers() {
    let feature = "
        Feature: F
          Scenario Outline: <n>
            Given a step <does>
            Examples:
              | n | does  |
              | 1 | fails |
              | 2 | fails |
              | 3 | fails |
              | 4 | fails |
              | 5 | fails |
              | 6 | fails |
    ";
    let run = Project::with_feature(feature).tell(&["--parallel", "2", "--fail-fast"]).fails();
    let failed =
        run.messages().scenarios().iter().filter(|scenario| scenario.ends_with("failed")).count();
    assert!((1..=2).contains(&failed), "{failed} scenarios failed");
}
