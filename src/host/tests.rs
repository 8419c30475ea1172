mod model;
mod mounts;

use std::cell::RefCell;

use super::*;
use crate::isolate::OpError;

/// A host over a fresh directory with `project/`, `project/open/` (writable), `scratch/` and `outside/`.
struct Fixture {
    root: tempfile::TempDir,
    host: Rc<Host>,
    written: Rc<RefCell<Vec<(Stream, String)>>>,
}

fn text(value: &str) -> OpValue {
    OpValue::Text(value.to_owned())
}

impl Fixture {
    fn new() -> Self {
        Self::with(|root| Grants {
            read: vec![root.join("project")],
            write: vec![root.join("project/open")],
            env: vec![("GIVEN".into(), "yes".into())],
            trust: false,
            ..Grants::default()
        })
    }

    fn with(grants: impl Fn(&Path) -> Grants) -> Self {
        let root = tempfile::tempdir().unwrap();
        for directory in ["project/open", "outside"] {
            std::fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        std::fs::write(root.path().join("project/a.txt"), "inside").unwrap();
        std::fs::write(root.path().join("outside/secret.txt"), "secret").unwrap();
        let written = Rc::new(RefCell::new(Vec::new()));
        let sink = written.clone();
        let output: Output =
            Rc::new(move |stream, text| sink.borrow_mut().push((stream, text.to_owned())));
        let grants = grants(root.path());
        let host = Rc::new(Host::new(
            grants,
            root.path().join("project"),
            Scratch::new(SharedTemporary::of(root.path()), "scratch").unwrap(),
            output,
        ));
        Self { root, host, written }
    }

    fn call(&self, name: &str, args: &[OpValue]) -> OpResult {
        let (_, op) = all().find(|(known, _)| *known == name).expect("an op of that name");
        op(&self.host, args)
    }

    fn refusal(&self, name: &str, args: &[OpValue]) -> OpError {
        let error = self.call(name, args).expect_err("the sandbox refuses");
        assert_eq!(error.code.as_deref(), Some("EACCES"), "{}", error.message);
        error
    }

    fn path(&self, relative: &str) -> String {
        self.root.path().join(relative).to_string_lossy().into_owned()
    }
}

fn write(path: &str) -> [OpValue; 4] {
    [text(path), OpValue::Bytes(b"x".to_vec()), text("w"), OpValue::Null]
}

#[test]
fn reads_below_the_read_roots_only() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.call("fs_read_file", &[text("a.txt")]),
        Ok(OpValue::Bytes(b"inside".to_vec()))
    );
    let secret = fixture.path("outside/secret.txt");
    let error = fixture.refusal("fs_read_file", &[text(&secret)]);
    assert_eq!(
        error.message,
        format!(
            "EACCES: permission denied, open '{secret}'; the sandbox does not let it be read: add \"{secret}\" to \
             `[sandbox] read = […]` in quickcuke.toml, or pass --allow-read={secret}"
        )
    );
    fixture.refusal("fs_read_file", &[text("../outside/secret.txt")]);
    fixture.refusal("fs_readdir", &[text(&fixture.path("outside"))]);
    assert_eq!(fixture.call("fs_exists", &[text(&secret)]), Ok(OpValue::Bool(false)));
}

#[test]
fn writes_below_the_write_roots_only() {
    let fixture = Fixture::new();
    let error = fixture.refusal("fs_write_file", &write("b.txt"));
    assert!(error.message.contains("--allow-write="), "{}", error.message);
    fixture.call("fs_write_file", &write("open/b.txt")).unwrap();
    fixture.call("fs_write_file", &write(&fixture.path("scratch/c.txt"))).unwrap();
    fixture.refusal("fs_rename", &[text("open/b.txt"), text("b.txt")]);
    fixture.refusal("fs_unlink", &[text("a.txt")]);
    fixture.refusal("fs_mkdir", &[text("new/deep"), OpValue::Bool(true)]);
    fixture.refusal("fs_open", &[text("a.txt"), text("r+"), OpValue::Null]);
}

