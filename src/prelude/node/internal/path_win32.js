// The rules of Windows paths: drives, UNC roots, two separators.

const { requireString } = require('quickcuke:errors');

const isSeparator = character => character === '/' || character === '\\';

// "C:" or "\\server\share", or nothing.
function deviceOf(path) {
  const drive = /^[a-zA-Z]:/.exec(path);
  if (drive) return drive[0];
  const share = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/.exec(path);
  return share ? share[0] : '';
}
const rootOf = path => {
  const device = deviceOf(path);
  const next = path[device.length];
  return next !== undefined && isSeparator(next) ? path.slice(0, device.length + 1) : device;
};
const plainDevice = device => device.length > 2 ? `\\\\${device.slice(2).split(/[\\/]+/).join('\\')}` : device;

const rules = ({ resolveDots, climb }) => {
  const split = path => path.split(/[\\/]/);
  function normalize(path) {
    requireString(path, 'path');
    if (path === '') return '.';
    const device = deviceOf(path);
    const isShare = device.length > 2;
    const absolute = isShare || (path.length > device.length && isSeparator(path[device.length]));
    let rest = resolveDots(split(path.slice(device.length)), absolute).join('\\');
    if (rest === '' && !absolute) rest = '.';
    if (rest !== '' && isSeparator(path.at(-1)) && path.length > device.length) rest += '\\';
    if (rest === '.\\' && device === '' && !absolute) rest = '.\\';
    return `${plainDevice(device)}${absolute ? '\\' : ''}${rest}`;
  }
  function resolve(...paths) {
    let device = '';
    let tail = '';
    let absolute = false;
    for (let index = paths.length - 1; index >= -1; index--) {
      const path = index >= 0 ? paths[index] : process.cwd();
      if (index >= 0) requireString(path, `paths[${index}]`);
      if (path === '') continue;
      const own = deviceOf(path);
      if (own !== '' && device !== '' && own.toLowerCase() !== device.toLowerCase()) continue;
      if (device === '') device = own;
      if (!absolute) {
        tail = `${path.slice(own.length)}\\${tail}`;
        absolute = own.length > 2 || isSeparator(path[own.length] ?? '');
      }
      if (absolute && device !== '') break;
    }
    const rest = resolveDots(split(tail), absolute).join('\\');
    return `${plainDevice(device)}${absolute ? '\\' : ''}${rest}` || '.';
  }
  return {
    sep: '\\',
    delimiter: ';',
    collapsesDirname: false,
    isSeparator,
    split,
    deviceOf: path => /^[a-zA-Z]:/.exec(path)?.[0] ?? '',
    rootOf,
    isAbsolute(path) {
      requireString(path, 'path');
      return path !== '' && (isSeparator(path[0]) || /^[a-zA-Z]:[\\/]/.test(path));
    },
    normalize,
    // Parts joined must not turn into a share by accident: "/" + "/a" is not "\\a".
    normalizeJoined(joined, first) {
      const wasShare = /^[\\/]{2}[^\\/]/.test(first);
      return normalize(wasShare ? joined : joined.replace(/^[\\/]{2,}/, '\\'));
    },
    resolve,
    relative(from, to) {
      requireString(from, 'from');
      requireString(to, 'to');
      const source = resolve(from);
      const target = resolve(to);
      if (source.toLowerCase() === target.toLowerCase()) return '';
      if (deviceOf(source).toLowerCase() !== deviceOf(target).toLowerCase()) return target;
      const same = (a, b) => a.toLowerCase() === b.toLowerCase();
      return climb(split(source).filter(Boolean), split(target).filter(Boolean), same).join('\\');
    },
    toNamespacedPath(path) {
      if (typeof path !== 'string' || path === '') return path;
      const resolved = resolve(path);
      if (/^\\\\[^.?]/.test(resolved)) return `\\\\?\\UNC\\${resolved.slice(2)}`;
      return /^[a-zA-Z]:\\/.test(resolved) ? `\\\\?\\${resolved}` : path;
    },
  };
};

module.exports = { rules };
