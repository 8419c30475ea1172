// Decimal numbers as digits, rounded as ECMA-402 has it: what `Intl.NumberFormat` and the plural rules count with.

/** { negative, digits, point }: 0.DIGITS times ten to the power of `point`; zero has no digits. `undefined` for NaN. */
function decimalOf(value) {
  const text = typeof value === 'bigint' ? String(value) : typeof value === 'string' ? value.trim() || '0' : Object.is(value, -0) ? '-0' : String(value);
  const found = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i.exec(text);
  if (!found) return undefined;
  const [, sign, whole = '', fraction = '', bare = '', exponent = '0'] = found;
  const all = whole + fraction + bare;
  const digits = all.replace(/^0+/, '');
  return {
    negative: sign === '-',
    digits: digits.replace(/0+$/, ''),
    point: digits === '' ? 0 : whole.length - (all.length - digits.length) + Number(exponent),
  };
}

// Whether what is cut off makes the last digit that is kept one more.
function goesUp(number, kept, mode) {
  const rest = number.digits.slice(Math.max(kept, 0));
  if (!/[1-9]/.test(rest)) return false;
  const half = kept < 0 ? -1 : rest[0] > '5' || (rest[0] === '5' && /[1-9]/.test(rest.slice(1))) ? 1 : rest[0] === '5' ? 0 : -1;
  const { negative } = number;
  switch (mode) {
    case 'ceil': return !negative;
    case 'floor': return negative;
    case 'expand': return true;
    case 'trunc': return false;
    case 'halfCeil': return half > 0 || (half === 0 && !negative);
    case 'halfFloor': return half > 0 || (half === 0 && negative);
    case 'halfTrunc': return half > 0;
    case 'halfEven': return half > 0 || (half === 0 && Number(number.digits[kept - 1] ?? 0) % 2 === 1);
    default: return half >= 0;
  }
}

/** The number with so many of its digits, or more than it has; fewer than none may still round up to one. */
function round(number, kept, mode = 'halfExpand') {
  if (number.digits.length <= kept || number.digits === '') return number;
  let digits = number.digits.slice(0, Math.max(kept, 0));
  let { point } = number;
  if (goesUp(number, kept, mode)) {
    const more = String(BigInt(digits || '0') + 1n);
    if (kept <= 0) point += 1 - kept;
    else if (more.length > digits.length) point++;
    digits = more.padStart(kept > 0 && more.length < digits.length ? digits.length : 0, '0');
  }
  digits = digits.replace(/0+$/, '');
  return { ...number, digits, point: digits === '' ? 0 : point };
}

const roundFraction = (number, places, mode) => round(number, number.point + places, mode);

/** [whole, fraction] as text, with at least so many digits each. */
function textOf({ digits, point }, { whole: least = 1, fraction = 0 } = {}) {
  const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(-point) + digits;
  const at = Math.max(point, 0);
  return [padded.slice(0, at).padStart(least, '0'), padded.slice(at).padEnd(fraction, '0')];
}

module.exports = { decimalOf, round, roundFraction, textOf };
