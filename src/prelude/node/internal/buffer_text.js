// Text encodings of Buffer: names, and the way from text to bytes and back.

const NAMES = {
  utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1', binary: 'latin1',
  ascii: 'ascii', ucs2: 'utf16le', 'ucs-2': 'utf16le', utf16le: 'utf16le', 'utf-16le': 'utf16le',
};

// The encoding a name means, `undefined` for an unknown one; none at all means UTF-8.
function encodingOf(name) {
  if (name === undefined || name === null || name === '' || name === 'utf8') return 'utf8';
  return Object.hasOwn(NAMES, name) ? NAMES[name] : NAMES[`${name}`.toLowerCase()];
}

function encode(text, encoding) {
  if (encoding === 'utf16le') {
    // Lone surrogates are kept, which an op would not.
    const units = new Uint16Array(text.length);
    for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
    return new Uint8Array(units.buffer);
  }
  if (text === '') return new Uint8Array(0);
  if ((encoding === 'latin1' || encoding === 'ascii') && !text.isWellFormed()) return Uint8Array.from(text.split(''), unit => unit.charCodeAt(0));
  return internal.ops.text_encode(encoding === 'utf8' || encoding === 'latin1' ? text.toWellFormed() : text, encoding);
}

function decode(bytes, encoding) {
  if (bytes.length === 0) return '';
  if (encoding === 'utf16le') {
    let text = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | bytes[at + 1] << 8);
    return text;
  }
  return internal.ops.text_decode(bytes, encoding);
}

function byteLengthOf(text, encoding) {
  switch (encoding) {
    case 'latin1':
    case 'ascii': return text.length;
    case 'utf16le': return text.length * 2;
    case 'hex': return text.length >>> 1;
    case 'base64':
    case 'base64url': return Math.floor(text.replace(/=+$/, '').length * 3 / 4);
    default: return encode(text, 'utf8').length;
  }
}

module.exports = { encodingOf, encode, decode, byteLengthOf };
