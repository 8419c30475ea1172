Feature: A mistake is told with its place and its mend
  Before anything runs, and in terms of what the author wrote.

  Background:
    Given a feature:
      """
      Feature: F
        Scenario: it
          When it happens
      """

  Scenario: Every error of every feature that does not parse
    Given a file "features/b.feature" with:
      """
      Feature: B
        Scenario: one
          When it happens
          what is this?
      """
    And a file "features/c.feature" with:
      """
      Feature: C
        Scenario: one
          When it happens
            | a | b |
            | c |
      """
    When I run quickcuke
    Then it fails
    And no scenario runs
    And it complains:
      """
      features/b.feature:4:5: expected: #EOF, #TableRow, #DocStringSeparator, #StepLine, #TagLine, #ExamplesLine, #ScenarioLine, #RuleLine, #Comment, #Empty, got 'what is this?'
      features/c.feature:5:7: inconsistent cell count within the table
      """

  Scenario: A step file that does not parse
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      const price: number = ;
      """
    When I run quickcuke
    Then it fails
    And it complains:
      """
      steps/a.ts:3:23: Unexpected token
        3 | const price: number = ;
          |                       ^
      """

  Scenario: A module that is not there
    Given steps:
      """
      import { When } from '@cucumber/cucumber';
      import dayjs from 'dayjs';

      When('it happens', () => dayjs());
      """
    When I run quickcuke
    Then it fails
    And it complains:
      """
      steps/a.ts:2:19
      Install it with 'npm install dayjs'
      """

  Scenario: An error in a step has the author's line and column
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      interface Order {
        price: number;
      }

      function check(order: Order): void {
        throw new RangeError(`no price: ${order.price}`);
      }

      When('it happens', () => {
        check({ price: 1 });
      });
      """
    When I run quickcuke
    Then "it" fails with:
      """
      RangeError: no price: 1
          at check (
      """
    And "it" fails with:
      """
      steps/a.ts:8:
      """
    And "it" fails with:
      """
      steps/a.ts:12:
      """

  Scenario Outline: <what>
    Given steps:
      """
      import { Before, When } from '@cucumber/cucumber';

      <definition>
      """
    When I run quickcuke with "<options>"
    Then it fails
    And no scenario runs
    And it complains:
      """
      <complaint>
      """

    Examples:
      | what                  | definition                      | options               | complaint                                                                  |
      | A bad expression      | When('it {happens', () => {});  |                       | steps/a.ts:3:1: This Cucumber Expression has a problem at column 4:        |
      | A bad tag expression  | Before('@a and', () => {});     |                       | steps/a.ts:3:1: Tag expression "@a and" could not be parsed                |
      | An unknown option     |                                 | --fail-fats           | unknown option `--fail-fats` (did you mean `--fail-fast`?)                 |
      | A path that is not there |                              | feature               | no such file or directory: `feature` (did you mean `features`?)            |

  Scenario: A formatter that is not there is a warning
    When I run quickcuke with "--format prety:out --dry-run"
    Then it complains:
      """
      warning: unknown formatter "prety" (did you mean `pretty`?)
      """
    And it complains:
      """
      the run goes on without out
      """
    And it prints:
      """
      1 scenario (
      """

  Scenario: An unknown key of a configuration file of cucumber-js is a warning
    Given a file "cucumber.json" with:
      """
      { "default": { "dryrun": true } }
      """
    When I run quickcuke
    Then it complains:
      """
      warning: cucumber.json:1:16: unknown key `dryrun` in profile "default" (did you mean `dryRun`?)
      """
    And it prints:
      """
      1 scenario (
      """

  Scenario: An unknown key of a configuration file
    Given a file "quickcuke.toml" with:
      """
      [default]
      failfast = true
      """
    When I run quickcuke
    Then it fails
    And it complains:
      """
      quickcuke.toml:2:1: unknown key `failfast` in profile "default" (did you mean `failFast`?)
      """

  Scenario: Nothing to run is a warning
    When I run quickcuke with "--tags @nobody"
    Then it passes
    And it complains:
      """
      warning: no scenario was selected, so nothing was run
      """
