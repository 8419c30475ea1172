// `node:punycode`: names of hosts outside ASCII, as RFC 3492 writes them.

const BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700;
const fail = message => { throw new RangeError(message); };

function adapt(delta, points, isFirst) {
  let k = 0;
  delta = Math.floor(delta / (isFirst ? DAMP : 2));
  delta += Math.floor(delta / points);
  for (; delta > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) delta = Math.floor(delta / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * delta) / (delta + SKEW));
}
const threshold = (k, bias) => Math.min(Math.max(k - bias, T_MIN), T_MAX);
const digitOf = code => (code >= 48 && code < 58 ? code - 22 : code >= 65 && code < 91 ? code - 65 : code >= 97 && code < 123 ? code - 97 : BASE);
const characterOf = digit => String.fromCharCode(digit < 26 ? digit + 97 : digit + 22);

function decode(input) {
  const end = Math.max(input.lastIndexOf('-'), 0);
  const output = [...input.slice(0, end)].map(character => (character.charCodeAt(0) < 128 ? character.charCodeAt(0) : fail('Illegal input >= 0x80 (not a basic code point)')));
  let n = 128, i = 0, bias = 72;
  for (let at = end > 0 ? end + 1 : 0; at < input.length;) {
    const before = i;
    for (let weight = 1, k = BASE; ; k += BASE) {
      if (at >= input.length) fail('Invalid input');
      const digit = digitOf(input.charCodeAt(at++));
      if (digit >= BASE) fail('Invalid input');
      i += digit * weight;
      if (digit < threshold(k, bias)) break;
      weight *= BASE - threshold(k, bias);
    }
    bias = adapt(i - before, output.length + 1, before === 0);
    n += Math.floor(i / (output.length + 1));
    i %= output.length + 1;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

function encode(input) {
  const points = [...input].map(character => character.codePointAt(0));
  const basic = points.filter(point => point < 128);
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '');
  let n = 128, delta = 0, bias = 72;
  for (let handled = basic.length; handled < points.length; n++, delta++) {
    const next = Math.min(...points.filter(point => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; q >= threshold(k, bias); k += BASE) {
        const t = threshold(k, bias);
        output += characterOf(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      output += characterOf(q);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
  }
  return output;
}

// Label by label; what stands before an @ is not part of the host.
function mapDomain(domain, convert) {
  const at = domain.indexOf('@') + 1;
  return domain.slice(0, at) + domain.slice(at).replace(/[\u3002\uff0e\uff61]/g, '.').split('.').map(convert).join('.');
}

module.exports = {
  version: '2.1.0', decode, encode,
  toASCII: domain => mapDomain(domain, label => (/[^\0-\x7f]/.test(label) ? `xn--${encode(label)}` : label)),
  toUnicode: domain => mapDomain(domain, label => (/^xn--/.test(label) ? decode(label.slice(4).toLowerCase()) : label)),
  ucs2: { decode: text => [...text].map(character => character.codePointAt(0)), encode: points => String.fromCodePoint(...points) },
};
