// `util.format`: printf-like text, the way `console.log` builds its lines.

const { inspect, numberText } = require('quickcuke:inspect');
const { invalidArgType } = require('quickcuke:errors');

const BUILT_IN = new Set(['Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol', 'Date', 'Promise', 'RegExp', 'Error',
  'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer', 'Uint8Array', 'Int8Array',
  'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array', 'Uint8ClampedArray', 'BigUint64Array',
  'BigInt64Array', 'DataView', 'Map', 'BigInt', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Proxy', 'FinalizationRegistry', 'SharedArrayBuffer']);

// An object whose text is made by a class of the author's speaks for itself; the built-in ones are inspected.
function speaksForItself(value) {
  const proxy = internal.natives.proxyParts(value);
  if (proxy !== undefined) {
    if (proxy.target === null) return false;
    value = proxy.target;
  }
  const makers = ['toString', Symbol.toPrimitive].filter(key => typeof value[key] === 'function');
  if (makers.length === 0) return false;
  let object = value;
  while (!makers.some(key => Object.hasOwn(object, key))) object = Object.getPrototypeOf(object);
  if (object === value) return true;
  const constructor = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof constructor !== 'function' || !BUILT_IN.has(constructor.name);
}

const isObject = value => typeof value === 'object' && value !== null;
const inspected = (value, options) => inspect(value, { ...options, colors: false });

function asText(value, options) {
  if (typeof value === 'number') return numberText(options, value);
  if (typeof value === 'bigint') return inspected(value, options);
  return isObject(value) && !speaksForItself(value) ? inspect(value, { ...options, depth: 0, colors: false, compact: 3 }) : String(value);
}

function asNumber(value, convert, options) {
  if (typeof value === 'bigint' && convert !== parseFloat) return inspected(value, options);
  return typeof value === 'symbol' ? 'NaN' : numberText(options, convert(value));
}

function asJson(value) {
  try { return JSON.stringify(value); } catch (error) {
    if (/circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

function replace(letter, value, options) {
  switch (letter) {
    case 's': return asText(value, options);
    case 'd': return asNumber(value, Number, options);
    case 'i': return asNumber(value, parseInt, options);
    case 'f': return asNumber(value, parseFloat, options);
    case 'j': return asJson(value);
    case 'o': return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O': return inspect(value, options);
    default: return ''; // %c: style sheets have no meaning here
  }
}

function formatValues(options, values) {
  if (values.length === 1 && typeof values[0] === 'string') return values[0];
  let next = 0;
  let text = '';
  if (typeof values[0] === 'string') {
    next = 1;
    text = values[0].replace(/%[sdifjoOc%]/g, mark => {
      if (mark === '%%') return '%';
      return next < values.length ? replace(mark[1], values[next++], options) : mark;
    });
  }
  for (; next < values.length; next++) {
    const value = values[next];
    text += (next > 0 ? ' ' : '') + (typeof value === 'string' ? value : inspect(value, options));
  }
  return text;
}

function formatWithOptions(inspectOptions, ...values) {
  if (inspectOptions === null || typeof inspectOptions !== 'object') throw invalidArgType('inspectOptions', 'Object', inspectOptions);
  return formatValues(inspectOptions, values);
}

module.exports = { format: (...values) => formatValues({}, values), formatWithOptions };
