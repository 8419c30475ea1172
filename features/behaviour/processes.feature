Feature: Processes die with their scenario
  Grandchildren and what ignores SIGTERM included.

  Background:
    Given a feature:
      """
      Feature: F
        Scenario: first
          When I start the family
          And that is it
        Scenario: second
          When something else happens
      """
    And a file "quickcuke.toml" with:
      """
      [commands]
      family = { run = ["sh", "family.sh"], persistent = true, ready = { line = "ready" } }
      """
    And a file "family.sh" with:
      """
      trap '' TERM HUP
      sh -c 'sh -c "echo \$\$ >> ids; exec sleep 600" & echo $$ >> ids; wait' &
      echo $$ >> ids
      while [ "$(wc -l < ids)" -lt 3 ]; do sleep 0.01; done
      echo ready
      wait
      """

  Scenario Outline: The scenario <ends>
    Given steps:
      """
      import assert from 'node:assert/strict';
      import { When } from '@cucumber/cucumber';
      import { commands } from 'quickcuke';

      When('I start the family', async () => {
        assert.ok((await commands.start('family')).running);
      });
      When('that is it', { timeout: 50 }, () => { <what happens> });
      When('something else happens', () => {});
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | <status> |
      | second | passed   |
    And no process listed in "ids" is alive

    Examples:
      | ends      | what happens               | status |
      | passes    |                            | passed |
      | fails     | throw new Error('broken'); | failed |
      | times out | for (;;) {}                | failed |

  Scenario: A step may stop a process itself
    Given steps:
      """
      import assert from 'node:assert/strict';
      import { When } from '@cucumber/cucumber';
      import { commands } from 'quickcuke';

      When('I start the family', async () => {
        const { pid } = await commands.start('family');
        assert.equal((await commands.start('family')).pid, pid, 'starting twice is starting once');
        await commands.stop('family', { grace: 50 });
        assert.equal(commands.status('family').running, false);
      });
      When('that is it', () => {});
      When('something else happens', () => {});
      """
    When I run quickcuke
    Then it passes
    And no process listed in "ids" is alive

  Scenario: Nothing runs that is not declared
    Given steps:
      """
      import { When } from '@cucumber/cucumber';
      import { commands } from 'quickcuke';

      When('I start the family', () => commands.start('famly'));
      When('that is it', () => {});
      When('something else happens', () => {});
      """
    When I run quickcuke
    Then "first" fails with:
      """
      command "famly" is not declared: did you mean "family"?
      """
