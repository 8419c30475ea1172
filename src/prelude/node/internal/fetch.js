// fetch, Request and Response over the ops of host/fetch.rs, which keep what is under way by number.

const { Headers } = require('quickcuke:headers');
const { Body, Source, sourceOf, give, share } = require('quickcuke:fetch_body');
const { AbortSignal } = require('quickcuke:abort');
const { trustOf } = require('quickcuke:network');

const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const REDIRECTS = ['follow', 'error', 'manual'];
const WITHOUT_BODY = [101, 103, 204, 205, 304];

function urlOf(input) {
  let url;
  try { url = new URL(input); } catch (cause) { throw new TypeError(`Failed to parse URL from ${input}`, { cause }); }
  if (url.username || url.password) throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${url.origin}${url.pathname}`);
  return url;
}

function methodOf(method) {
  const text = `${method}`;
  const upper = text.toUpperCase();
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text) || FORBIDDEN.includes(upper)) throw new TypeError(`'${text}' is not a valid HTTP method.`);
  return NORMALIZED.includes(upper) ? upper : text;
}

class Request extends Body {
  #url; #method; #headers; #redirect; #signal;

  constructor(input, init = undefined) {
    super();
    if (arguments.length === 0) throw new TypeError("Failed to construct 'Request': 1 argument required, but only 0 present.");
    const from = input instanceof Request ? input : undefined;
    const given = init ?? {};
    this.#url = from ? from.#url : urlOf(`${input}`);
    this.#method = given.method === undefined ? from?.method ?? 'GET' : methodOf(given.method);
    this.#headers = new Headers(given.headers ?? from?.headers);
    this.#redirect = given.redirect === undefined ? from?.redirect ?? 'follow' : `${given.redirect}`;
    if (!REDIRECTS.includes(this.#redirect)) throw new TypeError(`redirect: '${this.#redirect}' is not one of ${REDIRECTS.join(', ')}.`);
    const signal = given.signal === undefined ? from?.signal : given.signal;
    if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) throw new TypeError("signal: expected an instance of AbortSignal.");
    this.#signal = signal ?? null;
    const body = given.body === undefined && from ? from.body && { type: null, source: share(from) } : sourceOf(given.body);
    if (!body) return;
    if (this.#method === 'GET' || this.#method === 'HEAD') throw new TypeError('Request with GET/HEAD method cannot have body.');
    if (body.type && !this.#headers.has('content-type')) this.#headers.set('content-type', body.type);
    give(this, body.source);
  }
  get url() { return this.#url.href; }
  get method() { return this.#method; }
  get headers() { return this.#headers; }
  get redirect() { return this.#redirect; }
  get signal() { return this.#signal; }
  clone() { return new Request(this); }
  get [Symbol.toStringTag]() { return 'Request'; }
}

class Response extends Body {
  #head;

  constructor(body = null, { status = 200, statusText = '', headers } = {}) {
    super();
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`status: ${String(status)} must be in the range of 200 to 599, inclusive.`);
    this.#head = { status, statusText: `${statusText}`, headers: new Headers(headers), url: '', redirected: false, type: 'default' };
    const given = sourceOf(body);
    if (!given) return;
    if (WITHOUT_BODY.includes(status)) throw new TypeError(`Response with status ${status} cannot have a body.`);
    if (given.type && !this.headers.has('content-type')) this.headers.set('content-type', given.type);
    give(this, given.source);
  }
  /** The answer to a request. */
  static of(head, source) {
    const response = new Response();
    response.#head = head;
    if (source) give(response, source);
    return response;
  }
  static json(data, init = undefined) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Response.json: the value cannot be written as JSON.');
    const response = new Response(text, init);
    if (!new Headers(init?.headers).has('content-type')) response.headers.set('content-type', 'application/json');
    return response;
  }
  static error() { return Response.#bare({ status: 0, type: 'error' }); }
  static redirect(url, status = 302) {
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`Invalid status code ${String(status)}`);
    return Response.#bare({ status, headers: new Headers({ location: `${urlOf(url)}` }) });
  }
  static #bare(head) {
    const response = new Response();
    response.#head = { ...response.#head, ...head };
    return response;
  }
  get status() { return this.#head.status; }
  get statusText() { return this.#head.statusText; }
  get ok() { return this.status >= 200 && this.status < 300; }
  get headers() { return this.#head.headers; }
  get url() { return this.#head.url; }
  get redirected() { return this.#head.redirected; }
  get type() { return this.#head.type; }
  clone() { return makeResponse({ ...this.#head, headers: new Headers(this.headers) }, share(this)); }
  get [Symbol.toStringTag]() { return 'Response'; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const { status, statusText, ok, url, redirected, bodyUsed } = this;
    return `Response ${inspect({ status, statusText, ok, headers: this.headers, url, redirected, bodyUsed }, options)}`;
  }
}
const makeResponse = Response.of;
delete Response.of;

// ---- the request on its way ----------------------------------------------------------------------------

let nextNumber = 1;
const takeNumber = () => nextNumber++;

/** What the promise gives, unless the signal is first: then all of the request is given up. */
function unlessAborted(signal, number, start) {
  if (signal === null) return start();
  return new Promise((resolve, reject) => {
    const abort = () => {
      internal.ops.fetch_drop(number);
      reject(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    start().then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

// As in Node, what went wrong below has its code on the cause.
function withCause(error) {
  const { causeCode, causeMessage } = error;
  delete error.causeMessage;
  if (causeCode === undefined) return error;
  delete error.causeCode;
  error.cause = Object.assign(new Error(causeMessage), { code: causeCode });
  return error;
}

async function fetch(input, init = undefined) {
  if (arguments.length === 0) throw new TypeError("The argument 'input' is missing: fetch takes a URL or a Request.");
  const request = new Request(input, init);
  const { signal } = request;
  signal?.throwIfAborted();
  const site = internal.siteOf(fetch);
  const body = request.body === null ? null : await request.bytes();
  const headers = new Headers(request.headers);
  for (const [name, value] of [['accept', '*/*'], ['accept-encoding', 'gzip, deflate, br'], ['accept-language', '*'], ['user-agent', navigator.userAgent]]) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const number = takeNumber();
  const { url, method, redirect } = request;
  const asked = JSON.stringify({ url, method, redirect, headers: [...headers], decode: true, trust: trustOf() });
  try {
    const head = await unlessAborted(signal, number, () => internal.startedAt(site, () => internal.ops.fetch_begin(number, asked, body)));
    const hasBody = method !== 'HEAD' && !WITHOUT_BODY.includes(head.status);
    if (!hasBody) internal.ops.fetch_drop(number);
    return makeResponse({ ...head, headers: new Headers(head.headers), type: 'basic' }, hasBody ? new Source(() => chunks(signal, number)) : null);
  } catch (error) {
    throw withCause(error);
  }
}

async function* chunks(signal, number) {
  try {
    for (;;) {
      const chunk = await unlessAborted(signal, number, () => internal.ops.fetch_chunk(number));
      if (chunk === undefined) return;
      yield chunk;
    }
  } catch (error) {
    throw withCause(error);
  } finally {
    internal.ops.fetch_drop(number);
  }
}

module.exports = { fetch, takeNumber, Request, Response, Headers };
