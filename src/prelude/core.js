// The first script of the prelude: ops, entries, timers, uncaught errors, stack traces.
// `internal` comes with `natives` (functions of raw/natives.rs) and `ops` (pairs of name and whether asynchronous).

const { natives } = internal;
// A getter that somebody puts on Object.prototype must not see them as its receiver.
Object.setPrototypeOf(internal, null);
Object.setPrototypeOf(natives, null);
const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { stringify } = JSON;
const { toString: errorToString } = Error.prototype;

// ---- ops -----------------------------------------------------------------------------------------------

// number -> [resolve, reject] of the async ops under way
const waiting = new Map();

const table = Object.create(null);
internal.ops.forEach(([name, isAsync], number) => {
  table[name] = isAsync
    ? (...args) =>
        new Promise((resolve, reject) => waiting.set(natives.op(number, ...args), [resolve, reject]))
    : natives.op.bind(undefined, number);
});
internal.ops = Object.freeze(table);
/** Getters of properties that look like plain ones, and are made when they are first read. */
internal.lazyGetters = new WeakSet();

// ---- entries -------------------------------------------------------------------------------------------

/** Registers what Rust calls by name: gives plain data or a promise of it. With a behaviour it is as a callable. */
internal.entry = (name, run, behaviour) => natives.entry(name, run, behaviour);

/**
 * Registers a function of the author's, which Rust calls by the number that this gives. How the call goes on is told by
 * the behaviour:
 * - `receiver.value` is `this`;
 * - `returned(value)` gets what it returned, unless that is undefined or a native promise: gives a value or a promise;
 * - `wait(promise, number)` gets a promise that is still pending once the microtasks have run: gives one to wait for;
 * - `conclude(isError, value, isAsync)` gets what it gave or threw at last, unless that is undefined: gives plain data.
 */
internal.callable = (run, behaviour) => natives.callable(run, behaviour);

/** globals.js may set this: the error of a timer's callback that is none. */
internal.invalidCallback = undefined;

/** Has `conclude` called for the call that runs even where its function gives undefined. */
internal.demandConclusion = natives.demandConclusion;

const plainly = {
  wait: (promise) => promise,
  conclude(isError, value) {
    if (isError) throw value;
    return value;
  },
};

function watch(call, promise, { wait, conclude } = plainly, number) {
  const settle = (isError) => (value) => {
    try {
      natives.settle(call, true, stringify(conclude(isError, value, true)) ?? '');
    } catch (error) {
      natives.settle(call, false, describe(error));
    }
  };
  wait(promise, number).then(settle(false), settle(true));
}

// ---- timers --------------------------------------------------------------------------------------------

let nextTimer = 1;
const timers = new Map(); // id -> Timeout
let immediates = [];

const idOf = (timer) => (timer instanceof Timeout ? timer.id : Number(timer));

function callable(callback) {
  if (typeof callback === 'function') return callback;
  throw internal.invalidCallback?.(callback) ?? new TypeError('The "callback" argument must be of type function.');
}

class Handle {
  #referenced = true;

  ref() {
    this.#referenced = true;
    return this;
  }

  // Kept for `hasRef`: an event loop that ends with the call does not care who would keep it alive.
  unref() {
    this.#referenced = false;
    return this;
  }

  hasRef() {
    return this.#referenced;
  }
}

class Timeout extends Handle {
  #callback;
  #args;
  #delay;
  #repeats;

  constructor(callback, delay, args, repeats) {
    super();
    this.#callback = callable(callback);
    this.#args = args;
    this.#delay = Number(delay);
    this.#repeats = repeats;
    defineProperty(this, 'id', { value: nextTimer++ });
    this.#start();
  }

  #start() {
    timers.set(this.id, this);
    natives.setTimer(this.id, this.#delay);
  }

