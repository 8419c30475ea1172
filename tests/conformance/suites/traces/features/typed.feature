Feature: traces of TypeScript

  Scenario Outline: <way>
    Given typed code throws <way>

    Examples:
      | way           |
      | in a method   |
      | in a generic  |
      | with a cause  |
      | of an enum    |

  Scenario: later
    Given later typed code throws
