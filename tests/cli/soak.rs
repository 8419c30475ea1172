//! A hundred thousand scenarios that leave all they can behind, for `just soak`: memory stays flat, and nothing is left.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::project::Project;

/// Memory that comes and goes with what the workers happen to do when somebody looks.
const SLACK: usize = 8 << 20;
/// Descriptors that a look in the middle of a scenario may see more; one left in a thousand scenarios comes to a hundred.
const SPARE_DESCRIPTORS: usize = 16;
const SPARE_THREADS: usize = 4;
const SCENARIOS_IN_A_FILE: usize = 1_000;

const STEPS: &str = r#"
    import { Given, Then, When, commands, vars } from 'quickcuke';
    import { execFileSync } from 'node:child_process';
    import assert from 'node:assert/strict';
    import fs from 'node:fs';
    import os from 'node:os';
    import path from 'node:path';

    const seen: number[] = [];

    Given('scenario {int} finds nothing of another', function (n: number) {
      assert.deepEqual([vars.keys(), seen, fs.readdirSync(os.tmpdir())], [[], [], []]);
      seen.push(n);
      vars.set('n', { n, text: 'x'.repeat(1000) });
    });

    When('it uses a session and a file', async function () {
      const { n } = vars.get('n') as { n: number };
      const file = path.join(os.tmpdir(), `${n}.json`);
      fs.writeFileSync(file, JSON.stringify(seen));
      const alice = this.session('alice');
      alice.vars.set('seen', fs.readFileSync(file, 'utf8'));
      assert.deepEqual(await alice.run((n) => [JSON.parse(vars.get('seen')), n], n), [[n], n]);
    });

    Then('it leaves a process behind', async function () {
      const { n } = vars.get('n') as { n: number };
      switch (n % 4) {
        case 0: return assert.equal(await commands.run('echo', { n }), String(n));
        case 1: return void commands.spawn('sleeper');
        case 2: return commands.start('daemon');
        case 3: return assert.equal(execFileSync('echo', [String(n)], { encoding: 'utf8' }), `${n}\n`);
      }
    });
"#;

/// The daemon's child leaves its session and holds its output.
const COMMANDS: &str = r#"
    [commands]
    echo = { run = ["echo", "${n}"] }
    sleeper = { run = ["sleep", "600"] }
    daemon = { run = "setsid sleep 600 & echo ready; exec sleep 600", persistent = true, ready = { line = "ready" } }
"#;

/// What the process holds at a moment.
#[derive(Debug)]
struct Held {
    /// Bytes backed by memory.
    resident: usize,
    descriptors: usize,
    threads: usize,
}

impl Held {
    fn by(process: &Child) -> Option<Held> {
        let directory = Path::new("/proc").join(process.id().to_string());
        let pages = fs::read_to_string(directory.join("statm")).ok()?;
        let count = |what| Some(fs::read_dir(directory.join(what)).ok()?.count());
        Some(Held {
            resident: pages.split(' ').nth(1)?.parse::<usize>().ok()? * 4096,
            descriptors: count("fd")?,
            threads: count("task")?,
        })
    }
}

/// Runs a command to its end and looks at it all the time.
fn watched(project: &Project, arguments: &[&str]) -> Vec<Held> {
    let mut process = project.command(arguments).stdout(Stdio::null()).spawn().unwrap();
    let mut seen = Vec::new();
    let code = loop {
        seen.extend(Held::by(&process));
        std::thread::sleep(Duration::from_millis(50));
        if let Some(code) = process.try_wait().unwrap() {
            break code;
        }
    };
    assert!(code.success(), "{code}");
    seen
}

/// The most of something in a part of a run, in tenths.
fn peak(seen: &[Held], tenths: std::ops::Range<usize>, of: fn(&Held) -> usize) -> usize {
    let part = &seen[seen.len() * tenths.start / 10..seen.len() * tenths.end / 10];
    part.iter().map(of).max().expect("a run long enough to look at")
}

/// Processes whose working directory is the project.
fn left_in(project: &Path) -> Vec<String> {
    let project = project.canonicalize().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == project))
        .map(|entry| entry.path().display().to_string())
        .collect()
}

#[test]
#[ignore = "takes minutes: just soak"]
fn a_hundred_thousand_scenarios_leave_nothing_behind() {
    let scenarios = std::env::var("QUICKCUKE_SOAK").ok().and_then(|text| text.parse().ok());
    let scenarios: usize = scenarios.unwrap_or(100_000);
    let mut project = Project::new().file("steps/steps.ts", STEPS).file("quickcuke.toml", COMMANDS);
    for first in (0..scenarios).step_by(SCENARIOS_IN_A_FILE) {
        let rows: String = (first..scenarios.min(first + SCENARIOS_IN_A_FILE))
            .map(|n| format!("      | {n} |\n"))
            .collect();
        let outline = "Feature: soak\n  Scenario Outline: <n>\n    Given scenario <n> finds nothing of another\n    \
                       When it uses a session and a file\n    Then it leaves a process behind\n    Examples:\n      | n |\n";
        project =
            project.file(&format!("features/{first:07}.feature"), &format!("{outline}{rows}"));
    }

    let start = Instant::now();
    let seen = watched(&project, &["--parallel", "2"]);
    let resident = |tenths| peak(&seen, tenths, |held| held.resident);
    let descriptors = |tenths| peak(&seen, tenths, |held| held.descriptors);
    let threads = |tenths| peak(&seen, tenths, |held| held.threads);
    for tenth in [0, 1, 4, 9] {
        let mebibyte = 1 << 20;
        println!(
            "{:3} %: {:4} MiB resident, {} descriptors, {} threads at most",
            (tenth + 1) * 10,
            resident(tenth..tenth + 1) / mebibyte,
            descriptors(tenth..tenth + 1),
            threads(tenth..tenth + 1),
        );
    }
    println!("{scenarios} scenarios in {:.0} s", start.elapsed().as_secs_f64());

    assert!(resident(9..10) <= resident(1..5) + SLACK, "memory grows");
    assert!(
        descriptors(9..10) <= descriptors(1..5) + SPARE_DESCRIPTORS,
        "descriptors are left open"
    );
    assert!(threads(9..10) <= threads(1..5) + SPARE_THREADS, "threads are left");
    assert_eq!(left_in(project.path()), Vec::<String>::new(), "processes are left");
    let files = fs::read_dir(project.temporary()).unwrap().flatten().map(|entry| entry.path());
    assert_eq!(files.collect::<Vec<_>>(), Vec::<PathBuf>::new(), "files are left");
}
