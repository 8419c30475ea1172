//! What no deadline stops, native code that allocates nothing: given up, and another worker takes over.

use crate::project::Project;

/// Stays in native code, which looks at its deadline once in minutes.
const STUCK: &str =
    "const text = 'a'.repeat(2e7); const stuck = () => { for (;;) text.indexOf('b'); };\n";

fn project(code: &str) -> Project {
    Project::with_step(&format!("{STUCK}{code}"))
}

#[test]
fn the_scenario_ends_as_after_any_timeout_and_the_rest_of_the_suite_runs() {
    let code = "
        import { vars } from 'quickcuke';
        let loaded = 0;
        BeforeAll(() => { loaded++; console.log('before all'); });
        AfterAll(() => console.log('after all', loaded));
        Before(() => vars.set('order', 17));
        After(({ result }) => console.log('tidied up', result.status, vars.get('order'), loaded));
        When('it happens', stuck);
    ";
    project(code)
        .tell(&["--timeout", "100ms"])
        .fails()
        .steps("it", &["Before: passed", "it happens: failed", "After: passed"])
        .scenarios(&["it: failed", "later: passed"])
        .explains("it", "function timed out, ensure the function returns within 100 milliseconds");
    let run = project(code).run(&["--timeout", "100ms"]).fails();
    let run = run.prints("tidied up FAILED 17 1\n").prints("after all 1\n");
    assert_eq!(run.stdout().matches("before all\n").count(), 1);
}

#[test]
fn hooks_are_given_up_too() {
    for hook in ["Before", "After", "BeforeStep", "AfterStep"] {
        let code = format!(
            "{hook}(({{ pickle }}) => {{ if (pickle.name === 'it') stuck(); }});\nWhen('it happens', () => {{}});"
        );
        let run = project(&code).tell(&["--timeout", "100ms"]).fails();
        run.scenarios(&["it: failed", "later: passed"]).explains("it", "function timed out");
    }
    for hook in ["BeforeAll", "AfterAll"] {
        let code = format!(
            "{hook}(() => console.log('first'));\n{hook}(stuck);\n{hook}(() => console.log('last'));\nWhen('it happens', () => {{}});"
        );
        let run = project(&code).run(&["--timeout", "100ms"]).fails();
        run.prints("first\n").prints("last\n").prints("function timed out");
    }
}

#[test]
fn each_attempt_and_each_worker_may_be_given_up() {
    let feature = "
        Feature: F
          Scenario: one
            When it is stuck
          Scenario: two
            When it is stuck
          Scenario: three
            When it is not
    ";
    let steps = format!(
        "import {{ When }} from '@cucumber/cucumber';
         {STUCK}
         When('it is stuck', {{ timeout: 30 }}, stuck);
         When('it is not', () => {{}});"
    );
    let project = Project::new().file("features/a.feature", feature).file("steps/a.ts", &steps);
    for options in [&["--retry", "1"][..], &["--retry", "1", "--parallel", "2"]] {
        let run = project.run(options).fails().prints("3 scenarios (1 passed, 2 failed)");
        run.prints("one, after 2 attempts").prints("two, after 2 attempts");
    }
}

#[test]
fn what_a_scenario_started_ends_with_it() {
    let code = "
        import { commands } from 'quickcuke';
        When('it happens', async () => { await commands.start('server'); stuck(); });
        After(() => console.log('server runs:', commands.status('server').running));
    ";
    let project = project(code).file(
        "quickcuke.toml",
        "[commands]\nserver = { run = \"echo $$ > pid; exec sleep 600\", persistent = true }\n",
    );
    project.run(&["--timeout", "300ms"]).fails().prints("server runs: true\n");
    let pid = project.read("pid");
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "it lives");
}