  fire() {
    timers.delete(this.id);
    try {
      apply(this.#callback, this, this.#args);
    } finally {
      if (this.#repeats && !this.closed && !timers.has(this.id)) this.#start();
    }
  }

  refresh() {
    if (!this.closed) this.#start();
    return this;
  }

  close() {
    clearTimer(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }
}

class Immediate extends Handle {
  constructor(callback, args) {
    super();
    defineProperty(this, 'run', { value: callable(callback), writable: true });
    defineProperty(this, 'args', { value: args });
    immediates.push(this);
    natives.wantImmediates(true);
  }
}

function clearTimer(timer) {
  if (timer === undefined || timer === null || typeof timer === 'symbol') return;
  const id = idOf(timer);
  const known = timers.get(id) ?? (timer instanceof Timeout ? timer : undefined);
  if (!known) return;
  defineProperty(known, 'closed', { value: true, configurable: true });
  timers.delete(id);
  natives.clearTimer(id);
}

function clearImmediate(immediate) {
  if (immediate instanceof Immediate) immediate.run = undefined;
}

for (const [Class, clear] of Symbol.dispose ? [[Timeout, clearTimer], [Immediate, clearImmediate]] : []) {
  const value = { [Symbol.dispose]() { clear(this); } }[Symbol.dispose];
  defineProperty(Class.prototype, Symbol.dispose, { value, configurable: true });
}

const globals = {
  setTimeout: (callback, delay, ...args) => new Timeout(callback, delay, args, false),
  setInterval: (callback, delay, ...args) => new Timeout(callback, delay, args, true),
  setImmediate: (callback, ...args) => new Immediate(callback, args),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate,
  queueMicrotask(callback) {
    callable(callback);
    Promise.resolve().then(() => {
      try {
        callback();
      } catch (error) {
        caughtNowhere(error);
      }
    });
  },
};
for (const [name, value] of Object.entries(globals)) {
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
}

function fireTimer(id) {
  const timer = timers.get(id);
  if (!timer) return;
  try {
    timer.fire();
  } catch (error) {
    caughtNowhere(error);
  }
}

// Runs the immediates that there were when this was first called; true while some are left. One at a time, so that
// microtasks run in between.
let batch = [];
function runImmediate() {
  if (batch.length === 0) {
    batch = immediates.reverse();
    immediates = [];
  }
  const immediate = batch.pop();
  try {
    const run = immediate?.run;
    if (run) {
      immediate.run = undefined;
      apply(run, immediate, immediate.args);
    }
  } catch (error) {
    caughtNowhere(error);
  }
  if (batch.length === 0 && immediates.length === 0) natives.wantImmediates(false);
  return batch.length > 0;
}

// ---- what nobody caught --------------------------------------------------------------------------------

// globals.js may set these to offer an error to the listeners of `process`; true: somebody took it.
internal.onUncaughtException = undefined;
internal.onUnhandledRejection = undefined;

function caughtNowhere(error) {
  try {
    if (internal.onUncaughtException?.(error)) return;
  } catch (thrown) {
    error = thrown;
  }
  natives.uncaught(describe(error));
}
internal.uncaught = caughtNowhere;

const rejections = new Map(); // promise -> reason

function rejection(promise, reason, isHandled) {
  if (isHandled) rejections.delete(promise);
  else rejections.set(promise, reason);
}

function reportRejections() {
  for (const [promise, reason] of rejections) {
    rejections.delete(promise);
    try {
      if (internal.onUnhandledRejection?.(reason, promise)) continue;
      natives.uncaught(describe(reason));
    } catch (error) {
      natives.uncaught(describe(error));
    }
  }
}

// ---- stack traces --------------------------------------------------------------------------------------

// QuickJS keeps its own frames ("    at fn (file:1:2)\n…", no header) on the error; they become V8-shaped and mapped to
// the author's files when somebody reads them. What a user's Error.prepareStackTrace made is left alone.
const { get: rawStack } = getOwnPropertyDescriptor(Error.prototype, 'stack');
const { captureStackTrace } = Error;
const PlainError = Error;

// Rust makes the frames: see raw/throwing.rs. It calls the author's function for them if there is one.
const traces = { prepare: undefined };
const sites = (() => {
  let site;
  Error.prepareStackTrace = (_, sites) => ([site] = sites);
  void new Error().stack;
  return Object.getPrototypeOf(site);
})();
const { getFunction, getFunctionName, getFileName, getLineNumber, getColumnNumber } = sites;
Error.prepareStackTrace = natives.traceHook;
defineProperty(Error, 'prepareStackTrace', {
  get: () => traces.prepare,
  set: (prepare) => void (traces.prepare = typeof prepare === 'function' ? prepare : undefined),
  configurable: true,
  enumerable: false,
});

// Which async functions an error has gone through since it was thrown:
// error -> { frames, next, later, count, shown }
// - `frames`: those of the stack when it was made; the functions before `next` are over
// - `later`: the frames of functions that awaited, of which there are `count`
// - `shown`: the text that reading `stack` has given, which grows with `later`
const passages = new WeakMap();
const MOST_PASSAGES = 10;

function passageOf(error, raw) {
  let passage = passages.get(error);
  if (passage === undefined) {
    passage = { frames: isRaw(raw) ? raw.split('\n') : [], next: 0, later: '', count: 0, shown: undefined };
    passages.set(error, passage);
  }
  return passage;
}

/** Has the functions that go on with an error added to its `stack`, which tells of where `site` was made. */
internal.continueTrace = (error, site) => {
  passages.delete(error);
  const { value } = getOwnPropertyDescriptor(error, 'stack') ?? {};
  passageOf(error, apply(rawStack, site, [])).shown = value;
};

const functionOf = (frame) => /^ {4}at (.*):\d+:\d+\)?$/.exec(frame)?.[1] ?? frame;

/** Where the frame of a function that goes on is in the stack of the error; -1 for one that was not on it. */
function frameOnStack({ frames, next }, frame) {
  const same = frames.indexOf(frame, next);
  if (same !== -1) return same;
  // It awaits elsewhere than it called; the first of all has thrown the error, and is not gone on with.
  const name = functionOf(frame);
  return frames.findIndex((line, index) => index >= Math.max(next, 1) && functionOf(line) === name);
}

function rethrown(error, frames) {
  // What goes on in a job is at the bottom of the stack; below an async generator there is a native function.
  const frame = frames.split('\n').findLast((line) => line !== '' && !line.endsWith(' (native)'));
  if (frame === undefined) return;
  const passage = passageOf(error, apply(rawStack, error, []));
  if (passage.count === 0) {
    const known = frameOnStack(passage, frame);
    if (known !== -1) {
      passage.next = known + 1;
      return;
    }
  }
  if (passage.count === MOST_PASSAGES) return;
  passage.count += 1;
  const later = `${frame.replace('    at ', '    at async ')}\n`;
  passage.later += later;
  if (passage.shown === undefined) return;
  const { value } = getOwnPropertyDescriptor(error, 'stack') ?? {};
  if (value === passage.shown) defineStack(error, (passage.shown += natives.formatStack(later)));
}

const isRaw = (stack) => typeof stack === 'string' && (stack === '' || stack.startsWith('    at '));

function header(error) {
  try {
    return apply(errorToString, error, []);
  } catch {
    return 'Error';
  }
}

// `made` is the class of an error that was made in the first frame; what a captured trace leaves out is unknown.
function shaped(error, raw, made) {
  if (!isRaw(raw)) return raw;
  const { message } = error;
  const frames = raw + (passages.get(error)?.later ?? '');
  return header(error) + natives.formatStack(frames, made, false, typeof message === 'string' ? message : '');
}

// As in V8, an error's trace begins where it was made, not in the constructors of its classes.
function withoutConstructors(error, raw) {
  if (!isRaw(raw)) return raw;
  let { constructor } = error;
  while (typeof constructor === 'function' && constructor !== Error) {
    if (raw.startsWith(`    at ${constructor.name} (`)) raw = raw.slice(raw.indexOf('\n') + 1);
    constructor = Object.getPrototypeOf(constructor);
  }
  return raw;
}

// For the line from which a definition comes: the frames of this call, with columns that are as QuickJS has them.
internal.callerStack = () => {
  const { prepare } = traces;
  traces.prepare = undefined;
  const raw = apply(rawStack, new Error(), []);
  traces.prepare = prepare;
  return natives.formatStack(raw, undefined, true);
};

// The settings by which an author shapes stacks, as they were made: theirs may be accessors by the time these are read.
const stackLimit = getOwnPropertyDescriptor(Error, 'stackTraceLimit');
const stackPrepare = getOwnPropertyDescriptor(Error, 'prepareStackTrace');

/** QuickJS's frames of what runs, whatever the author makes of stack traces. */
function frames() {
  const limit = apply(stackLimit.get, Error, []);
  const prepare = apply(stackPrepare.get, Error, []);
  apply(stackLimit.set, Error, [64]);
  apply(stackPrepare.set, Error, [undefined]);
  try {
    return apply(rawStack, new PlainError(), []);
  } finally {
    apply(stackLimit.set, Error, [limit]);
    apply(stackPrepare.set, Error, [prepare]);
  }
}

function defineStack(error, value) {
  defineProperty(error, 'stack', { value, writable: true, configurable: true, enumerable: false });
}

defineProperty(Error.prototype, 'stack', {
  get() {
    const raw = apply(rawStack, this, []);
    const { name } = this.constructor ?? {};
    const stack = shaped(this, withoutConstructors(this, raw), typeof name === 'string' ? name : '');
    // As in V8, what was read once stays: a message that changes later is not in it.
    if (isRaw(raw) && Object.isExtensible(this)) {
      defineStack(this, stack);
      passageOf(this, raw).shown = stack;
    }
    return stack;
  },
  set(value) {
    defineStack(this, value);
  },
  configurable: true,
  enumerable: false,
});

defineProperty(Error, 'captureStackTrace', {
  value: function captureStackTrace_(target, above) {
    natives.capturing(true);
    try {
      captureStackTrace(target, typeof above === 'function' ? above : captureStackTrace_);
    } finally {
      natives.capturing(false);
    }
    const { value: raw } = getOwnPropertyDescriptor(target, 'stack') ?? {};
    if (!isRaw(raw)) return;
    defineProperty(target, 'stack', {
      get: () => shaped(target, raw),
      set: (value) => defineStack(target, value),
      configurable: true,
      enumerable: false,
    });
  },
  writable: true,
  configurable: true,
});
defineProperty(Error.captureStackTrace, 'name', { value: 'captureStackTrace' });

// QuickJS gives a DOMException its frames as a property of its own, past the accessor above.
{
  const { DOMException } = globalThis;
  const construct = (target, args, newTarget) => {
    const exception = Reflect.construct(target, args, newTarget);
    Error.captureStackTrace(exception, construct);
    return exception;
  };
  const value = new Proxy(DOMException, { construct });
  const own = { value, writable: true, configurable: true, enumerable: false };
  defineProperty(globalThis, 'DOMException', own);
  defineProperty(DOMException.prototype, 'constructor', own);
}

// What V8's call sites have and QuickJS's do not.
{
  // As V8 does for strict code: a frame must not hand out the prelude's functions, least of all the natives below them.
  defineProperty(sites, 'getFunction', { value: () => undefined, writable: true, configurable: true });
  const answers = { getTypeName: null, getMethodName: null, getThis: undefined, isToplevel: true, isEval: false, isAsync: false };
  const missing = {
    toString() {
      const place = this.isNative() ? '<anonymous>' : `${this.getFileName()}:${this.getLineNumber()}:${this.getColumnNumber()}`;
      const name = this.getFunctionName();
      return name ? `${name} (${place})` : place;
    },
  };
  for (const name of Object.keys(answers)) missing[name] = () => answers[name];
  for (const [name, value] of Object.entries(missing)) {
    if (!Object.hasOwn(sites, name)) defineProperty(sites, name, { value, writable: true, configurable: true });
  }
}

// ---- describing what was thrown ------------------------------------------------------------------------

function asText(value) {
  try {
    if (typeof value === 'object' && value !== null) {
      const json = stringify(value);
      if (json !== undefined && json !== '{}') return json;
    }
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

const isError = (value) => Error.isError(value) || value instanceof Error;

function description(value, depth) {
  if (!isError(value)) {
    const text = asText(value);
    return { name: 'Error', message: text, stack: text };
  }
  const read = (name, fallback) => {
    try {
      return value[name] === undefined ? fallback : asText(value[name]);
    } catch {
      return fallback;
    }
  };
  const name = read('name', 'Error');
  const message = read('message', '');
  const stack = read('stack', `${name}: ${message}`);
  // A SyntaxError that was thrown by a parser has no frame of the function that made it; its first is a bare place.
  let raw = '';
  try {
    raw = apply(rawStack, value, []) ?? '';
  } catch {}
  const syntax = value instanceof SyntaxError && (raw === '' || /^ {4}at [^<\n][^\n]*:\d+\n/.test(raw));
  let cause;
  try {
    if (depth > 0 && value.cause !== undefined && value.cause !== null) cause = description(value.cause, depth - 1);
  } catch {}
  return { name, message, stack, syntax, cause };
}

function describe(value) {
  return stringify(description(value, 8));
}
internal.describe = describe;

// ---- Promise.any ---------------------------------------------------------------------------------------

// QuickJS gives its error no message.
const { any } = Promise;
const withMessage = (error) => {
  if (error instanceof AggregateError && error.message === '') {
    defineProperty(error, 'message', { value: 'All promises were rejected', writable: true, configurable: true });
  }
  throw error;
};
defineProperty(Promise, 'any', {
  value: {
    any(iterable) {
      return apply(any, this, [iterable]).then(undefined, withMessage);
    },
  }.any,
  writable: true,
  configurable: true,
});

// ---- Math.random ---------------------------------------------------------------------------------------

// QuickJS keeps its generator's state in the VM, where every restore of the snapshot would replay it.
defineProperty(Math, 'random', { value: natives.random, writable: true, configurable: true, enumerable: false });

// ---- for Rust ------------------------------------------------------------------------------------------

internal.hooks = {
  traces,
  rawStack,
  rethrown,
  getFunction,
  getFunctionName,
  getFileName,
  getLineNumber,
  getColumnNumber,
  watch,
  then: Promise.prototype.then,
  fireTimer,
  runImmediate,
  rejection,
  reportRejections,
  describe,
  frames,
  settleOp(number, isOk, value) {
    const functions = waiting.get(number);
    if (!functions) return;
    waiting.delete(number);
    functions[isOk ? 0 : 1](value);
  },
  forget() {
    waiting.clear();
    timers.clear();
    rejections.clear();
    immediates = [];
    batch = [];
  },
};
