// How English orders the fields of a date. A pattern is text with {field} or {field:style} in it.

const isText = month => month === 'long' || month === 'short' || month === 'narrow';

/** The pattern of the date fields that are wanted, '' for none. */
function datePattern(fields, { british }) {
  const { weekday, era, year, month, day } = fields;
  const text = isText(month);
  let pattern;
  if (month === undefined) {
    pattern = year !== undefined && day !== undefined ? '{year} (day: {day})' : year !== undefined ? '{year}' : day !== undefined ? '{day}' : '';
    if (weekday !== undefined && day !== undefined && year === undefined) return british ? '{weekday} {day}' : '{day} {weekday}';
  } else if (british) {
    pattern = numericOrText(text, fields, text ? ['{day}', '{month}', '{year}'] : ['{day:2-digit}', '{month:2-digit}', '{year}']);
  } else if (text) {
    pattern = day === undefined ? `{month}${year === undefined ? '' : ' {year}'}` : `{month} {day}${year === undefined ? '' : ', {year}'}`;
  } else pattern = numericOrText(false, fields, ['{month}', '{day}', '{year}']);
  if (era !== undefined) pattern += pattern === '' ? '{era}' : ' {era}';
  if (weekday === undefined) return pattern;
  if (pattern === '') return '{weekday}';
  if (month !== undefined && day === undefined) return `${pattern} {weekday}`;
  const comma = british && text && year === undefined ? ' ' : ', ';
  return `{weekday}${comma}${pattern}`;
}

// The parts that are wanted, with blanks or strokes between.
function numericOrText(text, { year, day }, order) {
  const wanted = order.filter(part => (part === '{year}' ? year !== undefined : part.startsWith('{day') ? day !== undefined : true));
  if (wanted.length === 1) return '{month}';
  return wanted.join(text ? ' ' : '/');
}

function timePattern(fields, { british, twelve, padded = false }) {
  const { timeZoneName, weekday, month, hour, minute, second, fractionalSecondDigits: digits, dayPeriod } = fields;
  const fraction = digits === undefined ? '' : second === undefined ? '{fractionalSecondDigits}' : '.{fractionalSecondDigits}';
  let pattern = '';
  if (hour !== undefined) {
    // Of 24 hours the first nine have two digits, unless another field asks for more than that it be there.
    const besideDay = weekday !== undefined && month === undefined;
    const isZoned = timeZoneName !== undefined;
    const asked = !besideDay && ((minute === '2-digit' && !isZoned) || second === '2-digit' || digits !== undefined || (isZoned && second !== undefined));
    pattern = `{hour:${twelve || (asked && !padded) ? hour : '2-digit'}}`;
    if (minute !== undefined) pattern += ':{minute:2-digit}';
    else if (isZoned && british && !twelve && second === undefined) pattern += 'h';
    if (second !== undefined) pattern += `${minute === undefined ? ' ' : ':'}{second:2-digit}`;
  } else if (minute !== undefined) pattern = second === undefined ? '{minute:numeric}' : '{minute:2-digit}:{second:2-digit}';
  else if (second !== undefined) pattern = '{second:numeric}';
  pattern += fraction;
  if (hour !== undefined && twelve) pattern += dayPeriod === undefined ? '\u202f{ampm}' : ' {dayPeriod}';
  else if (dayPeriod !== undefined && hour === undefined) pattern += `${pattern && ' '}{dayPeriod}`;
  return pattern;
}

/** Date and time in one, and the name of the zone behind them. */
function joined(date, time, fields, british = false) {
  const { month, weekday, day, year, timeZoneName } = fields;
  const at = month === 'long' ? ' at ' : weekday !== undefined && month === undefined && day === undefined && year === undefined && (!british || fields.minute !== undefined) ? ' ' : ', ';
  const both = date !== '' && time !== '' ? `${date}${at}${time}` : date + time;
  if (timeZoneName === undefined) return both;
  return `${both}${both === '' ? '' : time === '' ? ', ' : ' '}{timeZoneName}`;
}

const FULL = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' };
const DATES = {
  full: FULL, long: { ...FULL, weekday: undefined }, medium: { year: 'numeric', month: 'short', day: 'numeric' }, short: { year: '2-digit', month: 'numeric', day: 'numeric' },
};
const CLOCK = { hour: 'numeric', minute: '2-digit', second: '2-digit' };
const TIMES = { full: { ...CLOCK, timeZoneName: 'long' }, long: { ...CLOCK, timeZoneName: 'short' }, medium: CLOCK, short: { ...CLOCK, second: undefined } };

/** { fields, pattern } of dateStyle and timeStyle. */
function styles(dateStyle, timeStyle, context) {
  const fields = { ...DATES[dateStyle], ...TIMES[timeStyle] };
  if (context.british && dateStyle === 'short') fields.year = 'numeric';
  const date = dateStyle === undefined ? '' : datePattern(fields, context);
  const time = timeStyle === undefined ? '' : joined('', timePattern(fields, { ...context, padded: true }), fields);
  const at = dateStyle === 'full' || dateStyle === 'long' ? ' at ' : ', ';
  return { fields, pattern: date && time ? `${date}${at}${time}` : date + time };
}

module.exports = { datePattern, timePattern, joined, styles };
