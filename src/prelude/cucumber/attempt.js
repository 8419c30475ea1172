// The entries that run a test case's steps and hooks. Rust calls them one at a time and decides
// what comes next; what lives here between two calls is the World and the last error.

const { attach, log, link } = require('quickcuke:cucumber/attachment');
const { library } = require('quickcuke:cucumber/builder');
const { invoke } = require('quickcuke:cucumber/invoke');
const { outcome, settings } = require('quickcuke:cucumber/outcome');
const { stepParameters } = require('quickcuke:cucumber/parameters');
const { scope } = require('quickcuke:cucumber/world');
const { vars, session } = require('quickcuke:cucumber/session');

const { structuredClone } = globalThis;

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
    Object.assign(attempt, { number, world, error: undefined });
  }
  scope.world = attempt.world;
  return attempt.world;
}

/** Runs `body`, which gives `{ result }` or `{ error }` or a promise of it, and tells the outcome. */
function finish(body, remember) {
  const end = (ended) => {
    scope.world = null;
    scope.context = null;
    // A call of process.exit fails the step even where the author's code caught what it throws.
    if (internal.exit !== undefined) {
      ended = { error: ended.error ?? internal.exit };
      internal.exit = undefined;
    }
    if (remember && ended.error !== undefined) attempt.error = ended.error;
    return outcome(ended);
  };
  // Nothing was thrown in vain: without a reason it is a failure all the same.
  const fail = (error) => end({ error: error ?? new Error('Promise rejected without a reason') });
  try {
    const ended = body();
    return typeof ended.then === 'function' ? ended.then(end, fail) : end(ended);
  } catch (error) {
    return fail(error);
  }
}

function wrongArity(code, promise, callback) {
  return {
    error:
      `function has ${code.length} arguments` +
      `, should have ${promise} (if synchronous or returning a promise)` +
      ` or ${callback} (if accepting a callback)`,
  };
}

/** `{ attempt, definition, timeout, step }`, the step as parameters.js takes it. */
internal.entry('runStep', ({ attempt: number, definition, timeout, step }) =>
  finish(() => {
    const world = enter(number);
    const { code } = library.steps[definition];
    const call = (parameters) =>
      code.length === parameters.length || code.length === parameters.length + 1
        ? invoke({ code, thisArg: world, parameters, timeout, log })
        : wrongArity(code, parameters.length, parameters.length + 1);
    const parameters = stepParameters(world, step);
    return Array.isArray(parameters) ? call(parameters) : parameters.then(call);
  }, true),
);

/** What a hook's function is given. Pickle and document are fetched only if it looks at them. */
function hookParameter(known) {
  const parameter = { ...known };
  const lazily = (name, fetch) =>
    Object.defineProperty(parameter, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = fetch();
        Object.defineProperty(parameter, name, { value, enumerable: true, configurable: true, writable: true });
        return value;
      },
    });
  lazily('gherkinDocument', () => internal.ops.currentDocument());
  lazily('pickle', () => internal.ops.currentPickle());
  if ('pickleStep' in known) lazily('pickleStep', () => parameter.pickle.steps[known.pickleStep]);
  return parameter;
}

const errorOfStep = (lostError) => (lostError === undefined ? attempt.error : new Error(lostError));

/**
 * `{ attempt, hook, timeout, parameter }`; `parameter.hasError` says whether the step before left an
 * error, `parameter.lostError` is its message where the object went with its VM.
 */
internal.entry('runHook', ({ attempt: number, hook, timeout, parameter: { hasError, lostError, ...known } }) =>
  finish(() => {
    const world = enter(number);
    const { code } = library.hooks[hook];
    if (code.length > 2) return wrongArity(code, '0 or 1', '2');
    if ('result' in known) known.error = hasError ? errorOfStep(lostError) : undefined;
    return invoke({ code, thisArg: world, parameters: [hookParameter(known)], timeout, log });
  }, false),
);

/** `{ hook, timeout }`: BeforeAll and AfterAll. */
internal.entry('runTestRunHook', ({ hook, timeout }) =>
  finish(() => {
    scope.context = { parameters: run.worldParameters };
    const { code } = library.hooks[hook];
    const ended = invoke({ code, thisArg: scope.context, parameters: [], timeout, log });
    // A run hook cannot be skipped or pending: what it returns means nothing.
    const error = (end) => ({ error: end.error });
    return typeof ended.then === 'function' ? ended.then(error) : error(ended);
  }, false),
);

module.exports = {};
