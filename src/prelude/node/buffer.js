// `node:buffer`: Buffer, a Uint8Array that knows text encodings and number formats.

const { coded, invalidArgType, invalidArgValue, outOfRange, requireInteger, requireNumber, unknownEncoding } = require('quickcuke:errors');
const { encodingOf, encode, decode, byteLengthOf } = require('quickcuke:buffer_text');

const MAX_LENGTH = Number.MAX_SAFE_INTEGER;
const customInspect = Symbol.for('nodejs.util.inspect.custom');
let bytesShown = 50;

const asBuffer = bytes => Object.setPrototypeOf(bytes, Buffer.prototype);
const isBytes = value => ArrayBuffer.isView(value) && value instanceof Uint8Array;

function checkedEncoding(encoding) {
  const known = encodingOf(encoding);
  if (known === undefined) throw unknownEncoding(encoding);
  return known;
}

function checkedSize(size) {
  if (typeof size !== 'number') throw invalidArgType('size', 'number', size);
  if (!(size >= 0 && size <= MAX_LENGTH)) throw outOfRange('size', `>= 0 && <= ${MAX_LENGTH}`, size);
  return size;
}

// Callable with and without `new`, as old code still does.
function Buffer(value, encodingOrOffset, length) {
  return typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Object.setPrototypeOf(Buffer.prototype, Uint8Array.prototype);
function fromArrayLike(values) {
  const buffer = asBuffer(new Uint8Array(values.length > 0 ? values.length : 0));
  for (let index = 0; index < buffer.length; index++) buffer[index] = values[index];
  return buffer;
}

Buffer.from = function (value, encodingOrOffset, length) {
  if (typeof value === 'string') return asBuffer(encode(value, checkedEncoding(typeof encodingOrOffset === 'string' ? encodingOrOffset : 'utf8')));
  if (value !== null && typeof value === 'object') {
    if (value instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)) {
      const offset = Number(encodingOrOffset) || 0;
      if (offset > value.byteLength) throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"offset" is outside of buffer bounds');
      if (length !== undefined && Number(length) > value.byteLength - offset) throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"length" is outside of buffer bounds');
      return asBuffer(new Uint8Array(value, offset, length === undefined ? undefined : Math.max(0, Number(length) || 0)));
    }
    const inner = value.valueOf?.();
    if (inner != null && inner !== value && (typeof inner === 'string' || typeof inner === 'object')) return Buffer.from(inner, encodingOrOffset, length);
    if (isBytes(value)) return asBuffer(new Uint8Array(value));
    if (value.type === 'Buffer' && Array.isArray(value.data)) return fromArrayLike(value.data);
    if (value.length !== undefined) return fromArrayLike(typeof value.length === 'number' ? value : []);
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const text = value[Symbol.toPrimitive]('string');
      if (typeof text === 'string') return Buffer.from(text, encodingOrOffset);
    }
  }
  throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'The first argument must be of type string or an instance of Buffer, '
    + `ArrayBuffer, or Array or an Array-like Object.${require('quickcuke:errors').received(value)}`);
};
Buffer.of = (...items) => fromArrayLike(items);
Buffer.alloc = (size, fill, encoding) => {
  const buffer = asBuffer(new Uint8Array(checkedSize(size)));
  if (typeof fill === 'string' && encoding !== undefined && encoding !== null && typeof encoding !== 'string') throw invalidArgType('encoding', 'string', encoding);
  return fill === undefined || fill === 0 || size === 0 ? buffer : buffer.fill(fill, encoding ?? undefined);
};
Buffer.allocUnsafe = size => asBuffer(new Uint8Array(checkedSize(size)));
Buffer.allocUnsafeSlow = Buffer.allocUnsafe;
Buffer.isBuffer = value => value instanceof Buffer;
Buffer.isEncoding = encoding => typeof encoding === 'string' && encoding !== '' && encodingOf(encoding) !== undefined;
Buffer.poolSize = 8192;
Buffer.byteLength = (value, encoding) => {
  if (typeof value === 'string') return byteLengthOf(value, encodingOf(encoding) ?? 'utf8');
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "string" argument must be of type string or an instance of Buffer or ArrayBuffer.${require('quickcuke:errors').received(value)}`);
};
Buffer.compare = (a, b) => {
  if (!isBytes(a)) throw invalidArgType('buf1', ['Buffer', 'Uint8Array'], a);
  if (!isBytes(b)) throw invalidArgType('buf2', ['Buffer', 'Uint8Array'], b);
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) if (a[index] !== b[index]) return a[index] < b[index] ? -1 : 1;
  return Math.sign(a.length - b.length);
};
Buffer.concat = (list, length) => {
  if (!Array.isArray(list)) throw invalidArgType('list', 'Array', list);
  if (length !== undefined) requireInteger(length, 'length', 0, MAX_LENGTH);
  list.forEach((item, index) => { if (!isBytes(item)) throw invalidArgType(`list[${index}]`, ['Buffer', 'Uint8Array'], item); });
  const buffer = Buffer.alloc(length ?? list.reduce((sum, item) => sum + item.length, 0));
  let at = 0;
  for (const item of list) {
    if (at >= buffer.length) break;
    buffer.set(item.length > buffer.length - at ? item.subarray(0, buffer.length - at) : item, at);
    at += item.length;
  }
  return buffer;
};
Buffer.copyBytesFrom = (view, offset = 0, length) => {
  if (!ArrayBuffer.isView(view) || view instanceof DataView) throw invalidArgType('view', 'TypedArray', view);
  const part = view.subarray(offset, length === undefined ? undefined : offset + length);
  return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
};

const clamp = (value, low, high) => Math.min(Math.max(Math.trunc(Number(value)) || 0, low), high);

// Where in `buffer` the value is, seeking from `offset` on (or backwards).
function find(buffer, value, offset, encoding, forwards) {
  if (typeof offset === 'string') { encoding = offset; offset = undefined; }
  let start = Number(offset);
  if (Number.isNaN(start)) start = forwards ? 0 : buffer.length;
  start = Math.trunc(start);
  if (start < 0) start += buffer.length;
  if (start < 0) { if (!forwards) return -1; start = 0; }
  if (typeof value === 'number') {
    const byte = value & 255;
    const { indexOf, lastIndexOf } = Uint8Array.prototype;
    return forwards ? indexOf.call(buffer, byte, start) : lastIndexOf.call(buffer, byte, start);
  }
  if (typeof value === 'string') value = encode(value, checkedEncoding(encoding));
  else if (!isBytes(value)) throw invalidArgType('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
  if (value.length === 0) return Math.min(start, buffer.length);
  const last = buffer.length - value.length;
  const step = forwards ? 1 : -1;
  for (let at = forwards ? start : Math.min(start, last); at >= 0 && at <= last; at += step) {
    let same = 0;
    while (same < value.length && buffer[at + same] === value[same]) same++;
    if (same === value.length) return at;
  }
  return -1;
}

function swap(buffer, size) {
  if (buffer.length % size !== 0) throw coded(RangeError, 'ERR_INVALID_BUFFER_SIZE', `Buffer size must be a multiple of ${size * 8}-bits`);
  for (let at = 0; at < buffer.length; at += size) buffer.subarray(at, at + size).reverse();
  return buffer;
}

const methods = {
  toString(encoding, start, end) {
    if (arguments.length === 0) return decode(this, 'utf8');
    const from = start === undefined ? 0 : clamp(start, 0, this.length);
    const to = end === undefined ? this.length : clamp(end, 0, this.length);
    if (to <= from) return '';
    return decode(from === 0 && to === this.length ? this : this.subarray(from, to), encoding === null ? checkedEncoding('null') : checkedEncoding(encoding));
  },
  toLocaleString(encoding, start, end) { return this.toString(encoding, start, end); },
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; },
  equals(other) {
    if (!isBytes(other)) throw invalidArgType('otherBuffer', ['Buffer', 'Uint8Array'], other);
    return this === other || (this.length === other.length && Buffer.compare(this, other) === 0);
  },
  compare(target, targetStart = 0, targetEnd = target?.length, start = 0, end = this.length) {
    if (!isBytes(target)) throw invalidArgType('target', ['Buffer', 'Uint8Array'], target);
    for (const [name, value, most] of [['targetStart', targetStart, undefined], ['targetEnd', targetEnd, target.length], ['sourceStart', start, undefined], ['sourceEnd', end, this.length]]) {
      requireInteger(value, name, 0, most ?? MAX_LENGTH);
    }
    return Buffer.compare(this.subarray(start, end), target.subarray(targetStart, targetEnd));
  },
  slice(start, end) { return this.subarray(start, end); },
  subarray(start, end) {
    const from = relative(start, this.length, 0);
    const to = relative(end, this.length, this.length);
    return asBuffer(new Uint8Array(this.buffer, this.byteOffset + from, Math.max(0, to - from)));
  },
  indexOf(value, offset, encoding) { return find(this, value, offset, encoding, true); },
  lastIndexOf(value, offset, encoding) { return find(this, value, offset, encoding, false); },
  includes(value, offset, encoding) { return this.indexOf(value, offset, encoding) !== -1; },
  fill(value, offset, end, encoding) {
    if (typeof offset === 'string') { encoding = offset; offset = undefined; } else if (typeof end === 'string') { encoding = end; end = undefined; }
    const from = offset === undefined ? 0 : offset;
    const to = end === undefined ? this.length : end;
    requireNumber(from, 'offset', 0, MAX_LENGTH);
    requireNumber(to, 'end', 0, this.length);
    if (from >= to) return this;
    if (typeof value === 'string') {
      const bytes = encode(value, checkedEncoding(encoding));
      if (bytes.length === 0 && value !== '') throw invalidArgValue('value', value);
      value = bytes.length === 0 ? 0 : bytes;
    }
    if (!isBytes(value)) { Uint8Array.prototype.fill.call(this, Number(value) & 255, from, to); return this; }
    if (value.length === 0) throw invalidArgValue('value', value);
    for (let at = from; at < to; at++) this[at] = value[(at - from) % value.length];
    return this;
  },
  copy(target, targetStart = 0, start = 0, end = this.length) {
    if (!isBytes(target)) throw invalidArgType('target', ['Buffer', 'Uint8Array'], target);
    targetStart = Math.trunc(Number(targetStart)) || 0;
    start = Math.trunc(Number(start)) || 0;
    end = Math.trunc(Number(end)) || 0;
    if (targetStart < 0) throw outOfRange('targetStart', '>= 0', targetStart);
    if (start < 0 || start > this.length) throw outOfRange('sourceStart', `>= 0 && <= ${this.length}`, start);
    if (end < 0) throw outOfRange('sourceEnd', '>= 0', end);
    if (targetStart >= target.length || start >= end) return 0;
    const part = Uint8Array.prototype.subarray.call(new Uint8Array(this.buffer, this.byteOffset, this.length), start, Math.min(end, this.length, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  },
  write(text, offset, length, encoding) {
    if (typeof text !== 'string') throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
    if (typeof offset === 'string') { encoding = offset; offset = undefined; length = undefined; } else if (typeof length === 'string') { encoding = length; length = undefined; }
    if (offset !== undefined) requireInteger(offset, 'offset', 0, this.length);
    if (length !== undefined && length !== null) requireInteger(length, 'length', 0, this.length);
    const from = Math.trunc(offset ?? 0);
    const room = Math.min(length ?? Infinity, this.length - from);
    const known = checkedEncoding(encoding);
    let bytes = encode(text, known);
    if (bytes.length > room) {
      let cut = room;
      // Never half a character.
      if (known === 'utf8') while (cut > 0 && (bytes[cut] & 0xc0) === 0x80) cut--;
      if (known === 'utf16le') cut &= ~1;
      bytes = bytes.subarray(0, cut);
    }
    this.set(bytes, from);
    return bytes.length;
  },
  swap16() { return swap(this, 2); },
  swap32() { return swap(this, 4); },
  swap64() { return swap(this, 8); },
  [customInspect](depth, options, inspect) {
    const shown = Array.from(Uint8Array.prototype.slice.call(new Uint8Array(this.buffer, this.byteOffset, Math.min(bytesShown, this.length))), byte => byte.toString(16).padStart(2, '0')).join(' ');
    const more = this.length - bytesShown;
    const rest = more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : '';
    const keys = Object.keys(this).filter(key => !/^\d+$/.test(key));
    const extra = keys.map(key => `, ${key}: ${inspect(this[key], { ...options, breakLength: Infinity, compact: true })}`).join('');
    return `<${this.constructor?.name ?? 'Buffer'} ${shown}${rest}${extra}>`;
  },
};

function relative(value, length, missing) {
  if (value === undefined) return missing;
  const number = Math.trunc(Number(value)) || 0;
  return number < 0 ? Math.max(0, length + number) : Math.min(number, length);
}

for (const key of Reflect.ownKeys(methods)) {
  Object.defineProperty(Buffer.prototype, key, { value: methods[key], writable: true, configurable: true, enumerable: true });
}
for (const [name, encoding] of [['ascii', 'ascii'], ['base64', 'base64'], ['base64url', 'base64url'], ['hex', 'hex'], ['latin1', 'latin1'], ['ucs2', 'utf16le'], ['utf8', 'utf8']]) {
  Object.defineProperty(Buffer.prototype, `${name}Write`, {
    value(text, offset, length) { return this.write(text, offset, length, encoding); }, writable: true, configurable: true,
  });
  Object.defineProperty(Buffer.prototype, `${name}Slice`, {
    value(start, end) { return this.toString(encoding, start, end); }, writable: true, configurable: true,
  });
}
for (const name of ['map', 'filter']) {
  Object.defineProperty(Buffer.prototype, name, {
    value(...values) { return asBuffer(Uint8Array.prototype[name].apply(new Uint8Array(this.buffer, this.byteOffset, this.length), values)); },
    writable: true, configurable: true,
  });
}
Object.defineProperties(Buffer.prototype, {
  parent: { get() { return this instanceof Buffer ? this.buffer : undefined; }, configurable: true },
  offset: { get() { return this instanceof Buffer ? this.byteOffset : undefined; }, configurable: true },
});
require('quickcuke:buffer_numbers').install(Buffer.prototype);

function inputOf(input) {
  if (ArrayBuffer.isView(input) && !(input instanceof DataView)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  throw invalidArgType('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

// What the other encoding does not have becomes a question mark.
function transcode(source, from, to) {
  if (!isBytes(source)) throw invalidArgType('source', ['Buffer', 'Uint8Array'], source);
  const [known, wanted] = [encodingOf(from), encodingOf(to)];
  const TEXT = ['utf8', 'utf16le', 'latin1', 'ascii'];
  if (!TEXT.includes(known) || !TEXT.includes(wanted)) {
    throw coded(Error, 'U_ILLEGAL_ARGUMENT_ERROR', 'Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]', { errno: 1 });
  }
  const text = Buffer.from(source).toString(known);
  if (wanted === 'utf8' || wanted === 'utf16le') return Buffer.from(text, wanted);
  const most = wanted === 'latin1' ? 0xff : 0x7f;
  return Buffer.from([...text].map(character => (character.codePointAt(0) > most ? '?' : character)).join(''), 'latin1');
}

const { Blob, File } = require('quickcuke:blob');

module.exports = {
  Buffer, Blob, File,
  SlowBuffer: Buffer.allocUnsafe,
  atob: globalThis.atob,
  btoa: globalThis.btoa,
  constants: { MAX_LENGTH, MAX_STRING_LENGTH: 536870888 },
  kMaxLength: MAX_LENGTH,
  kStringMaxLength: 536870888,
  isUtf8(input) {
    const bytes = inputOf(input);
    try { internal.ops.text_decode_strict(bytes); return true; } catch { return false; }
  },
  isAscii: input => inputOf(input).every(byte => byte < 128),
  transcode,
  resolveObjectURL: () => undefined,
  get INSPECT_MAX_BYTES() { return bytesShown; },
  set INSPECT_MAX_BYTES(count) { bytesShown = count; },
};
