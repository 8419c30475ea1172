Feature: traces

  Scenario Outline: <way>
    Given it throws <way>

    Examples:
      | way |
      | in the step |
      | in a helper |
      | in an arrow function |
      | in a method |
      | in a static method |
      | in a constructor |
      | in a getter |
      | in a setter |
      | in an iterator |
      | in a callback |
      | in a comparison |
      | in a replacement |
      | in toString |
      | in a generator |
      | in a proxy |
      | in a function of no name |
      | after await |
      | after await in a helper |
      | in an async method |
      | in a chain |
      | in a timer |
      | of all promises |
      | with a cause |
      | with an async cause |
      | with three causes |
      | with a text for a cause |
      | with an object for a cause |
      | with an undefined cause |
      | with a null cause |
      | with causes without end |
      | many at once |
      | any of none |
      | an own class |
      | a class without a name |
      | a class with a name getter |
      | a factory |
      | a captured one |
      | captured above |
      | extra properties |
      | expected and actual |
      | expected and actual texts |
      | expected alone |
      | no diff |
      | a message of lines |
      | an empty message |
      | no message |
      | a changed message |
      | a changed message that was read |
      | a changed name |
      | a message that is no text |
      | an own stack |
      | a stack of words |
      | an empty stack |
      | a frozen error |
      | a rethrown error |
      | an error made elsewhere |
      | a limit of two frames |
      | a limit of none |
      | a deep one |
      | prepared |
      | chai equal |
      | chai assert |
      | chai in a helper |
      | a string |
      | an empty string |
      | a number |
      | zero |
      | false |
      | an object |
      | an object like an error |
      | an object with a message |
      | an array |
      | a function |
      | an object of no prototype |
      | null |
      | undefined |
      | a rejection of null |
      | a symbol |
      | a bigint |

  @one
  Scenario: well
    Given all is well

  Scenario: a transformer
    Given a broken thing

  Scenario: an asynchronous transformer
    Given something lately broken

  Scenario: a callback with an error
    Given it calls back with an error

  Scenario: a callback with a text
    Given it calls back with a text

  Scenario: a function that takes too much
    Given a function here with too many

  @before
  Scenario: Before
    Given all is well

  @before-async
  Scenario: Before, later
    Given all is well

  @after
  Scenario: After
    Given all is well

  @before-step
  Scenario: BeforeStep
    Given all is well

  @after-step
  Scenario: AfterStep
    Given all is well