/// Each way to walk a path.
fn on_each_walk(test: impl Fn(&Fixture)) {
    for walk in [place::Walk::new(), place::Walk::by_steps()] {
        let mut fixture = Fixture::new();
        Rc::get_mut(&mut fixture.host).expect("nobody else has it").access.get_mut().walk = walk;
        test(&fixture);
    }
}

fn symlink(fixture: &Fixture, name: &str, target: impl AsRef<Path>) {
    std::os::unix::fs::symlink(target, fixture.root.path().join("project/open").join(name))
        .unwrap();
}

#[test]
fn a_link_out_of_the_roots_opens_nothing() {
    on_each_walk(|fixture| {
        let outside = fixture.root.path().join("outside");
        for (name, target) in [("file", "secret.txt"), ("directory", ""), ("dangling", "new.txt")] {
            symlink(fixture, name, outside.join(target));
        }
        fixture.refusal("fs_read_file", &[text("open/file")]);
        fixture.refusal("fs_write_file", &write("open/file"));
        fixture.refusal("fs_write_file", &write("open/dangling"));
        fixture.refusal("fs_write_file", &write("open/directory/new.txt"));
        fixture.refusal("fs_read_file", &[text("open/directory/../secret.txt")]);
        fixture.refusal("fs_link", &[text("open/directory/secret.txt"), text("open/hard")]);
        fixture.refusal("fs_rename", &[text("open/directory/secret.txt"), text("open/mine")]);
        fixture.refusal("fs_rm", &[text("open/directory/"), OpValue::Bool(true)]);
        fixture.refusal("fs_mkdir", &[text("open/directory/a/b"), OpValue::Bool(true)]);
        // The link itself lies inside and may go.
        fixture.call("fs_unlink", &[text("open/file")]).unwrap();
        let error = fixture.call("fs_rm", &[text("open"), OpValue::Bool(true)]).unwrap_err();
        assert_eq!(error.code.as_deref(), Some("EBUSY"));
        fixture.call("fs_rm", &[text("open/directory"), OpValue::Bool(true)]).unwrap();
        assert_eq!(std::fs::read_to_string(outside.join("secret.txt")).unwrap(), "secret");
        assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    });
}

#[test]
fn links_that_stay_inside_the_grants_work() {
    on_each_walk(|fixture| {
        symlink(fixture, "up", "../a.txt");
        symlink(fixture, "absolute", fixture.root.path().join("project"));
        symlink(fixture, "elsewhere", fixture.root.path().join("scratch"));
        symlink(fixture, "ring", "ring");
        let inside = Ok(OpValue::Bytes(b"inside".to_vec()));
        assert_eq!(fixture.call("fs_read_file", &[text("open/up")]), inside);
        assert_eq!(fixture.call("fs_read_file", &[text("open/absolute/open/up")]), inside);
        fixture.call("fs_write_file", &write("open/elsewhere/new.txt")).unwrap();
        assert!(fixture.root.path().join("scratch/new.txt").exists());
        let ring = fixture.call("fs_read_file", &[text("open/ring")]).unwrap_err();
        assert_eq!(ring.code.as_deref(), Some("ELOOP"));
    });
}

