// `Intl.DateTimeFormat` in American and British English.

const { defineBound, extensionOf, localeOf, oneOf, supportedLocalesOf } = require('quickcuke:intl_locale');
const { zoneOf } = require('quickcuke:intl_zone');
const { datePattern, timePattern, joined, styles } = require('quickcuke:intl_date_patterns');
const { valueOf } = require('quickcuke:intl_date_values');

const TEXT = ['narrow', 'short', 'long'];
const NUMBER = ['2-digit', 'numeric'];
// In the order in which they are read and told.
const FIELDS = {
  weekday: TEXT, era: TEXT, year: NUMBER, month: [...NUMBER, ...TEXT], day: NUMBER, dayPeriod: TEXT, hour: NUMBER, minute: NUMBER, second: NUMBER,
  fractionalSecondDigits: ['1', '2', '3'], timeZoneName: ['short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'],
};
const DATE = ['weekday', 'year', 'month', 'day'];
const TIME = ['dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits'];

// As V8 does it: a narrow blank before AM and PM in the parts, a plain one in the text.
const textOf = parts => parts.map(part => part.value).join('').replaceAll('\u202f', ' ');

class DateTimeFormat {
  #locale; #fields; #zone; #pattern; #cycle; #styles;

  /** `required` and `defaults` are those of ECMA-402: which fields must be there, and which are where none is. */
  constructor(locales, options = undefined, required = 'any', defaults = 'date') {
    oneOf.className = 'DateTimeFormat';
    this.#locale = localeOf(locales);
    if (options === null) throw new TypeError('Cannot convert undefined or null to object');
    const given = Object(options ?? {});
    const hour12 = given.hour12 === undefined ? undefined : Boolean(given.hour12);
    let cycle = oneOf(given, 'hourCycle', ['h11', 'h12', 'h23', 'h24'], undefined) ?? extensionOf(locales, 'hc');
    this.#zone = zoneOf(given.timeZone);
    const fields = {};
    for (const [name, words] of Object.entries(FIELDS)) {
      if (name === 'fractionalSecondDigits' && given[name] !== undefined) {
        const digits = Number(given[name]);
        if (!(digits >= 1 && digits <= 3)) throw new RangeError('fractionalSecondDigits value is out of range.');
        fields[name] = Math.floor(digits);
      } else if (given[name] !== undefined) fields[name] = oneOf(given, name, words);
    }
    const dateStyle = oneOf(given, 'dateStyle', ['full', 'long', 'medium', 'short'], undefined);
    const timeStyle = oneOf(given, 'timeStyle', ['full', 'long', 'medium', 'short'], undefined);
    oneOf.className = undefined;
    const british = this.#locale === 'en-GB';
    if (dateStyle !== undefined || timeStyle !== undefined) {
      const other = Object.keys(fields)[0];
      if (other !== undefined) throw new TypeError(`Can't set option ${other} when ${dateStyle !== undefined ? 'dateStyle' : 'timeStyle'} is used`);
      if (required === 'date' && timeStyle !== undefined) throw new TypeError('Invalid option : timeStyle');
      if (required === 'time' && dateStyle !== undefined) throw new TypeError('Invalid option : dateStyle');
    } else {
      const has = names => names.some(name => fields[name] !== undefined);
      const bare = !(required !== 'time' && has(DATE)) && !(required !== 'date' && has(TIME));
      if (bare && (defaults === 'date' || defaults === 'all')) for (const name of ['year', 'month', 'day']) fields[name] = 'numeric';
      if (bare && (defaults === 'time' || defaults === 'all')) for (const name of ['hour', 'minute', 'second']) fields[name] = 'numeric';
    }
    const hours = timeStyle !== undefined || fields.hour !== undefined;
    // Where hour12 is false, American English counts to 24 and British to 23.
    if (hour12 !== undefined) cycle = hour12 ? 'h12' : british ? 'h23' : 'h24';
    cycle ??= british ? 'h23' : 'h12';
    this.#cycle = hours ? cycle : undefined;
    this.#styles = { dateStyle, timeStyle };
    const context = { british, twelve: cycle === 'h11' || cycle === 'h12' };
    const chosen = dateStyle !== undefined || timeStyle !== undefined ? styles(dateStyle, timeStyle, context) : undefined;
    this.#fields = chosen?.fields ?? fields;
    this.#pattern = chosen?.pattern ?? joined(datePattern(fields, context), timePattern(fields, context), fields, british);
  }

  formatToParts(date) {
    const time = date === undefined ? Date.now() : Number(date);
    if (!(Math.abs(time) <= 8.64e15)) throw new RangeError('Invalid time value');
    const offset = this.#zone.at(time);
    const moment = { date: new Date(time + offset.seconds * 1000), zone: this.#zone.name, offset, cycle: this.#cycle, locale: this.#locale };
    const parts = [];
    const add = (type, value) => {
      if (type === 'literal' && parts.at(-1)?.type === 'literal') parts.at(-1).value += value; else parts.push({ type, value });
    };
    for (const piece of this.#pattern.split(/(\{\w+(?::[\w-]+)?\})/)) {
      const field = /^\{(\w+)(?::([\w-]+))?\}$/.exec(piece);
      if (field === null) { if (piece !== '') add('literal', piece); continue; }
      const name = { fractionalSecondDigits: 'fractionalSecond', ampm: 'dayPeriod' }[field[1]] ?? field[1];
      add(name, valueOf(field[1], field[2] ?? this.#fields[field[1]], moment));
    }
    return parts;
  }

  formatRangeToParts(start, end) {
    const [one, other] = [this.formatToParts(start), this.formatToParts(end)];
    if (textOf(one) === textOf(other)) return one.map(part => ({ ...part, source: 'shared' }));
    return [...one.map(part => ({ ...part, source: 'startRange' })), { type: 'literal', value: '\u2009–\u2009', source: 'shared' },
      ...other.map(part => ({ ...part, source: 'endRange' }))];
  }
  formatRange(start, end) { return textOf(this.formatRangeToParts(start, end)); }

  resolvedOptions() {
    const cycle = this.#cycle === undefined ? {} : { hourCycle: this.#cycle, hour12: this.#cycle === 'h11' || this.#cycle === 'h12' };
    const { dateStyle, timeStyle } = this.#styles;
    const isStyled = dateStyle !== undefined || timeStyle !== undefined;
    const names = isStyled ? [] : Object.keys(FIELDS).filter(name => this.#fields[name] !== undefined);
    const told = names.map(name => [name, new RegExp(`\\{${name}:([\\w-]+)\\}`).exec(this.#pattern)?.[1] ?? this.#fields[name]]);
    return {
      locale: this.#locale, calendar: 'gregory', numberingSystem: 'latn', timeZone: this.#zone.name, ...cycle, ...Object.fromEntries(told),
      ...(dateStyle && { dateStyle }), ...(timeStyle && { timeStyle }),
    };
  }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
}
defineBound(DateTimeFormat, 'format', (format, date) => textOf(format.formatToParts(date)));
Object.defineProperty(DateTimeFormat.prototype, Symbol.toStringTag, { value: 'Intl.DateTimeFormat', configurable: true });

module.exports = { DateTimeFormat };
