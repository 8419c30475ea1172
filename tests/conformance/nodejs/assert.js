// node:assert: what passes, what fails, and the messages.

import assert from 'node:assert'
import strict from 'node:assert/strict'

const VALUES = {
  zero: 0, minusZero: -0, one: 1, oneText: '1', nan: NaN, empty: '', text: 'text', null: null, undefined, true: true, false: false, big: 1n, symbol: Symbol.for('s'), object: {}, a1: { a: 1 }, a1Text: { a: '1' }, a1b: { a: 1, b: undefined }, array: [], arr1: [1], arr1Text: ['1'], arrHole: [, 1], arrUndefined: [undefined, 1], arrayLike: { 0: 1, length: 1 },
  date: new Date(0), date1: new Date(1), badDate: new Date(NaN), regexp: /a/g, regexp2: /a/i, map: new Map([['a', 1]]), mapText: new Map([['a', '1']]), set: new Set([1]), setText: new Set(['1']), setObject: new Set([{ a: 1 }]), mapObjectKey: new Map([[{ a: 1 }, 1]]), error: new Error('e'), error2: new Error('f'), typeError: new TypeError('e'), fn: function fn() {}, boxed: new Number(1), boxedText: new String('1'), boxedFalse: new Boolean(false), buffer: Buffer.from([1]), uint8: new Uint8Array([1]), float: new Float32Array([1]), nullProto: Object.create(null), nullProtoA: Object.assign(Object.create(null), { a: 1 }), classA: new (class A { constructor() { this.a = 1 } })(), symbolKey: { [Symbol.for('k')]: 1 }, arguments: (function () { return arguments })(1), arrKey: Object.assign([1], { k: 1 }), nested: { a: { b: [1, { c: 2 }] } }, nestedOther: { a: { b: [1, { c: 3 }] } }, weakMap: new WeakMap(), dateKey: Object.assign(new Date(0), { k: 1 }), arrayBuffer: new Uint8Array([1]).buffer, dataView: new DataView(new Uint8Array([1]).buffer),
}
const isolated = (check) => () => { try { check(); return 'passed' } catch (error) { return [error.name, error.code, error.message, error.generatedMessage, error.operator] } }

