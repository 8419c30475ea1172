// `node:net`: TCP over the ops of host/socket.rs. A connection belongs to the scenario that opened it.

const EventEmitter = require('node:events');
const { Duplex } = require('node:stream');
const { coded, invalidArgType } = require('quickcuke:errors');
const { networkError } = require('quickcuke:network');

let lastNumber = 0;

function isIPv4(text) { return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text) && !/(^|\.)0\d/.test(text); }
function isIPv6(text) { return /^[\da-f:.]*:[\da-f:.]*(%\w+)?$/i.test(text) && URL.canParse(`http://[${`${text}`.replace(/%\w+$/, '')}]`); }
const isIP = text => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

function requirePort(port) {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    const shown = require('quickcuke:errors').received(port).trim();
    throw coded(RangeError, 'ERR_SOCKET_BAD_PORT', `Port should be >= 0 and < 65536. ${shown}.`);
  }
  return number;
}

// (port[, host][, listener]), (options[, listener]); a path is that of a socket in the file system.
function normalize([first, ...rest]) {
  const listener = typeof rest.at(-1) === 'function' ? rest.at(-1) : undefined;
  if (typeof first === 'object' && first !== null) return [first, listener];
  if (typeof first === 'function') return [{}, first];
  if (typeof first === 'string' && !/^\d+$/.test(first)) return [{ path: first }, listener];
  return [{ port: first, ...(typeof rest[0] === 'string' ? { host: rest[0] } : {}) }, listener];
}
const noPath = what => coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `node:net: ${what} by the path of a socket is not available in quickcuke: there is TCP`);

class Socket extends Duplex {
  #number; #timer; #milliseconds = 0;

