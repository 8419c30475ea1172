use std::fs;

use super::*;

/// A project in a directory of its own.
struct Project {
    directory: tempfile::TempDir,
    resolve: Resolve,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        Project::with_aliases(files, &[])
    }

    fn with_aliases(files: &[(&str, &str)], aliases: &[(&str, &str)]) -> Project {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let aliases = aliases
            .iter()
            .map(|(name, target)| ((*name).to_owned(), (*target).to_owned()))
            .collect();
        let root = directory.path().canonicalize().unwrap();
        Project { directory, resolve: Resolve::new(root, aliases, &["quickcuke", "node:path"]) }
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().canonicalize().unwrap().join(name).to_str().unwrap().to_owned()
    }

    /// The file by its path in the project, or the message.
    fn ask(&self, how: How, importer: &str, specifier: &str) -> Result<String, LoadError> {
        let id = self.resolve.resolve(specifier, &self.path(importer), how)?;
        let root = self.path("");
        Ok(id
            .strip_prefix(root.trim_end_matches('/'))
            .map_or(id.clone(), |rest| rest.trim_start_matches('/').to_owned()))
    }

    fn import(&self, importer: &str, specifier: &str) -> String {
        self.ask(How::Import, importer, specifier).unwrap_or_else(|error| panic!("{error}"))
    }

    fn require(&self, importer: &str, specifier: &str) -> String {
        self.ask(How::Require, importer, specifier).unwrap_or_else(|error| panic!("{error}"))
    }

    fn fails(&self, how: How, importer: &str, specifier: &str) -> LoadError {
        self.ask(how, importer, specifier).expect_err(specifier)
    }
}

#[test]
fn import_and_require_take_their_own_conditions() {
    let package = r#"{"exports": {
        ".": {"types": "./types.d.ts", "import": "./esm.mjs", "require": "./cjs.cjs"},
        "./sync": {"module-sync": "./esm.mjs", "default": "./cjs.cjs"},
        "./node": {"browser": "./no.js", "node": "./cjs.cjs"},
        "./features/*.js": "./lib/*.js"
    }}"#;
    let project = Project::new(&[
        ("node_modules/two/package.json", package),
        ("node_modules/two/esm.mjs", ""),
        ("node_modules/two/cjs.cjs", ""),
        ("node_modules/two/lib/a.js", ""),
        ("node_modules/two/lib/secret.mjs", ""),
    ]);
    assert_eq!(project.import("a.mjs", "two"), "node_modules/two/esm.mjs");
    assert_eq!(project.require("a.js", "two"), "node_modules/two/cjs.cjs");
    assert_eq!(project.import("a.mjs", "two/sync"), "node_modules/two/esm.mjs");
    assert_eq!(project.require("a.js", "two/sync"), "node_modules/two/cjs.cjs");
    assert_eq!(project.import("a.mjs", "two/node"), "node_modules/two/cjs.cjs");
    assert_eq!(project.require("a.js", "two/features/a.js"), "node_modules/two/lib/a.js");
    let error = project.fails(How::Import, "a.mjs", "two/lib/secret.mjs");
    assert_eq!(error.code, Some("ERR_PACKAGE_PATH_NOT_EXPORTED"));
    let file = project.path("node_modules/two/package.json");
    let start = format!(
        "Package subpath './lib/secret.mjs' is not defined by \"exports\" in {file} imported from "
    );
    assert!(error.message.starts_with(&start), "{}", error.message);
}

