//! Scenarios at a time, the worlds that they find, and hooks around the run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cucumber::{World as _, given};
use quickcuke::StepLibrary;

use crate::suite::{Output, Project, Shop, basic, told};

const COUNTING: &str = "import { When, Before, After } from '@cucumber/cucumber';
    let scenarios = 0;
    Before(() => { if (scenarios++ !== 0 || vars.keys().length > 0) throw new Error('not pristine'); });
    When('it waits', async () => { vars.set('seen', true); await new Promise((done) => setTimeout(done, 20)); });
    When('it sees', () => { if (!vars.get('seen')) throw new Error('another session'); });
    When('it passes', () => {});";

fn scenarios(count: usize, steps: &str) -> String {
    (0..count).map(|number| format!("  Scenario: {number}\n{steps}")).collect()
}

#[tokio::test]
async fn many_scenarios_share_few_workers() {
    let steps = "    When it waits\n    When Rust counts\n    Then it sees\n    And Rust has counted to 1\n";
    let project = Project::with(COUNTING, &scenarios(64, steps));
    let library = project.builder().workers(2).load().await.unwrap();
    project.run_with(&library).await.assert((256, 0, 0));
    project.run_with(&library).await.assert((256, 0, 0));
}

/// Has every scenario wait until all of them are there.
#[given(expr = "{int} scenarios have met")]
async fn meet(_: &mut Shop, all: usize) {
    static MET: AtomicUsize = AtomicUsize::new(0);
    MET.fetch_add(1, Ordering::SeqCst);
    while MET.load(Ordering::SeqCst) < all {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn scenarios_that_wait_for_each_other_do_not_wait_for_ever() {
    let project = Project::with(
        COUNTING,
        &scenarios(3, "    Given 3 scenarios have met\n    When it passes\n"),
    );
    let library = project.builder().workers(1).load().await.unwrap();
    let run = tokio::time::timeout(Duration::from_secs(60), project.run_with(&library));
    run.await.expect("a deadlock").assert((6, 0, 0));
}

#[tokio::test]
async fn every_attempt_is_pristine() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
         import fs from 'node:fs';
         let calls = 0;
         When('it passes at the third attempt', () => {
           if (calls++ !== 0 || vars.has('tried')) throw new Error('not pristine');
           vars.set('tried', true);
           const attempts = fs.existsSync('attempts') ? fs.readFileSync('attempts', 'utf8') : '';
           fs.writeFileSync('attempts', attempts + 'x');
           if (attempts.length < 2) throw new Error(`attempt ${attempts.length}`);
         });",
        "
          @retry(3)
          Scenario: a
            When Rust counts
            And it passes at the third attempt
            And Rust has counted to 1
        ",
    );
    project.write("quickcuke.toml", "[sandbox]\nwrite = [\"attempts\"]\n");
    let told = project.run().await;
    assert_eq!((told.failed, told.retried), (0, 2), "{}", told.text);
    assert_eq!(project.read("attempts"), "xxx");
    told.says("attempt 0").says("attempt 1");
}

const AROUND: &str = "import { When, BeforeAll, AfterAll } from '@cucumber/cucumber';
    import fs from 'node:fs';
    const note = (text) => fs.appendFileSync('notes', text + '\\n');
    let before = 0;
    BeforeAll(() => { before++; note('before'); });
    When('it passes', () => { note(`step ${before}`); });
    When('it fails', () => { throw new Error('no'); });
    AfterAll(() => { note('after'); });";

#[tokio::test]
async fn hooks_around_the_run_run_once_in_each_worker() {
    let project = Project::with(
        AROUND,
        "  Scenario: a\n    When it passes\n  Scenario: b\n    When it fails\n",
    );
    project.write("quickcuke.toml", "[sandbox]\nwrite = [\"notes\"]\n");
    let library = project.builder().workers(1).load().await.unwrap();
    assert_eq!(project.read("notes"), "");
    project.run_with(&library).await.assert((1, 0, 1));
    assert_eq!(project.read("notes"), "before\nstep 1\nafter\n");
    project.run_by_runner().await.assert((1, 0, 1));
    assert!(project.read("notes").ends_with("after\n"));
    drop(library);
    let notes = project.read("notes");
    assert_eq!(notes.matches("before").count(), notes.matches("after").count(), "{notes}");
}

