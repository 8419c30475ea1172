@pages
Feature: Pages

  Scenario: The books
    Given I look at the books
    Then I see "Cucumber for cooks, Pickles"
    And the first costs 12.5

  Scenario: The tools
    Given I look at the tools
    Then I see "Hammer"

  Scenario: A wrong price
    Given I look at the tools
    Then the first costs 1.5
