// URL and URLSearchParams. Parsing is an op (the `url` crate); the query's pairs are handled here.

const { coded } = require('quickcuke:errors');

// application/x-www-form-urlencoded, both ways.
const decodePart = text => {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try { return decodeURIComponent(spaced); } catch { /* not UTF-8: byte by byte below */ }
  const bytes = [];
  const raw = new TextEncoder().encode(spaced);
  for (let at = 0; at < raw.length; at++) {
    const hex = raw[at] === 0x25 ? String.fromCharCode(raw[at + 1], raw[at + 2]) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) { bytes.push(parseInt(hex, 16)); at += 2; } else bytes.push(raw[at]);
  }
  return internal.ops.text_decode(Uint8Array.from(bytes), 'utf8');
};
const encodePart = text => encodeURIComponent(text.toWellFormed())
  .replace(/[!'()~]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+');
const parseQuery = query => query.split('&').filter(part => part !== '').map(part => {
  const at = part.indexOf('=');
  return at === -1 ? [decodePart(part), ''] : [decodePart(part.slice(0, at)), decodePart(part.slice(at + 1))];
});

class URLSearchParams {
  #pairs = [];
  #changed;

  constructor(init = undefined) {
    if (init === undefined || init === null) return;
    if (typeof init === 'object' || typeof init === 'function') {
      if (typeof init[Symbol.iterator] === 'function') {
        for (const pair of init) {
          const items = pair !== null && typeof pair === 'object' && typeof pair[Symbol.iterator] === 'function' ? [...pair] : [];
          if (items.length !== 2) throw coded(TypeError, 'ERR_INVALID_TUPLE', 'Each query pair must be an iterable [name, value] tuple');
          this.#pairs.push([`${items[0]}`, `${items[1]}`]);
        }
      } else for (const key of Reflect.ownKeys(init)) if (Object.prototype.propertyIsEnumerable.call(init, key)) this.#pairs.push([`${key}`, `${init[key]}`]);
      return;
    }
    const text = `${init}`;
    this.#pairs = parseQuery(text.startsWith('?') ? text.slice(1) : text);
  }

  // Ties these pairs to a URL: `changed` is told of each change.
  static bind(params, query, changed) {
    params.#pairs = parseQuery(query);
    params.#changed = changed;
    return params;
  }
  #update() { this.#changed?.(this.toString()); }

  get size() { return this.#pairs.length; }
  append(name, value) {
    requireArguments(arguments.length, 2, '"name" and "value" arguments');
    this.#pairs.push([`${name}`, `${value}`]);
    this.#update();
  }
  delete(name, value) {
    requireArguments(arguments.length, 1, '"name" argument');
    this.#pairs = this.#pairs.filter(([key, item]) => key !== `${name}` || (value !== undefined && item !== `${value}`));
    this.#update();
  }
  get(name) {
    requireArguments(arguments.length, 1, '"name" argument');
    return this.#pairs.find(([key]) => key === `${name}`)?.[1] ?? null;
  }
  getAll(name) { return this.#pairs.filter(([key]) => key === `${name}`).map(([, value]) => value); }
  has(name, value) { return this.#pairs.some(([key, item]) => key === `${name}` && (value === undefined || item === `${value}`)); }
  set(name, value) {
    requireArguments(arguments.length, 2, '"name" and "value" arguments');
    const at = this.#pairs.findIndex(([key]) => key === `${name}`);
    if (at === -1) this.#pairs.push([`${name}`, `${value}`]);
    else {
      this.#pairs[at][1] = `${value}`;
      this.#pairs = this.#pairs.filter(([key], index) => index <= at || key !== `${name}`);
    }
    this.#update();
  }
  sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#update(); }
  forEach(callback, receiver) {
    require('quickcuke:errors').requireFunction(callback, 'callback');
    for (const [name, value] of this.#pairs) callback.call(receiver, value, name, this);
  }
  *entries() { for (let at = 0; at < this.#pairs.length; at++) yield [...this.#pairs[at]]; }
  *keys() { for (let at = 0; at < this.#pairs.length; at++) yield this.#pairs[at][0]; }
  *values() { for (let at = 0; at < this.#pairs.length; at++) yield this.#pairs[at][1]; }
  toString() { return this.#pairs.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&'); }
  get [Symbol.toStringTag]() { return 'URLSearchParams'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth !== null && depth < 0) return '[Object]';
    const pairs = this.#pairs.map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    return pairs.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${pairs.join(', ')} }`;
  }
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, { value: URLSearchParams.prototype.entries, writable: true, configurable: true });
const bindParams = URLSearchParams.bind;
delete URLSearchParams.bind;

function requireArguments(count, wanted, names) {
  if (count < wanted) throw coded(TypeError, 'ERR_MISSING_ARGS', `The ${names} must be specified`);
}

class URL {
  #parts;
  #params;

  constructor(input, base = undefined) {
    requireArguments(arguments.length, 1, '"url" argument');
    const parts = parse(input, base);
    if (parts === undefined) {
      throw coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input: `${input}`, ...(base === undefined ? {} : { base: `${base}` }) });
    }
    this.#parts = parts;
  }
  static canParse(input, base = undefined) { return parse(input, base) !== undefined; }
  static parse(input, base = undefined) { return URL.canParse(input, base) ? new URL(input, base) : null; }
  static createObjectURL() { throw new Error('URL.createObjectURL is not available in quickcuke'); }
  static revokeObjectURL() {}

  #set(part, value) {
    this.#parts = internal.ops.url_set(this.#parts.href, part, `${value}`.toWellFormed()) ?? this.#parts;
  }
  #refreshParams() { if (this.#params) this.#bind(this.#params); }
  #bind(params) { return bindParams(params, this.#parts.search.slice(1), query => this.#set('search', query)); }

  get href() { return this.#parts.href; }
  set href(value) {
    const parts = parse(value);
    if (parts === undefined) throw coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input: `${value}` });
    this.#parts = parts;
    this.#refreshParams();
  }
  get origin() { return this.#parts.origin; }
  get search() { return this.#parts.search; }
  set search(value) { this.#set('search', value); this.#refreshParams(); }
  get searchParams() { return this.#params ??= this.#bind(new URLSearchParams()); }
  toString() { return this.#parts.href; }
  toJSON() { return this.#parts.href; }

  static {
    for (const part of ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'hash']) {
      Object.defineProperty(URL.prototype, part, {
        get() { return this.#parts[part]; },
        set(value) { this.#set(part, value); },
        enumerable: true, configurable: true,
      });
    }
  }
  get [Symbol.toStringTag]() { return 'URL'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {};
    for (const part of SHOWN) shown[part] = this[part];
    return `${this.constructor.name} ${inspect(shown, options)}`;
  }
}
const SHOWN = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'searchParams', 'hash'];
for (const name of ['href', 'origin', 'search', 'searchParams', 'toString', 'toJSON']) Object.defineProperty(URL.prototype, name, { enumerable: true });

function parse(input, base) {
  const parts = internal.ops.url_parse(`${input}`.toWellFormed(), base === undefined ? undefined : `${base}`.toWellFormed());
  return parts ?? undefined;
}

module.exports = { URL, URLSearchParams };
