// The methods of Readable that take streams for lists: map, filter, reduce and their like.

const { coded, invalidArgType, requireFunction, requireInteger, requireObject, requireSignal } = require('quickcuke:errors');

function requireOptions(options) {
  if (options !== undefined && options !== null) requireObject(options, 'options');
  requireSignal(options?.signal ?? undefined, 'options.signal');
  if (options?.concurrency !== undefined) requireInteger(options.concurrency, 'options.concurrency', 1);
}
const countOf = number => {
  const count = Number(number);
  if (Number.isNaN(count)) return 0;
  if (count < 0) throw require('quickcuke:errors').outOfRange('number', '>= 0', number);
  return count;
};

// Several callbacks may be under way at once; what they give keeps its order.
async function* mapped(source, callback, { concurrency = 1, signal } = {}) {
  const under = [];
  for await (const chunk of source) {
    under.push(Promise.resolve(callback(chunk, { signal })));
    under.at(-1).catch(() => {});
    if (under.length >= concurrency) yield await under.shift();
  }
  while (under.length > 0) yield await under.shift();
}

function install(Readable) {
  const lazily = {
    map(callback, options) { return mapped(this, callback, options); },
    async *filter(callback, options) { for await (const [chunk, wanted] of mapped(this, async (chunk, more) => [chunk, await callback(chunk, more)], options)) if (wanted) yield chunk; },
    async *flatMap(callback, options) { for await (const part of mapped(this, callback, options)) yield* part; },
  };
  for (const [name, run] of Object.entries(lazily)) {
    define(name, function (callback, options) {
      requireFunction(callback, 'fn');
      requireOptions(options);
      return Readable.from(run.call(this, callback, options ?? undefined));
    });
  }
  const counted = {
    async *take(count) { if (count > 0) for await (const chunk of this) { yield chunk; if (--count <= 0) return; } },
    async *drop(count) { for await (const chunk of this) if (count-- <= 0) yield chunk; },
  };
  for (const [name, run] of Object.entries(counted)) {
    define(name, function (count, options) {
      requireOptions(options);
      return Readable.from(run.call(this, countOf(count)));
    });
  }
  const whole = {
    async some(callback, options) { for await (const found of mapped(this, callback, options)) if (found) return true; return false; },
    async every(callback, options) { for await (const found of mapped(this, callback, options)) if (!found) return false; return true; },
    async find(callback, options) { for await (const chunk of this.filter(callback, options)) return chunk; return undefined; },
    async forEach(callback, options) { for await (const _ of mapped(this, callback, options)); },
  };
  for (const [name, run] of Object.entries(whole)) {
    define(name, async function (callback, options) {
      requireFunction(callback, 'fn');
      requireOptions(options);
      return run.call(this, callback, options ?? undefined);
    });
  }
  define('toArray', async function (options) {
    requireOptions(options);
    const all = [];
    for await (const chunk of this) all.push(chunk);
    return all;
  });
  define('reduce', async function (...given) {
    const [reducer, initial, options] = given;
    requireFunction(reducer, 'reducer');
    requireOptions(options);
    let isFirst = given.length < 2;
    let value = initial;
    for await (const chunk of this) {
      value = isFirst ? chunk : await reducer(value, chunk, { signal: options?.signal });
      isFirst = false;
    }
    if (isFirst) throw coded(TypeError, 'ERR_MISSING_ARGS', 'Reduce of an empty stream requires an initial value');
    return value;
  });
  function define(name, value) {
    Object.defineProperty(value, 'name', { value: name, configurable: true });
    Object.defineProperty(Readable.prototype, name, { value, writable: true, configurable: true });
  }
}

module.exports = { install };
