//! Random file operations against a plain model: whatever a scenario, a session beside it and later runs do, nothing
//! outside of the grants is read, made, changed or removed. A tree of canaries shows it.
//!
//! `QUICKCUKE_MODEL=N` runs N sequences; the seed of one that fails is printed, and `QUICKCUKE_MODEL_SEED` runs it alone.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;

use super::*;

const SEQUENCES: u64 = 300;
const OPERATIONS: usize = 150;
/// What is in canaries, and what the names begin with that no operation is given.
const CONTENT: &str = "canary content";
const HIDDEN: &str = "hidden-";

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// What may be granted in a sequence.
#[derive(Clone, Copy, Debug)]
enum Granted {
    Narrow,
    /// All of the project is written.
    Wide,
    /// The tree is the guest's.
    Mounts,
}

struct World {
    root: tempfile::TempDir,
    granted: Granted,
    /// A step's and a session's.
    hosts: Vec<Host>,
    /// What must stay as it is, and the inodes of its files.
    before: BTreeMap<PathBuf, String>,
    inodes: BTreeSet<u64>,
}

impl World {
    fn new(granted: Granted) -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for directory in
            ["project/open/deep/grant", "project/read/inner", "outside/a/b", "outside/c"]
        {
            std::fs::create_dir_all(at(directory)).unwrap();
        }
        for file in ["outside/b", "outside/a/a", "outside/hidden-1", "outside/a/hidden-2"] {
            std::fs::write(at(file), CONTENT).unwrap();
        }
        for file in ["project/read/a", "project/read/inner/b", "project/open/a", "project/a"] {
            std::fs::write(at(file), "the project's").unwrap();
        }
        let mut world = Self {
            root,
            granted,
            hosts: Vec::new(),
            before: BTreeMap::new(),
            inodes: BTreeSet::new(),
        };
        world.before = world.kept();
        let outside = world.root.path().join("outside");
        world.inodes =
            walk(&outside).iter().map(|path| path.symlink_metadata().unwrap().ino()).collect();
        world.begin_run();
        world
    }

    /// All that must not change, with what can be told of it.
    fn kept(&self) -> BTreeMap<PathBuf, String> {
        let mut paths = walk(&self.root.path().join("outside"));
        match self.granted {
            Granted::Narrow => paths.extend(walk(&self.root.path().join("project/read"))),
            Granted::Wide | Granted::Mounts => {}
        }
        let told = |path: &Path| {
            let metadata = path.symlink_metadata().unwrap();
            let text = if metadata.is_file() {
                std::fs::read_to_string(path).unwrap()
            } else {
                String::new()
            };
            let (mode, links) = (metadata.mode(), metadata.nlink());
            format!("{mode:o} {links} {}.{} {text}", metadata.mtime(), metadata.mtime_nsec())
        };
        paths.into_iter().map(|path| (path.clone(), told(&path))).collect()
    }

    fn grants(&self) -> Grants {
        let at = |path: &str| self.root.path().join(path);
        let mount = |directory, guest| Mount::new(directory, guest).found(self.root.path());
        let made = Some(at("project/artifacts"));
        match self.granted {
            Granted::Narrow => Grants {
                read: vec![at("project")],
                write: vec![at("project/open"), at("project/open/deep/grant"), at("project/late")],
                made,
                ..Grants::default()
            },
            Granted::Wide => Grants {
                read: vec![at("project"), at("project/read")],
                write: vec![at("project"), at("project/open/deep/grant")],
                made,
                ..Grants::default()
            },
            Granted::Mounts => Grants {
                mounts: [
                    ("project", "/data", Permissions::READ_WRITE),
                    ("project/open", "/data/shown", Permissions::READ_ONLY),
                ]
                .into_iter()
                // What is mounted may be gone, where another mount has it.
                .filter_map(|(directory, guest, has)| Some(mount(directory, guest).ok()?.with(has)))
                .collect(),
                made,
                ..Grants::default()
            },
        }
    }

    /// As a later run finds it: everything is resolved anew.
    fn begin_run(&mut self) {
        for host in &self.hosts {
            host.unfreeze();
            let _ = host.begin_scenario();
        }
        // A link in the place of a grant ends the run that would begin.
        let grants = self.grants().open().unwrap_or_default();
        let host = |name| {
            let scratch = Scratch::new(SharedTemporary::of(self.root.path()), name).unwrap();
            Host::new(grants.clone(), self.root.path().join("project"), scratch, Rc::new(|_, _| {}))
        };
        self.hosts = vec![host("scratch"), host("scratch-of-session")];
    }

    fn path(&self, random: &mut Random) -> String {
        let root = self.root.path().to_str().unwrap();
        let bases = [
            "project/open",
            "project/open/deep/grant",
            "project/artifacts",
            "scratch",
            "scratch-of-session",
            "project",
            "project/read",
            "project/late",
            "outside",
            "",
            "project/../outside",
            "project/open/..",
        ];
        let guests = [
            "/data",
            "/data/shown",
            "/tmp",
            "/artifacts",
            "/",
            "/data/open",
            "..",
            "/proc/self/cwd",
            "open",
            ".",
        ];
        let mut path = match random.below(3) {
            0 => random.of(&guests).to_owned(),
            _ => format!("{root}/{}", random.of(&bases)),
        };
        for _ in 0..random.below(4) {
            path.push('/');
            path.push_str(
                random.of(&["a", "b", "c", "a", "b", "..", ".", "grant", "deep", "inner", "link"]),
            );
        }
        if random.below(8) == 0 {
            path.push('/');
        }
        path
    }

    /// Does something; what it gave.
    fn act(&mut self, random: &mut Random) -> (String, OpResult) {
        let (one, other) = (self.path(random), self.path(random));
        let yes = OpValue::Bool(random.below(2) == 0);
        let flags = random.of(&["r", "r+", "w", "wx", "a", "a+", "w+"]);
        let number = OpValue::Number;
        let bytes = || OpValue::Bytes(b"mine".to_vec());
        let of_paths = [
            "fs_rename",
            "fs_rename",
            "fs_rename",
            "fs_link",
            "fs_symlink",
            "fs_symlink",
            "fs_copy_file",
        ];
        let of_path = [
            "fs_read_file",
            "fs_readdir",
            "fs_unlink",
            "fs_rmdir",
            "fs_realpath",
            "fs_readlink",
            "fs_mkdtemp",
            "process_chdir",
            "fs_truncate",
        ];
        let (op, args) = match random.below(12) {
            0..=3 => (random.of(&of_paths), vec![text(&one), text(&other), yes]),
            4..=5 => (random.of(&of_path), vec![text(&one)]),
            6 => ("fs_mkdir", vec![text(&one), yes]),
            7 => ("fs_rm", vec![text(&one), yes.clone(), yes]),
            8 => ("fs_write_file", vec![text(&one), bytes(), text(flags), OpValue::Null]),
            9 => ("fs_stat", vec![text(&one), yes]),
            10 => match random.below(2) {
                0 => (
                    "fs_chmod",
                    vec![text(&one), number(f64::from(random.of(&[&0o755, &0o700]).to_owned()))],
                ),
                _ => ("fs_utimes", vec![text(&one), number(1.0), number(2.0)]),
            },
            _ => ("fs_open", vec![text(&one), text(flags), OpValue::Null]),
        };
        let host = &self.hosts[random.below(2)];
        let (_, run) = all().find(|(known, _)| *known == op).unwrap();
        let mut result = run(host, &args);
        if let ("fs_open", Ok(descriptor)) = (op, &result) {
            let call = |name: &str, args: &[OpValue]| {
                let (_, run) = all().find(|(known, _)| *known == name).unwrap();
                run(host, args)
            };
            let _ = call("fs_write", &[descriptor.clone(), bytes(), OpValue::Null]);
            let _ = call("fs_ftruncate", &[descriptor.clone(), number(2.0)]);
            let read = call("fs_read", &[descriptor.clone(), number(100.0), number(0.0)]);
            let _ = call("fs_close", std::slice::from_ref(descriptor));
            result = read;
        }
        (format!("{op} {args:?}"), result)
    }

    /// Whether something of a canary is in an answer.
    fn tells(&self, result: &OpResult) -> bool {
        let told = match result {
            Ok(OpValue::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Ok(OpValue::Json(json)) => {
                let stats: serde_json::Value = serde_json::from_str(json).unwrap();
                let inode = stats.get("ino").and_then(serde_json::Value::as_u64);
                if inode.is_some_and(|inode| self.inodes.contains(&inode)) {
                    return true;
                }
                json.clone()
            }
            Ok(OpValue::Text(text)) => text.clone(),
            Ok(_) => String::new(),
            Err(error) => error.message.clone(),
        };
        told.contains(CONTENT) || told.contains(HIDDEN)
    }
}

fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut found = vec![directory.to_owned()];
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.symlink_metadata().unwrap().is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn nothing_outside_the_grants_is_reached() {
    let number =
        |name| std::env::var(name).ok().and_then(|value: String| value.parse::<u64>().ok());
    let seeds = match number("QUICKCUKE_MODEL_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..number("QUICKCUKE_MODEL").unwrap_or(SEQUENCES) + 1,
    };
    let (mut done, mut refused) = (0, 0);
    for seed in seeds {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let granted = [Granted::Narrow, Granted::Wide, Granted::Mounts][random.below(3)];
        let mut world = World::new(granted);
        let mut history = Vec::new();
        for _ in 0..OPERATIONS {
            match random.below(40) {
                0 => world.begin_run(),
                1 => {
                    let _ = world.hosts[random.below(2)].begin_scenario();
                }
                2 => {
                    let _ = world.hosts[random.below(2)].freeze();
                }
                3 => {
                    let grants = world.grants();
                    world.hosts[random.below(2)].grant(grants);
                }
                _ => {
                    let (what, result) = world.act(&mut random);
                    history.push(format!("{what} -> {result:?}"));
                    if result.is_ok() {
                        done += 1
                    } else {
                        refused += 1
                    }
                    assert!(
                        !world.tells(&result),
                        "seed {seed}, {granted:?}:\n{}",
                        history.join("\n")
                    );
                }
            }
        }
        world.begin_run();
        assert_eq!(world.kept(), world.before, "seed {seed}, {granted:?}:\n{}", history.join("\n"));
    }
    // A test that is refused everything would show nothing.
    assert!(done * 20 > refused, "{done} operations succeeded, {refused} were refused");
}
