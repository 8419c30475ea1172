// `node:perf_hooks`.

const { performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver } = require('quickcuke:performance');

const missing = name => () => {
  throw require('quickcuke:errors').coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    `node:perf_hooks.${name} is not available in quickcuke: the engine keeps no figures of itself`);
};

module.exports = {
  performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, constants: {},
  createHistogram: missing('createHistogram'), monitorEventLoopDelay: missing('monitorEventLoopDelay'),
};
