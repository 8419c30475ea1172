// `node:perf_hooks`: `performance`; observers see nothing.

const { performance, PerformanceEntry, PerformanceMark, PerformanceMeasure } = require('quickcuke:performance');

class PerformanceObserver {
  static supportedEntryTypes = [];
  observe() {}
  disconnect() {}
  takeRecords() { return []; }
}

module.exports = { performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, constants: {} };
