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
