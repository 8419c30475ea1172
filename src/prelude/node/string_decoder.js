// `node:string_decoder`: bytes to text in pieces, never half a character.

const { encodingOf, decode } = require('quickcuke:buffer_text');
const { incomplete } = require('quickcuke:encoding');
const { unknownEncoding } = require('quickcuke:errors');

function StringDecoder(encoding) {
  this.encoding = encodingOf(encoding);
  if (this.encoding === undefined) throw unknownEncoding(encoding);
  this.rest = Buffer.alloc(0);
}

const heldBack = (bytes, encoding) => {
  if (encoding === 'base64' || encoding === 'base64url') return bytes.length % 3;
  if (encoding === 'utf16le') {
    const odd = bytes.length % 2;
    const last = bytes[bytes.length - 1];
    return odd === 0 && bytes.length > 1 && last >= 0xd8 && last <= 0xdb ? 2 : odd;
  }
  return encoding === 'utf8' ? incomplete(bytes, 'utf-8', true) : 0;
};

StringDecoder.prototype.write = function (chunk) {
  if (typeof chunk === 'string') return chunk;
  if (!ArrayBuffer.isView(chunk)) throw require('quickcuke:errors').invalidArgType('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
  const bytes = Buffer.concat([this.rest, new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)]);
  const whole = bytes.length - heldBack(bytes, this.encoding);
  this.rest = Buffer.from(bytes.subarray(whole));
  return decode(bytes.subarray(0, whole), this.encoding);
};
StringDecoder.prototype.end = function (chunk) {
  const text = (chunk === undefined ? '' : this.write(chunk)) + decode(this.rest, this.encoding);
  this.rest = Buffer.alloc(0);
  return text;
};

module.exports = { StringDecoder };
