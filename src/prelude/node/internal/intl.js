// `Intl`: English of America and Britain. Each class is loaded when it is first used; what is not there says so.

const { Locale, canonical, localeOf, supportedLocalesOf } = require('quickcuke:intl_locale');
const collation = require('quickcuke:collation');

class Collator {
  #locale; #options;
  constructor(locales, options = {}) {
    this.#locale = localeOf(locales);
    const { usage = 'sort', sensitivity = 'variant', ignorePunctuation = false, numeric = false, caseFirst = 'false' } = options;
    this.#options = { usage, sensitivity, ignorePunctuation: Boolean(ignorePunctuation), collation: 'default', numeric: Boolean(numeric), caseFirst };
  }
  get compare() { return (a, b) => collation.compare(`${a}`, `${b}`, this.#options); }
  resolvedOptions() { return { locale: this.#locale, ...this.#options }; }
  static supportedLocalesOf(locales) { return supportedLocalesOf(locales); }
  get [Symbol.toStringTag]() { return 'Intl.Collator'; }
}

const Intl = Object.defineProperty({}, Symbol.toStringTag, { value: 'Intl', configurable: true });
const define = (name, value) => Object.defineProperty(Intl, name, { value, writable: true, configurable: true });

// Those of ECMA-402's first edition may be called without `new`.
const callable = Class => new Proxy(Class, { apply: (target, _, values) => new Class(...values) });
const CLASSES = {
  'quickcuke:intl_number': { NumberFormat: true },
  'quickcuke:intl_date': { DateTimeFormat: true },
  'quickcuke:intl_words': { PluralRules: false, RelativeTimeFormat: false, ListFormat: false },
  'quickcuke:intl_segmenter': { Segmenter: false },
};
for (const [id, names] of Object.entries(CLASSES)) {
  for (const [name, isCallable] of Object.entries(names)) {
    Object.defineProperty(Intl, name, {
      get() {
        const Class = require(id)[name];
        define(name, isCallable ? callable(Class) : Class);
        if (isCallable) Object.defineProperty(Class.prototype, 'constructor', { value: Intl[name], writable: true, configurable: true });
        return Intl[name];
      },
      set(value) { define(name, value); },
      configurable: true,
    });
  }
}
define('Collator', callable(Collator));
define('Locale', Locale);
define('DisplayNames', class DisplayNames {
  constructor() {
    throw new RangeError('Intl.DisplayNames is not available in quickcuke: its Intl has numbers, dates, lists, plurals, relative times, collation and segments');
  }
});
define('getCanonicalLocales', function getCanonicalLocales(locales) { return canonical(locales); });
define('supportedValuesOf', function supportedValuesOf(key) {
  switch (`${key}`) {
    case 'calendar': return ['gregory'];
    case 'collation': return ['default'];
    case 'currency': return require('quickcuke:intl_currencies').codes();
    case 'numberingSystem': return ['latn'];
    case 'timeZone': return require('quickcuke:intl_zone_names').zoneNames();
    case 'unit': return require('quickcuke:intl_units').names();
    default: throw new RangeError(`Invalid key : ${key}`);
  }
});

const inLocale = (required, defaults) => (date, locales, options) => {
  const { DateTimeFormat } = require('quickcuke:intl_date');
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : new DateTimeFormat(locales, options, required, defaults).format(date);
};

function compareTexts(text, other, locales, options) {
  localeOf(locales);
  return collation.compare(`${text}`, `${other}`, options);
}

module.exports = {
  Intl, compareTexts,
  numberToLocale: (value, locales, options) => new (require('quickcuke:intl_number').NumberFormat)(locales, options).format(value.valueOf()),
  dateTimeToLocale: inLocale('any', 'all'),
  dateToLocale: inLocale('date', 'date'),
  timeToLocale: inLocale('time', 'time'),
};
