// URL and URLSearchParams, and node:url.

import url from 'node:url'
import util from 'node:util'

const URLS = [
  'http://example.com', 'http://example.com/', 'HTTP://EXAMPLE.com:80/a/../b', 'https://user:pa%20ss@host.com:8080/p/a/t/h?query=string#hash', 'http://a/b/./c/../d', 'file:///a/b', 'file://localhost/a', 'file:///C:/a', 'mailto:a@b.c', 'javascript:alert(1)', 'data:text/plain,hello world', 'about:blank', 'blob:https://a.com/x', 'ws://h:80', 'wss://h:443/x', 'ftp://h:21/', 'http://[::1]:3000/', 'http://[2001:DB8::1]', 'http://1.2.3.4', 'http://0x7f.1', 'http://127.1', 'http://256.256.256.256', 'http://münchen.de/ä?ö#ü', 'http://xn--mnchen-3ya.de', 'http://日本語.jp', 'http://a b', 'http://', 'http:///a', 'http:a', '//a', '/a', 'a', '', ' http://a ', 'http://a\\b', 'http://a/\tb\nc', 'http://a:b@c:d@e/', 'http://a:99999', 'http://a:', 'http://a:080', 'http://a?', 'http://a#', 'http://a/?#', 'http://a/%7E%zz', 'http://a/b c?d e#f g', "http://a/'\"<>`{}|^", "http://a?'\"<>`{}|^", "http://a#'\"<>`{}|^", 'custom:path', 'custom://host/path', 'custom://host:80/a/../b', 'http://%41', 'http://a%2fb', 'http://a.b.', 'http://..', 'http://-a', 'http://a_b', 'http://A.B?C=D#E', 'http://a/b;c=1', 'http://a/..//b', 'http://user@h', 'http://:p@h', 'http://h/%E4%BD%A0', 'urn:isbn:1', 'tel:+1', 'http://\u{1f600}.com', 'https://a.com:443', 'http://a.com:443', 'a:b', '1:b', 'http://ex*mple', 'http://h/😀',
]
const BASES = [['b', 'http://a/c/d'], ['../b', 'http://a/c/d/e'], ['/b', 'http://a/c'], ['//b', 'https://a'], ['?b', 'http://a/c?d#e'], ['#b', 'http://a/c?d#e'], ['', 'http://a/c?d#e'], ['http://x', 'http://a'], ['b', 'mailto:a'], ['b', 'nope'], ['b', 'file:///c/d'], ['../../../b', 'http://a/c'], ['.', 'http://a/c/d'], ['..', 'http://a/c/d'], ['b', 'data:x'], ['http:b', 'http://a/c/'], ['\\b', 'http://a'], ['b:c', 'http://a'], ['#x', 'mailto:a']]
const PARTS = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']
const NEW = ['', 'x', 'x:', 'https', 'ftp:', 'mailto', 'a b', 'ü', 'host:99', '99', '443', '0', '65536', '-1', '8080abc', '/new/path', 'new', '?q=1', 'q=1', '#h', 'a:b@c', '%zz', '../a', 'http://other/x', '[::1]', '1.2', 'a/b', 'a?b#c', "it's", '/']
const QUERIES = ['', 'a', 'a=1', '?a=1&b=2', 'a=1&a=2', '&&a', '=b', 'a=b=c', 'a+b=c%20d', '%', '%zz=%', 'a=%E4%BD%A0', 'a=%ff', 'ü=ö', 'a&b&c', '?', '??a', 'a=1;b=2', '%00=%01', 'a=😀', 'a=*-._~!\'()', '#a']
const WRONG = [undefined, null, 1, {}, [], true, Symbol('s'), 'text', () => {}]

