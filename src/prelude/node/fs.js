// `node:fs`: the synchronous and the callback forms.

const { operations, constants, pathOf } = require('quickcuke:fs_sync');
const { Stats, Dirent } = require('quickcuke:fs_stats');
const { requireFunction } = require('quickcuke:errors');

const fs = { constants, Stats, Dirent, F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };

// The callback is called in a later turn, as with a real file system.
const callLater = (callback, ...values) => { setImmediate(callback, ...values); };

for (const [name, operation] of Object.entries(operations)) {
  fs[`${name}Sync`] = { [`${name}Sync`]: (...values) => operation(...values) }[`${name}Sync`];
  fs[name] = {
    [name](...values) {
      const callback = typeof values.at(-1) === 'function' ? values.pop() : undefined;
      requireFunction(callback, 'cb');
      let result;
      try { result = operation(...values); } catch (error) {
        // Wrong arguments are the caller's mistake and are thrown at once.
        if (error instanceof TypeError && error.code?.startsWith('ERR_INVALID_ARG')) throw error;
        return callLater(callback, error);
      }
      if (name === 'read' || name === 'write') return callLater(callback, null, result, values[1]);
      return result === undefined ? callLater(callback, null) : callLater(callback, null, result);
    },
  }[name];
}

fs.existsSync = path => { try { return internal.ops.fs_exists(pathOf(path)); } catch { return false; } };
fs.exists = (path, callback) => {
  requireFunction(callback, 'cb');
  callLater(callback, fs.existsSync(path));
};
fs.exists[Symbol.for('nodejs.util.promisify.custom')] = async path => fs.existsSync(path);
fs.realpath.native = fs.realpath;
fs.realpathSync.native = fs.realpathSync;
fs.lchownSync = fs.chownSync = fs.fchownSync = () => {};
fs.opendirSync = path => {
  const entries = fs.readdirSync(path, { withFileTypes: true });
  return { path, readSync: () => entries.shift() ?? null, closeSync() {}, async close() {}, async read() { return entries.shift() ?? null; }, async* [Symbol.asyncIterator]() { yield* entries; } };
};
fs.watch = fs.watchFile = fs.unwatchFile = () => { throw new Error('fs.watch is not available in quickcuke'); };

fs.createReadStream = (path, options) => require('quickcuke:fs_streams').createReadStream(path, options);
fs.createWriteStream = (path, options) => require('quickcuke:fs_streams').createWriteStream(path, options);
for (const [name, id, key] of [['promises', 'node:fs/promises'], ['ReadStream', 'quickcuke:fs_streams', 'ReadStream'], ['WriteStream', 'quickcuke:fs_streams', 'WriteStream']]) {
  Object.defineProperty(fs, name, { get: () => key ? require(id)[key] : require(id), enumerable: true, configurable: true });
}

module.exports = fs;
