//! What steps may reach.

use crate::project::Project;

const READ: &str = "
    import { readFileSync } from 'node:fs';
    When('it happens', () => console.log('read', readFileSync('secret.txt', 'utf8')));
";

#[test]
fn files_are_out_of_reach_until_they_are_granted() {
    let project = Project::with_step(READ).file("secret.txt", "42");
    let run = project.tell(&[]).fails().does_not_print("read 42");
    run.explains("it", "EACCES").explains("it", "`[sandbox] read = […]` in quickcuke.toml");
    for grant in ["--allow-read=.", "--allow-read=secret.txt", "--allow-read", "--allow-write=.", "--trust"] {
        project.run(&[grant]).passes().prints("read 42");
    }
    project.run(&["--allow-read=steps"]).fails();
}

#[test]
fn the_configuration_can_grant_what_the_command_line_can() {
    let project = Project::with_step(READ).file("secret.txt", "42");
    project.file("quickcuke.toml", "[sandbox]\nread = ['secret.txt']\n").run(&[]).passes().prints("read 42");
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_what_it_names() {
    let project = Project::with_step(&READ.replace("secret.txt", "open/link")).file("secret.txt", "42");
    std::fs::create_dir(project.path().join("open")).unwrap();
    std::os::unix::fs::symlink("../secret.txt", project.path().join("open/link")).unwrap();
    project.tell(&["--allow-read=open"]).fails().explains("it", "EACCES");
    project.tell(&["--allow-read=open,secret.txt"]).passes();
}

#[test]
fn writing_needs_a_grant_of_its_own() {
    let code = "
        import { writeFileSync } from 'node:fs';
        When('it happens', () => writeFileSync('out.txt', 'written'));
    ";
    let project = Project::with_step(code);
    project.tell(&["--allow-read"]).fails().explains("it", "`[sandbox] write = […]` in quickcuke.toml");
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
    run.explains("it", "declare the command in [commands] of quickcuke.toml").explains("it", "add it to quickcuke.toml: [commands] true =");
}
