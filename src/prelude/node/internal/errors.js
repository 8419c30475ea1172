// Errors with a `code`, as Node's own functions throw them.

function coded(Base, code, message, properties) {
  const error = new Base(message);
  Error.captureStackTrace?.(error, coded);
  Object.defineProperty(error, 'name', { value: Base.name, enumerable: false, writable: true, configurable: true });
  Object.defineProperty(error, 'toString', {
    value() { return `${this.name} [${code}]: ${this.message}`; }, enumerable: false, writable: true, configurable: true,
  });
  error.code = code;
  sayCodeInStack(error);
  return Object.assign(error, properties);
}

// Functions and classes of `what` that quickcuke does not have, by their names: to have one is no error, to use it is.
function unavailable(what, reason, names) {
  const refuse = name => {
    const message = `${what}.${name} is not available in quickcuke: ${reason}`;
    // Of a kind that classes of packages can extend.
    return { [name]: function () { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message); } }[name];
  };
  return Object.fromEntries(names.map(name => [name, refuse(name)]));
}

// The stack's first line shows the code, "TypeError [ERR_X]: …"; it is put there when somebody reads the stack.
function sayCodeInStack(error) {
  const property = Object.getOwnPropertyDescriptor(error, 'stack');
  if (property === undefined || !property.configurable) return;
  Object.defineProperty(error, 'stack', {
    get() {
      const stack = property.get ? property.get.call(error) : property.value;
      if (typeof stack !== 'string' || !stack.startsWith(`${error.name}: `)) return stack;
      return `${error.name} [${error.code}]${stack.slice(error.name.length)}`;
    },
    set(value) { Object.defineProperty(error, 'stack', { value, writable: true, enumerable: false, configurable: true }); },
    enumerable: false, configurable: true,
  });
}

// "Received …" as Node ends its messages about wrong arguments.
function received(value) {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === 'function') return value.name ? ` Received function ${value.name}` : ' Received function ';
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${name}` : ` Received ${require('quickcuke:inspect').inspect(value, { depth: -1 })}`;
  }
  let shown = require('quickcuke:inspect').inspect(value, { colors: false });
  if (shown.length > 28) shown = typeof value === 'string' ? `${shown.slice(0, 25)}...` : `${shown.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${shown})`;
}

const primitives = new Set(['string', 'function', 'number', 'object', 'Function', 'Object', 'boolean', 'bigint', 'symbol']);

function list(words, join) {
  if (words.length < 3) return words.join(` ${join} `);
  return `${words.slice(0, -1).join(', ')}, ${join} ${words.at(-1)}`;
}

// "of type string or an instance of Buffer or URL"
function expectation(expected) {
  const all = [expected].flat();
  let kinds = all.filter(name => primitives.has(name)).map(name => name.toLowerCase());
  const classes = all.filter(name => !primitives.has(name) && /^[A-Z]/.test(name));
  const others = all.filter(name => !primitives.has(name) && !/^[A-Z]/.test(name));
  if (classes.length > 0 && kinds.includes('object')) {
    kinds = kinds.filter(kind => kind !== 'object');
    classes.push('Object');
  }
  const parts = [];
  if (kinds.length) parts.push(kinds.length > 1 ? `one of type ${list(kinds, 'or')}` : `of type ${kinds[0]}`);
  if (classes.length) parts.push(`an instance of ${list(classes, 'or')}`);
  if (others.length) parts.push(others.length > 1 ? `one of ${list(others, 'or')}` : others[0]);
  return parts.join(' or ');
}

function invalidArgType(name, expected, actual) {
  const subject = name.endsWith(' argument') ? `The ${name}`
    : `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`;
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `${subject} must be ${expectation(expected)}.${received(actual)}`);
}

function invalidArgValue(name, value, reason = 'is invalid') {
  let shown = require('quickcuke:inspect').inspect(value);
  if (shown.length > 128) shown = `${shown.slice(0, 128)}...`;
  const kind = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${kind} '${name}' ${reason}. Received ${shown}`);
}

// 1234567 -> "1_234_567", from four digits more than a thousand on.
function grouped(value) {
  if (typeof value === 'number' && (!Number.isInteger(value) || Math.abs(value) <= 2 ** 32)) return String(value);
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_') + (typeof value === 'bigint' ? 'n' : '');
}

function outOfRange(name, range, value) {
  return coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${
    typeof value === 'number' || typeof value === 'bigint' ? grouped(value) : require('quickcuke:inspect').inspect(value)}`);
}

const requireString = (value, name) => { if (typeof value !== 'string') throw invalidArgType(name, 'string', value); };
const unknownEncoding = encoding => coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${
  encoding !== null && typeof encoding === 'object' ? require('quickcuke:inspect').inspect(encoding, { depth: 0 }) : String(encoding)}`);

function requireObject(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalidArgType(name, 'Object', value);
}
function requireBoolean(value, name) { if (typeof value !== 'boolean') throw invalidArgType(name, 'boolean', value); }

/** A number between two others, both allowed; `undefined` bounds none. */
function requireNumber(value, name, least, most) {
  if (typeof value !== 'number') throw invalidArgType(name, 'number', value);
  if ((least === undefined || value >= least) && (most === undefined || value <= most)
    && !((least !== undefined || most !== undefined) && Number.isNaN(value))) return;
  const range = [least === undefined ? '' : `>= ${least}`, most === undefined ? '' : `<= ${most}`].filter(Boolean).join(' && ');
  throw outOfRange(name, range, value);
}
function requireInteger(value, name, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== 'number') throw invalidArgType(name, 'number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < least || value > most) throw outOfRange(name, `>= ${least} && <= ${most}`, value);
}

/** An AbortSignal, or something that looks like one, as Node takes it; `undefined` is none. */
function requireSignal(value, name) {
  if (value !== undefined && (value === null || typeof value !== 'object' || !('aborted' in value))) throw invalidArgType(name, 'AbortSignal', value);
}

/** What an operation ends with whose signal has been aborted. */
class AbortError extends Error {
  constructor(message = 'The operation was aborted', options = undefined) {
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

const requireFunction = (value, name) => { if (typeof value !== 'function') throw invalidArgType(name, 'Function', value); };

module.exports = { coded, sayCodeInStack, invalidArgType, invalidArgValue, outOfRange, received, unknownEncoding, requireString, requireFunction, requireObject,
  requireBoolean, requireNumber, requireInteger, requireSignal, AbortError, unavailable };
