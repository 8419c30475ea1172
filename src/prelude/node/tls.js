// `node:tls`: not available, but for the look that packages take at it while they load.

const { Duplex } = require('node:stream');

const tls = require('quickcuke:unavailable')('node:tls');

/** http2-wrapper, of `got`, takes the class of a stream's wrapper from here. */
class JSStreamSocket extends Duplex {
  constructor(stream) { super(); this.stream = stream; }
}

const Unavailable = tls.TLSSocket;
tls.TLSSocket = class TLSSocket extends Duplex {
  constructor(stream, options) {
    super();
    // Only a stream that has no connection of its own to secure.
    if (!(stream instanceof Duplex) || options !== undefined) Unavailable();
    this._handle = { _parentWrap: new JSStreamSocket(stream) };
  }
};

module.exports = tls;
