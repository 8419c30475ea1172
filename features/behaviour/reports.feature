Feature: Reports

  Background:
    Given a feature:
      """
      Feature: Tea
        Scenario: good
          When I pour 1 cup
        Scenario: bad
          When I pour 99 cups
      """
    And steps:
      """
      import { When } from '@cucumber/cucumber';

      When('I pour {int} cup(s)', (cups: number) => {
        if (cups > 4) throw new Error('the pot is empty');
      });
      """

  Scenario: progress shows a character for each step, and what failed
    When I run quickcuke
    Then it prints:
      """
      .F

      Failed scenarios:
        1) bad # features/a.feature:4
             When I pour 99 cups # steps/a.ts:3
                 Error: the pot is empty
      """
    And it prints:
      """
      2 scenarios (1 passed, 1 failed)
      2 steps (1 passed, 1 failed)
      """

  Scenario: pretty shows every step as it ends
    When I run quickcuke with "--format pretty"
    Then it prints:
      """
      Feature: Tea

        Scenario: good        # features/a.feature:2
          ✔ When I pour 1 cup # steps/a.ts:3

        Scenario: bad           # features/a.feature:4
          ✘ When I pour 99 cups # steps/a.ts:3
                Error: the pot is empty
      """

  Scenario: Several reports at once, each to a file of its own
    When I run quickcuke with "--format summary:out/summary.txt --format pretty:out/pretty.txt --format progress"
    Then it prints:
      """
      .F
      """
    And the file "out/summary.txt" contains:
      """
      2 scenarios (1 passed, 1 failed)
      """
    And the file "out/pretty.txt" contains:
      """
      ✔ When I pour 1 cup
      """

  Scenario: A report that cannot be written is an error
    Given a file "out" with:
      """
      a file, and no directory
      """
    When I run quickcuke with "--format summary:out/summary.txt"
    Then it fails
    And it complains:
      """
      failed to open out/summary.txt for the formatter "summary"
      """

  Scenario: What steps print stands where they run
    Given a file "steps/talk.ts" with:
      """
      import { BeforeStep } from '@cucumber/cucumber';

      BeforeStep(({ pickleStep }) => console.log(`> ${pickleStep.text}`));
      """
    When I run quickcuke with "--format pretty --name good"
    Then it prints:
      """
      > I pour 1 cup
          ✔ When I pour 1 cup # steps/a.ts:3
      """
