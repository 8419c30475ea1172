// What quickcuke has of Intl: English numbers, dates, lists, plurals, relative times, collation and segments.

const NUMBERS = [0, -0, 1, -1, 5, 10, 12.5, 0.5, 0.005, 0.1 + 0.2, 1.005, 2.5, 3.5, -2.5, 999, 1000, 1234.5678, -1234.5678, 12345, 999999, 1000000, 1500000, 123456789.987, 1e9, 1.2e12, 1e15, 1e21, 1e-7, 0.000123, NaN, Infinity, -Infinity, 123456789012345680000, 99.995, 0.99, 1e3 + 0.5, 15500, 99950, 999500]
const BIG = [0n, -5n, 123456789012345678901234567890n]
const NUMBER_OPTIONS = [
  undefined, {}, { minimumFractionDigits: 2 }, { maximumFractionDigits: 0 }, { maximumFractionDigits: 1 }, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, { minimumIntegerDigits: 3 }, { useGrouping: false }, { useGrouping: 'always' }, { useGrouping: 'min2' }, { maximumSignificantDigits: 3 }, { minimumSignificantDigits: 3 }, { minimumSignificantDigits: 2, maximumSignificantDigits: 4 }, { signDisplay: 'always' }, { signDisplay: 'never' }, { signDisplay: 'exceptZero' }, { signDisplay: 'negative' }, { notation: 'compact' }, { notation: 'compact', compactDisplay: 'long' }, { notation: 'compact', maximumFractionDigits: 1 }, { notation: 'scientific' }, { notation: 'engineering' }, { roundingMode: 'floor', maximumFractionDigits: 1 }, { roundingMode: 'ceil', maximumFractionDigits: 0 }, { roundingMode: 'trunc', maximumFractionDigits: 0 }, { roundingMode: 'halfEven', maximumFractionDigits: 0 }, { roundingMode: 'expand', maximumFractionDigits: 0 }, { trailingZeroDisplay: 'stripIfInteger', minimumFractionDigits: 2 },
  { style: 'percent' }, { style: 'percent', minimumFractionDigits: 1 }, { style: 'percent', signDisplay: 'always' },
  { style: 'currency', currency: 'USD' }, { style: 'currency', currency: 'EUR' }, { style: 'currency', currency: 'GBP' }, { style: 'currency', currency: 'JPY' }, { style: 'currency', currency: 'usd', currencyDisplay: 'code' }, { style: 'currency', currency: 'USD', currencyDisplay: 'name' }, { style: 'currency', currency: 'EUR', currencyDisplay: 'name', maximumFractionDigits: 0 }, { style: 'currency', currency: 'CAD' }, { style: 'currency', currency: 'CAD', currencyDisplay: 'narrowSymbol' }, { style: 'currency', currency: 'CHF' }, { style: 'currency', currency: 'INR' }, { style: 'currency', currency: 'KWD' }, { style: 'currency', currency: 'XYZ' }, { style: 'currency', currency: 'USD', currencySign: 'accounting' }, { style: 'currency', currency: 'USD', minimumFractionDigits: 0 }, { style: 'currency', currency: 'USD', maximumFractionDigits: 0 }, { style: 'currency', currency: 'USD', notation: 'compact' }, { style: 'currency', currency: 'PLN' }, { style: 'currency', currency: 'SEK' }, { style: 'currency', currency: 'BRL' }, { style: 'currency', currency: 'MXN' }, { style: 'currency', currency: 'CNY' }, { style: 'currency', currency: 'AUD' },
  { style: 'unit', unit: 'kilometer' }, { style: 'unit', unit: 'kilometer-per-hour' }, { style: 'unit', unit: 'liter', unitDisplay: 'long' }, { style: 'unit', unit: 'celsius' }, { style: 'unit', unit: 'percent' }, { style: 'unit', unit: 'byte' }, { style: 'unit', unit: 'megabyte', unitDisplay: 'narrow' }, { style: 'unit', unit: 'second', unitDisplay: 'long' }, { style: 'unit', unit: 'minute' }, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' }, { style: 'unit', unit: 'day', unitDisplay: 'long' }, { style: 'unit', unit: 'month' }, { style: 'unit', unit: 'meter' }, { style: 'unit', unit: 'mile' }, { style: 'unit', unit: 'kilogram' }, { style: 'unit', unit: 'pound' }, { style: 'unit', unit: 'fahrenheit', unitDisplay: 'long' }, { style: 'unit', unit: 'foot' }, { style: 'unit', unit: 'millisecond' }, { style: 'unit', unit: 'gigabyte' }, { style: 'unit', unit: 'week', unitDisplay: 'long' }, { style: 'unit', unit: 'year' },
]
const BAD_NUMBER_OPTIONS = [{ style: 'nope' }, { style: 'currency' }, { style: 'currency', currency: 'US' }, { style: 'currency', currency: 5 }, { style: 'unit' }, { style: 'unit', unit: 'parsec' }, { minimumFractionDigits: -1 }, { minimumFractionDigits: 101 }, { minimumFractionDigits: 5, maximumFractionDigits: 2 }, { maximumSignificantDigits: 0 }, { maximumSignificantDigits: 22 }, { minimumIntegerDigits: 0 }, { minimumIntegerDigits: 22 }, { notation: 'x' }, { signDisplay: 'x' }, { roundingMode: 'x' }, { currencyDisplay: 'x', style: 'currency', currency: 'USD' }, { unitDisplay: 'x' }, { minimumFractionDigits: 'x' }, { minimumFractionDigits: '2' }, { compactDisplay: 'x' }, null, 5, 'x']
const DATES = ['2020-01-02T03:04:05.678Z', '1999-12-31T23:59:59.999Z', '2024-02-29T12:00:00Z', '1970-01-01T00:00:00Z', '2021-11-11T00:30:00Z', '2022-07-04T13:05:09Z', '0050-03-04T05:06:07Z', '-000044-03-15T00:00:00Z', '12345-06-07T08:09:10Z', '2023-10-29T01:30:00Z']
const DATE_OPTIONS = [
  undefined, {}, { timeZone: 'UTC' }, { dateStyle: 'full' }, { dateStyle: 'long' }, { dateStyle: 'medium' }, { dateStyle: 'short' }, { timeStyle: 'full' }, { timeStyle: 'long' }, { timeStyle: 'medium' }, { timeStyle: 'short' }, { dateStyle: 'full', timeStyle: 'short' }, { dateStyle: 'long', timeStyle: 'long' }, { dateStyle: 'medium', timeStyle: 'medium' }, { dateStyle: 'short', timeStyle: 'short' }, { dateStyle: 'short', timeStyle: 'full', timeZone: 'America/New_York' }, { timeStyle: 'short', hour12: false }, { timeStyle: 'medium', hourCycle: 'h23' },
  { year: 'numeric' }, { year: '2-digit' }, { month: 'long' }, { month: 'short' }, { month: 'narrow' }, { month: 'numeric' }, { month: '2-digit' }, { day: 'numeric' }, { day: '2-digit' }, { weekday: 'long' }, { weekday: 'short' }, { weekday: 'narrow' }, { hour: 'numeric' }, { hour: '2-digit' }, { minute: 'numeric' }, { second: 'numeric' }, { era: 'short' }, { era: 'long' }, { dayPeriod: 'long' }, { hour: 'numeric', dayPeriod: 'short' },
  { year: 'numeric', month: 'long' }, { year: 'numeric', month: 'short' }, { year: 'numeric', month: '2-digit' }, { year: 'numeric', month: 'numeric' }, { month: 'long', day: 'numeric' }, { month: 'short', day: '2-digit' }, { month: 'numeric', day: 'numeric' }, { month: '2-digit', day: '2-digit' }, { year: 'numeric', month: '2-digit', day: '2-digit' }, { year: '2-digit', month: '2-digit', day: '2-digit' }, { year: 'numeric', month: 'short', day: 'numeric' }, { year: 'numeric', month: 'long', day: 'numeric' }, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }, { weekday: 'short', month: 'short', day: 'numeric' }, { weekday: 'short', day: 'numeric' }, { weekday: 'long', hour: 'numeric' }, { weekday: 'short', year: 'numeric', month: 'numeric', day: 'numeric' }, { weekday: 'long', month: 'long' }, { year: 'numeric', day: 'numeric' }, { era: 'short', year: 'numeric', month: 'long', day: 'numeric' }, { month: 'narrow', day: 'numeric' }, { year: 'numeric', month: 'narrow', day: 'numeric' },
  { hour: 'numeric', minute: '2-digit' }, { hour: '2-digit', minute: '2-digit' }, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, { hour: 'numeric', minute: 'numeric', second: 'numeric' }, { hour: '2-digit', minute: '2-digit', hour12: false }, { hour: 'numeric', hour12: false }, { hour: 'numeric', minute: '2-digit', hour12: true }, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, { hour: 'numeric', hourCycle: 'h24' }, { hour: 'numeric', hourCycle: 'h11', minute: '2-digit' }, { minute: '2-digit', second: '2-digit' }, { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }, { second: 'numeric', fractionalSecondDigits: 2 }, { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 }, { fractionalSecondDigits: 3 },
  { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit' }, { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' }, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }, { weekday: 'short', hour: 'numeric', minute: '2-digit' }, { weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' }, { timeZoneName: 'short' }, { timeZoneName: 'long' }, { hour: 'numeric', timeZoneName: 'short' }, { hour: 'numeric', minute: '2-digit', timeZoneName: 'shortOffset' }, { hour: 'numeric', minute: '2-digit', timeZoneName: 'longOffset', timeZone: 'Asia/Kolkata' },
  { timeZone: 'America/New_York' }, { timeZone: 'Europe/Paris' }, { timeZone: 'Asia/Tokyo' }, { timeZone: 'Asia/Kolkata' }, { timeZone: 'Australia/Sydney', dateStyle: 'full', timeStyle: 'long' }, { timeZone: 'America/Los_Angeles', timeZoneName: 'short' }, { timeZone: 'America/Los_Angeles', timeZoneName: 'long' }, { timeZone: 'Europe/London', timeZoneName: 'short' }, { timeZone: 'Europe/Berlin', timeZoneName: 'short' }, { timeZone: 'Etc/GMT+5' }, { timeZone: 'GMT' }, { timeZone: 'utc' }, { timeZone: 'europe/paris' }, { timeZone: 'Asia/Calcutta' }, { timeZone: '+05:30' }, { timeZone: 'EST' },
]
const BAD_DATE_OPTIONS = [{ timeZone: 'Nowhere/City' }, { timeZone: '' }, { dateStyle: 'x' }, { month: 'x' }, { dateStyle: 'short', month: 'long' }, { timeStyle: 'short', hour: 'numeric' }, { fractionalSecondDigits: 4 }, { hourCycle: 'x' }, { weekday: 'numeric' }, null, 5]

