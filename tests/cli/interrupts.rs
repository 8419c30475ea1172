//! A run cut short by a signal: what cleans up runs, the reports are complete, nothing is left behind.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::project::Project;
use crate::run::Run;
use crate::running::Running;

const REPORTS: [&str; 8] = [
    "--format",
    "pretty",
    "--format",
    "message:messages.ndjson",
    "--format",
    "json:report.json",
    "--format",
    "junit:report.xml",
];

/// Ways to be in a step for ever. Code can stop the first two; in the third another worker takes over.
const WAYS: &str = "
    const wait = () => { console.log('in it'); return new Promise((resolve) => setTimeout(resolve, 1e9)); };
    const spin = () => { console.log('in it'); for (;;); };
    const text = 'a'.repeat(2e7);
    const stick = () => { console.log('in it'); for (;;) text.indexOf('b'); };
";

/// The step "it happens" in a scenario "it" and one "later", with these ways to be in it.
fn project(code: &str) -> Project {
    Project::with_step(&format!("{WAYS}{code}"))
}

/// Reports that end as they should: valid, and all that began has ended.
fn complete_reports(project: &Project, run: &Run) {
    let json: Value = serde_json::from_str(&project.read("report.json")).expect("JSON");
    assert!(json.is_array(), "{json}");
    let xml = project.read("report.xml");
    assert!(
        xml.starts_with("<?xml") && (xml.ends_with("</testsuite>") || xml.ends_with("/>")),
        "{xml}"
    );
    let messages = run.messages();
    for (started, finished) in [
        ("testRunStarted", "testRunFinished"),
        ("testCaseStarted", "testCaseFinished"),
        ("testStepStarted", "testStepFinished"),
        ("testRunHookStarted", "testRunHookFinished"),
    ] {
        let count = |kind| messages.all(kind).count();
        assert_eq!(count(started), count(finished), "{started} and {finished}");
    }
    let finished = messages.all("testRunFinished").next().expect("an end");
    assert_eq!(finished["success"], false);
    assert!(finished["message"].as_str().expect("a message").starts_with("Interrupted by SIG"));
    assert!(messages.all("testCaseFinished").all(|finished| finished["willBeRetried"] == false));
}

#[test]
fn hooks_that_clean_up_run_and_the_reports_are_complete() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let project = project(
            "
            import { commands } from 'quickcuke';
            Before(function () { this.page = 'open'; });
            When('it happens', { timeout: -1 }, async () => { await commands.start('server'); await wait(); });
            AfterStep(({ result }) => console.log('after step', result.status));
            After(async function ({ result, willBeRetried }) {
              await new Promise((resolve) => setTimeout(resolve, 20));
              console.log('after', this.page, result.status, willBeRetried, commands.status('server').running);
            });
            AfterAll(() => console.log('after all'));
            ",
        )
        .file(
            "quickcuke.toml",
            "[commands]\nserver = { run = \"echo $$ > pid; exec sleep 600\", persistent = true }\n",
        );
        let run = Running::start(&project, &[&REPORTS[..], &["--retry", "2"]].concat());
        let run = run.until("in it", 1).signal(signal).end().exits_with(code);
        let run = run
            .prints("after step FAILED\n")
            .prints("after open FAILED false true\n")
            .prints("after all\n")
            .prints(&format!("Interrupted by SIG{signal}: 1 of 2 scenarios did not run\n"))
            .prints("1 scenario (1 failed)\n")
            .scenarios(&["it: failed"])
            .steps("it", &["Before: passed", "it happens: failed", "After: passed"])
            .explains("it", &format!("Error: interrupted by SIG{signal}"))
            .stays_quiet();
        complete_reports(&project, &run);
        assert!(!Path::new(&format!("/proc/{}", project.read("pid").trim())).exists(), "it lives");
    }
}

#[test]
fn code_that_spins_is_stopped_and_another_worker_takes_over_from_native_code() {
    for way in ["spin", "stick"] {
        let project = project(&format!(
            "
            When('it happens', {{ timeout: -1 }}, {way});
            After(({{ result }}) => console.log('after', result.status));
            AfterAll(() => console.log('after all'));
            "
        ));
        for workers in ["0", "2"] {
            let run = Running::start(&project, &[&REPORTS[..], &["--parallel", workers]].concat());
            // In parallel what a scenario prints is shown when it is over.
            let run = match workers {
                "0" => run.until("in it", 1),
                _ => {
                    std::thread::sleep(std::time::Duration::from_millis(1500));
                    run
                }
            };
            let run = run.signal("INT").end().exits_with(130);
            let run = run.prints("after FAILED\n").prints("after all\n");
            complete_reports(&project, &run.explains("it", "interrupted by SIGINT"));
        }
    }
}

