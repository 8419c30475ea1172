Feature: Hooks of every kind

  Scenario: none
    Given all is set up

  @a
  Scenario: a
    Given all is set up
    And it fails
    And it goes on

  @b
  Scenario: b
    Given it goes on
    And it is not defined

  @step-hook-fails
  Scenario: an AfterStep hook fails
    Given it goes on
    And it goes on

  @step-hook-skips
  Scenario: a BeforeStep hook skips
    Given it goes on
    And it goes on
