//! What one-shots give.

use super::*;

#[test]
fn text_is_trimmed_and_empty_is_null() {
    run(async {
        let project = project(json!({
            "greet": { "run": "printf '\\n  hello\\nworld \\n'" },
            "silent": { "run": ["true"] },
        }));
        assert_eq!(project.run("greet").await.unwrap(), json!("hello\nworld"));
        assert_eq!(project.run("silent").await.unwrap(), Value::Null);
    });
}

#[test]
fn json_and_lines() {
    run(async {
        let project = project(json!({
            "data": { "run": ["echo", "{\"a\": [1, \"${v}\"]}"], "output": "json" },
            "lines": { "run": "printf 'a\\r\\n\\nb'", "output": "lines" },
            "none": { "run": "true", "output": "lines" },
            "broken": { "run": "echo '{ nope'", "output": "json" },
        }));
        let data = project
            .processes()
            .run("data", &values(json!({ "v": "x y" })), &RunOptions::default())
            .await;
        assert_eq!(data.unwrap(), json!({ "a": [1, "x y"] }));
        assert_eq!(project.run("lines").await.unwrap(), json!(["a", "", "b"]));
        assert_eq!(project.run("none").await.unwrap(), json!([]));
        let error = project.run("broken").await.unwrap_err();
        assert!(error.to_string().contains("stdout is not JSON"), "{error}");
        assert!(error.to_string().contains("nope"), "{error}");
    });
}

#[test]
fn a_failure_carries_code_and_stderr() {
    run(async {
        let project = project(json!({
            "fail": { "run": "echo out; echo oops >&2; exit 3" },
            "killed": { "run": "kill -USR1 $$" },
        }));
        let error = project.run("fail").await.unwrap_err();
        assert_eq!(error.to_string(), "command \"fail\" exited with code 3\nstderr: oops");
        let CommandError::Failed { status, stdout, stderr, .. } = error else { panic!("{error}") };
        assert_eq!((status.code(), stdout.as_str(), stderr.as_str()), (Some(3), "out\n", "oops\n"));
        let error = project.run("killed").await.unwrap_err();
        assert_eq!(error.to_string(), "command \"killed\" was ended by SIGUSR1");
    });
}

#[test]
fn more_than_8_mib_of_either_stream_is_an_error() {
    run(async {
        let project = project(json!({
            "most": { "run": "head -c 8388608 /dev/zero | tr '\\0' x" },
            "more": { "run": "head -c 8388609 /dev/zero | tr '\\0' x" },
            "endless": { "run": "yes >&2" },
        }));
        let most = project.run("most").await.unwrap();
        assert_eq!(most.as_str().map(str::len), Some(8 << 20));
        let error = project.run("more").await.unwrap_err();
        assert!(error.to_string().contains("wrote more than 8388608 bytes to stdout"), "{error}");
        let error = project.run("endless").await.unwrap_err();
        assert!(error.to_string().contains("to stderr"), "{error}");
        project.wait_for(0).await;
    });
}
