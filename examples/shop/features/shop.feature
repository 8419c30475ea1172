Feature: Shopping
  Steps in Rust start the service and look into it; steps in TypeScript use it.

  Background:
    Given a shop that sells apples for 80 cents

  Scenario: Buying
    When I buy apples
    Then I pay 80 cents
    And the receipt names apples
    And the shop has earned 80 cents

  Scenario: Out of stock
    When I buy pears
    Then it is out of stock
    And the shop has earned 0 cents
