//! Which definition a step finds.

use crate::suite::Project;

#[tokio::test]
async fn patterns_that_rust_has_no_words_for_match_as_in_javascript() {
    let project = Project::with(
        r"import { When, defineParameterType } from '@cucumber/cucumber';
         import assert from 'node:assert';
         defineParameterType({ name: 'colour', regexp: /red|blue/, transformer: (name) => name.toUpperCase() });
         When(/^the (?!red).* door opens$/, () => {});
         When(/^(\w+) is \1$/, (word) => assert.equal(word, 'same'));
         When(/^a price of (?<=of )(\d+)€$/u, (price) => assert.equal(price, '5'));
         When('a weight of {float} kg', (weight) => assert.equal(weight, 1.5));
         When('a {colour} {string} and {int} egg(s)/apple(s)', function (colour, text, count) {
           assert.deepEqual([colour, text, count], ['RED', 'it\'s', -3]);
         });
         When(/^[^]+ with [\w-]+@[a-z&~[.]+$/i, () => {});
         When('every keyword', () => {});",
        "  Scenario: a
    When the blue door opens
    And same is same
    And a price of 5€
    And a weight of 1.5 kg
    And a red \"it's\" and -3 apples
    And MAIL with Ann-1@X.DE
    Given every keyword
    Then every keyword
    * every keyword
  Scenario: b
    When the red door opens
  Scenario: c
    When one is other
",
    );
    let told = project.run().await;
    told.assert((9, 0, 2)).says("Step doesn't match any function: a JavaScript step has a pattern");
}

#[tokio::test]
async fn ambiguity_names_every_place() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
When('both know this', () => {});
When('{word} twice', () => {});
When(/^t.* twice$/, () => {});",
        "  Scenario: a
    When both know this
  Scenario: b
    When told twice
",
    );
    let told = project.run().await;
    told.assert((0, 0, 2)).says("Step match is ambiguous");
    told.says("steps/steps.ts:2:1").says("tests/cucumber/suite.rs:");
    told.says("steps/steps.ts:3:1").says("steps/steps.ts:4:1");
}

#[tokio::test]
async fn what_cannot_be_loaded_is_named_with_its_place() {
    let import = "import { When, defineParameterType } from '@cucumber/cucumber';\n";
    for (steps, expected) in [
        ("When('a {fruit}', () => {});", "steps/steps.ts:2:1: undefined parameter type \"fruit\""),
        ("When(/[a--b]/v, () => {});", "steps/steps.ts:2:1: the pattern /[a--b]/v cannot be used"),
        ("When('a (', () => {});", "steps/steps.ts:2:1: This Cucumber Expression has a problem"),
        ("When('a', () => {}", "steps/steps.ts"),
        ("\n  undefined.x;", "steps/steps.ts:3:13"),
        ("import './gone.js';", "gone.js"),
    ] {
        let project = Project::with(&format!("{import}{steps}"), "");
        let error = project.error().await.to_string();
        assert!(error.contains(expected), "{expected:?} is not in: {error}");
    }
}

#[tokio::test]
async fn no_step_files_is_an_error() {
    let project = Project::new(&[("features/a.feature", "Feature: f")]);
    let error = project.error().await.to_string();
    assert_eq!(error, "no such file or directory: `steps`");
    project.write("steps/notes.txt", "");
    let error = project.error().await.to_string();
    assert!(error.contains("no step files"), "{error}");
}

#[tokio::test]
async fn a_mistake_in_the_configuration_is_named_with_its_place() {
    let project = Project::with("", "");
    project.write("quickcuke.toml", "[sandbox]\nmemry = \"1GB\"\n");
    let error = project.error().await.to_string();
    assert!(error.contains("quickcuke.toml") && error.contains("memory"), "{error}");
}