#[test]
fn every_operation_does_what_it_says() {
    on_each_walk(|fixture| {
        let root = fixture.root.path().join("project/open");
        let call = |name: &str, args: &[OpValue]| fixture.call(name, args).unwrap();
        let recursive = OpValue::Bool(true);
        assert_eq!(
            call("fs_mkdir", &[text("open/a/b/c"), recursive.clone()]),
            text(&root.join("a").canonicalize().unwrap_or(root.join("a")).to_string_lossy())
        );
        assert_eq!(call("fs_mkdir", &[text("open/a/b"), recursive.clone()]), OpValue::Null);
        call("fs_write_file", &write("open/a/f"));
        call("fs_link", &[text("open/a/f"), text("open/a/g")]);
        call("fs_symlink", &[text("f"), text("open/a/s")]);
        assert_eq!(call("fs_readlink", &[text("open/a/s")]), text("f"));
        call("fs_copy_file", &[text("open/a/s"), text("open/a/b/copy")]);
        call("fs_copy_file", &[text("open/a/f"), text("open/a/g")]);
        call("fs_chmod", &[text("open/a/s"), OpValue::Number(f64::from(0o640))]);
        call("fs_utimes", &[text("open/a/s"), OpValue::Number(10.25), OpValue::Number(-1.5)]);
        call("fs_truncate", &[text("open/a/b/copy"), OpValue::Number(3.0)]);
        call("fs_rename", &[text("open/a/b/copy"), text("open/a/moved")]);
        let metadata = std::fs::metadata(root.join("a/f")).unwrap();
        use std::os::unix::fs::MetadataExt;
        assert_eq!((metadata.mode() & 0o777, metadata.nlink(), metadata.len()), (0o640, 2, 1));
        assert_eq!((metadata.atime(), metadata.atime_nsec()), (10, 250_000_000));
        assert_eq!((metadata.mtime(), metadata.mtime_nsec()), (-2, 500_000_000));
        assert_eq!(
            call("fs_readdir", &[text("open/a")]),
            OpValue::Json(
                r#"[["b","directory"],["f","file"],["g","file"],["moved","file"],["s","link"]]"#
                    .into()
            )
        );
        assert_eq!(std::fs::metadata(root.join("a/moved")).unwrap().len(), 3);
        call("fs_rmdir", &[text("open/a/b/c")]);
        call("fs_rm", &[text("open/a"), recursive]);
        assert_eq!(std::fs::read_dir(&root).unwrap().count(), 0);
    });
}

/// A thread swaps what a path leads through while it is read and written.
#[test]
fn no_race_leads_outside() {
    on_each_walk(|fixture| {
        let root = fixture.root.path().to_owned();
        std::fs::create_dir(root.join("project/open/real")).unwrap();
        std::fs::write(root.join("project/open/real/secret.txt"), "inside").unwrap();
        let open = root.join("project/open");
        let is_over = std::sync::atomic::AtomicBool::new(false);
        let over = std::sync::atomic::Ordering::Relaxed;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                std::os::unix::fs::symlink(root.join("outside"), open.join("link")).unwrap();
                while !is_over.load(over) {
                    let (one, other) = (open.join("real"), open.join("link"));
                    renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                }
            });
            let mut answers = Vec::new();
            for round in 0..500 {
                answers.push(fixture.call("fs_read_file", &[text("open/real/secret.txt")]));
                let file = format!("open/real/{round}");
                let _ = fixture.call("fs_write_file", &write(&file));
                let _ =
                    fixture.call("fs_mkdir", &[text(&format!("{file}d/e")), OpValue::Bool(true)]);
                let _ = fixture.call("fs_link", &[text("open/real/secret.txt"), text("open/l")]);
                let _ = fixture.call("fs_rename", &[text("open/real/secret.txt"), text("open/m")]);
                let _ = fixture.call("fs_rename", &[text("open/m"), text("open/real/secret.txt")]);
                let _ = fixture.call("fs_unlink", &[text("open/l")]);
                let _ = fixture.call("fs_rm", &[text(&format!("{file}d")), OpValue::Bool(true)]);
            }
            is_over.store(true, over);
            let inside = Ok(OpValue::Bytes(b"inside".to_vec()));
            assert!(answers.contains(&inside), "nothing was ever read");
            for answer in answers.iter().filter(|answer| **answer != inside) {
                let code = answer.as_ref().unwrap_err().code.as_deref();
                let codes = ["EACCES", "ELOOP", "ENOTDIR", "ENOENT"];
                assert!(codes.iter().any(|known| code == Some(known)), "{answer:?}");
            }
        });
        let outside = root.join("outside");
        assert_eq!(std::fs::read_to_string(outside.join("secret.txt")).unwrap(), "secret");
        assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
    });
}

#[test]
fn a_grant_of_everything_leaves_out_what_the_kernel_shows_of_processes() {
    let fixture = Fixture::with(|_| Grants { read: vec![PathBuf::from("/")], ..Grants::default() });
    for path in ["/proc/self/environ", "/proc/self/root/proc/1/environ", "/proc/thread-self/mem"] {
        let error = fixture.refusal("fs_read_file", &[text(path)]);
        assert!(error.message.contains("--allow-read=/proc/"), "{}", error.message);
    }
    assert_eq!(fixture.call("fs_exists", &[text("/dev/null")]), Ok(OpValue::Bool(true)));
    let granted =
        Fixture::with(|_| Grants { read: vec![PathBuf::from("/proc")], ..Grants::default() });
    granted.call("fs_read_file", &[text("/proc/self/environ")]).unwrap();
}

