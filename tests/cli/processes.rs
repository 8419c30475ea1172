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

/// Scripts that leave processes behind in a way of their own: the name, how many ids they write into `pids`, the script.
const ESCAPES: [(&str, usize, &str); 6] = [
    (
        "a pipeline",
        3,
        "(echo $(exec sh -c 'echo $PPID') >> pids; sleep 600) | sh -c 'echo $$ >> pids; exec sleep 600' \
         | sh -c 'echo $$ >> pids; exec sleep 600' &",
    ),
    (
        "grandchildren that hold stdout",
        2,
        "sh -c 'echo $$ >> pids; exec sleep 600' & sh -c 'echo $$ >> pids; sleep 600' &",
    ),
    (
        "a double fork into a session of its own",
        1,
        "(setsid sh -c '(setsid sh -c \"echo \\$\\$ >> pids; exec sleep 600\" &) ; exit 0' &)",
    ),
    (
        "a daemon with nothing inherited",
        1,
        "(setsid env -i /bin/sh -c 'echo $$ >> pids; exec sleep 600' <&- >&- 2>&- &)",
    ),
    (
        "one that ignores all signals",
        1,
        "sh -c 'trap \"\" TERM HUP INT QUIT USR1; echo $$ >> pids; while :; do sleep 600; done' &",
    ),
    ("one that is stopped", 1, "sh -c 'echo $$ >> pids; kill -STOP $$' &"),
];

/// Ways to start the script `./it` of a project.
const STARTS: [(&str, &str); 6] = [
    ("run", "commands.run('it').catch(() => {});"),
    ("start", "await commands.start('stay');"),
    ("spawn", "commands.spawn('it');"),
    ("child_process.spawn", "child.spawn('sh', ['./it'], { stdio: 'ignore', detached: true });"),
    ("child_process.exec", "child.exec('sh ./it', () => {});"),
    ("child_process.spawnSync", "child.spawnSync('sh', ['./it'], { stdio: 'ignore' });"),
];

/// A step that starts the script, waits for `count` ids, and then does what `ending` says.
fn escapee(script: &str, count: usize, start: &str, ending: &str) -> Project {
    let code = format!(
        "import {{ commands }} from 'quickcuke';
        import * as child from 'node:child_process';
        import {{ readFileSync, existsSync }} from 'node:fs';
        const written = () => existsSync('pids') ? readFileSync('pids', 'utf8').split('\\n').length - 1 : 0;
        When('it happens', {{ timeout: 20_000 }}, async () => {{
          {start}
          while (written() < {count}) await new Promise((done) => setTimeout(done, 2));
          {ending}
        }});"
    );
    let declared = "[commands]\nit = { run = ['sh', './it'] }\nstay = { run = ['sh', './it'], persistent = true }\n";
    Project::with_step(&code.replace("\n        ", "\n"))
        .file("quickcuke.toml", declared)
        .file("it", script)
}

#[test]
fn no_escape_outlives_its_scenario() {
    for (name, count, script) in ESCAPES {
        for (way, start) in STARTS {
            println!("{name} by {way}");
            let project = escapee(script, count, start, "");
            project.tell(&[]).passes().scenarios(&["it: passed", "later: passed"]);
            assert_gone(&project, count);
        }
    }
}

#[test]
fn what_is_in_flight_when_a_step_times_out_is_gone() {
    for (way, start) in STARTS {
        println!("by {way}");
        // The script goes on, so that the one-shots are still under way.
        let script = format!("{}\nexec sleep 600", ESCAPES[1].2);
        let project = escapee(&script, 2, start, "for (;;) {}");
        let code = project.read("steps/a.ts").replace("20_000", "1_000");
        let project = project.file("steps/a.ts", &code);
        project.tell(&[]).fails().scenarios(&["it: failed", "later: passed"]);
        assert_gone(&project, 2);
    }
}

#[test]
fn a_hook_that_starts_a_process_and_throws_leaves_none() {
    for hook in ["Before({ tags: '@it' },", "After({ tags: '@it' },", "BeforeAll(", "AfterAll("] {
        let code = format!(
            "import {{ commands }} from 'quickcuke';
            When('it happens', () => {{}});
            {hook} async () => {{ await commands.start('family'); throw new Error('broken'); }});"
        );
        // One family a run: it is ready when there are three ids.
        let feature = "Feature: F\n  @it\n  Scenario: it\n    When it happens\n  Scenario: later\n    When it happens";
        let project = Project::with_step(&code.replace("\n            ", "\n"))
            .file("features/a.feature", feature)
            .file("quickcuke.toml", FAMILY)
            .file("steps/child.sh", CHILD);
        project.run(&[]).fails();
        assert_gone(&project, 3);
    }
}

