//! Compiled step files on disk.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::project::Project;

/// With a place of its own for the key of the cache.
fn keyed(project: Project) -> Project {
    let home = project
        .temporary()
        .parent()
        .unwrap()
        .join(format!("{}-home", project.temporary().file_name().unwrap().to_string_lossy()));
    project.env("XDG_CACHE_HOME", &home.to_string_lossy())
}

const FIRST: &str = "
    import { value } from './value';
    When('it happens', () => console.log('the value is', value));
";

#[test]
fn a_file_that_changed_is_compiled_anew() {
    let project = keyed(
        Project::with_step(FIRST).file("steps/value.ts", "export const value: string = 'old';"),
    );
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
    let project = keyed(Project::with_step(code));
    let runs: Vec<_> =
        (0..2).map(|_| project.run(&["--cache", "cached"]).fails().stdout()).collect();
    assert_eq!(runs[0], runs[1]);
    assert!(runs[1].contains("/project/steps/a.ts:5:"), "{}", runs[1]);
    assert_eq!(project.run(&["--no-cache"]).fails().stdout(), runs[1]);
}

#[test]
fn a_directory_that_cannot_be_written_is_no_error() {
    let project =
        keyed(Project::with_step("When('it happens', () => {});").file("taken", "a file"));
    project.run(&["--cache", "taken/cache"]).passes().stays_quiet();
    project.run(&["--cache", "/proc/no/such"]).passes().stays_quiet();
}

#[test]
fn what_was_damaged_is_made_anew() {
    let project =
        keyed(Project::with_step(FIRST).file("steps/value.ts", "export const value = 'whole';"));
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

#[test]
fn modules_that_import_each_other_load_again() {
    let step = "
        import { cart } from './cart';
        When('it happens', async () => console.log(cart(), (await import('./late')).late));
    ";
    // Something is imported after what closes the circle.
    let project = keyed(Project::with_step(step))
        .file(
            "steps/cart.ts",
            "import { login } from './login'; import { other } from './other'; export const cart = () => login() + other;",
        )
        .file(
            "steps/login.ts",
            "import { cart } from './cart'; import { other } from './other'; export const login = () => typeof cart + other;",
        )
        .file("steps/other.ts", "export const other = ' other';")
        .file("steps/late.ts", "import { login } from './login'; export const late = login();");
    for _ in 0..3 {
        project
            .run(&["--cache", "cached", "--import", "steps/a.ts"])
            .passes()
            .prints("function other other function other");
    }
}

#[test]
fn entries_that_were_swapped_are_compiled_anew() {
    let project =
        keyed(Project::with_step(FIRST).file("steps/value.ts", "export const value = 'mine';"));
    project.run(&["--cache", "cached"]).passes();
    let files = walk(&project.path().join("cached"));
    let texts: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for (index, file) in files.iter().enumerate() {
        fs::write(file, &texts[(index + 1) % texts.len()]).unwrap();
    }
    project.run(&["--cache", "cached"]).passes().prints("the value is mine");
}

#[test]
fn one_that_others_may_enter_is_not_used_and_that_is_said() {
    let project = keyed(Project::with_step("When('it happens', () => {});"));
    project.run(&["--cache", "cached"]).passes().stays_quiet();
    let cached = project.path().join("cached");
    fs::set_permissions(&cached, fs::Permissions::from_mode(0o755)).unwrap();
    project
        .run(&["--cache", "cached"])
        .passes()
        .complains("the compile cache is not used")
        .complains("chmod 700");
    fs::set_permissions(&cached, fs::Permissions::from_mode(0o700)).unwrap();
    project.run(&["--cache", "cached"]).passes().stays_quiet();
    symlink("cached", project.path().join("link")).unwrap();
    project.run(&["--cache", "link"]).passes().complains("is a symbolic link");
}

#[test]
fn no_grant_opens_it() {
    let step = "
        import fs from 'node:fs';
        const attempts = {
          read: () => fs.readdirSync('cached'),
          key: () => fs.readFileSync(process.env.KEY),
          through_a_link: () => { fs.symlinkSync('.', 'here'); fs.writeFileSync('here/cached/x', ''); },
          dots: () => fs.writeFileSync('steps/../cached/x', ''),
          move: () => fs.renameSync('cached', 'elsewhere'),
          remove: () => fs.rmSync('cached', { recursive: true }),
          above: () => fs.renameSync('.', '../elsewhere'),
          mode: () => fs.chmodSync('cached', 0o777),
          another_name: () => fs.linkSync('cached/key', 'key'),
          make: () => fs.mkdirSync('cached/x'),
        };
        When('it happens', async () => {
          for (const [name, attempt] of Object.entries(attempts)) {
            try { attempt(); console.log('open:', name); } catch (error) { if (error.code !== 'EACCES' && error.code !== 'EBUSY') throw error; }
          }
          await import(process.env.KEY).then(() => console.log('open: import'), () => {});
          console.log('tried');
        });
    ";
    let project = keyed(Project::with_step(step));
    let key = project.temporary().parent().unwrap().join(format!(
        "{}-home/quickcuke/key",
        project.temporary().file_name().unwrap().to_string_lossy()
    ));
    let project = project.env("KEY", &key.to_string_lossy());
    let flags = ["--cache", "cached", "--allow-write", "--allow-env=KEY"];
    project.run(&flags).passes().prints("tried").does_not_print("open:");
    // Not even where the run itself has no cache: the key is kept from it.
    let step = "
        import fs from 'node:fs';
        import { When } from 'quickcuke';
        When('it happens', () => { fs.readdirSync('cached'); fs.readFileSync(process.env.KEY); });
    ";
    let flags = ["--no-cache", "--allow-write", "--allow-env=KEY"];
    project.file("steps/a.ts", step).run(&flags).fails().prints("it belongs to quickcuke's cache");
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let paths = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
