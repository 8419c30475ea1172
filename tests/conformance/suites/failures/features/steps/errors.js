import { Given } from '@cucumber/cucumber'
import nodeAssert from 'node:assert'
import strict from 'node:assert/strict'
import { expect, assert, should } from 'chai'
import * as six from 'chai6'
import { z } from 'zod'
import { inspect } from 'node:util'

should()

class AccountError extends Error {
  constructor(message, options) {
    super(message, options)
    this.name = 'Account Error'
    this.code = 'E_ACCOUNT'
  }
}

const nested = { name: 'ada', tags: ['a', 'b'], at: new Date(0), deep: { map: new Map([['k', new Set([1])]]), no: undefined, re: /x/gi } }

const ways = {
  'an error': () => { throw new Error('plain') },
  'an error of many lines': () => { throw new Error('one\ntwo\n  three') },
  'an error without a message': () => { throw new Error() },
  'an error of its own class': () => { throw new AccountError('overdrawn') },
  'an error with a cause': () => { throw new AccountError('outer', { cause: new TypeError('inner', { cause: 'root' }) }) },
  'an aggregate': () => { throw new AggregateError([new Error('a'), new Error('b')], 'both') },
  'an error with a cyclic cause': () => { const error = new Error('cycle'); error.cause = error; throw error },
  'a rejection': () => Promise.reject(new Error('rejected')),
  'a late rejection': async () => { await new Promise((resolve) => setTimeout(resolve, 3)); throw new RangeError('late') },
  'an error in a call': () => [3, 1].sort(() => { throw new SyntaxError('in a comparison') }),
  'a string': () => { throw 'a mere string' },
  'a rejected string': async () => { throw 'a rejected string' },
  'a number': () => { throw 42 },
  'an object': () => { throw { code: 7, message: 'looks like one' } },
  'a stackless error': () => { const error = new Error('no stack'); delete error.stack; throw error },
  'assert.equal': () => nodeAssert.equal(1, 2),
  'assert.ok': () => nodeAssert.ok(0, 'zero is not ok'),
  'assert.strictEqual of text': () => strict.equal('a\nb\nc', 'a\nB\nc'),
  'assert.deepStrictEqual': () => strict.deepEqual(nested, { ...nested, tags: ['a', 'c'] }),
  'assert.notEqual': () => strict.notEqual(1, 1),
  'assert.throws': () => strict.throws(() => {}, TypeError),
  'assert.rejects': () => strict.rejects(Promise.resolve(1)),
  'assert.match': () => strict.match('abc', /x/),
  'assert.fail': () => nodeAssert.fail('failed on purpose'),
  'chai expect': () => expect([1, 2, 3]).to.include(4),
  'chai deep': () => expect({ a: { b: [1, { c: 2 }] } }).to.deep.equal({ a: { b: [1, { c: 3 }] } }),
  'chai length': () => expect('abc').to.have.lengthOf(2),
  'chai throw': () => expect(() => { throw new Error('x') }).to.throw(TypeError, /y/),
  'chai assert': () => assert.closeTo(1, 2, 0.5, 'close'),
  'chai should': () => 'text'.should.match(/^x/),
  'chai property': () => expect(nested).to.have.nested.property('deep.no', 3),
  'chai 6': () => six.expect(new Map([[1, 2]])).to.deep.equal(new Map([[1, 3]])),
  'chai 6 members': () => six.expect([1, 2]).to.have.members([2, 3]),
  'zod': () => z.object({ id: z.number(), when: z.iso.date() }).parse({ id: 'x', when: 'yesterday' }),
  'a parse of JSON': () => { try { JSON.parse('{"a":') } catch (cause) { throw new Error('bad JSON', { cause }) } },
  'an own check of text': () => { if (inspect(nested, { depth: 0 }) !== 'x') throw new Error(inspect(nested, { depth: 4 })) },
}

Given('it fails with {}', (way) => ways[way]())
Given('the engine complains of {word}', (what) => ({
  undefined: () => undefined.x,
  call: () => nested.nothing(),
  unknown: () => missing,
  constant: () => { const x = 1; x = 2 },
})[what]())
Given('all is well', () => {})
Given('a cyclic attachment', function () {
  const cyclic = {}
  cyclic.self = cyclic
  this.attach(cyclic)
})
Given('an attachment of {word}', function (what) {
  this.attach({ number: 7, nothing: undefined, untyped: Buffer.from('x') }[what])
})
Given('the world has no secret', function () {
  strict.equal(this.parameters.secret, undefined)
})
