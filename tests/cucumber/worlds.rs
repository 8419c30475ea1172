//! What Rust steps do with a World.

use std::path::Path;

use cucumber::{World as _, given, then, when};
use serde_json::json;

use crate::suite::{Project, Shop, basic, told};

/// Steps on the World of quickcuke itself.
#[given(expr = "a basket of {word}")]
fn basket(world: &mut quickcuke::World, fruit: String) {
    world.vars().set("basket", json!([fruit]));
}

#[then(expr = "the basket has {int} fruit(s)")]
async fn has(world: &mut quickcuke::World, count: usize) {
    let length = world.run("() => vars.get('basket').length", ()).await.unwrap();
    assert_eq!(length, json!(count));
}

#[tokio::test]
async fn a_suite_can_use_the_world_itself() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
         When('a {word} is added', (fruit) => vars.set('basket', [...vars.get('basket'), fruit]));",
        "  Scenario: a
    Given a basket of apples
    When a pear is added
    Then the basket has 2 fruits
",
    );
    let library = project.library().await;
    let writer = quickcuke::World::cucumber()
        .with_runner(library.runner())
        .with_default_cli()
        .run(project.path().join("features"))
        .await;
    use cucumber::writer::Stats as _;
    assert_eq!((writer.passed_steps(), writer.failed_steps()), (3, 0));
}

#[when("Rust uses the session")]
async fn uses_session(shop: &mut Shop) {
    let js = &shop.js;
    assert_eq!(
        js.execute("globalThis.n = 1; return [vars.get('from'), ferridriver.host]").await.unwrap(),
        json!(["js", "bdd"])
    );
    assert_eq!(js.run("(a, b) => a + b + n", (1, 2)).await.unwrap(), json!(4));
    assert_eq!(js.run("(list) => list.length", vec![vec![1, 2]]).await.unwrap(), json!(2));
    assert_eq!(js.run("async (text) => text + '!'", "hi").await.unwrap(), json!("hi!"));
    let error = js.execute("\nthrow new RangeError('no')").await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.line), ("RangeError: no", Some(2)));
    js.vars().set("to", json!("js"));
}

#[then("Rust finds the session of alice")]
async fn finds_alice(shop: &mut Shop) {
    assert_eq!(shop.js.sessions().session("alice").vars().get("name"), Some(&json!("Alice")));
}

#[tokio::test]
async fn what_one_language_sets_the_other_reads() {
    let project = Project::with(
        "import { When, Then, World, setWorldConstructor } from '@cucumber/cucumber';
         import assert from 'node:assert';
         setWorldConstructor(class extends World { made = true; });
         When('JavaScript sets', async function () {
           assert.equal(this.made, true);
           assert.deepEqual(this.parameters, { url: 'http://localhost' });
           vars.set('from', 'js');
           await this.session('alice').run(() => vars.set('name', 'Alice'));
         });
         Then('JavaScript reads', () => { assert.equal(vars.get('to'), 'js'); });",
        "  Scenario: a
    When JavaScript sets
    And Rust uses the session
    Then JavaScript reads
    And Rust finds the session of alice
",
    );
    let library = project
        .builder()
        .config(|config| config.world_parameters = json!({ "url": "http://localhost" }))
        .load()
        .await
        .unwrap();
    project.run_with(&library).await.assert((4, 0, 0));
}

#[when("Rust starts the server")]
async fn starts(shop: &mut Shop) {
    let status = shop.js.start("server", json!({ "name": "rust" })).await.unwrap();
    assert!(status.running);
    shop.js.vars().set("pid", json!(status.pid));
    let error = shop.js.start("serer", ()).await.unwrap_err().to_string();
    assert!(error.contains("serer") && error.contains("server"), "{error}");
    let error = shop.js.start("server", json!({ "nam": 1 })).await.unwrap_err().to_string();
    assert!(error.contains("nam"), "{error}");
}

