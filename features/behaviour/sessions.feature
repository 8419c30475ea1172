Feature: Sessions beside the scenario's own
  `this.session(name)` is a sandbox of its own: variables, commands and a VM. All of it ends with the scenario.

  Scenario: Each session has its own variables
    When alice's variable "name" is set to "Alice"
    Then in alice's session, "return vars.get('name')" gives "Alice"
    And in bob's session, "return vars.has('name')" gives false
    And the scenario has no variable "name"

  Scenario: Each session has its own globals, and keeps them
    When alice runs "var basket = ['apple']; function put(item) { basket.push(item) }"
    And bob runs "var basket = []"
    And alice runs "put('plum')"
    Then in alice's session, "return basket" gives ["apple", "plum"]
    And in bob's session, "return basket" gives []

  Scenario Outline: No scenario finds what another one left
    When alice runs "if (globalThis.left || vars.has('left')) throw new Error('found it'); var left = <number>; vars.set('left', 1)"
    Then in alice's session, "return left" gives <number>

    Examples:
      | number |
      | 1      |
      | 2      |

  Scenario: A function runs there with its arguments
    Then a function that adds 2 and 3 in alice's session gives 5

  Scenario: A script that spins is cut off with its step, and takes no other session with it
    Given a feature:
      """
      Feature: Sessions
        Scenario: spinning
          When alice spins
        Scenario: later
          When nobody spins
      """
    And steps:
      """
      import { After, When } from '@cucumber/cucumber';

      When('alice spins', { timeout: 200 }, async function () {
        await this.session('bob').run('globalThis.kept = 1');
        await this.session('alice').run('globalThis.lost = 1; vars.set("kept", 2); for (;;);');
      });
      When('nobody spins', () => {});
      After(async function ({ pickle }) {
        if (pickle.name !== 'spinning') return;
        this.log(await this.session('bob').run('return `bob: ${kept}`'));
        this.log(await this.session('alice').run('return `alice: ${vars.get("kept")}, ${typeof lost}`'));
      });
      """
    When I run quickcuke
    Then it fails
    And "spinning" fails with:
      """
      function timed out, ensure the promise resolves within 200 milliseconds
      """
    And "spinning" logs:
      | bob: 1              |
      | alice: 2, undefined |
    And the scenarios end as:
      | spinning | failed |
      | later    | passed |

  Scenario: An error in a session has its place in the step file
    Given a feature:
      """
      Feature: Sessions
        Scenario: broken
          When alice breaks something
      """
    And steps:
      """
      import { When } from '@cucumber/cucumber';

      When('alice breaks something', async function () {
        const alice = this.session('alice');
        await alice.run((count: number) => {
          throw new RangeError(`broke ${count} things`);
        }, 3);
      });
      """
    When I run quickcuke
    Then "broken" fails with:
      """
      RangeError: broke 3 things
      """
    And "broken" fails with:
      """
      steps/a.ts:6:
      """
    And "broken" fails with:
      """
      steps/a.ts:5:
      """
