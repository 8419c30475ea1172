//! What steps may reach.

use crate::project::Project;

/// A project that reads `secret.txt` from a directory elsewhere, which the callback is given.
fn with_secret(test: impl Fn(Project, &str)) {
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("secret.txt"), "42").unwrap();
    let elsewhere = elsewhere.path().to_str().unwrap();
    let code = format!(
        "import {{ readFileSync }} from 'node:fs';
        When('it happens', () => console.log('read', readFileSync('{elsewhere}/secret.txt', 'utf8')));"
    );
    test(Project::with_step(&code), elsewhere);
}

#[test]
fn files_of_the_project_can_be_read() {
    let code = "
        import { readFileSync } from 'node:fs';
        When('it happens', () => console.log('read', readFileSync('data.txt', 'utf8')));
    ";
    Project::with_step(code).file("data.txt", "42").run(&[]).passes().prints("read 42");
}

#[test]
fn other_files_are_out_of_reach_until_they_are_granted() {
    with_secret(|project, elsewhere| {
        let run = project.tell(&[]).fails().does_not_print("read 42");
        run.explains("it", "EACCES").explains("it", "`[sandbox] read = […]` in quickcuke.toml");
        for grant in [
            "--allow-read=DIR",
            "--allow-read=DIR/secret.txt",
            "--allow-read",
            "--allow-write=DIR",
            "--trust",
        ] {
            project.run(&[&grant.replace("DIR", elsewhere)]).passes().prints("read 42");
        }
        project.run(&["--allow-read=/etc"]).fails();
    });
}

