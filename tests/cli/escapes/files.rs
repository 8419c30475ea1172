//! By paths and imports.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::attempts;

/// A directory that is not the project's, with `secret.txt`, `secret.json` and `secret.js`.
fn elsewhere() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in
        [("secret.txt", "secret"), ("secret.json", "{}"), ("secret.js", "module.exports = 1;")]
    {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

#[track_caller]
fn is_untouched(elsewhere: &Path) {
    let mut names: Vec<_> =
        std::fs::read_dir(elsewhere).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["secret.js", "secret.json", "secret.txt"]);
    assert_eq!(std::fs::read_to_string(elsewhere.join("secret.txt")).unwrap(), "secret");
}

#[test]
fn no_path_leads_outside() {
    let elsewhere = elsewhere();
    let outside = elsewhere.path().to_str().unwrap();
    let up = "../".repeat(40);
    let paths = [
        format!("{outside}/secret.txt"),
        format!("{up}{}/secret.txt", &outside[1..]),
        format!("features/../{up}{}/secret.txt", &outside[1..]),
        format!("/proc/self/root{outside}/secret.txt"),
        format!("/proc/self/cwd/{up}{}/secret.txt", &outside[1..]),
        "link/secret.txt".to_owned(),
        "link/../secret.txt".to_owned(),
        "chain/secret.txt".to_owned(),
        "/proc/self/environ".to_owned(),
        "/proc/self/mem".to_owned(),
        "/proc/self/fd/1".to_owned(),
        "/dev/fd/1".to_owned(),
        "/dev/kmsg".to_owned(),
        "/etc/passwd".to_owned(),
    ];
    let body = format!(
        "
        const inside = os.tmpdir() + '/mine';
        fs.writeFileSync(inside, 'mine');
        const refused = (act) => assert.throws(act, {{ code: 'EACCES' }});
        for (const path of {paths:?}) {{
          for (const form of [path, Buffer.from(path), path.startsWith('/') ? new URL('file://' + path) : path]) {{
            refused(() => fs.readFileSync(form));
            refused(() => fs.writeFileSync(form, 'x'));
            refused(() => fs.appendFileSync(form, 'x'));
            refused(() => fs.openSync(form, 'r'));
            refused(() => fs.openSync(form, 'a+'));
            refused(() => fs.statSync(form));
            refused(() => fs.accessSync(form));
            refused(() => fs.readdirSync(form));
            refused(() => fs.realpathSync(form));
            refused(() => fs.truncateSync(form));
            refused(() => fs.chmodSync(form, 0o777));
            refused(() => fs.utimesSync(form, 0, 0));
            refused(() => fs.copyFileSync(form, inside));
            refused(() => fs.copyFileSync(inside, form));
            refused(() => fs.renameSync(form, inside + '2'));
            refused(() => fs.renameSync(inside, form));
            refused(() => fs.linkSync(form, inside + '2'));
            refused(() => fs.linkSync(inside, form));
            refused(() => fs.symlinkSync(inside, form));
            refused(() => fs.unlinkSync(form));
            refused(() => fs.rmSync(form, {{ recursive: true, force: true }}));
            refused(() => fs.rmdirSync(form));
            refused(() => fs.mkdirSync(form, {{ recursive: true }}));
            refused(() => fs.mkdtempSync(String(form)));
            refused(() => process.chdir(path));
            assert.equal(fs.existsSync(form), false);
            await assert.rejects(fs.promises.readFile(form), {{ code: 'EACCES' }});
            await assert.rejects(fs.promises.open(form), {{ code: 'EACCES' }});
            await assert.rejects((async () => {{ for await (const _ of fs.createReadStream(form)); }})(), {{ code: 'EACCES' }});
          }}
        }}
        // A link of one's own leads no further, and one cannot be made to another's file.
        for (const target of ['{outside}', '{up}', '/proc/self/root', '/proc/self/fd']) {{
          fs.symlinkSync(target, inside + '3');
          refused(() => fs.readdirSync(inside + '3/'));
          refused(() => fs.writeFileSync(inside + '3/x', 'x'));
          fs.unlinkSync(inside + '3');
        }}
        refused(() => fs.linkSync('features/a.feature', inside + '4'));
        assert.throws(() => fs.readFileSync('a\\0b'), {{ code: 'ERR_INVALID_ARG_VALUE' }});
        assert.throws(() => fs.readFileSync('a/'.repeat(1e6)), {{ code: 'ENAMETOOLONG' }});
        for (const fd of [0, 3, 4, 5, 6, 7, 8, 9, -1, 1e9, 2 ** 32 + 3, NaN]) assert.throws(() => fs.readSync(fd, Buffer.alloc(1)));
        "
    );
    let project = attempts(&[("paths", &body)]);
    std::os::unix::fs::symlink(outside, project.path().join("link")).unwrap();
    std::os::unix::fs::symlink("link", project.path().join("chain")).unwrap();
    project.run(&[]).passes();
    is_untouched(elsewhere.path());
    // The same through a grant of everything, for what shows other processes and this one.
    let body = "
        for (const path of ['/proc/self/environ', '/proc/self/mem', '/proc/thread-self/root/proc/self/mem', '/proc/1/environ', '/sys/kernel/notes', '/dev/mem']) {
          assert.throws(() => fs.readFileSync(path), { code: 'EACCES' });
          assert.throws(() => fs.writeFileSync(path, 'x'), { code: 'EACCES' });
        }
    ";
    attempts(&[("processes", body)]).run(&["--allow-read", "--allow-write"]).passes();
}

