// The operations of `node:fs`, each in its plain form: arguments in, value out or an error thrown. The callback and
// promise forms are made from these.

const { invalidArgType, invalidArgValue, coded, requireBoolean, requireInteger } = require('quickcuke:errors');
const { encodingOf } = require('quickcuke:buffer_text');
const { Stats, Dirent, BigIntStats } = require('quickcuke:fs_stats');

const { ops } = internal;
const constants = Object.freeze({
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, COPYFILE_EXCL: 1, COPYFILE_FICLONE: 2, COPYFILE_FICLONE_FORCE: 4,
  O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_SYNC: 1052672,
  S_IFMT: 61440, S_IFREG: 32768, S_IFDIR: 16384, S_IFCHR: 8192, S_IFBLK: 24576, S_IFIFO: 4096, S_IFLNK: 40960, S_IFSOCK: 49152,
  S_IRWXU: 448, S_IRUSR: 256, S_IWUSR: 128, S_IXUSR: 64, S_IRWXG: 56, S_IRGRP: 32, S_IWGRP: 16, S_IXGRP: 8, S_IRWXO: 7, S_IROTH: 4, S_IWOTH: 2, S_IXOTH: 1,
});

function pathOf(value, name = 'path') {
  const path = typeof value === 'string' ? value : value instanceof URL ? require('node:url').fileURLToPath(value)
    : value instanceof Uint8Array ? Buffer.from(value).toString() : undefined;
  if (path === undefined) throw invalidArgType(name, ['string', 'Buffer', 'URL'], value);
  if (path.includes('\0')) throw invalidArgValue(name, value, 'must be a string, Uint8Array, or URL without null bytes');
  return path;
}

function fdOf(fd) {
  requireInteger(fd, 'fd', 0, 2147483647);
  return fd;
}

function optionsOf(options, defaults) {
  if (options === undefined || options === null || typeof options === 'function') return { ...defaults };
  if (typeof options === 'string') options = { encoding: options };
  if (typeof options !== 'object') throw invalidArgType('options', ['string', 'Object'], options);
  const { encoding } = options;
  if (encoding != null && encoding !== 'buffer' && encodingOf(encoding) === undefined) {
    throw invalidArgValue('encoding', encoding, 'is invalid encoding');
  }
  return { ...defaults, ...options };
}

