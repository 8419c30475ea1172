Feature: How steps, scenarios and runs end
  As in cucumber-js: a step passes unless it throws, rejects, or says otherwise.

  Background:
    Given steps:
      """
      import { Given } from '@cucumber/cucumber';

      Given('a step passes', () => {});
      Given('a step fails', () => { throw new Error('broken'); });
      Given('a step is pending', () => 'pending');
      Given('a step is skipped', async () => 'skipped');
      Given('a step is ambiguous', () => {});
      Given(/^a step is ambiguous$/, () => {});
      """

  Scenario Outline: A step that is <status>
    Given a feature:
      """
      Feature: F
        Scenario: it
          Given a step passes
          And <step>
          And a step passes
      """
    When I run quickcuke
    Then it <ends>
    And the steps of "it" end as:
      | a step passes | passed   |
      | <step>        | <status> |
      | a step passes | <rest>   |

    Examples:
      | step                | status    | rest    | ends   |
      | a step passes       | passed    | passed  | passes |
      | a step fails        | failed    | skipped | fails  |
      | a step is pending   | pending   | skipped | fails  |
      | a step is skipped   | skipped   | skipped | passes |
      | a step is ambiguous | ambiguous | skipped | fails  |
      | a step is unheard   | undefined | skipped | fails  |

  Scenario: Pending is fine when the run is not strict
    Given a feature:
      """
      Feature: F
        Scenario: it
          Given a step is pending
      """
    When I run quickcuke with "--no-strict"
    Then it passes
    And the scenarios end as:
      | it | pending |

  Scenario: A step that nobody defined comes with a snippet
    Given a feature:
      """
      Feature: F
        Scenario: it
          Given a basket of "tea"
      """
    When I run quickcuke
    Then it prints:
      """
      Given('a basket of {string}', function (string: string) {
        // Write code here that turns the phrase above into concrete actions
        return 'pending';
      });
      """

  Scenario: An ambiguous step names its definitions
    Given a feature:
      """
      Feature: F
        Scenario: it
          Given a step is ambiguous
      """
    When I run quickcuke
    Then it prints:
      """
      Multiple matching step definitions found:
                   • a step is ambiguous # steps/a.ts:7
                   • ^a step is ambiguous$ # steps/a.ts:8
      """

  Scenario: A generator step logs what it yields
    Given a feature:
      """
      Feature: F
        Scenario: it
          Given the kettle boils
      """
    And a file "steps/kettle.ts" with:
      """
      import { Given } from '@cucumber/cucumber';

      Given('the kettle boils', async function* () {
        yield 'cold';
        yield { degrees: 100 };
      });
      """
    When I run quickcuke
    Then it passes
    And "it" logs:
      | cold             |
      | { degrees: 100 } |
