Feature: Retries

  Scenario: at once
    Given it works at attempt 1
    Then done

  @flaky
  Scenario: at the second attempt
    Given it works at attempt 2
    Then done

  @flaky @very
  Scenario: at the third attempt
    Given it works at attempt 3
    Then done

  Scenario: never
    Given it works at attempt 100
    Then done

  @flaky
  Scenario: pending is not retried
    Given it is pending at first
    Then done

  @flaky
  Scenario: slow at first
    Given it is slow at first
    Then done

  @flaky
  Scenario: undefined is not retried
    Given nothing of the kind
