// `Intl.PluralRules`, `Intl.RelativeTimeFormat` and `Intl.ListFormat` in English.

const { localeOf, oneOf, supportedLocalesOf } = require('quickcuke:intl_locale');
const { NumberFormat } = require('quickcuke:intl_number');

class PluralRules {
  #type; #numbers; #locale;
  constructor(locales, options = {}) {
    this.#locale = localeOf(locales);
    oneOf.className = 'PluralRules';
    this.#type = oneOf(options, 'type', ['cardinal', 'ordinal'], 'cardinal');
    oneOf.className = undefined;
    const { minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, minimumSignificantDigits, maximumSignificantDigits } = options;
    this.#numbers = new NumberFormat(locales, {
      minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, minimumSignificantDigits, maximumSignificantDigits, useGrouping: false,
    });
  }
  // By the digits that are shown: one is "1" and not "1.0".
  select(number) {
    const text = this.#numbers.format(Number(number)).replace('-', '');
    if (this.#type === 'cardinal') return text === '1' ? 'one' : 'other';
    if (!/^\d+$/.test(text) || /1[123]$/.test(text)) return 'other';
    return { 1: 'one', 2: 'two', 3: 'few' }[text.at(-1)] ?? 'other';
  }
  selectRange(start, end) {
    if (start === undefined || end === undefined) throw new TypeError('Invalid argument');
    if (Number.isNaN(Number(start)) || Number.isNaN(Number(end))) throw new RangeError('Invalid argument');
    return this.#type === 'cardinal' ? 'other' : this.select(end);
  }
  resolvedOptions() {
    const { minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, minimumSignificantDigits, maximumSignificantDigits, ...more } = this.#numbers.resolvedOptions();
    const digits = { minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, minimumSignificantDigits, maximumSignificantDigits };
    const { roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay } = more;
    return {
      locale: this.#locale, type: this.#type, ...Object.fromEntries(Object.entries(digits).filter(([, value]) => value !== undefined)),
      pluralCategories: this.#type === 'ordinal' ? ['few', 'one', 'two', 'other'] : ['one', 'other'],
      roundingIncrement, roundingMode, roundingPriority, trailingZeroDisplay,
    };
  }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}

const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
const SHORT = { second: 'sec.', minute: 'min.', hour: 'hr.', day: 'day', week: 'wk.', month: 'mo.', quarter: 'qtr.', year: 'yr.' };
const SHORT_MANY = { ...SHORT, day: 'days', quarter: 'qtrs.' };
const NARROW = { second: 's', minute: 'm', hour: 'h', day: 'd', week: 'w', month: 'mo', quarter: 'q', year: 'y' };
const SPECIAL = { day: { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }, second: { 0: 'now' } };

class RelativeTimeFormat {
  #locale; #style; #numeric; #numbers;
  constructor(locales, options = {}) {
    this.#locale = localeOf(locales);
    oneOf.className = 'RelativeTimeFormat';
    this.#style = oneOf(options, 'style', ['long', 'short', 'narrow'], 'long');
    this.#numeric = oneOf(options, 'numeric', ['always', 'auto'], 'always');
    oneOf.className = undefined;
    this.#numbers = new NumberFormat(locales);
  }
  formatToParts(value, unit) {
    const number = Number(value);
    const one = `${unit}`.replace(/s$/, '');
    if (!UNITS.includes(one)) throw new RangeError(`Invalid unit argument for Intl.RelativeTimeFormat.prototype.format() '${unit}'`);
    if (!Number.isFinite(number)) throw new RangeError('Invalid number argument to Intl.RelativeTimeFormat.prototype.format()');
    const word = this.#numeric === 'auto' ? this.#word(number, one) : undefined;
    if (word !== undefined) return [{ type: 'literal', value: word }];
    const isPast = number < 0 || Object.is(number, -0);
    const digits = this.#numbers.formatToParts(Math.abs(number)).map(part => ({ ...part, unit: one }));
    const name = this.#name(one, Math.abs(number) === 1);
    const space = this.#style === 'narrow' ? '' : ' ';
    return isPast ? [...digits, { type: 'literal', value: `${space}${name} ago` }]
      : [{ type: 'literal', value: 'in ' }, ...digits, { type: 'literal', value: `${space}${name}` }];
  }
  #word(number, unit) {
    const special = SPECIAL[unit]?.[Object.is(number, -0) ? 0 : number];
    if (special !== undefined) return special;
    const name = this.#style === 'long' ? unit : SHORT[unit];
    if (number === 0) return `this ${unit === 'minute' || unit === 'hour' ? unit : name}`;
    if (unit === 'minute' || unit === 'hour' || unit === 'day' || unit === 'second') return undefined;
    return number === 1 ? `next ${name}` : number === -1 ? `last ${name}` : undefined;
  }
  #name(unit, isOne) {
    if (this.#style === 'narrow') return NARROW[unit];
    if (this.#style === 'short') return (isOne ? SHORT : SHORT_MANY)[unit];
    return isOne ? unit : `${unit}s`;
  }
  format(value, unit) { return this.formatToParts(value, unit).map(part => part.value).join(''); }
  resolvedOptions() { return { locale: this.#locale, style: this.#style, numeric: this.#numeric, numberingSystem: 'latn' }; }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}

class ListFormat {
  #locale; #type; #style;
  constructor(locales, options = {}) {
    this.#locale = localeOf(locales);
    oneOf.className = 'ListFormat';
    this.#type = oneOf(options, 'type', ['conjunction', 'disjunction', 'unit'], 'conjunction');
    this.#style = oneOf(options, 'style', ['long', 'short', 'narrow'], 'long');
    oneOf.className = undefined;
  }
  // [between two, before the last, between the others]
  #separators() {
    const british = this.#locale === 'en-GB';
    if (this.#type === 'disjunction') return [' or ', british ? ' or ' : ', or ', ', '];
    if (this.#type === 'unit') return this.#style === 'narrow' ? [' ', ' ', ' '] : [', ', ', ', ', '];
    if (british && this.#style !== 'narrow') return [' and ', ' and ', ', '];
    return { long: [' and ', ', and ', ', '], short: [' & ', ', & ', ', '], narrow: [', ', ', ', ', '] }[this.#style];
  }
  formatToParts(list) {
    const items = [...list];
    for (const item of items) if (typeof item !== 'string') throw new TypeError('Iterable yielded a non-String value');
    const [two, last, other] = this.#separators();
    return items.flatMap((value, at) => {
      const literal = items.length === 2 ? two : at === items.length - 1 ? last : other;
      return at === 0 ? [{ type: 'element', value }] : [{ type: 'literal', value: literal }, { type: 'element', value }];
    });
  }
  format(list) { return this.formatToParts(list).map(part => part.value).join(''); }
  resolvedOptions() { return { locale: this.#locale, type: this.#type, style: this.#style }; }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}

for (const Class of [PluralRules, RelativeTimeFormat, ListFormat]) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: `Intl.${Class.name}`, configurable: true });
}

module.exports = { PluralRules, RelativeTimeFormat, ListFormat };
