Feature: Outlines <n>

  Scenario Outline: <n> and <other> of <nothing>
    Given I have <n> cucumbers
    Then the table is
      | <n> | x<other>y |
      | <n> | <nothing> |
    And the text is
      """<media>
      <n>
        \"\"\" <other>
      """
    And the text is
      ```
      as | it is

      """
      ```

    @one
    Examples: first
      | n | other | media |
      | 1 | a\|b  | json  |

    Examples: none
      | n | other | media |

    @two @three
    Scenarios: last
      Described.

      | n | other | media |
      | 2 | <n>   |       |
      | 3 | $&    | x/y   |
