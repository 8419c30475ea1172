Feature: Basket
  What a customer is about to buy, and what it costs.

  Background:
    Given the shop sells:
      | tea        | price |
      | Darjeeling | €7.20 |
      | Earl Grey  | €5.50 |
      | Rooibos    | €3.80 |

  Scenario: An empty basket costs nothing
    Then the goods cost €0.00

  Scenario: The same tea twice is one line
    When I put 1 pack of "Earl Grey" into the basket
    And I put 2 packs of "Earl Grey" into the basket
    Then the basket holds:
      | tea       | packs | price  |
      | Earl Grey | 3     | €16.50 |

  Scenario: A tea that is not sold
    When I try to put 1 pack of "Coffee" into the basket
    Then I am told "we do not sell Coffee"

  Rule: An order of €20 or more is sent for free

    Scenario Outline: Shipping of <packs> packs
      When I put <packs> packs of "Rooibos" into the basket
      Then the goods cost <goods>
      And shipping costs <shipping>

      Examples:
        | packs | goods  | shipping |
        | 5     | €19.00 | €4.90    |
        | 6     | €22.80 | €0.00    |

    @member
    Scenario: Members never pay for shipping
      When I put 1 pack of "Darjeeling" into the basket
      Then shipping costs €0.00
