// The web's `crypto`: random values and UUIDs. `subtle` is not there yet.

const QUOTA = 65536;

const subtle = new Proxy({}, {
  get(_, name) {
    if (typeof name === 'symbol' || name === 'then') return undefined;
    if (name === 'digest') return digest;
    throw new Error(`crypto.subtle.${name} is not available in quickcuke: it has digest; node:crypto has createHash and createHmac`);
  },
});

const DIGESTS = { 'sha-1': 'sha1', 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' };

async function digest(algorithm, data) {
  const { coded } = require('quickcuke:errors');
  if (!ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) {
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', "Failed to execute 'digest' on 'SubtleCrypto': 2nd argument is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.");
  }
  const name = DIGESTS[`${algorithm?.name ?? algorithm}`.toLowerCase()];
  if (name === undefined) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  return internal.ops.digest(name, bytes).buffer;
}

function randomUUID() {
  const bytes = internal.ops.random_bytes(16);
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

class Crypto {
  get subtle() { return subtle; }
  getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || array instanceof Float32Array || array instanceof Float64Array || array instanceof DataView) {
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (array.byteLength > QUOTA) throw new DOMException(`The requested length exceeds 65,536 bytes`, 'QuotaExceededError');
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(internal.ops.random_bytes(array.byteLength));
    return array;
  }
  randomUUID() { return randomUUID(); }
  get [Symbol.toStringTag]() { return 'Crypto'; }
}

module.exports = { webcrypto: new Crypto(), Crypto, randomUUID };
