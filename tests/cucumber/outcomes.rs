//! Outcomes of JavaScript in the crate's terms.

use crate::suite::Project;

#[tokio::test]
async fn steps_of_both_languages_share_one_scenario() {
    let project = Project::with(
        "import { Given, When, Then } from '@cucumber/cucumber';
         import assert from 'node:assert';
         When('JavaScript doubles {word}', function (name: string) { vars.set(name, 2 * vars.get(name)); });
         Then('JavaScript reads {word} as {int}', function (name: string, value: number) {
           assert.equal(this.vars.get(name), value);
           assert.equal(ferridriver.host, 'bdd');
         });",
        "
          Background:
            Given Rust sets x to 21
          Scenario: one
            When JavaScript doubles x
            Then Rust reads x as 42
            And JavaScript reads x as 42
          Rule: r
            Background:
              Given Rust sets y to 4
            Scenario Outline: many
              When JavaScript doubles <name>
              Then Rust reads <name> as <value>
              Examples:
                | name | value |

                | x    | 42    |
                # A comment.
                | y    | 8     |
        ",
    );
    project.run().await.assert((4 + 2 * 4, 0, 0));
    project.run_by_runner().await.assert((4 + 2 * 4, 0, 0));
}

#[tokio::test]
async fn a_failure_has_its_message_and_every_place() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber';
When('it fails', function () {
  throw new TypeError('no such thing');
});
When('it fails later', async () => {
  await new Promise((done) => setTimeout(done, 5));
  throw new Error('late');
});",
        "  Scenario: a
    When it fails
  Scenario: b
    When it fails later
",
    );
    let told = project.run().await;
    told.assert((0, 0, 2));
    told.says("TypeError: no such thing").says("steps/steps.ts:3:9").says("features/a.feature:3");
    told.says("Error: late").says("steps/steps.ts:7:9").says("features/a.feature:5");
    told.says("steps/steps.ts:2:1");
}

#[tokio::test]
async fn skipped_and_pending() {
    let project = Project::with(
        "import { When, Before } from '@cucumber/cucumber';
         When('it is skipped', () => 'skipped');
         When('it is pending', () => 'pending');
         When('it passes', () => {});
         Before('@skip', () => 'skipped');",
        "
          Scenario: a
            When it passes
            And it is skipped
            And it passes
          Scenario: b
            When it is pending
          @skip
          Scenario: c
            When it passes
        ",
    );
    let told = project.run_by_runner().await;
    told.assert((1, 3, 0));
    let told = project.run().await;
    assert_eq!((told.steps(), told.hook_errors), ((1, 0, 2), 1), "{}", told.text);
    told.says("skipped: returned by the step").says("pending: returned").says("library.runner()");
}

#[tokio::test]
async fn undefined_steps_are_as_the_crate_has_them() {
    let project = Project::with(
        "import { When } from '@cucumber/cucumber'; When('it passes', () => {});",
        "  Scenario: a
    When it passes
    And nobody knows this
    And it passes
",
    );
    let told = project.run().await;
    told.assert((1, 1, 0)).says("And nobody knows this");
}

#[tokio::test]
async fn a_timeout_ends_what_waits_and_what_spins() {
    let project = Project::with(
        "import { When, After, setDefaultTimeout } from '@cucumber/cucumber';
         setDefaultTimeout(300);
         let module = 0;
         When('it waits', async () => { await new Promise(() => {}); });
         When('it spins', () => { for (;;); });
         When('it spins in native code', { timeout: 50 }, () => { /(a*)*b/.test('a'.repeat(40)); });
         When('it is the first', () => { if (module++ !== 0) throw new Error('not pristine'); });
         After(function () { vars.set('after', true); console.log('after hook ran'); });",
        "
          Scenario: a
            When it is the first
            And it waits
          Scenario: b
            When it is the first
            And it spins
          Scenario: c
            When it is the first
            And it spins in native code
          Scenario: d
            When it is the first
        ",
    );
    let told = project.run_by_runner().await;
    told.assert((4, 0, 3));
    told.says("function timed out, ensure the function returns within 300 milliseconds");
    told.says("within 50 milliseconds");
    assert_eq!(told.text.matches("after hook ran").count(), 4, "{}", told.text);
}

