// What kind of object a value is, by brand and not by prototype: the tests behind `util.types`.

const tagOf = value => Object.prototype.toString.call(value);
const isObject = value => value !== null && typeof value === 'object';

// A method or getter of a built-in throws on any receiver that lacks its internal slots.
const brand = (prototype, key) => {
  const property = Object.getOwnPropertyDescriptor(prototype, key);
  const probe = property.get ?? property.value;
  return value => {
    if (!isObject(value)) return false;
    try { Reflect.apply(probe, value, []); return true; } catch { return false; }
  };
};
const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
const typedArrayTag = Object.getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag).get;
const typedArrayName = value => isObject(value) ? Reflect.apply(typedArrayTag, value, []) : undefined;
const functionKind = tag => value => typeof value === 'function' && tagOf(value) === `[object ${tag}]`;
const asyncKinds = new Set(['[object AsyncFunction]', '[object AsyncGeneratorFunction]']);
const generatorKinds = new Set(['[object GeneratorFunction]', '[object AsyncGeneratorFunction]']);

const isDate = brand(Date.prototype, 'getTime');
const isMap = brand(Map.prototype, 'size');
const isSet = brand(Set.prototype, 'size');
const isArrayBuffer = brand(ArrayBuffer.prototype, 'byteLength');
const isSharedArrayBuffer = typeof SharedArrayBuffer === 'undefined'
  ? () => false : brand(SharedArrayBuffer.prototype, 'byteLength');
const isNumberObject = brand(Number.prototype, 'valueOf');
const isStringObject = brand(String.prototype, 'valueOf');
const isBooleanObject = brand(Boolean.prototype, 'valueOf');
const isBigIntObject = brand(BigInt.prototype, 'valueOf');
const isSymbolObject = brand(Symbol.prototype, 'valueOf');
const isWeakMap = value => {
  if (!isObject(value)) return false;
  try { WeakMap.prototype.has.call(value, value); return true; } catch { return false; }
};
const isWeakSet = value => {
  if (!isObject(value)) return false;
  try { WeakSet.prototype.has.call(value, value); return true; } catch { return false; }
};
// `lastIndex` is an own property of every regular expression, and of little else.
const regExpSource = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source').get;
const isRegExp = value => {
  if (!isObject(value) || value === RegExp.prototype) return false;
  try { Reflect.apply(regExpSource, value, []); return true; } catch { return false; }
};
const isPromise = value => internal.natives.promiseState(value) !== undefined;
const isNativeError = value => Error.isError(value);
const isBoxedPrimitive = value => isNumberObject(value) || isStringObject(value) || isBooleanObject(value)
  || isBigIntObject(value) || isSymbolObject(value);

const types = {
  isAnyArrayBuffer: value => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isArgumentsObject: value => isObject(value) && !(Symbol.toStringTag in value) && tagOf(value) === '[object Arguments]',
  isArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isAsyncFunction: value => typeof value === 'function' && asyncKinds.has(tagOf(value)),
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive,
  isCryptoKey: () => false,
  isDataView: value => ArrayBuffer.isView(value) && typedArrayName(value) === undefined,
  isDate,
  isExternal: () => false,
  isGeneratorFunction: value => typeof value === 'function' && generatorKinds.has(tagOf(value)),
  isGeneratorObject: value => isObject(value) && tagOf(value) === '[object Generator]',
  isKeyObject: () => false,
  isMap,
  isMapIterator: value => isObject(value) && tagOf(value) === '[object Map Iterator]',
  isModuleNamespaceObject: value => isObject(value) && Object.getPrototypeOf(value) === null && tagOf(value) === '[object Module]',
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy: value => internal.natives.proxyParts(value) !== undefined,
  isRegExp,
  isSet,
  isSetIterator: value => isObject(value) && tagOf(value) === '[object Set Iterator]',
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isTypedArray: value => typedArrayName(value) !== undefined,
  isWeakMap,
  isWeakSet,
};
for (const name of ['Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'Int8Array', 'Int16Array',
  'Int32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array']) {
  types[`is${name}`] = value => typedArrayName(value) === name;
}

module.exports = { types, typedArrayName, functionKind };
