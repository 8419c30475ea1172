//! By the roots of grants and the directory for temporary files: removing, renaming and replacing them.
//!
//! Victims are directories of their own, below a fresh temporary directory.

use std::path::Path;

use super::attempts;
use crate::project::Project;

/// A directory that belongs to somebody else, with a file and a directory in it.
struct Victim(tempfile::TempDir);

impl Victim {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("secret.txt"), "classified").unwrap();
        std::fs::create_dir(directory.path().join("of-others")).unwrap();
        Self(directory)
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    #[track_caller]
    fn is_untouched(&self) {
        let mut names: Vec<_> =
            std::fs::read_dir(self.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["of-others", "secret.txt"]);
        assert_eq!(
            std::fs::read_to_string(self.0.path().join("secret.txt")).unwrap(),
            "classified"
        );
        assert_eq!(std::fs::read_dir(self.0.path().join("of-others")).unwrap().count(), 0);
    }
}

/// Ways to write the path of a directory of the project.
fn spellings(project: &Path, name: &str) -> Vec<String> {
    let project = project.to_str().unwrap();
    vec![
        name.to_owned(),
        format!("{name}/"),
        format!("./{name}/."),
        format!("features/../{name}"),
        format!("{name}/inner/.."),
        format!("{project}/{name}"),
        format!("{project}//features/..//{name}//"),
        format!("/proc/self/cwd/{name}"),
        format!("up/{name}"),
    ]
}

/// JavaScript that removes, renames and replaces a directory by a link to the victim in all ways.
fn replacing(path: &str, victim: &str) -> String {
    format!(
        "
        for (const act of [
          () => fs.rmSync('{path}', {{ recursive: true, force: true }}), () => fs.rmdirSync('{path}'), () => fs.unlinkSync('{path}'),
          () => fs.renameSync('{path}', os.tmpdir() + '/away'), () => fs.renameSync('{path}', 'artifacts2'),
          () => fs.rmSync('{path}/inner', {{ recursive: true, force: true }}),
          () => fs.symlinkSync('{victim}', '{path}'), () => fs.symlinkSync('{victim}', os.tmpdir() + '/link'),
          () => fs.renameSync(os.tmpdir() + '/link', '{path}'), () => fs.linkSync(os.tmpdir() + '/link', '{path}'),
        ]) try {{ act(); }} catch (error) {{ if (!/^E[A-Z]+$/.test(error.code)) throw error; }}
        assert.ok(!fs.lstatSync('{path}', {{ throwIfNoEntry: false }})?.isSymbolicLink());
        "
    )
}

/// Reads and writes what is at a path, in whatever way works; what is read is given back.
const USING: &str = "
    (path) => {
      const fs = require('node:fs');
      const seen = [];
      for (const act of [
        () => fs.readdirSync(path), () => fs.readFileSync(path + '/secret.txt', 'utf8'), () => fs.writeFileSync(path + '/secret.txt', 'stolen'),
        () => fs.rmSync(path + '/of-others', { recursive: true }), () => fs.writeFileSync(path + '/new.txt', 'new'), () => fs.mkdirSync(path + '/made/deep', { recursive: true }),
      ]) try { seen.push(String(act())); } catch {}
      return seen.join();
    }
";

fn attack_on_artifacts(grants: &[&str]) {
    let victim = Victim::new();
    let name = "artifacts";
    let probe = Project::new();
    for (at, _) in spellings(probe.path(), name).iter().enumerate() {
        for prepared in ["", "fs.mkdirSync('artifacts/inner', { recursive: true });"] {
            let project = Project::new();
            let path = &spellings(project.path(), name)[at];
            let attack = replacing(path, victim.path());
            let body = format!(
                "
                {prepared}
                {attack}
                const use = {USING};
                const seen = [use('{name}'), await this.session('s').run(use, '{name}')].join();
                assert.ok(!seen.includes('classified') && !seen.includes('of-others'), seen);
                "
            );
            let project = with(project, &body);
            let _ = std::os::unix::fs::symlink(".", project.path().join("up"));
            project.run(grants).passes();
            victim.is_untouched();
            project.run(grants).passes();
            victim.is_untouched();
        }
    }
}

/// The project with a scenario of that code.
fn with(project: Project, body: &str) -> Project {
    let code = format!(
        "
        import {{ When }} from 'quickcuke';
        import assert from 'node:assert';
        import fs from 'node:fs';
        import os from 'node:os';
        import {{ createRequire }} from 'node:module';
        const require = createRequire(import.meta.url);
        When('it happens', async function () {{
          {body}
        }});
        "
    );
    let feature = "Feature: F\n  Scenario: it\n    When it happens\n";
    project.file("features/a.feature", feature).file("steps/a.mjs", &code)
}

#[test]
fn the_directory_for_artifacts_cannot_be_replaced() {
    attack_on_artifacts(&[]);
}

#[test]
fn the_directory_for_artifacts_cannot_be_replaced_where_all_of_the_project_is_written() {
    attack_on_artifacts(&["--allow-write=."]);
}

