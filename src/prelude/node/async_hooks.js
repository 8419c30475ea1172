// `node:async_hooks`: the engine does not tell which promise continues which, so a store cannot follow a call.

const { coded, requireFunction, requireString } = require('quickcuke:errors');

const absent = name => {
  throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    `node:async_hooks: ${name} is not available in quickcuke: stores cannot follow promises here; keep what belongs to a scenario on its World, or in \`vars\``);
};

// May be made, and asked: outside of a run there is no store.
class AsyncLocalStorage {
  static bind(run) { requireFunction(run, 'fn'); return run; }
  static snapshot() { return (run, ...values) => run(...values); }
  getStore() { return undefined; }
  disable() {}
  exit(run, ...values) { return run(...values); }
  run() { absent('AsyncLocalStorage.run'); }
  enterWith() { absent('AsyncLocalStorage.enterWith'); }
}

class AsyncResource {
  constructor(type) { requireString(type, 'type'); this.type = type; }
  runInAsyncScope(run, self, ...values) { return Reflect.apply(run, self, values); }
  emitDestroy() { return this; }
  asyncId() { return 1; }
  triggerAsyncId() { return 0; }
  bind(run) { return (...values) => this.runInAsyncScope(run, undefined, ...values); }
  static bind(run) { return run; }
}

module.exports = {
  AsyncLocalStorage, AsyncResource,
  createHook: () => absent('createHook'),
  executionAsyncId: () => 1, triggerAsyncId: () => 0, executionAsyncResource: () => ({}), asyncWrapProviders: Object.freeze({ __proto__: null }),
};
