Feature: Orders

  @receipt @smoke
  Scenario: An order
    Given the shop "Gurkenladen" is open at 10:15
    When I ship to
      | street | Saure Straße 1 |
      | zip    | 12345          |
      | city   | Lübbenau       |
    Then the order "https://shop.test/1" has an id
    And the VAT is 19 percent

  @receipt
  Scenario: Too late
    Given the shop "Gurkenladen" is open at 20:00
    Then the order "https://shop.test/2" has an id

  Scenario: A wrong address
    When I ship wrongly to
      | street |      |
      | zip    | 1234 |
      | city   | Köln |
    When I ship to
      | street | x    |
      | zip    | none |
      | city   | Köln |

  Scenario: Tables and documents
    Then the table reads
      | a   | b \| c |
      | 1   | \n     |
      | x y |        |
    And the JSON is valid:
      """json
      { "items": [1, 2, 3] }
      """
    And the JSON is not valid:
      ```
      { "items": [1, "2"] }
      ```
    And the JSON is valid:
      """application/json
      { "things": [] }
      """

  Scenario Outline: Ratings of <stars>
    Then <stars> is <count>

    Examples:
      | stars | count |
      | ***   | 3     |
      | none  | 0     |
      | *     | 2     |

  Scenario: Totals as money
    When I add 2 of BK-1
    Then the total is 25.00 EUR
    Then the total is 25.01 EUR