export default function (run) {
  const tell = (options) => JSON.stringify(options)
  for (const locale of ['en-US', 'en-GB']) {
    for (const options of NUMBER_OPTIONS) {
      for (const number of [...NUMBERS, ...BIG]) run(`number ${locale} ${String(number)} ${tell(options)}`, () => new Intl.NumberFormat(locale, options).format(number))
      run(`number parts ${locale} ${tell(options)}`, () => new Intl.NumberFormat(locale, options).formatToParts(-12345.678))
    }
    for (const options of DATE_OPTIONS) for (const text of DATES) {
      const date = new Date(text)
      run(`date ${locale} ${text} ${tell(options)}`, () => new Intl.DateTimeFormat(locale, options).format(date))
      if (DATES.indexOf(text) < 2) run(`date parts ${locale} ${text} ${tell(options)}`, () => new Intl.DateTimeFormat(locale, options).formatToParts(date))
      run(`toLocaleString ${locale} ${text} ${tell(options)}`, () => date.toLocaleString(locale, options))
      run(`toLocaleDateString ${locale} ${text} ${tell(options)}`, () => date.toLocaleDateString(locale, options))
      run(`toLocaleTimeString ${locale} ${text} ${tell(options)}`, () => date.toLocaleTimeString(locale, options))
    }
  }
  for (const options of BAD_NUMBER_OPTIONS) run(`bad number ${tell(options)}`, () => new Intl.NumberFormat('en-US', options).format(1.5))
  for (const options of BAD_DATE_OPTIONS) run(`bad date ${tell(options)}`, () => new Intl.DateTimeFormat('en-US', options).format(new Date(0)))
  for (const locale of [undefined, 'en', 'en-US', ['en-GB', 'en-US'], [], 'en-us', 'EN', 'en-Latn-US', 'en-GB']) {
    run(`locale ${String(locale)}`, () => [new Intl.NumberFormat(locale).format(1234.5), new Intl.DateTimeFormat(locale).format(new Date(0)), new Date(0).toLocaleString(locale), (1234.5).toLocaleString(locale), new Intl.NumberFormat(locale).resolvedOptions().locale])
  }
  for (const locale of ['', 'e', 'en_US', 'en-', '123', null, 5, ['x'], {}, 'toolonglocale']) run(`bad locale ${String(locale)}`, () => new Intl.NumberFormat(locale).format(1))
  run(() => [(1234.5).toLocaleString(), (1234567n).toLocaleString(), new Date(0).toLocaleDateString(), new Date(0).toLocaleTimeString(), [1234.5, new Date(0)].toLocaleString(), new Date(NaN).toLocaleString()])
  run(() => [new Intl.DateTimeFormat('en-US').format(0), new Intl.DateTimeFormat('en-US').format('1970-01-01') ])
  run(() => new Intl.DateTimeFormat('en-US').format(new Date(NaN)))
  run(() => new Date(0).toLocaleDateString('en-US', { timeStyle: 'short' }))
  run(() => new Date(0).toLocaleTimeString('en-US', { dateStyle: 'short' }))
  run(() => [new Intl.NumberFormat('en-US').format('12345.678'), new Intl.NumberFormat('en-US').format('x'), new Intl.NumberFormat('en-US').format(null), new Intl.NumberFormat('en-US').format(undefined), new Intl.NumberFormat('en-US').format(true)])
  run(() => new Intl.NumberFormat('en-US').format(Symbol('s')))
  run(() => [1, 2, 3].map(new Intl.NumberFormat('en-US').format))
  run(() => [new Date(0)].map(new Intl.DateTimeFormat('en-US').format))
  run(() => ['b', 'a', 'C'].sort(new Intl.Collator('en').compare))
  run(() => [new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).formatRange(3, 5), new Intl.NumberFormat('en-US').formatRange(3, 3), new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).formatRange(2.9, 3.1)])
  run(() => new Intl.DateTimeFormat('en-US').formatRange(new Date(0), new Date(864e5 * 40)))
  run(() => new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).formatRange(new Date(0), new Date(864e5 * 400)))
  run(() => Object.keys(new Intl.NumberFormat('en-US').resolvedOptions()))
  run(() => new Intl.NumberFormat('en-US', { style: 'currency', currency: 'usd' }).resolvedOptions())
  run(() => new Intl.NumberFormat('en-GB', { notation: 'compact' }).resolvedOptions())
  run(() => new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).resolvedOptions())
  run(() => new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' }).resolvedOptions())
  run(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
  run(() => [typeof Intl.NumberFormat('en').format, typeof Intl.DateTimeFormat('en').format, Intl.NumberFormat('en') instanceof Intl.NumberFormat])
  run(() => Intl.PluralRules('en'))
  run(() => Intl.NumberFormat.supportedLocalesOf(['en-US', 'en-GB', 'en']))
  run(() => Intl.getCanonicalLocales(['EN-us', 'en-gb']))
  run(() => Intl.getCanonicalLocales('en_US'))
  run(() => Object.getOwnPropertyNames(Intl).sort())
  run(() => String(Intl))

  for (const number of [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1.5, -1, NaN, Infinity, 1e6]) for (const type of ['cardinal', 'ordinal']) run(`plural ${type} ${number}`, () => new Intl.PluralRules('en-US', { type }).select(number))
  run(() => [new Intl.PluralRules('en', { minimumFractionDigits: 1 }).select(1), new Intl.PluralRules('en').resolvedOptions().pluralCategories, new Intl.PluralRules('en', { type: 'ordinal' }).resolvedOptions().pluralCategories])
  run(() => new Intl.PluralRules('en', { type: 'x' }))
  run(() => new Intl.PluralRules('en').selectRange(1, 2))
  for (const numeric of ['always', 'auto']) for (const style of ['long', 'short', 'narrow']) for (const unit of ['second', 'minutes', 'hour', 'days', 'week', 'month', 'quarter', 'year']) for (const amount of [-2, -1, -0, 0, 1, 2, 1.5, 1234, -10]) run(`relative ${numeric} ${style} ${Object.is(amount, -0) ? '-0' : amount} ${unit}`, () => new Intl.RelativeTimeFormat('en', { numeric, style }).format(amount, unit))
  run(() => new Intl.RelativeTimeFormat('en').format(1, 'eon'))
  run(() => new Intl.RelativeTimeFormat('en').format(Infinity, 'day'))
  run(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).formatToParts(-1, 'day'))
  run(() => new Intl.RelativeTimeFormat('en').formatToParts(10, 'day'))
  for (const locale of ['en', 'en-GB']) for (const type of ['conjunction', 'disjunction', 'unit']) for (const style of ['long', 'short', 'narrow']) for (const list of [[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']]) run(`list ${locale} ${type} ${style} ${list}`, () => new Intl.ListFormat(locale, { type, style }).format(list))
  run(() => new Intl.ListFormat('en').formatToParts(['a', 'b', 'c']))
  run(() => new Intl.ListFormat('en').format([1, 2]))
  run(() => new Intl.ListFormat('en', { type: 'x' }))
  const WORDS = ['résumé', 'resume', 'Resume', 'Résumé', 'a', 'A', 'á', 'b', 'B', 'z', 'Z', 'ä', '10', '2', '1', ' ', '-', '_', 'a b', 'a-b', 'ab', 'co-op', 'coop', 'ß', 'ss', 'œ', 'oe', 'ñ', 'n', '$', '', 'é', 'e\u0301', 'item 10', 'item 9', 'Ångström', '日本', 'я', 'α']
  for (const options of [undefined, { sensitivity: 'base' }, { sensitivity: 'accent' }, { sensitivity: 'case' }, { numeric: true }, { caseFirst: 'upper' }, { ignorePunctuation: true }]) { run(`sorted ${tell(options)}`, () => [...WORDS].sort(new Intl.Collator('en', options).compare)); for (const [a, b] of [['a', 'A'], ['a', 'á'], ['a', 'b'], ['10', '2'], ['co-op', 'coop'], ['ß', 'ss'], ['', 'a'], ['é', 'e\u0301'], ['Z', 'a'], ['a b', 'ab']]) run(`compare ${a} ${b} ${tell(options)}`, () => [new Intl.Collator('en', options).compare(a, b), a.localeCompare(b, 'en', options)]) }
  run(() => new Intl.Collator('en').resolvedOptions())
  run(() => ['b', 'a', 'C', 'B'].sort((a, b) => a.localeCompare(b)))
  run(() => 'a'.localeCompare('b', 'en_US'))
  for (const text of ['abc', 'é', 'e\u0301x', '👨‍👩‍👧', '🇫🇷🇩🇪', 'a\r\nb', '👍🏽!', '', '각', 'ก็']) run(`graphemes ${JSON.stringify(text)}`, () => [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment, index }) => [segment, index]))
  for (const text of ['Hello, world! 5.5 times', "don't stop", 'a b', 'x_y e-mail']) run(`words ${text}`, () => [...new Intl.Segmenter('en', { granularity: 'word' }).segment(text)].map(({ segment, isWordLike }) => [segment, isWordLike]))
  run(() => [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment('One. Two? Three!')].map(({ segment }) => segment))
  run(() => new Intl.Segmenter('en').segment('abc').containing(1).segment)
  run(() => { const l = new Intl.Locale('en-Latn-US-u-ca-gregory', { hourCycle: 'h12' }); return [String(l), l.language, l.region, l.script, l.baseName, l.calendar, l.hourCycle] })
  run(() => new Intl.DisplayNames('en', { type: 'region' }).of('US'))
  run(() => new Intl.DisplayNames('en', { type: 'currency' }).of('USD'))
  run(() => new Intl.DisplayNames('en', { type: 'language' }).of('fr'))
  run(() => ['i'.toLocaleUpperCase('en'), 'I'.toLocaleLowerCase('en'), 'ß'.toLocaleUpperCase()])
  run(() => Intl.supportedValuesOf('calendar').includes('gregory'))
}
