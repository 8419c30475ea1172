//! `spawn`, `poll`, `wait`, `kill`, `release`, `write`, `close_stdin`.

use super::*;

fn forever() -> Project {
    project(json!({
        "sleep": { "run": ["sleep", "600"] },
        "family": { "run": "setsid sleep 600 & exec sleep 600" },
        "cat": { "run": ["cat"] },
        "end": { "run": "exit ${code}" },
    }))
}

fn spawn(project: &Project, name: &str) -> HandleInfo {
    project.processes().spawn(name, &no_values(), &HandleOptions::default()).unwrap()
}

#[test]
fn a_killed_handle_is_reaped_with_its_descendants() {
    run(async {
        let project = forever();
        let handle = spawn(&project, "family");
        project.wait_for(2).await;
        let status = project.processes().kill(handle.id).await.unwrap();
        assert_eq!(status.info.status, HandleState::Killed);
        assert!(project.living().is_empty());
        // Once more does nothing.
        project.processes().kill(handle.id).await.unwrap();
    });
}

#[test]
fn a_released_handle_is_unknown_and_its_processes_are_gone() {
    run(async {
        let project = forever();
        let handle = spawn(&project, "family");
        project.wait_for(2).await;
        project.processes().release(handle.id).await.unwrap();
        assert!(project.living().is_empty());
        let error = project.processes().poll(handle.id).unwrap_err();
        assert_eq!(error.code(), "ERR_COMMAND_HANDLE");
        assert!(project.processes().release(handle.id).await.is_err());
    });
}

#[test]
fn one_that_ended_before_it_was_killed_was_not_killed() {
    run(async {
        let project = forever();
        let code = values(json!({ "code": 5 }));
        let options = HandleOptions::default();
        let handle = project.processes().spawn("end", &code, &options).unwrap();
        let status = project.processes().wait(handle.id, &options).await.unwrap();
        assert_eq!((status.info.status, status.exit_code), (HandleState::Exited, Some(5)));
        let status = project.processes().kill(handle.id).await.unwrap();
        assert_eq!((status.info.status, status.exit_code), (HandleState::Exited, Some(5)));
    });
}

#[test]
fn one_that_somebody_else_killed_says_by_which_signal() {
    run(async {
        let project = forever();
        let handle = spawn(&project, "sleep");
        std::process::Command::new("kill").arg(handle.pid.to_string()).status().unwrap();
        let status = project.processes().wait(handle.id, &HandleOptions::default()).await.unwrap();
        assert_eq!(status.info.status, HandleState::Killed);
        assert_eq!(status.signal.as_deref(), Some("SIGTERM"));
    });
}

#[test]
fn a_declared_stdin_is_read_to_its_end() {
    run(async {
        let project = project(json!({ "cat": { "run": ["cat"], "stdin": "declared" } }));
        let handle = spawn(&project, "cat");
        let options = HandleOptions::default();
        let status = project.processes().wait(handle.id, &options).await.unwrap();
        assert_eq!(status.stdout, "declared");
        let error = project.processes().write(handle.id, "more").await.unwrap_err();
        assert_eq!(error.code(), "EPIPE");
    });
}

#[test]
fn two_wait_for_one() {
    run(async {
        let project = forever();
        let handle = spawn(&project, "cat");
        let options = HandleOptions::default();
        let wait = || project.processes().wait(handle.id, &options);
        let end = async {
            project.processes().write(handle.id, "x").await.unwrap();
            project.processes().close_stdin(handle.id).await.unwrap();
        };
        let (first, second, ()) = tokio::join!(wait(), wait(), end);
        assert_eq!(first.unwrap().stdout, "x");
        assert_eq!(second.unwrap().info.status, HandleState::Exited);
    });
}

#[test]
fn nothing_is_spawned_in_a_session_that_has_ended() {
    run(async {
        let project = forever();
        let handle = spawn(&project, "sleep");
        project.session.end().unwrap();
        assert!(project.living().is_empty());
        assert!(project.processes().poll(handle.id).is_err());
        let again = project.processes().spawn("sleep", &no_values(), &HandleOptions::default());
        assert_eq!(again.unwrap_err().code(), "ERR_SESSION_ENDED");
    });
}
