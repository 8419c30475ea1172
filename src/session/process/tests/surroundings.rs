//! What a command gets and is.

use super::*;

#[test]
fn the_child_gets_path_and_the_named_variables_only() {
    run(async {
        let dir = tempfile::tempdir().unwrap();
        let commands =
            json!({ "env": { "run": ["env"], "env": ["GRANTED", "ABSENT"], "output": "lines" } });
        let mut options =
            SessionOptions::new(Arc::new(Commands::parse(&commands, "f").unwrap()), dir.path());
        options.env = Arc::new(|name| match name {
            "PATH" => std::env::var_os("PATH"),
            "GRANTED" | "SECRET" => Some("yes".into()),
            _ => None,
        });
        let session = Session::new(&options);
        let lines =
            session.processes().run("env", &no_values(), &RunOptions::default()).await.unwrap();
        let path = format!("PATH={}", std::env::var("PATH").unwrap());
        let expected = BTreeSet::from([path.as_str(), "GRANTED=yes"]);
        assert_eq!(
            lines.as_array().unwrap().iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(),
            expected
        );
    });
}

#[test]
fn stdin_is_null_unless_given() {
    run(async {
        let project = project(json!({
            "cat": { "run": ["cat"] },
            "declared": { "run": ["cat"], "stdin": "to ${who}" },
            "deaf": { "run": ["true"] },
        }));
        assert_eq!(project.run("cat").await.unwrap(), Value::Null);
        let big = "x".repeat(1 << 20);
        let options = RunOptions { stdin: Some(big.clone()), ..Default::default() };
        assert_eq!(
            project.processes().run("cat", &no_values(), &options).await.unwrap(),
            json!(big)
        );
        assert_eq!(
            project.processes().run("deaf", &no_values(), &options).await.unwrap(),
            Value::Null
        );
        let to = values(json!({ "who": "you" }));
        let text = project.processes().run("declared", &to, &RunOptions::default()).await.unwrap();
        assert_eq!(text, json!("to you"));
    });
}

#[test]
fn it_runs_in_its_directory_and_a_missing_one_is_named() {
    run(async {
        let project = project(json!({
            "here": { "run": ["pwd"] },
            "there": { "run": ["./tool"], "cwd": "sub" },
            "nowhere": { "run": ["pwd"], "cwd": "missing" },
            "nothing": { "run": ["no-such-program"] },
        }));
        let dir = project.dir.path().canonicalize().unwrap();
        assert_eq!(project.run("here").await.unwrap().as_str().map(Path::new), Some(dir.as_path()));
        std::fs::create_dir(project.path("sub")).unwrap();
        std::os::unix::fs::symlink("/bin/pwd", project.path("sub/tool")).unwrap();
        assert_eq!(
            project.run("there").await.unwrap().as_str().map(Path::new),
            Some(dir.join("sub").as_path())
        );
        let error = project.run("nowhere").await.unwrap_err();
        assert!(
            error.to_string().contains("missing): the working directory does not exist"),
            "{error}"
        );
        let error = project.run("nothing").await.unwrap_err();
        assert!(error.to_string().contains("could not be started: no-such-program"), "{error}");
        assert_eq!(error.code(), "ENOENT");
        // The supervisor of the last one is still on its way out, perhaps.
        while project.processes().live_count() > 0 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn it_leads_a_group_of_its_own_and_has_default_signals() {
    run(async {
        let project = project(json!({
            "ids": { "run": "cat /proc/$$/stat", "output": "text" },
            "mask": { "run": ["grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"], "output": "lines" },
            "fds": { "run": "exec ls /proc/self/fd", "output": "lines" },
        }));
        let stat = project.run("ids").await.unwrap();
        let fields: Vec<&str> = stat.as_str().unwrap().split(' ').collect();
        assert_eq!(fields[0], fields[4], "pid and group");
        assert_ne!(fields[3], std::process::id().to_string(), "a supervisor stands between");
        let mask = project.run("mask").await.unwrap();
        let masks =
            mask.as_array().unwrap().iter().filter_map(|line| line.as_str()?.split_once('\t'));
        for (what, mask) in masks {
            // The first 31; what lies above is the C library's and is inherited.
            assert_eq!(u64::from_str_radix(mask, 16).unwrap() & 0x7fff_ffff, 0, "{what}");
        }
        // 3 is the directory that `ls` reads.
        assert_eq!(project.run("fds").await.unwrap(), json!(["0", "1", "2", "3"]));
    });
}

#[test]
fn what_is_not_declared_does_not_run() {
    run(async {
        let project = project(json!({
            "once": { "run": "echo ${a}" },
            "stays": { "run": "sleep 600", "persistent": true },
        }));
        let error = project.run("twice").await.unwrap_err();
        assert!(error.to_string().contains("is not declared: declared are once, stays"), "{error}");
        let error = project.run("stays").await.unwrap_err();
        assert!(error.to_string().contains("is persistent; start it"), "{error}");
        let error = project.start("once").await.unwrap_err();
        assert!(error.to_string().contains("is not persistent; run it"), "{error}");
        assert!(project.processes().status("once").is_err());
        let error = project.run("once").await.unwrap_err();
        assert!(error.to_string().contains("${a} has no value"), "{error}");
        assert!(project.living().is_empty());
    });
}
