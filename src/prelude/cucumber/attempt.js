// Runs a test case's steps and hooks. Rust calls them one at a time, the author's functions themselves where
// it can, and decides what comes next; what lives here between two calls is the World and the last error.

const { attach, log, link } = require('quickcuke:cucumber/attachment');
const { library } = require('quickcuke:cucumber/builder');
const { invoke, inTime, returnedBy, thrownError, rejectedError } = require('quickcuke:cucumber/invoke');
const { outcome, settings } = require('quickcuke:cucumber/outcome');
const { stepParameters } = require('quickcuke:cucumber/parameters');
const { equip, scope } = require('quickcuke:cucumber/world');

const { structuredClone } = globalThis;
const { defineProperty } = Reflect;
const { steps, hooks } = library;

/** `run.worldParameters` is shared with the run's hooks, which may change it before the first World. */
const run = internal.ops.runInfo();
settings.backtrace = run.backtrace;

/** The error that the last step left. */
let errorOfStep;

/** The hooks of an attempt are given the same pickle and document, which are fetched when one looks at them. */
let pickle;
let gherkinDocument;
const fetchPickle = () => (pickle ??= internal.ops.currentPickle());
const fetchDocument = () => (gherkinDocument ??= wholeDocument(internal.ops.currentDocument()));

/** The descriptor of a property that is made when it is first read. */
function lazily(name, make) {
  const own = { writable: true, enumerable: true, configurable: true };
  const set = (object, value) => void defineProperty(object, name, { value, ...own });
  const descriptor = {
    get() {
      const value = make();
      set(this, value);
      return value;
    },
    set(value) {
      set(this, value);
    },
    enumerable: true,
    configurable: true,
  };
  internal.lazyGetters.add(descriptor.get);
  return descriptor;
}

/**
 * A document comes without its children and comments, which may be long: few hooks look at them, and fetching them for
 * every scenario of a file takes the square of its length.
 */
function wholeDocument(document) {
  const { uri, feature } = document;
  if (feature) defineProperty(feature, 'children', lazily('children', () => internal.ops.documentChildren(uri)));
  defineProperty(document, 'comments', lazily('comments', () => internal.ops.documentComments(uri)));
  return document;
}

/** What a call came to: `undefined` for passed. */
function end(result, error) {
  // A call of process.exit fails the step even where the author's code caught what it throws.
  if (internal.exit !== undefined) {
    error ??= internal.exit;
    internal.exit = undefined;
  }
  return outcome(result, error);
}

/** How calls go on that end so: see `internal.callable`. */
const behaviour = (end) => ({
  receiver: scope,
  returned: returnedBy,
  wait: inTime,
  conclude: (isError, value, isAsync) =>
    isError ? end(undefined, isAsync ? rejectedError(value) : thrownError(value)) : end(value, undefined),
});

const ofSteps = behaviour((result, error) => {
  if (error !== undefined) errorOfStep = error;
  return end(result, error);
});
const ofHooks = behaviour(end);
/** A run hook cannot be skipped or pending: what it returns means nothing. */
const ofTestRunHooks = behaviour((_, error) => end(undefined, error));

/** A copy, so that no scenario changes those of the next one with `--isolation worker`. */
const parameters = () => {
  const { worldParameters } = run;
  for (const _ in worldParameters) return structuredClone(worldParameters);
  return {};
};

/** A World's, which a hook around the run may still hold: that hook attaches with its own. */
const ofWorld = (call) => (...args) => {
  if (!scope.isWorld) {
    throw new Error(
      'Cannot attach to a scenario that is over; a BeforeAll or AfterAll hook attaches with its own `this.attach`',
    );
  }
  return call(...args);
};
const ofWorlds = { attach: ofWorld(attach), log: ofWorld(log), link: ofWorld(link) };

/** A new World for a new attempt. */
internal.entry(
  'beginAttempt',
  () => {
    const world = new library.World({ ...ofWorlds, parameters: parameters() });
    equip(world);
    scope.value = world;
    scope.isWorld = true;
    errorOfStep = pickle = gherkinDocument = undefined;
  },
  ofHooks,
);

function wrongArity(code, promise, callback) {
  // Text, since an Error would show the frames of this file.
  throw (
    `function has ${code.length} arguments` +
    `, should have ${promise} (if synchronous or returning a promise)` +
    ` or ${callback} (if accepting a callback)`
  );
}

/** A step that is more than a call of its function: its arguments are still to be made, or it takes a callback. */
internal.entry(
  'runStep',
  function (definition, timeout, step) {
    const world = this;
    const call = (parameters) => {
      const { code, anyArity } = steps[definition];
      if (anyArity) return invoke(code, world, parameters, timeout, false);
      const count = parameters.length;
      if (code.length !== count && code.length !== count + 1) wrongArity(code, count, count + 1);
      return invoke(code, world, parameters, timeout);
    };
    const parameters = stepParameters(world, step);
    return Array.isArray(parameters) ? call(parameters) : parameters.then(call).then(returnedBy);
  },
  ofSteps,
);

const documentProperty = lazily('gherkinDocument', fetchDocument);
const pickleProperty = lazily('pickle', fetchPickle);

/** What a hook's function is given. A step hook is told of its step, and before it of no result yet. */
function hookParameter({ testCaseStartedId, testStepId, pickleStep, result, willBeRetried }, error) {
  const parameter = {};
  defineProperty(parameter, 'gherkinDocument', documentProperty);
  defineProperty(parameter, 'pickle', pickleProperty);
  if (pickleStep !== undefined) {
    defineProperty(parameter, 'pickleStep', lazily('pickleStep', () => fetchPickle().steps[pickleStep]));
    return Object.assign(parameter, { testCaseStartedId, testStepId, result, error });
  }
  parameter.testCaseStartedId = testCaseStartedId;
  if (result === undefined) return parameter;
  return Object.assign(parameter, { result, error, willBeRetried });
}

/**
 * A hook that looks at what it is given. `known.hasError` says whether the step before left an error,
 * `known.lostError` is its message where the object went with its VM.
 */
internal.entry(
  'runHook',
  function (hook, timeout, known) {
    const { code } = hooks[hook];
    if (code.length > 2) wrongArity(code, '0 or 1', '2');
    const { result, hasError, lostError } = known;
    let error;
    if (result !== undefined && hasError) error = lostError === undefined ? errorOfStep : new Error(lostError);
    return invoke(code, this, [hookParameter(known, error)], timeout);
  },
  ofHooks,
);

/** BeforeAll and AfterAll. */
internal.entry(
  'runTestRunHook',
  (hook, timeout) => {
    scope.value = { parameters: run.worldParameters };
    equip(scope.value, { attach, log, link });
    scope.isWorld = false;
    return invoke(hooks[hook].code, scope.value, [], timeout);
  },
  ofTestRunHooks,
);

module.exports = { log, ofSteps, ofHooks };
