// The handshake of a request for another protocol, such as that of WebSocket: what comes after it is the caller's, byte by
// byte.

const { networkError } = require('quickcuke:network');

const END = '\r\n\r\n';
/** The most bytes of an answer's head, as in Node. */
const MOST_BYTES = 16384;

/** { status, statusText, headers } of the text of a head. */
function parseHead(text) {
  const [first, ...lines] = text.split('\r\n');
  const [, status, statusText = ''] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first) ?? [];
  if (status === undefined) return undefined;
  return { status: Number(status), statusText, headers: lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]) };
}

/**
 * Sends the request on a connection of its own, as `options` make it, and emits `upgrade` with the answer that `respond`
 * makes of its head. An answer that does not upgrade is a `response`, without its body.
 */
function shakeHands(request, options, body, respond) {
  const connect = options.createConnection ?? (request.protocol === 'https:' ? require('node:tls').connect : require('node:net').connect);
  const socket = connect(options);
  const fail = error => request.destroy(error);
  socket.on('error', fail);
  request.once('quickcuke:gone', () => { if (request.res === null) socket.destroy(); });
  const fields = [...request.getRawHeaderNames()].flatMap(name => [request.getHeader(name)].flat().map(value => `${name}: ${value}\r\n`));
  socket.write(`${request.method} ${request.path} HTTP/1.1\r\n${fields.join('')}\r\n`);
  if (body.length > 0) socket.write(body);
  let bytes = Buffer.alloc(0);
  const onEnd = () => fail(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  const onData = chunk => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf(END);
    if (end < 0 && bytes.length < MOST_BYTES) return;
    socket.off('data', onData).off('end', onEnd).off('error', fail);
    const head = end < 0 ? undefined : parseHead(bytes.subarray(0, end).toString('latin1'));
    if (head === undefined) {
      socket.destroy();
      fail(networkError({ message: 'Parse Error: Expected HTTP/1.1', code: 'HPE_INVALID_CONSTANT' }));
      return;
    }
    // It flows again when somebody listens.
    socket._readableState.flowing = null;
    const response = respond(head);
    if (head.status === 101 && request.listenerCount('upgrade') > 0) {
      request.emit('upgrade', response, socket, bytes.subarray(end + END.length));
      return;
    }
    socket.destroy();
    if (!request.emit('response', response)) response.resume();
  };
  socket.on('data', onData).on('end', onEnd);
}

module.exports = { shakeHands };
