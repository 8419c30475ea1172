// `node:crypto`: hashes, HMACs and randomness. No ciphers, keys or signatures.

const { coded, invalidArgType, outOfRange, requireFunction, requireNumber, requireObject, requireString } = require('quickcuke:errors');
const { Transform } = require('node:stream');
const { webcrypto, randomUUID } = require('quickcuke:webcrypto');

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-224', 'sha512-256', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512'];
// As OpenSSL names them: SHA256, SHA2-256, RSA-SHA256.
const known = name => {
  const plain = name.toLowerCase().replace(/^rsa-/, '').replace(/^sha-(\d+)$/, 'sha$1').replace(/^sha2-(\d+)/, 'sha$1').replace('/', '-');
  return ALGORITHMS.includes(plain) ? plain : undefined;
};
const missingDigest = `quickcuke has ${ALGORITHMS.join(', ')}`;
const bytesOf = (data, encoding, name = 'data') => {
  if (typeof data === 'string') return Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  throw invalidArgType(name, ['string', 'Buffer', 'TypedArray', 'DataView'], data);
};

const plainly = encoding => (Buffer.isEncoding(encoding) ? encoding : 'utf8');

// Chunks are kept and digested at once. A stream as well: what is written is digested, and read when it has ended.
class Digest extends Transform {
  #chunks = []; #finish; #done = false; #options;
  constructor(finish, options) {
    super(options);
    this.#finish = finish;
    this.#options = options;
  }
  update(data, encoding) {
    if (this.#done) throw finalized();
    this.#chunks.push(Buffer.from(bytesOf(data, plainly(encoding))));
    return this;
  }
  digest(encoding) {
    if (this.#done) {
      if (this instanceof Hash) throw finalized();
      return encoding === undefined || encoding === 'buffer' ? Buffer.alloc(0) : '';
    }
    this.#done = true;
    const result = Buffer.from(this.#finish(Buffer.concat(this.#chunks)));
    return Buffer.isEncoding(encoding) ? result.toString(encoding) : result;
  }
  _transform(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  }
  _flush(callback) {
    this.push(this.digest());
    callback();
  }
  copy(options = this.#options) {
    if (this.#done) throw finalized();
    const copy = new this.constructor(this.#finish, options);
    copy.#chunks = [...this.#chunks];
    return copy;
  }
}
const finalized = () => coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
class Hash extends Digest {}
class Hmac extends Digest {}
Object.defineProperty(Hmac.prototype, 'copy', { value: undefined });

const createHash = (algorithm, options) => {
  requireString(algorithm, 'algorithm');
  const digest = known(algorithm);
  if (digest === undefined) throw coded(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Digest method not supported: ${algorithm} (${missingDigest})`);
  return new Hash(message => internal.ops.digest(digest, message), options);
};
const createHmac = (algorithm, key, options) => {
  requireString(algorithm, 'hmac');
  if (typeof key !== 'string' && !ArrayBuffer.isView(key) && !(key instanceof ArrayBuffer)) {
    throw invalidArgType('key', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView', 'string', 'KeyObject', 'CryptoKey'], key);
  }
  const digest = known(algorithm);
  if (digest === undefined) throw coded(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm} (${missingDigest})`);
  const secret = bytesOf(key, 'utf8');
  return new Hmac(message => internal.ops.hmac(digest, secret, message), options);
};
const hash = (algorithm, input, encoding = 'hex') => {
  requireString(algorithm, 'algorithm');
  return createHash(algorithm).update(Buffer.from(bytesOf(input, 'utf8', 'input'))).digest(encoding);
};

const later = (callback, make) => {
  if (callback === undefined) return make();
  requireFunction(callback, 'callback');
  let value;
  try { value = make(); } catch (error) { process.nextTick(callback, error); return undefined; }
  process.nextTick(callback, null, value);
  return undefined;
};
const randomBytes = (size, callback) => {
  if (typeof size !== 'number') throw invalidArgType('size', 'number', size);
  if (!(size >= 0 && size <= 2147483647)) throw outOfRange('size', '>= 0 && <= 2147483647', size);
  return later(callback, () => Buffer.from(internal.ops.random_bytes(size)));
};
const randomFillSync = (target, offset = 0, size) => {
  if (!ArrayBuffer.isView(target) && !(target instanceof ArrayBuffer)) throw invalidArgType('buf', ['ArrayBuffer', 'ArrayBufferView'], target);
  const unit = target.BYTES_PER_ELEMENT ?? 1;
  requireNumber(offset, 'offset', 0, target.byteLength / unit);
  const rest = target.byteLength - offset * unit;
  if (size !== undefined) {
    requireNumber(size, 'size', 0, 2147483647);
    if (size * unit > rest) throw outOfRange('size + offset', `<= ${target.byteLength}`, (size + offset) * unit);
  }
  const view = ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target);
  view.set(internal.ops.random_bytes(size === undefined ? rest : size * unit), offset * unit);
  return target;
};

function randomInt(low, high, callback) {
  if (high === undefined || typeof high === 'function') [low, high, callback] = [0, low, high];
  if (!Number.isSafeInteger(low)) throw invalidArgType('min', 'a safe integer', low);
  if (!Number.isSafeInteger(high)) throw invalidArgType('max', 'a safe integer', high);
  if (high <= low) throw outOfRange('max', `greater than the value of "min" (${low})`, high);
  const range = high - low;
  if (range > 2 ** 48 - 1) throw outOfRange('max - min', `<= ${2 ** 48 - 1}`, range);
  const fair = 2 ** 48 - 2 ** 48 % range;
  return later(callback, () => {
    for (;;) {
      const number = Buffer.from(internal.ops.random_bytes(6)).readUIntBE(0, 6);
      if (number < fair) return low + number % range;
    }
  });
}

function timingSafeEqual(a, b) {
  for (const [name, value] of [['buf1', a], ['buf2', b]]) {
    if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) throw invalidArgType(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
  }
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (left.length !== right.length) throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left[index] ^ right[index];
  return difference === 0;
}

const missing = name => () => {
  throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `crypto.${name} is not available in quickcuke: it has hashes, HMACs and random values only`);
};

module.exports = {
  createHash, createHmac, hash, randomBytes, pseudoRandomBytes: randomBytes, randomFillSync, randomInt, timingSafeEqual, Hash, Hmac,
  randomFill: (target, ...rest) => { const callback = rest.pop(); later(callback, () => randomFillSync(target, ...rest)); },
  randomUUID(options) {
    if (options !== undefined) requireObject(options, 'options');
    return randomUUID();
  },
  getHashes: () => [...ALGORITHMS, ...['MD5', 'SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512'].map(name => `RSA-${name}`)],
  getCiphers: () => [],
  getCurves: () => [],
  getRandomValues: array => webcrypto.getRandomValues(array),
  webcrypto,
  subtle: webcrypto.subtle,
  constants: {},
  ...Object.fromEntries(['createCipheriv', 'createDecipheriv', 'createSign', 'createVerify', 'sign', 'verify', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync',
    'generateKeyPair', 'generateKeyPairSync', 'createPublicKey', 'createPrivateKey', 'createSecretKey', 'publicEncrypt', 'privateDecrypt', 'hkdf', 'hkdfSync', 'createECDH', 'createDiffieHellman'].map(name => [name, missing(name)])),
};
