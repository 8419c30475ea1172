// node:buffer, and the globals of binary data: atob, btoa, TextEncoder, TextDecoder, Blob, File.

import buffer from 'node:buffer'
import util from 'node:util'

const ENCODINGS = ['utf8', 'utf-8', 'UTF8', 'hex', 'base64', 'base64url', 'latin1', 'binary', 'ascii', 'ucs2', 'ucs-2', 'utf16le', 'utf-16le']
const TEXTS = ['', 'a', 'héllo', '€uro', '😀', '\ud800', 'a\u0000b', 'zz', '48656c6c6f', '4g', '48656', 'aGVsbG8=', 'aGVsbG8', 'aGVs bG8=', 'a-_b', '////', 'YQ==', 'YQ', '=', 'Y=Q=', 'ÿ']
const BYTES = [[], [0], [255, 254], [0x68, 0xc3, 0xa9], [0xe2, 0x82], [0xf0, 0x9f, 0x98, 0x80], [0x80, 0x41], [0x61, 0x00, 0x62, 0x00], [0xed, 0xa0, 0x80], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
const WRONG = [undefined, null, true, {}, [], () => {}, Symbol('s'), 'text', 1, 1n, NaN, -1, 1.5, Infinity]
const NUMBERS = ['UInt8', 'Int8', 'UInt16LE', 'UInt16BE', 'Int16LE', 'Int16BE', 'UInt32LE', 'UInt32BE', 'Int32LE', 'Int32BE', 'FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE', 'BigInt64LE', 'BigInt64BE', 'BigUInt64LE', 'BigUInt64BE', 'Uint8', 'Uint16LE', 'BigUint64LE']
const SIZED = ['UIntLE', 'UIntBE', 'IntLE', 'IntBE']

export default async function (run) {
  for (const encoding of ENCODINGS) {
    for (const text of TEXTS) {
      run(`from ${JSON.stringify(text)} ${encoding}`, () => Buffer.from(text, encoding))
      run(`byteLength ${JSON.stringify(text)} ${encoding}`, () => Buffer.byteLength(text, encoding))
      run(`fill ${JSON.stringify(text)} ${encoding}`, () => Buffer.alloc(5).fill(text, encoding))
      run(`write ${JSON.stringify(text)} ${encoding}`, () => { const b = Buffer.alloc(6); return [b.write(text, 1, encoding), b] })
      run(`indexOf ${JSON.stringify(text)} ${encoding}`, () => Buffer.from('a€48656c6c6f😀zz\0').indexOf(text, 0, encoding))
    }
    for (const bytes of BYTES) run(`toString ${bytes} ${encoding}`, () => Buffer.from(bytes).toString(encoding))
    run(`isEncoding ${encoding}`, () => Buffer.isEncoding(encoding))
    if (!/64|hex/.test(encoding)) run(`${encoding}Write`, () => { const b = Buffer.alloc(4); return [b[`${encoding}Write`]?.('hé', 1), b, b[`${encoding}Slice`]?.(0, 3)] })
  }
  for (const wrong of WRONG) {
    const name = String(wrong)
    for (const method of ['from', 'alloc', 'allocUnsafe', 'allocUnsafeSlow', 'byteLength', 'isBuffer', 'isEncoding', 'concat', 'of', 'copyBytesFrom']) run(`Buffer.${method}(${name})`, () => { const b = Buffer[method](wrong); return /Unsafe/.test(method) ? b.length : b })
    run(`Buffer.from(text, ${name})`, () => Buffer.from('6162', wrong))
    run(`Buffer.from(array, ${name})`, () => Buffer.from([1, 2, 3], wrong))
    run(`Buffer.from(arrayBuffer, ${name})`, () => Buffer.from(new Uint8Array([1, 2, 3]).buffer, wrong))
    run(`Buffer.from(arrayBuffer, 1, ${name})`, () => Buffer.from(new Uint8Array([1, 2, 3]).buffer, 1, wrong))
    run(`alloc fill ${name}`, () => Buffer.alloc(3, wrong))
    run(`alloc encoding ${name}`, () => Buffer.alloc(3, 'ab', wrong))
    run(`compare ${name}`, () => Buffer.compare(wrong, Buffer.alloc(1)))
    run(`compare x ${name}`, () => Buffer.compare(Buffer.alloc(1), wrong))
    run(`concat length ${name}`, () => Buffer.concat([Buffer.from('ab'), Buffer.from('cd')], wrong))
    run(`concat [${name}]`, () => Buffer.concat([Buffer.from('ab'), wrong]))
    for (const method of ['toString', 'slice', 'subarray', 'equals', 'compare', 'includes', 'indexOf', 'lastIndexOf', 'fill', 'write', 'copy', 'readUInt8', 'readInt16LE', 'readDoubleBE', 'readBigInt64LE', 'writeUInt8', 'writeInt16LE', 'writeFloatBE', 'writeBigInt64LE', 'at']) {
      run(`${method}(${name})`, () => Buffer.from('abcdefghij')[method](wrong))
      run(`${method}(1, ${name})`, () => { const b = Buffer.from('abcdefghij'); return [b[method](/fill|write(?!U|I|F|B)|ndexOf|includes/.test(method) ? 'b' : /copy|compare/.test(method) ? Buffer.from('bc') : /Big.*LE$/.test(method) && /write/.test(method) ? 1n : 1, wrong), b] })
    }
    run(`readUIntLE ${name}`, () => Buffer.from('abcdefgh').readUIntLE(0, wrong))
    run(`writeUIntLE ${name}`, () => Buffer.from('abcdefgh').writeUIntLE(1, 0, wrong))
    run(`atob ${name}`, () => atob(wrong))
    run(`btoa ${name}`, () => btoa(wrong))
    run(`isUtf8 ${name}`, () => buffer.isUtf8(wrong))
    run(`isAscii ${name}`, () => buffer.isAscii(wrong))
    run(`transcode ${name}`, () => buffer.transcode(wrong, 'utf8', 'latin1'))
    run(`new Blob(${name})`, () => new Blob(wrong).size)
    run(`new Blob([${name}])`, () => new Blob([wrong]).size)
    run(`TextEncoder.encode(${name})`, () => new TextEncoder().encode(wrong))
    run(`TextDecoder.decode(${name})`, () => new TextDecoder().decode(wrong))
    run(`new TextDecoder(${name})`, () => new TextDecoder(wrong).encoding)
    run(`new File(x, ${name})`, () => new File(['a'], wrong).name)
  }
  for (const name of NUMBERS) {
    for (const offset of [0, 1, 5, 12, 13, 14, -1]) run(`read${name}(${offset})`, () => Buffer.from([1, 130, 3, 4, 255, 6, 7, 8, 9, 10, 11, 12, 13])[`read${name}`](offset))
    for (const value of name.startsWith('Big') ? [0n, 1n, -1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n), 5] : [0, 1, -1, 127, 128, 255, 256, -128, -129, 32767, 65535, 65536, 2 ** 31 - 1, 2 ** 32 - 1, 2 ** 32, 1.5, NaN, Infinity, '7', undefined, null, 5n]) run(`write${name}(${String(value)})`, () => { const b = Buffer.alloc(10); return [b[`write${name}`](value, 1), b] })
    run(`write${name} at the end`, () => Buffer.alloc(2)[`write${name}`](name.startsWith('Big') ? 1n : 1, 2))
    run(`read${name} of nothing`, () => Buffer.alloc(0)[`read${name}`]())
    run(`write${name} default offset`, () => Buffer.alloc(8)[`write${name}`](name.startsWith('Big') ? 1n : 1))
  }
  for (const name of SIZED) for (const size of [0, 1, 2, 3, 4, 5, 6, 7]) {
    run(`read${name} ${size}`, () => Buffer.from([1, 130, 3, 4, 255, 6, 7, 200])[`read${name}`](1, size))
    for (const value of [1, -1, 2 ** (8 * size) - 1, 2 ** (8 * size), -(2 ** (8 * size - 1)), -(2 ** (8 * size - 1)) - 1]) run(`write${name} ${size} ${value}`, () => { const b = Buffer.alloc(8); return [b[`write${name}`](value, 1, size), b] })
  }
  const b = Buffer.from('abcdefabc')
  for (const [value, offset] of [['abc', 0], ['abc', 1], ['abc', -3], ['abc', -100], ['abc', 100], ['', 0], ['', 3], ['', 100], [97, 1], [97, -2], [353, 0], [Buffer.from('bc'), 2], [new Uint8Array([0x63]), 0], ['c', 'latin1'], ['abc', undefined], ['abc', null], ['abc', {}], ['abc', '2'], ['x', 0], [99.9, 0], ['abcdefabcd', 0]]) {
    for (const method of ['indexOf', 'lastIndexOf', 'includes']) run(`${method}(${String(value)}, ${String(offset)})`, () => b[method](value, offset))
  }
  for (const range of [[0], [2], [-2], [1, 3], [3, 1], [-4, -1], [0, 100], ['1', '3'], [1.9, 4.9], [NaN], [undefined, 2], [null, 2]]) {
    for (const method of ['slice', 'subarray']) run(`${method}(${range})`, () => b[method](...range))
    run(`toString(utf8, ${range})`, () => b.toString('utf8', ...range))
    run(`fill(x, ${range})`, () => Buffer.alloc(5).fill('x', ...range))
    run(`copy(${range})`, () => { const target = Buffer.alloc(5); return [b.copy(target, 0, ...range), target] })
    run(`copy at(${range})`, () => { const target = Buffer.alloc(5); return [b.copy(target, ...range), target] })
    run(`compare(${range})`, () => b.compare(Buffer.from('abc'), ...range))
  }
  for (const [a, c] of [['a', 'b'], ['b', 'a'], ['a', 'a'], ['a', 'ab'], ['ab', 'a'], ['', 'a']]) run(`compare ${a} ${c}`, () => [Buffer.compare(Buffer.from(a), Buffer.from(c)), Buffer.from(a).compare(Buffer.from(c)), Buffer.from(a).equals(Buffer.from(c)), Buffer.from(a).equals(new Uint8Array(Buffer.from(c)))])
  for (const args of [['x', 0, -1], ['x', -1, 0], ['x', 0, 6], ['x', 6], ['', 0, 3], [Buffer.alloc(0)], [new Uint8Array([1, 2])], [256], [-1], [1.7], ['abc', 1, 4], ['zz', 'hex'], ['a', 0, 3, 'nope'], [null], [true], [{}]]) run(`fill(${args.map(String)})`, () => Buffer.alloc(5).fill(...args))
  for (const args of [['hello', 0, 3], ['hello', 3], ['hello', 6], ['hello', -1], ['hello', 0, -1], ['hello', 0, 100], ['é', 4], ['hello', 'hex'], ['6162', 0, 'hex'], ['hello', 0, 2, 'latin1'], ['hello', undefined, undefined, 'latin1'], ['hello', 1, 'nope'], ['é€', 2, 3, 'utf8'], ['ab', 0, 3, 'utf16le'], ['hello', '1'], ['hello', 1, '2']]) run(`write(${args.map(String)})`, () => { const target = Buffer.alloc(5); return [target.write(...args), target] })
  run(() => [Buffer.from('abcd').swap16(), Buffer.from('abcd').swap32(), Buffer.from('abcdefgh').swap64()])
  for (const method of ['swap16', 'swap32', 'swap64']) run(`${method} of 3`, () => Buffer.from('abc')[method]())
  run(() => JSON.stringify(Buffer.from('ab')))
  run(() => Buffer.from(JSON.parse('{"type":"Buffer","data":[1,2]}')))
  run(() => Buffer.from({ length: 2, 0: 1, 1: 300 }))
  run(() => Buffer.from({ length: '2' }))
  run(() => Buffer.from(new String('boxed')))
  run(() => Buffer.from({ [Symbol.toPrimitive]: () => 'prim' }))
  run(() => Buffer.from({ valueOf: () => [1, 2] }))
  run(() => Buffer.from([1.9, -1, 256, '3', 'x', NaN, null]))
  run(() => Buffer.from(new Uint16Array([1, 257])))
  run(() => Buffer.from(new Set([1])))
  run(() => Buffer.from(Buffer.from('abc')))
  run(() => { const shared = new Uint8Array([1, 2, 3]); const view = Buffer.from(shared.buffer, 1, 1); shared[1] = 9; return [view, view.byteOffset, view.length] })
  run(() => Buffer.from(new ArrayBuffer(2), 3))
  run(() => Buffer.from(new ArrayBuffer(2), 0, 3))
  run(() => Buffer.concat([]))
  run(() => Buffer.concat([Buffer.from('a'), new Uint8Array([98])], 5))
  run(() => Buffer.concat([Buffer.from('abc'), Buffer.from('def')], 4))
  run(() => Buffer.of(1, 2, 300))
  run(() => Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1))
  run(() => [Buffer.isBuffer(Buffer.alloc(0)), Buffer.isBuffer(new Uint8Array(1)), Buffer.poolSize])
  run(() => [...Buffer.from('ab').entries(), ...Buffer.from('ab').keys(), ...Buffer.from('ab').values(), ...Buffer.from('ab')])
  run(() => [Buffer.from('abc').map((x) => x + 1), Buffer.from('abc').filter((x) => x > 97), Buffer.from('cab').sort(), Buffer.from('abc').reverse(), Buffer.from('abc').at(-1), Buffer.from('abc').with?.(0, 1)])
  run(() => [Buffer.from('ab') instanceof Uint8Array, Buffer.from('ab').constructor === Buffer, Buffer.name, Buffer.length, Buffer.from('ab').parent instanceof ArrayBuffer, typeof Buffer.from('ab').offset])
  run(() => { const target = Buffer.alloc(3); target[0] = 256; target[1] = -1; target[5] = 1; return target })
  run(() => [util.inspect(Buffer.from('abc')), util.inspect(Buffer.alloc(51)), util.inspect(Buffer.alloc(52)), util.inspect(Object.assign(Buffer.from('a'), { x: 1 })), String(Buffer.from('abc')), `${Buffer.from('é')}`])
  run(() => Object.keys(buffer).sort())
  run(() => [buffer.kMaxLength > 2 ** 31, buffer.constants.MAX_STRING_LENGTH > 2 ** 28, buffer.INSPECT_MAX_BYTES, typeof buffer.SlowBuffer, buffer.Blob === Blob, buffer.atob === atob, buffer.File === File])
  run(() => [buffer.isUtf8(Buffer.from([0xff])), buffer.isUtf8(Buffer.from('é')), buffer.isAscii(Buffer.from('é')), buffer.isAscii(new Uint8Array([65])), buffer.isUtf8(new ArrayBuffer(1))])
  run(() => [buffer.transcode(Buffer.from('€é'), 'utf8', 'latin1'), buffer.transcode(Buffer.from('€'), 'utf8', 'ascii'), buffer.transcode(Buffer.from('é'), 'utf8', 'utf16le'), buffer.transcode(Buffer.from([0xe9]), 'latin1', 'utf8')])
  run(() => buffer.transcode(Buffer.from('a'), 'utf8', 'hex'))
  run(() => new Buffer.from('x'))
  run(() => Buffer.alloc(2) == Buffer.alloc(2))
  for (const text of ['YQ==', 'YQ', ' Y Q = = ', 'Y', '=', 'a===', 'YWI=', 'YW-_', '\u00ff', '\u0100', '', 'YWJj\n']) { run(`atob ${JSON.stringify(text)}`, () => atob(text)); run(`btoa ${JSON.stringify(text)}`, () => btoa(text)) }

  for (const label of ['utf-8', 'UTF8', 'utf-16le', 'utf-16', 'utf-16be', 'latin1', 'iso-8859-1', 'windows-1252', 'ascii', 'iso-8859-15', 'shift_jis', 'gbk', 'nope', '', ' utf-8 ', 'unicode-1-1-utf-8', 'koi8-r', 'euc-jp', 'big5', 'windows-1251', 'macintosh', 'utf-32']) {
    run(`TextDecoder ${label}`, () => new TextDecoder(label).encoding)
    run(`TextDecoder ${label} decodes`, () => new TextDecoder(label).decode(new Uint8Array([0x41, 0x80, 0xe9, 0x42])))
    for (const bytes of BYTES) run(`TextDecoder ${label} fatal ${bytes}`, () => new TextDecoder(label, { fatal: true }).decode(new Uint8Array(bytes)))
  }
  for (const bytes of [...BYTES, [0xef, 0xbb, 0xbf, 0x41], [0x41, 0xef, 0xbb, 0xbf], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x41]]) {
    run(`decode ${bytes}`, () => new TextDecoder().decode(new Uint8Array(bytes)))
    run(`decode ignoreBOM ${bytes}`, () => new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes)))
    run(`decode stream ${bytes}`, () => { const decoder = new TextDecoder(); return [...bytes.map((byte) => decoder.decode(new Uint8Array([byte]), { stream: true })), decoder.decode()] })
  }
  run(() => { const d = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); return [d.encoding, d.fatal, d.ignoreBOM, Object.prototype.toString.call(d)] })
  for (const text of TEXTS) { run(`encode ${JSON.stringify(text)}`, () => new TextEncoder().encode(text)); run(`encodeInto ${JSON.stringify(text)}`, () => { const into = new Uint8Array(4); return [new TextEncoder().encodeInto(text, into), into] }) }
  run(() => new TextEncoder().encodeInto('a', []))
  run(() => [new TextEncoder().encoding, Object.prototype.toString.call(new TextEncoder()), util.inspect(new TextEncoder()).length > 0])

  const blob = new Blob(['héllo', new Uint8Array([33]), new Blob([' more']), new ArrayBuffer(1)], { type: 'Text/Plain' })
  await run(() => blob.text())
  await run(() => blob.arrayBuffer())
  run(() => [blob.size, blob.type, String(blob), util.inspect(new Blob(['ab'])), blob instanceof Blob])
  for (const range of [[0, 2], [2], [-3], [-3, -1], [5, 2], [0, 100], [undefined, 3]]) await run(`blob slice ${range}`, async () => { const part = blob.slice(...range); return [part.size, part.type, await part.text()] })
  run(() => blob.slice(0, 1, 'A/B').type)
  await run(async () => { const chunks = []; for await (const chunk of blob.stream()) chunks.push(...chunk); return chunks })
  run(() => new Blob(['a\r\nb'], { endings: 'transparent' }).size)
  run(() => new Blob(['a\nb'], { endings: 'native' }).size)
  run(() => new Blob(['a'], { endings: 'x' }).size)
  run(() => new Blob(['a'], 5))
  run(() => { const file = new File(['abc'], 'n.txt', { type: 'text/plain', lastModified: 5 }); return [file.name, file.lastModified, file.size, file.type, file instanceof Blob, String(file), Object.prototype.toString.call(file)] })
  run(() => new File())
  run(() => new File(['a']))
}
