// `node:querystring`.

const { coded } = require('quickcuke:errors');

const escape = text => {
  const plain = typeof text === 'string' ? text : typeof text === 'object' ? String(text) : `${text}`;
  if (!plain.isWellFormed()) throw coded(URIError, 'ERR_INVALID_URI', 'URI malformed');
  return encodeURIComponent(plain);
};
// Of each character the lowest byte.
const unescapeBuffer = text => {
  const bytes = [];
  const raw = Buffer.from(text, 'latin1');
  for (let at = 0; at < raw.length; at++) {
    const hex = raw[at] === 0x25 ? raw.toString('latin1', at + 1, at + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) { bytes.push(parseInt(hex, 16)); at += 2; } else bytes.push(raw[at]);
  }
  return Buffer.from(bytes);
};
const unescape = text => { try { return decodeURIComponent(text); } catch { return unescapeBuffer(Buffer.from(text).toString('latin1')).toString(); } };

const asText = value => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`;
  return typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : '';
};

function stringify(object, separator = '&', equals = '=', options) {
  const encode = options?.encodeURIComponent ?? querystring.escape;
  if (object === null || typeof object !== 'object') return '';
  const pairs = [];
  for (const key of Object.keys(object)) {
    for (const value of [object[key]].flat()) pairs.push(`${encode(asText(key))}${equals || '='}${encode(asText(value))}`);
  }
  return pairs.join(separator || '&');
}

function parse(text, separator = '&', equals = '=', options) {
  const result = Object.create(null);
  if (typeof text !== 'string' || text.length === 0) return result;
  const decodeText = options?.decodeURIComponent ?? querystring.unescape;
  const isCustom = decodeText !== unescape;
  const decode = part => {
    if (part === '') return '';
    const spaced = part.replaceAll('+', isCustom ? '%20' : ' ');
    if (!spaced.includes('%') && !isCustom) return spaced;
    try { return decodeText(spaced); } catch { return unescape(spaced); }
  };
  const most = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;
  let parts = text.split(separator || '&');
  if (most > 0 && Number.isInteger(most)) parts = parts.slice(0, most);
  for (const part of parts) {
    if (part === '') continue;
    const at = part.indexOf(equals || '=');
    const key = decode(at === -1 ? part : part.slice(0, at));
    const value = at === -1 ? '' : decode(part.slice(at + (equals || '=').length));
    if (!(key in result)) result[key] = value;
    else if (Array.isArray(result[key])) result[key].push(value);
    else result[key] = [result[key], value];
  }
  return result;
}

const querystring = { stringify, parse, escape, unescape, unescapeBuffer, encode: stringify, decode: parse };
module.exports = querystring;