#[test]
fn children_of_a_run_hook_live_as_long_as_the_run() {
    let code = "
        import { spawn } from 'node:child_process';
        import { commands } from 'quickcuke';
        let server: any;
        let handle: any;
        BeforeAll(() => {
          server = spawn('sh', ['./it'], { stdio: 'ignore' });
          handle = commands.spawn('it');
        });
        When('it happens', () => {});
        AfterAll(() => console.log('running', server.kill(0), commands.poll(handle.id).status));
    ";
    let project = Project::with_step(code.trim_start())
        .file("quickcuke.toml", "[commands]\nit = { run = ['sh', './it'] }")
        .file("it", "echo $$ >> pids\nexec sleep 600");
    project.run(&[]).passes().prints("running true running\n");
    assert_gone(&project, 2);
}

#[test]
fn every_kind_of_process_dies_when_quickcuke_is_killed() {
    for (way, start) in STARTS {
        let script = format!("{}\nexec sleep 600", ESCAPES[2].2);
        let project = escapee(&script, 1, start, "await new Promise(() => {});");
        let mut command = project.command(&["--timeout", "600s"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        let written = || std::fs::read_to_string(project.path().join("pids")).unwrap_or_default();
        while written().lines().count() < 1 {
            assert!(started.elapsed() < PATIENCE, "{way}: the processes were not started");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_gone(&project, 1);
        // The command itself too: nothing runs in the project any more.
        while std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
            std::fs::read_link(entry.path().join("cwd"))
                .is_ok_and(|cwd| cwd == project.path().canonicalize().unwrap())
        }) {
            assert!(started.elapsed() < PATIENCE * 2, "{way}: a process lives on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_supervisor_that_is_killed_fails_the_scenario_and_leaves_nothing() {
    // The command kills its parent; one of its descendants has left its group and session.
    let script = "setsid sh -c 'echo $$ >> pids; exec sleep 1000' & echo $$ >> pids; sleep 1000 & echo $! >> pids; \
                  while [ $(wc -l < pids) -lt 3 ]; do sleep 0.01; done; echo ready; kill -9 $PPID; sleep 1000";
    let declared = format!(
        "[commands]\nkiller = {{ run = {script:?}, persistent = true, ready = {{ line = \"ready\", timeout = \"10s\" }} }}"
    );
    let code = "
        import { commands } from 'quickcuke';
        When('it happens', async () => {
          await commands.start('killer').catch(() => {});
          await new Promise((done) => setTimeout(done, 200));
        });
    ";
    let project = Project::with_step(code).file("quickcuke.toml", &declared);
    let run = project.tell(&[]).fails();
    run.scenarios(&["it: failed", "later: passed"]).explains("it", "was killed");
    assert_gone(&project, 3);
}

/// Where namespaces of pids can be made: without privileges too, the command is run in one that has the outer /proc, and
/// in one with its own.
#[cfg(target_os = "linux")]
#[test]
fn processes_end_in_a_namespace_of_pids() {
    for unshare in [&["-pf"][..], &["-Upf"], &["-Urpf", "--mount-proc"], &["-pf", "--mount-proc"]] {
        let probe =
            Command::new("unshare").args(unshare).arg("true").stderr(Stdio::null()).status();
        if !probe.is_ok_and(|status| status.success()) {
            eprintln!("skipped: unshare {unshare:?}");
            continue;
        }
        let project = family("When('it happens', () => commands.start('family'));");
        let command = project.command(&[]);
        let started = Instant::now();
        let mut unshared = Command::new("unshare");
        unshared.args(unshare).arg(command.get_program()).current_dir(project.path());
        unshared
            .env_clear()
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = unshared.stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "{unshare:?}: {told}{}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert!(!told.contains("could not be killed"), "{unshare:?}: {told}");
        // What is waited for processes that do not die is ten times this.
        let with_proc = unshare.contains(&"--mount-proc");
        assert!(started.elapsed() < Duration::from_secs(8) || with_proc, "{unshare:?}");
    }
}
