// A small Intl: English (en-US) only, time zones UTC and local. What it cannot do it says.

const collation = require('quickcuke:collation');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SYMBOLS = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', CNY: 'CN¥', KRW: '₩', BRL: 'R$', CAD: 'CA$', AUD: 'A$', MXN: 'MX$', NZD: 'NZ$', ILS: '₪', VND: '₫' };
const WHOLE = new Set(['JPY', 'KRW', 'VND', 'CLP', 'ISK']);
// Node's builds put a plain space before AM and PM.
const SPACE = ' ';

const group = digits => digits.replace(/\B(?=(\d{3})+$)/g, ',');

// Decimal digits of a non-negative number, rounded half away from zero, with between `least` and `most` after the point.
function fixed(value, least, most) {
  if (typeof value === 'bigint') return [String(value), '0'.repeat(least)];
  let text = value >= 1e21 ? BigInt(value).toString() : value.toFixed(Math.min(most, 100));
  // toFixed rounds the binary value; a decimal that lies just on the half is rounded as it is written.
  const written = String(value);
  const digits = written.split('.')[1] ?? '';
  if (!written.includes('e') && digits.length > most && digits[most] === '5' && /^50*$/.test(digits.slice(most))) {
    text = (Number(`${written.slice(0, written.length - (digits.length - most))}`) + 10 ** -most).toFixed(most);
  }
  let [whole, fraction = '0'.repeat(least)] = text.split('.');
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return [whole, fraction];
}

