//! What instances see of the directories that were mounted for them.

use super::*;

const FILES: &str = "import fs from 'node:fs'; import os from 'node:os';
    export const read = path => fs.readFileSync(path, 'utf8');
    export const write = (path, text) => fs.writeFileSync(path, text);
    export const list = path => fs.readdirSync(path);
    export const all = path => {
        process.chdir(path);
        return [process.cwd(), fs.realpathSync('.'), fs.readdirSync('.'), fs.mkdirSync('new/er', { recursive: true })];
    };
    export const surroundings = () => [process.cwd(), os.tmpdir(), fs.existsSync('/tmp'), fs.readdirSync('/tmp')];
    export const code = path => { try { fs.readFileSync(path) } catch (e) { return e.code } };";

/// A project with `a/` and `b/`, in each of them `name.txt`, and `secret.txt` beside them.
fn project() -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        std::fs::create_dir(project.path().join(name)).unwrap();
        std::fs::write(project.path().join(name).join("name.txt"), name).unwrap();
    }
    std::fs::write(project.path().join("secret.txt"), "secret").unwrap();
    project
}

async fn message(instance: &mut Instance, function: &str, args: impl Into<Arguments>) -> String {
    instance.call(function, args).await.unwrap_err().message
}

#[test]
fn a_mount_is_read_only_unless_told_and_its_paths_are_the_guest_s() {
    wait(async {
        let project = project();
        let builder = module(FILES)
            .project(project.path())
            .mount(Mount::new("a", "/data"))
            .mount(Mount::new("b", "/out").with(Permissions::READ_WRITE));
        let mut instance = instance(builder).await;
        assert_eq!(value(&mut instance, "read", ["/data/name.txt"]).await, "a");
        let seen = value(&mut instance, "all", ["/out/../out/"]).await;
        assert_eq!(seen, json!(["/out", "/out", ["name.txt"], "/out/new"]));
        let refused = message(&mut instance, "write", ["/data/name.txt", "x"]).await;
        let expected = "EACCES: permission denied, open '/data/name.txt'; the sandbox does not let it be written: give \
            the mount at \"/data\" more, by TemplateBuilder::mount or `mounts` of the InstanceOptions: \
            Mount::with(Permissions::LIST | Permissions::READ | Permissions::WRITE)";
        assert_eq!(refused, expected);
        let refused = message(&mut instance, "read", ["/data/../etc/passwd"]).await;
        let expected = "EACCES: permission denied, open '/data/../etc/passwd'; the sandbox does not let it be read: \
            nothing is mounted there: pass TemplateBuilder::mount, or `mounts` of the InstanceOptions, \
            Mount::new(directory, \"/etc/passwd\")";
        assert_eq!(refused, expected);
        let outside = project.path().join("secret.txt").display().to_string();
        for path in [outside.as_str(), "/data/../secret.txt", "../secret.txt", "/proc/self/environ"]
        {
            let code = value(&mut instance, "code", [path]).await;
            // The host's path lies in the guest's own /tmp.
            assert_eq!(code, if path == outside { "ENOENT" } else { "EACCES" }, "{path}");
        }
        assert_eq!(
            value(&mut instance, "surroundings", ()).await,
            json!(["/out", "/tmp", true, []])
        );
    });
}

#[test]
fn mounts_of_an_instance_replace_by_guest_path_and_go_with_it() {
    wait(async {
        let project = project();
        let template = module(FILES)
            .project(project.path())
            .mount(Mount::new("b", "/data"))
            .mount(Mount::new("a", "/data"))
            .mount(Mount::new("b", "/more"))
            .build()
            .await
            .unwrap();
        for _ in 0..100 {
            let mounts = vec![Mount::new("b", "/data/"), Mount::new("a", "/own")];
            let options = InstanceOptions { mounts, ..InstanceOptions::default() };
            let mut own = template.instantiate(options).await.unwrap();
            let mut plain = pristine(&template).await;
            for (path, of_own, of_plain) in
                [("/data", "b", Some("a")), ("/more", "b", Some("b")), ("/own", "a", None)]
            {
                let file = format!("{path}/name.txt");
                assert_eq!(value(&mut own, "read", [file.as_str()]).await, of_own);
                match of_plain {
                    Some(name) => assert_eq!(value(&mut plain, "read", [file]).await, name),
                    None => assert_eq!(value(&mut plain, "code", [file]).await, "EACCES"),
                }
            }
            assert_eq!(value(&mut own, "surroundings", ()).await, json!(["/", "/tmp", true, []]));
            own.call("write", ["/tmp/left", "x"]).await.unwrap();
        }
    });
}

