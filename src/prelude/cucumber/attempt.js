// The entries that run a test case's steps and hooks. Rust calls them one at a time and decides
// what comes next; what lives here between two calls is the World and the last error.

const { attach, log, link } = require('quickcuke:cucumber/attachment');
const { library } = require('quickcuke:cucumber/builder');
const { invoke, inTime, thrownError, rejectedError } = require('quickcuke:cucumber/invoke');
const { outcome, settings } = require('quickcuke:cucumber/outcome');
const { stepParameters } = require('quickcuke:cucumber/parameters');
const { scope } = require('quickcuke:cucumber/world');
const { vars, session } = require('quickcuke:cucumber/session');

const { structuredClone } = globalThis;
const { steps, hooks } = library;

/** `run.worldParameters` is shared with the run's hooks, which may change it before the first World. */
const run = internal.ops.runInfo();
settings.backtrace = run.backtrace;
/** `number` identifies the attempt whose World this is. */
const attempt = { number: null, world: null, error: undefined };

/** A new World for a new attempt. */
function enter(number) {
  if (attempt.number !== number) {
    const world = new library.World({ attach, log, link, parameters: structuredClone(run.worldParameters) });
    const own = (value) => ({ value, writable: true, configurable: true, enumerable: false });
    // A World that takes no more properties goes without: `vars` and `session` are globals too.
    if (!('vars' in world)) Reflect.defineProperty(world, 'vars', own(vars));
    if (!('session' in world)) Reflect.defineProperty(world, 'session', own(session));
    attempt.number = number;
    attempt.world = world;
    attempt.error = undefined;
  }
  scope.world = attempt.world;
  return attempt.world;
}

/** What the call came to, which is over: `undefined` for passed. */
function end(result, error) {
  scope.world = null;
  scope.context = null;
  // A call of process.exit fails the step even where the author's code caught what it throws.
  if (internal.exit !== undefined) {
    error ??= internal.exit;
    internal.exit = undefined;
  }
  return result === undefined && error === undefined ? undefined : outcome(result, error);
}

function endOfStep(result, error) {
  if (error !== undefined) attempt.error = error;
  return end(result, error);
}

/** A run hook cannot be skipped or pending: what it returns means nothing. */
const endOfTestRunHook = (_, error) => end(undefined, error);

/** Registers `run`, which gives what the author's function returned, or a promise of it; `end` tells the outcome. */
function entry(name, end, run) {
  const runNow = (...args) => {
    let returned;
    try {
      returned = run(...args);
      if (returned instanceof Promise) return returned;
    } catch (thrown) {
      return end(undefined, thrownError(thrown));
    }
    return end(returned, undefined);
  };
  const conclude = (isFulfilled, value) =>
    isFulfilled ? end(value, undefined) : end(undefined, rejectedError(value));
  internal.entry(name, runNow, { wait: inTime, conclude });
}

function wrongArity(code, promise, callback) {
  // Text, since an Error would show the frames of this file.
  throw (
    `function has ${code.length} arguments` +
    `, should have ${promise} (if synchronous or returning a promise)` +
    ` or ${callback} (if accepting a callback)`
  );
}

function invokeStep(world, definition, timeout, parameters) {
  const { code } = steps[definition];
  const count = parameters.length;
  if (code.length !== count && code.length !== count + 1) wrongArity(code, count, count + 1);
  return invoke(code, world, parameters, timeout, log);
}

entry('runStep', endOfStep, (number, definition, timeout, ...parameters) =>
  invokeStep(enter(number), definition, timeout, parameters),
);

/** The same with a step whose arguments are still to be made: see parameters.js. */
entry('runStepOf', endOfStep, (number, definition, timeout, step) => {
  const world = enter(number);
  const parameters = stepParameters(world, step);
  return Array.isArray(parameters)
    ? invokeStep(world, definition, timeout, parameters)
    : parameters.then((parameters) => invokeStep(world, definition, timeout, parameters));
});

/** What a hook's function is given. Pickle and document are fetched only if it looks at them. */
function hookParameter(known) {
  const fetched = (name, value) => {
    Object.defineProperty(parameter, name, { value, enumerable: true, configurable: true, writable: true });
    return value;
  };
  const parameter = {
    ...known,
    get gherkinDocument() {
      return fetched('gherkinDocument', internal.ops.currentDocument());
    },
    get pickle() {
      return fetched('pickle', internal.ops.currentPickle());
    },
  };
  if ('pickleStep' in known) {
    const get = () => fetched('pickleStep', parameter.pickle.steps[known.pickleStep]);
    Object.defineProperty(parameter, 'pickleStep', { get, enumerable: true, configurable: true });
  }
  return parameter;
}

const errorOfStep = (lostError) => (lostError === undefined ? attempt.error : new Error(lostError));

/**
 * `known.hasError` says whether the step before left an error, `known.lostError` is its message where the object
 * went with its VM.
 */
entry('runHook', end, (number, hook, timeout, { hasError, lostError, ...known }) => {
  const world = enter(number);
  const { code } = hooks[hook];
  if (code.length > 2) wrongArity(code, '0 or 1', '2');
  if ('result' in known) known.error = hasError ? errorOfStep(lostError) : undefined;
  return invoke(code, world, [hookParameter(known)], timeout, log);
});

/** BeforeAll and AfterAll. */
entry('runTestRunHook', endOfTestRunHook, (hook, timeout) => {
  scope.context = { parameters: run.worldParameters };
  return invoke(hooks[hook].code, scope.context, [], timeout, log);
});

module.exports = {};
