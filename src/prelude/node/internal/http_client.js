// The client of `node:http` and `node:https`, over the ops of host/fetch.rs: a request goes out whole when it is ended,
// on a connection of its own; the answer's body is read as it is asked for.

const EventEmitter = require('node:events');
const { Readable, Writable } = require('node:stream');
const { coded, invalidArgType } = require('quickcuke:errors');
const { takeNumber } = require('quickcuke:fetch');
const { outgoing, incoming, validateHeaderName } = require('quickcuke:http_headers');
const { networkError, trustOf } = require('quickcuke:network');
const { shakeHands } = require('quickcuke:http_upgrade');

const WITHOUT_BODY = [204, 205, 304];
// What would need a connection of the caller's making.
const REFUSED = ['socketPath', 'pfx', 'key', 'cert'];

const unavailable = what => coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `node:http: ${what} is not available in quickcuke, which makes a connection for each request itself`);
const hangUp = () => coded(Error, 'ECONNRESET', 'socket hang up');

/** What programs ask of a request's connection: its events and timeouts. It carries nothing itself. */
class Connection extends EventEmitter {
  constructor(request, isSecure) {
    super();
    Object.assign(this, { connecting: false, destroyed: false, readable: true, writable: true, bytesRead: 0, bytesWritten: 0, remoteAddress: undefined, remotePort: undefined });
    if (isSecure) Object.assign(this, { encrypted: true, authorized: true, getPeerCertificate: () => ({}) });
    Object.defineProperty(this, '_request', { value: request });
  }
  setTimeout(milliseconds, listener) { this._request._limit(milliseconds, this); if (listener) this.once('timeout', listener); return this; }
  setKeepAlive() { return this; }
  setNoDelay() { return this; }
  ref() { return this; }
  unref() { return this; }
  address() { return {}; }
  destroy(error) { this.destroyed = true; this._request.destroy(error); return this; }
  end() { return this; }
}

/** Connections are not kept: an agent holds options for requests. */
class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.options = { ...options };
    Object.assign(this, { defaultPort: 80, protocol: 'http:', keepAlive: Boolean(options.keepAlive), maxSockets: options.maxSockets ?? Infinity, maxFreeSockets: options.maxFreeSockets ?? 256, maxTotalSockets: options.maxTotalSockets ?? Infinity, requests: {}, sockets: {}, freeSockets: {} });
  }
  createConnection() { throw unavailable('Agent.createConnection'); }
  getName({ host = 'localhost', port = '', localAddress = '' } = {}) { return `${host}:${port}:${localAddress}`; }
  destroy() {}
}

class SecureAgent extends Agent {
  constructor(options) { super(options); Object.assign(this, { defaultPort: 443, protocol: 'https:' }); }
}

const isOwn = agent => agent.createConnection === Agent.prototype.createConnection && agent.addRequest === undefined && agent.createSocket === undefined;

class IncomingMessage extends Readable {
  #number;

