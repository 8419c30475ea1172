Feature: Warehouse
  The warehouse is a program of its own. A step starts it, and it is gone when its scenario is over:
  see [commands] in quickcuke.toml.

  Background:
    Given the warehouse is open

  Scenario: An order is packed
    When I order 2 packs of "Earl Grey"
    Then the warehouse packs my order
    And the label on the parcel says "2 x Earl Grey"

  Scenario: Each scenario has a warehouse of its own
    Then the warehouse has packed nothing
