Feature: Built-in modules

  Scenario Outline: <module>
    Then module "<module>" behaves

    Examples:
      | module |
      | path |
      | util |
      | crypto |
      | url |
      | fs |
      | fs errors |
      | fs promises |
      | events |
      | os |
      | buffer |
      | globals |
      | timers |
      | intl |
      | collation |
      | dates |
      | dates as text |
      | regexps |
      | process |
      | require |
      | assert |

  Scenario: console
    Then the console speaks