#[test]
fn a_package_without_exports_goes_by_main_and_index() {
    let project = Project::new(&[
        ("node_modules/main/package.json", r#"{"main": "lib/entry", "module": "esm.js"}"#),
        ("node_modules/main/lib/entry.js", ""),
        ("node_modules/main/esm.js", ""),
        ("node_modules/plain/index.js", ""),
        ("node_modules/plain/deep/index.js", ""),
        ("node_modules/@scope/name/package.json", r#"{"main": "./a.js"}"#),
        ("node_modules/@scope/name/a.js", ""),
        ("deep/below/steps.js", ""),
    ]);
    assert_eq!(project.import("deep/below/steps.js", "main"), "node_modules/main/lib/entry.js");
    assert_eq!(project.require("deep/below/steps.js", "plain"), "node_modules/plain/index.js");
    assert_eq!(project.require("a.js", "plain/deep"), "node_modules/plain/deep/index.js");
    assert_eq!(project.import("a.mjs", "@scope/name"), "node_modules/@scope/name/a.js");
}

#[test]
fn a_package_imports_itself_and_its_own_imports() {
    let package = r##"{"name": "me", "exports": "./main.js", "imports": {"#util/*": "./src/*.js", "#dep": "dep"}}"##;
    let project = Project::new(&[
        ("package.json", package),
        ("main.js", ""),
        ("src/a.js", ""),
        ("node_modules/dep/index.js", ""),
    ]);
    assert_eq!(project.import("src/a.js", "me"), "main.js");
    assert_eq!(project.import("src/a.js", "#util/a"), "src/a.js");
    assert_eq!(project.require("src/a.js", "#dep"), "node_modules/dep/index.js");
    assert_eq!(
        project.fails(How::Import, "src/a.js", "#nope").code,
        Some("ERR_PACKAGE_IMPORT_NOT_DEFINED")
    );
}

#[test]
fn require_finds_files_without_extension_and_directories() {
    let project = Project::new(&[
        ("a.js", ""),
        ("data.json", ""),
        ("dir/index.js", ""),
        ("with/package.json", r#"{"main": "m.js"}"#),
        ("with/m.js", ""),
        ("both.js", ""),
        ("both/index.js", ""),
    ]);
    assert_eq!(project.require("x.js", "./a"), "a.js");
    assert_eq!(project.require("x.js", "./data"), "data.json");
    assert_eq!(project.require("x.js", "./dir"), "dir/index.js");
    assert_eq!(project.require("dir/index.js", "."), "dir/index.js");
    assert_eq!(project.require("dir/index.js", "../with"), "with/m.js");
    assert_eq!(project.require("x.js", "./with"), "with/m.js");
    assert_eq!(project.require("x.js", "./both"), "both.js");
    assert_eq!(project.require("x.js", "./both/"), "both/index.js");
    assert_eq!(project.import("x.mjs", &project.path("a.js")), "a.js");
    assert_eq!(project.import("x.mjs", &format!("file://{}", project.path("a.js"))), "a.js");
    assert_eq!(project.import("x.mjs", "./a.js?fresh=1"), "a.js");
}

#[test]
fn typescript_may_be_named_as_what_it_compiles_to() {
    let project = Project::new(&[
        ("page.ts", ""),
        ("view.tsx", ""),
        ("m.mts", ""),
        ("c.cts", ""),
        ("real.js", ""),
        ("both.ts", ""),
        ("both.js", ""),
        ("dir/index.ts", ""),
        ("data.json", ""),
    ]);
    for importer in ["steps.ts", "steps.js"] {
        assert_eq!(project.import(importer, "./page.js"), "page.ts");
        assert_eq!(project.import(importer, "./view.js"), "view.tsx");
        assert_eq!(project.import(importer, "./view.jsx"), "view.tsx");
        assert_eq!(project.import(importer, "./m.mjs"), "m.mts");
        assert_eq!(project.import(importer, "./c.cjs"), "c.cts");
        assert_eq!(project.import(importer, "./real.js"), "real.js");
        assert_eq!(project.import(importer, "./page"), "page.ts");
        assert_eq!(project.import(importer, "./page.ts"), "page.ts");
        assert_eq!(project.import(importer, "./m"), "m.mts");
        assert_eq!(project.import(importer, "./real"), "real.js");
        assert_eq!(project.import(importer, "./dir"), "dir/index.ts");
        assert_eq!(project.require(importer, "./data"), "data.json");
    }
    assert_eq!(project.import("steps.ts", "./both"), "both.ts");
    assert_eq!(project.import("steps.ts", "./both.js"), "both.ts");
    assert_eq!(project.import("steps.js", "./both"), "both.js");
    assert_eq!(project.import("steps.js", "./both.js"), "both.js");
}

#[test]
fn a_package_that_ships_its_typescript_runs_what_that_was_compiled_to() {
    let project = Project::new(&[
        ("node_modules/pkg/package.json", r#"{"main": "index.js"}"#),
        ("node_modules/pkg/index.js", ""),
        ("node_modules/pkg/index.ts", ""),
        ("node_modules/pkg/other.js", ""),
        ("node_modules/pkg/other.ts", ""),
    ]);
    assert_eq!(project.import("steps.ts", "pkg"), "node_modules/pkg/index.js");
    assert_eq!(project.import("steps.ts", "pkg/other"), "node_modules/pkg/other.js");
    assert_eq!(project.import("node_modules/pkg/index.ts", "./other"), "node_modules/pkg/other.js");
}

#[cfg(unix)]
#[test]
fn a_linked_package_is_the_file_it_links_to() {
    let project = Project::new(&[
        ("packages/lib/package.json", r#"{"name": "lib", "main": "src/index.ts"}"#),
        ("packages/lib/src/index.ts", ""),
        ("packages/lib/node_modules/own/index.js", ""),
        ("node_modules/other/index.js", ""),
    ]);
    std::os::unix::fs::symlink(project.path("packages/lib"), project.path("node_modules/lib"))
        .unwrap();
    assert_eq!(project.import("steps.ts", "lib"), "packages/lib/src/index.ts");
    assert_eq!(
        project.import("packages/lib/src/index.ts", "own"),
        "packages/lib/node_modules/own/index.js"
    );
}

#[test]
fn tsconfig_paths_are_followed_with_what_they_extend() {
    let project = Project::new(&[
        (
            "tsconfig.base.json",
            r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@pages/*": ["src/pages/*"]}}}"#,
        ),
        (
            "tsconfig.json",
            "{ // comments are allowed\n \"extends\": \"./tsconfig.base.json\", \"include\": [\"src\"], }",
        ),
        ("src/pages/login.ts", ""),
        ("src/pages/login.js", ""),
        ("src/root.ts", ""),
        ("inner/tsconfig.json", r#"{"compilerOptions": {"paths": {"@pages/*": ["./own/*"]}}}"#),
        ("inner/own/login.ts", ""),
        ("node_modules/pkg/index.js", ""),
    ]);
    assert_eq!(project.import("src/steps.ts", "@pages/login"), "src/pages/login.ts");
    assert_eq!(project.import("src/steps.ts", "@pages/login.js"), "src/pages/login.ts");
    assert_eq!(
        project.import("features/steps.ts", "@pages/login"),
        "src/pages/login.ts",
        "not under \"include\""
    );
    assert_eq!(project.require("features/steps.js", "@pages/login"), "src/pages/login.js");
    assert_eq!(project.import("src/steps.ts", "src/root"), "src/root.ts", "baseUrl");
    assert_eq!(
        project.import("inner/steps.ts", "@pages/login"),
        "inner/own/login.ts",
        "the nearest config"
    );
    assert_eq!(project.import("src/steps.ts", "pkg"), "node_modules/pkg/index.js");
}

#[test]
fn a_broken_tsconfig_is_told_to_typescript_only() {
    let project =
        Project::new(&[("tsconfig.json", r#"{"extends": "@missing/config"}"#), ("a.js", "")]);
    assert_eq!(project.import("steps.js", "./a.js"), "a.js");
    let error = project.fails(How::Import, "steps.ts", "./a.js");
    assert!(
        error.message.contains("@missing/config") && error.message.contains("steps.ts"),
        "{}",
        error.message
    );
}

#[test]
fn an_alias_wins_over_everything() {
    let project = Project::with_aliases(
        &[
            ("node_modules/some/index.js", ""),
            ("stub/http.ts", ""),
            ("lib/a.js", ""),
            ("deep/x.js", ""),
        ],
        &[
            ("some", "quickcuke"),
            ("node:http", "./stub/http"),
            ("@app", "./lib"),
            ("path", "./lib/a.js"),
            ("gone", "nowhere"),
        ],
    );
    assert_eq!(project.import("deep/x.js", "some"), "quickcuke");
    assert_eq!(project.import("deep/x.js", "node:http"), "stub/http.ts");
    assert_eq!(project.import("deep/x.js", "@app/a.js"), "lib/a.js");
    assert_eq!(project.require("deep/x.js", "path"), "lib/a.js");
    let message = project.fails(How::Import, "deep/x.js", "gone").message;
    assert!(
        message.contains("[alias] in quickcuke.toml says that 'gone' is 'nowhere'"),
        "{message}"
    );
    let message = project.fails(How::Import, "deep/x.js", "some/deep").message;
    assert!(message.contains("is built in here"), "{message}");
}

#[test]
fn a_package_may_stand_in_for_a_builtin_that_is_not_here() {
    let project = Project::new(&[
        ("node_modules/punycode/index.js", ""),
        ("node_modules/path/index.js", ""),
        ("a.ts", "import h from 'http';"),
    ]);
    assert_eq!(project.import("a.js", "punycode"), "node_modules/punycode/index.js");
    assert_eq!(project.import("a.js", "path"), "node:path");
    assert_eq!(project.import("a.js", "path/"), "node_modules/path/index.js");
    let error = project.fails(How::Import, "a.ts", "http");
    assert_eq!(error.code, Some("ERR_UNKNOWN_BUILTIN_MODULE"));
    let importer = project.path("a.ts");
    let start = format!(
        "'node:http' is a module of Node that quickcuke does not have, imported from {importer}:1:15\n"
    );
    assert!(error.message.starts_with(&start), "{}", error.message);
}

#[test]
fn a_url_is_no_package() {
    let project = Project::new(&[("a.ts", "import 'https://x.dev/a.js';")]);
    let error = project.fails(How::Import, "a.ts", "https://x.dev/a.js");
    assert_eq!(error.code, Some("ERR_UNSUPPORTED_ESM_URL_SCHEME"));
    let place = format!("imported from {}:1:8\n", project.path("a.ts"));
    assert!(error.message.contains(&place), "{}", error.message);
}

#[test]
fn a_missing_package_names_the_importer_and_what_to_install() {
    let project = Project::new(&[
        ("package.json", "{}"),
        ("a.ts", "// 'nothing'\nimport x, { y } from 'nothing/deep';\n"),
        ("b.cjs", "require('./c');"),
        ("c.cjs", "\n  require(\"@no/thing\");"),
    ]);
    let (a, root) = (project.path("a.ts"), project.path(""));
    let root = root.trim_end_matches('/');
    let error = project.fails(How::Import, "a.ts", "nothing/deep");
    assert_eq!(error.code, Some("ERR_MODULE_NOT_FOUND"));
    let expected = format!(
        "Cannot find package 'nothing' imported from {a}:2:22\nInstall it with 'npm install nothing' in {root}."
    );
    assert_eq!(error.message, expected);

    project.require("b.cjs", "./c.cjs");
    let error = project.fails(How::Require, "c.cjs", "@no/thing");
    assert_eq!(error.code, Some("MODULE_NOT_FOUND"));
    let (b, c) = (project.path("b.cjs"), project.path("c.cjs"));
    let expected = format!(
        "Cannot find module '@no/thing'\nRequire stack:\n- {c}:2:11\n- {b}\nInstall it with 'npm install @no/thing' in {root}."
    );
    assert_eq!(error.message, expected);
}

#[test]
fn a_missing_file_is_answered_with_the_nearest() {
    let project = Project::new(&[
        ("pages/login.ts", ""),
        ("pages/zebra.ts", ""),
        ("node_modules/pkg/get.js", ""),
    ]);
    let message = project.fails(How::Import, "steps.ts", "./pages/logn.js").message;
    let (missing, nearest) = (project.path("pages/logn.js"), project.path("pages/login.ts"));
    let start = format!("Cannot find module '{missing}' imported from ");
    assert!(message.starts_with(&start), "{message}");
    assert!(message.ends_with(&format!("Did you mean '{nearest}'?")), "{message}");
    let message = project.fails(How::Import, "steps.ts", "./page/login").message;
    assert!(message.ends_with(&format!("Did you mean '{}'?", project.path("pages"))), "{message}");
    let message = project.fails(How::Require, "steps.ts", "pkg/gett").message;
    assert!(
        message.ends_with(&format!("Did you mean '{}'?", project.path("node_modules/pkg/get.js"))),
        "{message}"
    );
    let message = project.fails(How::Import, "steps.ts", "./unlike.js").message;
    assert!(!message.contains("Did you mean"), "{message}");
}

#[test]
fn a_malformed_package_json_is_told_by_position() {
    let project = Project::new(&[
        ("node_modules/bad/package.json", "{\n \"main\": oops }"),
        ("node_modules/bad/a.js", ""),
    ]);
    let error = project.fails(How::Import, "a.ts", "bad");
    assert_eq!(error.code, Some("ERR_INVALID_PACKAGE_CONFIG"));
    let start =
        format!("Invalid package config {}:2:", project.path("node_modules/bad/package.json"));
    assert!(error.message.starts_with(&start), "{}", error.message);
}

#[test]
fn names_of_packages() {
    assert_eq!(package_name("a"), "a");
    assert_eq!(package_name("a/b/c"), "a");
    assert_eq!(package_name("@a/b/c"), "@a/b");
    assert_eq!(package_name("@a"), "@a");
}
