// Headers of `node:http`: what may be sent, and how those of an answer are told.

const { coded } = require('quickcuke:errors');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const NOT_CONTENT = /[^\t\x20-\x7e\x80-\xff]/;
// Of these a second one is ignored.
const SINGLE = new Set(['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent']);

function validateHeaderName(name, label = 'Header name') {
  if (typeof name !== 'string' || !TOKEN.test(name)) throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `${label} must be a valid HTTP token ["${name}"]`);
}
function validateHeaderValue(name, value) {
  if (value === undefined) throw coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`);
  if (NOT_CONTENT.test(value)) throw coded(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
}

/** The headers of a request on its way, by their lower-case names: those of Node's OutgoingMessage. */
const outgoing = {
  setHeader(name, value) {
    if (this.headersSent) throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client');
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    this._headers.set(name.toLowerCase(), { name, value });
    return this;
  },
  setHeaders(headers) { for (const [name, value] of headers) this.setHeader(name, value); return this; },
  appendHeader(name, value) {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  },
  getHeader(name) { return this._headers.get(name.toLowerCase())?.value; },
  hasHeader(name) { return this._headers.has(name.toLowerCase()); },
  removeHeader(name) {
    if (this.headersSent) throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot remove headers after they are sent to the client');
    this._headers.delete(name.toLowerCase());
  },
  getHeaderNames() { return [...this._headers.keys()]; },
  getRawHeaderNames() { return [...this._headers.values()].map(({ name }) => name); },
  getHeaders() { return Object.assign(Object.create(null), Object.fromEntries([...this._headers].map(([key, { value }]) => [key, value]))); },
};

/** { headers, headersDistinct, rawHeaders } of a list of pairs. */
function incoming(pairs) {
  const headers = {};
  const headersDistinct = Object.create(null);
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    (headersDistinct[name] ??= []).push(value);
    if (name === 'set-cookie') (headers[name] ??= []).push(value);
    else if (headers[name] === undefined) headers[name] = value;
    else if (!SINGLE.has(name)) headers[name] += `${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return { headers, headersDistinct, rawHeaders: pairs.flat() };
}

module.exports = { validateHeaderName, validateHeaderValue, outgoing, incoming };
