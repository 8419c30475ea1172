// `node:tls`: connections that are secured from their first byte on.

const net = require('node:net');
const { Duplex } = require('node:stream');
const { coded } = require('quickcuke:errors');
const { trustOf } = require('quickcuke:network');

const absent = name => {
  throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `node:tls: ${name} is not available in quickcuke: tls.connect({ host, port }) secures a connection of its own`);
};

/** http2-wrapper, of `got`, takes the class of a stream's wrapper from here while it loads. */
class JSStreamSocket extends Duplex {
  constructor(stream) { super(); this.stream = stream; }
}

class TLSSocket extends net.Socket {
  constructor(stream, options = {}) {
    super(options);
    Object.assign(this, { encrypted: true, authorized: false, authorizationError: null, alpnProtocol: false });
    if (stream === undefined) return;
    if (stream instanceof net.Socket) absent('securing a connection that is open already');
    this._handle = { _parentWrap: new JSStreamSocket(stream) };
  }
  _trust(options) {
    const refused = ['key', 'cert', 'pfx'].find(name => options[name] !== undefined);
    if (refused) absent(`the option ${refused}`);
    const trust = trustOf(options);
    this._verifies = !trust.anybody;
    return JSON.stringify(trust);
  }
  _opened(number, addresses) {
    super._opened(number, addresses);
    this.authorized = this._verifies;
    process.nextTick(() => this.emit('secureConnect'));
    return this;
  }
  getPeerCertificate() { return {}; }
  getProtocol() { return 'TLSv1.3'; }
  getCipher() { return {}; }
  getSession() { return undefined; }
  isSessionReused() { return false; }
  setServername() {}
}

function connect(...given) {
  const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined;
  const [first, second, third] = given;
  const options = typeof first === 'object' ? first : { port: first, ...(typeof second === 'string' ? { host: second } : {}), ...(typeof second === 'object' ? second : third) };
  if (options.socket) absent('securing a connection that is open already');
  const socket = new TLSSocket(undefined, options);
  if (callback) socket.once('secureConnect', callback);
  return socket.connect(options);
}

module.exports = {
  TLSSocket, connect,
  createSecureContext: options => ({ context: { ...options } }), SecureContext: class SecureContext {}, checkServerIdentity: () => undefined,
  getCiphers: () => [], rootCertificates: [], DEFAULT_MIN_VERSION: 'TLSv1.2', DEFAULT_MAX_VERSION: 'TLSv1.3', DEFAULT_CIPHERS: '', DEFAULT_ECDH_CURVE: 'auto',
  Server: class Server { constructor() { absent('Server'); } }, createServer: () => absent('createServer'), createSecurePair: () => absent('createSecurePair'),
};
