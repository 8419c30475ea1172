// What a date's fields are written as: the names of months and days, the parts of a day, the names of zones.

const { zoneName } = require('quickcuke:intl_zone_names');

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const ERAS = { long: ['Before Christ', 'Anno Domini'], short: ['BC', 'AD'], narrow: ['B', 'A'] };

const two = number => String(number).padStart(2, '0');
const shortened = (name, width, british) => (width === 'long' ? name : width === 'narrow' ? name[0] : british && name === 'September' ? 'Sept' : name.slice(0, 3));

function dayPeriod(date, width) {
  const hour = date.getUTCHours();
  if (hour === 12) return width === 'narrow' ? 'n' : 'noon';
  return hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : hour < 21 ? 'in the evening' : 'at night';
}

function hourOf(date, cycle) {
  const hour = date.getUTCHours();
  return { h11: hour % 12, h12: hour % 12 || 12, h23: hour, h24: hour || 24 }[cycle];
}

// "GMT+5:30" or, long, "GMT+05:30".
function offsetText(seconds, isLong) {
  const all = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const tail = (isLong || minutes > 0 || rest > 0 ? `:${two(minutes)}` : '') + (rest > 0 ? `:${two(rest)}` : '');
  return `GMT${seconds < 0 ? '-' : '+'}${isLong ? two(hours) : hours}${tail}`;
}

function zoneText({ zone, offset, locale }, width) {
  if (width === 'shortOffset' || width === 'longOffset') return offsetText(offset.seconds, width === 'longOffset');
  if (width.endsWith('Generic')) {
    throw new RangeError(`timeZoneName "${width}" is not available in quickcuke: it has short, long, shortOffset and longOffset`);
  }
  if (zone === 'UTC') return width === 'long' ? 'Coordinated Universal Time' : 'UTC';
  const name = offset.isUnnamed ? undefined : zoneName(zone, width, offset.isSummer, locale);
  return name ?? offsetText(offset.seconds, width === 'long');
}

/** The text of a field in a style. `moment` has the date, shifted so that its UTC fields are the local ones. */
function valueOf(field, style, moment) {
  const { date, cycle, locale } = moment;
  const number = value => (style === '2-digit' ? two(value) : String(value));
  const year = date.getUTCFullYear();
  const british = locale === 'en-GB';
  switch (field) {
    case 'weekday': return shortened(WEEKDAYS[date.getUTCDay()], style, false);
    case 'era': return ERAS[style][year > 0 ? 1 : 0];
    case 'year': {
      const ofEra = year > 0 ? year : 1 - year;
      return style === '2-digit' ? two(ofEra % 100) : String(ofEra);
    }
    case 'month': return NUMERIC.has(style) ? number(date.getUTCMonth() + 1) : shortened(MONTHS[date.getUTCMonth()], style, british);
    case 'day': return number(date.getUTCDate());
    case 'dayPeriod': return dayPeriod(date, style);
    case 'ampm': return british ? (date.getUTCHours() < 12 ? 'am' : 'pm') : date.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'hour': return number(hourOf(date, cycle));
    case 'minute': return number(date.getUTCMinutes());
    case 'second': return number(date.getUTCSeconds());
    case 'fractionalSecondDigits': return String(date.getUTCMilliseconds()).padStart(3, '0').slice(0, Number(style));
    default: return zoneText(moment, style);
  }
}
const NUMERIC = new Set(['numeric', '2-digit']);

module.exports = { valueOf, MONTHS, WEEKDAYS };