#[test]
fn what_is_too_large_is_not_read() {
    let fixture = Fixture::with(|root| Grants {
        read: vec![root.to_owned(), PathBuf::from("/dev/zero")],
        largest_read: Some(5),
        ..Grants::default()
    });
    for path in ["a.txt", "/dev/zero"] {
        let error = fixture.call("fs_read_file", &[text(path)]).unwrap_err();
        assert_eq!(error.code.as_deref(), Some("ERR_FS_FILE_TOO_LARGE"));
        let expected = format!(
            "The file '{path}' is larger than the 5 bytes a scenario has: raise `[sandbox] memory` in quickcuke.toml or \
             --memory, or read it piece by piece with fs.createReadStream"
        );
        assert_eq!(error.message, expected);
    }
    let long = fixture.call("fs_read_file", &[text(&"a/".repeat(1 << 20))]).unwrap_err();
    assert_eq!(long.code.as_deref(), Some("ENAMETOOLONG"));
}

#[test]
fn trust_opens_everything() {
    let fixture = Fixture::with(|_| Grants { trust: true, ..Grants::default() });
    let secret = fixture.path("outside/secret.txt");
    assert_eq!(
        fixture.call("fs_read_file", &[text(&secret)]),
        Ok(OpValue::Bytes(b"secret".to_vec()))
    );
}

#[test]
fn system_errors_have_nodes_shape() {
    let fixture = Fixture::new();
    let error = fixture.call("fs_read_file", &[text("missing")]).unwrap_err();
    assert_eq!(error.message, "ENOENT: no such file or directory, open 'missing'");
    assert_eq!(error.code.as_deref(), Some("ENOENT"));
    let expected =
        [("errno", OpValue::Number(-2.0)), ("syscall", text("open")), ("path", text("missing"))];
    assert_eq!(error.properties, expected);
}

#[test]
fn a_scenario_starts_where_the_last_one_did() {
    let fixture = Fixture::new();
    fixture.call("process_chdir", &[text("open")]).unwrap();
    fixture.call("fs_write_file", &write("here.txt")).unwrap();
    let descriptor =
        fixture.call("fs_open", &[text("here.txt"), text("r"), OpValue::Null]).unwrap();
    fixture.call("fs_write_file", &write(&fixture.path("scratch/c.txt"))).unwrap();
    fixture.host.begin_scenario().unwrap();
    let error =
        fixture.call("fs_read", &[descriptor, OpValue::Number(1.0), OpValue::Null]).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("EBADF"));
    assert_eq!(fixture.call("process_cwd", &[]), Ok(text(&fixture.path("project"))));
    assert!(!fixture.root.path().join("scratch/c.txt").exists());
}

#[test]
fn files_that_were_open_at_the_snapshot_are_so_for_every_scenario() {
    let fixture = Fixture::new();
    let open =
        |path: &str| fixture.call("fs_open", &[text(path), text("r"), OpValue::Null]).unwrap();
    let read = |file: &OpValue| {
        fixture.call("fs_read", &[file.clone(), OpValue::Number(3.0), OpValue::Null])
    };
    let three = |bytes: &[u8]| Ok(OpValue::Bytes(bytes.to_vec()));
    let file = open("a.txt");
    assert_eq!(read(&file), three(b"ins"));
    fixture.host.freeze().unwrap();
    fixture.call("fs_write_file", &write("open/other")).unwrap();
    for _ in 0..3 {
        assert_eq!(read(&file), three(b"ide"));
        fixture.call("fs_close", std::slice::from_ref(&file)).unwrap();
        // The number is given out again, for this scenario only.
        assert_eq!(open("open/other"), file);
        assert_eq!(read(&file), three(b"x"));
        fixture.host.begin_scenario().unwrap();
    }
}

