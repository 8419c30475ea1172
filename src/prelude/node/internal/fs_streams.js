// File streams over descriptors.

const { Readable, Writable } = require('node:stream');
const { operations, optionsOf, pathOf } = require('quickcuke:fs_sync');

class ReadStream extends Readable {
  constructor(path, options) {
    const given = optionsOf(options, { flags: 'r', mode: 0o666, highWaterMark: 65536, start: undefined, end: Infinity });
    super({ encoding: given.encoding, highWaterMark: given.highWaterMark });
    Object.assign(this, { path: path === '' ? undefined : pathOf(path), fd: given.fd ?? null, flags: given.flags, bytesRead: 0 });
    this._at = given.start;
    this._left = given.end === Infinity ? Infinity : given.end - (given.start ?? 0) + 1;
    this._given = given;
    internal.setImmediate(() => this._open());
  }
  _open() {
    if (this.fd === null) {
      try { this.fd = operations.open(this.path, this._given.flags, this._given.mode); } catch (error) { this.destroy(error); return; }
    }
    this.emit('open', this.fd);
    this.emit('ready');
    this._waiting?.();
  }
  _read(size) {
    if (this.fd === null) { this._waiting = () => this._read(size); return; }
    try {
      const wanted = Math.min(size, this._left);
      const bytes = wanted > 0 ? internal.ops.fs_read(this.fd, wanted, this._at ?? null) : new Uint8Array(0);
      if (this._at !== undefined) this._at += bytes.length;
      this._left -= bytes.length;
      this.bytesRead += bytes.length;
      this.push(bytes.length === 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    } catch (error) { this.destroy(error); }
  }
  _destroy(error, callback) {
    if (this.fd !== null && this._given.fd === undefined) { try { operations.close(this.fd); } catch { /* closed by hand */ } this.fd = null; }
    callback(error);
  }
  close(callback) { if (callback) this.once('close', callback); this.destroy(); }
}

class WriteStream extends Writable {
  constructor(path, options) {
    const given = optionsOf(options, { flags: 'w', mode: 0o666, encoding: 'utf8' });
    super({ decodeStrings: true, defaultEncoding: given.encoding });
    Object.assign(this, { path: path === '' ? undefined : pathOf(path), fd: given.fd ?? null, flags: given.flags, bytesWritten: 0 });
    this._at = given.start;
    this._given = given;
    internal.setImmediate(() => { if (this._ensureOpen()) { this.emit('open', this.fd); this.emit('ready'); } });
  }
  _ensureOpen() {
    if (this.fd !== null) return true;
    if (this.destroyed) return false;
    try { this.fd = operations.open(this.path, this._given.flags, this._given.mode); return true; } catch (error) { this.destroy(error); return false; }
  }
  _write(chunk, encoding, callback) {
    if (!this._ensureOpen()) return;
    try {
      this.bytesWritten += internal.ops.fs_write(this.fd, chunk, this._at ?? null);
      if (this._at !== undefined) this._at += chunk.length;
      callback();
    } catch (error) { callback(error); }
  }
  _final(callback) { if (this._ensureOpen()) callback(); }
  _destroy(error, callback) {
    if (this.fd !== null && this._given.fd === undefined) { try { operations.close(this.fd); } catch { /* closed by hand */ } this.fd = null; }
    callback(error);
  }
  close(callback) { if (callback) this.once('close', callback); this.end(); }
}

module.exports = {
  ReadStream, WriteStream,
  createReadStream: (path, options) => new ReadStream(path, options),
  createWriteStream: (path, options) => new WriteStream(path, options),
};
