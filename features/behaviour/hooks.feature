Feature: Hooks
  Before hooks run in the order of their definition, After hooks in reverse, and After hooks run whatever happened.

  Background:
    Given a feature:
      """
      Feature: F
        Scenario: it
          When it happens
      """

  Scenario: Order
    Given steps:
      """
      import { After, AfterAll, AfterStep, Before, BeforeAll, BeforeStep, When } from '@cucumber/cucumber';

      const tell = (text: string) => () => console.log(text);
      for (const number of [1, 2]) {
        BeforeAll(tell(`before all ${number}`));
        Before(tell(`before ${number}`));
        BeforeStep(tell(`before step ${number}`));
        AfterStep(tell(`after step ${number}`));
        After(tell(`after ${number}`));
        AfterAll(tell(`after all ${number}`));
      }
      When('it happens', tell('it happens'));
      """
    When I run quickcuke with "--format summary"
    Then it prints:
      """
      before all 1
      before all 2
      before 1
      before 2
      before step 1
      before step 2
      it happens
      after step 2
      after step 1
      after 2
      after 1
      after all 2
      after all 1
      """

  Scenario Outline: After hooks run when <what> fails
    Given steps:
      """
      import { After, Before, When } from '@cucumber/cucumber';

      function check(what: string) { if (what === '<what>') throw new Error('broken'); }
      Before({ name: 'set up' }, () => check('set up'));
      When('it happens', () => check('it happens'));
      After({ name: 'tidy up' }, () => {});
      After({ name: 'look back' }, () => check('look back'));
      """
    When I run quickcuke
    Then it fails
    And the steps of "it" end as:
      | set up     | <set up>     |
      | it happens | <it happens> |
      | look back  | <look back>  |
      | tidy up    | passed       |

    Examples:
      | what       | set up | it happens | look back |
      | set up     | failed | skipped    | passed    |
      | it happens | passed | failed     | passed    |
      | look back  | passed | passed     | failed    |

  Scenario: A hook for some tags
    Given a feature:
      """
      Feature: F
        @tea
        Scenario: tea
          When it happens
        @coffee
        Scenario: coffee
          When it happens
      """
    And steps:
      """
      import { Before, When } from '@cucumber/cucumber';

      Before({ name: 'warm the pot', tags: '@tea' }, () => {});
      When('it happens', () => {});
      """
    When I run quickcuke
    Then the steps of "tea" end as:
      | warm the pot | passed |
      | it happens   | passed |
    And the steps of "coffee" end as:
      | it happens | passed |
