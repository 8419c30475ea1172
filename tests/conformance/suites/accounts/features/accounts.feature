Feature: Accounts

  Background:
    Given accounts of "ada" and "bob"

  Scenario: Deposits
    When 3 goes into "ada"'s account
    And 4 goes into "ada"'s account with a callback
    And 5 goes into "bob"'s account 3 ms later
    Then "ada"'s account has 7
    And "bob"'s account has 5

  Scenario: One by one
    When "ada"'s account gets, one by one:
      | 1 | 2 |
      | 3 | 4 |
    Then "ada"'s account has 10

  Scenario: A wrong balance
    Then "bob"'s account has 1

  Scenario: A transformer that rejects
    Then "eve"'s account has 1

  Scenario: A transformer that throws
    Then a torn thing
    Then "bob"'s account has 0

  Scenario: Wrapped
    Then counted 7 and seven

  Scenario: Groups
    Then 2-5 days is 3 days
    And optional a rest

  Scenario: The bank
    Then the bank is "Example"

  Scenario: The bank once more
    Then the bank is "Example"

  Scenario: Built-in types
    Then numbers 1 2 3 4.5 5.50 6 -.5
    And text 'it\'s "so"' word any thing end
    And I have 3 cucumbers in my stomach
    And {int} and (text) and a/b