#[test]
fn a_grant_cannot_be_replaced_by_a_link() {
    let victim = Victim::new();
    for grant in ["open", "open/deep"] {
        let project = Project::new().file("open/deep/inner/file", "").file("open/inner/file", "");
        let attack = replacing(grant, victim.path()).replace("artifacts2", "open/moved");
        let above = replacing("open", victim.path());
        let body = format!(
            "
            {attack}
            {above}
            const use = {USING};
            const seen = [use('{grant}'), await this.session('s').run(use, '{grant}')].join();
            assert.ok(!seen.includes('classified') && !seen.includes('of-others'), seen);
            assert.throws(() => fs.rmSync('{grant}', {{ recursive: true }}), (error) => /^(EBUSY|EACCES)$/.test(error.code));
            "
        );
        let project = with(project, &body);
        for more in [&[][..], &["--allow-write=."], &["--parallel", "2"]] {
            let own = format!("--allow-write={grant}");
            let grants = [&[own.as_str()], more].concat();
            project.run(&grants).passes();
            project.run(&grants).passes();
            victim.is_untouched();
        }
    }
}

#[test]
fn a_root_that_is_read_cannot_be_replaced_either() {
    let victim = Victim::new();
    let body = format!(
        "
        for (const act of [
          () => fs.rmSync('data/read', {{ recursive: true }}), () => fs.renameSync('data', 'data2'), () => fs.rmSync('data', {{ recursive: true }}),
          () => fs.symlinkSync('{}', 'data/read'), () => fs.unlinkSync('data/read'),
        ]) assert.throws(act, {{ code: 'EBUSY' }}, String(act));
        assert.equal(fs.readFileSync('data/read/file', 'utf8'), 'mine\\n');
        ",
        victim.path()
    );
    let project = with(Project::new().file("data/read/file", "mine"), &body);
    let grants = ["--allow-write=.", "--allow-read=data/read"];
    project.run(&grants).passes();
    project.run(&grants).passes();
}

#[test]
fn a_link_in_the_place_of_a_write_grant_is_not_followed() {
    let victim = Victim::new();
    let body = format!("const use = {USING}; use('out'); use('artifacts');");
    let project = with(Project::new(), &body);
    for name in ["out", "artifacts"] {
        std::os::unix::fs::symlink(victim.path(), project.path().join(name)).unwrap();
    }
    project.run(&[]).passes();
    let link = "is a symbolic link to";
    project.run(&["--allow-write=out"]).fails().complains(link);
    project.run(&["--artifacts", "out"]).fails().complains(link);
    victim.is_untouched();
    // What the link leads to can be named.
    std::fs::remove_dir_all(victim.0.path().join("of-others")).unwrap();
    let writes = "fs.writeFileSync('out/mine', 'x');";
    let project = with(Project::new(), writes);
    std::os::unix::fs::symlink(victim.path(), project.path().join("out")).unwrap();
    project.run(&[&format!("--allow-write={}", victim.path())]).passes();
    assert!(victim.0.path().join("mine").exists());
}

#[test]
fn cleaning_up_removes_nothing_of_others() {
    let victim = Victim::new();
    let body = format!(
        "
        const tmp = os.tmpdir();
        for (const act of [
          () => fs.rmSync(tmp, {{ recursive: true }}), () => fs.rmdirSync(tmp), () => fs.unlinkSync(tmp),
          () => fs.renameSync(tmp, 'artifacts/x'), () => fs.renameSync(tmp, tmp + '2'), () => fs.rmSync(tmp + '/..', {{ recursive: true }}),
          () => fs.renameSync(tmp + '/..', tmp + '/../../x'), () => fs.symlinkSync('{victim}', tmp),
        ]) try {{ act(); }} catch (error) {{ if (!/^E[A-Z]+$/.test(error.code)) throw error; }}
        fs.mkdirSync(tmp, {{ recursive: true }});
        fs.symlinkSync('{victim}', tmp + '/link');
        fs.mkdirSync(tmp + '/deep');
        fs.symlinkSync('{victim}', tmp + '/deep/link');
        assert.ok(!fs.lstatSync(tmp).isSymbolicLink());
        ",
        victim = victim.path()
    );
    for arguments in
        [&[][..], &["--isolation", "attempt"], &["--parallel", "3"], &["--allow-write"]]
    {
        let project = attempts(&[("attack", &body), ("again", &body)]);
        project.run(arguments).passes();
        victim.is_untouched();
        let left: Vec<_> =
            std::fs::read_dir(project.temporary()).unwrap().map(|e| e.unwrap().path()).collect();
        assert!(left.is_empty(), "{left:?} {arguments:?}");
    }
    // What --trust does not keep it from, cleaning up does not go on with.
    let swapped = format!(
        "
        const tmp = os.tmpdir();
        fs.renameSync(tmp, tmp + '-moved');
        fs.symlinkSync('{}', tmp);
        ",
        victim.path()
    );
    let project = attempts(&[("attack", &swapped)]);
    project.run(&["--trust"]);
    victim.is_untouched();
}

#[test]
fn a_report_is_not_written_through_a_link() {
    let victim = Victim::new();
    let body = format!(
        "fs.mkdirSync('artifacts'); fs.symlinkSync('{}/secret.txt', 'artifacts/report.json');",
        victim.path()
    );
    let project = with(Project::new(), &body);
    project.run(&[]).passes();
    let arguments = ["--format", "json:artifacts/report.json"];
    project.run(&arguments).fails().complains("is a symbolic link");
    victim.is_untouched();
}