  constructor(options = {}) {
    super({ autoDestroy: true, ...(options.readableHighWaterMark ? { highWaterMark: options.readableHighWaterMark } : {}) });
    Object.assign(this, { connecting: false, pending: true, allowHalfOpen: options.allowHalfOpen === true, bytesRead: 0, bytesWritten: 0, timeout: undefined });
    Object.defineProperty(this, 'signal', { value: options.signal });
    if (options.signal) {
      const stop = () => this.destroy(Object.assign(coded(Error, 'ABORT_ERR', 'The operation was aborted'), { name: 'AbortError' }));
      if (options.signal.aborted) stop(); else options.signal.addEventListener('abort', stop, { once: true });
    }
    this.on('end', () => process.nextTick(() => { if (!this.allowHalfOpen && !this.writableEnded) this.end(); }));
  }
  // `close` says whether there was an error.
  emit(name, ...values) { return super.emit(name, ...(name === 'close' ? [Boolean(this.errored)] : values)); }
  /** Open from now on. */
  _opened(number, addresses) {
    this.#number = number;
    const { local, remote } = addresses;
    Object.assign(this, {
      connecting: false, pending: false, localAddress: local?.address, localPort: local?.port, localFamily: local?.family,
      remoteAddress: remote?.address, remotePort: remote?.port, remoteFamily: remote?.family,
    });
    this.#alive();
    return this;
  }
  connect(...given) {
    const [options, listener] = normalize(given);
    if (listener) this.once('connect', listener);
    if (options.path !== undefined) throw noPath('connecting');
    if (options.port === undefined) throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "options" or "port" or "path" argument must be specified');
    const port = requirePort(options.port);
    const host = options.host ?? 'localhost';
    if (typeof host !== 'string') throw invalidArgType('options.host', 'string', host);
    const number = ++lastNumber;
    this.#number = number;
    this.connecting = true;
    internal.ops.socket_connect(number, host, port, this._trust?.(options) ?? null).then(addresses => {
      if (this.destroyed) { internal.ops.socket_drop(number); return; }
      this._opened(number, addresses);
      this.emit('connect');
      this.emit('ready');
      if (this._readableState.flowing !== false) this.read(0);
    }, error => { if (!this.destroyed) this.destroy(networkError(error)); });
    if (options.timeout) this.setTimeout(options.timeout);
    return this;
  }
  _read() {
    if (this.pending) { this.once('connect', () => this._read()); return; }
    internal.ops.socket_read(this.#number).then(bytes => {
      if (this.destroyed) return;
      if (bytes === undefined) { this.push(null); return; }
      this.#alive();
      this.bytesRead += bytes.length;
      this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }, error => { if (!this.destroyed) this.destroy(networkError(error)); });
  }
  _write(chunk, encoding, callback) {
    if (this.pending) { this.once('connect', () => this._write(chunk, encoding, callback)); return; }
    internal.ops.socket_write(this.#number, chunk).then(() => {
      this.#alive();
      this.bytesWritten += chunk.length;
      callback();
    }, error => callback(this.destroyed ? undefined : networkError(error)));
  }
  _final(callback) {
    if (this.pending) {
      if (this.connecting) this.once('connect', () => this._final(callback)); else callback();
      return;
    }
    internal.ops.socket_end(this.#number).then(() => callback(), () => callback());
  }
  _destroy(error, callback) {
    clearTimeout(this.#timer);
    this.connecting = false;
    if (this.#number !== undefined) internal.ops.socket_drop(this.#number);
    callback(error);
  }
  setTimeout(milliseconds, listener) {
    this.timeout = this.#milliseconds = milliseconds;
    if (listener) this.once('timeout', listener);
    this.#alive();
    return this;
  }
  #alive() {
    clearTimeout(this.#timer);
    if (this.#milliseconds > 0) this.#timer = internal.setDeadline(() => this.emit('timeout'), this.#milliseconds);
  }
  get readyState() {
    if (this.connecting) return 'opening';
    if (this.pending || this.destroyed) return 'closed';
    return this.writable ? (this.readable ? 'open' : 'writeOnly') : 'readOnly';
  }
  address() { return this.localAddress === undefined ? {} : { address: this.localAddress, family: this.localFamily, port: this.localPort }; }
  destroySoon() { if (this.writable) this.end(); if (this.writableFinished) this.destroy(); else this.once('finish', () => this.destroy()); }
  resetAndDestroy() { return this.destroy(); }
  setNoDelay() { return this; }
  setKeepAlive() { return this; }
  ref() { return this; }
  unref() { return this; }
}

class Server extends EventEmitter {
  #number; #connections = new Set();

  constructor(options, listener) {
    super();
    if (typeof options === 'function') [options, listener] = [{}, options];
    Object.assign(this, { listening: false, allowHalfOpen: options?.allowHalfOpen === true, maxConnections: undefined });
    if (listener) this.on('connection', listener);
  }
  listen(...given) {
    const [options, listener] = normalize(given);
    if (options.path !== undefined) throw noPath('listening');
    if (this.#number !== undefined) throw coded(Error, 'ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once without closing.');
    if (listener) this.once('listening', listener);
    const number = this.#number = ++lastNumber;
    // Nobody from outside the machine unless asked for.
    internal.ops.socket_listen(number, options.host ?? 'localhost', requirePort(options.port ?? 0)).then(address => {
      if (this.#number !== number) return;
      Object.assign(this, { listening: true, _address: address });
      this.emit('listening');
      this.#accept();
    }, error => {
      if (this.#number !== number) return;
      this.#number = undefined;
      this.emit('error', networkError(error));
    });
    return this;
  }
  #accept() {
    const number = this.#number;
    const next = ++lastNumber;
    internal.ops.socket_accept(number, next).then(addresses => {
      const socket = new Socket({ allowHalfOpen: this.allowHalfOpen })._opened(next, addresses);
      this.#connections.add(socket);
      socket.once('close', () => { this.#connections.delete(socket); this.#settle(); });
      this.emit('connection', socket);
      if (this.#number === number) this.#accept();
    }, error => { if (this.#number === number) this.emit('error', networkError(error)); });
  }
  address() { return this._address ?? null; }
  close(callback) {
    if (callback) {
      if (this.#number === undefined) process.nextTick(callback, coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.'));
      else this.once('close', callback);
    }
    if (this.#number !== undefined) internal.ops.socket_drop(this.#number);
    this.#number = undefined;
    this.listening = false;
    this._address = undefined;
    this.#settle(true);
    return this;
  }
  // Closed are those that listen no more and whose connections are over.
  #settle(isClosing = false) {
    if (isClosing) this._closing = true;
    if (!this._closing || this.#connections.size > 0) return;
    this._closing = false;
    process.nextTick(() => this.emit('close'));
  }
  getConnections(callback) { process.nextTick(callback, null, this.#connections.size); return this; }
  ref() { return this; }
  unref() { return this; }
  async [Symbol.asyncDispose]() { await new Promise(resolve => { this.close(resolve); }); }
}

const connect = (...given) => new Socket(typeof given[0] === 'object' ? given[0] : {}).connect(...given);
const absent = name => function () { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `node:net.${name} is not available in quickcuke`); };

module.exports = {
  Socket, Stream: Socket, Server, connect, createConnection: connect, createServer: (options, listener) => new Server(options, listener), isIP, isIPv4, isIPv6,
  BlockList: absent('BlockList'), SocketAddress: absent('SocketAddress'), getDefaultAutoSelectFamily: () => true, setDefaultAutoSelectFamily() {},
  getDefaultAutoSelectFamilyAttemptTimeout: () => 250, setDefaultAutoSelectFamilyAttemptTimeout() {},
};
