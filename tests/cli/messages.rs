//! The Cucumber Messages of a run, looked at from outside: as JSON.

use std::collections::HashMap;

use serde_json::Value;

use crate::project::Project;

/// From the best to the worst.
const STATUSES: [&str; 7] =
    ["UNKNOWN", "PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED"];

/// The envelopes of a run, in order.
pub struct Messages {
    envelopes: Vec<(String, Value)>,
}

impl Messages {
    /// Every line must be an object with one member.
    pub fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line is not ended");
        let envelope = |line: &str| {
            let value: Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let members = value.as_object().unwrap_or_else(|| panic!("no object: {line}"));
            assert_eq!(members.len(), 1, "{line}");
            members.iter().next().map(|(name, body)| (name.clone(), body.clone())).unwrap()
        };
        Self { envelopes: text.lines().map(envelope).collect() }
    }

    /// The bodies of the envelopes of one kind.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.envelopes.iter().filter(move |(name, _)| name == kind).map(|(_, body)| body)
    }

    /// All of them: kind and body.
    pub fn envelopes(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.envelopes.iter().map(|(kind, body)| (kind.as_str(), body))
    }

    /// Every attempt at a scenario as `name: status`.
    pub fn scenarios(&self) -> Vec<String> {
        let told = |started: &Value| {
            let results = self.results(text(started, "id"));
            let rank = |status: &String| STATUSES.iter().position(|known| known == status);
            let worst = results.values().map(|(status, _)| status.clone()).max_by_key(rank);
            let status = worst.map_or_else(|| "empty".to_owned(), |status| status.to_lowercase());
            format!("{}: {status}", self.name(started))
        };
        self.all("testCaseStarted").map(told).collect()
    }

    /// Every step of the scenario's last attempt as `text: status`, a hook with its type for a text.
    pub fn steps(&self, scenario: &str) -> Vec<String> {
        let started = self.last_attempt(scenario);
        let results = self.results(text(started, "id"));
        let case = self.by_id("testCase", text(started, "testCaseId"));
        let pickle = self.by_id("pickle", text(case, "pickleId"));
        let told = |step: &Value| {
            let what = match step.get("hookId") {
                Some(hook) => text(self.by_id("hook", hook.as_str().unwrap()), "type"),
                None => {
                    let id = text(step, "pickleStepId");
                    let steps = pickle["steps"].as_array().unwrap();
                    text(steps.iter().find(|step| text(step, "id") == id).unwrap(), "text")
                }
            };
            let what = match what {
                "BEFORE_TEST_CASE" => "Before",
                "AFTER_TEST_CASE" => "After",
                text => text,
            };
            format!("{what}: {}", results[text(step, "id")].0.to_lowercase())
        };
        case["testSteps"].as_array().unwrap().iter().map(told).collect()
    }

    /// The messages of the results of the scenario's last attempt.
    pub fn explanations(&self, scenario: &str) -> String {
        let results = self.results(text(self.last_attempt(scenario), "id"));
        results.into_values().map(|(_, message)| message).collect::<Vec<_>>().join("\n")
    }

    fn last_attempt(&self, scenario: &str) -> &Value {
        self.all("testCaseStarted")
            .filter(|started| self.name(started) == scenario)
            .last()
            .unwrap_or_else(|| panic!("no scenario \"{scenario}\" was run"))
    }

    /// The name of the scenario that an attempt is at.
    pub fn name(&self, started: &Value) -> &str {
        let case = self.by_id("testCase", text(started, "testCaseId"));
        text(self.by_id("pickle", text(case, "pickleId")), "name")
    }

    /// Status and message of an attempt's test steps, by the id of the test step.
    fn results(&self, attempt: &str) -> HashMap<String, (String, String)> {
        self.all("testStepFinished")
            .filter(|finished| text(finished, "testCaseStartedId") == attempt)
            .map(|finished| {
                let result = &finished["testStepResult"];
                let message = result["message"].as_str().unwrap_or_default();
                (
                    text(finished, "testStepId").to_owned(),
                    (text(result, "status").to_owned(), message.to_owned()),
                )
            })
            .collect()
    }

    fn by_id(&self, kind: &str, id: &str) -> &Value {
        self.all(kind)
            .find(|body| text(body, "id") == id)
            .unwrap_or_else(|| panic!("no {kind} has the id {id}"))
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("no text `{member}` in {value}"))
}

const FEATURE: &str = "
    Feature: F
      Background:
        Given a step passes
      @tag
      Scenario Outline: <status>
        Given a step <status>
        And a step prints \"x\"
        Examples:
          | status       |
          | passes       |
          | fails        |
          | is pending   |
          | is ambiguous |
          | is unknown   |
      Rule: R
        Scenario: table
          Given a step passes
            | a |
";

