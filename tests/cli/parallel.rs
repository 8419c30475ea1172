//! Several workers.

use serde_json::Value;

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

/// Fails where two scenarios are in it at once.
const EXCLUSIVE_WORK: &str = "
    import { closeSync, openSync, unlinkSync } from 'node:fs';
    import { AfterAll, BeforeAll, Given, HookTarget, parallelCanAssignHelpers, setParallelCanAssign } from '@cucumber/cucumber';
    Given('exclusive work', { timeout: 60_000 }, async () => {
      closeSync(openSync('lock', 'wx'));
      await new Promise((resolve) => setTimeout(resolve, 5));
      unlinkSync('lock');
    });
    Given('other work', () => {});
";

fn exclusive(code: &str) -> Project {
    let feature = "
        Feature: F
          @db
          Scenario: 1
            Given exclusive work
          @db
          Scenario: 2
            Given exclusive work
          Scenario: 3
            Given other work
          @db
          Scenario: 4
            Given exclusive work
    ";
    let steps = format!("{EXCLUSIVE_WORK}{code}");
    Project::new().file("features/a.feature", feature).file("steps/a.ts", &steps)
}

#[test]
fn scenarios_that_exclude_each_other_run_one_after_the_other() {
    let code = "setParallelCanAssign(parallelCanAssignHelpers.atMostOnePicklePerTag(['@db']));";
    let run = exclusive(code).tell(&["--parallel", "3", "--allow-write=."]).passes();
    let messages = run.messages();
    let mut scenarios = messages.scenarios();
    scenarios.sort();
    assert_eq!(scenarios, ["1: passed", "2: passed", "3: passed", "4: passed"]);
}

#[test]
fn an_assignment_that_leaves_all_workers_idle_is_warned_of() {
    let run = exclusive("setParallelCanAssign(() => false);");
    let run = run.run(&["--parallel", "2", "--allow-write=."]).passes();
    run.complains("WARNING: All workers went idle 4 time(s)");
}

#[test]
fn an_assignment_that_throws_fails_the_run() {
    let code = "setParallelCanAssign(() => { throw new Error('cannot decide'); });";
    let run = exclusive(code).run(&["--parallel", "2"]).fails();
    run.prints("Failed test run:").prints("cannot decide").prints("steps/a.ts:");
}

#[test]
fn an_assignment_that_does_not_end_fails_the_run() {
    let functions =
        ["() => { for (;;); }", "() => { const a = 'a'.repeat(2e7); for (;;) a.indexOf('b'); }"];
    for function in functions {
        let run = exclusive(&format!("setParallelCanAssign({function});"));
        let run = run.run(&["--parallel", "2", "--timeout", "100ms"]).fails();
        run.prints("setParallelCanAssign timed out, ensure it returns within 100 milliseconds");
    }
}

#[test]
fn a_hook_of_the_coordinator_is_given_up_as_any_other() {
    let code = "
        const stuck = () => { const a = 'a'.repeat(2e7); for (;;) a.indexOf('b'); };
        BeforeAll({ on: HookTarget.COORDINATOR }, () => console.log('first'));
        BeforeAll({ on: HookTarget.COORDINATOR, timeout: 100 }, stuck);
        BeforeAll({ on: HookTarget.COORDINATOR }, () => console.log('last'));
        AfterAll({ on: HookTarget.COORDINATOR }, () => console.log('closes'));
    ";
    let run = exclusive(code).run(&["--parallel", "2"]).fails();
    run.prints("first\n").prints("last\n").prints("closes\n").prints("function timed out");
}

#[test]
fn a_scenario_that_is_given_up_gives_way_to_those_it_excluded() {
    let code = "
        const text = 'a'.repeat(2e7);
        setParallelCanAssign(parallelCanAssignHelpers.atMostOnePicklePerTag(['@db']));
        Given('endless work', { timeout: 100 }, () => { for (;;) text.indexOf('b'); });
    ";
    let feature = "
        Feature: F
          @db
          Scenario: endless
            Given endless work
          @db
          Scenario: exclusive
            Given exclusive work
    ";
    let run = exclusive(code).file("features/a.feature", feature);
    let run = run.tell(&["--parallel", "2", "--allow-write=."]).fails();
    run.scenarios(&["endless: failed", "exclusive: passed"]);
}

#[test]
fn hooks_of_the_coordinator_run_once_around_those_of_the_workers() {
    let code = "
        const tell = (what: string) => () => console.log(what, process.env.CUCUMBER_WORKER_ID ?? 'none');
        BeforeAll(tell('opens'));
        BeforeAll({ on: HookTarget.COORDINATOR }, tell('opens'));
        AfterAll({ on: HookTarget.COORDINATOR }, tell('closes'));
        AfterAll(tell('closes'));
    ";
    let feature = "
        Feature: F
          Scenario: 1
            Given other work
          Scenario: 2
            Given other work
    ";
    let project = exclusive(code).file("features/a.feature", feature);
    let run = project.run(&["--parallel", "2"]).passes();
    let told = run.stdout();
    let told: Vec<&str> =
        told.lines().filter(|line| line.contains("opens") || line.contains("closes")).collect();
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[0].ends_with("opens none") && told[5].ends_with("closes none"), "{told:?}");
    // Where nobody is beside, they are hooks as any other.
    let run = project.run(&[]).passes();
    assert_eq!(run.stdout().matches("opens none").count(), 2);
}

