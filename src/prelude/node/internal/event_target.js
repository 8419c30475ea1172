// Event, CustomEvent, EventTarget.

const { coded, invalidArgType, requireObject } = require('quickcuke:errors');

const state = Symbol('state');

class Event {
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "type" argument must be specified');
    if (options !== undefined && options !== null) requireObject(options, 'options');
    const { bubbles = false, cancelable = false, composed = false } = options ?? {};
    Object.defineProperty(this, state, {
      value: { type: `${type}`, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed), target: null, timeStamp: performance.now() },
    });
  }
  get type() { return this[state].type; }
  get target() { return this[state].target; }
  get currentTarget() { return this[state].running ? this[state].target : null; }
  get srcElement() { return this[state].target; }
  get bubbles() { return this[state].bubbles; }
  get cancelable() { return this[state].cancelable; }
  get composed() { return this[state].composed; }
  get timeStamp() { return this[state].timeStamp; }
  get defaultPrevented() { return Boolean(this[state].prevented); }
  get returnValue() { return !this.defaultPrevented; }
  get eventPhase() { return this[state].running ? Event.AT_TARGET : Event.NONE; }
  get isTrusted() { return Boolean(this[state].trusted); }
  get cancelBubble() { return Boolean(this[state].stopped); }
  composedPath() { return this[state].running ? [this[state].target] : []; }
  preventDefault() { if (this.cancelable && !this[state].passive) this[state].prevented = true; }
  stopPropagation() { this[state].stopped = true; }
  stopImmediatePropagation() { this[state].stopped = this[state].stoppedNow = true; }
  get [Symbol.toStringTag]() { return 'Event'; }
}
for (const [name, value] of [['NONE', 0], ['CAPTURING_PHASE', 1], ['AT_TARGET', 2], ['BUBBLING_PHASE', 3]]) {
  for (const holder of [Event, Event.prototype]) Object.defineProperty(holder, name, { value, enumerable: true });
}

class CustomEvent extends Event {
  #detail;
  constructor(type, options = undefined) {
    super(type, options);
    this.#detail = options?.detail ?? null;
  }
  get detail() { return this.#detail; }
  get [Symbol.toStringTag]() { return 'CustomEvent'; }
}

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    if (typeof listener !== 'function' && typeof listener !== 'object') throw invalidArgType('listener', 'EventListener', listener);
    if (options !== undefined && options !== null && !['object', 'function', 'boolean'].includes(typeof options)) throw invalidArgType('options', 'Object', options);
    const { once = false, capture = false, passive = false, signal } = typeof options === 'boolean' ? { capture: options } : options ?? {};
    if (signal?.aborted) return;
    const list = this.#listeners.get(`${type}`) ?? [];
    if (list.some(known => known.listener === listener && known.capture === Boolean(capture))) return;
    this.#listeners.set(`${type}`, [...list, { listener, once, passive, capture: Boolean(capture) }]);
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, { capture }), { once: true });
  }
  removeEventListener(type, listener, options) {
    const capture = Boolean(typeof options === 'boolean' ? options : options?.capture);
    const list = this.#listeners.get(`${type}`) ?? [];
    this.#listeners.set(`${type}`, list.filter(known => known.listener !== listener || known.capture !== capture));
  }
  dispatchEvent(event) {
    if (!(event instanceof Event)) throw invalidArgType('event', 'Event', event);
    const inner = event[state];
    if (inner.running) throw coded(Error, 'ERR_EVENT_RECURSION', `The event "${event.type}" is already being dispatched`);
    inner.target = this;
    inner.running = true;
    for (const known of this.#listeners.get(event.type) ?? []) {
      if (inner.stoppedNow) break;
      if (!this.#listeners.get(event.type).includes(known)) continue;
      if (known.once) this.removeEventListener(event.type, known.listener, known);
      inner.passive = known.passive;
      try {
        const { listener } = known;
        const result = typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent?.(event);
        if (typeof result?.then === 'function') result.then(undefined, report);
      } catch (error) { report(error); }
    }
    inner.running = false;
    return !event.defaultPrevented;
  }
  [Symbol.for('quickcuke.listeners')](type) { return (this.#listeners.get(`${type}`) ?? []).map(known => known.listener); }
  get [Symbol.toStringTag]() { return 'EventTarget'; }
}

// A listener that throws does not disturb the others; its error surfaces as an uncaught one.
function report(error) { internal.setTimeout(() => { throw error; }, 0); }

// `target.onNAME = listener`
function defineHandler(prototype, type) {
  const handlers = new WeakMap();
  Object.defineProperty(prototype, `on${type}`, {
    get() { return handlers.get(this)?.listener ?? null; },
    set(listener) {
      const known = handlers.get(this);
      if (known) this.removeEventListener(type, known.call);
      handlers.delete(this);
      if (typeof listener !== 'function') return;
      const call = event => listener.call(this, event);
      handlers.set(this, { listener, call });
      this.addEventListener(type, call);
    },
    enumerable: true, configurable: true,
  });
}

/** What `util.inspect` shows of an object whose members are getters. */
function inspectMembers(object, members, depth, options, inspect) {
  if (depth !== null && depth < 0) return options.stylize(`[${object.constructor.name}]`, 'special');
  const inner = options.depth === null || options.depth === undefined ? null : options.depth - 1;
  return `${object.constructor.name} ${inspect(members, { ...options, depth: inner })}`;
}

/** An event that is ours and not the author's. */
function trusted(event) {
  event[state].trusted = true;
  return event;
}

module.exports = { trusted, inspectMembers, Event, CustomEvent, EventTarget, defineHandler };
