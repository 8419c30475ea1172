@endings
Feature: How steps end

  Scenario Outline: <kind>
    Given <kind>
    Then it is over

    @quiet
    Examples: soft
      | kind                        |
      | a pending step              |
      | a step that will be pending |
      | a callback that is pending  |
      | a skipped step              |
      | a step that will be skipped |

    @loud
    Examples: hard
      | kind                            |
      | a callback that fails           |
      | a callback that fails with text |
      | a callback and a promise        |
      | too many arguments              |
      | too few arguments 1 2           |
      | any arguments 1 2               |
      | a default 1                     |
      | a passing step                  |
      | a slow step                     |
      | a slow callback                 |
      | a default slow step             |
      | an unlimited step               |

  Scenario: Undefined
    Given a step "nobody" defined 3 times, or 4.5
    And another with a table
      | a |
    And another with a text
      """
      text
      """
    Then it is over

  @noisy
  Scenario: Noise
    Given noise
    Then it is over

  Scenario: Streams
    Given a stream
    And an attachment with a callback
    Then it is over

  Scenario: A parameter type that nobody defined
    Given a thing of red
