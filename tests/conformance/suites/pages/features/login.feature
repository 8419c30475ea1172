Feature: Login

  @visits
  Scenario: A customer
    Given the login page
    When ada logs in with the customer role
    Then the greeting is "Hello, ada (customer)"

  Scenario: A stranger
    Given the login page
    Then the greeting is "Hello, stranger"

  Scenario: No such role
    When bob logs in with the pirate role

  @mobile
  Scenario: Small screen
    Then the label is "SMALL SCREEN" and the width 320

  Scenario: Forms
    Then a form adds up to 41
    Then a form adds up to 42

  Scenario: Deep
    Then it throws deep inside