#[test]
fn a_child_that_is_waited_for_does_not_hold_the_run() {
    let project = project(
        "
        import { execSync } from 'node:child_process';
        When('it happens', { timeout: -1 }, () => { console.log('in it'); execSync('echo $$ > pid; exec sleep 600'); });
        After(() => console.log('after'));
        ",
    );
    let run = Running::start(&project, &[&REPORTS[..], &["--trust"]].concat()).until("in it", 1);
    while !project.path().join("pid").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let run = run.signal("TERM").end().exits_with(143).prints("after\n");
    complete_reports(&project, &run);
    assert!(!Path::new(&format!("/proc/{}", project.read("pid").trim())).exists(), "it lives");
}

#[test]
fn before_all_hooks_are_stopped_and_after_all_hooks_run() {
    for way in ["wait", "spin", "stick"] {
        let project = project(&format!(
            "
            BeforeAll({{ timeout: -1 }}, {way});
            BeforeAll(() => console.log('second'));
            AfterAll(() => console.log('after all'));
            When('it happens', () => console.log('step'));
            "
        ));
        let run = Running::start(&project, &REPORTS).until("in it", 1).signal("INT").end();
        let run = run
            .exits_with(130)
            .prints("after all\n")
            .prints("interrupted by SIGINT")
            .prints("2 of 2 scenarios did not run")
            .does_not_print("second")
            .does_not_print("step\n");
        complete_reports(&project, &run);
    }
}

#[test]
fn a_hook_that_cleans_up_already_may_end() {
    let after = "
        const slowly = async () => { console.log('in it'); await new Promise((resolve) => setTimeout(resolve, 500)); console.log('cleaned'); };
        When('it happens', () => {});
    ";
    for (hook, scenario) in [("AfterStep", "it: passed"), ("After", "it: passed"), ("AfterAll", "")]
    {
        let project = project(&format!("{after}{hook}(slowly);"));
        let run = Running::start(&project, &REPORTS).until("in it", 1).signal("INT").end();
        let run = run.exits_with(130).prints("cleaned\n").prints("Interrupted by SIGINT");
        complete_reports(&project, &run);
        if !scenario.is_empty() {
            run.scenarios(&[scenario]);
        }
    }
}

