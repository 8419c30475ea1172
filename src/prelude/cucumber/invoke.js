// Calls a function of the author's: synchronous, returning a promise, or taking a callback.

const { setTimeout, clearTimeout } = globalThis;
const format = (...args) => internal.requireBuiltin('node:util').format(...args);

/**
 * The promise, or a rejection where it does not settle in time.
 * @param timeout in milliseconds; below zero for none
 */
function wrapPromiseWithTimeout(promise, timeout, message) {
  if (!(timeout >= 0)) return promise;
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(message || `Action did not complete within ${timeout} milliseconds`)),
      timeout,
    );
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/**
 * The promise, or a rejection with what nobody else catches while it is pending: an exception in a
 * timer's callback, a rejected promise without a handler.
 */
function orUncaught(promise) {
  const before = [internal.onUncaughtException, internal.onUnhandledRejection];
  const uncaught = new Promise((_, reject) => {
    // Listeners of the author's are told as well.
    const caught = (listeners) => (error, promise) => {
      listeners?.(error, promise);
      reject(error);
      return true;
    };
    [internal.onUncaughtException, internal.onUnhandledRejection] = before.map(caught);
  });
  return Promise.race([promise, uncaught]).finally(() => {
    [internal.onUncaughtException, internal.onUnhandledRejection] = before;
  });
}

/** What was thrown, as an Error or as text. */
function asError(thrown) {
  if (thrown instanceof Error) return thrown;
  return thrown === undefined || thrown === null
    ? new Error('Promise rejected without a reason')
    : format(thrown);
}

const Generator = Object.getPrototypeOf(function* () {}.prototype);
const AsyncGenerator = Object.getPrototypeOf(async function* () {}.prototype);
const { isPrototypeOf } = Object.prototype;

/** Asked of the prototypes alone: what a step returns may be a proxy that throws when it is read. */
const isGenerator = (value) =>
  typeof value === 'object' && (isPrototypeOf.call(Generator, value) || isPrototypeOf.call(AsyncGenerator, value));

/** Runs a generator step to its end: every value it yields is logged on the step as it comes. */
async function drain(generator, log) {
  let next = await generator.next();
  while (!next.done) {
    log(typeof next.value === 'string' ? next.value : format(next.value));
    next = await generator.next();
  }
  return next.value;
}

/**
 * Runs `code`: gives `{ result }` or `{ error }`, or a promise of it. A synchronous function stays
 * synchronous, which spares its step a turn of the event loop.
 */
function invoke({ code, thisArg, parameters, timeout, log }) {
  const takesCallback = code.length === parameters.length + 1;
  let settle = () => {};
  const callback =
    takesCallback &&
    new Promise((resolve, reject) => {
      settle = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error));
    });
  let returned;
  try {
    returned = code.apply(thisArg, [...parameters, (error, result) => settle(error, result)]);
    if (isGenerator(returned)) returned = drain(returned, log);
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown : format(thrown) };
  }
  const isPromise = typeof returned?.then === 'function';
  if (takesCallback && isPromise) {
    return {
      error: new Error(
        'function uses multiple asynchronous interfaces: callback and promise\n' +
          'to use the callback interface: do not return a promise\n' +
          'to use the promise interface: remove the last argument to the function',
      ),
    };
  }
  if (!takesCallback && !isPromise) return { result: returned };
  const event = takesCallback ? 'callback is executed' : 'promise resolves';
  const message = `function timed out, ensure the ${event} within ${timeout} milliseconds`;
  return orUncaught(wrapPromiseWithTimeout(takesCallback ? callback : returned, timeout, message)).then(
    (result) => ({ result }),
    (thrown) => ({ error: asError(thrown) }),
  );
}

module.exports = { invoke, wrapPromiseWithTimeout };
