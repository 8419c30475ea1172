import { After, AfterStep, Before, BeforeStep, defineParameterType, Given } from '@cucumber/cucumber'
import { assert, expect } from 'chai'
import { Account, arrow, fail, later, OverdraftError, settle, wrap } from '../lib/bank.js'

class Plain extends Error {}

class Named extends Error {
  get name() {
    return 'Of Another Name'
  }
}

class Factory extends Error {
  static of(message) {
    return new Factory(message)
  }
}

class Captured extends Error {
  constructor(message) {
    super(message)
    Error.captureStackTrace(this, Captured)
  }
}

function raise() {
  const error = new Error('above is left out')
  Error.captureStackTrace(error, raise)
  throw error
}

const ways = {
  'in the step': () => {
    throw new Error('in the step')
  },
  'in a helper': () => fail('in a helper'),
  'in an arrow function': () => arrow('in an arrow function'),
  'in a method': () => new Account(1).withdraw(2),
  'in a static method': () => Account.open(-1),
  'in a constructor': () => new Account(NaN),
  'in a getter': () => new Account(1).statement,
  'in a setter': () => {
    new Account(1).limit = 5
  },
  'in an iterator': () => [...new Account(1)],
  'in a callback': () => [1, 2].map((n) => {
    if (n === 2) throw new Error('in a callback')
    return n
  }),
  'in a comparison': () => [2, 1].sort(() => fail('in a comparison')),
  'in a replacement': () => 'abc'.replace(/b/, () => fail('in a replacement')),
  'in toString': () => `${{ toString: () => fail('in toString') }}`,
  'in a generator': () => {
    function* numbers() {
      yield 1
      fail('in a generator')
    }
    return [...numbers()].length
  },
  'in a proxy': () => new Proxy({}, { get: () => fail('in a proxy') }).x,
  'in a function of no name': () => (function () {
    throw new Error('in a function of no name')
  })(),
  'after await': async () => {
    await later(2)
    throw new Error('after await')
  },
  'after await in a helper': async () => {
    await later(2)
    fail('after await in a helper')
  },
  'in an async method': () => new Account(1).transfer(2),
  'in a chain': () => Promise.resolve(1).then(() => fail('in a chain')),
  'in a timer': () => new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        fail('in a timer')
      } catch (error) {
        reject(error)
      }
    }, 2)
  }),
  'of all promises': () => Promise.all([later(1), Promise.reject(new Error('of all promises'))]),
  'with a cause': () => wrap(() => fail('the cause')),
  'with an async cause': () => settle(async () => {
    await later(1)
    fail('the cause')
  }),
  'with three causes': () => wrap(() => wrap(() => wrap(() => fail('the root')))),
  'with a text for a cause': () => {
    throw new Error('outer', { cause: 'a text' })
  },
  'with an object for a cause': () => {
    throw new Error('outer', { cause: { code: 7 } })
  },
  'with an undefined cause': () => {
    throw new Error('outer', { cause: undefined })
  },
  'with a null cause': () => {
    throw new Error('outer', { cause: null })
  },
  'with causes without end': () => {
    let error = new Error('0')
    for (let n = 1; n < 15; n++) error = new Error(`${n}`, { cause: error })
    throw error
  },
  'many at once': () => {
    throw new AggregateError([new Error('first'), 'second', new TypeError('third')], 'many at once')
  },
  'any of none': () => Promise.any([Promise.reject(new Error('one')), Promise.reject(new Error('two'))]),
  'an own class': () => {
    throw new OverdraftError('own class', 5)
  },
  'a class without a name': () => {
    throw new Plain('plain')
  },
  'a class with a name getter': () => {
    throw new Named('named')
  },
  'a factory': () => {
    throw Factory.of('made by a factory')
  },
  'a captured one': () => {
    throw new Captured('captured')
  },
  'captured above': () => raise(),
  'extra properties': () => {
    throw Object.assign(new Error('extra'), { code: 'E_EXTRA', details: { a: [1, 2] } })
  },
  'expected and actual': () => {
    throw Object.assign(new Error('not the same'), { expected: { a: 1, b: [1, 2] }, actual: { a: 2, b: [1, 3] } })
  },
  'expected and actual texts': () => {
    throw Object.assign(new Error('not the same text'), { expected: 'one\ntwo', actual: 'one\n2' })
  },
  'expected alone': () => {
    throw Object.assign(new Error('expected alone'), { expected: 1 })
  },
  'no diff': () => {
    throw Object.assign(new Error('no diff'), { expected: 1, actual: 2, showDiff: false })
  },
  'a message of lines': () => {
    throw new Error('line one\n  line two\nline three')
  },
  'an empty message': () => {
    throw new Error('')
  },
  'no message': () => {
    throw new RangeError()
  },
  'a changed message': () => {
    const error = new Error('before')
    error.message = 'after'
    throw error
  },
  'a changed message that was read': () => {
    const error = new Error('before')
    void error.stack
    error.message = 'after'
    throw error
  },
  'a changed name': () => {
    const error = new Error('message')
    error.name = 'Renamed'
    throw error
  },
  'a message that is no text': () => {
    const error = new Error('x')
    error.message = { code: 1 }
    throw error
  },
  'an own stack': () => {
    const error = new Error('own stack')
    error.stack = 'Error: own stack\n    at somewhere (/else/where.js:1:2)'
    throw error
  },
  'a stack of words': () => {
    const error = new Error('stack of words')
    error.stack = 'just words'
    throw error
  },
  'a stack that is no text': () => {
    const error = new Error('stack is a number')
    error.stack = 7
    throw error
  },
  'an empty stack': () => {
    const error = new Error('empty stack')
    error.stack = ''
    throw error
  },
  'a frozen error': () => {
    throw Object.freeze(new Error('frozen'))
  },
  'a rethrown error': () => {
    try {
      fail('thrown again')
    } catch (error) {
      throw error
    }
  },
  'an error made elsewhere': () => {
    throw ways.made
  },
  made: new Error('made when the file was loaded'),
  'a limit of two frames': () => {
    const before = Error.stackTraceLimit
    Error.stackTraceLimit = 2
    try {
      wrapped(5)
    } finally {
      Error.stackTraceLimit = before
    }
  },
  'a limit of none': () => {
    const before = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    try {
      fail('no frames')
    } finally {
      Error.stackTraceLimit = before
    }
  },
  'a deep one': () => wrapped(30),
  'prepared': () => {
    const before = Error.prepareStackTrace
    Error.prepareStackTrace = (error, sites) => `${error.name} prepared: ${error.message}\n    at ${sites[0].getFunctionName()} (/prepared.js:1:1)`
    try {
      fail('prepared')
    } catch (error) {
      void error.stack
      throw error
    } finally {
      Error.prepareStackTrace = before
    }
  },
  'chai equal': () => expect(1).to.equal(2),
  'chai assert': () => assert.deepEqual({ a: 1 }, { a: 2 }, 'with words'),
  'chai in a helper': () => wrap(() => expect('text').to.match(/x$/)),
  'a string': () => {
    throw 'a string'
  },
  'an empty string': () => {
    throw ''
  },
  'a number': () => {
    throw 42
  },
  'zero': () => {
    throw 0
  },
  'false': () => {
    throw false
  },
  'an object': () => {
    throw { code: 7 }
  },
  'an object like an error': () => {
    throw { name: 'Like', message: 'like an error', stack: 'Like: like an error\n    at there (/there.js:1:1)' }
  },
  'an object with a message': () => {
    throw { message: 'only a message' }
  },
  'an array': () => {
    throw [1, 'two']
  },
  'a function': () => {
    throw function thrown() {}
  },
  'an object of no prototype': () => {
    throw Object.create(null)
  },
  'null': () => {
    throw null
  },
  'undefined': () => {
    throw undefined
  },
  'a rejection of null': () => Promise.reject(null),
  'a symbol': () => {
    throw Symbol('s')
  },
  'a bigint': () => {
    throw 5n
  },
}

function wrapped(depth) {
  if (depth > 0) wrapped(depth - 1)
  else throw new Error('deep')
}

defineParameterType({
  name: 'broken',
  regexp: /broken \w+/,
  transformer: (text) => {
    throw new Error(`no ${text}`)
  },
})
defineParameterType({
  name: 'lately broken',
  regexp: /lately broken/,
  transformer: async () => {
    await later(1)
    fail('broken lately')
  },
})

Given('it throws {}', (way) => ways[way]())
Given('a {broken}', () => {})
Given('something {lately broken}', () => {})
Given('all is well', () => {})
Given('it calls back with an error', (callback) => {
  setTimeout(() => callback(new Error('called back')), 1)
})
Given('it calls back with a text', (callback) => callback('called back'))
Given('a function {word} with too many', (a, b, c, d) => {})

Before({ tags: '@before' }, () => fail('in Before'))
Before({ tags: '@before-async' }, async () => {
  await later(1)
  throw new Error('in Before, later')
})
After({ tags: '@after' }, function () {
  fail('in After')
})
BeforeStep({ tags: '@before-step' }, () => fail('in BeforeStep'))
AfterStep({ tags: '@after-step' }, async () => fail('in AfterStep'))