#[test]
fn hooks_that_do_not_end_are_stopped_at_the_end_of_the_grace() {
    for way in ["wait", "stick"] {
        let project = project(&format!(
            "
            When('it happens', {{ timeout: -1 }}, wait);
            After({{ timeout: -1 }}, {way});
            AfterAll(() => console.log('after all'));
            "
        ));
        let run = Running::start(&project, &REPORTS).until("in it", 1).signal("INT").end();
        let run = run.exits_with(130).explains("it", "interrupted by SIGINT");
        complete_reports(&project, &run);
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let project = project(
        "
        import { commands } from 'quickcuke';
        When('it happens', { timeout: -1 }, async () => { await commands.start('server'); await wait(); });
        After({ timeout: -1 }, stick);
        AfterAll(() => console.log('after all'));
        ",
    )
    .file(
        "quickcuke.toml",
        "[commands]\nserver = { run = \"echo $$ > pid; exec sleep 600\", persistent = true }\n",
    );
    let run = Running::start(&project, &[]).until("in it", 1).signal("INT").until("in it", 2);
    let run = run.signal("TERM").end().exits_with(143).does_not_print("after all");
    drop(run);
    assert!(!Path::new(&format!("/proc/{}", project.read("pid").trim())).exists(), "it lives");
}

#[test]
fn while_the_library_loads_there_is_nothing_to_wait_for() {
    for way in ["await wait();", "spin();", "stick();"] {
        let project = project(&format!("When('it happens', () => {{}});\n{way}"));
        let run = Running::start(&project, &REPORTS).until("in it", 1).signal("TERM").end();
        let run = run.exits_with(143).prints("2 of 2 scenarios did not run");
        complete_reports(&project, &run);
    }
}

#[test]
fn every_worker_cleans_up() {
    let feature = "
        Feature: F
          Scenario Outline: <n>
            When it happens
            Examples:
              | n |
              | 1 |
              | 2 |
              | 3 |
              | 4 |
    ";
    let steps = format!(
        "import {{ After, AfterAll, When, setParallelCanAssign, parallelCanAssignHelpers }} from 'quickcuke';
        import {{ appendFileSync }} from 'node:fs';
        {WAYS}
        const begun = (then) => () => {{ appendFileSync('begun', '.'); return then(); }};
        After(() => console.log('after'));
        AfterAll(() => console.log('after all'));
        "
    );
    for code in [
        "When('it happens', { timeout: -1 }, begun(wait));",
        "When('it happens', { timeout: -1 }, begun(stick));",
        "When('it happens', { timeout: -1 }, begun(wait)); setParallelCanAssign(() => true);",
        "When('it happens', { timeout: -1 }, begun(stick)); setParallelCanAssign(() => true);",
    ] {
        let project = Project::new().file("features/a.feature", feature);
        let project = project.file("steps/a.ts", &format!("{steps}{code}"));
        let run = Running::start(
            &project,
            &[&REPORTS[..], &["--parallel", "3", "--allow-write=."]].concat(),
        );
        while std::fs::read(project.path().join("begun")).map_or(0, |begun| begun.len()) < 3 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let run = run.signal("INT").end().exits_with(130).prints("1 of 4 scenarios did not run");
        complete_reports(&project, &run);
        assert_eq!(run.stdout().matches("after\n").count(), 3, "{code}");
        assert_eq!(run.stdout().matches("after all\n").count(), 3, "{code}");
    }
}

#[test]
fn an_assignment_that_does_not_end_is_stopped() {
    for way in ["spin", "stick"] {
        let project = project(&format!(
            "
            import {{ setParallelCanAssign }} from 'quickcuke';
            setDefaultTimeout(-1);
            setParallelCanAssign({way});
            AfterAll(() => console.log('after all'));
            When('it happens', () => {{}});
            "
        ));
        let run = Running::start(&project, &[&REPORTS[..], &["--parallel", "2"]].concat());
        let run = run.until("in it", 1).signal("INT").end().exits_with(130);
        let run = run.prints("2 of 2 scenarios did not run");
        complete_reports(&project, &run);
        assert_eq!(run.stdout().matches("after all\n").count(), 2);
    }
}

#[test]
fn a_signal_for_the_whole_group_leaves_children_to_the_hooks() {
    let project = project(
        "
        import { commands } from 'quickcuke';
        When('it happens', { timeout: -1 }, async () => { await commands.start('server'); await wait(); });
        After(() => console.log('server runs:', commands.status('server').running));
        ",
    )
    .file(
        "quickcuke.toml",
        "[commands]\nserver = { run = \"echo $$ > pid; exec sleep 600\", persistent = true }\n",
    );
    let run = Running::start(&project, &[]).until("in it", 1).signal_group("INT").end();
    run.exits_with(130).prints("server runs: true\n");
    assert!(!Path::new(&format!("/proc/{}", project.read("pid").trim())).exists(), "it lives");
}

#[test]
fn an_ignored_signal_stays_ignored() {
    let code = "When('it happens', async () => { console.log('in it'); await new Promise((resolve) => setTimeout(resolve, 500)); });";
    let project = project(code);
    let quickcuke = project.command(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\""]).arg(quickcuke.get_program());
    shell.current_dir(project.path()).env("TMPDIR", project.temporary()).stdin(Stdio::null());
    let run = Running::start_command(&project, shell).until("in it", 1).signal("HUP").end();
    run.passes().prints("2 scenarios (2 passed)\n");
}

#[test]
fn a_reader_that_went_away_keeps_nothing_from_cleaning_up() {
    let project = project(
        "
        import { writeFileSync } from 'node:fs';
        When('it happens', { timeout: -1 }, () => { writeFileSync('begun', ''); return wait(); });
        After(() => { console.log('after'); writeFileSync('cleaned', ''); });
        ",
    );
    let mut command = project.command(&["--allow-write=.", "--format", "pretty"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    while !project.path().join("begun").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(129));
    assert!(project.path().join("cleaned").exists());
}
