// TextEncoder and TextDecoder.

const { coded, invalidArgType } = require('quickcuke:errors');
const { encode, decode } = require('quickcuke:buffer_text');

class TextEncoder {
  get encoding() { return 'utf-8'; }
  encode(text = '') { return encode(`${text}`, 'utf8'); }
  encodeInto(text, target) {
    if (typeof text !== 'string') throw invalidArgType('src', 'string', text);
    if (!(target instanceof Uint8Array)) throw invalidArgType('dest', 'Uint8Array', target);
    let read = 0;
    let written = 0;
    for (const character of `${text}`) {
      const bytes = encode(character, 'utf8');
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
  get [Symbol.toStringTag]() { return 'TextEncoder'; }
}

const LABELS = {
  'utf-8': ['utf-8', 'utf8', 'unicode-1-1-utf-8'],
  'utf-16be': ['utf-16be', 'unicodefffe'],
  'utf-16le': ['utf-16le', 'utf-16', 'ucs-2', 'unicode'],
  'windows-1252': ['windows-1252', 'latin1', 'iso-8859-1', 'ascii', 'us-ascii', 'l1', 'iso8859-1', 'cp1252'],
};
// Where windows-1252 is not Latin-1: 0x80 to 0x9f.
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

class TextDecoder {
  #encoding; #fatal; #ignoreBOM; #rest = new Uint8Array(0); #started = false;

  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    const wanted = `${label}`.trim().toLowerCase();
    this.#encoding = Object.keys(LABELS).find(name => LABELS[name].includes(wanted));
    if (this.#encoding === undefined) throw coded(RangeError, 'ERR_ENCODING_NOT_SUPPORTED', `The "${label}" encoding is not supported`);
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
  }
  get encoding() { return this.#encoding; }
  get fatal() { return this.#fatal; }
  get ignoreBOM() { return this.#ignoreBOM; }

  decode(input = new Uint8Array(0), { stream = false } = {}) {
    if (!ArrayBuffer.isView(input) && !(input instanceof ArrayBuffer) && Object.prototype.toString.call(input) !== '[object SharedArrayBuffer]') {
      throw invalidArgType('list', ['SharedArrayBuffer', 'ArrayBuffer', 'ArrayBufferView'], input);
    }
    let bytes = ArrayBuffer.isView(input) ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : new Uint8Array(input);
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
    }
    const whole = stream ? bytes.length - incomplete(bytes, this.#encoding) : bytes.length;
    this.#rest = bytes.slice(whole);
    let text = this.#convert(bytes.subarray(0, whole));
    if (!this.#started && !this.#ignoreBOM && text.startsWith('\ufeff') && this.#encoding !== 'windows-1252') text = text.slice(1);
    this.#started = stream && (this.#started || whole > 0);
    return text;
  }
  #convert(bytes) {
    if (bytes.length === 0) return '';
    if (this.#encoding === 'windows-1252') return decode(bytes, 'latin1').replace(/[\x80-\x9f]/g, mark => WINDOWS[mark.charCodeAt(0) - 0x80]);
    if (this.#encoding.startsWith('utf-16')) {
      if (this.#encoding === 'utf-16be') bytes = swapped(bytes);
      const text = decode(bytes, 'utf16le') + (bytes.length % 2 ? '\ufffd' : '');
      if (this.#fatal && (bytes.length % 2 || !text.isWellFormed())) throw this.#invalid();
      return text.toWellFormed();
    }
    return this.#fatal ? internal.ops.text_decode_strict(bytes) : decode(bytes, 'utf8');
  }
  #invalid() { return coded(TypeError, 'ERR_ENCODING_INVALID_ENCODED_DATA', `The encoded data was not valid for encoding ${this.#encoding}`); }
  get [Symbol.toStringTag]() { return 'TextDecoder'; }
}

function swapped(bytes) {
  const copy = bytes.slice();
  for (let at = 0; at + 1 < copy.length; at += 2) [copy[at], copy[at + 1]] = [copy[at + 1], copy[at]];
  return copy;
}

// How many bytes at the end belong to a character that is not complete yet; `lenient` takes what never begins one for a beginning.
function incomplete(bytes, encoding, lenient = false) {
  if (encoding.startsWith('utf-16')) return bytes.length % 2;
  if (encoding !== 'utf-8') return 0;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf5 && !lenient ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= (lenient ? 0xc0 : 0xc2) ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}

module.exports = { TextEncoder, TextDecoder, incomplete };
