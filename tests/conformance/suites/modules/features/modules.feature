Feature: Modules

  Scenario: packages
    Then "packages" works

  Scenario: cucumber
    Then "cucumber" works

  Scenario: json
    Then "json" works

  Scenario: named exports of CommonJS
    Then "named exports of CommonJS" works

  Scenario: default of CommonJS
    Then "default of CommonJS" works

  Scenario: conditions
    Then "conditions" works

  Scenario: live bindings
    Then "live bindings" works

  Scenario: cycles
    Then "cycles" works

  Scenario: top-level await
    Then "top-level await" works

  Scenario: import.meta
    Then "import.meta" works

  Scenario: dynamic import
    Then "dynamic import" works

  Scenario: require of ES modules
    Then "require of ES modules" works

  Scenario: namespaces
    Then "namespaces" works

  Scenario: globals
    Then "globals" works

  Scenario: chai
    Then chai works

  @never
  Scenario: never
    Then it never runs
