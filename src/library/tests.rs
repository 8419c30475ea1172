use std::fs;
use std::time::Duration;

use super::*;

struct Project {
    directory: tempfile::TempDir,
    cache: bool,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { directory: tempfile::tempdir().unwrap(), cache: true };
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().canonicalize().unwrap().join(name).to_str().unwrap().to_owned()
    }

    /// As a new process would have it.
    fn library(&self) -> Library {
        Library::new(Options {
            root: self.directory.path().canonicalize().unwrap(),
            aliases: vec![("@some/module".to_owned(), "quickcuke".to_owned())],
            builtins: &["quickcuke"],
            cache: self.cache.then(|| self.directory.path().join("cache")),
        })
    }

    fn load(&self, name: &str) -> (ModuleKind, String) {
        let loaded =
            self.library().load(&self.path(name)).unwrap_or_else(|error| panic!("{error}"));
        (loaded.kind, source(&loaded))
    }
}

fn source(loaded: &Loaded) -> String {
    match &loaded.code {
        Code::Source(text) => text.to_string(),
        Code::Bytecode(bytes) => panic!("bytecode {bytes:?}"),
    }
}

fn bytecode(loaded: &Loaded) -> Vec<u8> {
    match &loaded.code {
        Code::Bytecode(bytes) => bytes.as_bytes().to_vec(),
        Code::Source(text) => panic!("source {text}"),
    }
}

#[test]
fn plain_javascript_passes_byte_for_byte() {
    let text = "#!/usr/bin/env node\r\n  exports.a  =  'é' // as it is\r\n\r\n";
    let project = Project::new(&[
        ("a.js", text),
        ("b.cjs", text),
        ("c.mjs", "export   {}"),
        ("bom.js", "\u{feff}1"),
    ]);
    assert_eq!(project.load("a.js"), (ModuleKind::CommonJs, text.to_owned()));
    assert_eq!(project.load("b.cjs"), (ModuleKind::CommonJs, text.to_owned()));
    assert_eq!(project.load("c.mjs"), (ModuleKind::EsModule, "export   {}".to_owned()));
    assert_eq!(project.load("bom.js").1, "1");
}

