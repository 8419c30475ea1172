// attach, log and link: what a step or hook, of a scenario or around the run, adds to the report.

const LOG = 'text/x.cucumber.log+plain';
const LINKS = 'text/uri-list';

/** `attach(data, mediaType | { mediaType, fileName }, callback)`: data is a string, a buffer or a readable stream. */
function attach(data, mediaTypeOrOptions, callback) {
  const { mediaType, fileName } =
    typeof mediaTypeOrOptions === 'string' ? { mediaType: mediaTypeOrOptions } : (mediaTypeOrOptions ?? {});
  if (typeof data === 'string') {
    const encoded = mediaType?.startsWith('base64:') ?? false;
    send(data, encoded, encoded ? mediaType.slice('base64:'.length) : (mediaType || 'text/plain'), fileName);
    return undefined;
  }
  if (data instanceof Uint8Array) {
    requireMediaType('Buffer', mediaType);
    sendBytes(data, mediaType, fileName);
    return undefined;
  }
  if (typeof data?.on === 'function' && typeof data.read === 'function') {
    requireMediaType('Stream', mediaType);
    const done = attachStream(data, mediaType, fileName);
    if (typeof callback !== 'function') return done;
    done.then(callback, callback);
    return undefined;
  }
  throw new Error('Invalid attachment data: must be a buffer, readable stream, or string');
}

function log(text) {
  return attach(text, LOG);
}

function link(...urls) {
  return attach(urls.join('\n'), LINKS);
}

function requireMediaType(what, mediaType) {
  if (mediaType === undefined || mediaType === null) {
    throw new Error(`${what} attachments must specify a media type`);
  }
}

function attachStream(stream, mediaType, fileName) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    stream.on('error', reject);
    stream.on('end', () => {
      sendBytes(Buffer.concat(chunks), mediaType, fileName);
      resolve();
    });
  });
}

function sendBytes(bytes, mediaType, fileName) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  send(buffer.toString('base64'), true, mediaType, fileName);
}

function send(body, isBase64, mediaType, fileName) {
  internal.ops.attach(body, isBase64, String(mediaType), fileName ? String(fileName) : null);
}

module.exports = { attach, log, link };
