// node:path: both flavours over the same texts.

import path from 'node:path'

const PATHS = [
  '', '.', '..', '/', '//', '///', './', '../', '/.', '/..', 'a', 'a/', '/a', '/a/', 'a/b', '/a/b/', '/a//b///c', 'a/../..', '/../a', './a/./b', 'a/b/../../c', '/a/b/../..',
  'foo.txt', '.bashrc', '.bashrc.txt', 'a.b.c', 'a.', '..a', 'a..', '/x/.y', '/x/y.', '/dir.d/file', '/dir.d/file.ext/', 'file.ext///', '...', '/...', 'a/...', ' ', 'a b/c d.e f', 'ü/ß.ñ',
  '\\', '\\\\', 'a\\b', '\\a\\b\\', 'C:', 'C:.', 'C:\\', 'c:/', 'C:a', 'C:\\a\\b.txt', 'C:\\a\\..\\..\\b', 'C:..\\a', 'C:/a/b/', 'C:\\\\a', '\\\\server', '\\\\server\\share', '\\\\server\\share\\',
  '\\\\server\\share\\dir\\file.ext', '//server/share/a', '//server//share', '\\\\?\\C:\\a', '\\\\.\\pipe\\x', 'file:stream', 'C:file:stream', '\\\\server\\\\share\\a', 'CON', 'C:\\dir\\.x', '/c:/a', 'a:b/c',
]
const PAIRS = [
  ['/data/a/b', '/data/c/d'], ['/a', '/a'], ['/a/b', '/a'], ['/a', '/a/b/c'], ['/', '/a'], ['/a', '/'], ['', ''], ['', 'x'], ['x', ''], ['a/b', 'a/c'], ['/foo/bar', '/foo/barbaz'], ['/foo/barbaz', '/foo/bar'],
  ['../a', 'b'], ['/a/b/', '/a/b/c/'], ['C:\\a\\b', 'C:\\a\\c'], ['C:\\a', 'D:\\a'], ['c:\\A\\B', 'C:\\a\\b\\C'], ['\\\\s\\x\\a', '\\\\s\\x\\b'], ['\\\\s\\x\\a', '\\\\t\\x\\b'], ['C:\\', 'C:\\a'], ['C:\\a', 'C:\\'],
  ['C:\\foo\\bar', 'C:\\foo\\barbaz'], ['C:\\foo\\barbaz', 'C:\\foo\\bar'], ['\\\\foo\\baz-quux', '\\\\foo\\baz'], ['C:\\a\\..\\b', 'C:\\b\\c'],
]
const LISTS = [
  [], [''], ['', ''], ['a'], ['/a', 'b'], ['/a', '/b'], ['a', '..', 'b'], ['/a', '../..', 'b'], ['a', '', 'b'], ['.', 'a'], ['/', 'a'], ['/', '..'], ['', '/a'], ['a/', '/b/'], ['/foo', 'bar', 'baz/asdf', 'quux', '..'],
  ['C:', 'a'], ['C:\\', 'a'], ['C:\\a', 'D:\\b'], ['C:\\a', 'D:b', 'C:c'], ['\\\\server', 'share'], ['//server', 'share', 'x'], ['/', '/a'], ['//a', 'b'], ['C:.', 'a'], ['C:', ''], ['c:/ignore', 'd:\\a/b\\c/d', '\\e.exe'],
  ['c:/ignore', 'c:/some/file'], ['d:/ignore', 'd:some/dir//'], ['//server/share', '..', 'relative\\'], ['c:/', '//'], ['c:/', '//dir'], ['c:/', '//server/share'], ['c:/', '///some//dir'], ['\\', '\\', 'a'], ['', '', '/foo'], [' /foo'], ['a', '/', 'b'],
]
const WRONG = [undefined, null, true, 1, {}, [], () => {}, Symbol('s'), 1n, NaN]
const FORMATS = [
  {}, { dir: '/a' }, { root: '/' }, { base: 'x.txt' }, { name: 'x', ext: '.txt' }, { name: 'x', ext: 'txt' }, { dir: '/a', base: 'x.txt', name: 'ignored', ext: '.no' }, { root: '/', base: 'x' }, { root: '/', dir: '/', base: 'x' },
  { root: '/r', dir: '/d', base: 'b' }, { dir: 'C:\\path\\dir', base: 'file.txt' }, { ext: '.e' }, { root: '/', name: 'file', ext: '.txt' }, { dir: '', base: 'x' }, { dir: '/a/', name: 'n' }, { name: '' },
]

