// `node:events`: EventEmitter, and waiting for events with promises and iterators.

const { AbortError, coded, requireFunction, outOfRange, invalidArgType } = require('quickcuke:errors');

const errorMonitor = Symbol('events.errorMonitor');
const captureRejectionSymbol = Symbol.for('nodejs.rejection');
let defaultMaxListeners = 10;

// A function, so that `EventEmitter.call(this)` and `util.inherits` work on it.
function EventEmitter() {
  EventEmitter.init.call(this);
}
EventEmitter.init = function () {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null);
    this._eventsCount = 0;
  }
  this._maxListeners ??= undefined;
};

const slots = {
  _events: { value: undefined, writable: true, enumerable: true, configurable: true },
  _eventsCount: { value: 0, writable: true, enumerable: true, configurable: true },
  _maxListeners: { value: undefined, writable: true, enumerable: true, configurable: true },
};
Object.defineProperties(EventEmitter.prototype, slots);

const tableOf = emitter => {
  if (emitter._events === undefined) EventEmitter.init.call(emitter);
  return emitter._events;
};

function add(emitter, type, listener, first) {
  requireFunction(listener, 'listener');
  const table = tableOf(emitter);
  if (table.newListener !== undefined) emitter.emit('newListener', type, listener.listener ?? listener);
  const list = table[type];
  if (list === undefined) {
    table[type] = listener;
    emitter._eventsCount++;
    return emitter;
  }
  // Lists are replaced, never changed, so that an emit under way is not disturbed.
  const all = typeof list === 'function' ? [list] : [...list];
  if (first) all.unshift(listener); else all.push(listener);
  if (list.warned) all.warned = true;
  table[type] = all;
  const most = emitter.getMaxListeners();
  if (most > 0 && all.length > most && !all.warned) {
    all.warned = true;
    process.emitWarning(`Possible EventEmitter memory leak detected. ${all.length} ${String(type)} listeners added to ${
      require('quickcuke:inspect').inspect(emitter, { depth: -1 })}. MaxListeners is ${most}. Use emitter.setMaxListeners() to increase limit`,
    'MaxListenersExceededWarning');
  }
  return emitter;
}

function onceWrapper(emitter, type, listener) {
  let fired = false;
  const wrapper = function (...values) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapper);
    fired = true;
    return Reflect.apply(listener, emitter, values);
  };
  wrapper.listener = listener;
  return wrapper;
}

const listOf = (emitter, type) => {
  const list = emitter._events?.[type];
  return list === undefined ? [] : typeof list === 'function' ? [list] : list;
};

