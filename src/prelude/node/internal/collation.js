// The order of texts as English has it, for `localeCompare` and `Intl.Collator`: first the letters without accents and
// case, then the accents, then small before capital. The engine itself compares code units.

const isLetter = /\p{L}/u;
const isDigit = /\p{Nd}/u;
const marks = /\p{M}+/gu;

// Spaces, then signs in this order, then others, digits, letters.
const SIGNS = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';

function weight(character) {
  const sign = /\s/.test(character) ? 0 : SIGNS.indexOf(character) + 1;
  if (sign > 0 || /\s/.test(character)) return sign;
  const kind = isLetter.test(character) ? 3 : isDigit.test(character) ? 2 : 1;
  return kind * 0x200000 + character.codePointAt(0);
}

function byWeight(left, right) {
  const [ours, theirs] = [[...left], [...right]];
  const length = Math.min(ours.length, theirs.length);
  for (let index = 0; index < length; index++) {
    if (ours[index] !== theirs[index]) return Math.sign(weight(ours[index]) - weight(theirs[index]));
  }
  return Math.sign(ours.length - theirs.length);
}

const LIGATURES = { ß: 'ss', œ: 'oe', æ: 'ae', Œ: 'OE', Æ: 'AE' };
const byCodeUnit = (left, right) => (left < right ? -1 : left > right ? 1 : 0);
const swapCase = text => [...text].map(c => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
const padNumbers = text => text.replace(/\d+/g, digits => digits.padStart(20, '0'));

/** -1, 0 or 1. `sensitivity` as `Intl.Collator` has it: what still tells two texts apart. */
function compare(left, right, { numeric = false, sensitivity = 'variant', caseFirst = 'false', ignorePunctuation = false } = {}) {
  let [a, b] = [left.normalize('NFD'), right.normalize('NFD')];
  if (ignorePunctuation) [a, b] = [a.replace(/[\p{P}\s]/gu, ''), b.replace(/[\p{P}\s]/gu, '')];
  if (numeric) [a, b] = [padNumbers(a), padNumbers(b)];
  const [plainA, plainB] = [a.replace(marks, ''), b.replace(marks, '')].map(text => text.replace(/[ßœæŒÆ]/g, letter => LIGATURES[letter]));
  const base = byWeight(plainA.toLowerCase(), plainB.toLowerCase());
  if (base !== 0 || sensitivity === 'base') return base;
  const accents = byCodeUnit(a.toLowerCase(), b.toLowerCase());
  if ((accents !== 0 && sensitivity !== 'case') || sensitivity === 'accent') return accents;
  const cases = byCodeUnit(swapCase(plainA), swapCase(plainB));
  const order = caseFirst === 'upper' ? -cases || 0 : cases;
  return order || (sensitivity === 'variant' ? byCodeUnit(a, b) : 0);
}

module.exports = { compare };
