// Headers of the Fetch standard.

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const nameOf = name => {
  const text = `${name}`;
  if (!TOKEN.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid header name.`);
  return text.toLowerCase();
};
// A value is bytes: one character each.
const valueOf = (name, value) => {
  const text = `${value}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]|[^\0-\xff]/.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid value of header "${name}".`);
  return text;
};

class Headers {
  #values = new Map(); // lower-case name -> values

  constructor(init = undefined) {
    if (init === undefined) return;
    if (init === null || typeof init !== 'object') throw new TypeError('Headers: the argument must be an object, an array of pairs or Headers.');
    if (typeof init[Symbol.iterator] === 'function') {
      for (const pair of init) {
        const items = [...pair];
        if (items.length !== 2) throw new TypeError('Headers: each header must be a pair of name and value.');
        this.append(items[0], items[1]);
      }
    } else for (const name of Reflect.ownKeys(init)) this.append(name, init[name]);
  }

  append(name, value) {
    const key = nameOf(name);
    const values = this.#values.get(key) ?? [];
    this.#values.set(key, [...values, valueOf(key, value)]);
  }
  set(name, value) {
    const key = nameOf(name);
    this.#values.set(key, [valueOf(key, value)]);
  }
  get(name) { return this.#values.get(nameOf(name))?.join(', ') ?? null; }
  has(name) { return this.#values.has(nameOf(name)); }
  delete(name) { this.#values.delete(nameOf(name)); }
  getSetCookie() { return [...this.#values.get('set-cookie') ?? []]; }
  forEach(callback, receiver) { for (const [name, value] of this) callback.call(receiver, value, name, this); }

  // Sorted; cookies are not joined, since they hold commas.
  *entries() {
    for (const name of [...this.#values.keys()].sort()) {
      if (name === 'set-cookie') for (const value of this.#values.get(name) ?? []) yield [name, value];
      else yield [name, this.get(name)];
    }
  }
  *keys() { for (const [name] of this.entries()) yield name; }
  *values() { for (const [, value] of this.entries()) yield value; }
  get [Symbol.toStringTag]() { return 'Headers'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return `Headers ${inspect(Object.fromEntries(this), options)}`; }
}
Object.defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, configurable: true });

module.exports = { Headers };
