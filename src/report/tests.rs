//! Whole reports of small runs.

mod builder;

use super::*;
use crate::messages::TestStepResultStatus::*;
use crate::messages::{Envelope, HookType, TestStepResult};
use builder::{Run, millis, step};

fn report(name: &str, colors: bool, options: &str, run: Run) -> String {
    let options: Options = serde_json::from_str(options).expect("options");
    told(formatter(name, colors, &options).expect("a formatter").as_mut(), run)
}

fn told(formatter: &mut dyn Formatter, run: Run) -> String {
    let mut out = Vec::new();
    for envelope in run.finish() {
        formatter.handle(&envelope, &mut out).expect("a Vec can be written to");
    }
    String::from_utf8(out).expect("text")
}

/// Without the line ends around it, for which inline snapshots have no form.
fn shown(name: &str, colors: bool, options: &str, run: Run) -> String {
    report(name, colors, options, run).replace('\u{1b}', "^").trim_matches('\n').to_string()
}

fn mixed() -> Run {
    let mut undefined = step("Given ", "a plum", Undefined);
    undefined.snippet = Some("Given('a plum', function () {\n  return 'pending';\n});");
    let mut ambiguous = step("Given ", "a fig", Ambiguous);
    ambiguous.definitions = vec!["a fig", "a {word}"];
    Run::default()
        .scenario("passes", &[step("Given ", "an apple", Passed)])
        .scenario(
            "fails",
            &[
                step("Given ", "an apple", Passed).log("not shown in a summary"),
                step("When ", "I bite", Failed)
                    .message("Error: worm\n    at bite (steps/a.ts:8:3)")
                    .table(&[&["a", "long"], &["été", ""]])
                    .log("bitten"),
                step("Then ", "I smile", Skipped),
            ],
        )
        .scenario("waits", &[step("* ", "ripening", Pending).message("not before May")])
        .scenario("is missing", &[undefined.clone()])
        .scenario("is missing again", &[undefined])
        .scenario("is unclear", &[ambiguous])
}

#[test]
fn progress_shows_a_character_for_each_step_and_then_the_summary() {
    insta::assert_snapshot!(shown("progress", false, "{}", mixed()), @r"
    ..F-PUUA

    Pending scenarios:
      1) waits # features/a.feature:30
           * ripening # steps/a.ts:7
               not before May

    Undefined scenarios:
      1) is missing # features/a.feature:40
           Given a plum
      2) is missing again # features/a.feature:50
           Given a plum

    Ambiguous scenarios:
      1) is unclear # features/a.feature:60
           Given a fig
               Multiple matching step definitions found:
                 • a fig # steps/a.ts:7
                 • a {word} # steps/a.ts:7

    Failed scenarios:
      1) fails # features/a.feature:20
           When I bite # steps/a.ts:7
             | a   | long |
             | été |      |
               Error: worm
                   at bite (steps/a.ts:8:3)

               bitten

    6 scenarios (1 passed, 1 pending, 2 undefined, 1 ambiguous, 1 failed)
    8 steps (2 passed, 1 skipped, 1 pending, 2 undefined, 1 ambiguous, 1 failed)
    1m 1.005s (0m 0.008s executing your code)

    You can implement missing steps with the snippets below:

    Given('a plum', function () {
      return 'pending';
    });
    ");
}

#[test]
fn summary_is_what_progress_ends_with() {
    let summary = report("summary", false, "{}", mixed());
    let progress = report("progress", false, "{}", mixed());
    assert_eq!(progress.split_once('\n').map(|(_, rest)| rest), Some(summary.as_str()));
}

#[test]
fn pretty_shows_steps_with_arguments_and_attachments_as_they_run() {
    let run = Run::default().rule("Ripe").scenario(
        "eating",
        &[
            step("Given ", "an apple", Passed).doc_string("text/plain", "red\n  round"),
            step("And ", "a pear", Passed).embed("aGVsbG8h"),
            step("Then ", "I am full", Failed).message("Error: no"),
        ],
    );
    insta::assert_snapshot!(shown("pretty", false, "{}", run), @r#"
    Feature: Fruit

      Rule: Ripe

        @fresh
        Scenario: eating   # features/a.feature:10
          ✔ Given an apple # steps/a.ts:7
              """text/plain
              red
                round
              """

                Embedding [image/png 6 bytes]

          ✔ And a pear     # steps/a.ts:7
          ✘ Then I am full # steps/a.ts:7
                Error: no

    Failed scenarios:
      1) eating # features/a.feature:10
           Then I am full # steps/a.ts:7
               Error: no

    1 scenario (1 failed)
    3 steps (2 passed, 1 failed)
    1m 1.005s (0m 0.003s executing your code)
    "#);
}