function modeOf(mode, missing) {
  if ((mode === undefined || mode === null) && missing !== undefined) return missing;
  if (typeof mode === 'string') {
    if (!/^[0-7]+$/.test(mode)) throw invalidArgValue('mode', mode, 'must be a 32-bit unsigned integer or an octal string');
    return parseInt(mode, 8);
  }
  requireInteger(mode, 'mode', 0, 2 ** 32 - 1);
  return mode;
}
const encoded = (bytes, encoding) => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
};
const dataOf = (data, encoding) => {
  if (typeof data === 'string') return Buffer.from(data, encoding ?? 'utf8');
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw invalidArgType('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
};
const secondsOf = time => {
  if (time instanceof Date) return time.getTime() / 1000;
  const seconds = Number(time);
  if (Number.isNaN(seconds)) throw invalidArgType('time', ['number', 'Date'], time);
  return seconds;
};
const FLAGS = [[constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 'w'], [constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 'w+'],
  [constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 'a'], [constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 'a+'],
  [constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 'wx'], [constants.O_RDONLY, 'r'], [constants.O_RDWR, 'r+']];
const flagsOf = flags => {
  if (flags !== undefined && flags !== null && typeof flags !== 'string' && typeof flags !== 'number') throw invalidArgValue('flags', flags);
  if (typeof flags !== 'number') return flags ?? 'r';
  return FLAGS.find(([number]) => number === flags)?.[1] ?? 'r';
};

function readAll(fd) {
  const chunks = [];
  for (;;) {
    const chunk = ops.fs_read(fd, 1 << 20, null);
    if (chunk.length === 0) return Buffer.concat(chunks);
    chunks.push(chunk);
  }
}

const operations = {
  readFile(path, options) {
    const { encoding, flag } = optionsOf(options, { encoding: null, flag: 'r' });
    if (Number.isInteger(path)) return encoded(readAll(path), encoding);
    if (flag !== 'r' && flag !== 'rs') operations.close(operations.open(path, flag));
    return encoded(ops.fs_read_file(pathOf(path)), encoding);
  },
  writeFile(path, data, options) {
    const { encoding, flag, mode } = optionsOf(options, { encoding: 'utf8', flag: 'w', mode: 0o666 });
    const bytes = dataOf(data, encoding);
    if (Number.isInteger(path)) { ops.fs_write(path, bytes, null); return; }
    ops.fs_write_file(pathOf(path), bytes, flagsOf(flag), modeOf(mode, 0o666));
  },
  appendFile(path, data, options) { operations.writeFile(path, data, optionsOf(options, { flag: 'a' })); },
  stat(path, options) { return statsOf(() => ops.fs_stat(pathOf(path), true), options); },
  lstat(path, options) { return statsOf(() => ops.fs_stat(pathOf(path), false), options); },
  fstat(fd, options) { return statsOf(() => ops.fs_fstat(fdOf(fd)), options); },
  access(path, mode = constants.F_OK) {
    const target = pathOf(path);
    if (mode !== null && !Number.isInteger(mode)) throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'mode must be int32 or null/undefined');
    ops.fs_access(target, mode ?? constants.F_OK);
  },
  readdir(path, options) {
    const { withFileTypes = false, recursive = false, encoding } = optionsOf(options, {});
    const root = pathOf(path);
    const found = [];
    const pending = [[root, '']];
    while (pending.length > 0) {
      const [directory, prefix] = pending.shift();
      for (const [name, kind] of ops.fs_readdir(directory)) {
        if (withFileTypes) found.push(new Dirent(name, directory, kind));
        else found.push(encoding === 'buffer' ? Buffer.from(prefix + name) : prefix + name);
        if (recursive && kind === 'directory') pending.push([`${directory.replace(/\/$/, '')}/${name}`, `${prefix}${name}/`]);
      }
    }
    return found;
  },
  mkdir(path, options) {
    const { recursive = false, mode } = typeof options === 'number' || typeof options === 'string' ? { mode: options } : options ?? {};
    const target = pathOf(path);
    requireBoolean(recursive, 'options.recursive');
    const first = ops.fs_mkdir(target, Boolean(recursive)) ?? undefined;
    if (mode !== undefined && (!recursive || first !== undefined)) ops.fs_chmod(target, modeOf(mode));
    return first;
  },
  mkdtemp(prefix, options) {
    optionsOf(options, {});
    return ops.fs_mkdtemp(pathOf(prefix, 'prefix'));
  },
  rm(path, { recursive = false, force = false } = {}) { ops.fs_rm(pathOf(path), Boolean(recursive), Boolean(force)); },
  rmdir(path, { recursive = false } = {}) { if (recursive) ops.fs_rm(pathOf(path), true, false); else ops.fs_rmdir(pathOf(path)); },
  unlink(path) { ops.fs_unlink(pathOf(path)); },
  rename(from, to) { ops.fs_rename(pathOf(from, 'oldPath'), pathOf(to, 'newPath')); },
  copyFile(from, to, mode = 0) { ops.fs_copy_file(pathOf(from, 'src'), pathOf(to, 'dest'), (mode & constants.COPYFILE_EXCL) !== 0); },
  cp(from, to, options = {}) { copyTree(pathOf(from, 'src'), pathOf(to, 'dest'), options); },
  realpath(path) { return ops.fs_realpath(pathOf(path)); },
  readlink(path, options) {
    const { encoding } = optionsOf(options, {});
    const target = ops.fs_readlink(pathOf(path));
    return encoding === 'buffer' ? Buffer.from(target) : target;
  },
  symlink(target, path) { ops.fs_symlink(pathOf(target, 'target'), pathOf(path)); },
  link(existing, path) { ops.fs_link(pathOf(existing, 'existingPath'), pathOf(path, 'newPath')); },
  chmod(path, mode) { ops.fs_chmod(pathOf(path), modeOf(mode)); },
  utimes(path, atime, mtime) { ops.fs_utimes(pathOf(path), secondsOf(atime), secondsOf(mtime)); },
  truncate(path, length = 0) {
    const target = pathOf(path);
    requireInteger(length, 'len');
    ops.fs_truncate(target, Math.max(0, length));
  },
  ftruncate(fd, length = 0) {
    fdOf(fd);
    requireInteger(length, 'len');
    ops.fs_ftruncate(fd, Math.max(0, length));
  },
  open(path, flags = 'r', mode = 0o666) { return ops.fs_open(pathOf(path), flagsOf(flags), modeOf(mode, 0o666)); },
  close(fd) { ops.fs_close(fdOf(fd)); },
  read(fd, target, offset = 0, length, position = null) {
    fdOf(fd);
    if (offset !== null && typeof offset === 'object') ({ offset = 0, length, position = null } = offset);
    const room = length ?? target.byteLength - offset;
    const bytes = ops.fs_read(fd, room, position === -1 ? null : Number(position ?? NaN) >= 0 ? Number(position) : null);
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes, offset);
    return bytes.length;
  },
  write(fd, data, ...rest) {
    fdOf(fd);
    if (typeof data === 'string') {
      const [position = null, encoding] = rest;
      return ops.fs_write(fd, dataOf(data, encoding), typeof position === 'number' ? position : null);
    }
    let [offset = 0, length, position = null] = rest;
    if (offset !== null && typeof offset === 'object') ({ offset = 0, length, position = null } = offset);
    const bytes = dataOf(data);
    offset ??= 0;
    return ops.fs_write(fd, bytes.slice(offset, length == null ? undefined : offset + length), typeof position === 'number' ? position : null);
  },
  readv(fd, buffers, position = null) { return vectored(operations.read, fd, buffers, position); },
  writev(fd, buffers, position = null) { return vectored(operations.write, fd, buffers, position); },
  fsync(fd) { fdOf(fd); },
  fdatasync(fd) { fdOf(fd); },
};

