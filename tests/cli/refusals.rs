//! What is told at the end of a run of what the sandbox refused, and `--grants`.

use crate::project::Project;
use crate::run::Run;
use crate::server::Server;

/// The part of stderr from the list of refusals on.
fn told(run: &Run) -> &str {
    let stderr = run.stderr();
    stderr.find("warning: the sandbox refused").map_or("", |at| &stderr[at..])
}

/// A package that keeps what goes wrong to itself.
const PACKAGE: &str = "
    const fs = require('node:fs');
    const http = require('node:http');
    exports.get = (port) => new Promise((done) => {
      setTimeout(() => http.get({ port, host: 'localhost' }, () => done('answer')).on('error', () => done('none')), 1);
    });
    exports.look = (path) => { try { fs.statSync(path); } catch {} return fs.existsSync(path); };
    exports.env = () => [process.env.PACKAGE_SETTING, process.env.TERM];
";

#[test]
fn a_failing_run_lists_what_was_refused_with_the_lines_that_grant_it() {
    let code = "
        import fs from 'node:fs';
        import { execFileSync } from 'node:child_process';
        import { commands } from 'quickcuke';
        import lib from 'lib';
        const quietly = async (what: () => unknown) => { try { await what(); } catch {} };

        When('it happens', async () => {
          process.env.TOKEN;
          await quietly(() => fs.writeFileSync('reports/out.json', ''));
          await quietly(() => fs.writeFileSync('reports/more.json', ''));
          await quietly(() => fetch('http://127.0.0.1:9/'));
          await quietly(() => fetch('http://127.0.0.1:9/'));
          await quietly(() => execFileSync('git', ['log', '-1']));
          await quietly(() => commands.run('deploy'));
          throw new Error(await lib.get(8080));
        });
    ";
    let project = Project::with_step(code)
        .file("node_modules/lib/index.js", PACKAGE)
        .env("TOKEN", "secret")
        .env("OTHER", "secret");
    let run = project.run(&[]).fails();
    assert_eq!(
        told(&run),
        "warning: the sandbox refused this:
  variable TOKEN           at steps/a.ts:10
  write reports/more.json  at steps/a.ts:12
  write reports/out.json   at steps/a.ts:11
  host 127.0.0.1:9         2 times, first at steps/a.ts:13
  host localhost:8080      at steps/a.ts:9
  program \"git log -1\"     at steps/a.ts:15
  program deploy           at steps/a.ts:16
    is not declared
quickcuke.toml grants it with:

[sandbox]
env = [\"TOKEN\"]
write = [\"reports\"]
net = [\"127.0.0.1:9\", \"localhost:8080\"]

[commands]
git = { run = [\"git\", \"log\", \"-1\"] }
"
    );
}

#[test]
fn a_run_that_passed_tells_it_in_a_line() {
    let code = "When('it happens', () => { process.env.TOKEN; });";
    let project = Project::with_step(code).env("TOKEN", "secret");
    let run = project.run(&[]).passes();
    assert_eq!(
        told(&run),
        "warning: the sandbox refused something, although the run passed: variable TOKEN (steps/a.ts:3); \
         `[sandbox]` in quickcuke.toml grants it\n"
    );
    assert_eq!(told(&project.run(&["--trust"]).passes()), "");
    assert_eq!(told(&project.run(&["--allow-env=TOKEN"]).passes()), "");
}

#[test]
fn what_is_no_refusal_is_not_listed() {
    let code = "
        import fs from 'node:fs';
        import lib from 'lib';
        When('it happens', () => {
          ({ ...process.env });
          Object.keys(process.env);
          process.env.NOT_SET;
          delete process.env.GONE;
          process.env.GONE;
          process.env.OWN = 'x';
          process.env.OWN;
          process.env.toString();
          fs.existsSync('/not/there');
          fs.existsSync('/not/there/../../nor/there');
          lib.look('/not/there/either');
          lib.look('/');
          lib.env();
        });
    ";
    let project = Project::with_step(code)
        .file("node_modules/lib/index.js", PACKAGE)
        .env("SECRET", "secret")
        .env("GONE", "secret")
        .env("TERM", "xterm")
        .env("PACKAGE_SETTING", "1")
        .env("FORCE_COLOR", "1");
    assert_eq!(told(&project.run(&[]).passes()), "");
    // What only packages miss is told where something failed.
    let failing =
        project.file("features/b.feature", "Feature: G\n  Scenario: undefined\n    Given x\n");
    let run = failing.run(&[]).fails();
    assert!(
        told(&run).contains("  variable PACKAGE_SETTING  at steps/a.ts:18\n"),
        "{}",
        told(&run)
    );
    assert_eq!(told(&run).matches("variable").count(), 1, "{}", told(&run));
}

#[test]
fn the_report_on_stdout_is_as_it_would_be() {
    let code = "When('it happens', () => { process.env.TOKEN; });";
    let project = Project::with_step(code).env("TOKEN", "secret");
    for format in ["message", "json"] {
        let run = project.run(&["--format", format]).passes();
        assert!(run.stderr().contains("variable TOKEN"));
        run.does_not_print("sandbox refused");
    }
}

#[test]
fn workers_and_sessions_share_one_list() {
    let code = "
        import { session } from 'quickcuke';
        When('it happens', async () => {
          await session('other').run(() => { process.env.TOKEN; });
          process.env.TOKEN;
        });
        When('nothing happens too', () => {});
        Before(() => { process.env.TOKEN; });
    ";
    let project = Project::with_step(code).env("TOKEN", "secret");
    let project =
        project.file("features/b.feature", "Feature: G\n  Scenario: undefined\n    Given x\n");
    for arguments in [&[][..], &["--parallel", "3"]] {
        let run = project.run(arguments).fails();
        assert_eq!(
            told(&run).matches("variable TOKEN  5 times, first at ").count(),
            1,
            "{}",
            told(&run)
        );
    }
}

#[test]
fn what_a_library_is_refused_while_it_loads_counts_once() {
    let code = "process.env.TOKEN; When('it happens', () => { throw new Error('x'); });";
    let project = Project::with_step(code).env("TOKEN", "secret");
    for restore in ["dirty-pages", "whole-copy", "fresh-vm"] {
        let mut command = project.command(&[]);
        let output = command.env("QUICKCUKE_RESTORE", restore).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains("variable TOKEN  at steps/a.ts:3\n"), "{restore}: {stderr}");
    }
}

#[test]
fn a_library_that_does_not_load_tells_what_it_was_refused() {
    let code = "if (!process.env.TOKEN) throw new Error('no token');";
    let run = Project::with_step(code).env("TOKEN", "secret").run(&[]).fails();
    assert!(told(&run).contains("variable TOKEN  at steps/a.ts:3\n"), "{}", told(&run));
    assert!(run.stderr().contains("no token"));
}

#[test]
fn a_step_that_tries_everything_makes_a_list_of_bounded_length() {
    let code = "
        import fs from 'node:fs';
        When('it happens', () => {
          let refused = 0;
          for (let i = 0; i < 20_000; i++) {
            try { fs.writeFileSync('a' + i, ''); } catch { refused++; }
          }
          throw new Error(`${refused} refused`);
        });
        setDefaultTimeout(60_000);
    ";
    let run = Project::with_step(code).run(&[]).fails().prints("20000 refused");
    assert!(told(&run).lines().count() < 40, "{}", told(&run));
    assert!(told(&run).contains("\n  and 19975 more\n"), "{}", told(&run));
}

#[test]
fn an_author_who_shapes_stacks_still_finds_the_place() {
    let code = "
        Error.stackTraceLimit = 0;
        Error.prepareStackTrace = () => { throw new Error('mine'); };
        When('it happens', () => { process.env.TOKEN; });
    ";
    let run = Project::with_step(code).env("TOKEN", "secret").run(&[]).passes();
    assert!(told(&run).contains("variable TOKEN (steps/a.ts:5)"), "{}", told(&run));
}

/// A suite that uses all that can be granted, with what only its author knows in `elsewhere` and `server`.
fn demanding(server: &Server, elsewhere: &str) -> Project {
    let code = format!(
        "
        import fs from 'node:fs';
        import os from 'node:os';
        import path from 'node:path';
        import assert from 'node:assert/strict';
        import {{ execFileSync, execSync, spawnSync }} from 'node:child_process';

        assert.equal(process.env.AT_LOAD, 'load');
        BeforeAll(() => fs.mkdirSync('reports/deep', {{ recursive: true }}));
        When('it happens', async () => {{
          assert.equal(process.env.TOKEN, 'token');
          assert.equal(fs.readFileSync('{elsewhere}/deep/data.txt', 'utf8'), '42');
          assert.deepEqual(fs.readdirSync('{elsewhere}'), ['deep']);
          assert.ok(fs.existsSync('/etc/passwd'));
          fs.writeFileSync(`reports/deep/${{Date.now()}}.json`, '{{}}');
          fs.mkdirSync('made');
          fs.writeFileSync('made/file', 'x');
          fs.renameSync('made/file', 'made/other');
          fs.rmSync('made/other');
          fs.writeFileSync('out.txt', 'x');
          fs.unlinkSync('out.txt');
          assert.equal((await fetch('{url}')).status, 200);
          assert.match(fs.readFileSync('/proc/self/status', 'utf8'), /Name/);
        }});
        When('nothing happens too', () => {{}});
        After(() => {{
          assert.equal(execFileSync('echo', ['a b', 'c\"']).toString(), 'a b c\"\\n');
          assert.equal(execSync('echo $TOKEN | tr a-z A-Z').toString(), 'TOKEN\\n');
          assert.equal(execSync('echo $MINE', {{ env: {{ MINE: 'mine' }} }}).toString(), 'mine\\n');
          assert.equal(execSync('pwd', {{ cwd: 'steps' }}).toString().trim(), path.resolve('steps'));
          fs.writeFileSync(path.join(os.tmpdir(), 'script.sh'), 'echo from a script');
          assert.equal(spawnSync('sh', [path.join(os.tmpdir(), 'script.sh')]).stdout.toString(), 'from a script\\n');
        }});
        ",
        url = server.url("/echo"),
    );
    Project::with_step(&code).env("AT_LOAD", "load").env("TOKEN", "token").env("UNUSED", "secret")
}

#[test]
fn a_run_passes_with_the_tables_that_it_needed() {
    let server = Server::new();
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::create_dir(elsewhere.path().join("deep")).unwrap();
    std::fs::write(elsewhere.path().join("deep/data.txt"), "42").unwrap();
    let mut project = demanding(&server, elsewhere.path().to_str().unwrap());
    project.run(&[]).fails();
    let clean = |project: &Project| {
        for directory in ["reports", "made"] {
            let _ = std::fs::remove_dir_all(project.path().join(directory));
        }
    };
    clean(&project);
    let run = project.run(&["--grants"]).passes();
    let stderr = run.stderr();
    let first = "warning: --grants: the sandbox is off for this run";
    assert!(stderr.starts_with(first), "{stderr}");
    let tables = stderr.find("[sandbox]\n").map_or("", |at| &stderr[at..]);
    for line in
        ["\nenv = [\"AT_LOAD\", \"TOKEN\"]\n", "\nwrite = [\"made\", \"out.txt\", \"reports\"]\n"]
    {
        assert!(tables.contains(line), "{line}\n{tables}");
    }
    clean(&project);
    project = project.file("quickcuke.toml", tables);
    let run = project.run(&[]).passes();
    assert_eq!(told(&run), "", "{tables}");
    // With these tables nothing more is needed: they are printed as they are.
    clean(&project);
    let again = project.run(&["--grants"]).passes();
    let read = |text: &str| toml::from_str::<serde_json::Value>(text).unwrap();
    let tables_again = again.stderr().find("[sandbox]\n").map_or("", |at| &again.stderr()[at..]);
    assert_eq!(read(tables_again), read(tables));
}

#[test]
fn grants_keep_what_is_configured_and_take_trust_away() {
    let code = "
        import { commands } from 'quickcuke';
        When('it happens', async () => { process.env.TOKEN; await commands.run('say', { word: 'x' }); });
    ";
    let toml = "
        [sandbox]
        trust = true
        env = [\"OTHER\"]
        timeout = \"2m\"
        isolation = \"worker\"

        [commands]
        say = { run = [\"echo\", \"${word}\"], timeout = \"3s\" }
    ";
    let project = Project::with_step(code).file("quickcuke.toml", toml).env("TOKEN", "1");
    let run = project.run(&["--grants"]).passes();
    let expected = "[sandbox]
env = [\"OTHER\", \"TOKEN\"]
timeout = \"120000ms\"
isolation = \"worker\"

[commands]
say = { run = [\"echo\", \"${word}\"], timeout = \"3s\" }
";
    assert!(run.stderr().ends_with(expected), "{}", run.stderr());
}

#[test]
fn grants_say_what_no_line_grants() {
    let code = "
        import { execSync } from 'node:child_process';
        When('it happens', () => { execSync('true', { shell: '/bin/bash' }); });
    ";
    let run = Project::with_step(code).run(&["--grants"]).passes();
    assert!(
        run.stderr().contains("# not granted by any line: program \"true\""),
        "{}",
        run.stderr()
    );
}