#[test]
fn the_nearest_package_json_decides_the_kind_of_js() {
    let project = Project::new(&[
        ("package.json", r#"{"type": "module"}"#),
        ("a.js", ""),
        ("cjs/package.json", r#"{"type": "commonjs"}"#),
        ("cjs/a.js", ""),
        ("none/package.json", "{}"),
        ("none/a.js", ""),
        ("none/b.js", "export default 1"),
        ("node_modules/dep/a.js", "1"),
        ("a.json", "{}"),
    ]);
    for (name, kind) in [
        ("a.js", ModuleKind::EsModule),
        ("cjs/a.js", ModuleKind::CommonJs),
        ("none/a.js", ModuleKind::CommonJs),
        ("none/b.js", ModuleKind::EsModule),
        ("node_modules/dep/a.js", ModuleKind::CommonJs),
        ("a.json", ModuleKind::Json),
    ] {
        assert_eq!(project.load(name).0, kind, "{name}");
    }
}

#[test]
fn the_tsconfig_of_a_file_is_applied() {
    let project = Project::new(&[
        ("tsconfig.json", r#"{"compilerOptions": {"target": "es2020"}}"#),
        ("a.ts", "export class A { a = 1 }"),
        (
            "new/tsconfig.json",
            r#"{"extends": "../tsconfig.json", "compilerOptions": {"useDefineForClassFields": true}}"#,
        ),
        ("new/a.ts", "export class A { a = 1 }"),
    ]);
    assert!(project.load("a.ts").1.contains("this.a = 1"));
    assert!(!project.load("new/a.ts").1.contains("this.a = 1"));
    project.write(
        "node_modules/@tsconfig/old/tsconfig.json",
        r#"{"compilerOptions": {"target": "es5"}}"#,
    );
    project.write("new/tsconfig.json", r#"{"extends": "@tsconfig/old/tsconfig.json"}"#);
    assert!(project.load("new/a.ts").1.contains("this.a = 1"), "extends a package");
}

#[test]
fn bytecode_is_kept_from_one_run_to_the_next_and_dropped_with_the_text_it_was_made_of() {
    for (name, first, second) in
        [("a.ts", "export const a: number = 1", "export const a: number = 2"), ("a.cjs", "1", "2")]
    {
        let project = Project::new(&[(name, first)]);
        let id = project.path(name);
        let library = project.library();
        source(&library.load(&id).unwrap());
        library.keep_bytecode(&id, &Bytecode::never_run(b"first"));
        library.keep_bytecode(&id, &Bytecode::never_run(b"from another worker"));
        assert_eq!(bytecode(&library.clone().load(&id).unwrap()), b"first");

        let kind = library.load(&id).unwrap().kind;
        let warm = project.library().load(&id).unwrap();
        assert_eq!((warm.kind, bytecode(&warm)), (kind, b"first".to_vec()));

        project.write(name, second);
        assert!(source(&project.library().load(&id).unwrap()).contains('2'));
        project.write(name, first);
        assert_eq!(bytecode(&project.library().load(&id).unwrap()), b"first");
    }
}

#[test]
fn options_are_part_of_what_is_cached() {
    let project = Project::new(&[("a.ts", "export class A { a = 1 }")]);
    assert!(!project.load("a.ts").1.contains("this.a"));
    project.write("tsconfig.json", r#"{"compilerOptions": {"target": "es2019"}}"#);
    assert!(project.load("a.ts").1.contains("this.a"));
    let project = Project::new(&[("a.js", "1")]);
    let library = project.library();
    library.load(&project.path("a.js")).unwrap();
    library.keep_bytecode(&project.path("a.js"), &Bytecode::never_run(b"commonjs"));
    project.write("package.json", r#"{"type": "module"}"#);
    assert_eq!(project.load("a.js"), (ModuleKind::EsModule, "1".to_owned()));
}

#[test]
fn a_damaged_cache_is_no_cache() {
    let project = Project::new(&[("a.ts", "export const a: number = 1")]);
    let id = project.path("a.ts");
    let library = project.library();
    let code = source(&library.load(&id).unwrap());
    library.keep_bytecode(&id, &Bytecode::never_run(b"bytecode"));
    let entry = fs::read_dir(project.directory.path().join("cache"))
        .unwrap()
        .flatten()
        .map(|file| file.path());
    let entry = entry
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "qcm2"))
        .unwrap();
    let whole = fs::read(&entry).unwrap();
    for damaged in [&whole[..whole.len() - 1], &[], b"something else"] {
        fs::write(&entry, damaged).unwrap();
        assert_eq!(source(&project.library().load(&id).unwrap()), code);
    }
}

#[test]
fn no_cache_and_json_have_no_bytecode_on_disk() {
    let mut project = Project::new(&[("a.json", "[1]"), ("a.cjs", "1")]);
    let library = project.library();
    library.load(&project.path("a.json")).unwrap();
    library.keep_bytecode(&project.path("a.json"), &Bytecode::never_run(b"x"));
    assert_eq!(project.load("a.json"), (ModuleKind::Json, "[1]".to_owned()));
    library.keep_bytecode("/never/loaded.js", &Bytecode::never_run(b"x"));

    project.cache = false;
    let library = project.library();
    library.load(&project.path("a.cjs")).unwrap();
    library.keep_bytecode(&project.path("a.cjs"), &Bytecode::never_run(b"x"));
    assert_eq!(bytecode(&library.load(&project.path("a.cjs")).unwrap()), b"x");
    assert_eq!(project.load("a.cjs").1, "1");
    let entries = fs::read_dir(project.directory.path().join("cache")).unwrap().flatten();
    let has_entry = entries.into_iter().any(|file| file.path().extension().is_some());
    assert!(!has_entry);
}

#[test]
fn an_error_is_not_kept() {
    let project = Project::new(&[("a.ts", "const a = [1;")]);
    let (library, id) = (project.library(), project.path("a.ts"));
    let error = library.load(&id).unwrap_err();
    assert_eq!((error.name, error.code), ("SyntaxError", None));
    assert!(error.message.starts_with(&format!("{id}:1:13: ")), "{}", error.message);
    project.write("a.ts", "const a = [1];");
    assert_eq!(source(&library.load(&id).unwrap()), "const a = [1];\n");
    let error = library.load(&project.path("gone.ts")).unwrap_err();
    assert_eq!(error.code, Some("MODULE_NOT_FOUND"));
}

#[test]
fn positions_are_the_authors_with_and_without_a_map_and_out_of_the_cache() {
    let text = "interface A {}\n\nthrow new Error('x') as A;\n";
    let project = Project::new(&[("a.ts", text), ("b.js", "f();\n'é日'; f();\n")]);
    let id = project.path("a.ts");
    let expected = Some(Position { file: id.clone(), line: 3, column: 1 });
    let library = project.library();
    assert_eq!(library.original_position(&id, 1, 1), None, "not loaded");
    library.load(&id).unwrap();
    assert_eq!(library.original_position(&id, 1, 1), expected);
    library.keep_bytecode(&id, &Bytecode::never_run(b"bytecode"));
    let warm = project.library();
    warm.load(&id).unwrap();
    assert_eq!(warm.original_position(&id, 1, 1), expected);

    let id = project.path("b.js");
    library.load(&id).unwrap();
    assert_eq!(library.original_position(&id, 1, 1), None);
    let byte_column = "'é日'; ".len() as u32 + 1;
    let expected = Position { file: id.clone(), line: 2, column: 7 };
    assert_eq!(library.original_position(&id, 2, byte_column), Some(expected));
    assert_eq!(library.original_position(&id, 9, 1), None);
}

#[test]
fn threads_share_what_one_of_them_made() {
    let project = Project::new(&[("a.ts", "export const a: number = 1")]);
    let (library, id) = (project.library(), project.path("a.ts"));
    let load = || match library.clone().load(&id).unwrap().code {
        Code::Source(text) => text,
        Code::Bytecode(_) => panic!("nobody compiled it"),
    };
    let texts: Vec<Arc<str>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(load)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(texts.iter().all(|text| Arc::ptr_eq(text, &texts[0])));
}

#[test]
fn processes_may_write_one_cache_at_once() {
    let project = Project::new(&[("a.ts", "export const a: number = 1")]);
    let id = project.path("a.ts");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let library = project.library();
                    let loaded = library.load(&id).unwrap();
                    match loaded.code {
                        Code::Source(text) => assert_eq!(&*text, "export const a = 1;\n"),
                        Code::Bytecode(bytes) => assert_eq!(bytes.as_bytes(), [7; 10_000]),
                    }
                    library.keep_bytecode(&id, &Bytecode::never_run(&[7; 10_000]));
                    std::thread::sleep(Duration::from_micros(50));
                }
            });
        }
    });
    assert_eq!(bytecode(&project.library().load(&id).unwrap()), [7; 10_000]);
}

#[test]
fn names_that_are_no_files_resolve_to_their_ids() {
    let project = Project::new(&[("a.ts", "")]);
    let resolve =
        |specifier: &str| project.library().resolve(specifier, &project.path("a.ts"), How::Import);
    for specifier in ["quickcuke", "@cucumber/cucumber", "ferridriver", "@some/module"] {
        assert_eq!(resolve(specifier).unwrap(), "quickcuke");
    }
    assert!(resolve("node:http").unwrap_err().message.contains("quickcuke does not have"));
}
