//! Compiled step files on disk.

use crate::project::Project;

const FIRST: &str = "
    import { value } from './value';
    When('it happens', () => console.log('the value is', value));
";

#[test]
fn a_file_that_changed_is_compiled_anew() {
    let project =
        Project::with_step(FIRST).file("steps/value.ts", "export const value: string = 'old';");
    project.run(&["--cache", "cached"]).passes().prints("the value is old");
    assert_ne!(
        std::fs::read_dir(project.path().join("cached")).unwrap().count(),
        0,
        "nothing is kept"
    );
    project.run(&["--cache", "cached"]).passes().prints("the value is old");
    // As long as the first: neither the size nor, in a coarse file system, the time tells them apart.
    let project = project.file("steps/value.ts", "export const value: string = 'new';");
    project.run(&["--cache", "cached"]).passes().prints("the value is new");
    let project = project.file("steps/value.ts", "export const value: string = 'old';");
    project.run(&["--cache", "cached"]).passes().prints("the value is old");
}

#[test]
fn positions_are_the_same_with_and_without_it() {
    let code = "
        interface Unused { a: string; b: string }
        When('it happens', () => {
          throw new Error('broken');
        });
    ";
    let project = Project::with_step(code);
    let runs: Vec<_> =
        (0..2).map(|_| project.run(&["--cache", "cached"]).fails().stdout()).collect();
    assert_eq!(runs[0], runs[1]);
    assert!(runs[1].contains("/project/steps/a.ts:5:"), "{}", runs[1]);
    assert_eq!(project.run(&["--no-cache"]).fails().stdout(), runs[1]);
}

#[test]
fn a_directory_that_cannot_be_written_is_no_error() {
    let project = Project::with_step("When('it happens', () => {});").file("taken", "a file");
    project.run(&["--cache", "taken/cache"]).passes().stays_quiet();
    project.run(&["--cache", "/proc/no/such"]).passes().stays_quiet();
}

#[test]
fn what_was_damaged_is_made_anew() {
    let project = Project::with_step(FIRST).file("steps/value.ts", "export const value = 'whole';");
    project.run(&["--cache", "cached"]).passes();
    let files = walk(&project.path().join("cached"));
    assert_ne!(files.len(), 0);
    for file in files {
        std::fs::write(file, "garbage").unwrap();
    }
    project.run(&["--cache", "cached"]).passes().prints("the value is whole");
}

#[test]
fn it_is_kept_in_the_home_directory_by_default() {
    let project = Project::with_step("When('it happens', () => {});");
    let home = project.path().join("home").to_string_lossy().into_owned();
    let project = project.env("HOME", &home);
    project.run(&[]).passes();
    assert!(project.path().join("home/.cache/quickcuke").is_dir());
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let paths = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
