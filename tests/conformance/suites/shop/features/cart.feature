@cart
Feature: Cart
  What a customer puts into the cart.

  Background:
    Given an empty cart

  @smoke
  Scenario: One book
    When I add BK-1
    Then the cart has 1 item
    And the total in my currency is 12.5

  @smoke @traced
  Scenario: Several things
    When I add 2 of BK-2
    And I put 1 piece of tl-9 in
    Then the cart has 3 items
    And the total in my currency is 44.25
    And there are 2 books in it

  @discount
  Scenario Outline: Discounts for <who>
    When I add:
      | code   | quantity |
      | <code> | <n>      |
    Then the total in my currency is <total>

    Examples: plain
      | who   | code | n | total |
      | one   | BK-1 | 2 | 22.5  |
      | other | BK-2 | 1 | 6.3   |
      | wrong | BK-2 | 1 | 7.01  |

    @vip
    Examples: VIP
      | who | code | n | total |
      | VIP | BK-1 | 2 | 18.75 |

  Rule: Limits

    Background:
      When I add 3 of BK-2

    Example: within mine
      Then I can take no more than my limit

    Example: beyond mine
      When I add 8 of BK-1
      Then I can take no more than my limit
      And the cart has 11 items

    @slow @smoke
    Example: beyond the shop's
      Then adding 101 of BK-1 fails with "no more than 100 of BK-1"
      And the half-loaded cart had no class

  Scenario: Not in the catalogue
    When I add XX-1
    Then the cart has 0 items
