// Reading and writing numbers in a Buffer.

const { coded, invalidArgType, outOfRange } = require('quickcuke:errors');

const viewOf = buffer => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function checkOffset(buffer, offset, size) {
  if (typeof offset !== 'number') throw invalidArgType('offset', 'number', offset);
  if (buffer.length < size) throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds');
  if (Math.floor(offset) !== offset) throw outOfRange('offset', 'an integer', offset);
  if (offset < 0 || offset + size > buffer.length) throw outOfRange('offset', `>= 0 and <= ${buffer.length - size}`, offset);
}

function checkRange(value, bits, signed) {
  const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  if (value >= low && value <= high) return;
  if (value !== value) return;
  let range = `>= ${low} and <= ${high}`;
  if (bits > 32) range = signed ? `>= -(2 ** ${bits - 1}) and < 2 ** ${bits - 1}` : `>= 0 and < 2 ** ${bits}`;
  throw outOfRange('value', range, value);
}

function checkByteLength(byteLength) {
  if (typeof byteLength !== 'number') throw invalidArgType('byteLength', 'number', byteLength);
  if (Math.floor(byteLength) !== byteLength) throw outOfRange('byteLength', 'an integer', byteLength);
  if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > 6) throw outOfRange('byteLength', '>= 1 and <= 6', byteLength);
}

// [name in Buffer, name in DataView, bytes]
const FIXED = [
  ['UInt8', 'Uint8', 1], ['Int8', 'Int8', 1], ['UInt16', 'Uint16', 2], ['Int16', 'Int16', 2], ['UInt32', 'Uint32', 4],
  ['Int32', 'Int32', 4], ['Float', 'Float32', 4], ['Double', 'Float64', 8], ['BigUInt64', 'BigUint64', 8], ['BigInt64', 'BigInt64', 8],
];

function accessors(name, type, size, suffix) {
  const little = suffix === 'LE';
  const isInteger = /^U?Int/.test(name);
  const signed = name.startsWith('Int');
  return {
    [`read${name}${suffix}`](offset = 0) {
      checkOffset(this, offset, size);
      return viewOf(this)[`get${type}`](offset, little);
    },
    [`write${name}${suffix}`](value, offset = 0) {
      if (isInteger) { value = +value; checkRange(value, size * 8, signed); }
      if (name.startsWith('Big')) checkBig(value, name === 'BigInt64');
      checkOffset(this, offset, size);
      viewOf(this)[`set${type}`](offset, value, little);
      return offset + size;
    },
  };
}

function checkBig(value, signed) {
  const [low, high] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
  if (typeof value === 'bigint' && (value < low || value > high)) {
    throw outOfRange('value', signed ? '>= -(2n ** 63n) and < 2n ** 63n' : '>= 0n and < 2n ** 64n', value);
  }
}

function variable(little, signed) {
  const name = `${signed ? 'Int' : 'UInt'}${little ? 'LE' : 'BE'}`;
  return {
    [`read${name}`](offset, byteLength) {
      if (offset === undefined) throw invalidArgType('offset', 'number', offset);
      checkByteLength(byteLength);
      checkOffset(this, offset, byteLength);
      let value = 0;
      for (let index = 0; index < byteLength; index++) value = value * 256 + this[offset + (little ? byteLength - 1 - index : index)];
      return signed && value >= 2 ** (byteLength * 8 - 1) ? value - 2 ** (byteLength * 8) : value;
    },
    [`write${name}`](value, offset, byteLength) {
      value = +value;
      checkByteLength(byteLength);
      checkRange(value, byteLength * 8, signed);
      checkOffset(this, offset, byteLength);
      let rest = value < 0 ? value + 2 ** (byteLength * 8) : value;
      for (let index = 0; index < byteLength; index++) {
        this[offset + (little ? index : byteLength - 1 - index)] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      return offset + byteLength;
    },
  };
}

function install(prototype) {
  const methods = {};
  for (const [name, type, size] of FIXED) {
    for (const suffix of size === 1 ? [''] : ['LE', 'BE']) Object.assign(methods, accessors(name, type, size, suffix));
  }
  for (const little of [true, false]) for (const signed of [true, false]) Object.assign(methods, variable(little, signed));
  for (const [name, method] of Object.entries(methods)) {
    for (const alias of new Set([name, name.replace('UInt', 'Uint')])) {
      Object.defineProperty(prototype, alias, { value: method, writable: true, configurable: true, enumerable: true });
    }
  }
}

module.exports = { install };
