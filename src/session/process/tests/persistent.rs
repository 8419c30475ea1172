//! `start`, `status` and `stop`.

use std::net::TcpListener;

use super::*;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server in a language that the machine has: `python3 -c …` with the port as its argument.
fn server(delay: f64, status: u16) -> Value {
    let code = format!(
        "import http.server,sys,time\n\
         time.sleep({delay})\n\
         class H(http.server.BaseHTTPRequestHandler):\n\
         \x20   def do_GET(self): self.send_response({status}); self.send_header('Content-Length','0'); self.end_headers()\n\
         \x20   def log_message(self, *a): pass\n\
         http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()"
    );
    json!(["python3", "-c", code, "${port}"])
}

#[test]
fn it_starts_tells_and_stops() {
    run(async {
        let project = project(json!({
            "it": { "run": "echo out; echo err >&2; echo ready; exec sleep 600", "persistent": true, "ready": { "line": "ready" } },
        }));
        let never = project.processes().status("it").unwrap();
        assert_eq!((never.pid, never.running, never.exit_code), (None, false, None));
        let started = project.start("it").await.unwrap();
        let pid = started.pid.unwrap();
        assert_eq!(project.living(), BTreeSet::from([pid]));
        let status = project.processes().status("it").unwrap();
        assert_eq!(
            Status { uptime_ms: 0, ..status },
            Status {
                name: "it".to_owned(),
                pid: Some(pid),
                running: true,
                exit_code: None,
                uptime_ms: 0,
                stdout: "out\nready\n".to_owned(),
                stderr: "err\n".to_owned(),
            }
        );
        let stopped = project.processes().stop("it", &StopOptions::default()).await.unwrap();
        assert_eq!((stopped.pid, stopped.running, stopped.exit_code), (Some(pid), false, None));
        assert!(stat(pid).is_none(), "it is reaped");
        assert_eq!(stopped.stdout, "out\nready\n");
        // Again: nothing to do.
        let again = project.processes().stop("it", &StopOptions::default()).await.unwrap();
        assert_eq!(again, stopped);
    });
}

#[test]
fn starting_it_again_is_one_process_unless_it_ended() {
    run(async {
        let project = project(json!({
            "it": { "run": "sleep 600 # ", "persistent": true },
            "with": { "run": ["sh", "-c", "echo $0; exec sleep 600", "${v}"], "persistent": true, "ready": { "line": "${v}" } },
        }));
        let (a, b) = futures::future::join(project.start("it"), project.start("it")).await;
        assert_eq!(a.unwrap().pid, b.unwrap().pid);
        let one = values(json!({ "v": "one" }));
        let with = |values| project.processes().start("with", values);
        let (a, b) = futures::future::join(with(&one), with(&one)).await;
        let pid = a.unwrap().pid;
        assert_eq!(b.unwrap().pid, pid);
        let two = values(json!({ "v": "two" }));
        let error = project.processes().start("with", &two).await.unwrap_err();
        assert!(
            error.to_string().contains(r#"running already with other values ({"v":"one"})"#),
            "{error}"
        );
        project.processes().stop("with", &StopOptions::default()).await.unwrap();
        let other = project.processes().start("with", &two).await.unwrap();
        assert_ne!(other.pid, pid);
        assert_eq!(other.stdout, "two\n");
    });
}

#[test]
fn a_port_or_an_http_answer_makes_it_ready() {
    run(async {
        let project = project(json!({
            "port": { "run": server(0.2, 200), "persistent": true, "ready": { "port": "${port}" } },
            "http": { "run": server(0.2, 404), "persistent": true, "ready": { "http": "http://127.0.0.1:${port}/x" } },
            "ill": { "run": server(0.0, 503), "persistent": true, "ready": { "http": "http://127.0.0.1:${port}", "timeout": "700ms" } },
        }));
        for name in ["port", "http"] {
            let port = free_port();
            project.processes().start(name, &values(json!({ "port": port }))).await.unwrap();
            std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
            project.processes().stop(name, &StopOptions::default()).await.unwrap();
            assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
        }
        let error = project
            .processes()
            .start("ill", &values(json!({ "port": free_port() })))
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("not ready: waited 700 ms until http://127.0.0.1:"),
            "{error}"
        );
        assert!(project.living().is_empty());
        let error =
            project.processes().start("port", &values(json!({ "port": 0 }))).await.unwrap_err();
        assert!(error.to_string().contains("from 1 to 65535"), "{error}");
    });
}

