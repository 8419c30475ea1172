// `performance`: time since the session's host started, marks and measures.

class PerformanceEntry {
  constructor(name, entryType, startTime, duration, detail) {
    Object.assign(this, { name, entryType, startTime, duration });
    if (detail !== undefined || entryType !== 'entry') this.detail = detail ?? null;
  }
  toJSON() { return { ...this }; }
}
class PerformanceMark extends PerformanceEntry {
  constructor(name, { startTime = performance.now(), detail } = {}) { super(`${name}`, 'mark', startTime, 0, detail); }
}
class PerformanceMeasure extends PerformanceEntry {}

let entries = [];
const timeOf = (mark, missing) => {
  if (mark === undefined) return missing;
  if (typeof mark === 'number') return mark;
  const found = entries.findLast(entry => entry.entryType === 'mark' && entry.name === mark);
  if (found === undefined) throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  return found.startTime;
};
const sorted = list => [...list].sort((a, b) => a.startTime - b.startTime);

const performance = {
  now: () => internal.ops.clock_elapsed() / 1e6,
  get timeOrigin() { return internal.ops.clock_origin(); },
  mark(name, options) {
    const mark = new PerformanceMark(name, options);
    entries.push(mark);
    return mark;
  },
  measure(name, startOrOptions, endMark) {
    const options = startOrOptions !== null && typeof startOrOptions === 'object' ? startOrOptions : { start: startOrOptions, end: endMark };
    const end = options.duration !== undefined && options.end === undefined ? timeOf(options.start, 0) + options.duration : timeOf(options.end, performance.now());
    const start = options.duration !== undefined && options.start === undefined ? end - options.duration : timeOf(options.start, 0);
    const measure = new PerformanceMeasure(`${name}`, 'measure', start, end - start, options.detail);
    entries.push(measure);
    return measure;
  },
  clearMarks(name) { entries = entries.filter(entry => entry.entryType !== 'mark' || (name !== undefined && entry.name !== name)); },
  clearMeasures(name) { entries = entries.filter(entry => entry.entryType !== 'measure' || (name !== undefined && entry.name !== name)); },
  getEntries: () => sorted(entries),
  getEntriesByName: (name, type) => sorted(entries.filter(entry => entry.name === name && (type === undefined || entry.entryType === type))),
  getEntriesByType: type => sorted(entries.filter(entry => entry.entryType === type)),
  timerify: fn => fn,
  eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
  toJSON() { return { timeOrigin: this.timeOrigin, nodeTiming: {}, eventLoopUtilization: this.eventLoopUtilization() }; },
};
Object.defineProperty(performance, Symbol.toStringTag, { value: 'Performance', configurable: true });

module.exports = { performance, PerformanceEntry, PerformanceMark, PerformanceMeasure };
