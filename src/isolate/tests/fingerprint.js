// A number for the whole world that a script can reach: every object from the global one and from the intrinsics that
// have no name; of each its kind, prototype, extensibility, keys with descriptors, and what a Map, a Set or a function
// holds. Objects are told apart by the order in which they are met.
//
// Keeps what it calls, so that it can be asked of a world in which nothing works any more.

const { apply, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
const { Map, String } = globalThis;
const { get, set } = Map.prototype;
const { imul } = Math;
const { charCodeAt } = String.prototype;
const { toString: textOf } = Function.prototype;
const { description } = Object.getOwnPropertyDescriptors(Symbol.prototype);
const tagOf = Object.prototype.toString;
const contents = [Map.prototype.forEach, Set.prototype.forEach];

const unnamed = [
  (function* () {})(), (async function* () {})(), async () => {}, [].values(), ''[Symbol.iterator](), new Map().keys(),
  new Set().keys(), 'x'.matchAll(/x/g), (function () { 'use strict'; return arguments; })(),
];

internal.entry('fingerprint', () => {
  let hash = 0;
  let properties = 0;
  const numbers = new Map();
  const found = [];
  const addNumber = (number) => {
    hash = imul(hash ^ number, 16777619);
    hash ^= hash >>> 15;
  };
  // Most texts come again and again.
  const texts = new Map();
  const addText = (text) => {
    const known = apply(get, texts, [text]);
    if (known !== undefined) return addNumber(known);
    for (let i = 0; i < text.length; i++) addNumber(apply(charCodeAt, text, [i]));
    apply(set, texts, [text, hash]);
  };
  const add = (value) => {
    addText(typeof value);
    if (typeof value === 'symbol') return addText(String(apply(description.get, value, [])));
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') {
      return addText(Object.is(value, -0) ? '-0' : String(value));
    }
    let number = apply(get, numbers, [value]);
    if (number === undefined) {
      number = found.length;
      apply(set, numbers, [value, number]);
      found[number] = value;
    }
    addNumber(number);
  };
  add(globalThis);
  for (let i = 0; i < unnamed.length; i++) add(unnamed[i]);
  for (let i = 0; i < found.length; i++) {
    const object = found[i];
    addText(apply(tagOf, object, []));
    add(getPrototypeOf(object));
    add(isExtensible(object));
    if (typeof object === 'function') addNumber(apply(textOf, object, []).length);
    for (let kind = 0; kind < contents.length; kind++) {
      try {
        apply(contents[kind], object, [(value, key) => (add(key), add(value))]);
        addText(String(kind));
      } catch {}
    }
    const keys = ownKeys(object);
    properties += keys.length;
    for (let k = 0; k < keys.length; k++) {
      const { value, get, set, writable, enumerable, configurable } = getOwnPropertyDescriptor(object, keys[k]);
      add(keys[k]);
      addText(`${writable} ${enumerable} ${configurable}`);
      // The one value of the engine's that is another in each VM.
      add(keys[k] === 'timeOrigin' ? 0 : value);
      add(get);
      add(set);
    }
  }
  return [hash >>> 0, found.length, properties];
});