#[test]
fn pretty_heeds_its_options() {
    let run = Run::default()
        .rule("Ripe")
        .scenario("eating", &[step("And ", "a pear", Passed).embed("aGVsbG8h")]);
    let options = r#"{"pretty":{"includeFeatureLine":false,"includeRuleLine":false,
        "useStatusIcon":false,"includeAttachments":false}}"#;
    insta::assert_snapshot!(shown("pretty", false, options, run), @r"
    @fresh
    Scenario: eating # features/a.feature:10
      And a pear     # steps/a.ts:7

    1 scenario (1 passed)
    1 step (1 passed)
    1m 1.005s (0m 0.001s executing your code)
    ");
}

#[test]
fn colours_set_off_statuses_keywords_and_arguments() {
    let mut eats = step("When ", "😀 eats 3 figs", Passed);
    eats.parameters = vec![(8, "3")];
    let run = Run::default()
        .scenario("eating", &[eats, step("Then ", "full", Failed).message("no\nway")]);
    insta::assert_snapshot!(shown("pretty", true, "{}", run), @r"
    ^[1mFeature:^[22m Fruit

      @fresh
      ^[1mScenario:^[22m eating        ^[90m# features/a.feature:10^[39m
        ^[32m✔^[39m ^[32m^[1mWhen ^[22m😀 eats ^[1m3^[22m figs^[39m ^[90m# steps/a.ts:7^[39m
        ^[31m✘^[39m ^[31m^[1mThen ^[22mfull^[39m           ^[90m# steps/a.ts:7^[39m
              ^[31mno^[39m
              ^[31mway^[39m

    ^[31mFailed scenarios:^[39m
      1) eating ^[90m# features/a.feature:10^[39m
           ^[31m^[1mThen ^[22mfull^[39m ^[90m# steps/a.ts:7^[39m
               ^[31mno^[39m
               ^[31mway^[39m

    1 scenario (^[31m1 failed^[39m)
    2 steps (^[32m1 passed^[39m, ^[31m1 failed^[39m)
    1m 1.005s (0m 0.002s executing your code)
    ");
}

#[test]
fn a_theme_stands_alone() {
    let run = Run::default().scenario("eating", &[step("When ", "I eat", Passed)]);
    let options =
        r#"{"theme":{"status":{"icon":{"PASSED":"+"}},"scenario":{"name":["red","bold"]}}}"#;
    insta::assert_snapshot!(shown("pretty", true, options, run), @r"
    Feature: Fruit

      @fresh
      Scenario: ^[31m^[1meating^[22m^[39m # features/a.feature:10
        + When I eat   # steps/a.ts:7

    1 scenario (1 passed)
    1 step (1 passed)
    1m 1.005s (0m 0.001s executing your code)
    ");
}

#[test]
fn progress_bar_draws_anew_and_leaves_problems_and_counts() {
    let failed = TestStepResult {
        status: Failed,
        duration: millis(1),
        message: Some("Error: cold".into()),
        exception: None,
    };
    let run = Run::default()
        .scenario("passes", &[step("Given ", "an apple", Passed)])
        .scenario("fails", &[step("When ", "I bite", Failed).message("Error: worm")])
        .run_hook(HookType::AfterTestRun, "clean up", failed);
    let look = Summary::new(Theme::cucumber(), Painter { colors: false }, true);
    let text = told(&mut ProgressBar::new(look, || 80), run);
    let shown = text.replace("\u{1b}[4A\u{1b}[0J", "<erased>");
    insta::assert_snapshot!(shown.trim_matches('\n'), @r"
    ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/0 scenarios
    ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/0 steps
    Getting ready...
    <erased>Problems:
      1) Scenario: fails # features/a.feature:20
           When I bite # steps/a.ts:7
               Error: worm

    ██████████████████████████████████████████████████ 2/2 scenarios
    ██████████████████████████████████████████████████ 2/2 steps
    Running 0 scenarios...
    <erased>  2) Global hook: AfterAll (clean up) # steps/a.ts:7
           Error: cold

    ██████████████████████████████████████████████████ 2/2 scenarios
    ██████████████████████████████████████████████████ 2/2 steps
    Running 0 scenarios...
    <erased>
    1 hook (1 failed)
    2 scenarios (1 passed, 1 failed)
    2 steps (1 passed, 1 failed)
    1m 1.005s (0m 0.003s executing your code)
    ");
}

#[test]
fn longer_icons_push_their_places_by_what_is_left_of_the_gap() {
    let run = Run::default()
        .scenario("eating", &[step("When ", "I eat", Passed), step("Then ", "I am full", Failed)]);
    let options = r#"{"theme":{"status":{"icon":{"PASSED":"ok","FAILED":"wrong"}}}}"#;
    insta::assert_snapshot!(shown("pretty", false, options, run).lines().take(6).collect::<Vec<_>>().join("\n"), @r"
    Feature: Fruit

      @fresh
      Scenario: eating   # features/a.feature:10
        ok When I eat    # steps/a.ts:7
        wrong Then I am full# steps/a.ts:7
    ");
}

#[test]
fn of_a_retried_scenario_only_the_last_attempt_counts() {
    let failed = [step("When ", "I bite", Failed).message("hard").log("lost")];
    let passed = [step("When ", "I bite", Passed)];
    let run = Run::default()
        .attempts("softens", &[&failed, &passed])
        .attempts("stays hard", &[&failed, &failed]);
    insta::assert_snapshot!(shown("progress", false, "{}", run), @r"
    F.FF

    Failed scenarios:
      1) stays hard, after 2 attempts # features/a.feature:20
           When I bite # steps/a.ts:7
               hard

               lost

    2 scenarios (1 passed, 1 failed)
    2 steps (1 passed, 1 failed)
    1m 1.005s (0m 0.004s executing your code)
    ");
}

#[test]
fn a_failed_run_hook_is_listed_and_counted() {
    let failed = TestStepResult {
        duration: millis(2),
        status: Failed,
        message: Some("Error: no shop\n    at open".into()),
        exception: None,
    };
    let run = Run::default().run_hook(HookType::BeforeTestRun, "open", failed);
    insta::assert_snapshot!(shown("progress", false, "{}", run), @r"
    F

    Failed hooks:
      1) BeforeAll (open) # steps/a.ts:7
           Error: no shop
               at open

    1 hook (1 failed)
    0 scenarios
    0 steps
    1m 1.005s (0m 0.002s executing your code)
    ");
}

#[test]
fn junit_has_a_case_for_a_run_hook_that_did_not_pass() {
    let result = |status| TestStepResult {
        duration: millis(2),
        status,
        message: Some("Error: <no> shop".into()),
        exception: None,
    };
    let run = [Passed, Skipped, Failed].into_iter().fold(Run::default(), |run, status| {
        run.run_hook(HookType::BeforeTestRun, "open", result(status))
    });
    insta::assert_snapshot!(shown("junit", false, "{}", run), @r#"
    <?xml version="1.0"?>
    <testsuite name="Cucumber" time="61.005" tests="0" skipped="0" failures="0" errors="0" timestamp="1970-01-01T00:00:00Z">
      <testcase name="steps/a.ts:7" time="0.000000001">
        <failure><![CDATA[Error: <no> shop]]></failure>
      </testcase>
    </testsuite>
    "#);
}

#[test]
fn attachments_can_be_left_out() {
    let run = || Run::default().scenario("s", &[step("When ", "x", Failed).log("bitten")]);
    assert!(report("summary", false, "{}", run()).contains("bitten"));
    assert!(!report("summary", false, r#"{"includeAttachments":false}"#, run()).contains("bitten"));
    assert!(!report("summary", false, r#"{"printAttachments":false}"#, run()).contains("bitten"));
}

#[test]
fn snippets_prints_one_for_each_undefined_step_and_nothing_else() {
    insta::assert_snapshot!(shown("snippets", false, "{}", mixed()), @r"
    Given('a plum', function () {
      return 'pending';
    });

    Given('a plum', function () {
      return 'pending';
    });
    ");
    assert_eq!(report("snippets", false, "{}", Run::default()), "");
}

#[test]
fn rerun_lists_what_has_not_passed_in_the_end() {
    let failing = &[step("When ", "x", Failed)][..];
    let passing = &[step("When ", "x", Passed)][..];
    let run = || {
        Run::default()
            .scenario("fails", failing)
            .attempts("recovers", &[failing, passing])
            .attempts("does not recover", &[passing, failing])
            .scenario("is empty", &[])
    };
    assert_eq!(report("rerun", false, "{}", run()), "features/a.feature:10:30:40");
    assert_eq!(report("rerun", false, "{}", Run::default().scenario("s", passing)), "");
}

#[test]
fn json_tells_each_scenario_once_with_what_it_attached() {
    let failing = step("When ", "I bite", Failed).message("Error: worm");
    let passing = step("When ", "I bite", Passed).log("é").embed("aGk=");
    let run = Run::default().rule("Ripe Fruit").attempts(
        "An Apple",
        &[&[failing.table(&[&["a", "b"]])], &[passing.table(&[&["a", "b"]])]],
    );
    insta::assert_snapshot!(shown("json", false, "{}", run), @r#"
    [
      {
        "description": "",
        "elements": [
          {
            "description": "",
            "id": "fruit;ripe-fruit;an-apple",
            "keyword": "Scenario",
            "line": 10,
            "name": "An Apple",
            "steps": [
              {
                "result": {
                  "status": "passed",
                  "duration": 1000000
                },
                "arguments": [
                  {
                    "rows": [
                      {
                        "cells": [
                          "a",
                          "b"
                        ]
                      }
                    ]
                  }
                ],
                "keyword": "When ",
                "line": 11,
                "name": "I bite",
                "match": {
                  "location": "steps/a.ts:7"
                },
                "embeddings": [
                  {
                    "data": "w6k=",
                    "mime_type": "image/png"
                  },
                  {
                    "data": "aGk=",
                    "mime_type": "image/png"
                  }
                ]
              }
            ],
            "tags": [
              {
                "name": "@fresh"
              }
            ],
            "type": "scenario"
          }
        ],
        "id": "fruit",
        "line": 1,
        "keyword": "Feature",
        "name": "Fruit",
        "tags": [],
        "uri": "features/a.feature"
      }
    ]
    "#);
    assert_eq!(report("json", false, "{}", Run::default()), "[]");
}

#[test]
fn junit_has_a_case_for_each_scenario_with_its_steps() {
    insta::assert_snapshot!(shown("junit", false, r#"{"junit":{"suiteName":"a & b"}}"#, mixed()), @r#"
    <?xml version="1.0"?>
    <testsuite name="a &amp; b" time="61.005" tests="6" skipped="0" failures="5" errors="0" timestamp="1970-01-01T00:00:00Z">
      <testcase classname="Fruit" name="passes" time="0.000000002">
        <system-out><![CDATA[Given an apple..............................................................passed]]></system-out>
      </testcase>
      <testcase classname="Fruit" name="fails" time="0.000000004">
        <failure><![CDATA[Error: worm
        at bite (steps/a.ts:8:3)]]></failure>
        <system-out><![CDATA[Given an apple..............................................................passed
    When I bite.................................................................failed
    Then I smile................................................................skipped]]></system-out>
      </testcase>
      <testcase classname="Fruit" name="waits" time="0.000000002">
        <failure><![CDATA[not before May]]></failure>
        <system-out><![CDATA[* ripening..................................................................pending]]></system-out>
      </testcase>
      <testcase classname="Fruit" name="is missing" time="0.000000002">
        <failure/>
        <system-out><![CDATA[Given a plum................................................................undefined]]></system-out>
      </testcase>
      <testcase classname="Fruit" name="is missing again" time="0.000000002">
        <failure/>
        <system-out><![CDATA[Given a plum................................................................undefined]]></system-out>
      </testcase>
      <testcase classname="Fruit" name="is unclear" time="0.000000002">
        <failure/>
        <system-out><![CDATA[Given a fig.................................................................ambiguous]]></system-out>
      </testcase>
    </testsuite>
    "#);
    let empty = Run::default();
    insta::assert_snapshot!(shown("junit", false, r#"{"junit":{"testClassName":"C"}}"#, empty.scenario("s", &[])), @r#"
    <?xml version="1.0"?>
    <testsuite name="Cucumber" time="61.005" tests="1" skipped="0" failures="0" errors="0" timestamp="1970-01-01T00:00:00Z">
      <testcase classname="C" name="s" time="0.000000001"/>
    </testsuite>
    "#);
}

#[test]
fn usage_shows_the_slowest_definitions_and_steps_first() {
    let slow = |text: &'static str, time| {
        let mut step = step("Given ", text, Passed);
        step.definitions = vec!["a {word}"];
        step.result.duration = millis(time);
        step
    };
    let mut undone = step("Then ", "a 夢 plum", Skipped);
    undone.definitions = vec!["a {word} plum"];
    let run = Run::default()
        .scenario("one", &[slow("a pear", 2), undone, step("Then ", "I smile", Passed)])
        .scenario("two", &[slow("a fig", 1000), slow("a plum", 30)]);
    insta::assert_snapshot!(shown("usage", false, "{}", run), @r#"
    ┌────────────────┬───────────┬───────────────────────┐
    │ Pattern / Text │ Duration  │ Location              │
    ├────────────────┼───────────┼───────────────────────┤
    │ a {word}       │ 1000.00ms │ steps/a.ts:7          │
    │   a fig        │ 1000.00ms │ features/a.feature:21 │
    ├────────────────┼───────────┼───────────────────────┤
    │ a {word}       │ 30.00ms   │ steps/a.ts:7          │
    │   a plum       │ 30.00ms   │ features/a.feature:21 │
    ├────────────────┼───────────┼───────────────────────┤
    │ a {word}       │ 2.00ms    │ steps/a.ts:7          │
    │   a pear       │ 2.00ms    │ features/a.feature:11 │
    ├────────────────┼───────────┼───────────────────────┤
    │ I smile        │ 1.00ms    │ steps/a.ts:7          │
    │   I smile      │ 1.00ms    │ features/a.feature:11 │
    ├────────────────┼───────────┼───────────────────────┤
    │ a {word} plum  │ -         │ steps/a.ts:7          │
    │   a 夢 plum    │ -         │ features/a.feature:11 │
    └────────────────┴───────────┴───────────────────────┘
    "#);
    assert_eq!(report("usage", false, "{}", Run::default()), "No step definitions");
}

#[test]
fn usage_json_tells_all_steps_of_each_definition() {
    let run = Run::default()
        .scenario("one", &[step("Given ", "a pear", Passed), step("Then ", "I smile", Skipped)]);
    insta::assert_snapshot!(shown("usage-json", false, "{}", run), @r#"
    [
      {
        "matches": [
          {
            "line": 11,
            "text": "a pear",
            "uri": "features/a.feature",
            "duration": {
              "seconds": 0,
              "nanos": 1000000
            }
          }
        ],
        "line": 7,
        "pattern": "a pear",
        "patternType": "CucumberExpression",
        "uri": "steps/a.ts",
        "meanDuration": {
          "seconds": 0,
          "nanos": 1000000
        }
      },
      {
        "matches": [
          {
            "line": 11,
            "text": "I smile",
            "uri": "features/a.feature"
          }
        ],
        "line": 7,
        "pattern": "I smile",
        "patternType": "CucumberExpression",
        "uri": "steps/a.ts"
      }
    ]
    "#);
    assert_eq!(report("usage-json", false, "{}", Run::default()), "[]");
}

#[test]
fn message_writes_a_line_of_json_for_each_envelope() {
    let lines = report("message", false, "{}", mixed());
    let envelopes = mixed().finish();
    assert_eq!(lines.lines().count(), envelopes.len());
    for (line, envelope) in lines.lines().zip(&envelopes) {
        assert_eq!(line, serde_json::to_string(envelope).expect("JSON"));
    }
}

/// Envelopes that refer to what was never announced are passed over, not a reason to stop.
#[test]
fn a_run_with_gaps_is_still_reported() {
    let known = |envelope: &Envelope| {
        !matches!(envelope, Envelope::GherkinDocument(_) | Envelope::StepDefinition(_))
    };
    for name in FORMATTERS {
        let mut formatter = formatter(name, false, &Options::default()).expect("a formatter");
        let mut out = Vec::new();
        for envelope in mixed().finish().iter().filter(|envelope| known(envelope)) {
            formatter.handle(envelope, &mut out).expect("a Vec can be written to");
        }
        assert!(!out.is_empty(), "{name}");
    }
}
