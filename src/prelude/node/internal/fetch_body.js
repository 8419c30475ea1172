// What Request and Response have of their bodies.

const { Blob } = require('quickcuke:blob');
const { encode } = require('quickcuke:buffer_text');
const { FormData, multipart } = require('quickcuke:form_data');

/** The bytes of a body as chunks that are pulled, or all at once for as many as ask. */
class Source {
  #chunks; #all;

  constructor(chunks) { this.#chunks = chunks; }
  async *chunks() {
    if (this.#all) yield await this.#all;
    else yield* this.#chunks();
  }
  all() { return this.#all ??= this.#join(); }
  async #join() {
    const chunks = [];
    let length = 0;
    for await (const chunk of this.#chunks()) {
      const bytes = typeof chunk === 'string' ? encode(chunk, 'utf8') : chunk;
      if (!(bytes instanceof Uint8Array)) throw new TypeError('The pieces of a body must be strings or Uint8Arrays.');
      chunks.push(bytes);
      length += bytes.length;
    }
    if (chunks.length === 1) return chunks[0];
    const all = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) { all.set(chunk, at); at += chunk.length; }
    return all;
  }
}

const whole = bytes => new Source(async function* () { yield bytes; });

/** The source of what a caller gives as a body, with the type it implies; null where there is none. */
function sourceOf(body) {
  if (body === undefined || body === null) return null;
  if (typeof body === 'object') {
    if (body instanceof URLSearchParams) return { type: 'application/x-www-form-urlencoded;charset=UTF-8', source: whole(encode(`${body}`, 'utf8')) };
    if (body instanceof FormData) {
      const { type, blob } = multipart(body);
      return { type, source: new Source(async function* () { yield await blob.bytes(); }) };
    }
    if (body instanceof Blob) return { type: body.type || null, source: new Source(async function* () { yield await body.bytes(); }) };
    if (body instanceof ArrayBuffer) return { type: null, source: whole(new Uint8Array(body.slice(0))) };
    if (ArrayBuffer.isView(body)) return { type: null, source: whole(new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()) };
    if (typeof body[Symbol.asyncIterator] === 'function') return { type: null, source: new Source(() => body) };
  }
  return { type: 'text/plain;charset=UTF-8', source: whole(encode(`${body}`.toWellFormed(), 'utf8')) };
}

/** `response.body`: to be read once, by iterating or by a reader. */
class BodyStream {
  #chunks; #locked = false;

  constructor(chunks) { this.#chunks = chunks; }
  get locked() { return this.#locked; }
  async cancel() { await this.#chunks.return(); }
  getReader() {
    if (this.#locked) throw new TypeError('The body is locked: another reader has it');
    this.#locked = true;
    const chunks = this.#chunks;
    return { read: () => chunks.next(), cancel: async () => { await chunks.return(); }, releaseLock: () => { this.#locked = false; } };
  }
  async *[Symbol.asyncIterator]() {
    this.#locked = true;
    yield* this.#chunks;
  }
  get [Symbol.toStringTag]() { return 'ReadableStream'; }
}

class Body {
  #source = null; #stream; #used = false;

  /** To be called once, by the constructor of a class below. */
  static give(body, source) { body.#source = source; }
  /** The source for another body that is read by itself. */
  static share(body) {
    if (body.bodyUsed) throw new TypeError('Body is unusable: it has been read');
    const source = body.#source;
    return source && new Source(async function* () { yield await source.all(); });
  }

  get body() {
    if (this.#source === null) return null;
    const chunks = async function* () { this.#used = true; yield* this.#source.chunks(); };
    return this.#stream ??= new BodyStream(chunks.call(this));
  }
  get bodyUsed() { return this.#used || Boolean(this.#stream?.locked); }

  async bytes() {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    if (this.#source === null) return new Uint8Array(0);
    this.#used = true;
    return (await this.#source.all()).slice();
  }
  async arrayBuffer() { return (await this.bytes()).buffer; }
  async text() { return internal.ops.text_decode(await this.bytes(), 'utf8').replace(/^\ufeff/, ''); }
  async json() { return JSON.parse(await this.text()); }
  async blob() { return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' }); }
  async formData() {
    const type = this.headers.get('content-type') ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) {
      throw new TypeError(`formData() reads application/x-www-form-urlencoded in quickcuke, not ${type || 'a body without a content-type'}: read it with text() or bytes()`);
    }
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(await this.text())) form.append(name, value);
    return form;
  }
}
const { give, share } = Body;
delete Body.give;
delete Body.share;

module.exports = { Body, Source, sourceOf, give, share };