/// As many scenarios "step N", each of a step that says so before and after it waits.
fn talkative(scenarios: usize) -> Project {
    let mut feature = String::from("Feature: F\n");
    for number in 1..=scenarios {
        feature +=
            &format!("  Scenario: {number}\n    Given {number} talks\n    Given {number} talks\n");
    }
    let steps = "
        import { BeforeAll, Given } from '@cucumber/cucumber';
        BeforeAll(() => console.log('total', process.env.CUCUMBER_TOTAL_WORKERS));
        Given('{int} talks', async function (number: number) {
          console.log(`[${number}] begins`);
          this.log(`[${number}] logs`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          console.error(`[${number}] complains`);
          console.log(`[${number}] ends`);
        });
    ";
    Project::new().file("features/a.feature", &feature).file("steps/a.ts", steps)
}

#[test]
fn there_are_no_more_workers_than_scenarios() {
    let project = talkative(3);
    let run = project.tell(&["--parallel", "100000"]).passes();
    let messages = run.messages();
    assert_eq!(run.stdout().matches("total 100000").count(), 3, "BeforeAll hooks");
    let workers = messages.all("testCaseStarted").map(|started| started["workerId"].to_string());
    assert!(
        workers
            .collect::<Vec<_>>()
            .iter()
            .all(|id| ["\"0\"", "\"1\"", "\"2\""].contains(&id.as_str()))
    );
    let run = project.run(&["--parallel", "5", "--tags", "@none"]).passes();
    assert_eq!(run.stdout().matches("total 5").count(), 1, "one loads the library");
}

#[test]
fn the_number_of_workers_may_follow_from_the_processors() {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let project = talkative(1);
    let run = project.run(&["--parallel", "auto"]).passes();
    run.prints(&format!("total {processors}\n"));
    let project = project.file("quickcuke.toml", "[default]\nparallel = \"200%\"\n");
    project.run(&[]).passes().prints(&format!("total {}\n", 2 * processors));
    let project = talkative(1).file("cucumber.json", "{ \"default\": { \"parallel\": \"auto\" } }");
    project.run(&[]).passes().prints(&format!("total {processors}\n"));
    let project = project.file("cucumber.json", "{ \"default\": { \"parallel\": \"some\" } }");
    project.run(&[]).fails().complains(
        "parallel must be a whole number, `auto` or a percentage such as `50%`, but was \"some\"",
    );
    project.run(&["--parallel", "0.5"]).fails().complains(
        "--parallel must be a non negative integer, but was `0.5`; `auto` and a percentage such as `50%` work too",
    );
}

/// The scenarios that lines of the form `… [N] …` are about, one after the other without repetition.
fn speakers(printed: &str) -> Vec<&str> {
    let number = |line| Some(str::split_once(line, '[')?.1.split_once(']')?.0);
    let mut speakers: Vec<&str> = printed.lines().filter_map(number).collect();
    speakers.dedup();
    speakers
}

#[test]
fn a_scenario_is_shown_as_a_whole_with_what_it_prints() {
    let project = talkative(12);
    for format in ["pretty", "progress", "summary", "message"] {
        let run =
            project.run(&["--parallel", "4", "--format", format, "--format", "pretty:pretty.txt"]);
        let run = run.passes();
        // What the reader of messages prints is for machines.
        let printed = run.stdout();
        let printed: String = printed
            .lines()
            .filter(|line| !line.starts_with('{'))
            .flat_map(|line| [line, "\n"])
            .collect();
        assert_eq!(speakers(&printed).len(), 12, "{format}: {printed}");
        assert_eq!(speakers(run.stderr()).len(), 12, "{format}: {}", run.stderr());
        assert_eq!(speakers(&project.read("pretty.txt")).len(), 12);
    }
    let run = project.run(&["--parallel", "4", "--format", "pretty"]).passes();
    let printed = run.stdout();
    for number in 1..=12 {
        let scenario = printed.split_once(&format!("Scenario: {number} ")).expect("a title").1;
        let scenario = scenario.split("Scenario:").next().unwrap_or_default();
        let parts: Vec<&str> = scenario
            .lines()
            .map(str::trim)
            .filter(|line| {
                line.contains("begins")
                    || line.contains("logs")
                    || line.contains("ends")
                    || line.contains("✔")
            })
            .collect();
        let step = [
            format!("[{number}] begins"),
            format!("[{number}] logs"),
            format!("[{number}] ends"),
            format!("✔ Given {number} talks # steps/a.ts:3"),
        ];
        assert_eq!(parts, [&step[..], &step[..]].concat(), "{printed}");
    }
}

#[test]
fn what_excludes_a_scenario_has_finished_before_it_starts() {
    let mut feature = String::from("Feature: F\n");
    for number in 0..200 {
        feature += &format!("  @db\n  Scenario: {number}\n    Given work\n");
        feature += &format!("  Scenario: beside {number}\n    Given load\n");
    }
    // A worker that is held up by others between the end of its case and telling of it.
    let steps = "
        import { Given, parallelCanAssignHelpers, setParallelCanAssign } from '@cucumber/cucumber';
        setParallelCanAssign(parallelCanAssignHelpers.atMostOnePicklePerTag(['@db']));
        Given('work', async () => { await new Promise((resolve) => setTimeout(resolve, 1)); });
        Given('load', () => { const end = Date.now() + 4; while (Date.now() < end); });
    ";
    let project = Project::new().file("features/a.feature", &feature).file("steps/a.ts", steps);
    let run = project.tell(&["--parallel", "8"]).passes();
    let messages = run.messages();
    let exclusive = |started: &Value| !messages.name(started).starts_with("beside");
    let mut running = Vec::new();
    for (kind, body) in messages.envelopes() {
        match kind {
            "testCaseStarted" if exclusive(body) => {
                assert!(running.is_empty(), "{body} beside {running:?}");
                running.push(body["id"].clone());
            }
            "testCaseFinished" => running.retain(|id| *id != body["testCaseStartedId"]),
            _ => {}
        }
    }
}
