// Calls a function of the author's: synchronous, returning a promise, or taking a callback.

const { clearTimeout } = globalThis;
const { apply } = Reflect;
const { log } = require('quickcuke:cucumber/attachment');
const { annotate } = require('quickcuke:cucumber/outcome');
const format = (...args) => internal.requireBuiltin('node:util').format(...args);

/**
 * The promise, or a rejection where it does not settle in time.
 * @param timeout in milliseconds; below zero for none
 */
function wrapPromiseWithTimeout(promise, timeout, message) {
  return orTimeout(promise, timeout, () => new Error(message || `Action did not complete within ${timeout} milliseconds`));
}

function orTimeout(promise, timeout, makeError) {
  if (!(timeout >= 0)) return promise;
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = internal.setDeadline(() => reject(makeError()), timeout);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/**
 * The promise, or a rejection with what nobody else catches while it is pending: an exception in a
 * timer's callback, a rejected promise without a handler.
 */
function orUncaught(promise) {
  const uncaught = new Promise((_, reject) => {
    internal.claimUncaught = (error) => {
      reject(error);
      return true;
    };
  });
  return Promise.race([promise, uncaught]).finally(() => {
    internal.claimUncaught = undefined;
  });
}

/** How long functions may take that Rust calls by number, in milliseconds. */
const timeouts = [];

/** What the call that `invoke` runs is waited for, and for how long. */
const invoked = { timeout: -1, event: 'promise resolves' };

/** The promise of a function, by its number or of the last `invoke`, with its deadline. */
function inTime(promise, number) {
  const { timeout, event } =
    number === undefined ? invoked : { timeout: timeouts[number], event: 'promise resolves' };
  return orUncaught(
    orTimeout(promise, timeout, () => {
      const error = new Error(`function timed out, ensure the ${event} within ${timeout} milliseconds`);
      const waitedFor = internal.awaitedByCall();
      // What the step waited for in vain is not waited for again once the scenario is over.
      internal.abandon();
      return annotate(error, waitedFor);
    }),
  );
}

/** What a function threw, as an Error or as text. */
const thrownError = (thrown) => (thrown instanceof Error ? thrown : format(thrown));

/** What a promise was rejected with, as an Error or as text. */
const rejectedError = (reason) =>
  reason === undefined || reason === null
    ? new Error('Promise rejected without a reason')
    : thrownError(reason);

const Generator = Object.getPrototypeOf(function* () {}.prototype);
const AsyncGenerator = Object.getPrototypeOf(async function* () {}.prototype);
const { isPrototypeOf } = Object.prototype;

/** Asked of the prototypes alone: what a step returns may be a proxy that throws when it is read. */
const isGenerator = (value) =>
  isPrototypeOf.call(Generator, value) || isPrototypeOf.call(AsyncGenerator, value);

/** Runs a generator step to its end: every value it yields is logged on the step as it comes. */
async function drain(generator) {
  let next = await generator.next();
  while (!next.done) {
    log(typeof next.value === 'string' ? next.value : format(next.value));
    next = await generator.next();
  }
  return next.value;
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** What is to be waited for of what a function returned: the promise of a thenable, the end of a generator. */
function returnedBy(value) {
  if (!isObject(value)) return value;
  if (isGenerator(value)) return drain(value);
  return typeof value.then === 'function' ? new Promise((resolve) => resolve(value)) : value;
}

/**
 * Runs `code` for at most `timeout` milliseconds: gives what it returned, or a promise where it takes a callback. As in
 * cucumber-js it is handed the callback in any case, unless it `knowsCallbacks` not at all.
 */
function invoke(code, thisArg, parameters, timeout, knowsCallbacks = true) {
  const takesCallback = knowsCallbacks && code.length === parameters.length + 1;
  invoked.timeout = timeout;
  invoked.event = takesCallback ? 'callback is executed' : 'promise resolves';
  if (!knowsCallbacks) return apply(code, thisArg, parameters);
  let settle;
  const called = new Promise((resolve, reject) => {
    settle = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
  });
  if (!takesCallback) called.catch(() => {});
  const returned = apply(code, thisArg, [...parameters, (error, result) => settle(error, result)]);
  if (!takesCallback) return returned;
  if (isObject(returned) && typeof returned.then === 'function') {
    throw new Error(
      'function uses multiple asynchronous interfaces: callback and promise\n' +
        'to use the callback interface: do not return a promise\n' +
        'to use the promise interface: remove the last argument to the function',
    );
  }
  return called;
}

module.exports = { invoke, inTime, orUncaught, timeouts, returnedBy, thrownError, rejectedError, wrapPromiseWithTimeout };