#[tokio::test]
async fn a_failed_before_all_fails_every_scenario_and_says_why() {
    let project = Project::with(
        "import { When, After, BeforeAll } from '@cucumber/cucumber';
         BeforeAll(() => { throw new Error('no database'); });
         After(() => {});
         When('it passes', () => {});",
        &scenarios(3, "    When it passes\n"),
    );
    let told = project.run().await;
    told.assert((0, 0, 3));
    assert_eq!(told.text.matches("a BeforeAll hook failed: Error: no database").count(), 3);
}

#[tokio::test]
async fn a_failed_after_all_fails_the_run() {
    let project = Project::with(
        "import { When, AfterAll } from '@cucumber/cucumber';
         AfterAll(() => { throw new Error('left dirty'); });
         When('it passes', () => {});",
        "  Scenario: a\n    When it passes\n",
    );
    for by_runner in [false, true] {
        let (library, features) = (project.library().await, project.path().join("features"));
        let (writer, output) = basic();
        let run = tokio::task::LocalSet::new();
        let run = run.run_until(async move {
            tokio::task::spawn_local(async move {
                match by_runner {
                    true => {
                        let suite = Shop::cucumber().with_runner(library.runner());
                        drop(suite.with_writer(writer).with_default_cli().run(features).await);
                    }
                    false => {
                        let suite = Shop::cucumber()
                            .steps(library.steps_with(Shop::collection()))
                            .before(library.before())
                            .after(library.after());
                        drop(suite.with_writer(writer).with_default_cli().run(features).await);
                    }
                }
            })
            .await
        });
        let error = run.await.expect_err("the run must fail").into_panic();
        let message = error.downcast_ref::<String>().unwrap();
        assert!(message.contains("an AfterAll hook failed: Error: left dirty"), "{message}");
        // The function of `after` goes before the writer has summed up.
        let summed_up = output.text().contains("1 scenario (1 passed)");
        assert_eq!(summed_up, by_runner, "{}", output.text());
    }
}

#[tokio::test]
async fn a_worker_that_native_code_holds_is_replaced() {
    let project = Project::with(
        "import { When, After } from '@cucumber/cucumber';
         When('it spins in native code', { timeout: 100 }, () => { SPIN });
         When('it passes', () => {});
         After(({ result, error }) => console.log(`after: ${result.status} ${error?.message}`));"
            .replace("SPIN", "const text = 'a'.repeat(2e7); for (;;) text.indexOf('b');")
            .as_str(),
        "  Scenario: a\n    When it spins in native code\n    And it passes\n  Scenario: b\n    When it passes\n",
    );
    let library = project.builder().workers(1).load().await.unwrap();
    let (writer, output) = basic();
    let suite = Shop::cucumber().with_runner(library.runner()).with_writer(writer);
    let told = told(suite.with_default_cli().run(project.path().join("features")).await, &output);
    told.assert((1, 0, 1)).says("function timed out, ensure the function returns within 100");
    told.says("after: FAILED function timed out").says("after: PASSED");
}

#[tokio::test]
async fn without_after_the_end_of_the_world_ends_the_scenario() {
    let project = Project::with(COUNTING, &scenarios(8, "    When it waits\n    And it sees\n"));
    let library: StepLibrary = project.builder().workers(2).load().await.unwrap();
    let (writer, output) = basic();
    let suite = Shop::cucumber()
        .steps(library.steps_with(Shop::collection()))
        .before(library.before())
        .with_writer(writer);
    let output: Output = output;
    let told = told(suite.with_default_cli().run(project.path().join("features")).await, &output);
    told.assert((16, 0, 0));
}
