// Which locales there are, and what the classes of `Intl` share.

const SUPPORTED = ['en', 'en-US', 'en-GB'];
const TAG = /^([a-z]{2,3}|[a-z]{5,8})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?((?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)((?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*)(?:-x(?:-[a-z\d]{1,8})+)?$/i;
// What an extension may ask for that is so anyhow, or that is looked at.
const EXTENSIONS = /^(-u)?(-(hc-(h11|h12|h23|h24)|ca-gregory|nu-latn|co-standard|kn(-true|-false)?|kf-(upper|lower|false)))*$/i;

/** { tag, language, script, region, extension } in the usual spelling. */
function parseTag(tag) {
  const found = TAG.exec(tag);
  if (!found) throw new RangeError(`Incorrect locale information provided`);
  const [, language, script, region, variants, extension] = found;
  const parts = {
    language: language.toLowerCase(), script: script && script[0].toUpperCase() + script.slice(1).toLowerCase(),
    region: region?.toUpperCase(), variants: variants.toLowerCase(), extension: extension.toLowerCase(),
  };
  parts.baseName = [parts.language, parts.script, parts.region].filter(Boolean).join('-') + parts.variants;
  return { ...parts, tag: parts.baseName + parts.extension };
}

/** The tags of a `locales` argument, in the usual spelling and each once. */
function canonical(locales) {
  if (locales === undefined) return [];
  if (locales === null) throw new TypeError('Cannot convert undefined or null to object');
  const isOne = typeof locales === 'string' || (typeof locales === 'object' && locales[Symbol.toStringTag] === 'Intl.Locale');
  const list = isOne ? [locales] : Array.from(Object(locales));
  const tags = list.map(tag => {
    if (typeof tag !== 'string' && (typeof tag !== 'object' || tag === null)) throw new TypeError('Incorrect locale information provided');
    return parseTag(`${tag}`).tag;
  });
  return [...new Set(tags)];
}

function isSupported(tag) {
  const { language, script, region, variants, extension } = parseTag(tag);
  return language === 'en' && (script ?? 'Latn') === 'Latn' && ['US', 'GB', undefined].includes(region) && variants === '' && EXTENSIONS.test(extension);
}

/** The first locale of a list that there is; throws where somebody asks for others only. */
function localeOf(locales) {
  const tags = canonical(locales);
  if (tags.length === 0) return 'en-US';
  const found = tags.find(isSupported);
  if (found !== undefined) {
    const { region } = parseTag(found);
    return region === 'GB' || (region && !parseTag(found).script) ? `en-${region}` : 'en';
  }
  throw new RangeError(`The locale ${tags.map(tag => `"${tag}"`).join(', ')} is not available in quickcuke: its Intl knows ${
    SUPPORTED.join(', ')}. Name one of these, or format such texts in the step itself.`);
}

const supportedLocalesOf = locales => canonical(locales).filter(isSupported);

/** What the locale's -u- extension says under a key of two letters. */
const extensionOf = (locales, key) => canonical(locales).filter(isSupported).map(tag => new RegExp(`-${key}-([a-z\\d]{3,8})`).exec(tag)?.[1])[0];

/** An option that is one of some words. */
function oneOf(options, name, words, missing) {
  const value = options[name];
  if (value === undefined) return missing;
  if (words.includes(`${value}`)) return `${value}`;
  throw new RangeError(`Value ${value} out of range for Intl.NumberFormat options property ${name}`.replace('NumberFormat', oneOf.className ?? 'NumberFormat'));
}

/** A getter whose function may be passed around: `numbers.map(format.format)`. */
function defineBound(Class, name, run) {
  const bound = new WeakMap();
  Object.defineProperty(Class.prototype, name, {
    get() {
      if (!bound.has(this)) bound.set(this, (...values) => run(this, ...values));
      return bound.get(this);
    },
    configurable: true,
  });
}

class Locale {
  #parts; #options;
  constructor(tag, options = {}) {
    if (typeof tag !== 'string' && (typeof tag !== 'object' || tag === null)) throw new TypeError('First argument to Intl.Locale constructor can\'t be empty or missing');
    this.#parts = parseTag(`${tag}`);
    this.#options = options;
  }
  get language() { return this.#options.language ?? this.#parts.language; }
  get script() { return this.#options.script ?? this.#parts.script; }
  get region() { return this.#options.region ?? this.#parts.region; }
  get baseName() { return [this.language, this.script, this.region].filter(Boolean).join('-') + this.#parts.variants; }
  #extension(key, name) { return this.#options[name] ?? new RegExp(`-${key}-([a-z\\d]{3,8})`).exec(this.#parts.extension)?.[1]; }
  get calendar() { return this.#extension('ca', 'calendar'); }
  get hourCycle() { return this.#extension('hc', 'hourCycle'); }
  get numberingSystem() { return this.#extension('nu', 'numberingSystem'); }
  get collation() { return this.#extension('co', 'collation'); }
  toString() {
    const keys = Object.entries({ ca: this.calendar, co: this.collation, hc: this.hourCycle, nu: this.numberingSystem }).filter(([, value]) => value !== undefined);
    return this.baseName + (keys.length > 0 ? `-u-${keys.map(([key, value]) => `${key}-${value}`).join('-')}` : '');
  }
  get [Symbol.toStringTag]() { return 'Intl.Locale'; }
}

module.exports = { Locale, canonical, defineBound, extensionOf, localeOf, oneOf, supportedLocalesOf };
