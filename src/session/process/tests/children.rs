//! What `child_process` starts.

use super::*;

fn request(words: &[&str]) -> ChildRequest {
    let (file, args) = words.split_first().unwrap();
    serde_json::from_value(json!({
        "file": file, "args": args, "argv0": null, "shell": null, "cwd": "/", "ownCwd": false,
        "env": {}, "inherited": [], "stdin": true, "stdout": true, "stderr": true,
    }))
    .unwrap()
}

fn declared() -> Project {
    project(json!({
        "cat": { "run": ["cat"] },
        "tree": { "run": ["sh", "-c", "sleep 600 & exec sleep 600"] },
        "stubborn": { "run": ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"] },
    }))
}

fn blocking() -> BlockingOptions {
    BlockingOptions {
        input: None,
        timeout: None,
        max_buffer: 1024,
        kill_signal: libc::SIGTERM,
        deadline: None,
    }
}

#[test]
fn a_signal_is_for_the_program_alone() {
    run(async {
        let project = declared();
        let tree = request(&["sh", "-c", "sleep 600 & exec sleep 600"]);
        let child = project.processes().open_child(&tree).unwrap();
        project.wait_for(2).await;
        assert!(child.signal(0));
        assert!(child.signal(libc::SIGTERM));
        let status = child.exited().await.unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGTERM));
        assert_eq!(project.wait_for(1).await.len(), 1);
        // It is reaped: its pid may be another's.
        assert!(!child.signal(libc::SIGKILL));
        project.session.end().unwrap();
        assert!(project.living().is_empty());
    });
}

#[test]
fn a_reaped_program_gets_no_signal_even_if_its_supervisor_lives_on() {
    run(async {
        let project = declared();
        let tree = request(&["sh", "-c", "sleep 600 & exec sleep 600"]);
        let child = project.processes().open_child(&tree).unwrap();
        project.wait_for(2).await;
        // Both are in the link before the supervisor looks: the second finds the program dead or reaped.
        child.signal(libc::SIGKILL);
        child.signal(libc::SIGTERM);
        child.exited().await.unwrap();
        assert_eq!(project.wait_for(1).await.len(), 1);
    });
}

#[test]
fn a_blocking_call_works_within_a_runtime_and_ends_at_its_deadline() {
    run(async {
        let project = declared();
        let input = Some(b"text".to_vec());
        let options = BlockingOptions { input, ..blocking() };
        let finished = project.processes().run_child(&request(&["cat"]), &options).unwrap();
        assert_eq!(finished.stdout, b"text");
        assert!(finished.status.success() && finished.killed.is_none());
        let stubborn =
            request(&["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]);
        let deadline = Some(Instant::now() + Duration::from_millis(200));
        let timeout = Some(Duration::from_millis(20));
        let options = BlockingOptions { deadline, timeout, ..blocking() };
        let error = project.processes().run_child(&stubborn, &options).unwrap_err();
        assert!(matches!(error, ChildError::Deadline));
        assert!(project.living().is_empty());
    });
}

#[test]
fn what_is_not_declared_does_not_run() {
    run(async {
        let project = declared();
        let error = project.processes().open_child(&request(&["cat", "-n"])).unwrap_err();
        let ChildError::NotDeclared { declaration, .. } = error else { panic!("{error}") };
        let told = declaration.to_string();
        assert!(told.contains("cat2 = { run = [\"cat\", \"-n\"] }"), "{told}");
        assert_eq!(project.processes().live_count(), 0);
    });
}
