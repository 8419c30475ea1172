//! Timeouts of one-shots, and what they leave behind.

use std::task::Poll;

use super::*;

#[test]
fn a_timeout_kills_the_whole_tree_even_if_it_ignores_term() {
    run(async {
        let project = project(json!({
            "slow": { "run": "trap '' TERM; echo begun; sleep 600 & setsid sleep 600 & wait", "timeout": "2s" },
        }));
        let error = project.run("slow").await.unwrap_err();
        assert_eq!(error.code(), "ETIMEDOUT");
        assert!(error.to_string().contains("longer than its timeout of 2 s"), "{error}");
        let CommandError::TimedOut { stdout, .. } = error else { panic!("{error}") };
        assert_eq!(stdout, "begun\n");
        assert!(project.living().is_empty());
        assert_eq!(project.processes().live_count(), 0);
    });
}

#[test]
fn a_grandchild_that_holds_the_pipe_does_not_hold_the_call_and_dies_with_the_session() {
    run(async {
        let project = project(json!({
            "daemon": { "run": "(echo late; sleep 600; echo never) & echo done" , "timeout": "60s", "output": "lines" },
        }));
        let lines = project.run("daemon").await.unwrap();
        assert!(lines.as_array().unwrap().contains(&json!("done")), "{lines}");
        let left = project.living();
        assert!(!left.is_empty());
        project.session.end().unwrap();
        assert!(project.living().is_empty());
    });
}

#[test]
fn all_output_is_there_when_a_grandchild_keeps_the_pipe_open() {
    run(async {
        let project = project(json!({
            "noisy": { "run": "sleep 600 & head -c 300000 /dev/zero | tr '\\0' x; echo end" },
        }));
        let text = project.run("noisy").await.unwrap();
        assert_eq!(text.as_str().map(str::len), Some(300_003));
    });
}

#[test]
fn a_grandchild_may_go_on_writing() {
    run(async {
        let project = project(json!({
            "server": { "run": "(trap 'touch broken' PIPE; head -c 1000000 /dev/zero && touch wrote; sleep 600) & true" },
        }));
        project.run("server").await.unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while !project.path("wrote").exists() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert!(project.path("wrote").exists() && !project.path("broken").exists());
    });
}

#[test]
fn a_dropped_call_kills_what_it_started() {
    run(async {
        let project = project(json!({ "slow": { "run": "sleep 600 & sleep 600" } }));
        let call = tokio::time::timeout(Duration::from_millis(200), project.run("slow"));
        assert!(call.await.is_err());
        project.wait_for(0).await;
    });
}

#[test]
fn one_shots_in_flight_die_with_the_session() {
    run(async {
        let project = project(json!({ "slow": { "run": "sleep 600 & sleep 600; true" } }));
        let (ended, result) = futures::future::join(
            async {
                project.wait_for(3).await;
                let ended = project.session.shutdown().await;
                assert!(project.living().is_empty());
                ended
            },
            project.run("slow"),
        )
        .await;
        ended.unwrap();
        assert!(matches!(result, Err(CommandError::Failed { .. })), "{result:?}");
        let error = project.run("slow").await.unwrap_err();
        assert_eq!(error.to_string(), "command \"slow\": the session has ended");
    });
}

/// A look that takes the news from the link before the runtime polls it takes the runtime's event with it.
#[test]
fn a_look_of_another_at_the_end_of_a_command_does_not_hold_the_call() {
    run(async {
        let project = project(
            json!({ "daemon": { "run": "sleep 600 & sleep 0.1; echo done", "timeout": "20s" } }),
        );
        let mut call = std::pin::pin!(project.run("daemon"));
        // Polled until it waits for the end, which is then waited for without the runtime.
        for _ in 0..10 {
            assert!(
                std::future::poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await
            );
            tokio::task::yield_now().await;
        }
        while project.processes().lock().launched.iter().any(|one| one.tree.exit().is_none()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(call.await.unwrap(), json!("done"));
    });
}
