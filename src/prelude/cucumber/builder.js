// The support API: Given, When, Then, hooks, parameter types. What they define is kept here as
// functions in arrays; Rust sees plain data and calls a function by its index.

const { callerLocation, formatLocation } = require('quickcuke:cucumber/location');
const { World } = require('quickcuke:cucumber/world');

const library = {
  steps: [],
  hooks: [],
  parameterTypes: [],
  defaultTimeout: internal.ops.runInfo().defaultTimeout,
  World,
  wrapper: null,
  parallelCanAssign: null,
  order: 0,
  closed: false,
};

const isObject = { type: 'object or function', test: (value) => typeof value === 'object' };
const isFunction = { type: 'function', test: (value) => typeof value === 'function' };
const isTags = { type: 'string', test: (value) => value == null || typeof value === 'string' };
const isTimeout = { type: 'integer', test: (value) => value == null || typeof value === 'number' };
const isPattern = {
  type: 'string or regular expression',
  test: (value) => value instanceof RegExp || typeof value === 'string',
};

function check(location, what, value, { type, test }) {
  if (!test(value)) {
    throw new Error(`${formatLocation(location)}: Invalid ${what}: should be a ${type}`);
  }
}

/** Where the definition stands and which in order of definition it is. */
function define(what) {
  if (library.closed) {
    throw new Error(
      `${what} was called while the run was under way: ` +
        'steps, hooks and parameter types are defined when their file is loaded, not in a step or hook',
    );
  }
  return { location: callerLocation(), order: library.order++ };
}

/** @param anyArity whether a function may take fewer parameters or more than its step has */
function defineStep(keyword, anyArity = false) {
  return (pattern, options, code) => {
    if (typeof options === 'function') [options, code] = [{}, options];
    const definition = define(`${keyword}(${pattern})`);
    check(definition.location, 'first argument', pattern, isPattern);
    check(definition.location, 'second argument', options, isObject);
    check(definition.location, '"options.timeout"', options.timeout, isTimeout);
    check(definition.location, 'third argument', code, isFunction);
    library.steps.push({ ...definition, pattern, options, code, anyArity });
  };
}

function defineHook(type, takesTags) {
  return (options, code) => {
    if (takesTags && typeof options === 'string') options = { tags: options };
    else if (typeof options === 'function') [options, code] = [{}, options];
    const definition = define(type);
    check(definition.location, 'first argument', options, isObject);
    if (takesTags) check(definition.location, '"options.tags"', options.tags, isTags);
    check(definition.location, '"options.timeout"', options.timeout, isTimeout);
    check(definition.location, 'second argument', code, isFunction);
    library.hooks.push({ ...definition, type, options, code });
  };
}

/** A regexp as plain data; Rust checks its flags. */
const plainRegexp = (regexp) =>
  regexp instanceof RegExp ? { source: regexp.source, flags: regexp.flags } : { source: String(regexp), flags: null };

function defineParameterType({ name, regexp, transformer, useForSnippets, preferForRegexpMatch }) {
  library.parameterTypes.push({
    ...define('defineParameterType'),
    name,
    regexps: (Array.isArray(regexp) ? regexp : [regexp]).map(plainRegexp),
    transformer: transformer ?? ((text) => text),
    useForSnippets: typeof useForSnippets === 'boolean' ? useForSnippets : true,
    preferForRegexpMatch: typeof preferForRegexpMatch === 'boolean' ? preferForRegexpMatch : false,
  });
}

const api = {
  Given: defineStep('Given'),
  When: defineStep('When'),
  Then: defineStep('Then'),
  defineStep: defineStep('defineStep'),
  Before: defineHook('Before', true),
  After: defineHook('After', true),
  BeforeStep: defineHook('BeforeStep', true),
  AfterStep: defineHook('AfterStep', true),
  BeforeAll: defineHook('BeforeAll', false),
  AfterAll: defineHook('AfterAll', false),
  defineParameterType,
  setDefaultTimeout: (milliseconds) => void (library.defaultTimeout = milliseconds ?? library.defaultTimeout),
  setDefinitionFunctionWrapper: (wrapper) => void (library.wrapper = wrapper),
  setWorldConstructor: (constructor) => void (library.World = constructor),
  setParallelCanAssign: (canAssign) => void (library.parallelCanAssign = canAssign),
};

/** A function with the wrapper's behaviour and the author's arity, which decides on callbacks. */
function wrap(definition) {
  if (library.wrapper == null) return;
  const { code, options, location } = definition;
  const wrapped = library.wrapper(code, options.wrapperOptions);
  if (typeof wrapped !== 'function') {
    throw new Error(`${formatLocation(location)}: the wrapper of setDefinitionFunctionWrapper must return a function`);
  }
  if (wrapped !== code && wrapped.length !== code.length) {
    Object.defineProperty(wrapped, 'length', { value: code.length, configurable: true });
  }
  definition.code = wrapped;
}

const NAMES_ALONE = /^(async\b\s*)?(function\b\s*\*?\s*)?([\w$]*\s*\(\s*([\w$]+(\s*,\s*[\w$]+)*\s*)?\)|[\w$]+\s*=>)/;
const LOOKS_AT_MORE = /\b(arguments|eval)\b|\[native code\]/;

/** A function that cannot tell whether it is given more than the parameters it names, as far as its text can tell. */
function seesOnlyItsParameters(code) {
  const text = Function.prototype.toString.call(code);
  return NAMES_ALONE.test(text) && !LOOKS_AT_MORE.test(text);
}

/** Ends the definition phase and tells Rust what there is: see support/mod.rs for the shape. */
internal.entry('supportCode', () => {
  library.closed = true;
  library.steps.forEach(wrap);
  library.hooks.forEach(wrap);
  const place = ({ location, order }) => ({ location, order });
  // What is no number of milliseconds sets no limit, as in cucumber-js.
  const limit = (timeout) => (Number.isFinite(Number(timeout)) ? Number(timeout) : -1);
  const ownLimit = ({ timeout }) => (timeout == null ? null : limit(timeout));
  const plain = (value) => (typeof value === 'string' ? value : undefined);
  const { ofSteps, ofHooks } = require('quickcuke:cucumber/attempt');
  const { timeouts } = require('quickcuke:cucumber/invoke');
  const callable = ({ code, options }, behaviour) => {
    const number = internal.callable(code, behaviour);
    timeouts[number] = ownLimit(options) ?? limit(library.defaultTimeout);
    return number;
  };
  return {
    defaultTimeout: limit(library.defaultTimeout),
    customParallelCanAssign: library.parallelCanAssign !== null,
    steps: library.steps.map((step) => ({
      ...place(step),
      ...(typeof step.pattern === 'string'
        ? { expression: step.pattern }
        : { regexp: plainRegexp(step.pattern) }),
      timeout: ownLimit(step.options),
      function: callable(step, ofSteps),
      arity: seesOnlyItsParameters(step.code) ? step.code.length : null,
    })),
    hooks: library.hooks.map((hook) => ({
      ...place(hook),
      type: hook.type,
      name: plain(hook.options.name),
      tags: plain(hook.options.tags),
      timeout: ownLimit(hook.options),
      function: callable(hook, ofHooks),
      takesNothing: hook.code.length === 0 && seesOnlyItsParameters(hook.code),
    })),
    parameterTypes: library.parameterTypes.map((type) => ({
      ...place(type),
      name: plain(type.name),
      regexps: type.regexps,
      useForSnippets: type.useForSnippets,
      preferForRegexpMatch: type.preferForRegexpMatch,
    })),
  };
});

module.exports = { api, defineStep, library };
