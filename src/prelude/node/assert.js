// `node:assert`.

const { AssertionError } = require('quickcuke:assertion_error');
const { isDeepEqual } = require('quickcuke:deep_equal');
const { inspect } = require('quickcuke:inspect');
const { types } = require('quickcuke:types');
const { coded, invalidArgType, invalidArgValue, received } = require('quickcuke:errors');

const isRegExp = types.isRegExp;
const isError = value => types.isNativeError(value) || value instanceof Error;

function fail(options) {
  if (isError(options.message)) throw options.message;
  throw new AssertionError(options);
}

function requireBoth(count) {
  if (count < 2) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "actual" and "expected" arguments must be specified');
}

function checkTruth(fn, count, value, message) {
  if (value) return;
  if (count === 0) {
    const error = new AssertionError({ actual: value, expected: true, operator: '==', stackStartFn: fn, message: 'No value argument passed to `assert.ok()`' });
    error.generatedMessage = true;
    throw error;
  }
  if (message == null) {
    const here = {};
    Error.captureStackTrace(here, fn);
    const call = require('quickcuke:call_source').callSource(here.stack);
    if (call !== undefined) {
      const text = `The expression evaluated to a falsy value:\n\n  ${call.replaceAll('\n', '\n  ')}\n`;
      const error = new AssertionError({ actual: value, expected: true, message: text, operator: '==', stackStartFn: fn });
      error.generatedMessage = true;
      throw error;
    }
  }
  fail({ actual: value, expected: true, message, operator: '==', stackStartFn: fn });
}

function assert(...values) { checkTruth(assert, values.length, ...values); }
function ok(...values) { checkTruth(ok, values.length, ...values); }

// [name, operator, whether the two satisfy it]
const COMPARISONS = [
  ['equal', '==', (a, b) => a == b || (a !== a && b !== b)],
  ['notEqual', '!=', (a, b) => !(a == b || (a !== a && b !== b))],
  ['strictEqual', 'strictEqual', Object.is],
  ['notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b)],
  ['deepEqual', 'deepEqual', (a, b) => isDeepEqual(a, b, false)],
  ['notDeepEqual', 'notDeepEqual', (a, b) => !isDeepEqual(a, b, false)],
  ['deepStrictEqual', 'deepStrictEqual', (a, b) => isDeepEqual(a, b, true)],
  ['notDeepStrictEqual', 'notDeepStrictEqual', (a, b) => !isDeepEqual(a, b, true)],
];
for (const [name, operator, holds] of COMPARISONS) {
  assert[name] = {
    [name](actual, expected, message) {
      requireBoth(arguments.length);
      if (!holds(actual, expected)) fail({ actual, expected, message, operator, stackStartFn: assert[name] });
    },
  }[name];
}

// A value stripped to the keys under comparison; its name shows in the difference. A pattern that `actual` matches stands
// as what it matched.
class Comparison {
  constructor(value, keys, actual) {
    for (const key of keys) {
      if (!(key in value)) continue;
      const isMatch = typeof actual?.[key] === 'string' && isRegExp(value[key]) && value[key].test(actual[key]);
      this[key] = isMatch ? actual[key] : value[key];
    }
  }
}

function matchObject(fn, actual, expected, message) {
  const keys = Object.keys(expected);
  if (isError(expected)) keys.push('name', 'message');
  else if (keys.length === 0) throw invalidArgValue('error', expected, 'may not be an empty object');
  for (const key of keys) {
    const isMatch = typeof actual[key] === 'string' && isRegExp(expected[key]) && expected[key].test(actual[key]);
    if (isMatch || (key in actual && isDeepEqual(actual[key], expected[key], true))) continue;
    if (message !== undefined) fail({ actual, expected, message, operator: fn.name, stackStartFn: fn });
    const error = new AssertionError({
      actual: new Comparison(actual, keys), expected: new Comparison(expected, keys, actual), operator: 'deepStrictEqual', stackStartFn: fn,
    });
    Object.assign(error, { actual, expected, operator: fn.name });
    throw error;
  }
}

// Whether what was thrown is what was expected: a class, a pattern, an object, or a function that says.
function checkThrown(fn, actual, expected, message) {
  const operator = fn.name;
  const complain = text => {
    const error = new AssertionError({ actual, expected, message: text, operator, stackStartFn: fn });
    error.generatedMessage = true;
    throw error;
  };
  if (isRegExp(expected)) {
    const text = String(actual);
    if (expected.test(text)) return;
    if (message !== undefined) fail({ actual, expected, message, operator, stackStartFn: fn });
    complain(`The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`);
  }
  if (typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object') {
      const error = new AssertionError({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn: fn });
      error.operator = operator;
      throw error;
    }
    return matchObject(fn, actual, expected, message);
  }
  if (expected.prototype !== undefined && actual instanceof expected) return;
  if (Error.isPrototypeOf(expected) || expected === Error) {
    if (message !== undefined) fail({ actual, expected, message, operator, stackStartFn: fn });
    let text = `The error is expected to be an instance of "${expected.name}". Received `;
    if (isError(actual)) {
      const name = actual.constructor?.name || actual.name;
      text += name === expected.name ? 'an error with identical name but a different prototype.' : `"${name}"`;
      if (actual.message) text += `\n\nError message:\n\n${actual.message}`;
    } else text += `"${inspect(actual, { depth: -1 })}"`;
    complain(text);
  }
  const answer = expected.call({}, actual);
  if (answer === true) return;
  if (message !== undefined) fail({ actual, expected, message, operator, stackStartFn: fn });
  const name = expected.name ? `"${expected.name}" ` : '';
  let text = `The ${name}validation function is expected to return "true". Received ${inspect(answer)}`;
  if (isError(actual)) text += `\n\nCaught error:\n\n${String(actual)}`;
  complain(text);
}