#[test]
fn the_configuration_can_grant_what_the_command_line_can() {
    with_secret(|project, elsewhere| {
        let text = format!("[sandbox]\nread = ['{elsewhere}']\n");
        project.file("quickcuke.toml", &text).run(&[]).passes().prints("read 42");
    });
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_what_it_names() {
    with_secret(|_, elsewhere| {
        let code = "
            import { readFileSync } from 'node:fs';
            When('it happens', () => console.log('read', readFileSync('link/secret.txt', 'utf8')));
        ";
        let project = Project::with_step(code);
        std::os::unix::fs::symlink(elsewhere, project.path().join("link")).unwrap();
        project.tell(&[]).fails().explains("it", "EACCES");
        project.run(&[&format!("--allow-read={elsewhere}")]).passes().prints("read 42");
    });
}

#[test]
fn writing_needs_a_grant_of_its_own() {
    let code = "
        import { writeFileSync } from 'node:fs';
        When('it happens', () => writeFileSync('out.txt', 'written'));
    ";
    let project = Project::with_step(code);
    project
        .tell(&["--allow-read"])
        .fails()
        .explains("it", "`[sandbox] write = […]` in quickcuke.toml");
    project.run(&["--allow-write=out.txt"]).passes();
    assert_eq!(project.read("out.txt"), "written");
}

#[test]
fn environment_variables_are_granted_by_name() {
    let code = "When('it happens', () => console.log(process.env.GIVEN, process.env.SECRET));";
    let project = Project::with_step(code).env("GIVEN", "given").env("SECRET", "secret");
    project.run(&[]).passes().prints("undefined undefined\n");
    project.run(&["--allow-env=GIVEN"]).passes().prints("given undefined\n");
    project.run(&["--allow-env"]).passes().prints("given secret\n");
}

#[test]
fn a_program_that_is_not_declared_does_not_run() {
    let code = "
        import { execSync } from 'node:child_process';
        import { commands } from 'quickcuke';
        When('it happens', () => execSync('true'));
        When('nothing happens too', () => {});
        After(() => commands.run('true'));
    ";
    let run = Project::with_step(code).tell(&[]).fails();
    run.explains("it", "is not declared, so it may not run: add to quickcuke.toml")
        .explains("it", "add it to quickcuke.toml: [commands] true =");
}

const TEMPORARY: &str = "
    import { existsSync, writeFileSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    const file = `${tmpdir()}/note`;
    When('it happens', () => writeFileSync(file, 'written'));
    Before(() => console.log('there is one:', existsSync(file)));
";

#[test]
fn temporary_files_are_the_scenarios_own() {
    let project = Project::with_step(TEMPORARY);
    project.run(&[]).passes().does_not_print("there is one: true");
    assert_eq!(std::fs::read_dir(project.temporary()).unwrap().count(), 0, "something is left");
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_a_file_is_refused_and_not_waited_for() {
    let feature = "Feature: F\n  Scenario: it\n    When it happens\n";
    let steps = "import { When } from 'quickcuke';\nWhen('it happens', () => {});\n";
    for fifo in [
        "features/a.feature",
        "steps/a.js",
        "package.json",
        "steps/package.json",
        "tsconfig.json",
        "steps/b.js",
    ] {
        let project = Project::new()
            .file("features/a.feature", feature)
            .file("steps/a.js", steps)
            .file("steps/b.js", "");
        let path = project.path().join(fifo);
        let _ = std::fs::remove_file(&path);
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let arguments = ["features/a.feature", "--import", "steps/a.js", "--import", "steps/b.js"];
        let run = project.run(&arguments);
        if !fifo.ends_with(".json") {
            run.fails().complains("not a regular file");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn temporary_files_of_a_killed_run_go_with_the_next() {
    let project = Project::with_step(
        "
        import { writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        When('it happens', async () => { writeFileSync(`${tmpdir()}/left`, 'x'); console.log('written'); await new Promise((done) => setTimeout(done, 60_000)); });
        ",
    );
    let mut child = project
        .command(&["--timeout", "60s"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let directories = || -> Vec<_> {
        let found = std::fs::read_dir(project.temporary()).unwrap();
        found.map(|entry| entry.unwrap().path()).collect()
    };
    let [own] = &directories()[..] else { panic!("{:?}", directories()) };
    use std::os::unix::fs::PermissionsExt;
    for directory in [own.clone(), own.join("0")] {
        let mode = directory.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", directory.display());
    }
    // Another run leaves those of the living alone, and what only looks like one.
    let other = project.temporary().join("quickcuke-0123456789abcdef");
    std::fs::create_dir(&other).unwrap();
    let passing = Project::with_step("When('it happens', () => {});");
    let run = || {
        let mut command = passing.command(&[]);
        assert!(command.env("TMPDIR", project.temporary()).output().unwrap().status.success());
    };
    run();
    assert!(own.join("0/left").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    run();
    assert_eq!(directories(), [other]);
}

#[cfg(unix)]
#[test]
fn locked_and_deep_directories_are_cleaned_up() {
    let code = "
        import fs from 'node:fs';
        import os from 'node:os';
        import { commands } from 'quickcuke';
        When('it happens', async () => {
          fs.mkdirSync(`${os.tmpdir()}/locked/inner`, { recursive: true });
          fs.writeFileSync(`${os.tmpdir()}/locked/inner/file`, '');
          for (const path of ['locked/inner', 'locked']) fs.chmodSync(`${os.tmpdir()}/${path}`, 0);
          await commands.run('deep', { at: os.tmpdir() });
        });
        Before(() => console.log('finds', fs.readdirSync(os.tmpdir()).length));
    ";
    let deep = r#"
        [commands]
        deep = { run = ["perl", "-e", "chdir $ARGV[0]; for (1..5000) { mkdir 'd' or die; chdir 'd' or die }", "${at}"], timeout = "60s" }
    "#;
    let project = Project::with_step(code).file("quickcuke.toml", deep);
    project.run(&["--timeout", "60s"]).passes().does_not_print("finds 1").does_not_print("finds 2");
    assert_eq!(std::fs::read_dir(project.temporary()).unwrap().count(), 0);
    // The op that does the same.
    let code = "
        import fs from 'node:fs';
        import os from 'node:os';
        import { commands } from 'quickcuke';
        When('it happens', async () => {
          fs.mkdirSync(`${os.tmpdir()}/a`);
          await commands.run('deep', { at: `${os.tmpdir()}/a` });
          fs.rmSync(`${os.tmpdir()}/a`, { recursive: true });
          if (fs.readdirSync(os.tmpdir()).length !== 0) throw new Error('something is left');
        });
    ";
    Project::with_step(code).file("quickcuke.toml", deep).run(&["--timeout", "60s"]).passes();
}

#[cfg(target_os = "linux")]
#[test]
fn temporary_files_that_stay_fail_their_scenario() {
    let code = "
        import fs from 'node:fs';
        import os from 'node:os';
        import { commands } from 'quickcuke';
        When('it happens', async () => {
          fs.writeFileSync(`${os.tmpdir()}/stays`, '');
          fs.writeFileSync(`${os.tmpdir()}/goes`, '');
          await commands.run('lock', { file: `${os.tmpdir()}/stays` });
        });
    ";
    let lock = "[commands]\nlock = { run = ['chattr', '+i', '${file}'] }";
    let project = Project::with_step(code).file("quickcuke.toml", lock);
    let probe = project.path().join("probe");
    std::fs::write(&probe, "").unwrap();
    let chattr = |flag: &str, path: &std::path::Path| {
        let status = std::process::Command::new("chattr")
            .arg(flag)
            .arg(path)
            .stderr(std::process::Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !chattr("+i", &probe) {
        eprintln!("skipped: no file can be made immutable here");
        return;
    }
    chattr("-i", &probe);
    let run = project.tell(&[]);
    let unlock =
        std::process::Command::new("chattr").args(["-R", "-i"]).arg(project.temporary()).status();
    assert!(unlock.unwrap().success());
    run.fails()
        .scenarios(&["it: failed", "later: passed"])
        .explains("it", "failed to delete temporary files: 'stays' in");
}

#[cfg(unix)]
#[test]
fn a_limit_of_a_files_size_is_an_error_of_the_write() {
    let code = "
        import { writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        When('it happens', () => writeFileSync(`${tmpdir()}/large`, 'x'.repeat(8 << 20)));
    ";
    let project = Project::with_step(code);
    let quickcuke = project.command(&[]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -f 4096; exec \"$0\""]).arg(quickcuke.get_program());
    limited.current_dir(project.path()).env_clear();
    limited.envs(quickcuke.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = limited.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("EFBIG: file too large") && told.contains("1 passed"), "{told}");
}