const COMMANDS: &str = "[commands]
server = { run = \"echo ready ${name}; sleep 1000 & wait\", persistent = true, ready = { line = \"ready\" } }
[sandbox]
write = [\"pids\"]
";

fn runs(pid: &str) -> bool {
    Path::new("/proc").join(pid.trim()).exists()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn processes_end_with_their_scenario_whoever_started_them() {
    let project = Project::with(
        "import { When, Then, After } from '@cucumber/cucumber';
         import assert from 'node:assert';
         import fs from 'node:fs';
         When('JavaScript starts the server', async () => {
           vars.set('pid', (await commands.start('server', { name: 'js' })).pid);
         });
         Then('it runs', async () => {
           const { running, stdout, pid } = await commands.status('server');
           assert.ok(running && stdout.includes('ready'));
           assert.equal(pid, vars.get('pid'));
         });
         Then('it fails', () => { throw new Error('no'); });
         After(() => fs.appendFileSync('pids', `${vars.get('pid')}\\n`));",
        "  Scenario: a
    When JavaScript starts the server
    Then it runs
  Scenario: b
    When Rust starts the server
    Then it runs
  Scenario: c
    When Rust starts the server
    Then it fails
",
    );
    project.write("quickcuke.toml", COMMANDS);
    project.run().await.assert((5, 0, 1));
    let pids = project.read("pids");
    assert_eq!(pids.lines().count(), 3);
    assert!(!pids.lines().any(runs), "{pids}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn dropping_a_world_ends_its_processes() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
         import fs from 'node:fs';
         When('JavaScript starts the server', async () => {
           fs.appendFileSync('pids', `${(await commands.start('server', { name: 'js' })).pid}\\n`);
         });",
        "  Scenario: a\n    When JavaScript starts the server\n",
    );
    project.write("quickcuke.toml", COMMANDS);
    let library = project.library().await;
    let (writer, output) = basic();
    let suite = Shop::cucumber()
        .steps(library.steps_with(Shop::collection()))
        .before(library.before())
        .with_writer(writer);
    let told = told(suite.with_default_cli().run(project.path().join("features")).await, &output);
    told.assert((1, 0, 0));
    assert!(!runs(&project.read("pids")), "{}", project.read("pids"));
}

#[tokio::test]
async fn grants_come_from_the_configuration() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
         import fs from 'node:fs';
         When('it writes', () => fs.writeFileSync('out.txt', 'x'));
         When('it reads HOME', () => { if (process.env.HOME === undefined) throw new Error('no HOME'); });",
        "  Scenario: a\n    When it writes\n  Scenario: b\n    When it reads HOME\n",
    );
    let told = project.run().await;
    told.assert((0, 0, 2)).says("out.txt").says("write").says("no HOME");
    project.write("quickcuke.toml", "[sandbox]\nwrite = [\"out.txt\"]\nenv = [\"HOME\"]\n");
    project.run().await.assert((2, 0, 0));
    assert_eq!(project.read("out.txt"), "x");
}

#[tokio::test]
async fn a_world_that_has_not_joined_says_what_is_missing() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber'; When('it passes', () => {});",
        "  Scenario: a\n    When it passes\n",
    );
    let library = project.library().await;
    let (writer, output) = basic();
    let suite = Shop::cucumber().steps(library.steps_with(Shop::collection())).with_writer(writer);
    let told = told(suite.with_default_cli().run(project.path().join("features")).await, &output);
    told.assert((0, 0, 1)).says("add `.before(library.before())`");
}

#[tokio::test]
async fn a_world_prints_its_variables() {
    let world = quickcuke::World::default();
    assert_eq!(format!("{world:?}"), "World { vars: Vars({}), .. }");
    world.vars().set("a", json!(1));
    assert_eq!(format!("{world:?}"), "World { vars: Vars({\"a\": Number(1)}), .. }");
    // Dropped while it runs: the session is free for the next call.
    let spin =
        tokio::time::timeout(std::time::Duration::from_millis(50), world.execute("for (;;);"));
    assert!(spin.await.is_err());
    assert_eq!(world.execute("return vars.get('a')").await.unwrap(), json!(1));
}

#[test]
fn worlds_and_libraries_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<quickcuke::World>();
    crosses::<quickcuke::StepLibrary>();
}