function expectThrown(fn, outcome, expected, message) {
  if (typeof expected === 'string') {
    if (message !== undefined) throw invalidArgType('error', ['Function', 'Error', 'RegExp', 'Object'], expected);
    const said = outcome.thrown && (isError(outcome.error) ? outcome.error.message : outcome.error);
    if (outcome.thrown && said === expected) {
      throw coded(TypeError, 'ERR_AMBIGUOUS_ARGUMENT', `The "error/message" argument is ambiguous. The error ${
        isError(outcome.error) ? 'message ' : ''}"${said}" is identical to the message.`);
    }
    [expected, message] = [undefined, expected];
  } else if (expected != null && typeof expected !== 'object' && typeof expected !== 'function') {
    throw invalidArgType('error', ['Function', 'Error', 'RegExp', 'Object'], expected);
  }
  if (!outcome.thrown) {
    const kind = fn.name === 'rejects' ? 'rejection' : 'exception';
    const name = expected?.name ? ` (${expected.name})` : '';
    fail({
      actual: undefined, expected, operator: fn.name, stackStartFn: fn,
      message: `Missing expected ${kind}${name}${message ? `: ${message}` : '.'}`,
    });
  }
  if (expected != null) checkThrown(fn, outcome.error, expected, message);
}

function expectNotThrown(fn, outcome, expected, message) {
  if (!outcome.thrown) return;
  const { error } = outcome;
  if (typeof expected === 'string') [expected, message] = [undefined, expected];
  if (expected != null && typeof expected !== 'function' && !isRegExp(expected)) throw invalidArgType('expected', ['Function', 'RegExp'], expected);
  const isExpected = expected == null || (isRegExp(expected) ? expected.test(String(error))
    : expected.prototype !== undefined && error instanceof expected ? true
      : Error.isPrototypeOf(expected) ? false : expected.call({}, error) === true);
  if (!isExpected) throw error;
  const kind = fn.name === 'doesNotReject' ? 'rejection' : 'exception';
  fail({
    actual: error, expected, operator: fn.name, stackStartFn: fn,
    message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${error?.message}"`,
  });
}

