// Deep equality, loose and strict, as `assert.deepEqual` and `assert.deepStrictEqual` define it.

const { types } = require('quickcuke:types');

const enumerableSymbols = value => Object.getOwnPropertySymbols(value)
  .filter(key => Object.prototype.propertyIsEnumerable.call(value, key));
const tagOf = value => Object.prototype.toString.call(value);
const isObject = value => value !== null && typeof value === 'object';

function isDeepEqual(actual, expected, strict) {
  return equal(actual, expected, strict, []);
}

// `seen` holds the pairs under comparison: a pair that is met again inside itself counts as equal.
function equal(a, b, strict, seen) {
  if (a === b) return a !== 0 || !strict || Object.is(a, b);
  if (strict) {
    if (!isObject(a) || !isObject(b)) return typeof a === 'number' && Number.isNaN(a) && Number.isNaN(b) && typeof b === 'number';
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  } else {
    if (!isObject(a)) return !isObject(b) && (typeof a !== 'function' || a === b) && (a == b || (a !== a && b !== b));
    if (!isObject(b)) return false;
  }
  if (tagOf(a) !== tagOf(b)) return false;
  return sameKind(a, b, strict) && sameContent(a, b, strict, seen);
}

// What the two hold apart from properties and members.
function sameKind(a, b, strict) {
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) return a.length === b.length;
  if (types.isDate(a)) {
    return types.isDate(b) && Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b));
  }
  if (types.isRegExp(a)) return types.isRegExp(b) && a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
  if (types.isNativeError(a) || a instanceof Error) {
    if (!(types.isNativeError(b) || b instanceof Error)) return false;
    return a.message === b.message && a.name === b.name;
  }
  if (ArrayBuffer.isView(a)) {
    if (!ArrayBuffer.isView(b) || types.isTypedArray(a) !== types.isTypedArray(b)) return false;
    if (a.byteLength !== b.byteLength) return false;
    if (!strict && (types.isFloat32Array(a) || types.isFloat64Array(a))) return a.every((item, index) => item === b[index]);
    return sameBytes(a, b);
  }
  if (types.isAnyArrayBuffer(a)) return types.isAnyArrayBuffer(b) && a.byteLength === b.byteLength && sameBytes(a, b);
  if (types.isSet(a) || types.isMap(a)) return a.size === b.size && types.isSet(a) === types.isSet(b) && types.isMap(a) === types.isMap(b);
  if (types.isBoxedPrimitive(a)) {
    const kind = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].find(name => types[`is${name}Object`](a));
    if (!types[`is${kind}Object`](b)) return false;
    const { valueOf } = globalThis[kind].prototype;
    return Object.is(valueOf.call(a), valueOf.call(b));
  }
  if (types.isWeakMap(a) || types.isWeakSet(a)) return false;
  return !Array.isArray(b) && !types.isDate(b) && !types.isRegExp(b) && !types.isMap(b) && !types.isSet(b)
    && !types.isBoxedPrimitive(b) && !types.isNativeError(b);
}

function sameBytes(a, b) {
  const bytes = value => ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  const other = bytes(b);
  return bytes(a).every((byte, index) => byte === other[index]);
}

function sameContent(a, b, strict, seen) {
  if (seen.some(([left, right]) => left === a && right === b)) return true;
  seen.push([a, b]);
  const result = sameProperties(a, b, strict, seen)
    && (!types.isSet(a) || sameSets(a, b, strict, seen))
    && (!types.isMap(a) || sameMaps(a, b, strict, seen));
  seen.pop();
  return result;
}

function sameProperties(a, b, strict, seen) {
  const isTyped = types.isTypedArray(a);
  const keysOf = value => {
    const keys = Object.keys(value);
    return isTyped ? keys.filter(key => !/^\d+$/.test(key)) : keys;
  };
  const keys = keysOf(a);
  if (keys.length !== keysOf(b).length) return false;
  for (const key of keys) if (!Object.prototype.propertyIsEnumerable.call(b, key)) return false;
  if (strict) {
    const symbols = enumerableSymbols(a);
    if (symbols.length !== enumerableSymbols(b).length) return false;
    for (const key of symbols) if (!Object.prototype.propertyIsEnumerable.call(b, key)) return false;
    keys.push(...symbols);
  }
  const isError = types.isNativeError(a) || a instanceof Error;
  if (isError) {
    for (const key of ['cause', 'errors']) {
      if (Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false;
      if (Object.hasOwn(a, key) && !equal(a[key], b[key], strict, seen)) return false;
    }
  }
  return keys.every(key => equal(a[key], b[key], strict, seen));
}

// Primitives are looked up; objects (and, loosely, primitives that may equal by coercion) are matched one against all.
function sameSets(a, b, strict, seen) {
  const open = new Set(b);
  const pending = [];
  for (const item of a) if (!open.delete(item)) pending.push(item);
  for (const item of pending) {
    if (strict && !isObject(item)) return false;
    const match = [...open].find(other => equal(item, other, strict, seen));
    if (match === undefined && !(open.has(undefined) && equal(item, undefined, strict, seen))) return false;
    open.delete(match);
  }
  return open.size === 0;
}

function sameMaps(a, b, strict, seen) {
  const open = new Set(b.keys());
  const pending = [];
  for (const [key, item] of a) {
    if (open.has(key) && equal(item, b.get(key), strict, seen)) open.delete(key);
    else if (open.has(key) && (strict && !isObject(key))) return false;
    else pending.push([key, item]);
  }
  for (const [key, item] of pending) {
    let found = false;
    for (const other of open) {
      if (!equal(key, other, strict, seen) || !equal(item, b.get(other), strict, seen)) continue;
      open.delete(other);
      found = true;
      break;
    }
    if (!found) return false;
  }
  return open.size === 0;
}

module.exports = { isDeepEqual };
