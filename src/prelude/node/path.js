// `node:path`: paths as text, by the rules of POSIX and of Windows.

const { requireObject, requireString } = require('quickcuke:errors');

// Resolves "." and ".." among the parts of a path. With `isAbsolute`, ".." stops at the root.
function resolveDots(parts, isAbsolute) {
  const kept = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isAbsolute) kept.push('..');
  }
  return kept;
}

// What both flavours share. `rules` has: sep, delimiter, isSeparator(character), rootLength(path), …
function makePath(rules) {
  const { sep, isSeparator, rootOf } = rules;

  const trimEnd = (path, root) => {
    let end = path.length;
    while (end > root.length && isSeparator(path[end - 1])) end--;
    return path.slice(0, end);
  };
  const lastSeparator = path => {
    for (let index = path.length - 1; index >= 0; index--) if (isSeparator(path[index])) return index;
    return -1;
  };

  function baseOf(path) {
    const device = rules.deviceOf(path);
    const trimmed = trimEnd(path, '').slice(Math.min(device.length, path.length));
    return trimmed.slice(lastSeparator(trimmed) + 1);
  }

  function basename(path, suffix) {
    if (suffix !== undefined) requireString(suffix, 'suffix');
    requireString(path, 'path');
    const base = baseOf(path);
    return suffix && base.endsWith(suffix) && base !== suffix ? base.slice(0, -suffix.length)
      : suffix !== undefined && base === suffix && path !== suffix ? base : suffix && path === suffix ? '' : base;
  }

  const extensionOf = base => {
    const dot = base.lastIndexOf('.');
    return dot <= 0 || base === '..' ? '' : base.slice(dot);
  };

  function extname(path) {
    requireString(path, 'path');
    return extensionOf(baseOf(path));
  }

  function dirname(path) {
    requireString(path, 'path');
    if (path.length === 0) return '.';
    const root = rootOf(path);
    const trimmed = trimEnd(path, root);
    if (trimmed.length <= root.length) return root === '' ? '.' : path.slice(0, Math.max(root.length, 1));
    const at = lastSeparator(trimmed.slice(root.length));
    if (at === -1) return root === '' ? '.' : root;
    let end = root.length + at;
    while (rules.collapsesDirname && end > root.length && isSeparator(path[end - 1]) && end > root.length + 1) end--;
    return path.slice(0, Math.max(end, root.length)) || root;
  }

  function join(...paths) {
    for (const path of paths) requireString(path, 'path');
    const joined = paths.filter(path => path !== '').join(sep);
    return joined === '' ? '.' : rules.normalizeJoined(joined, paths.find(path => path !== ''));
  }

  function format(pathObject) {
    requireObject(pathObject, 'pathObject');
    const extension = pathObject.ext ? `${pathObject.ext[0] === '.' ? '' : '.'}${pathObject.ext}` : '';
    const base = pathObject.base || `${pathObject.name || ''}${extension}`;
    const directory = pathObject.dir || pathObject.root;
    if (!directory) return base;
    return directory === pathObject.root ? `${directory}${base}` : `${directory}${sep}${base}`;
  }

  function parse(path) {
    requireString(path, 'path');
    const root = rootOf(path);
    const trimmed = trimEnd(path, root);
    const rest = trimmed.slice(root.length);
    const base = rest.slice(lastSeparator(rest) + 1);
    const ext = extensionOf(base);
    const at = lastSeparator(rest);
    const dir = at === -1 ? root : at === 0 && root === '' ? trimmed.slice(0, 1) : trimmed.slice(0, root.length + at);
    return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) };
  }

  return {
    sep, delimiter: rules.delimiter, basename, extname, dirname, join, format, parse, normalize: rules.normalize,
    resolve: rules.resolve, relative: rules.relative, isAbsolute: rules.isAbsolute,
    toNamespacedPath: rules.toNamespacedPath,
    _makeLong: rules.toNamespacedPath,
  };
}

const posixRules = {
  sep: '/',
  delimiter: ':',
  collapsesDirname: false,
  isSeparator: character => character === '/',
  deviceOf: () => '',
  rootOf: path => path.startsWith('/') ? '/' : '',
  isAbsolute(path) { requireString(path, 'path'); return path.startsWith('/'); },
  normalize(path) {
    requireString(path, 'path');
    if (path === '') return '.';
    const absolute = path.startsWith('/');
    let text = resolveDots(path.split('/'), absolute).join('/');
    if (text === '' && absolute) return '/';
    if (text === '') text = '.';
    if (path.endsWith('/')) text += '/';
    return absolute ? `/${text}` : text;
  },
  normalizeJoined: joined => posixRules.normalize(joined),
  resolve(...paths) {
    let resolved = '';
    for (let index = paths.length - 1; index >= -1 && !resolved.startsWith('/'); index--) {
      const path = index >= 0 ? paths[index] : process.cwd();
      requireString(path, `paths[${index}]`);
      if (path !== '') resolved = resolved === '' ? path : `${path}/${resolved}`;
    }
    return `/${resolveDots(resolved.split('/'), true).join('/')}`;
  },
  relative(from, to) {
    requireString(from, 'from');
    requireString(to, 'to');
    const source = posixRules.resolve(from).split('/').filter(Boolean);
    const target = posixRules.resolve(to).split('/').filter(Boolean);
    return climb(source, target, (a, b) => a === b).join('/');
  },
  toNamespacedPath: path => path,
};

// The parts that lead from one directory to the other.
function climb(source, target, same) {
  let shared = 0;
  while (shared < source.length && shared < target.length && same(source[shared], target[shared])) shared++;
  return [...source.slice(shared).map(() => '..'), ...target.slice(shared)];
}

const posix = makePath(posixRules);
const win32 = makePath(require('quickcuke:path_win32').rules({ resolveDots, climb }));
posix.posix = win32.posix = posix;
posix.win32 = win32.win32 = win32;

module.exports = posix;