function outcomeOf(fn) {
  if (typeof fn !== 'function') throw invalidArgType('fn', 'Function', fn);
  try { fn(); } catch (error) { return { thrown: true, error }; }
  return { thrown: false };
}

async function settledOf(promise) {
  const isThenable = value => value !== null && (typeof value === 'object' || typeof value === 'function') && typeof value.then === 'function';
  if (typeof promise === 'function') {
    const returned = promise();
    if (!isThenable(returned)) {
      throw coded(TypeError, 'ERR_INVALID_RETURN_VALUE', `Expected instance of Promise to be returned from the "promiseFn" function but got ${
        returned === null || returned === undefined ? returned : typeof returned === 'object' ? `an instance of ${returned.constructor?.name}` : received(returned).slice(' Received '.length)}.`);
    }
    promise = returned;
  } else if (!isThenable(promise)) throw invalidArgType('promiseFn', ['Function', 'Promise'], promise);
  try { await promise; } catch (error) { return { thrown: true, error }; }
  return { thrown: false };
}

function throws(fn, expected, message) { expectThrown(throws, outcomeOf(fn), expected, message); }
function doesNotThrow(fn, expected, message) { expectNotThrown(doesNotThrow, outcomeOf(fn), expected, message); }
async function rejects(promise, expected, message) { expectThrown(rejects, await settledOf(promise), expected, message); }
async function doesNotReject(promise, expected, message) { expectNotThrown(doesNotReject, await settledOf(promise), expected, message); }

function checkMatch(fn, string, regexp, message, wanted) {
  if (!isRegExp(regexp)) throw invalidArgType('regexp', 'RegExp', regexp);
  if (typeof string === 'string' && (regexp.exec(string) !== null) === wanted) return;
  if (message !== undefined) fail({ actual: string, expected: regexp, message, operator: fn.name, stackStartFn: fn });
  const text = typeof string !== 'string' ? `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})`
    : wanted ? `The input did not match the regular expression ${inspect(regexp)}. Input:\n\n${inspect(string)}\n`
      : `The input was expected to not match the regular expression ${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  const error = new AssertionError({ actual: string, expected: regexp, message: text, operator: fn.name, stackStartFn: fn });
  error.generatedMessage = true;
  throw error;
}
function match(string, regexp, message) { checkMatch(match, string, regexp, message, true); }
function doesNotMatch(string, regexp, message) { checkMatch(doesNotMatch, string, regexp, message, false); }

function ifError(value) {
  if (value === null || value === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (typeof value === 'object' && typeof value.message === 'string') message += value.message.length === 0 && value.constructor ? value.constructor.name : value.message;
  else message += inspect(value);
  const error = new AssertionError({ actual: value, expected: null, operator: 'ifError', message, stackStartFn: ifError });
  error.generatedMessage = false;
  throw error;
}

function failNow(message, ...legacy) {
  if (isError(message)) throw message;
  if (legacy.length > 0) {
    const [expected, given, operator = legacy.length === 1 ? '!=' : 'fail'] = legacy;
    return fail({ actual: message, expected, message: given, operator, stackStartFn: failNow });
  }
  const error = new AssertionError({ message: message ?? 'Failed', operator: 'fail', stackStartFn: failNow });
  error.generatedMessage ||= message == null;
  throw error;
}
Object.defineProperty(failNow, 'name', { value: 'fail' });

Object.assign(assert, { ok, throws, doesNotThrow, rejects, doesNotReject, match, doesNotMatch, ifError, fail: failNow, AssertionError });

function strict(...values) { checkTruth(strict, values.length, ...values); }
assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual, notEqual: assert.notStrictEqual, deepEqual: assert.deepStrictEqual, notDeepEqual: assert.notDeepStrictEqual,
});
strict.strict = strict;

module.exports = assert;
