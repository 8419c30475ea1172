Feature: Every scenario starts from the same state
  The step library is loaded once and the BeforeAll hooks run. What a scenario changes after that is gone for the next.

  Background:
    Given a feature:
      """
      Feature: Counting
        Scenario: first
          When I count
          And I count
          Then the count is 2
        Scenario: second
          When I count
          Then the count is 1
      """

  Scenario Outline: <place> is as new
    Given steps:
      """
      import { Then, When } from '@cucumber/cucumber';
      import assert from 'node:assert/strict';

      <set up>
      When('I count', () => { <count> });
      Then('the count is {int}', (expected: number) => assert.equal(<value>, expected));
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | passed |
      | second | passed |

    Examples:
      | place                  | set up               | count                                                         | value                       |
      | A module variable      | let counter = 0;     | counter += 1;                                                 | counter                     |
      | The global object      |                      | globalThis.counter = (globalThis.counter ?? 0) + 1;           | globalThis.counter          |
      | A built-in's prototype |                      | Array.prototype.counter = (Array.prototype.counter ?? 0) + 1; | [].counter                  |
      | The environment        |                      | process.env.COUNTER = Number(process.env.COUNTER ?? 0) + 1;   | Number(process.env.COUNTER) |
      | A module of Node       | import os from 'os'; | os.counter = (os.counter ?? 0) + 1;                           | os.counter                  |

  Scenario: The World is new
    Given steps:
      """
      import { Then, When } from '@cucumber/cucumber';
      import assert from 'node:assert/strict';

      When('I count', function () { this.counter = (this.counter ?? 0) + 1; });
      Then('the count is {int}', function (expected: number) { assert.equal(this.counter, expected); });
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | passed |
      | second | passed |

  Scenario: vars last as long as their scenario
    Given steps:
      """
      import { Then, When } from '@cucumber/cucumber';
      import { vars } from 'quickcuke';
      import assert from 'node:assert/strict';

      When('I count', () => vars.set('counter', (vars.get('counter') ?? 0) + 1));
      Then('the count is {int}', function (expected: number) { assert.equal(this.vars.get('counter'), expected); });
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | passed |
      | second | passed |

  Scenario: What BeforeAll sets up is there for everyone
    Given steps:
      """
      import { BeforeAll, Then, When } from '@cucumber/cucumber';
      import assert from 'node:assert/strict';

      let counter = 100;
      BeforeAll(async () => { counter = 0; });
      When('I count', () => { counter += 1; });
      Then('the count is {int}', (expected: number) => assert.equal(counter, expected));
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | passed |
      | second | passed |

  Scenario: Temporary files are the scenario's own
    Given steps:
      """
      import { Then, When } from '@cucumber/cucumber';
      import assert from 'node:assert/strict';
      import { appendFileSync, readFileSync } from 'node:fs';
      import { tmpdir } from 'node:os';

      const file = `${tmpdir()}/counter`;
      When('I count', () => appendFileSync(file, '.'));
      Then('the count is {int}', (expected: number) => assert.equal(readFileSync(file, 'utf8').length, expected));
      """
    When I run quickcuke
    Then the scenarios end as:
      | first  | passed |
      | second | passed |

  Scenario: A suite that relies on leaking can have it
    Given steps:
      """
      import { Then, When } from '@cucumber/cucumber';
      import assert from 'node:assert/strict';

      let counter = 0;
      When('I count', () => { counter += 1; });
      Then('the count is {int}', (expected: number) => assert.equal(counter, expected));
      """
    When I run quickcuke with "--isolation worker"
    Then the scenarios end as:
      | first  | passed |
      | second | failed |
