Feature: Retries
  The attempts of a scenario share its modules, but each has a World of its own.

  Background:
    Given a feature:
      """
      Feature: F
        @flaky
        Scenario: flaky
          When it works at the second attempt
        Scenario: other
          When it works at the second attempt
      """
    And steps:
      """
      import { When } from '@cucumber/cucumber';

      let attempts = 0;
      When('it works at the second attempt', function () {
        if (this.used) throw new Error('an old World');
        this.used = true;
        attempts += 1;
        if (attempts < 2) throw new Error('not yet');
      });
      """

  Scenario: A failing scenario is tried again
    When I run quickcuke with "--retry 3"
    Then it passes
    And the scenarios end as:
      | flaky | failed |
      | flaky | passed |
      | other | failed |
      | other | passed |

  Scenario: Only what a tag expression matches is tried again
    When I run quickcuke with "--retry 1 --retry-tag-filter @flaky"
    Then it fails
    And the scenarios end as:
      | flaky | failed |
      | flaky | passed |
      | other | failed |

  Scenario: Attempts can be isolated from each other
    When I run quickcuke with "--retry 1 --isolation attempt --tags @flaky"
    Then the scenarios end as:
      | flaky | failed |
      | flaky | failed |
