const { Then } = require('@cucumber/cucumber')
const assert = require('assert')
const crypto = require('crypto')
const { EventEmitter } = require('events')
const fs = require('fs')
const fsp = require('node:fs/promises')
const os = require('os')
const path = require('path')
const querystring = require('querystring')
const { StringDecoder } = require('string_decoder')
const url = require('url')
const util = require('util')
const sleep = util.promisify(setTimeout)
const timers = require('timers/promises')

const data = path.join(__dirname, '../data')

const checks = {
  path: () => [path.join('a', '..', 'b/./c'), path.relative('/a/b/c', '/a/d'), path.parse('/x/y.tar.gz'), path.normalize('/a//b/../c/'), path.posix === path, path.win32.join('a', 'b'), path.extname('.x'), path.isAbsolute('a'), path.sep, path.format({ dir: '/d', name: 'n', ext: 'e' })],
  util: () => [util.format('%s %d %i %j %o %%', 'a', 1.5, 1.5, { a: 1 }, [1]), util.inspect({ a: [1, { b: { c: {} } }], s: 'it\'s', f() {}, d: class X {}, n: null, m: new Map([[{ a: 1 }, new Set()]]), sym: Symbol('s'), [Symbol('k')]: 1n }), util.inspect('x'.repeat(20).split('')), util.isDeepStrictEqual({ a: [1] }, { a: [1] }), util.types.isPromise(Promise.resolve()), util.inspect(new Error('e')).split('\n')[0]],
  crypto: () => [crypto.createHash('sha256').update('a').update('b').digest('hex'), crypto.createHash('md5').update('é').digest('base64'), crypto.createHmac('sha1', 'key').update('data').digest('hex'), crypto.randomBytes(8).length, crypto.randomUUID().length, crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')), crypto.createHash('sha512').update(Buffer.from([1, 2])).digest().length],
  url: () => [new URL('../x?a=1&b=ü#h', 'https://user:pw@example.org:8080/a/b/').href, [...new URLSearchParams('a=1&b=2&a=3').getAll('a')], url.parse('http://h.test:1/p?q=1#f').pathname, url.fileURLToPath('file:///a%20b'), url.pathToFileURL('/a b').href, querystring.parse('a=1&b=%20x'), querystring.stringify({ a: [1, 2], b: 'ü' }), URL.canParse('nope')],
  fs: () => [fs.readFileSync(path.join(data, 'text.md'), 'utf8'), fs.existsSync(path.join(data, 'none')), fs.readdirSync(data).sort(), fs.statSync(data).isDirectory(), fs.statSync(path.join(data, 'text.md')).size, JSON.parse(fs.readFileSync(path.join(data, 'value.json')))],
  'fs errors': () => ['none.txt', 'text.md/x'].map((name) => { try { return fs.readFileSync(path.join(data, name)) } catch ({ name, code, syscall, message }) { return { name, code, syscall, message: message.replace(data, '') } } }),
  'fs promises': async () => [await fsp.readFile(path.join(data, 'text.md'), { encoding: 'utf8' }), await fsp.access(path.join(data, 'none')).catch((error) => error.code), (await fsp.stat(data)).isFile(), await util.promisify(fs.readFile)(path.join(data, 'value.json'), 'utf8')],
  events: () => { const seen = []; const bus = new EventEmitter(); bus.once('a', (x) => seen.push(['once', x])); bus.on('a', (x) => seen.push(['on', x])); bus.prependListener('a', () => seen.push('first')); bus.emit('a', 1); bus.emit('a', 2); return [seen, bus.emit('b'), bus.listenerCount('a'), bus.eventNames()] },
  os: () => [os.EOL, typeof os.platform(), os.tmpdir().length > 0, typeof os.hostname(), os.cpus().length > 0, os.type()],
  buffer: () => [Buffer.from('héllo').toString('hex'), Buffer.from('aGk=', 'base64').toString(), Buffer.concat([Buffer.from([1]), Buffer.alloc(2, 'x')]).toJSON(), Buffer.byteLength('€'), Buffer.from('abc').slice(1).toString('latin1'), Buffer.from([0, 0, 1, 2]).readUInt32BE(0), Buffer.compare(Buffer.from('a'), Buffer.from('b')), util.inspect(Buffer.from('ab')), new StringDecoder('utf8').write(Buffer.from([0xe2, 0x82]))],
  globals: () => [structuredClone({ a: new Date(0), b: new Map([[1, [2]]]) }).b.get(1), atob('aGk='), btoa('hi'), new TextDecoder().decode(new TextEncoder().encode('ü')), typeof performance.now(), typeof queueMicrotask, new AbortController().signal.aborted, [3, 1, 2].toSorted(), Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')), 'ab'.at(-1), [1, 2].findLast((n) => n < 2), structuredClone(new Set([1])).size],
  timers: async () => { const order = []; setTimeout(() => order.push('timeout'), 1); setImmediate(() => order.push('immediate')); process.nextTick(() => order.push('tick')); Promise.resolve().then(() => order.push('micro')); await sleep(5); const stop = setInterval(() => order.push('interval'), 1); await timers.setTimeout(10); clearInterval(stop); return [order.filter((x) => x !== 'interval').sort(), order.includes('interval'), order.indexOf('tick') < order.indexOf('timeout'), await timers.setTimeout(1, 'value')] },
  intl: () => [(1234567.891).toLocaleString('en-US'), new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(5), new Date(0).toLocaleDateString('en-US', { timeZone: 'UTC' }), 'a'.localeCompare('b')],
  collation: () => [['ä', 'z', 'a', 'Z', 'é', 'e', '10', '9'].sort((a, b) => a.localeCompare(b)), ['a10', 'a9'].sort(new Intl.Collator('en', { numeric: true }).compare)],
  dates: () => [new Date('2024-02-29T12:00:00Z').toISOString(), Date.UTC(2020, 1, 1), new Date('x').getTime(), JSON.stringify({ d: new Date(0) }), Date.parse('Thu, 01 Jan 1970 00:00:00 GMT')],
  'dates as text': () => [new Date(2024, 0, 31).toString(), new Date(0).toUTCString(), new Date(0).toDateString(), `${new Date(0)}`],
  regexps: () => ['2024-02-29'.match(/(?<y>\d+)-(?<m>\d+)/).groups.y, 'aBc'.replace(/b/i, (m) => m.toUpperCase() + m), [...'a1b2'.matchAll(/[a-z](\d)/g)].map((m) => m[1]), /(?<=\$)\d+/.exec('$42')[0], 'ü'.normalize('NFD').length, /\p{Lu}/u.test('Ä'), 'x'.padStart(3, 'ab'), /a.c/s.test('a\nc'), 'aa'.replaceAll('a', '$&b')],
  process: () => [process.cwd() === path.dirname(__dirname), typeof process.pid, process.platform === os.platform(), process.argv.length > 0, typeof process.hrtime.bigint(), process.version.startsWith('v'), typeof process.memoryUsage().heapUsed, process.env.NOT_THERE === undefined, typeof process.uptime(), process.versions.node.split('.').length],
  require: () => [require('../data/value.json').a.length, path.basename(require.resolve('../data/value.json')), (() => { try { require('./none') } catch ({ code, message }) { return [code, message.split('\n')[0].replace(__dirname, '')] } })(), require('#data/value.json').a[0], module.id === __filename, typeof module.paths, require.main === module, Object.keys(require.cache).includes(__filename), this === undefined],
  assert: () => [() => assert.deepEqual([1, '2'], [1, 2]), () => assert.deepStrictEqual([1], ['1']), () => assert.throws(() => { throw new TypeError('x') }, { name: 'TypeError', message: 'x' }), () => assert.ifError(null), () => assert(false), () => assert.partialDeepStrictEqual?.({ a: 1, b: 2 }, { a: 1 })].map((check) => { try { check(); return 'fine' } catch ({ name, code, message }) { return [name, code, message.split('\n')[0]] } }),
}

Then('module {string} behaves', async function (name) {
  this.attach(JSON.stringify(await checks[name](), (_, value) => (typeof value === 'bigint' ? `${value}n` : value), 1), 'application/json')
})

Then('the console speaks', function () {
  console.log('log %s', 'x', { a: 1 })
  console.info('info')
  console.error('error')
  console.table([{ a: 1, b: 2 }])
})