export default function (run) {
  for (const flavour of ['posix', 'win32']) {
    const subject = path[flavour]
    for (const name of ['basename', 'dirname', 'extname', 'normalize', 'isAbsolute', 'parse', 'toNamespacedPath']) {
      // What depends on the directory of the run is no affair of Windows' paths here.
      const cwdMatters = name === 'toNamespacedPath' && flavour === 'win32'
      for (const text of PATHS) if (!cwdMatters || /^[a-zA-Z]:[\\/]|^[\\/]{2}[^\\/]+[\\/]+[^\\/]/.test(text)) run(`${flavour}.${name}(${JSON.stringify(text)})`, () => subject[name](text))
      for (const wrong of WRONG) run(`${flavour}.${name}(${String(wrong)})`, () => subject[name](wrong))
    }
    for (const [text, suffix] of [['a.html', '.html'], ['a.html', 'html'], ['a.html', 'a.html'], ['/b/a.html', 'a.html'], ['.html', '.html'], ['a.html', ''], ['a/', '/'], ['aaa', 'a'], ['/x/aaa', 'aaa'], ['a.HTML', '.html'], ['C:\\x.txt', '.txt'], ['C:x', 'x'], ['abc', 'xyzabc'], ['a//', 'a']]) {
      run(`${flavour}.basename(${JSON.stringify([text, suffix])})`, () => subject.basename(text, suffix))
    }
    for (const wrong of WRONG) run(`${flavour}.basename suffix ${String(wrong)}`, () => subject.basename('a', wrong))
    for (const list of LISTS) {
      run(`${flavour}.join(${JSON.stringify(list)})`, () => subject.join(...list))
      const absolute = flavour === 'posix' ? ['/base', ...list] : ['C:\\base', ...list]
      run(`${flavour}.resolve(${JSON.stringify(absolute)})`, () => subject.resolve(...absolute))
    }
    for (const wrong of WRONG) {
      run(`${flavour}.join a, ${String(wrong)}`, () => subject.join('a', wrong))
      run(`${flavour}.resolve ${String(wrong)}`, () => subject.resolve('/a', wrong, 'b'))
      run(`${flavour}.relative ${String(wrong)}`, () => subject.relative(wrong, 'a'))
      run(`${flavour}.relative to ${String(wrong)}`, () => subject.relative('a', wrong))
      run(`${flavour}.format ${String(wrong)}`, () => subject.format(wrong))
    }
    for (const [from, to] of PAIRS) if (flavour === 'posix' || /^[A-Za-z]:|^\\\\/.test(from)) run(`${flavour}.relative(${JSON.stringify([from, to])})`, () => subject.relative(from, to))
    for (const object of FORMATS) run(`${flavour}.format(${JSON.stringify(object)})`, () => subject.format(object))
    for (const text of PATHS) run(`${flavour}.format(parse(${JSON.stringify(text)}))`, () => subject.format(subject.parse(text)))
    run(`${flavour}.sep and delimiter`, () => [subject.sep, subject.delimiter])
    run(`${flavour} keys`, () => Object.keys(subject).filter((key) => key !== 'matchesGlob').sort())
    run(`${flavour} is itself`, () => [path.posix === path, subject.posix === path.posix, subject.win32 === path.win32])
  }
  run(() => path.resolve() === process.cwd())
  run(() => path.resolve('') === process.cwd())
  run(() => path.resolve('a') === `${process.cwd()}/a`)
  run(() => path.relative('', process.cwd()))
}
