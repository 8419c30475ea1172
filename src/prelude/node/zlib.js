// `node:zlib`: whole messages over the op of host/zlib.rs. A stream keeps what it is given and converts it at its end.

const { Transform } = require('node:stream');
const { coded, invalidArgType, requireFunction } = require('quickcuke:errors');

const constants = {
  Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5, Z_OK: 0, Z_STREAM_END: 1, Z_NEED_DICT: 2,
  Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3, Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_VERSION_ERROR: -6, Z_NO_COMPRESSION: 0,
  Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1, Z_FILTERED: 1, Z_HUFFMAN_ONLY: 2, Z_RLE: 3, Z_FIXED: 4,
  Z_DEFAULT_STRATEGY: 0, ZLIB_VERNUM: 4880, DEFLATE: 1, INFLATE: 2, GZIP: 3, GUNZIP: 4, DEFLATERAW: 5, INFLATERAW: 6, UNZIP: 7,
  BROTLI_DECODE: 8, BROTLI_ENCODE: 9, Z_MIN_WINDOWBITS: 8, Z_MAX_WINDOWBITS: 15, Z_DEFAULT_WINDOWBITS: 15, Z_MIN_CHUNK: 64,
  Z_MAX_CHUNK: Infinity, Z_DEFAULT_CHUNK: 16384, Z_MIN_MEMLEVEL: 1, Z_MAX_MEMLEVEL: 9, Z_DEFAULT_MEMLEVEL: 8, Z_MIN_LEVEL: -1, Z_MAX_LEVEL: 9,
  Z_DEFAULT_LEVEL: -1, BROTLI_OPERATION_PROCESS: 0, BROTLI_OPERATION_FLUSH: 1, BROTLI_OPERATION_FINISH: 2, BROTLI_OPERATION_EMIT_METADATA: 3,
  BROTLI_PARAM_MODE: 0, BROTLI_MODE_GENERIC: 0, BROTLI_MODE_TEXT: 1, BROTLI_PARAM_QUALITY: 1, BROTLI_MIN_QUALITY: 0, BROTLI_MAX_QUALITY: 11,
  BROTLI_PARAM_SIZE_HINT: 5,
};

// Format of the op -> the class of its streams.
const CLASSES = {
  gzip: 'Gzip', gunzip: 'Gunzip', deflate: 'Deflate', inflate: 'Inflate', deflateRaw: 'DeflateRaw', inflateRaw: 'InflateRaw', unzip: 'Unzip',
  brotliDecompress: 'BrotliDecompress',
};
// Nothing of zstd: packages look whether it is there.
const ABSENT = { brotliCompress: 'BrotliCompress' };

function bytesOf(message) {
  if (typeof message === 'string') return Buffer.from(message);
  if (ArrayBuffer.isView(message)) return new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  if (message instanceof ArrayBuffer) return new Uint8Array(message);
  throw invalidArgType('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], message);
}

function convert(format, message, options) {
  if (options?.dictionary !== undefined) throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'zlib: the option dictionary is not available in quickcuke');
  const bytes = internal.ops.zlib(format, message, options?.level ?? null, options?.maxOutputLength ?? null);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const exported = {
  constants: Object.freeze(constants),
  crc32(data, value = 0) {
    if (typeof data !== 'string' && !ArrayBuffer.isView(data)) throw invalidArgType('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    return internal.ops.crc32(bytesOf(data), value);
  },
};

for (const [format, name] of Object.entries(CLASSES)) {
  const Class = {
    [name]: class extends Transform {
      #chunks = []; #options;
      constructor(options = {}) { super(options); this.#options = options; this.bytesWritten = 0; }
      _transform(chunk, encoding, callback) { this.#chunks.push(chunk); this.bytesWritten += chunk.length; callback(); }
      _flush(callback) {
        let result;
        try { result = this.bytesWritten === 0 && /^(gun|in|un|brotliD)/.test(format) ? null : convert(format, Buffer.concat(this.#chunks), this.#options); } catch (error) { callback(error); return; }
        callback(null, result);
      }
      flush(kind, callback = kind) { if (typeof callback === 'function') process.nextTick(callback); }
      close(callback) { if (callback) this.once('close', callback); this.destroy(); }
    },
  }[name];
  exported[name] = Class;
  exported[`create${name}`] = options => new Class(options);
  exported[`${format}Sync`] = (message, options) => convert(format, bytesOf(message), options);
  exported[format] = (message, options, callback = options) => {
    requireFunction(callback, 'callback');
    const bytes = bytesOf(message).slice();
    internal.setImmediate(() => {
      let result;
      try { result = convert(format, bytes, typeof options === 'object' ? options : undefined); } catch (error) { callback(error); return; }
      callback(null, result);
    });
  };
}

for (const [format, name] of Object.entries(ABSENT)) {
  for (const id of [format, `${format}Sync`, name, `create${name}`]) {
    exported[id] = function () { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `zlib.${id} is not available in quickcuke: it compresses with gzip and deflate`); };
  }
}

module.exports = exported;