#[tokio::test]
async fn tables_and_doc_strings() {
    let project = Project::with(
        r#"import { When } from '@cucumber/cucumber';
         import assert from 'node:assert';
         When('a table of {int}:', function (count, table) {
           assert.equal(count, 2);
           assert.deepEqual(table.hashes(), [{ name: 'apple', price: '1' }, { name: 'pear', price: '2' }]);
         });
         When('a text:', function (text) { assert.equal(text, 'one\n  two'); });
         When('both:', function (text, table) {
           assert.equal(text, 'one');
           assert.deepEqual(table.raw(), [['a', 'b']]);
         });"#,
        "  Scenario: a
    When a table of 2:
      | name  | price |
      | apple | 1     |
      | pear  | 2     |
    And a text:
      \"\"\"
      one
        two
      \"\"\"
    And both:
      \"\"\"
      one
      \"\"\"
      | a | b |
",
    );
    project.run().await.assert((3, 0, 0));
}

#[tokio::test]
async fn panics_of_rust_stay_where_they_are() {
    let project = Project::with(
        "import { When, After } from '@cucumber/cucumber';
         When('it passes', () => {});
         After(({ result, error }) => console.log(`after: ${result.status} ${error?.message}`));",
        "
          Scenario: a
            When it passes
            And Rust panics
            And it passes
          Scenario: b
            When it passes
        ",
    );
    let told = project.run_by_runner().await;
    told.assert((2, 0, 1))
        .says("a panic of Rust")
        .says("after: FAILED Step panicked")
        .says("after: PASSED undefined");
}

#[tokio::test]
async fn hooks_run_by_their_tags_and_in_their_order() {
    let project = Project::with(
        "import { Given, Before, After, BeforeStep, AfterStep } from '@cucumber/cucumber';
         const told: string[] = [];
         Before(function ({ pickle, gherkinDocument }) {
           told.push(`before ${pickle.name} ${pickle.tags.map((tag) => tag.name)} ${gherkinDocument.feature.name}`);
         });
         Before('@a and not @b', () => void told.push('tagged'));
         BeforeStep(({ pickleStep }) => void told.push(`step ${pickleStep.text}`));
         AfterStep(({ result }) => void told.push(`after step ${result.status}`));
         Given('it passes', () => {});
         After(() => void told.push('after 1'));
         After(() => void told.push('after 2'));
         After(function () { this.log(told.join('|')); });
         After(({ result }) => console.log('result', result.status, told.slice(-1)[0]));",
        "
          @a
          Scenario: one
            Given it passes
            When Rust counts
          @a @b
          Scenario: two
            When Rust counts
        ",
    );
    let told = project.run_by_runner().await;
    told.assert((3, 0, 0));
    told.says("before one @a f|tagged|step it passes|after step PASSED");
    told.says("before two @a,@b f");
    told.says("result PASSED after step PASSED");
}

#[tokio::test]
async fn a_failed_hook_is_an_error_of_the_hook() {
    let project = Project::with(
        "import { When, Before, After } from '@cucumber/cucumber';
         When('it passes', () => {});
         Before('@before', () => { throw new Error('before broke'); });
         After('@after', () => { throw new Error('after broke'); });",
        "
          @before
          Scenario: a
            When it passes
          @after
          Scenario: b
            When it passes
        ",
    );
    let told = project.run().await;
    assert_eq!((told.steps(), told.hook_errors), ((1, 0, 0), 2), "{}", told.text);
    told.says("before broke").says("after broke").says("steps/steps.ts:3:");
}
