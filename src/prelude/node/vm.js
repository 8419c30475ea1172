// `node:vm`: scripts in this context. There is no other one in a scenario.

const { coded, requireString } = require('quickcuke:errors');

const absent = name => function () {
  throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    `node:vm.${name} is not available in quickcuke: a scenario has one context; session(name).run(source) runs code in a sandbox of its own`);
};
const evaluate = globalThis.eval;

class Script {
  #code;
  constructor(code, options = {}) {
    this.#code = `${code}`;
    // What does not parse says so here.
    Reflect.construct(Function, [this.#code.replace(/^#!.*/, '')]);
    this.filename = typeof options === 'string' ? options : options.filename ?? 'evalmachine.<anonymous>';
  }
  runInThisContext() { return evaluate(this.#code); }
  createCachedData() { return Buffer.alloc(0); }
}
Script.prototype.runInContext = absent('Script.runInContext');
Script.prototype.runInNewContext = absent('Script.runInNewContext');

module.exports = {
  Script,
  runInThisContext(code) { requireString(code, 'code'); return evaluate(code); },
  compileFunction(code, parameters = []) { requireString(code, 'code'); return Reflect.construct(Function, [...parameters, code]); },
  isContext: () => false,
  createContext: absent('createContext'), runInContext: absent('runInContext'), runInNewContext: absent('runInNewContext'),
  measureMemory: absent('measureMemory'), SourceTextModule: undefined, constants: Object.freeze({ __proto__: null }),
};