export default async function (run) {
  const entries = Object.entries(VALUES)
  for (const [leftName, left] of entries) for (const [rightName, right] of entries) {
    for (const name of ['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual']) {
      if (left === VALUES.error || right === VALUES.error || left === VALUES.error2 || right === VALUES.error2 || left === VALUES.typeError || right === VALUES.typeError) {
        // Their stacks are in the message.
        run(`${name} ${leftName} ${rightName} passes`, () => { try { assert[name](left, right); return true } catch (error) { return error.code } })
      } else run(`${name} ${leftName} ${rightName}`, isolated(() => assert[name](left, right)))
    }
  }
  for (const [name, value] of entries) {
    run(`ok ${name}`, () => { try { assert.ok(value); return 'passed' } catch (error) { return [error.code, error.actual === value, error.expected, error.operator] } })
    run(`ifError ${name}`, () => { try { assert.ifError(value); return 'passed' } catch (error) { return [error.message, error.actual === value, error.expected, error.operator, error.code, error.generatedMessage] } })
    run(`fail ${name}`, isolated(() => assert.fail(value)))
    run(`equal with message ${name}`, () => { try { assert.equal(1, 2, value); return 'passed' } catch (error) { return error === value ? 'the value' : [error.message, error.generatedMessage, error.code] } })
    run(`throws expects ${name}`, isolated(() => assert.throws(() => { throw Object.assign(new TypeError('thrown'), { a: 1 }) }, value)))
    run(`throws a ${name}`, isolated(() => assert.throws(() => { throw value }, { name: 'Nope' })))
    run(`throws of ${name}`, isolated(() => assert.throws(value)))
    run(`doesNotThrow of ${name}`, isolated(() => assert.doesNotThrow(value)))
    run(`match ${name}`, isolated(() => assert.match(value, /x/)))
    run(`doesNotMatch ${name}`, isolated(() => assert.doesNotMatch(value, /x/)))
    run(`match by ${name}`, isolated(() => assert.match('abc', value)))
    await run(`rejects of ${name}`, () => assert.rejects(value).then(() => 'passed', (error) => [error.name, error.code, error.message]))
    await run(`doesNotReject of ${name}`, () => assert.doesNotReject(value).then(() => 'passed', (error) => [error.name, error.code, error.message]))
    run(`AssertionError ${name}`, isolated(() => { throw new assert.AssertionError(value) }))
  }
  const boom = () => { throw new TypeError('Wrong value') }
  run('throws', isolated(() => assert.throws(boom)))
  run('throws nothing', isolated(() => assert.throws(() => {})))
  run('throws nothing, message', isolated(() => assert.throws(() => {}, 'should have')))
  run('throws nothing, class', isolated(() => assert.throws(() => {}, TypeError)))
  run('throws nothing, class and message', isolated(() => assert.throws(() => {}, TypeError, 'a message')))
  run('throws nothing, regexp', isolated(() => assert.throws(() => {}, /x/)))
  run('throws nothing, object', isolated(() => assert.throws(() => {}, { message: 'x' })))
  run('throws class', isolated(() => assert.throws(boom, TypeError)))
  run('throws base class', isolated(() => assert.throws(boom, Error)))
  run('throws other class', () => { try { assert.throws(boom, RangeError); return 'passed' } catch (error) { return [error.name, error.message, error.code] } })
  run('throws other class, message', () => { try { assert.throws(boom, RangeError, 'mine'); return 'passed' } catch (error) { return [error.name, error.message, error.code] } })
  run('throws regexp', isolated(() => assert.throws(boom, /^TypeError: Wrong value$/)))
  run('throws other regexp', isolated(() => assert.throws(boom, /nope/)))
  run('throws other regexp, message', isolated(() => assert.throws(boom, /nope/, 'mine')))
  run('throws object', isolated(() => assert.throws(boom, { name: 'TypeError', message: 'Wrong value' })))
  run('throws object regexps', isolated(() => assert.throws(boom, { message: /Wrong/ })))
  run('throws other object', isolated(() => assert.throws(boom, { name: 'TypeError', message: 'Other' })))
  run('throws other object, message', isolated(() => assert.throws(boom, { message: 'Other' }, 'mine')))
  run('throws object with more', isolated(() => assert.throws(boom, { message: 'Wrong value', code: 'X' })))
  run('throws object regexp differs', isolated(() => assert.throws(boom, { message: /nope/, name: /Type/ })))
  run('throws error instance', isolated(() => assert.throws(boom, new TypeError('Wrong value'))))
  run('throws other error instance', isolated(() => assert.throws(boom, new TypeError('Other'))))
  run('throws empty object', isolated(() => assert.throws(boom, {})))
  run('throws validation', isolated(() => assert.throws(boom, (error) => error instanceof TypeError)))
  run('throws validation false', isolated(() => assert.throws(boom, () => false)))
  run('throws validation named', isolated(() => assert.throws(boom, function check() { return 'text' })))
  run('throws validation throws', isolated(() => assert.throws(boom, () => { throw new RangeError('inside') })))
  run('throws message equals', isolated(() => assert.throws(boom, 'Wrong value')))
  run('throws text equals', isolated(() => assert.throws(() => { throw 'text' }, 'text')))
  run('throws message differs', isolated(() => assert.throws(boom, 'Something else')))
  run('throws three texts', isolated(() => assert.throws(boom, 'a', 'b')))
  run('throws arrow class', isolated(() => assert.throws(boom, class Mine {})))
  run('throws class extends', isolated(() => assert.throws(boom, class Mine extends Error {})))
  run('doesNotThrow', isolated(() => assert.doesNotThrow(boom)))
  run('doesNotThrow message', isolated(() => assert.doesNotThrow(boom, 'Whoops')))
  run('doesNotThrow class', isolated(() => assert.doesNotThrow(boom, TypeError, 'Whoops')))
  run('doesNotThrow other class', isolated(() => assert.doesNotThrow(boom, RangeError)))
  run('doesNotThrow object', isolated(() => assert.doesNotThrow(boom, {})))
  const later = async () => { throw new TypeError('Wrong value') }
  const told = (promise) => promise.then((value) => ['passed', value], (error) => [error.name, error.code, error.message, error.operator, error.generatedMessage])
  await run('rejects', () => told(assert.rejects(later)))
  await run('rejects promise', () => told(assert.rejects(later())))
  await run('rejects nothing', () => told(assert.rejects(async () => 5)))
  await run('rejects nothing, message', () => told(assert.rejects(Promise.resolve(), 'should')))
  await run('rejects object', () => told(assert.rejects(later, { message: 'Wrong value' })))
  await run('rejects other', () => told(assert.rejects(later, { message: 'Other' })))
  await run('rejects class', () => told(assert.rejects(later, RangeError)))
  await run('rejects regexp', () => told(assert.rejects(later, /nope/)))
  await run('rejects sync throw', () => told(assert.rejects(() => { throw new Error('sync') })))
  await run('rejects no promise', () => told(assert.rejects(() => 5)))
  await run('rejects thenable', () => told(assert.rejects({ then() {}, catch() {} })))
  await run('doesNotReject', () => told(assert.doesNotReject(later)))
  await run('doesNotReject passes', () => told(assert.doesNotReject(async () => 5)))
  await run('doesNotReject message', () => told(assert.doesNotReject(later, 'mine')))
  run('ok no arguments', isolated(() => assert.ok()))
  run('assert no arguments', isolated(() => assert()))
  run('ok message', isolated(() => assert.ok(0, 'zero')))
  run('ok error', isolated(() => assert.ok(0, new RangeError('mine'))))
  run('assert message', isolated(() => assert(false, 'zero')))
  for (const name of ['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual', 'match', 'doesNotMatch', 'throws', 'doesNotThrow', 'fail', 'ifError']) {
    run(`${name} without arguments`, isolated(() => assert[name]()))
    run(`${name} with one argument`, isolated(() => assert[name](1)))
    run(`strict.${name} is`, () => [strict[name] === assert[name], typeof strict[name], strict[name].name])
  }
  run('fail', isolated(() => assert.fail()))
  run('fail message', isolated(() => assert.fail('boom')))
  run('fail error', isolated(() => assert.fail(new TypeError('need'))))
  run('fail two', isolated(() => assert.fail('a', 'b')))
  run('fail three', isolated(() => assert.fail('a', 'b', 'message')))
  run('fail operator', isolated(() => assert.fail('a', 'b', undefined, '>')))
  run('fail error message', isolated(() => assert.fail(1, 2, new TypeError('need'))))
  run('ifError stack', isolated(() => assert.ifError(new Error('test error'))))
  run('match', isolated(() => assert.match('I will fail', /pass/)))
  run('match message', isolated(() => assert.match('I will fail', /pass/, 'mine')))
  run('match number', isolated(() => assert.match(123, /pass/)))
  run('match passes', isolated(() => assert.match('I will pass', /pass/)))
  run('doesNotMatch fails', isolated(() => assert.doesNotMatch('I will fail', /fail/)))
  run('long match', isolated(() => assert.match('x'.repeat(300), /pass/)))
  run('AssertionError', () => { const error = new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' }); return [error.message, error.name, error.code, error.actual, error.expected, error.operator, error.generatedMessage, Object.keys(error).sort(), String(error)] })
  run('AssertionError message', () => { const error = new assert.AssertionError({ message: 'm', actual: 1, expected: 2 }); return [error.message, error.generatedMessage, error.operator, Object.keys(error).sort(), String(error)] })
  run('AssertionError other operator', () => new assert.AssertionError({ actual: { a: 1 }, expected: [2], operator: 'custom' }).message)
  run('AssertionError no operator', () => new assert.AssertionError({ actual: 'a'.repeat(600), expected: 2 }).message)
  run('AssertionError stackStartFn', () => new assert.AssertionError({ actual: 1, expected: 2, operator: 'deepEqual', stackStartFn: () => {} }).message)
  run('AssertionError is an Error', () => { const error = new assert.AssertionError({ message: 'x' }); return [error instanceof Error, Object.prototype.toString.call(error), error.stack.split('\n')[0]] })
  run('keys', () => Object.keys(assert).filter((key) => key !== 'CallTracker').sort())
  run('strict', () => [strict === assert.strict, strict.strict === strict, strict.equal === assert.strictEqual, strict.deepEqual === assert.deepStrictEqual, strict.notEqual === assert.notStrictEqual, strict.AssertionError === assert.AssertionError, typeof assert.CallTracker])
  run('strict fails', isolated(() => strict.equal(1, '1')))
  run('strict deep', isolated(() => strict.deepEqual({ a: 1 }, { a: '1' })))
  run('strict ok', isolated(() => strict(0, 'zero')))
}
