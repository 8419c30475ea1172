Feature: Receipt

  Scenario: Lines, shipping and a total
    Given the shop sells:
      | tea        | price |
      | Darjeeling | €7.20 |
      | Earl Grey  | €5.50 |
    When I put 2 packs of "Darjeeling" into the basket
    And I put 1 pack of "Earl Grey" into the basket
    Then the receipt reads:
      """
      2 x Darjeeling    €14.40
      1 x Earl Grey      €5.50
      Shipping           €4.90
      ------------------------
      Total             €24.80
      """
