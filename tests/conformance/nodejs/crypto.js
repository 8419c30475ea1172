// node:crypto and the global crypto.

import crypto from 'node:crypto'

const ALGORITHMS = ['md5', 'MD5', 'sha1', 'SHA1', 'sha-1', 'RSA-SHA1', 'sha224', 'sha256', 'SHA256', 'sha-256', 'SHA-256', 'RSA-SHA256', 'sha384', 'sha512', 'sha512-256', 'sha512-224', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512', 'SHA3-256', 'ripemd160', 'nope', '']
const WRONG = [undefined, null, true, {}, [], () => {}, Symbol('s'), 'text', 1, NaN, -1, 1.5, Infinity, 2 ** 53]
const DATA = { empty: '', abc: 'abc', unicode: 'héllo €', long: 'x'.repeat(1000), block: 'a'.repeat(64), buffer: Buffer.from([0, 255]), uint16: new Uint16Array([1, 2]), dataView: new DataView(new ArrayBuffer(3)) }
const CALLS = { createHash: (wrong) => crypto.createHash(wrong).digest('hex'), createHmac: (wrong) => crypto.createHmac(wrong, 'k').digest('hex'), 'createHmac key': (wrong) => crypto.createHmac('sha256', wrong).digest('hex'), update: (wrong) => crypto.createHash('md5').update(wrong).digest('hex'), 'hmac update': (wrong) => crypto.createHmac('md5', 'k').update(wrong).digest('hex'), digest: (wrong) => crypto.createHash('md5').digest(wrong), timingSafeEqual: (wrong) => crypto.timingSafeEqual(wrong, Buffer.from('a')), 'timingSafeEqual 2': (wrong) => crypto.timingSafeEqual(Buffer.from('a'), wrong), randomInt: (wrong) => typeof crypto.randomInt(wrong), 'randomInt max': (wrong) => typeof crypto.randomInt(0, wrong), randomUUID: (wrong) => crypto.randomUUID(wrong).length, randomBytes: (wrong) => (wrong === 2 ** 53 ? null : crypto.randomBytes(wrong).length), randomFillSync: (wrong) => crypto.randomFillSync(wrong).length, 'randomFillSync offset': (wrong) => crypto.randomFillSync(Buffer.alloc(4), wrong).length, 'randomFillSync size': (wrong) => crypto.randomFillSync(Buffer.alloc(4), 0, wrong).length, getRandomValues: (wrong) => crypto.getRandomValues(wrong).length, hash: (wrong) => crypto.hash?.(wrong, 'a'), 'hash data': (wrong) => crypto.hash?.('md5', wrong), pbkdf2Sync: (wrong) => crypto.pbkdf2Sync('p', 's', wrong, 8, 'sha256').toString('hex').length }

export default async function (run) {
  for (const algorithm of ALGORITHMS) for (const [name, data] of Object.entries(DATA)) {
    run(`createHash ${algorithm} ${name}`, () => crypto.createHash(algorithm).update(data).digest('hex'))
    run(`createHmac ${algorithm} ${name}`, () => crypto.createHmac(algorithm, 'key').update(data).digest('hex'))
  }
  for (const [name, call] of Object.entries(CALLS)) for (const wrong of WRONG) run(`${name} ${String(wrong)}`, () => call(wrong))
  for (const encoding of ['hex', 'base64', 'base64url', 'latin1', 'binary', 'utf8', 'ascii', 'buffer', undefined, 'nope', null]) { run(`digest ${encoding}`, () => crypto.createHash('sha1').update('x').digest(encoding)); run(`hmac digest ${encoding}`, () => crypto.createHmac('sha1', 'k').update('x').digest(encoding)) }
  for (const encoding of ['hex', 'base64', 'latin1', 'utf8', 'nope', null]) run(`update ${encoding}`, () => crypto.createHash('sha1').update('6162', encoding).digest('hex'))
  run('pieces', () => crypto.createHash('sha256').update('a').update('b').update(Buffer.from('c')).digest('hex'))
  run('digest twice', () => { const hash = crypto.createHash('sha256'); hash.digest(); return hash.digest() })
  run('update after digest', () => { const hash = crypto.createHash('sha256'); hash.digest(); return hash.update('a') })
  run('hmac twice', () => { const hmac = crypto.createHmac('sha256', 'k'); return [hmac.digest('hex'), hmac.digest('hex')] })
  run('hmac update after', () => { const hmac = crypto.createHmac('sha256', 'k'); hmac.digest(); return hmac.update('a') === hmac })
  run('copy', () => { const hash = crypto.createHash('sha256').update('a'); const copy = hash.copy(); hash.update('b'); return [hash.digest('hex'), copy.digest('hex')] })
  run('copy after digest', () => { const hash = crypto.createHash('sha256'); hash.digest(); return hash.copy() })
  run('outputLength', () => crypto.createHash('shake128', { outputLength: 4 }).update('a').digest('hex'))
  run('keys', () => [crypto.createHmac('sha256', Buffer.from('k')).digest('hex'), crypto.createHmac('sha256', new Uint8Array(200)).digest('hex'), crypto.createHmac('sha256', '').digest('hex'), crypto.createHmac('sha256', crypto.createSecretKey(Buffer.from('k'))).digest('hex')])
  await run('as stream', async () => { const hash = crypto.createHash('sha256'); hash.write('a'); hash.end('b'); return new Promise((done) => hash.on('readable', () => { const data = hash.read(); if (data) done(data.toString('hex')) })) })
  await run('piped', async () => { const { Readable } = await import('node:stream'); const hash = crypto.createHash('md5'); hash.setEncoding('hex'); return new Promise((done) => Readable.from(['a', 'b']).pipe(hash).on('data', done)) })
  run('randomUUID', () => [/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() !== crypto.randomUUID(), crypto.randomUUID({ disableEntropyCache: true }).length])
  run('randomBytes', () => [crypto.randomBytes(16).length, crypto.randomBytes(0).length, Buffer.isBuffer(crypto.randomBytes(1))])
  await run('randomBytes callback', () => new Promise((done) => crypto.randomBytes(4, (error, bytes) => done([error, bytes.length]))))
  run('randomBytes wrong callback', () => crypto.randomBytes(4, 5))
  for (const range of [[10], [5, 6], [0, 1], [-5, 5], [5, 5], [6, 5], [0, 2 ** 48], [0, 2 ** 48 - 1], [-(2 ** 47), 2 ** 47], [0], [1.5]]) run(`randomInt ${range}`, () => { const got = crypto.randomInt(...range); return range.length === 2 && range[1] - range[0] === 1 ? got : got >= (range.length > 1 ? range[0] : 0) })
  await run('randomInt callback', () => new Promise((done) => crypto.randomInt(3, (error, number) => done([error, number < 3]))))
  await run('randomFill', () => new Promise((done) => crypto.randomFill(Buffer.alloc(4), (error, buffer) => done([error, buffer.length]))))
  await run('randomFill offset', () => new Promise((done) => crypto.randomFill(Buffer.alloc(4), 2, 1, (error, buffer) => done([error, buffer[0], buffer[1], buffer[3]]))))
  run('randomFillSync', () => [crypto.randomFillSync(new Uint32Array(2)).length, crypto.randomFillSync(Buffer.alloc(4), 2).subarray(0, 2), crypto.randomFillSync(new ArrayBuffer(2)).byteLength, crypto.randomFillSync(new DataView(new ArrayBuffer(2))).byteLength])
  run('randomFillSync range', () => crypto.randomFillSync(Buffer.alloc(4), 5))
  run('randomFillSync size', () => crypto.randomFillSync(Buffer.alloc(4), 1, 4))
  run('timingSafeEqual', () => [crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')), crypto.timingSafeEqual(Buffer.from('a'), new Uint8Array([98]))])
  run('timingSafeEqual lengths', () => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')))
  run('getHashes', () => ['md5', 'sha1', 'sha256', 'sha512', 'RSA-SHA256', 'sha3-256'].map((name) => crypto.getHashes().includes(name)))
  run('getRandomValues', () => [crypto.webcrypto.getRandomValues(new Uint8Array(3)).length, globalThis.crypto.getRandomValues(new Uint32Array(1)).length])
  run('getRandomValues float', () => globalThis.crypto.getRandomValues(new Float32Array(1)))
  run('getRandomValues much', () => globalThis.crypto.getRandomValues(new Uint8Array(65537)))
  run('getRandomValues array', () => globalThis.crypto.getRandomValues([1]))
  run('webcrypto', () => [crypto.webcrypto === globalThis.crypto, globalThis.crypto.subtle === crypto.subtle, String(globalThis.crypto), typeof globalThis.crypto.randomUUID(), typeof CryptoKey, typeof SubtleCrypto, typeof Crypto])
  for (const algorithm of ['SHA-1', 'SHA-256', 'sha-384', 'SHA-512', { name: 'SHA-256' }, 'MD5', 'SHA256', 'nope', undefined, 5, {}]) await run(`subtle.digest ${JSON.stringify(algorithm)}`, async () => Buffer.from(await globalThis.crypto.subtle.digest(algorithm, new TextEncoder().encode('abc'))).toString('hex'))
  for (const wrong of WRONG) await run(`subtle.digest of ${String(wrong)}`, async () => (await globalThis.crypto.subtle.digest('SHA-256', wrong)).byteLength)
  await run('subtle.digest buffer', async () => (await globalThis.crypto.subtle.digest('SHA-256', new ArrayBuffer(2))) instanceof ArrayBuffer)
  await run('subtle hmac', async () => { const { subtle } = globalThis.crypto; const key = await subtle.importKey('raw', new TextEncoder().encode('key'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']); const signature = await subtle.sign('HMAC', key, new TextEncoder().encode('abc')); return [Buffer.from(signature).toString('hex'), await subtle.verify('HMAC', key, signature, new TextEncoder().encode('abc'))] })
  run('pbkdf2Sync', () => crypto.pbkdf2Sync('secret', 'salt', 1000, 40, 'sha512').toString('hex'))
  await run('pbkdf2', () => new Promise((done) => crypto.pbkdf2('secret', 'salt', 10, 16, 'sha1', (error, key) => done([error, key.toString('hex')]))))
  run('pbkdf2Sync digest', () => crypto.pbkdf2Sync('secret', 'salt', 10, 16, 'nope'))
  run('hkdfSync', () => Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 16)).toString('hex'))
  run('Hash class', () => [crypto.createHash('md5') instanceof crypto.Hash, crypto.createHmac('md5', 'k') instanceof crypto.Hmac, crypto.createHash('md5').constructor.name])
}