#[test]
fn files_are_read_and_written_at_positions() {
    let fixture = Fixture::new();
    let file = fixture.call("fs_open", &[text("open/f"), text("w+"), OpValue::Null]).unwrap();
    fixture
        .call("fs_write", &[file.clone(), OpValue::Bytes(b"abcdef".to_vec()), OpValue::Null])
        .unwrap();
    let read = fixture.call("fs_read", &[file.clone(), OpValue::Number(3.0), OpValue::Number(1.0)]);
    assert_eq!(read, Ok(OpValue::Bytes(b"bcd".to_vec())));
    fixture.call("fs_close", std::slice::from_ref(&file)).unwrap();
    assert_eq!(fixture.call("fs_close", &[file]).unwrap_err().code.as_deref(), Some("EBADF"));
}

#[test]
fn output_goes_to_the_sink_by_stream() {
    let fixture = Fixture::new();
    fixture.call("stdout_write", &[text("out\n")]).unwrap();
    fixture.call("stderr_write", &[text("err\n")]).unwrap();
    fixture
        .call("fs_write", &[OpValue::Number(1.0), OpValue::Bytes(b"fd".to_vec()), OpValue::Null])
        .unwrap();
    let expected = [(Stream::Stdout, "out\n"), (Stream::Stderr, "err\n"), (Stream::Stdout, "fd")];
    assert_eq!(*fixture.written.borrow(), expected.map(|(stream, text)| (stream, text.to_owned())));
}

#[test]
fn only_granted_variables_are_seen() {
    assert_eq!(Fixture::new().call("env_all", &[]), Ok(OpValue::Json(r#"{"GIVEN":"yes"}"#.into())));
}

#[test]
fn encodings_go_both_ways() {
    let fixture = Fixture::new();
    let encode = |input: &str, encoding: &str| {
        fixture.call("text_encode", &[text(input), text(encoding)]).unwrap()
    };
    for (encoding, encoded) in
        [("hex", "00ff68"), ("base64", "AP9o"), ("base64url", "AP9o"), ("latin1", "\0ÿh")]
    {
        let bytes = OpValue::Bytes(vec![0, 255, b'h']);
        assert_eq!(encode(encoded, encoding), bytes, "{encoding}");
        assert_eq!(
            fixture.call("text_decode", &[bytes, text(encoding)]),
            Ok(text(encoded)),
            "{encoding}"
        );
    }
    assert_eq!(encode("YQ\n==", "base64"), OpValue::Bytes(b"a".to_vec()));
    assert_eq!(encode("61zz62", "hex"), OpValue::Bytes(b"a".to_vec()));
    let strict = fixture.call("text_decode_strict", &[OpValue::Bytes(vec![0xff])]).unwrap_err();
    assert_eq!(
        (strict.name, strict.code.as_deref()),
        ("TypeError", Some("ERR_ENCODING_INVALID_ENCODED_DATA"))
    );
}

#[test]
fn digests_match_known_answers() {
    let fixture = Fixture::new();
    let digest = fixture.call("digest", &[text("md5"), OpValue::Bytes(Vec::new())]).unwrap();
    let hex = fixture.call("text_decode", &[digest, text("hex")]);
    assert_eq!(hex, Ok(text("d41d8cd98f00b204e9800998ecf8427e")));
    let unknown = fixture.call("digest", &[text("sha0"), OpValue::Bytes(Vec::new())]).unwrap_err();
    assert_eq!(unknown.code.as_deref(), Some("ERR_CRYPTO_INVALID_DIGEST"));
}

#[test]
fn urls_are_parsed_against_a_base() {
    let fixture = Fixture::new();
    let Ok(OpValue::Json(parts)) =
        fixture.call("url_parse", &[text("../x?q#f"), text("http://h:80/a/b/c")])
    else {
        panic!("a URL")
    };
    let parts: serde_json::Value = serde_json::from_str(&parts).unwrap();
    assert_eq!(parts["href"], "http://h/a/x?q#f");
    assert_eq!(fixture.call("url_parse", &[text("nope"), OpValue::Null]), Ok(OpValue::Null));
}
