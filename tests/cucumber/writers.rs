//! The crate's own writers and settings.

use cucumber::{World as _, WriterExt as _, writer};
use serde_json::Value;

use crate::suite::{Output, Project, Shop, basic, told};

fn project() -> Project {
    Project::with(
        "import { When } from '@cucumber/cucumber';
         When('it passes', function () {
           console.log('printed');
           this.log('logged');
           this.attach('{\"a\":1}', 'application/json');
           this.attach(Buffer.from('bytes'), { mediaType: 'image/png', fileName: 'a.png' });
         });
         When('it fails', () => { throw new Error('broken'); });",
        "
          @good
          Scenario: passing
            When it passes
            And Rust counts
          @bad
          Scenario: failing
            When it fails
          @odd
          Scenario: undefined
            When nobody knows this
        ",
    )
}

#[tokio::test]
async fn json() {
    let (project, output) = (project(), Output::default());
    let library = project.library().await;
    let suite = Shop::cucumber()
        .with_runner(library.runner())
        .with_writer(writer::Json::new(output.clone()));
    let _ = suite.with_default_cli().run(project.path().join("features")).await;
    let report: Value = serde_json::from_str(&output.text()).unwrap();
    let elements = report[0]["elements"].as_array().unwrap();
    let status = |name: &str| {
        let scenario = elements.iter().find(|scenario| scenario["name"] == name).unwrap();
        scenario["steps"][0]["result"].clone()
    };
    assert_eq!(status("passing")["status"], "passed");
    assert_eq!(status("failing")["status"], "failed");
    let message = status("failing")["error_message"].to_string();
    assert!(
        message.contains("Error: broken") && message.contains("steps/steps.ts:8:"),
        "{message}"
    );
    assert_eq!(status("undefined")["status"], "skipped");
    // What JavaScript said is embedded.
    assert!(output.text().contains("text/x.cucumber.log+plain"), "{}", output.text());
}

#[tokio::test]
async fn junit_and_libtest() {
    let (project, output) = (project(), Output::default());
    let library = project.library().await;
    let suite = Shop::cucumber()
        .with_runner(library.runner())
        .with_writer(writer::JUnit::new(output.clone(), 0));
    let _ = suite.with_default_cli().run(project.path().join("features")).await;
    let text = output.text();
    assert!(text.contains("tests=\"3\"") && text.contains("failures=\"1\""), "{text}");
    assert!(text.contains("Error: broken"), "{text}");

    let output = Output::default();
    let suite = Shop::cucumber()
        .with_runner(library.runner())
        .with_writer(writer::Libtest::new(output.clone()).normalized());
    let _ = suite.with_default_cli().run(project.path().join("features")).await;
    let text = output.text();
    assert!(text.contains("\"event\":\"failed\"") && text.contains("Error: broken"), "{text}");
}

#[tokio::test]
async fn what_javascript_says_is_a_log_of_the_scenario() {
    let project = project();
    let library = project.library().await;
    let (writer, output) = basic();
    let suite = Shop::cucumber().with_runner(library.runner()).with_writer(writer);
    let _ = suite.with_default_cli().run(project.path().join("features")).await;
    let text = output.text();
    for said in [
        "printed\n",
        "logged\n",
        "attachment (application/json): {\"a\":1}\n",
        "attachment \"a.png\" (image/png): 5 bytes\n",
    ] {
        assert!(text.contains(said), "{said:?} is not in:\n{text}");
    }
}

#[tokio::test]
async fn filters_and_failing_on_skipped() {
    let project = project();
    let library = project.library().await;
    for (tag, steps) in [("good", (2, 0, 0)), ("bad", (0, 0, 1)), ("odd", (0, 0, 1))] {
        let (writer, output) = basic();
        let suite = Shop::cucumber()
            .steps(library.steps_with(Shop::collection()))
            .before(library.before())
            .after(library.after())
            .with_writer(writer)
            .fail_on_skipped()
            .max_concurrent_scenarios(1)
            .with_default_cli();
        let features = project.path().join("features");
        let writer = suite
            .filter_run(features, move |_, _, scenario| scenario.tags.iter().any(|has| has == tag))
            .await;
        told(writer, &output).assert(steps);
    }
}
