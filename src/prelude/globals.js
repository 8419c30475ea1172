// Node's and the web's globals. Light ones are made here; each heavy one is an accessor that loads its module on first
// use and then becomes a plain property.

const lazy = (name, load, enumerable = false) => Object.defineProperty(globalThis, name, {
  get() {
    const value = load();
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable, configurable: true });
    return value;
  },
  set(value) { Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true }); },
  enumerable,
  configurable: true,
});
internal.invalidCallback = callback => internal.requireBuiltin('quickcuke:errors').invalidArgType('callback', 'Function', callback);
const from = (id, names) => { for (const name of names) lazy(name, () => internal.requireBuiltin(id)[name]); };

Object.defineProperty(globalThis, 'global', { value: globalThis, writable: true, configurable: true });
Object.defineProperty(globalThis, Symbol.toStringTag, { value: 'global', configurable: true });

lazy('console', () => internal.requireBuiltin('node:console'));
lazy('process', () => internal.requireBuiltin('node:process'));
lazy('crypto', () => internal.requireBuiltin('quickcuke:webcrypto').webcrypto, true);
lazy('performance', () => internal.requireBuiltin('quickcuke:performance').performance, true);
from('node:buffer', ['Buffer', 'Blob', 'File']);
from('quickcuke:whatwg_url', ['URL', 'URLSearchParams']);
from('quickcuke:encoding', ['TextEncoder', 'TextDecoder']);
from('quickcuke:event_target', ['Event', 'EventTarget', 'CustomEvent']);
from('quickcuke:abort', ['AbortController', 'AbortSignal']);
from('quickcuke:fetch', ['Headers', 'Request', 'Response']);
lazy('fetch', () => internal.requireBuiltin('quickcuke:fetch').fetch, true);
from('quickcuke:form_data', ['FormData']);
lazy('structuredClone', () => internal.requireBuiltin('quickcuke:structured_clone').structuredClone, true);
from('quickcuke:webcrypto', ['Crypto']);
from('quickcuke:performance', ['PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure']);
from('node:perf_hooks', ['PerformanceObserver']);
lazy('Intl', () => internal.requireBuiltin('quickcuke:intl').Intl);
lazy('navigator', () => Object.freeze({
  hardwareConcurrency: internal.ops.os_info().cpus, language: 'en-US', languages: Object.freeze(['en-US']),
  platform: internal.ops.os_info().platform, userAgent: `quickcuke/${internal.ops.process_info().version}`,
}));

// The engine's takes no options, and its stack is the bare frames.
{
  const { captureStackTrace } = Error;
  const Native = globalThis.DOMException;
  const DOMException = new Proxy(Native, {
    construct(target, [message = '', options = 'Error'], newTarget) {
      const { name = 'Error', ...more } = options !== null && typeof options === 'object' ? options : { name: options };
      const exception = Reflect.construct(target, [message, name], newTarget);
      captureStackTrace(exception, DOMException);
      if ('cause' in more) Object.defineProperty(exception, 'cause', { value: more.cause, writable: true, configurable: true });
      return exception;
    },
  });
  Object.defineProperty(Native.prototype, 'constructor', { value: DOMException, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'DOMException', { value: DOMException, writable: true, configurable: true });
}

// The engine has no locale data: these methods give English through the small Intl of ours, loaded when called.
const localized = (prototype, name, member) => {
  const method = {
    [name](...values) { return internal.requireBuiltin('quickcuke:intl')[member](this, ...values); },
  }[name];
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
};
localized(Number.prototype, 'toLocaleString', 'numberToLocale');
localized(BigInt.prototype, 'toLocaleString', 'numberToLocale');
localized(Date.prototype, 'toLocaleString', 'dateTimeToLocale');
localized(Date.prototype, 'toLocaleDateString', 'dateToLocale');
localized(Date.prototype, 'toLocaleTimeString', 'timeToLocale');
localized(String.prototype, 'localeCompare', 'compareTexts');

// The engine's letters change case by no locale; where that matters there is none of ours.
for (const name of ['toLocaleUpperCase', 'toLocaleLowerCase']) {
  const original = String.prototype[name];
  const method = {
    [name](locales) {
      const [first] = [locales].flat();
      if (/^(tr|az|lt)\b/i.test(first)) {
        throw new RangeError(`The locale "${first}" is not available in quickcuke: ${name} knows no letters of Turkish, Azeri and Lithuanian of their own`);
      }
      return Reflect.apply(original, this, []);
    },
  }[name];
  Object.defineProperty(String.prototype, name, { value: method, writable: true, configurable: true });
}

// As text a date ends with its zone's name, of which the engine knows none; that of the commonest machine is here.
for (const name of ['toString', 'toTimeString']) {
  const original = Date.prototype[name];
  const method = {
    [name]() {
      const text = Reflect.apply(original, this, []);
      return text.endsWith('GMT+0000') ? `${text} (Coordinated Universal Time)` : text;
    },
  }[name];
  Object.defineProperty(Date.prototype, name, { value: method, writable: true, configurable: true });
}

// `util.promisify(setTimeout)` waits instead of calling back.
const promisifyCustom = Symbol.for('nodejs.util.promisify.custom');
for (const name of ['setTimeout', 'setImmediate']) {
  if (typeof globalThis[name] !== 'function') continue;
  Object.defineProperty(globalThis[name], promisifyCustom, {
    get: () => internal.requireBuiltin('node:timers/promises')[name], configurable: true,
  });
}
