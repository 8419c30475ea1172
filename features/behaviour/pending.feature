Feature: Nothing that a scenario leaves pending is lost
  When the last step or hook of a scenario is over, what is still pending is waited for before the next scenario begins.

  Background:
    Given a feature:
      """
      Feature: Carts
        Scenario: forgetful
          When the cart is checked
        Scenario: later
          When nothing is forgotten
      """

  Scenario Outline: An error after a forgotten await fails its scenario, with --isolation <isolation>
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      async function check() {
        await new Promise((done) => setTimeout(done, 20));
        throw new Error('the cart is empty');
      }
      When('the cart is checked', () => { check(); });
      When('nothing is forgotten', () => {});
      """
    When I run quickcuke with "--isolation <isolation>"
    Then it fails
    And "forgetful" fails with:
      """
      Error: the cart is empty
      This came after the scenario's last step or hook: nothing waited for the timer set at steps/a.ts:4:31. Is an `await` missing?
      """
    And the scenarios end as:
      | forgetful | failed |
      | later     | passed |

    Examples:
      | isolation |
      | scenario  |
      | attempt   |
      | worker    |

  Scenario: What comes late is attached and printed
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      When('the cart is checked', function () {
        setTimeout(() => { this.log('late text'); console.log('late line'); }, 20);
      });
      When('nothing is forgotten', () => {});
      """
    When I run quickcuke
    Then it passes
    And "forgetful" logs:
      | late text |
    And it prints:
      """
      late line
      """

  Scenario Outline: What does not end is cancelled and listed at the end of the run: <options>
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      When('the cart is checked', () => {
        for (const minutes of [1, 2]) setTimeout(() => {}, minutes * 60_000);
        setInterval(() => {}, 10);
        setTimeout(() => {}, 60_000).unref();
      });
      When('nothing is forgotten', () => {});
      """
    When I run quickcuke with "<options>"
    Then it passes
    And it complains:
      """
        2 timers still pending, set at steps/a.ts:4:33
      await it
      """

    Examples:
      | options         |
      | --timeout 200ms |
      | --force-exit    |

  Scenario: A step that times out says what it was waiting for
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      When('the cart is checked', { timeout: 50 }, async () => {
        await new Promise((done) => setTimeout(done, 60_000));
      });
      When('nothing is forgotten', () => {});
      """
    When I run quickcuke
    Then "forgetful" fails with:
      """
      Error: function timed out, ensure the promise resolves within 50 milliseconds
      still pending: timer set at steps/a.ts:4:31
      """

  Scenario: A step file that does not end is named
    Given steps:
      """
      import { When } from '@cucumber/cucumber';

      for (;;) {}
      """
    When I run quickcuke with "--load-timeout 300ms"
    Then it fails
    And it complains:
      """
      failed to load steps/a.ts: loading the step library took longer than 300ms
      """
