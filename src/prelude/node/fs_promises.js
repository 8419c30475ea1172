// `node:fs/promises`.

const { operations, constants } = require('quickcuke:fs_sync');

class FileHandle {
  constructor(fd) { Object.defineProperty(this, 'fd', { value: fd, writable: true, enumerable: true }); }
  async readFile(options) { return operations.readFile(this.fd, options); }
  async writeFile(data, options) { return operations.writeFile(this.fd, data, options); }
  async appendFile(data, options) { return operations.writeFile(this.fd, data, options); }
  async read(target, ...rest) {
    const { buffer = Buffer.alloc(16384), ...options } = ArrayBuffer.isView(target) ? { buffer: target } : target ?? {};
    const bytesRead = operations.read(this.fd, buffer, ...(rest.length > 0 ? rest : [options]));
    return { bytesRead, buffer };
  }
  async write(data, ...rest) { return { bytesWritten: operations.write(this.fd, data, ...rest), buffer: data }; }
  async stat(options) { return operations.fstat(this.fd, options); }
  async truncate(length) { return operations.ftruncate(this.fd, length); }
  async sync() {}
  async datasync() {}
  async *readLines() {
    const text = String(operations.readFile(this.fd, 'utf8'));
    if (text !== '') yield* text.replace(/\r?\n$/, '').split(/\r?\n/);
  }
  createReadStream(options) { return require('quickcuke:fs_streams').createReadStream('', { ...options, fd: this.fd }); }
  createWriteStream(options) { return require('quickcuke:fs_streams').createWriteStream('', { ...options, fd: this.fd }); }
  async close() {
    if (this.fd === -1) return;
    operations.close(this.fd);
    this.fd = -1;
  }
}
if (Symbol.asyncDispose) Object.defineProperty(FileHandle.prototype, Symbol.asyncDispose, { value: FileHandle.prototype.close });

const withDescriptor = new Set(['close', 'read', 'readv', 'write', 'writev', 'fstat', 'ftruncate', 'fsync', 'fdatasync']);
const promises = { constants };
for (const name of ['chown', 'lchown', 'statfs']) promises[name] = async () => require('node:fs')[name]();
for (const [name, operation] of Object.entries(operations)) {
  if (withDescriptor.has(name)) continue;
  promises[name] = {
    async [name](first, ...values) {
      const settled = await operation(first instanceof FileHandle ? first.fd : first, ...values);
      return settled;
    },
  }[name];
}
promises.open = async (path, flags, mode) => new FileHandle(operations.open(path, flags, mode));
promises.opendir = async path => require('node:fs').opendirSync(path);
promises.watch = () => require('node:fs').watch();

module.exports = promises;
