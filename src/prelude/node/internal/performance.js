// `performance`: time since the session's host started, marks and measures.

const { coded, requireFunction, requireObject, requireString } = require('quickcuke:errors');

class PerformanceEntry {
  constructor(name, entryType, startTime, duration, detail) {
    Object.assign(this, { name, entryType, startTime, duration });
    if (detail !== undefined || entryType !== 'entry') this.detail = detail ?? null;
  }
  toJSON() { return { ...this }; }
}
class PerformanceMark extends PerformanceEntry {
  constructor(name, options = undefined) {
    if (options !== undefined && options !== null) requireObject(options, 'options');
    const { startTime = performance.now(), detail } = options ?? {};
    super(`${name}`, 'mark', startTime, 0, detail);
  }
}
class PerformanceMeasure extends PerformanceEntry {}

let entries = [];
const observers = new Set();
function enter(entry) {
  entries.push(entry);
  for (const observer of observers) observer[notice](entry);
  return entry;
}
const notice = Symbol('notice');

/** Is told of marks and measures; other kinds of entry there are none. */
class PerformanceObserver {
  #callback; #types = new Set(); #queue = []; #isDue = false;
  static get supportedEntryTypes() { return ['mark', 'measure']; }
  constructor(callback) {
    requireFunction(callback, 'callback');
    this.#callback = callback;
  }
  observe(options = {}) {
    requireObject(options, 'options');
    const { entryTypes, type, buffered = false } = options;
    if (entryTypes === undefined && type === undefined) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "options.entryTypes" and "options.type" arguments must be specified');
    if (entryTypes !== undefined) this.#types.clear();
    for (const kind of entryTypes ?? [type]) this.#types.add(kind);
    observers.add(this);
    if (buffered && type !== undefined) for (const entry of performance.getEntriesByType(type)) this[notice](entry);
  }
  [notice](entry) {
    if (!this.#types.has(entry.entryType)) return;
    this.#queue.push(entry);
    if (this.#isDue) return;
    this.#isDue = true;
    internal.setImmediate(() => {
      this.#isDue = false;
      const list = sorted(this.takeRecords());
      if (list.length === 0) return;
      this.#callback({
        getEntries: () => [...list], getEntriesByName: (name, type) => list.filter(entry => entry.name === name && (type === undefined || entry.entryType === type)),
        getEntriesByType: type => list.filter(entry => entry.entryType === type),
      }, this);
    });
  }
  takeRecords() { return this.#queue.splice(0); }
  disconnect() {
    observers.delete(this);
    this.#types.clear();
    this.#queue = [];
  }
}

const timeOf = (mark, missing) => {
  if (typeof mark === 'number') return mark;
  if (typeof mark !== 'string') return missing;
  const found = entries.findLast(entry => entry.entryType === 'mark' && entry.name === mark);
  if (found === undefined) throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  return found.startTime;
};
const sorted = list => [...list].sort((a, b) => a.startTime - b.startTime);

const performance = {
  now: () => internal.ops.clock_elapsed() / 1e6,
  get timeOrigin() { return internal.ops.clock_origin(); },
  mark(name, options) { return enter(new PerformanceMark(name, options)); },
  measure(name, startOrOptions, endMark) {
    requireString(name, 'name');
    const options = startOrOptions !== null && typeof startOrOptions === 'object' ? startOrOptions : { start: startOrOptions, end: endMark };
    if (options.start !== undefined && options.end !== undefined && options.duration !== undefined) {
      throw coded(TypeError, 'ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS', 'Must not have options.start, options.end, and options.duration specified');
    }
    const end = options.duration !== undefined && options.end === undefined ? timeOf(options.start, 0) + options.duration : timeOf(options.end, performance.now());
    const start = options.duration !== undefined && options.start === undefined ? end - options.duration : timeOf(options.start, 0);
    return enter(new PerformanceMeasure(name, 'measure', start, end - start, options.detail));
  },
  clearMarks(name) { entries = entries.filter(entry => entry.entryType !== 'mark' || (name !== undefined && entry.name !== name)); },
  clearMeasures(name) { entries = entries.filter(entry => entry.entryType !== 'measure' || (name !== undefined && entry.name !== name)); },
  getEntries: () => sorted(entries),
  getEntriesByName: (name, type) => sorted(entries.filter(entry => entry.name === name && (type === undefined || entry.entryType === type))),
  getEntriesByType: type => sorted(entries.filter(entry => entry.entryType === type)),
  timerify(fn) {
    requireFunction(fn, 'fn');
    const timed = function (...values) { return new.target ? Reflect.construct(fn, values, fn) : Reflect.apply(fn, this, values); };
    return Object.defineProperties(timed, { length: { value: fn.length, configurable: true }, name: { value: `timerified ${fn.name}`, configurable: true } });
  },
  eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
  toJSON() { return { timeOrigin: this.timeOrigin, nodeTiming: {}, eventLoopUtilization: this.eventLoopUtilization() }; },
};
Object.defineProperty(performance, Symbol.toStringTag, { value: 'Performance', configurable: true });

module.exports = { performance, PerformanceObserver, PerformanceEntry, PerformanceMark, PerformanceMeasure };
