use super::*;
use serde_json::json;

fn problem(spec: Value) -> String {
    let errors = Commands::parse(&json!({ "it": spec }), "quickcuke.toml").unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn reads_the_example_of_the_contract() {
    let commands = Commands::parse(
        &json!({
            "migrate": { "run": ["./migrate", "${env}"], "timeout": "30s", "env": ["DATABASE_URL"], "cwd": "db", "output": "json" },
            "server": { "run": "npm start -- --port ${port}", "persistent": true, "ready": { "port": "${port}", "timeout": "10s" } },
        }),
        "quickcuke.toml",
    )
    .unwrap();
    assert_eq!(commands.names().collect::<Vec<_>>(), ["migrate", "server"]);
    let migrate = commands.get("migrate").unwrap();
    assert_eq!((migrate.timeout, migrate.output), (Some(Duration::from_secs(30)), Form::Json));
    assert_eq!(
        (migrate.env.as_slice(), migrate.cwd.to_str()),
        (["DATABASE_URL".to_owned()].as_slice(), Some("db"))
    );
    let server = commands.get("server").unwrap();
    assert_eq!(server.persistent.as_ref().unwrap().timeout, Duration::from_secs(10));
    assert_eq!(server.placeholders().into_iter().collect::<Vec<_>>(), ["port"]);
}

#[test]
fn names_what_is_wrong_and_where() {
    for (spec, expected) in [
        (json!("ls"), "must be a table"),
        (json!({}), "`run` is missing"),
        (json!({ "run": " " }), "`run` is empty"),
        (json!({ "run": [] }), "`run` is empty"),
        (json!({ "run": 1 }), "`run` must be a text"),
        (json!({ "run": ["a", 1] }), "`run` must be a text"),
        (json!({ "run": "a `${b}`" }), "`run`: ${b} stands where"),
        (
            json!({ "run": "a", "tiemout": "1s" }),
            "unknown key \"tiemout\"; did you mean \"timeout\"?",
        ),
        (json!({ "run": "a", "timeout": 30 }), "`timeout` is 30; write it with its unit"),
        (json!({ "run": "a", "timeout": "30" }), "`timeout`: \"30\" is no duration"),
        (json!({ "run": "a", "output": "xml" }), "`output` is \"xml\""),
        (json!({ "run": "a", "env": "HOME" }), "`env` must be an array"),
        (json!({ "run": "a", "env": ["A=b"] }), "\"A=b\" is no name"),
        (json!({ "run": "a", "cwd": 1 }), "`cwd` must be a text"),
        (json!({ "run": "a", "persistent": "yes" }), "`persistent` must be true or false"),
        (json!({ "run": "a", "ready": { "port": 1 } }), "`ready` needs `persistent = true`"),
        (
            json!({ "run": "a", "persistent": true, "timeout": "1s" }),
            "`timeout` is for a command that ends",
        ),
        (json!({ "run": "a", "persistent": true, "ready": 80 }), "`ready` must be a table"),
        (json!({ "run": "a", "persistent": true, "ready": {} }), "`ready` needs one of"),
        (json!({ "run": "a", "persistent": true, "ready": { "port": 0 } }), "from 1 to 65535"),
        (
            json!({ "run": "a", "persistent": true, "ready": { "prot": 1 } }),
            "did you mean \"port\"?",
        ),
        (
            json!({ "run": "a", "persistent": true, "ready": { "port": 1, "line": "x" } }),
            "more than one",
        ),
    ] {
        let problem = problem(spec.clone());
        assert!(problem.starts_with("quickcuke.toml: [commands.it]: "), "{problem}");
        assert!(problem.contains(expected), "{spec}: {problem}");
    }
}

#[test]
fn reports_every_command_with_a_mistake() {
    let errors =
        Commands::parse(&json!({ "a": {}, "b": { "run": "x" }, "c": 1 }), "f").unwrap_err();
    assert_eq!(errors.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert!(Commands::parse(&json!([]), "f").is_err());
}

#[test]
fn an_unknown_command_or_value_names_the_near_ones() {
    let commands =
        Commands::parse(&json!({ "migrate": { "run": "x ${env} ${port}" } }), "f").unwrap();
    assert!(commands.get("migrat").unwrap_err().to_string().contains("did you mean \"migrate\"?"));
    assert!(commands.get("other").unwrap_err().to_string().contains("declared are migrate"));
    let migrate = commands.get("migrate").unwrap();
    let values = |value: Value| value.as_object().unwrap().clone();
    assert!(
        migrate.check(&values(json!({ "env": 1, "porrt": 2 }))).unwrap_err().contains("${port}?")
    );
    assert!(
        migrate
            .check(&values(json!({ "colour": 2 })))
            .unwrap_err()
            .contains("there are ${env}, ${port}")
    );
    assert_eq!(migrate.check(&values(json!({ "env": 1 }))), Ok(()));
}
