//! Processes that steps start: none is left when the scenario is over.

#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::Project;

/// How long a process may take to be gone from the process table; not a claim on how fast it is.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether there is such a process, one that only waits to be reaped aside.
fn is_alive(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Asserts that the processes that wrote their ids into the file `pids` are gone.
#[track_caller]
fn assert_gone(project: &Project, count: usize) {
    let written = project.read("pids");
    let ids: Vec<&str> = written.lines().collect();
    assert_eq!(ids.len(), count, "{ids:?}");
    let started = Instant::now();
    while ids.iter().any(|id| is_alive(id)) {
        assert!(started.elapsed() < PATIENCE, "still alive of {ids:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process with a child and a grandchild, all of which ignore what can be ignored and write their ids into `pids`.
const FAMILY: &str = r#"
[commands.family]
run = """
trap '' TERM HUP INT
echo $$ >> pids
sh steps/child.sh &
while [ $(wc -l < pids) -lt 3 ]; do sleep 0.01; done
echo ready
wait
"""
persistent = true
ready = { line = "ready" }
"#;

const CHILD: &str = "
trap '' TERM
echo $$ >> pids
sh -c 'echo $$ >> pids; exec sleep 600' &
wait
";

fn family(code: &str) -> Project {
    let code = format!("import {{ commands }} from 'quickcuke';\n{code}");
    Project::with_step(&code).file("quickcuke.toml", FAMILY).file("steps/child.sh", CHILD)
}

#[test]
fn a_process_dies_with_its_scenario_and_its_descendants_too() {
    let project = family("When('it happens', () => commands.start('family'));");
    project.run(&[]).passes();
    assert_gone(&project, 3);
}

#[test]
fn a_process_is_gone_when_the_next_scenario_runs() {
    let code = "
        import { readFileSync, existsSync } from 'node:fs';
        When('it happens', () => commands.start('family'));
        Before(({ pickle }) => {
          if (pickle.name !== 'later') return;
          const isAlive = (id: string) => existsSync(`/proc/${id}/stat`) && !readFileSync(`/proc/${id}/stat`, 'utf8').includes(') Z ');
          const alive = readFileSync('pids', 'utf8').trim().split('\\n').filter(isAlive);
          if (alive.length > 0) throw new Error(`alive: ${alive}`);
        });
    ";
    let code = code.trim_start();
    family(code).tell(&["--allow-read"]).passes().scenarios(&["it: passed", "later: passed"]);
}

#[test]
fn a_process_dies_however_its_scenario_ends() {
    for ending in ["throw new Error('broken');", "for (;;) {}", "process.exit(1);"] {
        let code = format!(
            "Before({{ timeout: 60_000 }}, ({{ pickle }}) => pickle.name === 'it' && commands.start('family').then(() => {{}}));
            When('it happens', {{ timeout: 100 }}, async () => {{ {ending} }});"
        );
        let project = family(&code);
        project.tell(&[]).fails().scenarios(&["it: failed", "later: passed"]);
        assert_gone(&project, 3);
    }
}

#[test]
fn a_process_of_a_run_hook_lives_as_long_as_the_run() {
    let code = "
        BeforeAll(() => commands.start('family'));
        When('it happens', () => {});
        AfterAll(() => console.log('running', commands.status('family').running));
    ";
    let project = family(code.trim_start());
    project.run(&[]).passes().prints("running true\n");
    assert_gone(&project, 3);
}

#[test]
fn a_process_dies_when_quickcuke_is_killed() {
    for signal in ["KILL", "TERM"] {
        let project = family(
            "When('it happens', async () => { await commands.start('family'); await new Promise(() => {}); });",
        );
        let mut command = project.command(&["--timeout", "600s"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        let written = || std::fs::read_to_string(project.path().join("pids")).unwrap_or_default();
        while written().lines().count() < 3 {
            assert!(started.elapsed() < PATIENCE, "the processes were not started");
            std::thread::sleep(Duration::from_millis(10));
        }
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert!(!child.wait().unwrap().success());
        assert_gone(&project, 3);
    }
}

/// Runs a step on these commands.
fn commands(declared: &str, code: &str) -> Project {
    let code = format!(
        "import {{ commands }} from 'quickcuke';\nWhen('it happens', async () => {{ {code} }});"
    );
    Project::with_step(&code).file("quickcuke.toml", &format!("[commands]\n{declared}"))
}

#[test]
fn a_command_gives_text_json_or_lines() {
    let declared = r#"
text = { run = ["printf", "  %s \n", "${word}"] }
json = { run = "echo '{\"a\": [1]}'", output = "json" }
lines = { run = "printf 'a\nb\n'", output = "lines" }
"#;
    let code = "console.log(await commands.run('text', { word: 'it' }), await commands.run('json'), await commands.run('lines'));";
    commands(declared, code).run(&[]).passes().prints("it { a: [ 1 ] } [ 'a', 'b' ]");
}

#[test]
fn values_are_quoted_for_the_shell() {
    let declared = "say = { run = 'echo ${word}' }";
    let code = "console.log(await commands.run('say', { word: '$(id); \\'x\\' \"y\"' }));";
    commands(declared, code).run(&[]).passes().prints("$(id); 'x' \"y\"\n");
}

#[test]
fn a_command_that_fails_throws_with_its_code_and_what_it_wrote() {
    let declared = "fail = { run = 'echo reason >&2; exit 3' }";
    commands(declared, "await commands.run('fail');")
        .tell(&[])
        .fails()
        .explains("it", "reason")
        .explains("it", "3");
    let code = "await commands.run('fail').catch((error) => console.log(error.exitCode, error.stderr.trim()));";
    commands(declared, code).run(&[]).passes().prints("3 reason\n");
}

#[test]
fn a_command_sees_only_the_environment_it_was_given() {
    let declared = "env = { run = ['sh', '-c', 'echo $GIVEN-$SECRET'], env = ['GIVEN'] }";
    let code = "console.log(await commands.run('env'));";
    commands(declared, code)
        .env("GIVEN", "given")
        .env("SECRET", "secret")
        .run(&[])
        .passes()
        .prints("given-\n");
}

#[test]
fn a_mistake_in_a_call_names_the_mend() {
    let declared = "say = { run = 'echo ${word}' }";
    commands(declared, "await commands.run('sayy');")
        .tell(&[])
        .explains("it", "did you mean \"say\"?");
    commands(declared, "await commands.run('say');")
        .tell(&[])
        .explains("it", "${word} has no value");
    commands(declared, "await commands.run('say', { wrod: 1, word: 2 });")
        .tell(&[])
        .explains("it", "did you mean ${word}?");
    commands(declared, "await commands.run('say', { word: {} });")
        .tell(&[])
        .explains("it", "must be a string, a number or a boolean");
}

#[test]
fn a_command_that_takes_too_long_is_killed() {
    let declared = "slow = { run = 'echo $$ >> pids; sleep 600', timeout = '200ms' }";
    let project = commands(declared, "await commands.run('slow');");
    project.tell(&[]).fails().explains("it", "slow").scenarios(&["it: failed", "later: passed"]);
    assert_gone(&project, 1);
}
