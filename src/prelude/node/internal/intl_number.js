// `Intl.NumberFormat` in English.

const { localeOf, oneOf, supportedLocalesOf, defineBound } = require('quickcuke:intl_locale');
const { decimalOf, round, roundFraction, textOf } = require('quickcuke:intl_decimal');

const ROUNDING = ['ceil', 'floor', 'expand', 'trunc', 'halfCeil', 'halfFloor', 'halfExpand', 'halfTrunc', 'halfEven'];
const SHORT = ['', 'K', 'M', 'B', 'T'];
const BRITISH = ['', 'k', 'm', 'bn', 'tn'];
const LONG = ['', ' thousand', ' million', ' billion', ' trillion'];

function integer(value, least, most, name, missing) {
  if (value === undefined) return missing;
  const number = Number(value);
  if (Number.isNaN(number) || number < least || number > most) throw new RangeError(`${name} value is out of range.`);
  return Math.floor(number);
}

// The digits, as ECMA-402 resolves them: by significance, by places, or (compact) whole numbers of at least two digits.
function digitsOf(options, compact, least, most) {
  const whole = integer(options.minimumIntegerDigits, 1, 21, 'minimumIntegerDigits', 1);
  const rounding = {
    roundingIncrement: 1, roundingMode: oneOf(options, 'roundingMode', ROUNDING, 'halfExpand'),
    roundingPriority: oneOf(options, 'roundingPriority', ['auto', 'morePrecision', 'lessPrecision'], 'auto'),
    trailingZeroDisplay: oneOf(options, 'trailingZeroDisplay', ['auto', 'stripIfInteger'], 'auto'),
  };
  const { minimumSignificantDigits: lowest, maximumSignificantDigits: highest } = options;
  if (lowest !== undefined || highest !== undefined) {
    const minimumSignificantDigits = integer(lowest, 1, 21, 'minimumSignificantDigits', 1);
    const maximumSignificantDigits = integer(highest, minimumSignificantDigits, 21, 'maximumSignificantDigits', 21);
    return { minimumIntegerDigits: whole, minimumSignificantDigits, maximumSignificantDigits, ...rounding };
  }
  let low = integer(options.minimumFractionDigits, 0, 100, 'minimumFractionDigits');
  let high = integer(options.maximumFractionDigits, 0, 100, 'maximumFractionDigits');
  if (compact && low === undefined && high === undefined) {
    return { minimumIntegerDigits: whole, minimumFractionDigits: 0, maximumFractionDigits: 0, minimumSignificantDigits: 1, maximumSignificantDigits: 2, ...rounding, roundingPriority: 'morePrecision' };
  }
  low ??= Math.min(least, high ?? least);
  high ??= Math.max(most, low);
  if (low > high) throw new RangeError('maximumFractionDigits value is out of range.');
  return { minimumIntegerDigits: whole, minimumFractionDigits: low, maximumFractionDigits: high, ...rounding };
}

class NumberFormat {
  #options;
  #money; // of a currency: what currencyOf says

  constructor(locales, options = undefined) {
    const locale = localeOf(locales);
    if (options === null) throw new TypeError('Cannot convert undefined or null to object');
    const given = Object(options ?? {});
    const style = oneOf(given, 'style', ['decimal', 'percent', 'currency', 'unit'], 'decimal');
    const all = { locale, numberingSystem: 'latn', style };
    if (given.currency !== undefined && !/^[a-z]{3}$/i.test(`${given.currency}`)) throw new RangeError(`Invalid currency code : ${given.currency}`);
    const currencyDisplay = oneOf(given, 'currencyDisplay', ['code', 'symbol', 'narrowSymbol', 'name'], 'symbol');
    const currencySign = oneOf(given, 'currencySign', ['standard', 'accounting'], 'standard');
    const unitDisplay = oneOf(given, 'unitDisplay', ['short', 'narrow', 'long'], 'short');
    if (style === 'currency') {
      if (given.currency === undefined) throw new TypeError('Currency code is required with currency style.');
      Object.assign(all, { currency: `${given.currency}`.toUpperCase(), currencyDisplay, currencySign });
      this.#money = require('quickcuke:intl_currencies').currencyOf(all.currency, locale);
    }
    if (given.unit !== undefined || style === 'unit') {
      if (given.unit === undefined) throw new TypeError('Unit is required with unit style.');
      if (require('quickcuke:intl_units').unitPattern(`${given.unit}`, 'long', locale) === undefined) {
        throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${given.unit}'`);
      }
      if (style === 'unit') Object.assign(all, { unit: `${given.unit}`, unitDisplay });
    }
    const notation = oneOf(given, 'notation', ['standard', 'scientific', 'engineering', 'compact'], 'standard');
    const compactDisplay = oneOf(given, 'compactDisplay', ['short', 'long'], 'short');
    const places = style === 'currency' && notation === 'standard' ? this.#money.digits : 0;
    const digits = digitsOf(given, notation === 'compact', places, style === 'currency' ? places : style === 'percent' ? 0 : 3);
    Object.assign(all, digits, { useGrouping: grouping(given.useGrouping, notation), notation });
    if (notation === 'compact') all.compactDisplay = compactDisplay;
    all.signDisplay = oneOf(given, 'signDisplay', ['auto', 'never', 'always', 'exceptZero', 'negative'], 'auto');
    const { roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay, ...rest } = all;
    this.#options = { ...rest, roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay };
  }