const HOOKS: &str = "
    import { After, AfterAll, Before, BeforeAll, defineParameterType } from '@cucumber/cucumber';
    BeforeAll(() => {});
    AfterAll(() => {});
    Before('@tag', function () { this.attach('hello', 'text/plain'); });
    After({ name: 'tidy' }, () => {});
    defineParameterType({ name: 'color', regexp: /red|blue/ });
";

/// The envelopes that can be referred to by their `id`, each id once.
fn identified(messages: &Messages) -> HashMap<String, &str> {
    let mut ids = HashMap::new();
    for (kind, body) in &messages.envelopes {
        if let Some(id) = body["id"].as_str() {
            assert_eq!(ids.insert(id.to_owned(), kind.as_str()), None, "the id {id} appears twice");
        }
    }
    ids
}

#[test]
fn references_lead_somewhere() {
    let run = Project::with_feature(FEATURE)
        .file("steps/hooks.ts", HOOKS)
        .tell(&["--retry", "1"])
        .fails();
    let messages = run.messages();
    let ids = identified(&messages);
    for (kind, member, to) in [
        ("testCase", "pickleId", "pickle"),
        ("testCaseStarted", "testCaseId", "testCase"),
        ("testCaseFinished", "testCaseStartedId", "testCaseStarted"),
        ("testStepStarted", "testCaseStartedId", "testCaseStarted"),
        ("testStepFinished", "testCaseStartedId", "testCaseStarted"),
        ("testRunHookStarted", "hookId", "hook"),
        ("testRunHookFinished", "testRunHookStartedId", "testRunHookStarted"),
        ("attachment", "testCaseStartedId", "testCaseStarted"),
        ("testRunFinished", "testRunStartedId", "testRunStarted"),
    ] {
        let mut bodies = messages.all(kind).peekable();
        assert!(bodies.peek().is_some(), "there is no {kind}");
        for body in bodies {
            assert_eq!(ids.get(text(body, member)), Some(&to), "{kind}.{member} of {body}");
        }
    }
    for case in messages.all("testCase") {
        let pickle = messages.by_id("pickle", text(case, "pickleId"));
        for step in case["testSteps"].as_array().unwrap() {
            if let Some(hook) = step["hookId"].as_str() {
                assert_eq!(ids.get(hook), Some(&"hook"));
                continue;
            }
            let pickle_step = text(step, "pickleStepId");
            assert!(
                pickle["steps"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|step| text(step, "id") == pickle_step)
            );
            for definition in step["stepDefinitionIds"].as_array().unwrap() {
                assert_eq!(ids.get(definition.as_str().unwrap()), Some(&"stepDefinition"));
            }
        }
    }
}

#[test]
fn envelopes_come_in_the_order_of_the_protocol() {
    let run = Project::with_feature(FEATURE).file("steps/hooks.ts", HOOKS).tell(&[]).fails();
    let messages = run.messages();
    let mut kinds: Vec<&str> = messages.envelopes.iter().map(|(kind, _)| kind.as_str()).collect();
    kinds.dedup();
    let position = |wanted: &str| {
        kinds.iter().position(|kind| *kind == wanted).unwrap_or_else(|| panic!("{wanted}"))
    };
    assert_eq!(position("meta"), 0);
    for pair in [
        "source",
        "gherkinDocument",
        "pickle",
        "stepDefinition",
        "testRunStarted",
        "testCase",
        "testCaseStarted",
    ]
    .windows(2)
    {
        assert!(position(pair[0]) < position(pair[1]), "{pair:?} in {kinds:?}");
    }
    assert_eq!(kinds.last(), Some(&"testRunFinished"));
}

#[test]
fn every_step_starts_and_ends_within_its_case() {
    let run = Project::with_feature(FEATURE)
        .file("steps/hooks.ts", HOOKS)
        .tell(&["--retry", "1"])
        .fails();
    let messages = run.messages();
    let mut open: Option<(String, Option<String>)> = None;
    for (kind, body) in &messages.envelopes {
        match kind.as_str() {
            "testCaseStarted" => {
                assert_eq!(open, None);
                open = Some((text(body, "id").to_owned(), None));
            }
            "testStepStarted" => {
                let (case, step) = open.as_mut().unwrap();
                assert_eq!((text(body, "testCaseStartedId"), &*step), (case.as_str(), &None));
                *step = Some(text(body, "testStepId").to_owned());
            }
            "attachment" => {
                let (_, step) = open.as_ref().unwrap();
                assert_eq!(step.as_deref(), Some(text(body, "testStepId")));
            }
            "testStepFinished" => {
                let (_, step) = open.as_mut().unwrap();
                assert_eq!(step.take().as_deref(), Some(text(body, "testStepId")));
            }
            "testCaseFinished" => {
                assert_eq!(open.take(), Some((text(body, "testCaseStartedId").to_owned(), None)));
            }
            _ => {}
        }
    }
    let retried =
        messages.all("testCaseFinished").filter(|body| body["willBeRetried"] == true).count();
    assert_eq!(retried, 2, "the failing scenarios, and no others, are tried again");
}