#[test]
fn a_port_that_someone_else_serves_tells_nothing() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let project = project(
            json!({ "it": { "run": "sleep 600", "persistent": true, "ready": { "port": port } } }),
        );
        let error = project.start("it").await.unwrap_err();
        assert!(error.to_string().contains(&format!("port {port} already answers")), "{error}");
        assert!(project.living().is_empty());
    });
}

#[test]
fn one_that_ends_or_never_gets_ready_is_an_error_and_leaves_nothing() {
    run(async {
        let project = project(json!({
            "ends": { "run": "sleep 600 & echo why >&2; exit 4", "persistent": true, "ready": { "line": "ready" } },
            "never": { "run": "trap '' TERM; echo not yet >&2; sleep 600", "persistent": true, "ready": { "line": "ready", "timeout": "2s" } },
        }));
        let error = project.start("ends").await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "command \"ends\" exited with code 4 before a line of stdout contained \"ready\"\nstderr: why"
        );
        let error = project.start("never").await.unwrap_err();
        assert!(error.to_string().contains("waited 2 s until a line of stdout"), "{error}");
        assert!(error.to_string().ends_with("stderr: not yet"), "{error}");
        assert!(project.living().is_empty());
        let status = project.processes().status("ends").unwrap();
        assert_eq!((status.running, status.exit_code), (false, Some(4)));
    });
}

#[test]
fn stop_is_graceful_and_then_is_not() {
    run(async {
        let project = project(json!({
            "polite": { "run": "trap 'echo bye; exit 7' INT; echo ready; while :; do sleep 0.01; done", "persistent": true, "ready": { "line": "ready" } },
            "deaf": { "run": "trap '' TERM; echo ready; while :; do sleep 0.01; done", "persistent": true, "ready": { "line": "ready" } },
        }));
        project.start("polite").await.unwrap();
        // Long, so that a busy machine does not make it a kill.
        let options =
            StopOptions::from_json(&values(json!({ "signal": "int", "grace": "60s" }))).unwrap();
        let polite = project.processes().stop("polite", &options).await.unwrap();
        assert_eq!((polite.exit_code, polite.stdout.as_str()), (Some(7), "ready\nbye\n"));
        project.start("deaf").await.unwrap();
        let options = StopOptions::from_json(&values(json!({ "grace": 100 }))).unwrap();
        let deaf = project.processes().stop("deaf", &options).await.unwrap();
        assert_eq!((deaf.running, deaf.exit_code), (false, None));
        assert!(project.living().is_empty());
    });
}

#[test]
fn stop_reaches_the_group_and_what_left_it() {
    run(async {
        let project = project(json!({
            "tree": { "run": "sleep 600 & setsid sleep 600 & echo ready; wait", "persistent": true, "ready": { "line": "ready" } },
        }));
        project.start("tree").await.unwrap();
        project.wait_for(3).await;
        let options = StopOptions { grace: Duration::from_millis(100), ..Default::default() };
        project.processes().stop("tree", &options).await.unwrap();
        assert!(project.living().is_empty());
    });
}

#[test]
fn the_last_64_kib_are_shown() {
    run(async {
        let project = project(json!({
            "noisy": { "run": "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo done; exec sleep 600", "persistent": true, "ready": { "line": "done" } },
        }));
        let status = project.start("noisy").await.unwrap();
        assert_eq!(status.stdout.len(), 65_536);
        assert!(status.stdout.ends_with("x\ndone\n"));
    });
}

#[test]
fn at_most_16_run_at_a_time() {
    run(async {
        let commands: Map<String, Value> = (0..17)
            .map(|n| (format!("p{n}"), json!({ "run": ["sleep", "600"], "persistent": true })))
            .collect();
        let project = project(commands.into());
        for n in 0..16 {
            project.start(&format!("p{n}")).await.unwrap();
        }
        let error = project.start("p16").await.unwrap_err();
        assert!(error.to_string().contains("number 17 of this session; at most 16"), "{error}");
        project.processes().stop("p3", &StopOptions::default()).await.unwrap();
        project.start("p16").await.unwrap();
        project.session.end().unwrap();
        assert!(project.living().is_empty());
    });
}

#[test]
fn options_are_checked() {
    for (options, problem) in [
        (json!({ "signal": "TREM" }), "unknown signal \"TREM\""),
        (json!({ "signal": 15 }), "must be the name"),
        (json!({ "grace": -1 }), "-1 is no number of milliseconds"),
        (json!({ "grace": "soon" }), "is no duration"),
        (json!({ "garce": 1 }), "unknown option \"garce\""),
    ] {
        assert!(StopOptions::from_json(&values(options)).unwrap_err().contains(problem));
    }
}
