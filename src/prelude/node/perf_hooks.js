// `node:perf_hooks`.

const { performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver } = require('quickcuke:performance');
const { unavailable } = require('quickcuke:unavailable');

module.exports = {
  performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, constants: {},
  ...unavailable('node:perf_hooks', 'the engine keeps no figures of itself', ['createHistogram', 'monitorEventLoopDelay']),
};
