// node:querystring and node:string_decoder.

import querystring from 'node:querystring'
import { StringDecoder } from 'node:string_decoder'

const QUERIES = [
  '', 'a', 'a=', '=a', '=', '&', '&&', 'a=b', 'a=b&c=d', 'a=b&a=c', 'a=b&a=c&a=d', 'a==b', 'a=b=c', '&a=b&', 'a&b', 'a+b=c+d', 'a%20b=c%20d', '%', '%2', '%zz', 'a=%', 'a=%E4%BD%A0', 'a=%E4%BD', 'a=%ff%fe', 'a%3Db=c%26d',
  'foo=bar&foo=quux', '__proto__=1', 'toString=x', 'hasOwnProperty=x&foo=bar', 'a[]=1&a[]=2', 'a.b=c', 'ü=ö', 'a=%u0041', '%+1=x', 'x=%26amp', 'a=1;b=2', 'a:1;b:2', 'foo%3Dbar', 'a=%E2%82%AC', '?a=b', 'a=\u0000', 'a&a&a&a&',
]
const OBJECTS = [
  {}, { a: 'b' }, { a: ['b', 'c'] }, { a: [] }, { a: [[1]] }, { a: null, b: undefined, c: NaN, d: Infinity, e: 1.5, f: -0, g: true, h: 10n, i: {}, j: 'x' }, { 'a b': 'c d' }, { 'ü': 'ö' }, { a: "!'()*~-_." }, { a: '&=+%#?/:@' }, { '': '' },
  { a: '' }, { '': 'a' }, [], ['x', 'y'], { a: [undefined, null, {}, 1, 'x'] }, { a: Symbol('s') }, { a: () => {} }, { a: new Date(0) }, { a: '\u{1f600}' }, { a: 1e21 }, { a: 123456789012345678901234567890n },
]

export default function (run) {
  for (const text of QUERIES) {
    run(`parse ${JSON.stringify(text)}`, () => querystring.parse(text))
    run(`parse ; : ${JSON.stringify(text)}`, () => querystring.parse(text, ';', ':'))
    run(`parse decode ${JSON.stringify(text)}`, () => querystring.parse(text, null, null, { decodeURIComponent: (part) => `<${part}>` }))
    run(`unescape ${JSON.stringify(text)}`, () => querystring.unescape(text))
    run(`escape ${JSON.stringify(text)}`, () => querystring.escape(text))
    run(`unescapeBuffer ${JSON.stringify(text)}`, () => querystring.unescapeBuffer(text))
  }
  for (const value of [undefined, null, 1, {}, [], true]) {
    run(`parse ${String(value)}`, () => querystring.parse(value))
    run(`stringify ${String(value)}`, () => querystring.stringify(value))
    run(`escape ${String(value)}`, () => querystring.escape(value))
    run(`unescape ${String(value)}`, () => querystring.unescape(value))
  }
  OBJECTS.forEach((object, index) => {
    run(`stringify ${index}`, () => querystring.stringify(object))
    run(`stringify ; : ${index}`, () => querystring.stringify(object, ';', ':'))
    run(`stringify encode ${index}`, () => querystring.stringify(object, '&', '=', { encodeURIComponent: (part) => `<${part}>` }))
  })
  for (const maxKeys of [0, 1, 2, 3, -1, 1.5, Infinity, '2', null]) run(`parse maxKeys ${maxKeys}`, () => querystring.parse('a=1&b=2&a=3&c=4', '&', '=', { maxKeys }))
  run('parse of 1001 keys', () => Object.keys(querystring.parse(Array.from({ length: 1005 }, (_, n) => `k${n}=1`).join('&'))).length)
  run(() => querystring.parse('a&&b', '&&'))
  run(() => querystring.parse('a::b;;c::d', ';;', '::'))
  run(() => querystring.parse('a=b&c', '', ''))
  run(() => querystring.stringify({ a: 1, b: [2, 3] }, '', ''))
  run(() => querystring.escape('\ud800'))
  run(() => querystring.escape({ toString: () => 'from toString' }))
  run(() => querystring.escape('a'.repeat(3)))
  run(() => [querystring.encode === querystring.stringify, querystring.decode === querystring.parse])
  run(() => Object.getPrototypeOf(querystring.parse('a')))
  run(() => Object.keys(querystring).sort())

  const PIECES = {
    utf8: [[0xe2, 0x82], [0xac]], 'utf-8 4': [[0xf0], [0x9f], [0x98], [0x80]], cut: [[0xe2, 0x82]], bad: [[0xff, 0x41, 0xc0], [0x80]], mixed: [[0x41, 0xc3], [0xa9, 0x42]], empty: [[], []], surrogate: [[0xed, 0xa0, 0x80]], over: [[0xe2], [0x41]],
    lonely: [[0x80, 0x81], [0x41]], 'cut 4': [[0xf0, 0x9f], [0x98]], 'bad 4': [[0xf0, 0x41]],
  }
  for (const [name, pieces] of Object.entries(PIECES)) {
    for (const encoding of ['utf8', 'utf16le', 'ucs2', 'base64', 'base64url', 'hex', 'latin1', 'binary', 'ascii']) {
      run(`StringDecoder ${encoding} ${name}`, () => {
        const decoder = new StringDecoder(encoding)
        return [...pieces.map((piece) => decoder.write(Buffer.from(piece))), decoder.end(), decoder.end(Buffer.from([0x41]))]
      })
    }
  }
  for (const bytes of [[0x3d, 0xd8], [0x3d, 0xd8, 0x4d], [0x3d, 0xd8, 0x4d, 0xdc], [0x41], [0x41, 0, 0x42]]) {
    run(`StringDecoder utf16le ${bytes}`, () => { const decoder = new StringDecoder('utf16le'); return [decoder.write(Buffer.from(bytes)), decoder.end()] })
  }
  for (const encoding of ['UTF-8', 'Latin1', 'nope', '', null, undefined, 5, {}]) run(`StringDecoder ${String(encoding)}`, () => new StringDecoder(encoding).encoding)
  for (const value of [undefined, null, 1, {}, [], 'text']) {
    run(`write ${String(value)}`, () => new StringDecoder('utf8').write(value))
    run(`end ${String(value)}`, () => new StringDecoder('utf8').end(value))
  }
  run(() => new StringDecoder('utf8').write(new Uint16Array([0x4142])))
  run(() => new StringDecoder('utf8').write(new DataView(new ArrayBuffer(2))))
  run(() => { const decoder = new StringDecoder('utf8'); decoder.write(Buffer.from([0xe2, 0x82])); return [decoder.lastNeed, decoder.lastTotal, decoder.lastChar.length] })
}