class NumberFormat {
  #options;
  constructor(locales, options = {}) {
    const { style = 'decimal', currency, useGrouping = true, notation = 'standard', minimumIntegerDigits = 1, currencyDisplay = 'symbol', signDisplay = 'auto', unit, maximumSignificantDigits, minimumSignificantDigits } = options;
    if (style === 'currency' && currency === undefined) throw new TypeError('Currency code is required with currency style.');
    const usual = style === 'currency' ? (WHOLE.has(`${currency}`.toUpperCase()) ? [0, 0] : [2, 2]) : style === 'percent' ? [0, 0] : [0, 3];
    let { minimumFractionDigits: least, maximumFractionDigits: most } = options;
    least ??= most !== undefined ? Math.min(usual[0], most) : usual[0];
    most ??= Math.max(usual[1], least);
    if (least > most || least < 0 || most > 100) throw new RangeError('maximumFractionDigits value is out of range.');
    this.#options = { locale: 'en-US', numberingSystem: 'latn', style, currency: currency && `${currency}`.toUpperCase(), currencyDisplay, useGrouping, notation, minimumIntegerDigits, minimumFractionDigits: least, maximumFractionDigits: most, signDisplay, unit, maximumSignificantDigits, minimumSignificantDigits };
  }
  format(value) {
    const options = this.#options;
    const number = typeof value === 'bigint' ? value : Number(value);
    
    const negative = number < 0 || Object.is(number, -0);
    let size = negative ? -number : number;
    let text;
    let suffix = '';
    if (options.style === 'percent' && typeof size === 'number') size = Number((size * 100).toPrecision(15));
    if (options.notation === 'compact' && typeof size === 'number') {
      const step = [[1e12, 'T'], [1e9, 'B'], [1e6, 'M'], [1e3, 'K']].find(([least]) => size >= least);
      if (step) { size /= step[0]; suffix = step[1]; }
      size = size < 100 ? Number(size.toPrecision(2)) : Math.round(size);
    }
    if (options.maximumSignificantDigits !== undefined && typeof size === 'number') size = Number(size.toPrecision(options.maximumSignificantDigits));
    if (Number.isNaN(size)) text = 'NaN';
    else if (size === Infinity) text = '∞';
    else {
      let [whole, fraction] = fixed(size, options.minimumFractionDigits, options.maximumSignificantDigits === undefined ? options.maximumFractionDigits : 20);
      whole = whole.padStart(options.minimumIntegerDigits, '0');
      text = (options.useGrouping === false || options.useGrouping === 'false' ? whole : group(whole)) + (fraction === '' ? '' : `.${fraction}`);
    }
    text += suffix;
    if (options.style === 'percent') text += '%';
    if (options.style === 'unit') text += ` ${options.unit}`;
    if (options.style === 'currency') {
      const symbol = options.currencyDisplay === 'code' ? undefined : SYMBOLS[options.currency];
      text = options.currencyDisplay === 'name' ? `${text} ${options.currency}` : symbol === undefined ? `${options.currency}\u00a0${text}` : `${symbol}${text}`;
    }
    return negative ? `-${text}` : options.signDisplay === 'always' || (options.signDisplay === 'exceptZero' && number > 0) ? `+${text}` : text;
  }
  resolvedOptions() { return JSON.parse(JSON.stringify(this.#options)); }
  static supportedLocalesOf(locales) { return [locales].flat().filter(locale => /^en/.test(locale)); }
  get [Symbol.toStringTag]() { return 'Intl.NumberFormat'; }
}

const two = number => String(number).padStart(2, '0');

// The fields of a moment, in UTC or local time.
function fieldsOf(date, timeZone) {
  const offset = timeZone === 'UTC' ? 0 : date.getTimezoneOffset();
  const shifted = new Date(date.getTime() - offset * 60000);
  return {
    year: shifted.getUTCFullYear(), month: shifted.getUTCMonth(), day: shifted.getUTCDate(), weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(), minute: shifted.getUTCMinutes(), second: shifted.getUTCSeconds(), millisecond: shifted.getUTCMilliseconds(), offset,
  };
}

function datePart(fields, { weekday, year, month, day }) {
  const dayText = day === undefined ? '' : day === '2-digit' ? two(fields.day) : `${fields.day}`;
  const yearText = year === undefined ? '' : year === '2-digit' ? two(fields.year % 100) : `${fields.year}`;
  const weekdayText = weekday === undefined ? '' : weekday === 'long' ? WEEKDAYS[fields.weekday] : weekday === 'short' ? WEEKDAYS[fields.weekday].slice(0, 3) : WEEKDAYS[fields.weekday][0];
  if (month === 'long' || month === 'short' || month === 'narrow') {
    const name = month === 'long' ? MONTHS[fields.month] : MONTHS[fields.month].slice(0, month === 'short' ? 3 : 1);
    const text = `${name}${dayText && ` ${dayText}`}`;
    return [weekdayText, yearText && dayText ? `${text}, ${yearText}` : yearText ? `${text} ${yearText}` : text].filter(Boolean).join(', ');
  }
  const monthText = month === undefined ? '' : month === '2-digit' ? two(fields.month + 1) : `${fields.month + 1}`;
  return [weekdayText, [monthText, dayText, yearText].filter(Boolean).join('/')].filter(Boolean).join(', ');
}

function timePart(fields, options) {
  const { hour, minute, second, fractionalSecondDigits, timeZoneName } = options;
  const twelve = options.hour12 ?? (options.hourCycle === undefined || options.hourCycle === 'h12' || options.hourCycle === 'h11');
  const parts = [];
  if (hour !== undefined) {
    let number = twelve ? fields.hour % 12 || 12 : fields.hour;
    if (!twelve && options.hour12 === false && options.hourCycle === undefined && number === 0) number = 24;
    parts.push(hour === '2-digit' || (!twelve && (minute !== undefined)) ? two(number) : `${number}`);
  }
  if (minute !== undefined) parts.push(hour !== undefined || minute === '2-digit' && second !== undefined ? two(fields.minute) : `${fields.minute}`);
  if (second !== undefined) {
    const fraction = fractionalSecondDigits ? `.${String(fields.millisecond).padStart(3, '0').slice(0, fractionalSecondDigits)}` : '';
    parts.push((parts.length > 0 ? two(fields.second) : `${fields.second}`) + fraction);
  }
  let text = parts.join(':');
  if (hour !== undefined && twelve) text += `${SPACE}${fields.hour < 12 ? 'AM' : 'PM'}`;
  if (timeZoneName !== undefined) {
    const minutes = Math.abs(fields.offset);
    const shift = `GMT${fields.offset > 0 ? '-' : '+'}${Math.floor(minutes / 60)}${minutes % 60 ? `:${two(minutes % 60)}` : ''}`;
    text += `${text && ' '}${fields.offset === 0 ? (timeZoneName === 'long' ? 'Coordinated Universal Time' : 'UTC') : shift}`;
  }
  return text;
}

const DATE_STYLES = {
  full: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }, long: { year: 'numeric', month: 'long', day: 'numeric' },
  medium: { year: 'numeric', month: 'short', day: 'numeric' }, short: { year: '2-digit', month: 'numeric', day: 'numeric' },
};
const TIME_STYLES = {
  full: { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'long' }, long: { hour: 'numeric', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
  medium: { hour: 'numeric', minute: '2-digit', second: '2-digit' }, short: { hour: 'numeric', minute: '2-digit' },
};
const DATE_KEYS = ['weekday', 'year', 'month', 'day'];
const TIME_KEYS = ['hour', 'minute', 'second', 'fractionalSecondDigits'];

class DateTimeFormat {
  #options; #zone;
  constructor(locales, options = {}, required = 'any', withTime = false) {
    const unfit = { date: 'timeStyle', time: 'dateStyle' }[required];
    if (options[unfit] !== undefined) throw new TypeError(`Invalid option : ${unfit}`);
    const zone = options.timeZone;
    const isUtc = zone !== undefined && /^(utc|gmt|etc\/(utc|gmt))$/i.test(zone);
    if (zone !== undefined && !isUtc && zone !== localZone()) {
      throw new RangeError(`Invalid time zone specified: ${zone} (quickcuke knows UTC and the local time zone)`);
    }
    this.#zone = isUtc ? 'UTC' : zone;
    let all = { ...options };
    if (options.dateStyle || options.timeStyle) {
      all = { ...DATE_STYLES[options.dateStyle], ...TIME_STYLES[options.timeStyle], hour12: options.hour12, joiner: /full|long/.test(options.dateStyle) ? ' at ' : ', ' };
    } else {
      const has = keys => keys.some(key => options[key] !== undefined);
      const isBare = { any: !has(DATE_KEYS) && !has(TIME_KEYS), date: !has(DATE_KEYS), time: !has(TIME_KEYS) }[required];
      if (isBare && required !== 'time') Object.assign(all, { year: 'numeric', month: 'numeric', day: 'numeric' });
      if (isBare && (required === 'time' || withTime)) Object.assign(all, { hour: options.hour ?? 'numeric', minute: options.minute ?? '2-digit', second: options.second ?? '2-digit' });
    }
    this.#options = all;
  }
  format(value) {
    const date = value === undefined ? new Date() : new Date(value);
    if (Number.isNaN(date.getTime())) throw new RangeError('Invalid time value');
    const fields = fieldsOf(date, this.#zone);
    const { month, day, year, weekday } = this.#options;
    const usual = month === 'long' ? ' at ' : weekday && !month && !day && !year ? ' ' : ', ';
    return [datePart(fields, this.#options), timePart(fields, this.#options)].filter(Boolean).join(this.#options.joiner ?? usual);
  }
  formatToParts(value) {
    const kinds = { '/': 'literal' };
    return this.format(value).split(/([^\p{L}\p{N}]+)/u).filter(Boolean).map(text => ({ type: kinds[text] ?? (/[\p{L}\p{N}]/u.test(text) ? 'unknown' : 'literal'), value: text }));
  }
  resolvedOptions() { return { locale: 'en-US', calendar: 'gregory', numberingSystem: 'latn', timeZone: this.#zone ?? localZone() }; }
  static supportedLocalesOf(locales) { return NumberFormat.supportedLocalesOf(locales); }
  get [Symbol.toStringTag]() { return 'Intl.DateTimeFormat'; }
}

const localZone = () => process.env.TZ || 'UTC';

class PluralRules {
  #ordinal;
  constructor(locales, { type = 'cardinal' } = {}) { this.#ordinal = type === 'ordinal'; }
  select(number) {
    if (!this.#ordinal) return number === 1 ? 'one' : 'other';
    const [unit, tens] = [number % 10, number % 100];
    if (tens >= 11 && tens <= 13) return 'other';
    return ['other', 'one', 'two', 'few'][unit] ?? 'other';
  }
}
class Collator {
  #options;
  constructor(locales, options = {}) { this.#options = options; }
  get compare() { return (a, b) => collation.compare(`${a}`, `${b}`, this.#options); }
}
class ListFormat {
  #word;
  constructor(locales, { type = 'conjunction' } = {}) { this.#word = type === 'disjunction' ? 'or' : 'and'; }
  format(list) {
    const items = [...list];
    if (items.length < 3) return items.join(` ${this.#word} `);
    return `${items.slice(0, -1).join(', ')}, ${this.#word} ${items.at(-1)}`;
  }
}

const callable = Class => new Proxy(Class, { apply: (target, _, values) => new Class(...values) });
const inLocale = (required, withTime) => (date, locales, options) =>
  Number.isNaN(date.getTime()) ? 'Invalid Date' : new DateTimeFormat(locales, options, required, withTime).format(date);

module.exports = {
  compareTexts: (text, other, locales, options) => collation.compare(`${text}`, `${other}`, options),
  Intl: Object.defineProperty({
    NumberFormat: callable(NumberFormat), DateTimeFormat: callable(DateTimeFormat), PluralRules, Collator: callable(Collator), ListFormat,
    getCanonicalLocales: locales => locales === undefined ? [] : [locales].flat(),
  }, Symbol.toStringTag, { value: 'Intl', configurable: true }),
  numberToLocale: (value, locales, options) => new NumberFormat(locales, options).format(value.valueOf()),
  dateTimeToLocale: inLocale('any', true),
  dateToLocale: inLocale('date', false),
  timeToLocale: inLocale('time', true),
};