// One buffer after the other, until one is not filled or not written whole.
function vectored(operation, fd, buffers, position) {
  fdOf(fd);
  if (!Array.isArray(buffers) || !buffers.every(ArrayBuffer.isView)) throw invalidArgType('buffers', 'ArrayBufferView[]', buffers);
  let total = 0;
  for (const buffer of buffers) {
    const count = operation(fd, buffer, 0, buffer.byteLength, typeof position === 'number' ? position + total : null);
    total += count;
    if (count < buffer.byteLength) break;
  }
  return total;
}

function statsOf(read, options) {
  let numbers;
  try { numbers = read(); } catch (error) {
    if (options?.throwIfNoEntry === false && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
  return options?.bigint ? new BigIntStats(numbers) : new Stats(numbers);
}

function copyTree(from, to, options) {
  if (options.filter && !options.filter(from, to)) return;
  if (!operations.stat(from).isDirectory()) {
    if (options.force === false && ops.fs_exists(to)) {
      if (options.errorOnExist) throw coded(Error, 'ERR_FS_CP_EEXIST', `Target already exists: cp returned EEXIST (${to} already exists) ${to}`);
      return;
    }
    const parent = require('node:path').dirname(to);
    if (!ops.fs_exists(parent)) operations.mkdir(parent, { recursive: true });
    operations.copyFile(from, to);
    return;
  }
  if (!options.recursive) throw coded(Error, 'ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: cp returned EISDIR (${from} is a directory (not copied)) ${from}`);
  operations.mkdir(to, { recursive: true });
  for (const [name] of ops.fs_readdir(from)) copyTree(`${from}/${name}`, `${to}/${name}`, options);
}

module.exports = { operations, constants, pathOf, optionsOf, dataOf };
