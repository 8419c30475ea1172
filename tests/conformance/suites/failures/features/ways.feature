Feature: Ways to fail

  @plain
  Scenario Outline: fails with <way>
    Given it fails with <way>
    And all is well

    Examples:
      | way |
      | an error |
      | an error of many lines |
      | an error without a message |
      | an error of its own class |
      | an error with a cause |
      | an aggregate |
      | an error with a cyclic cause |
      | a rejection |
      | a late rejection |
      | an error in a call |
      | a string |
      | a rejected string |
      | a number |
      | an object |
      | a stackless error |
      | assert.equal |
      | assert.ok |
      | assert.strictEqual of text |
      | assert.deepStrictEqual |
      | assert.notEqual |
      | assert.throws |
      | assert.rejects |
      | assert.match |
      | assert.fail |
      | chai expect |
      | chai deep |
      | chai length |
      | chai throw |
      | chai assert |
      | chai should |
      | chai property |
      | chai 6 |
      | chai 6 members |
      | zod |
      | a parse of JSON |
      | an own check of text |

  @engine
  Scenario Outline: the engine on <what>
    Given the engine complains of <what>

    Examples:
      | what      |
      | undefined |
      | call      |
      | unknown   |
      | constant  |
