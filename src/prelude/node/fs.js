// `node:fs`: the synchronous and the callback forms.

const { operations, constants, pathOf } = require('quickcuke:fs_sync');
const { Stats, Dirent } = require('quickcuke:fs_stats');
const { coded, requireFunction } = require('quickcuke:errors');

const fs = { constants, Stats, Dirent, F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };

// The callback is called in a later turn, as with a real file system.
const callLater = (callback, ...values) => { internal.setImmediate(callback, ...values); };

for (const [name, operation] of Object.entries(operations)) {
  fs[`${name}Sync`] = { [`${name}Sync`]: (...values) => operation(...values) }[`${name}Sync`];
  fs[name] = {
    [name](...values) {
      const callback = values.at(-1) ?? values.at(-2);
      requireFunction(callback, 'cb');
      values.splice(values.lastIndexOf(callback));
      let result;
      try { result = operation(...values); } catch (error) {
        // Wrong arguments are the caller's mistake and are thrown at once.
        if (error instanceof TypeError && error.code?.startsWith('ERR_INVALID_ARG')) throw error;
        return callLater(callback, error);
      }
      if (['read', 'write', 'readv', 'writev'].includes(name)) return callLater(callback, null, result, values[1]);
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
for (const name of ['chown', 'lchown', 'fchown']) {
  const refuse = () => { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `fs.${name} is not available in quickcuke: files keep the owner that runs it`); };
  fs[name] = fs[`${name}Sync`] = refuse;
}
fs.opendir = (path, options, callback = options) => {
  requireFunction(callback, 'callback');
  let directory;
  try { directory = fs.opendirSync(path); } catch (error) { return callLater(callback, error); }
  return callLater(callback, null, directory);
};
fs.opendirSync = path => {
  const entries = fs.readdirSync(path, { withFileTypes: true });
  return { path, readSync: () => entries.shift() ?? null, closeSync() {}, async close() {}, async read() { return entries.shift() ?? null; }, async* [Symbol.asyncIterator]() { yield* entries; } };
};
fs.watch = fs.watchFile = fs.unwatchFile = () => { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'fs.watch is not available in quickcuke: read the file again when it matters'); };
fs.statfs = fs.statfsSync = () => { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'fs.statfs is not available in quickcuke: steps see files, not the disks below'); };

fs.createReadStream = (path, options) => require('quickcuke:fs_streams').createReadStream(path, options);
fs.createWriteStream = (path, options) => require('quickcuke:fs_streams').createWriteStream(path, options);
for (const [name, id, key] of [['promises', 'node:fs/promises'], ['ReadStream', 'quickcuke:fs_streams', 'ReadStream'], ['WriteStream', 'quickcuke:fs_streams', 'WriteStream']]) {
  Object.defineProperty(fs, name, { get: () => key ? require(id)[key] : require(id), enumerable: true, configurable: true });
}

module.exports = fs;
