// AbortController and AbortSignal.

const { Event, EventTarget, defineHandler, inspectMembers, trusted } = require('quickcuke:event_target');
const { coded, invalidArgType, requireInteger } = require('quickcuke:errors');

const key = Symbol('constructing');
const abort = Symbol('abort');

class AbortSignal extends EventTarget {
  #aborted = false; #reason;

  constructor(token) {
    if (token !== key) throw coded(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
    super();
  }
  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  throwIfAborted() { if (this.#aborted) throw this.#reason; }
  [abort](reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispatchEvent(trusted(new Event('abort')));
  }
  static abort(reason) {
    const signal = new AbortSignal(key);
    signal[abort](reason);
    return signal;
  }
  static timeout(delay) {
    requireInteger(delay, 'delay', 0, 2 ** 32 - 1);
    const signal = new AbortSignal(key);
    const timer = internal.setDeadline(() => signal[abort](new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay);
    return signal;
  }
  static any(signals) {
    if (typeof signals !== 'object' || typeof signals?.[Symbol.iterator] !== 'function') throw invalidArgType('signals', 'Array', signals);
    const all = [...signals];
    const done = all.find(signal => signal.aborted);
    if (done) return AbortSignal.abort(done.reason);
    const signal = new AbortSignal(key);
    for (const source of all) source.addEventListener('abort', () => signal[abort](source.reason), { once: true });
    return signal;
  }
  get [Symbol.toStringTag]() { return 'AbortSignal'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return inspectMembers(this, { aborted: this.#aborted }, depth, options, inspect); }
}
defineHandler(AbortSignal.prototype, 'abort');

class AbortController {
  #signal = new AbortSignal(key);
  get signal() { return this.#signal; }
  abort(reason) { this.#signal[abort](reason); }
  get [Symbol.toStringTag]() { return 'AbortController'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return inspectMembers(this, { signal: this.signal }, depth, options, inspect); }
}

module.exports = { AbortController, AbortSignal };