export default function (run) {
  const parts = (value) => [...PARTS.map((part) => value[part]), value.origin, String(value.searchParams)]
  for (const text of URLS) {
    run(`new URL(${JSON.stringify(text)})`, () => parts(new URL(text)))
    run(`canParse ${JSON.stringify(text)}`, () => URL.canParse(text))
    run(`url.parse ${JSON.stringify(text)}`, () => ({ ...url.parse(text) }))
    run(`url.parse query ${JSON.stringify(text)}`, () => { const { query, search, pathname, host } = url.parse(text, true, true); return [query, search, pathname, host] })
    run(`url.format ${JSON.stringify(text)}`, () => url.format(url.parse(text)))
    run(`fileURLToPath ${JSON.stringify(text)}`, () => url.fileURLToPath(text))
    run(`pathToFileURL ${JSON.stringify(text)}`, () => url.pathToFileURL(`/${text}`).href)
    run(`urlToHttpOptions ${JSON.stringify(text)}`, () => ({ ...url.urlToHttpOptions(new URL(text)) }))
    run(`url.resolve ${JSON.stringify(text)}`, () => url.resolve('http://base.com/one/two?x#y', text))
  }
  for (const [text, base] of BASES) {
    run(`new URL(${JSON.stringify([text, base])})`, () => new URL(text, base).href)
    run(`url.resolve(${JSON.stringify([text, base])})`, () => url.resolve(base, text))
    run(`canParse(${JSON.stringify([text, base])})`, () => URL.canParse(text, base))
  }
  for (const [from, to] of [['/one/two/three', 'four'], ['/one/two/three', '../four'], ['one', 'two'], ['/a/b', '/c'], ['a/b/c', '../d'], ['', 'a'], ['a', ''], ['/a?x', '?y'], ['mailto:a@b', 'c@d'], ['http://a/b', 'https:c'], ['http://a.com', '//b.com/c'], ['/a/b', '.'], ['/a/b/', '..'], ['http://u:p@h/x', 'y']]) { run(`url.resolve(${from}, ${to})`, () => url.resolve(from, to)); run(`resolveObject(${from}, ${to})`, () => url.resolveObject(from, to).href) }
  for (const start of ['http://user:pw@host.com:81/p?q=1#h', 'mailto:a@b', 'file:///a/b', 'custom://h/p']) for (const part of PARTS) for (const value of NEW) run(`${start} ${part} = ${JSON.stringify(value)}`, () => { const one = new URL(start); one[part] = value; return one.href })
  for (const text of QUERIES) run(`new URLSearchParams(${JSON.stringify(text)})`, () => { const p = new URLSearchParams(text); return [[...p], String(p), p.size] })
  const INITS = { pairs: [['a', '1'], ['b', 2]], object: { a: 1, b: [2, 3], c: undefined }, map: new Map([['a', 1]]), params: new URLSearchParams('x=1'), empty: [], badPair: [['a']], longPair: [['a', 'b', 'c']], noPair: ['ab', 5], symbolKey: { [Symbol('s')]: 1 }, textPairs: ['ab', 'cd'], iterator: { *[Symbol.iterator]() { yield ['k', 'v'] } }, badIterator: { [Symbol.iterator]: 5 }, formData: new Set([['a', 'b']]) }
  for (const [name, init] of Object.entries(INITS)) run(`URLSearchParams of ${name}`, () => [...new URLSearchParams(init)])
  for (const wrong of WRONG) {
    const name = String(wrong)
    run(`new URL(${name})`, () => new URL(wrong).href)
    run(`new URL(a, ${name})`, () => new URL('a', wrong).href)
    run(`URLSearchParams(${name})`, () => String(new URLSearchParams(wrong)))
    for (const method of ['append', 'delete', 'get', 'getAll', 'has', 'set', 'forEach']) { run(`${method}(${name})`, () => { const p = new URLSearchParams('a=1&text=2'); return [p[method](wrong), String(p)] }); run(`${method}(a, ${name})`, () => { const p = new URLSearchParams('a=1&text=2'); return [p[method]('a', wrong), String(p)] }) }
    for (const method of ['parse', 'format', 'fileURLToPath', 'pathToFileURL', 'urlToHttpOptions', 'domainToASCII', 'domainToUnicode']) run(`url.${method}(${name})`, () => { const made = url[method](wrong); return made instanceof URL ? 'a URL' : made })
    run(`url.resolve(${name})`, () => url.resolve(wrong, 'a'))
    run(`url.format(URL, ${name})`, () => url.format(new URL('http://u:p@h/a?b#c'), wrong))
    run(`canParse(${name})`, () => URL.canParse(wrong))
  }
  const p = () => new URLSearchParams('b=2&a=1&b=3&c=')
  run(() => { const q = p(); q.append('b', 4); q.set('a', 'x y'); q.delete('c'); return String(q) })
  run(() => { const q = p(); q.delete('b', '3'); return [String(q), q.has('b', '3'), q.has('b', '2'), q.has('z')] })
  run(() => { const q = p(); q.sort(); return [String(q), [...q.keys()], [...q.values()], [...q.entries()], q.get('b'), q.get('z'), q.getAll('b'), q.getAll('z')] })
  run(() => { const seen = []; p().forEach(function (value, name, all) { seen.push([value, name, all instanceof URLSearchParams, this?.x]) }, { x: 1 }); return seen })
  run(() => { const one = new URL('http://a/?x=1'); one.searchParams.append('y', 'z z'); const before = one.href; one.search = '?n=1'; return [before, String(one.searchParams), one.searchParams === one.searchParams] })
  run(() => { const one = new URL('http://a/?x=1'); one.searchParams.delete('x'); return one.href })
  run(() => { const one = new URL("http://a/?x='()*~!"); const before = one.href; one.searchParams.append('y', "'()*~!"); return [before, one.href] })
  run(() => [util.inspect(new URL('http://a/b?c#d')), util.inspect(p()), util.inspect(p().entries()), util.inspect(p().keys()), util.inspect(new URLSearchParams()), util.inspect({ u: new URL('http://a') }, { depth: 0 })])
  run(() => [JSON.stringify(new URL('http://a')), String(new URL('http://a')), Object.prototype.toString.call(new URL('http://a')), Object.keys(new URL('http://a')), 'href' in new URL('http://a')])
  run(() => URL('http://a'))
  run(() => new URL())
  run(() => Object.keys(url).sort())
  run(() => { const one = new URL('http://a'); one.origin = 'x'; return one.origin })
  run(() => { const one = new URL('http://a'); one.nope = 'x'; return one.nope })
  for (const options of [{ fragment: false }, { search: false }, { auth: false }, { unicode: true }, { fragment: 1, auth: 0 }, {}]) run(`url.format ${JSON.stringify(options)}`, () => url.format(new URL('http://u:p@xn--mnchen-3ya.de/a?b#c'), options))
  for (const object of [{}, { host: 'a' }, { hostname: 'a', port: 80 }, { protocol: 'http', host: 'a', pathname: 'b' }, { protocol: 'https:', slashes: true, host: 'a' }, { pathname: '/a b?c#d' }, { query: { a: [1, 2], b: 'x y' } }, { search: 'a=1' }, { search: '?a#b', query: { c: 1 } }, { hash: 'x' }, { auth: 'u:p@', host: 'h' }, { hostname: '::1' }, { protocol: 'mailto', pathname: 'a@b' }, { protocol: 'file', pathname: '/a' }, { slashes: true }, { protocol: 'x', host: 'h', pathname: '/p' }, { protocol: 5 }, { pathname: 5 }, { host: 5 }, { hostname: 'a', port: '0' }]) run(`url.format(${JSON.stringify(object)})`, () => url.format(object))
  for (const domain of ['español.com', '中文.com', 'xn--iñvalid.com', 'EXAMPLE.com', '', 'a b', 'xn--espaol-zwa.com', 'faß.de']) { run(`domainToASCII ${domain}`, () => url.domainToASCII(domain)); run(`domainToUnicode ${domain}`, () => url.domainToUnicode(domain)) }
  for (const file of ['/a b', '/a#b', '/a?b', '/a%b', '/ü', '/a\\b', '/a\nb', '/a/', '/', '/a/../b', '/😀', '/a:b', '/a;b', '/[x]', '/a\tb', '/"q"']) run(`pathToFileURL ${JSON.stringify(file)}`, () => { const made = url.pathToFileURL(file); return [made.href, url.fileURLToPath(made)] })
  for (const file of ['file:///a%20b', 'file:///a%2Fb', 'file:///%zz', 'file://host/a', 'http://a', 'file:///a?b#c', 'file:a', 'nope']) run(`fileURLToPath ${file}`, () => url.fileURLToPath(file))
}
