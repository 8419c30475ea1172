// `util.format`: printf-like text, the way `console.log` builds its lines.

const { inspect } = require('quickcuke:inspect');

const number = value => Object.is(value, -0) ? '-0' : String(value);

// An object whose toString is its own class's speaks for itself; the built-in ones say nothing and are inspected.
function speaksForItself(value) {
  if (Error.isError(value) && !Object.hasOwn(value, 'toString')) return true;
  for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
    if (!Object.hasOwn(object, 'toString')) continue;
    if (typeof object.toString !== 'function') return false;
    return !BUILT_IN.has(object);
  }
  return false;
}
const BUILT_IN = new Set([Object, Array, Function, RegExp, Error, Number, String, Boolean, Symbol, BigInt, Date].map(constructor => constructor.prototype));

function asString(value, options) {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object' || speaksForItself(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

function asNumber(value, convert) {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return 'NaN';
  return number(convert(value));
}

function asJson(value) {
  try { return JSON.stringify(value); } catch (error) {
    if (/circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

function replace(letter, value, options) {
  switch (letter) {
    case 's': return asString(value, options);
    case 'd': return typeof value === 'object' ? asNumber(value, Number) : asNumber(value, Number);
    case 'i': return typeof value === 'object' ? asNumber(value, () => parseInt(value, 10)) : asNumber(value, v => parseInt(v, 10));
    case 'f': return typeof value === 'symbol' ? 'NaN' : number(parseFloat(value));
    case 'j': return asJson(value);
    case 'o': return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 });
    case 'O': return inspect(value, options);
    default: return ''; // %c: style sheets have no meaning here
  }
}

function formatWithOptions(options, ...values) {
  let next = 0;
  let text = '';
  if (values.length === 1 && typeof values[0] === 'string') return values[0];
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

module.exports = { format: (...values) => formatWithOptions({}, ...values), formatWithOptions };
