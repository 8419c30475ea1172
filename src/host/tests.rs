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
        for directory in ["project/open", "scratch", "outside"] {
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
            root.path().join("scratch"),
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
    assert!(
        error.message.starts_with(&format!("EACCES: permission denied, open '{secret}'")),
        "{}",
        error.message
    );
    assert!(
        error.message.contains("`[sandbox] read = […]`") && error.message.contains("--allow-read="),
        "{}",
        error.message
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

#[cfg(unix)]
#[test]
fn a_link_out_of_the_roots_opens_nothing() {
    let fixture = Fixture::new();
    for (name, target) in [("file", "secret.txt"), ("directory", ""), ("dangling", "new.txt")] {
        let target = fixture.root.path().join("outside").join(target);
        std::os::unix::fs::symlink(target, fixture.root.path().join("project/open").join(name))
            .unwrap();
    }
    fixture.refusal("fs_read_file", &[text("open/file")]);
    fixture.refusal("fs_write_file", &write("open/file"));
    fixture.refusal("fs_write_file", &write("open/dangling"));
    fixture.refusal("fs_write_file", &write("open/directory/new.txt"));
    fixture.refusal("fs_read_file", &[text("open/directory/../secret.txt")]);
    // The link itself lies inside and may go.
    fixture.call("fs_unlink", &[text("open/file")]).unwrap();
    assert!(fixture.root.path().join("outside/secret.txt").exists());
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