  // [{ type, value }] without the sign and what stands around the number, and whether it reads as one.
  #numberParts(number) {
    const options = this.#options;
    if (number === undefined) return { parts: [{ type: 'nan', value: 'NaN' }], one: false };
    if (number.infinite) return { parts: [{ type: 'infinity', value: '∞' }], one: false };
    const step = this.#power(number);
    const shown = this.#round({ ...number, point: number.point - step });
    let fraction = options.minimumFractionDigits ?? 0;
    if (options.minimumSignificantDigits !== undefined && options.roundingPriority !== 'morePrecision') fraction = Math.max(0, options.minimumSignificantDigits - Math.max(shown.point, shown.digits === '' ? 1 : shown.point));
    let [whole, places] = textOf(shown, { whole: options.minimumIntegerDigits, fraction });
    if (options.trailingZeroDisplay === 'stripIfInteger' && /^0*$/.test(places)) places = '';
    const parts = this.#group(whole).flatMap((value, at) => (at > 0 ? [{ type: 'group', value: ',' }] : []).concat({ type: 'integer', value }));
    if (places !== '') parts.push({ type: 'decimal', value: '.' }, { type: 'fraction', value: places });
    if (options.notation === 'compact' && step > 0) {
      const word = (options.compactDisplay === 'long' ? LONG : options.locale === 'en-GB' ? BRITISH : SHORT)[step / 3];
      if (word.startsWith(' ')) parts.push({ type: 'literal', value: ' ' });
      parts.push({ type: 'compact', value: word.trim() });
    } else if (options.notation === 'scientific' || options.notation === 'engineering') {
      parts.push({ type: 'exponentSeparator', value: 'E' });
      if (step < 0) parts.push({ type: 'exponentMinusSign', value: '-' });
      parts.push({ type: 'exponentInteger', value: String(Math.abs(step)) });
    }
    return { parts, one: parts.map(part => part.value).join('') === '1', isZero: shown.digits === '' };
  }

  #round(number) {
    const { roundingMode, maximumFractionDigits: places, maximumSignificantDigits: digits, roundingPriority } = this.#options;
    if (digits === undefined) return roundFraction(number, places, roundingMode);
    if (roundingPriority !== 'morePrecision' || number.point + places < digits) return round(number, digits, roundingMode);
    return roundFraction(number, places, roundingMode);
  }

  // The power of ten that the notation takes out of the number, as it is once rounded.
  #power(number) {
    const { notation } = this.#options;
    if (notation === 'standard' || number.digits === '') return 0;
    const of = point => (notation === 'scientific' ? point - 1 : notation === 'engineering' ? Math.floor((point - 1) / 3) * 3
      : Math.min(Math.max(Math.floor((point - 1) / 3) * 3, 0), 12));
    const step = of(number.point);
    return of(this.#round({ ...number, point: number.point - step }).point + step);
  }

  #group(whole) {
    const { useGrouping } = this.#options;
    if (useGrouping === false || whole.length <= 3 || (useGrouping === 'min2' && whole.length === 4)) return [whole];
    return whole.replace(/\B(?=(\d{3})+$)/g, ',').split(',');
  }

  formatToParts(value) {
    const options = this.#options;
    let number = decimalOf(typeof value === 'symbol' ? Number(value) : typeof value === 'object' || typeof value === 'function' ? Number(value) : toNumeric(value));
    if (number !== undefined && options.style === 'percent' && !number.infinite) number = { ...number, point: number.digits === '' ? 0 : number.point + 2 };
    if (number === undefined && Math.abs(Number(value)) === Infinity) number = { infinite: true, negative: Number(value) < 0 };
    const { parts, one, isZero = false } = this.#numberParts(number);
    const negative = number?.negative ?? false;
    let sign = negative ? '-' : '';
    switch (options.signDisplay) {
      case 'never': sign = ''; break;
      case 'always': sign = negative ? '-' : '+'; break;
      case 'exceptZero': sign = isZero || number === undefined ? '' : negative ? '-' : '+'; break;
      case 'negative': if (isZero) sign = ''; break;
      default:
    }
    const signPart = sign === '' ? [] : [{ type: sign === '-' ? 'minusSign' : 'plusSign', value: sign }];
    if (options.style === 'percent') return [...signPart, ...parts, { type: 'percentSign', value: '%' }];
    if (options.style === 'unit') return this.#withUnit([...signPart, ...parts], one);
    if (options.style === 'currency') return this.#withCurrency(signPart, parts, one);
    return [...signPart, ...parts];
  }

  #withUnit(parts, one) {
    const { unit, unitDisplay, locale } = this.#options;
    const pattern = require('quickcuke:intl_units').unitPattern(unit, unitDisplay, locale)[one ? 0 : 1];
    const [before, after] = pattern.split('#');
    const around = text => (text === '' ? [] : [/^\s+/, /\s+$/].some(space => space.test(text))
      ? text.split(/(^\s+|\s+$)/).filter(Boolean).map(value => ({ type: value.trim() === '' ? 'literal' : 'unit', value }))
      : [{ type: 'unit', value: text }]);
    return [...around(before), ...parts, ...around(after)];
  }

  #withCurrency(sign, parts, one) {
    const { currency, currencyDisplay, currencySign } = this.#options;
    if (currencyDisplay === 'name') {
      return [...sign, ...parts, { type: 'literal', value: ' ' }, { type: 'currency', value: this.#money.names[one ? 0 : 1] }];
    }
    const symbol = { code: currency, symbol: this.#money.symbol, narrowSymbol: this.#money.narrow }[currencyDisplay];
    const amount = [{ type: 'currency', value: symbol }, ...(/\p{L}$/u.test(symbol) && parts[0].type === 'integer' ? [{ type: 'literal', value: '\u00a0' }] : []), ...parts];
    const isDebt = currencySign === 'accounting' && sign[0]?.value === '-';
    return isDebt ? [{ type: 'literal', value: '(' }, ...amount, { type: 'literal', value: ')' }] : [...sign, ...amount];
  }

  formatRangeToParts(start, end) {
    const [one, other] = [this.formatToParts(start), this.formatToParts(end)];
    const text = parts => parts.map(part => part.value).join('');
    const from = (parts, source) => parts.map(part => ({ ...part, source }));
    if (text(one) === text(other)) return from([{ type: 'approximatelySign', value: '~' }, ...one], 'shared');
    // A symbol before both is said once where it stands right at the number.
    const shared = one[0].type === 'currency' && one[1].type !== 'literal' && other[0].value === one[0].value ? 1 : 0;
    const dash = { type: 'literal', value: one[0].type === 'currency' && shared === 0 ? ' – ' : shared ? ' – ' : '–', source: 'shared' };
    return [...from(one, 'startRange'), dash, ...from(other, 'endRange')];
  }
  formatRange(start, end) { return this.formatRangeToParts(start, end).map(part => part.value).join(''); }

  resolvedOptions() { return { ...this.#options }; }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}
defineBound(NumberFormat, 'format', (format, value) => format.formatToParts(value).map(part => part.value).join(''));
Object.defineProperty(NumberFormat.prototype, Symbol.toStringTag, { value: 'Intl.NumberFormat', configurable: true });

const toNumeric = value => (typeof value === 'bigint' || typeof value === 'number' ? value : typeof value === 'string' ? value : Number(value));

function grouping(value, notation) {
  const usual = notation === 'compact' ? 'min2' : 'auto';
  if (value === undefined || value === 'true' || value === 'false') return usual;
  if (value === true) return 'always';
  if (value === false || value === null || value === '') return false;
  return oneOf({ useGrouping: value }, 'useGrouping', ['min2', 'auto', 'always'], usual);
}

module.exports = { NumberFormat };
