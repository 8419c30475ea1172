// Blob and File over one array of bytes.

const { encode } = require('quickcuke:buffer_text');
const { coded, invalidArgType, requireObject } = require('quickcuke:errors');

const bytesOf = part => {
  if (part instanceof Blob) return part._bytes;
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  return encode(`${part}`, 'utf8');
};

class Blob {
  constructor(parts = [], options = undefined) {
    if (typeof parts !== 'object' || typeof parts?.[Symbol.iterator] !== 'function') throw invalidArgType('sources', 'a sequence', parts);
    if (options !== undefined && options !== null) requireObject(options, 'options');
    const { type = '' } = options ?? {};
    const pieces = [...parts].map(bytesOf);
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) { bytes.set(piece, at); at += piece.length; }
    Object.defineProperty(this, '_bytes', { value: bytes });
    Object.defineProperty(this, '_type', { value: /[^\x20-\x7e]/.test(type) ? '' : `${type}`.toLowerCase() });
  }
  get size() { return this._bytes.length; }
  get type() { return this._type; }
  async arrayBuffer() { return this._bytes.slice().buffer; }
  async bytes() { return this._bytes.slice(); }
  stream() {
    throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'blob.stream() is not available in quickcuke: take bytes(), arrayBuffer() or text()');
  }
  async text() { return internal.ops.text_decode(this._bytes, 'utf8'); }
  slice(start, end, type = '') { return new Blob([this._bytes.slice(start, end)], { type }); }
  get [Symbol.toStringTag]() { return 'Blob'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return require('quickcuke:event_target').inspectMembers(this, { size: this.size, type: this.type }, depth, options, inspect);
  }
}

class File extends Blob {
  #name; #lastModified;
  constructor(parts, name, options = {}) {
    if (arguments.length < 2) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "fileBits" and "fileName" arguments must be specified');
    super(parts, options);
    this.#name = `${name}`;
    this.#lastModified = options.lastModified ?? Date.now();
  }
  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
  get [Symbol.toStringTag]() { return 'File'; }
}

module.exports = { Blob, File };
