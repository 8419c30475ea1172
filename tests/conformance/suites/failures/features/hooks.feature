Feature: Hooks and attachments that fail

  @fails-before
  Scenario: a Before hook fails
    Given all is well

  @fails-after
  Scenario: an After hook fails
    Given all is well

  @fails-after
  Scenario: a step and an After hook fail
    Given it fails with an error
    And all is well

  @fails-before @fails-after
  Scenario: both hooks fail
    Given all is well

  @skips @fails-after
  Scenario: a Before hook skips
    Given all is well

  @pends
  Scenario: a Before hook is pending
    Given all is well

  @slow-before
  Scenario: a Before hook takes too long
    Given all is well

  @odd-hook
  Scenario: a hook with too many parameters
    Given all is well

  Scenario: a cyclic attachment
    Given a cyclic attachment
    And all is well

  Scenario Outline: an attachment of <what>
    Given an attachment of <what>

    Examples:
      | what    |
      | number  |
      | nothing |
      | untyped |

  Scenario: parameters
    Given the world has no secret

  Scenario: no steps at all
