// `structuredClone`.

const { types, typedArrayName } = require('quickcuke:types');

// Loaded when something is wrong: this module is there from the start.
const coded = (...values) => require('quickcuke:errors').coded(...values);

const ERRORS = ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

function notCloneable(value) {
  const kind = Object.prototype.toString.call(value);
  const shown = types.isBoxedPrimitive(value) || /Generator|Iterator/.test(kind) ? kind : typeof value === 'symbol' ? String(value) : typeof value === 'function' ? Function.prototype.toString.call(value)
    : `#<${value.constructor?.name ?? 'Object'}>`;
  return new DOMException(`${shown} could not be cloned.`, 'DataCloneError');
}

function clone(value, seen) {
  if (typeof value === 'symbol' || typeof value === 'function') throw notCloneable(value);
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value);
  const remember = copy => { seen.set(value, copy); return copy; };
  const members = copy => {
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  };
  if (types.isProxy(value)) throw notCloneable(value);
  // The commonest by far, and to ask the others what they are is slow.
  if (Array.isArray(value)) return members(remember(new Array(value.length)));
  if (Object.getPrototypeOf(value) === Object.prototype) return members(remember({}));
  if (types.isBoxedPrimitive(value)) {
    if (types.isSymbolObject(value)) throw notCloneable(value);
    return remember(Object(value.valueOf()));
  }
  if (types.isDate(value)) return remember(new Date(value.getTime()));
  if (types.isRegExp(value)) return remember(new RegExp(value.source, value.flags));
  if (types.isArrayBuffer(value)) return remember(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen);
    const Class = types.isDataView(value) ? DataView : globalThis[typedArrayName(value)];
    return remember(new Class(buffer, value.byteOffset, types.isDataView(value) ? value.byteLength : value.length));
  }
  if (types.isMap(value)) {
    const copy = remember(new Map());
    for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (types.isSet(value)) {
    const copy = remember(new Set());
    for (const item of [...value]) copy.add(clone(item, seen));
    return copy;
  }
  if (types.isNativeError(value)) {
    const Class = ERRORS.includes(value.name) ? globalThis[value.name] : Error;
    const copy = remember(new Class(value.message));
    Object.defineProperty(copy, 'stack', { value: value.stack, writable: true, configurable: true });
    if (Object.hasOwn(value, 'cause')) Object.defineProperty(copy, 'cause', { value: clone(value.cause, seen), writable: true, configurable: true });
    return copy;
  }
  const isMachinery = /^\[object ((Async)?Generator|\w+ Iterator)\]$/.test(Object.prototype.toString.call(value));
  if (isMachinery || types.isArgumentsObject(value) || types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef) throw notCloneable(value);
  return members(remember({}));
}

function structuredClone(value, options) {
  if (arguments.length === 0) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The value argument must be specified');
  const { transfer = [] } = options ?? {};
  if (typeof transfer?.[Symbol.iterator] !== 'function') throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'Optional transferList argument must be an iterable');
  const moved = [...transfer];
  if (!moved.every(types.isArrayBuffer)) throw coded(TypeError, 'ERR_INVALID_TRANSFER_OBJECT', 'Found invalid object in transferList');
  const copy = clone(value, new Map());
  for (const buffer of moved) buffer.transfer();
  return copy;
}

module.exports = { structuredClone };
