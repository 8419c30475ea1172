//! Runtimes that a suite can be run on.

use quickcuke::StepLibrary;
use serde_json::json;

use crate::suite::Project;

const STEPS: &str = "import { When } from '@cucumber/cucumber';
    When('it waits', async () => { await new Promise((done) => setTimeout(done, 5)); });
    When('it runs a command', async () => { await commands.run('hello'); });";

fn project() -> Project {
    let project = Project::with(
        STEPS,
        "  Scenario: a\n    When it waits\n    And it runs a command\n    And Rust counts\n",
    );
    project.write("quickcuke.toml", "[commands]\nhello = { run = \"echo hello\" }\n");
    project
}

async fn run() {
    project().run().await.assert((3, 0, 0));
    let world = quickcuke::World::default();
    assert_eq!(world.execute("return await Promise.resolve(1)").await.unwrap(), json!(1));
}

#[tokio::test]
async fn on_one_thread() {
    run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads() {
    run().await;
}

#[test]
fn on_tokio_without_io_and_time() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run());
    tokio::runtime::Builder::new_multi_thread().build().unwrap().block_on(run());
}

#[test]
fn on_an_executor_that_is_not_tokio() {
    futures::executor::block_on(run());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_is_shared_by_suites_at_a_time() {
    let project = std::sync::Arc::new(project());
    let library: StepLibrary = project.library().await;
    let suites = (0..3).map(|_| {
        let (project, library) = (project.clone(), library.clone());
        std::thread::spawn(move || {
            futures::executor::block_on(async { project.run_with(&library).await.steps() })
        })
    });
    for suite in suites.collect::<Vec<_>>() {
        assert_eq!(suite.join().unwrap(), (3, 0, 0));
    }
}
