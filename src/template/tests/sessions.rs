//! What an instance keeps beside its VM, and what ends with it.

use super::*;
use crate::session::Commands;

const CODE: &str = "
    import { execFileSync } from 'node:child_process';
    import { vars as imported } from 'quickcuke';
    let calls = 0;
    export const count = () => [++calls, vars.get('calls') ?? null, vars.set('calls', calls), imported === vars][0];
    export const get = key => vars.get(key) ?? null;
    export const set = (key, value) => vars.set(key, value);
    export const spin = () => { for (;;); };
    export const say = word => commands.run('say', { word });
    export const program = word => execFileSync('echo', ['said', word], { encoding: 'utf8' });
    export const start = async () => (await commands.start('server')).pid;
    export const status = () => commands.status('server');
    export const unknown = () => commands.run('sey');
    export const other = () => execFileSync('rm', ['-r', '.']);";

fn builder() -> TemplateBuilder {
    let declared = json!({
        "say": { "run": ["echo", "said", "${word}"] },
        "server": { "run": "sleep 600 & sleep 600", "persistent": true },
    });
    module(CODE).commands(Commands::parse(&declared, "commands").unwrap())
}

fn is_alive(pid: i64) -> bool {
    std::path::Path::new(&format!("/proc/{pid}")).exists()
}

#[test]
fn variables_outlive_the_vm_and_end_with_the_instance() {
    wait(async {
        let template = builder().build().await.unwrap();
        for _ in 0..20 {
            let timeout = Some(Duration::from_millis(20));
            let mut brief = template
                .instantiate(InstanceOptions { timeout, ..InstanceOptions::default() })
                .await
                .unwrap();
            brief.session().vars().set("given", json!({"by": "Rust"}));
            brief.call("set", json!(["own", [1]]).as_array().unwrap().clone()).await.unwrap();
            assert_eq!(error(&mut brief, "spin").await.kind, ErrorKind::Timeout);
            assert_eq!(value(&mut brief, "get", ["given"]).await, json!({"by": "Rust"}));
            assert_eq!(value(&mut brief, "get", ["own"]).await, json!([1]));
            assert_eq!(brief.session().vars().get("own"), Some(&json!([1])));
            let mut next = pristine(&template).await;
            assert_eq!(value(&mut next, "get", ["given"]).await, Value::Null);
        }
    });
}

#[test]
fn an_instance_runs_the_declared_commands_and_nothing_else() {
    wait(async {
        let mut instance = instance(builder()).await;
        for function in ["say", "program"] {
            let said = value(&mut instance, function, ["hi"]).await;
            assert_eq!(said.as_str().unwrap().trim(), "said hi");
        }
        let unknown = error(&mut instance, "unknown").await.message;
        assert_eq!(unknown, "command \"sey\" is not declared: did you mean \"say\"?");
        let other = error(&mut instance, "other").await.message;
        assert!(
            other.starts_with("child_process: \"rm -r .\" is not declared, so it may not run"),
            "{other}"
        );
        assert!(other.contains("TemplateBuilder::commands"), "{other}");
        assert!(!other.contains("quickcuke.toml") && !other.contains("--trust"), "{other}");

        let none = module("export const run = () => commands.run('x')");
        let none = error(&mut super::instance(none).await, "run").await.message;
        assert!(
            none.contains("TemplateBuilder::commands") && !none.contains("quickcuke.toml"),
            "{none}"
        );
        let early = module("vars.set('a', 1)").build().await.unwrap_err().message;
        let expected =
            "vars can be used in calls of an instance only, not while the template is evaluated";
        assert_eq!(early, expected);
    });
}

#[test]
fn processes_outlive_the_vm_and_end_with_the_instance() {
    wait(async {
        let template = builder().build().await.unwrap();
        for round in 0..100 {
            let timeout = Some(Duration::from_millis(if round % 10 == 0 { 100 } else { 20_000 }));
            let options = InstanceOptions { timeout, ..InstanceOptions::default() };
            let mut instance = template.instantiate(options).await.unwrap();
            let pid = instance.call("start", ()).await;
            // The machine may be too slow for the short deadline: then there is nothing to look at.
            let Ok(pid) = pid else { continue };
            let pid = pid.result.as_i64().unwrap();
            if round % 10 == 0 {
                assert_eq!(error(&mut instance, "spin").await.kind, ErrorKind::Timeout);
            }
            assert_eq!(value(&mut instance, "status", ()).await["pid"], pid);
            assert!(is_alive(pid));
            match round % 2 {
                0 => drop(instance),
                _ => instance.shutdown().await.unwrap(),
            }
            assert!(!is_alive(pid), "process {pid} outlives its instance");
        }
    });
}