#[test]
fn a_step_that_reads_while_links_are_swapped_sees_nothing_outside() {
    let elsewhere = elsewhere();
    let body = "
        let [read, refused] = [0, 0];
        for (let round = 0; round < 10_000; round++) {
          try {
            assert.equal(fs.readFileSync('open/real/secret.txt', 'utf8'), 'inside');
            read++;
          } catch (error) {
            if (!['EACCES', 'ELOOP', 'ENOENT'].includes(error.code)) throw error;
            refused++;
          }
        }
        console.log('read', read > 0, 'refused', refused > 0);
    ";
    let project = attempts(&[("races", body)]).file("open/real/secret.txt", "inside");
    let open = project.path().join("open");
    std::fs::write(open.join("real/secret.txt"), "inside").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), open.join("link")).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                let (one, other) = (open.join("real"), open.join("link"));
                renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                std::thread::sleep(std::time::Duration::from_micros(20));
            }
        });
        let run = project.run(&["--timeout", "60s"]);
        is_over.store(true, Ordering::Relaxed);
        run.passes().prints("read true refused true");
    });
}

#[test]
fn an_import_in_a_step_is_a_read() {
    let elsewhere = elsewhere();
    let outside = elsewhere.path().to_str().unwrap();
    let body = format!(
        "
        const refused = {{ code: 'EACCES', message: /^EACCES: permission denied, import '.*secret.*'; the sandbox does not let it be read: add \".*\" to `\\[sandbox\\] read = \\[…\\]`/ }};
        for (const name of ['secret.js', 'secret.json', 'secret.txt', 'secret', 'secret-not-there.js']) {{
          for (const path of ['{outside}/' + name, 'file://{outside}/' + name, '../link/' + name]) {{
            await assert.rejects(import(path), refused, path);
          }}
          for (const path of ['{outside}/' + name, '../link/' + name]) {{
            assert.throws(() => require(path), refused);
            assert.throws(() => require.resolve(path), refused);
            assert.throws(() => createRequire('{outside}/x.js')('./' + name), refused);
            assert.throws(() => module_('./' + name), refused);
          }}
        }}
        // What is the project's, and what its packages are, can be had late.
        assert.equal((await import('./late.js')).default, 'late');
        assert.equal(require('package-of-ours'), 'package');
        "
    );
    let project = attempts(&[("imports", &body.replace("module_(", "new (require('node:module'))('x').require?.call({ id: 'OUT/x.js', children: [] }, ").replace("OUT", outside).replace(
        "assert.throws(() => new (require", "if (new (require('node:module'))('x').require) assert.throws(() => new (require",
    ))])
        .file("steps/late.js", "export default 'late';")
        .file("node_modules/package-of-ours/index.js", "module.exports = 'package';");
    std::os::unix::fs::symlink(outside, project.path().join("link")).unwrap();
    project.run(&[]).passes();
    let body = format!("assert.equal((await import('{outside}/secret.js')).default, 1);");
    attempts(&[("granted", &body)]).run(&[&format!("--allow-read={outside}")]).passes();
}
