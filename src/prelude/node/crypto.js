// `node:crypto`: hashes, HMACs and randomness. No ciphers, keys or signatures.

const { coded, invalidArgType, outOfRange, requireString } = require('quickcuke:errors');
const { webcrypto, randomUUID } = require('quickcuke:webcrypto');

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const algorithmOf = name => {
  const known = `${name}`.toLowerCase().replace(/^(rsa-)?sha-?(\d+)$/, 'sha$2');
  if (!ALGORITHMS.includes(known)) throw coded(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${name} (quickcuke has ${ALGORITHMS.join(', ')})`);
  return known;
};
const bytesOf = (data, encoding, name = 'data') => {
  if (typeof data === 'string') return Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  throw invalidArgType(name, ['string', 'Buffer', 'TypedArray', 'DataView'], data);
};

// Chunks are kept and digested at once.
class Digest {
  #chunks = []; #finish; #done = false;
  constructor(finish) { this.#finish = finish; }
  update(data, encoding) {
    if (this.#done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this.#chunks.push(Buffer.from(bytesOf(data, encoding)));
    return this;
  }
  digest(encoding) {
    if (this.#done) throw coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this.#done = true;
    const result = Buffer.from(this.#finish(Buffer.concat(this.#chunks)));
    return encoding === undefined || encoding === 'buffer' ? result : result.toString(encoding);
  }
  write(data, encoding) { this.update(data, encoding); return true; }
  end(data, encoding) { if (data !== undefined) this.update(data, encoding); return this; }
  read() { return this.digest(); }
  copy() {
    const copy = new this.constructor(this.#finish);
    copy.#chunks = [...this.#chunks];
    return copy;
  }
}
class Hash extends Digest {}
class Hmac extends Digest {}

const createHash = algorithm => {
  requireString(algorithm, 'algorithm');
  const known = algorithmOf(algorithm);
  return new Hash(message => internal.ops.digest(known, message));
};
const createHmac = (algorithm, key) => {
  requireString(algorithm, 'hmac');
  const known = algorithmOf(algorithm);
  const secret = bytesOf(key, 'utf8', 'key');
  return new Hmac(message => internal.ops.hmac(known, secret, message));
};
const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding);

const later = (callback, make) => {
  if (callback === undefined) return make();
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
const randomFillSync = (target, offset = 0, size = target.byteLength - offset) => {
  const view = ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target);
  view.set(internal.ops.random_bytes(size), offset);
  return target;
};

function randomInt(low, high, callback) {
  if (high === undefined || typeof high === 'function') [low, high, callback] = [0, low, high];
  if (!Number.isSafeInteger(low)) throw invalidArgType('min', 'a safe integer', low);
  if (!Number.isSafeInteger(high)) throw invalidArgType('max', 'a safe integer', high);
  if (high <= low) throw outOfRange('max', `greater than the value of "min" (${low})`, high);
  const range = high - low;
  const fair = 2 ** 48 - 2 ** 48 % range;
  return later(callback, () => {
    for (;;) {
      const number = Buffer.from(internal.ops.random_bytes(6)).readUIntBE(0, 6);
      if (number < fair) return low + number % range;
    }
  });
}

function timingSafeEqual(a, b) {
  const [left, right] = [bytesOf(a, 'utf8', 'buf1'), bytesOf(b, 'utf8', 'buf2')];
  if (left.length !== right.length) throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left[index] ^ right[index];
  return difference === 0;
}

const missing = name => () => { throw new Error(`crypto.${name} is not available in quickcuke: it has hashes, HMACs and random values only`); };

module.exports = {
  createHash, createHmac, hash, randomBytes, pseudoRandomBytes: randomBytes, randomFillSync, randomInt, randomUUID, timingSafeEqual, Hash, Hmac,
  randomFill: (target, ...rest) => { const callback = rest.pop(); later(callback, () => randomFillSync(target, ...rest)); },
  getHashes: () => [...ALGORITHMS],
  getCiphers: () => [],
  getCurves: () => [],
  getRandomValues: array => webcrypto.getRandomValues(array),
  webcrypto,
  subtle: webcrypto.subtle,
  constants: {},
  ...Object.fromEntries(['createCipheriv', 'createDecipheriv', 'createSign', 'createVerify', 'sign', 'verify', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync',
    'generateKeyPair', 'generateKeyPairSync', 'createPublicKey', 'createPrivateKey', 'createSecretKey', 'publicEncrypt', 'privateDecrypt'].map(name => [name, missing(name)])),
};
