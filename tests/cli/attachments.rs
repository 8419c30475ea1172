//! What steps attach, log and leave behind.

use crate::messages::Messages;
use crate::project::Project;

/// The attachments of a run as `media type, encoding: body`.
fn attachments(code: &str) -> Vec<String> {
    let run = Project::with_step(code).tell(&[]).passes();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("none").to_owned();
    let messages = run.messages();
    let told = |attachment: &serde_json::Value| {
        let parts = ["mediaType", "contentEncoding", "body", "fileName"]
            .map(|member| text(&attachment[member]));
        parts.join(" | ")
    };
    messages.all("attachment").map(told).collect()
}

#[test]
fn texts_logs_and_links_are_attached() {
    let code = "
        When('it happens', function () {
          this.attach('plain');
          this.attach('{\"a\":1}', 'application/json');
          this.attach('aGk=', 'base64:text/plain');
          this.attach('named', { mediaType: 'text/html', fileName: 'page.html' });
          this.log('logged');
          this.link('https://example.org');
        });
    ";
    assert_eq!(
        attachments(code),
        [
            "text/plain | IDENTITY | plain | none",
            "application/json | IDENTITY | {\"a\":1} | none",
            "text/plain | BASE64 | aGk= | none",
            "text/html | IDENTITY | named | page.html",
            "text/x.cucumber.log+plain | IDENTITY | logged | none",
            "text/uri-list | IDENTITY | https://example.org | none",
        ]
    );
}

#[test]
fn bytes_are_attached_in_base64() {
    let code = "
        import { Readable } from 'node:stream';
        When('it happens', async function () {
          this.attach(Buffer.from([0, 255]), 'image/png');
          await this.attach(Readable.from([Buffer.from('a'), Buffer.from('b')]), 'image/gif');
        });
    ";
    assert_eq!(
        attachments(code),
        ["image/png | BASE64 | AP8= | none", "image/gif | BASE64 | YWI= | none"]
    );
}

#[test]
fn what_a_generator_step_yields_is_logged_as_it_comes() {
    let code = "
        When('it happens', async function* () {
          yield 'one';
          this.attach('between', 'text/plain');
          yield { two: 2 };
        });
    ";
    assert_eq!(
        attachments(code),
        [
            "text/x.cucumber.log+plain | IDENTITY | one | none",
            "text/plain | IDENTITY | between | none",
            "text/x.cucumber.log+plain | IDENTITY | { two: 2 } | none",
        ]
    );
}

#[test]
fn a_generator_step_that_throws_keeps_what_it_yielded() {
    let code = "When('it happens', function* () { yield 'started'; throw new Error('broken'); });";
    let run = Project::with_step(code).tell(&[]).fails().explains("it", "Error: broken");
    assert_eq!(
        run.messages()
            .all("attachment")
            .map(|attachment| attachment["body"].clone())
            .collect::<Vec<_>>(),
        ["started"]
    );
}

#[test]
fn what_cannot_be_attached_fails_the_step() {
    for (code, explanation) in [
        (
            "const ring: any = {}; ring.ring = ring; this.attach(ring, 'application/json');",
            "Invalid attachment data",
        ),
        ("const ring: any = {}; ring.ring = ring; this.attach(JSON.stringify(ring));", "TypeError"),
        ("this.attach(Buffer.from('x'));", "Buffer attachments must specify a media type"),
    ] {
        let code = format!("When('it happens', function () {{ {code} }});");
        let run = Project::with_step(&code).tell(&[]).fails();
        run.explains("it", explanation).scenarios(&["it: failed", "later: passed"]);
    }
}

#[test]
fn nothing_can_be_attached_when_no_step_runs() {
    let code = "
        let world;
        When('it happens', function () { world = this; });
        AfterAll(() => world?.attach('late'));
    ";
    // AfterAll sees the modules as BeforeAll left them: there is no World to attach to.
    Project::with_step(code).run(&[]).passes();
}

/// What each hook around the run attached, as `type of hook: body`.
#[track_caller]
fn of_test_run_hooks(messages: &Messages) -> Vec<String> {
    let find = |kind: &'static str, id: &serde_json::Value| {
        messages.all(kind).find(|item| item["id"] == *id).expect("what the id names").clone()
    };
    let told = |attachment: &serde_json::Value| {
        assert!(attachment["testCaseStartedId"].is_null() && attachment["testStepId"].is_null());
        let hook =
            find("testRunHookStarted", &attachment["testRunHookStartedId"])["hookId"].clone();
        format!("{}: {}", find("hook", &hook)["type"], attachment["body"]).replace('"', "")
    };
    messages.all("attachment").map(told).collect()
}

#[test]
fn hooks_around_the_run_attach_too() {
    let code = "
        import { context } from '@cucumber/cucumber';
        import { createReadStream } from 'node:fs';
        BeforeAll(function () { this.log('one'); this.link('https://example.org'); });
        BeforeAll(function* () { yield 'two'; });
        AfterAll(() => context.attach(createReadStream('steps/a.txt'), 'text/plain'));
        AfterAll(function () { console.log(JSON.stringify(this)); });
        When('it happens', () => {});
    ";
    for restore in ["best", "fresh-vm"] {
        let project = Project::with_step(code).file("steps/a.txt", "three");
        let run = project.env("QUICKCUKE_RESTORE", restore).tell(&[]).passes();
        assert_eq!(
            of_test_run_hooks(&run.messages()),
            [
                "BEFORE_TEST_RUN: one",
                "BEFORE_TEST_RUN: https://example.org",
                "BEFORE_TEST_RUN: two",
                "AFTER_TEST_RUN: dGhyZWUK",
            ],
            "{restore}"
        );
        run.prints("{\"parameters\":{}}\n");
    }
}

#[test]
fn what_is_done_again_after_a_takeover_attaches_nothing() {
    let code = "
        const text = 'a'.repeat(2e7);
        BeforeAll(function () { this.log('one'); });
        BeforeAll(function () { this.log('two'); for (;;) text.indexOf('b'); });
        AfterAll(function () { this.log('three'); });
        When('it happens', () => {});
    ";
    let run = Project::with_step(code).tell(&["--timeout", "100ms"]).fails();
    let expected = ["BEFORE_TEST_RUN: one", "BEFORE_TEST_RUN: two", "AFTER_TEST_RUN: three"];
    assert_eq!(of_test_run_hooks(&run.messages()), expected);
}

#[test]
fn a_world_that_is_left_over_does_not_attach_to_a_hook_around_the_run() {
    let code = "
        let world;
        When('it happens', function () { world = this; });
        AfterAll(() => world.attach('late'));
    ";
    Project::with_step(code)
        .run(&["--isolation", "worker"])
        .fails()
        .prints("Cannot attach to a scenario that is over");
}

#[test]
fn artifacts_outlive_the_run_in_a_directory_that_is_made() {
    let code = "
        import { artifacts } from 'quickcuke';
        import { writeFileSync } from 'node:fs';
        When('it happens', () => writeFileSync(`${artifacts}/page.html`, '<p>'));
    ";
    let project = Project::with_step(code);
    project.run(&["--artifacts", "out/deep"]).passes();
    assert_eq!(project.read("out/deep/page.html"), "<p>");
}