#[test]
fn with_grants_by_path_mounts_lie_over_the_host_s_tree() {
    wait(async {
        let project = project();
        let root = project.path().canonicalize().unwrap();
        let builder =
            module(FILES).project(project.path()).read("a").mount(Mount::new("b", "/data"));
        let mut instance = instance(builder).await;
        assert_eq!(value(&mut instance, "read", ["a/name.txt"]).await, "a");
        assert_eq!(value(&mut instance, "read", ["/data/name.txt"]).await, "b");
        let secret = root.join("secret.txt").display().to_string();
        let refused = message(&mut instance, "read", [secret.as_str()]).await;
        assert!(
            refused.ends_with(&format!("grant it by TemplateBuilder::read({secret:?})")),
            "{refused}"
        );
        let refused = message(&mut instance, "write", [secret.as_str(), ""]).await;
        assert!(
            refused.ends_with(&format!("grant it by TemplateBuilder::write({secret:?})")),
            "{refused}"
        );
    });
}

#[test]
fn what_cannot_be_mounted_is_told_where_it_was_said() {
    wait(async {
        let project = project();
        let template = || module(FILES).project(project.path());
        let error = template().mount(Mount::new("nothing", "/data")).build().await.unwrap_err();
        assert!(
            error.message.contains("nothing' cannot be mounted at '/data'"),
            "{}",
            error.message
        );
        let template = template().build().await.unwrap();
        let options = |mount| InstanceOptions { mounts: vec![mount], ..InstanceOptions::default() };
        for (mount, expected) in [
            (Mount::new("a", "data"), "must be absolute"),
            (Mount::new("secret.txt", "/data"), "Not a directory"),
        ] {
            let error = template.instantiate(options(mount)).await.unwrap_err();
            assert!(error.message.contains(expected), "{}", error.message);
        }
        assert_eq!(template.waiting_vm_count(), 1);
    });
}

#[test]
fn a_refusal_of_a_host_and_of_a_large_file_names_the_builder_s_call() {
    wait(async {
        let project = project();
        std::fs::write(project.path().join("a/large"), vec![0; 33 << 20]).unwrap();
        let code = format!(
            "{FILES} export const get = url => fetch(url).catch(e => e.cause?.message ?? e.message)"
        );
        let builder = module(&code)
            .project(project.path())
            .memory(32 << 20)
            .mount(Mount::new("a", "/data"))
            .net(Net::Only(vec![("localhost".to_owned(), Some(1))]));
        let mut instance = instance(builder).await;
        let refused = value(&mut instance, "get", ["http://example.org:81/"]).await;
        let expected = "add \"example.org:81\" to what TemplateBuilder::net is given";
        assert!(refused.as_str().unwrap().ends_with(expected), "{refused}");
        let reached = value(&mut instance, "get", ["http://localhost:1/"]).await;
        assert!(reached.as_str().unwrap().contains("ECONNREFUSED"), "{reached}");
        let large = message(&mut instance, "read", ["/data/large"]).await;
        let expected = "The file '/data/large' is larger than the 33554432 bytes an instance has: raise it by \
            TemplateBuilder::memory or `memory` of the InstanceOptions, or read it piece by piece with \
            fs.createReadStream";
        assert_eq!(large, expected);
    });
}

#[test]
fn what_is_outside_is_not_imported_either() {
    wait(async {
        let (project, outside) = (project(), tempfile::tempdir().unwrap());
        std::fs::write(project.path().join("lib.js"), "export const base = 40").unwrap();
        std::fs::write(outside.path().join("secret.json"), "{\"secret\": true}").unwrap();
        std::os::unix::fs::symlink(outside.path(), project.path().join("link")).unwrap();
        let code = "import { base } from './lib.js';
            export const load = async path => [base, await import(path).then(m => m.default, e => e.message)]";
        let script = "globalThis.get = path => { try { return require(path) } catch (e) { return e.message } }";
        let builder = || {
            let code = Module::named("main.js", code);
            let script = Source::named("get.js", script);
            Template::builder().project(project.path()).module(code).source(script)
        };
        let secret =
            outside.path().canonicalize().unwrap().join("secret.json").display().to_string();
        let paths = [
            "link/secret.json".to_owned(),
            secret.clone(),
            secret.replace("secret.json", "nothing.json"),
        ];
        for builder in [builder(), builder().mount(Mount::new(outside.path(), outside.path()))] {
            let mut instance = instance(builder).await;
            assert_eq!(value(&mut instance, "load", ["./lib.js"]).await, json!([40, null]));
            for path in paths.iter().map(|path| path.replace("link", "./link")) {
                for function in ["load", "get"] {
                    let told = value(&mut instance, function, [path.as_str()]).await.to_string();
                    assert!(
                        told.contains("the sandbox lets modules of the project"),
                        "{function} {path}: {told}"
                    );
                }
            }
        }
        let mut granted = instance(builder().read(outside.path())).await;
        assert_eq!(value(&mut granted, "get", [secret.as_str()]).await, json!({"secret": true}));
    });
}