function unhandledError(error) {
  if (error instanceof Error) return error;
  const shown = (() => { try { return require('quickcuke:inspect').inspect(error); } catch { return error; } })();
  return coded(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. (${shown})`, { context: error });
}

const methods = {
  setMaxListeners(count) {
    if (typeof count !== 'number' || count < 0 || Number.isNaN(count)) throw outOfRange('setMaxListeners', '>= 0', count);
    this._maxListeners = count;
    return this;
  },
  getMaxListeners() { return this._maxListeners ?? defaultMaxListeners; },
  emit(type, ...values) {
    if (type === 'error') {
      if (listOf(this, errorMonitor).length > 0) this.emit(errorMonitor, ...values);
      if (listOf(this, 'error').length === 0) throw unhandledError(values[0]);
    }
    const list = this._events?.[type];
    if (list === undefined) return false;
    if (typeof list === 'function') Reflect.apply(list, this, values);
    else for (const listener of list) Reflect.apply(listener, this, values);
    return true;
  },
  addListener(type, listener) { return add(this, type, listener, false); },
  prependListener(type, listener) { return add(this, type, listener, true); },
  once(type, listener) {
    requireFunction(listener, 'listener');
    return this.on(type, onceWrapper(this, type, listener));
  },
  prependOnceListener(type, listener) {
    requireFunction(listener, 'listener');
    return this.prependListener(type, onceWrapper(this, type, listener));
  },
  removeListener(type, listener) {
    requireFunction(listener, 'listener');
    const list = listOf(this, type);
    const index = list.findLastIndex(known => known === listener || known.listener === listener);
    if (index === -1) return this;
    const rest = list.filter((_, at) => at !== index);
    if (rest.length === 0) {
      delete this._events[type];
      this._eventsCount--;
    } else this._events[type] = rest.length === 1 ? rest[0] : rest;
    if (this._events.removeListener !== undefined) this.emit('removeListener', type, list[index].listener ?? listener);
    return this;
  },
  removeAllListeners(...given) {
    if (this._events === undefined) return this;
    const types = given.length > 0 ? given : Reflect.ownKeys(this._events).filter(type => type !== 'removeListener').concat('removeListener');
    for (const type of types) {
      if (this._events.removeListener !== undefined) for (const listener of [...listOf(this, type)].reverse()) this.removeListener(type, listener);
      else if (this._events[type] !== undefined) { delete this._events[type]; this._eventsCount--; }
    }
    return this;
  },
  listeners(type) { return listOf(this, type).map(listener => listener.listener ?? listener); },
  rawListeners(type) { return [...listOf(this, type)]; },
  listenerCount(type, listener) {
    const list = listOf(this, type);
    return listener === undefined ? list.length : list.filter(known => known === listener || known.listener === listener).length;
  },
  eventNames() { return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : []; },
};
methods.on = methods.addListener;
methods.off = methods.removeListener;
Object.assign(EventEmitter.prototype, methods);

const isTarget = emitter => typeof emitter?.addEventListener === 'function' && typeof emitter?.on !== 'function';
const subscribe = (emitter, type, listener) => isTarget(emitter) ? emitter.addEventListener(type, listener) : emitter.on(type, listener);
const unsubscribe = (emitter, type, listener) => isTarget(emitter) ? emitter.removeEventListener(type, listener) : emitter.removeListener(type, listener);

// Resolves with the values of the next event of that name; rejects at 'error'.
async function once(emitter, type, { signal } = {}) {
  if (typeof emitter?.on !== 'function' && !isTarget(emitter)) throw invalidArgType('emitter', 'EventEmitter', emitter);
  if (signal?.aborted) throw new AbortError(signal);
  return new Promise((resolve, reject) => {
    const finish = (settle, value) => {
      unsubscribe(emitter, type, onEvent);
      if (!isTarget(emitter) && type !== 'error') emitter.removeListener('error', onError);
      signal?.removeEventListener('abort', onAbort);
      settle(value);
    };
    const onEvent = (...values) => finish(resolve, values);
    const onError = error => finish(reject, error);
    const onAbort = () => finish(reject, new AbortError(signal));
    subscribe(emitter, type, onEvent);
    if (!isTarget(emitter) && type !== 'error') emitter.on('error', onError);
    signal?.addEventListener('abort', onAbort);
  });
}

// An endless iterator over the events of that name.
function on(emitter, type, { signal, close = [] } = {}) {
  if (signal?.aborted) throw new AbortError(signal);
  const ready = [];
  const waiting = [];
  let failure;
  let ended = false;
  const push = (...values) => { if (waiting.length > 0) waiting.shift().resolve({ value: values, done: false }); else ready.push(values); };
  const fail = error => { if (waiting.length > 0) waiting.shift().reject(error); else failure = { error }; stop(); };
  const onAbort = () => fail(new AbortError(signal));
  const stop = () => {
    ended = true;
    unsubscribe(emitter, type, push);
    if (!isTarget(emitter)) emitter.removeListener('error', fail);
    for (const name of close) unsubscribe(emitter, name, stop);
    signal?.removeEventListener('abort', onAbort);
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
  };
  subscribe(emitter, type, push);
  if (!isTarget(emitter) && type !== 'error') emitter.on('error', fail);
  for (const name of close) subscribe(emitter, name, stop);
  signal?.addEventListener('abort', onAbort);
  return {
    async next() {
      if (ready.length > 0) return { value: ready.shift(), done: false };
      if (failure !== undefined) { const { error } = failure; failure = undefined; throw error; }
      if (ended) return { value: undefined, done: true };
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async return() { stop(); return { value: undefined, done: true }; },
    async throw(error) { fail(error); },
    [Symbol.asyncIterator]() { return this; },
  };
}

Object.assign(EventEmitter, {
  EventEmitter, once, on, errorMonitor, captureRejectionSymbol, captureRejections: false, usingDomains: false,
  getEventListeners: (emitter, type) => isTarget(emitter) ? (emitter[Symbol.for('quickcuke.listeners')]?.(type) ?? []) : emitter.listeners(type),
  getMaxListeners: emitter => emitter.getMaxListeners?.() ?? defaultMaxListeners,
  setMaxListeners(count = defaultMaxListeners, ...emitters) {
    if (emitters.length === 0) defaultMaxListeners = count;
    for (const emitter of emitters) emitter.setMaxListeners?.(count);
  },
  listenerCount: (emitter, type) => emitter.listenerCount(type),
  addAbortListener(signal, listener) {
    if (signal.aborted) queueMicrotask(() => listener());
    else signal.addEventListener('abort', listener, { once: true });
    return { [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() { signal.removeEventListener('abort', listener); } };
  },
});
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  get: () => defaultMaxListeners,
  set(count) {
    if (typeof count !== 'number' || count < 0 || Number.isNaN(count)) throw outOfRange('defaultMaxListeners', '>= 0', count);
    defaultMaxListeners = count;
  },
  enumerable: true,
});
class EventEmitterAsyncResource extends EventEmitter {}
EventEmitter.EventEmitterAsyncResource = EventEmitterAsyncResource;

module.exports = EventEmitter;