  constructor(head, connection, number) {
    super();
    Object.assign(this, {
      httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, statusCode: head.status, statusMessage: head.statusText,
      ...incoming(head.headers), trailers: {}, rawTrailers: [], trailersDistinct: Object.create(null),
      complete: false, aborted: false, url: '', method: null, socket: connection, connection,
    });
    this.#number = number;
  }
  _read() {
    if (this.#number === undefined) { this.complete = true; this.push(null); return; }
    internal.ops.fetch_chunk(this.#number).then(chunk => {
      if (this.destroyed) return;
      if (chunk === undefined) { this.complete = true; this.push(null); return; }
      this.req?._alive();
      this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }, error => {
      if (this.destroyed) return;
      this.destroy(Object.assign(coded(Error, 'ECONNRESET', 'aborted'), { cause: networkError(error) }));
    });
  }
  _destroy(error, callback) {
    if (this.#number !== undefined) internal.ops.fetch_drop(this.#number);
    if (!this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    this.req?._close();
    // As in Node, nobody has to listen for it.
    process.nextTick(() => callback(this.listenerCount('error') > 0 ? error : null));
  }
  setTimeout(milliseconds, listener) { this.req.setTimeout(milliseconds, listener); return this; }
}

// request(url[, options][, callback]) and request(options[, callback]).
function optionsOf(input, options, callback) {
  if (typeof options === 'function') [options, callback] = [undefined, options];
  if (typeof input === 'string') input = new URL(input);
  if (input instanceof URL) {
    const { protocol, hostname, pathname, search, port, username, password } = input;
    const auth = username || password ? { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` } : {};
    return [{ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), path: `${pathname}${search}`, ...(port === '' ? {} : { port: Number(port) }), ...auth, ...options }, callback];
  }
  if (typeof input !== 'object' || input === null) throw invalidArgType('options', ['string', 'URL', 'Object'], input);
  return [{ ...input, ...options }, callback];
}

class ClientRequest extends Writable {
  #connection; #chunks = []; #size = 0; #number; #origin; #trust; #timer; #milliseconds = 0; #isClosed = false; #upgrade; #site = internal.siteOf(ClientRequest);

  constructor(input, given, listener, defaultAgent = new Agent()) {
    const [options, callback] = optionsOf(input, given, listener);
    super({ autoDestroy: false });
    const agent = options.agent || defaultAgent;
    const protocol = options.protocol ?? agent.protocol ?? defaultAgent.protocol;
    if (protocol !== defaultAgent.protocol) throw coded(TypeError, 'ERR_INVALID_PROTOCOL', `Protocol "${protocol}" not supported. Expected "${defaultAgent.protocol}"`);
    const path = options.path ? `${options.path}` : '/';
    if (/[^\x21-\xff]/.test(path)) throw coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters');
    const method = options.method ?? 'GET';
    if (typeof method !== 'string') throw invalidArgType('options.method', 'string', method);
    validateHeaderName(method, 'Method');
    const tls = { ...agent.options, ...options };
    const refused = REFUSED.find(name => tls[name] !== undefined && tls[name] !== null);
    if (refused) throw unavailable(`the option ${refused}`);
    const upgrades = pairsOf(options.headers).some(([name, value]) => name.toLowerCase() === 'connection' && /upgrade/i.test(value));
    if (options.createConnection && !upgrades) throw unavailable('the option createConnection');
    if (!isOwn(agent)) throw unavailable('an agent that makes connections of its own, such as one for a proxy,');

    const host = options.hostname || options.host || 'localhost';
    const port = options.port || options.defaultPort || agent.defaultPort;
    Object.assign(this, { method: method.toUpperCase(), path, host, protocol, agent, timeout: options.timeout, aborted: false, reusedSocket: false, shouldKeepAlive: false, maxHeadersCount: null, res: null, headersSent: false, socket: null, connection: null });
    Object.defineProperty(this, '_headers', { value: new Map() });
    for (const [name, value] of pairsOf(options.headers)) if (value !== undefined) this.setHeader(name, value);
    if (options.auth && !this.hasHeader('authorization')) this.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
    const isUsualPort = Number(port) === defaultAgent.defaultPort;
    const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    if (!this.hasHeader('host') && options.setHost !== false) this.setHeader('Host', isUsualPort ? shown : `${shown}:${port}`);
    this.#origin = `${protocol}//${shown}:${port}`;
    // Of that many protocols none is ours: the connection is handed over.
    if (upgrades) this.#upgrade = { ...tls, host: host.replace(/^\[|\]$/g, ''), port: Number(port), path: undefined };
    this.#trust = trustOf(tls);
    if (callback) this.once('response', callback);
    this.#connection = new Connection(this, protocol === 'https:');
    if (options.signal) {
      const { signal } = options;
      const stop = () => this.destroy(Object.assign(coded(Error, 'ABORT_ERR', 'The operation was aborted', { cause: signal.reason }), { name: 'AbortError' }));
      if (signal.aborted) stop(); else signal.addEventListener('abort', stop, { once: true });
    }
    process.nextTick(() => {
      if (this.destroyed) return;
      this.socket = this.connection = this.#connection;
      this.emit('socket', this.#connection);
      if (this.timeout ?? agent.options?.timeout) this._limit(this.timeout ?? agent.options.timeout);
    });
  }

  get finished() { return this.writableEnded; }
  _write(chunk, encoding, callback) { this.#chunks.push(chunk); this.#size += chunk.length; callback(); }
  _final(callback) {
    this.headersSent = true;
    // Once the connection has been announced.
    process.nextTick(() => process.nextTick(() => this.#send()));
    callback();
  }
  flushHeaders() {}
  setNoDelay() {}
  setSocketKeepAlive() {}

  #send() {
    if (this.destroyed) return;
    if (this.#upgrade) {
      shakeHands(this, this.#upgrade, Buffer.concat(this.#chunks), head => this.res = new IncomingMessage(head, this.#connection));
      return;
    }
    const number = this.#number = takeNumber();
    const headers = [];
    // The length is that of what is sent.
    for (const [key, { name, value }] of this._headers) {
      if (key === 'content-length' || key === 'transfer-encoding' || key === 'connection') continue;
      for (const one of [value].flat()) headers.push([name, `${one}`]);
    }
    const asked = JSON.stringify({ url: this.#origin + this.path, method: this.method, redirect: 'manual', headers, trust: this.#trust });
    const body = this.#size > 0 ? Buffer.concat(this.#chunks) : null;
    internal.startedAt(this.#site, () => internal.ops.fetch_begin(number, asked, body)).then(head => {
      if (this.destroyed) return;
      this._alive();
      const isEmpty = this.method === 'HEAD' || WITHOUT_BODY.includes(head.status);
      if (isEmpty) internal.ops.fetch_drop(number);
      const response = this.res = new IncomingMessage(head, this.#connection, isEmpty ? undefined : number);
      Object.defineProperty(response, 'req', { value: this, enumerable: false });
      response.on('end', () => this._close());
      if (!this.emit('response', response)) response.resume();
    }, error => { if (!this.destroyed) this.destroy(networkError(error)); });
  }

  setTimeout(milliseconds, listener) {
    this.timeout = milliseconds;
    if (listener) this.once('timeout', listener);
    this._limit(milliseconds);
    return this;
  }
  // Tells of so long a time without a sign of life; ends nothing.
  _limit(milliseconds) {
    this.#milliseconds = milliseconds;
    this._alive();
  }
  _alive() {
    clearTimeout(this.#timer);
    if (!this.#milliseconds || this.#isClosed) return;
    this.#timer = internal.setDeadline(() => { this.#connection.emit('timeout'); this.emit('timeout'); }, this.#milliseconds);
  }
  _close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (!this.destroyed) this.destroy();
    this.#connection.destroyed = true;
    process.nextTick(() => this.#connection.emit('close', false));
  }
  abort() {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  }
  _destroy(error, callback) {
    if (this.#number !== undefined && !this.res?.complete) internal.ops.fetch_drop(this.#number);
    this._close();
    this.emit('quickcuke:gone');
    if (this.res === null) { callback(error ?? hangUp()); return; }
    if (!this.res.complete && !this.res.destroyed) this.res.destroy(error ?? coded(Error, 'ECONNRESET', 'aborted'));
    callback(null);
  }
}
for (const [name, value] of Object.entries(outgoing)) Object.defineProperty(ClientRequest.prototype, name, { value, writable: true, configurable: true });

// Headers as an object, as a list of pairs, or as one list.
function pairsOf(headers) {
  if (headers === undefined || headers === null) return [];
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (Array.isArray(headers[0])) return headers;
  return Array.from({ length: headers.length / 2 }, (_, index) => [headers[2 * index], headers[2 * index + 1]]);
}

/** { request, get } with what the module's own agent says. */
function client(module) {
  const request = (input, options, callback) => new ClientRequest(input, options, callback, module.globalAgent);
  const get = (input, options, callback) => { const made = request(input, options, callback); made.end(); return made; };
  return { request, get };
}

module.exports = { Agent, SecureAgent, ClientRequest, IncomingMessage, client };
