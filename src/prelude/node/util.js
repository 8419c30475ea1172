// `node:util`.

const { inspect } = require('quickcuke:inspect');
const { format, formatWithOptions } = require('quickcuke:format');
const { types } = require('quickcuke:types');
const { coded, requireBoolean, requireFunction, requireSignal, requireString, invalidArgType, invalidArgValue, outOfRange } = require('quickcuke:errors');

const customPromisify = Symbol.for('nodejs.util.promisify.custom');

function promisify(original) {
  requireFunction(original, 'original');
  if (original[customPromisify]) {
    const custom = original[customPromisify];
    requireFunction(custom, 'util.promisify.custom');
    return Object.defineProperty(custom, customPromisify, { value: custom, enumerable: false, writable: false, configurable: true });
  }
  function promised(...values) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...values, (error, value) => { if (error) reject(error); else resolve(value); }]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, customPromisify, { value: promised, enumerable: false, writable: false, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = customPromisify;

function callbackify(original) {
  requireFunction(original, 'original');
  function callbackified(...values) {
    const callback = values.pop();
    requireFunction(callback, 'last argument');
    Reflect.apply(original, this, values).then(
      value => process.nextTick(callback, null, value),
      reason => {
        const error = reason || coded(Error, 'ERR_FALSY_VALUE_REJECTION', 'Promise was rejected with falsy value', { reason });
        process.nextTick(callback, error);
      },
    );
  }
  Object.defineProperties(callbackified, {
    length: { value: original.length + 1, configurable: true },
    name: { value: `${original.name}Callbackified`, configurable: true },
  });
  return callbackified;
}

function inherits(constructor, parent) {
  if (constructor === undefined || constructor === null) throw invalidArgType('ctor', 'Function', constructor);
  if (parent === undefined || parent === null) throw invalidArgType('superCtor', 'Function', parent);
  if (parent.prototype === undefined) throw invalidArgType('superCtor.prototype', 'Object', parent.prototype);
  Object.defineProperty(constructor, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

const warned = new Set();
function deprecate(original, message, code) {
  let said = false;
  function deprecated(...values) {
    if (!said && !(code !== undefined && warned.has(code))) {
      said = true;
      if (code !== undefined) warned.add(code);
      if (process.noDeprecation !== true) process.emitWarning(message, 'DeprecationWarning', code);
    }
    return new.target ? Reflect.construct(original, values, new.target) : Reflect.apply(original, this, values);
  }
  Object.setPrototypeOf(deprecated, original);
  if (original.prototype) deprecated.prototype = original.prototype;
  return deprecated;
}

const stripVTControlCharacters = text => {
  requireString(text, 'str');
  return text.replace(/[\u001b\u009b][[\]()#;?]*(?:(?:[a-zA-Z\d]*(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?\u0007|(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])/g, '');
};

function styleText(styles, text, { validateStream = true, stream = process.stdout } = {}) {
  requireString(text, 'text');
  requireBoolean(validateStream, 'options.validateStream');
  if (validateStream && typeof stream?.write !== 'function') throw invalidArgType('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  const isPlain = validateStream && require('quickcuke:environment').runtimeVariable('FORCE_COLOR') === undefined && !stream.isTTY;
  let [open, close] = ['', ''];
  for (const style of [styles].flat()) {
    if (style === 'none') continue;
    const codes = inspect.colors[style];
    if (codes === undefined) throw invalidArgValue('format', style, `must be one of: ${Object.keys(inspect.colors).map(name => `'${name}'`).join(', ')}`);
    open += `\x1b[${codes[0]}m`;
    close = `\x1b[${codes[1]}m${close}`;
  }
  return isPlain ? text : `${open}${text}${close}`;
}

function debuglog(set) {
  const section = `${set}`;
  const wanted = String(require('quickcuke:environment').runtimeVariable('NODE_DEBUG') ?? '').toUpperCase().split(',');
  const enabled = wanted.includes(section.toUpperCase());
  const log = (...values) => { if (enabled) console.error(`${section.toUpperCase()} ${process.pid}: ${format(...values)}`); };
  return Object.defineProperty(log, 'enabled', { get: () => enabled });
}

async function aborted(signal, resource) {
  if (signal === undefined) throw invalidArgType('signal', 'AbortSignal', signal);
  requireSignal(signal, 'signal');
  if (resource === null || (typeof resource !== 'object' && typeof resource !== 'function')) throw invalidArgType('resource', 'Object', resource);
  if (signal.aborted) return;
  await new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const systemErrors = () => require('quickcuke:system_errors').systemErrors;
function getSystemErrorName(errno) {
  if (typeof errno !== 'number') throw invalidArgType('err', 'number', errno);
  if (errno >= 0 || !Number.isSafeInteger(errno)) throw outOfRange('err', 'a negative integer', errno);
  return systemErrors().get(errno)?.[0] ?? `Unknown system error ${errno}`;
}

module.exports = {
  inspect, format, formatWithOptions, promisify, callbackify, inherits, deprecate, stripVTControlCharacters, styleText,
  debuglog, debug: debuglog, aborted, types,
  isDeepStrictEqual: (actual, expected) => require('quickcuke:deep_equal').isDeepEqual(actual, expected, true),
  getSystemErrorName,
  getSystemErrorMap: () => new Map(systemErrors()),
  toUSVString: text => `${text}`.toWellFormed(),
  parseArgs: config => require('quickcuke:parse_args').parseArgs(config),
  isArray: Array.isArray,
  isBoolean: value => typeof value === 'boolean',
  isNull: value => value === null,
  isNullOrUndefined: value => value === null || value === undefined,
  isNumber: value => typeof value === 'number',
  isString: value => typeof value === 'string',
  isSymbol: value => typeof value === 'symbol',
  isUndefined: value => value === undefined,
  isRegExp: types.isRegExp,
  isObject: value => value !== null && typeof value === 'object',
  isDate: types.isDate,
  isError: value => types.isNativeError(value) || value instanceof Error,
  isFunction: value => typeof value === 'function',
  isBuffer: value => Buffer.isBuffer(value),
  isPrimitive: value => value === null || (typeof value !== 'object' && typeof value !== 'function'),
  get TextEncoder() { return globalThis.TextEncoder; },
  get TextDecoder() { return globalThis.TextDecoder; },
  _extend: (target, source) => source !== null && typeof source === 'object' ? Object.assign(target, source) : target,
};
