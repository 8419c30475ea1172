Feature: Every step and hook has a deadline
  Whatever a step does, it ends, it is told as failed, and the scenarios after it run as if nothing had happened.

  Background:
    Given a feature:
      """
      Feature: Waiting
        Scenario: too long
          When it waits
        Scenario: later
          When it does not wait
      """

  Scenario Outline: A step that <does>
    Given steps:
      """
      import { setDefaultTimeout, When } from '@cucumber/cucumber';

      setDefaultTimeout(50);
      When('it waits', <function>);
      When('it does not wait', () => {});
      """
    When I run quickcuke
    Then it fails
    And "too long" fails with:
      """
      function timed out, ensure the <event> within 50 milliseconds
      """
    And the scenarios end as:
      | too long | failed |
      | later    | passed |

    Examples:
      | does                  | function                              | event                |
      | spins                 | () => { for (;;) {} }                 | function returns     |
      | spins in microtasks   | async () => { for (;;) await null; }  | function returns     |
      | waits for ever        | () => new Promise(() => {})           | promise resolves     |
      | never calls back      | (done) => {}                          | callback is executed |

  Scenario: After hooks run when a step ran out of time, and vars are still there
    Given steps:
      """
      import { After, When } from '@cucumber/cucumber';

      When('it waits', { timeout: 50 }, function () { this.vars.set('order', 17); for (;;) {} });
      When('it does not wait', () => {});
      After({ name: 'tidy up' }, function () { console.log('order', this.vars.get('order')); });
      """
    When I run quickcuke
    Then the steps of "too long" end as:
      | it waits | failed |
      | tidy up  | passed |
    And it prints:
      """
      order 17
      """

  Scenario: A scenario that needs too much memory fails alone
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      When('it waits', () => { const all = []; for (;;) all.push(new Array(1000).fill(1)); });
      When('it does not wait', () => {});
      """
    When I run quickcuke with "--memory 32MiB"
    Then "too long" fails with:
      """
      out of memory
      """
    And the scenarios end as:
      | too long | failed |
      | later    | passed |
