// Time zones for `Intl.DateTimeFormat`: how far a zone is from UTC at a moment, from the machine's own database.

const SECOND = 1000;
const DAY = 86400;

/** A zone by name, in any case, or by its offset (+05:30); throws for an unknown one. `undefined` is the local one. */
function zoneOf(name) {
  if (name === undefined) return local();
  const text = `${name}`;
  if (/^(utc|gmt|etc\/(utc|gmt|uct|zulu|universal|greenwich)|gmt0|uct|zulu)$/i.test(text)) return { name: 'UTC', at: () => ({ seconds: 0, isSummer: false }) };
  const offset = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(text);
  if (offset) {
    const seconds = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3] ?? 0) * 60);
    return { name: `${offset[1]}${offset[2]}:${offset[3] ?? '00'}`, at: () => ({ seconds, isSummer: false }) };
  }
  const found = text === '' ? undefined : internal.ops.time_zone(text);
  if (!found) throw new RangeError(`Invalid time zone specified: ${text} (${DATABASE})`);
  return { name: found.name, at: time => offsetAt(found, time) };
}
const DATABASE = 'quickcuke looks zones up in /usr/share/zoneinfo; UTC and offsets such as +02:00 are there without it';

const localName = () => (require('quickcuke:environment').runtimeVariable('TZ') ?? '').replace(/^:/, '') || 'UTC';

function local() {
  try { return zoneOf(localName()); } catch {
    // A TZ that is a rule, or no database: the engine's own dates know the offset.
    return { name: localName(), at: time => ({ seconds: -new Date(time).getTimezoneOffset() * 60, isSummer: false }) };
  }
}

function offsetAt({ transitions, kinds, rule }, time) {
  const now = Math.floor(time / SECOND);
  if (transitions.length === 0 || now >= transitions.at(-1)[0]) {
    const ruled = byRule(rule, now);
    if (ruled) return ruled;
  }
  let [low, high] = [0, transitions.length]; // the first transition after now
  while (low < high) {
    const middle = (low + high) >> 1;
    if (transitions[middle][0] > now) high = middle; else low = middle + 1;
  }
  const [seconds, isSummer] = kinds[low === 0 ? 0 : transitions[low - 1][1]];
  // The zone's names are for the offsets that it has today.
  const today = [0, 182].map(day => byRule(rule, day * DAY)?.seconds);
  return { seconds, isSummer, isUnnamed: !today.includes(seconds) || (isSummer && today[0] === today[1]) };
}

const NAME = '(?:<[^>]+>|[A-Za-z]+)';
const RULE = new RegExp(`^${NAME}([-+\\d:]+)(?:${NAME}([-+\\d:]+)?,([^,/]+)(?:/([-+\\d:]+))?,([^,/]+)(?:/([-+\\d:]+))?)?$`);
const secondsOf = text => {
  const [hours, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
};

/** What a POSIX rule such as EST5EDT,M3.2.0,M11.1.0 says. Its offsets count westwards. */
function byRule(rule, now) {
  const found = RULE.exec(rule);
  if (!found) return undefined;
  const [, standard, summer, start, startTime = '2', end, endTime = '2'] = found;
  const seconds = -secondsOf(standard);
  if (start === undefined) return { seconds, isSummer: false };
  const summerSeconds = summer === undefined ? seconds + 3600 : -secondsOf(summer);
  const year = new Date((now + seconds) * SECOND).getUTCFullYear();
  const from = dayOf(start, year) + secondsOf(startTime) - seconds;
  const to = dayOf(end, year) + secondsOf(endTime) - summerSeconds;
  const isSummer = from < to ? now >= from && now < to : now >= from || now < to;
  return { seconds: isSummer ? summerSeconds : seconds, isSummer };
}

// Midnight of a rule's day: Mm.w.d (the w-th weekday d of a month, 5 the last), Jn (1 to 365, no leap day), n (from 0).
function dayOf(text, year) {
  const midnight = (month, day) => Date.UTC(year, month, day) / SECOND;
  const months = /^M(\d+)\.(\d)\.(\d)$/.exec(text);
  if (!months) {
    const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    const number = Number(text.replace('J', ''));
    return midnight(0, 1) + DAY * (text.startsWith('J') ? number - 1 + (leap && number > 59 ? 1 : 0) : number);
  }
  const [month, week, weekday] = months.slice(1).map(Number);
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  let day = 1 + (weekday - first + 7) % 7 + (week - 1) * 7;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  while (day > last) day -= 7;
  return midnight(month - 1, day);
}

module.exports = { zoneOf };
