// How `util.inspect` lays text out: quoting, keys, and fitting entries into lines and columns.

const STYLES = {
  special: [36, 39], number: [33, 39], bigint: [33, 39], boolean: [33, 39], undefined: [90, 39], null: [1, 22],
  string: [32, 39], symbol: [32, 39], date: [35, 39], regexp: [31, 39], module: [4, 24],
};
const colored = (text, style) => {
  const codes = STYLES[style];
  return codes === undefined ? text : `\x1b[${codes[0]}m${text}\x1b[${codes[1]}m`;
};
const plain = text => text;

const ESCAPES = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };
const NEEDS_ESCAPE = /[\x00-\x1f'\\\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const TO_ESCAPE = new RegExp(NEEDS_ESCAPE, 'g');

const escapeCharacter = (character, mark) => {
  if (character === "'") return mark === "'" ? "\\'" : character;
  if (character in ESCAPES) return ESCAPES[character];
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.toUpperCase().padStart(2, '0')}`;
};

// A string literal; the quotation mark is the first of ' " ` that the text does not hold.
function quote(text) {
  if (!NEEDS_ESCAPE.test(text)) return `'${text}'`;
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  return mark + text.replace(TO_ESCAPE, character => escapeCharacter(character, mark)) + mark;
}

const stripColors = text => text.replace(/\x1b\[[0-9;]*m/g, '');
const isWide = code => code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0x303e) || (code >= 0x3041 && code <= 0x33ff)
  || (code >= 0x3400 && code <= 0x4dbf) || (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xa000 && code <= 0xa4cf)
  || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f)
  || (code >= 0xff01 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff)
  || (code >= 0x20000 && code <= 0x3fffd));
const isZeroWidth = code => code <= 0x1f || (code >= 0x7f && code <= 0x9f) || (code >= 0x300 && code <= 0x36f)
  || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f);

// Columns a text takes on a terminal.
function displayWidth(text) {
  text = stripColors(text);
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0);
    if (isWide(code)) width += 2;
    else if (!isZeroWidth(code)) width++;
  }
  return width;
}

const SEPARATOR = 2;

// Long arrays of short entries become a table, about two and a half times as wide as it is high.
function intoColumns(context, entries, array, hasMore) {
  const count = hasMore ? entries.length - 1 : entries.length;
  const widths = [];
  let total = 0;
  let widest = 0;
  for (let index = 0; index < count; index++) {
    const width = displayWidth(entries[index]);
    widths.push(width);
    total += width + SEPARATOR;
    widest = Math.max(widest, width);
  }
  const cell = widest + SEPARATOR;
  const worthwhile = cell * 3 + context.indentation < context.breakLength && (total / cell > 5 || widest <= 6);
  if (!worthwhile) return entries;
  const typical = Math.max(cell - 3 - Math.sqrt(cell - total / entries.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * typical * count) / typical),
    Math.floor((context.breakLength - context.indentation) / cell),
    context.compact * 4,
    15,
  );
  if (columns <= 1) return entries;
  const columnWidths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let index = column; index < count; index += columns) width = Math.max(width, widths[index]);
    columnWidths.push(width + SEPARATOR);
  }
  let numeric = array !== undefined;
  for (let index = 0; numeric && index < entries.length; index++) {
    numeric = typeof array[index] === 'number' || typeof array[index] === 'bigint';
  }
  const rows = [];
  for (let start = 0; start < count; start += columns) {
    const end = Math.min(start + columns, count);
    let row = '';
    for (let index = start; index < end; index++) {
      const last = index === end - 1;
      const text = last ? entries[index] : `${entries[index]}, `;
      const invisible = entries[index].length - widths[index];
      const width = columnWidths[index - start] + invisible - (last ? SEPARATOR : 0);
      if (numeric) row += text.padStart(width);
      else row += last ? text : text.padEnd(width);
    }
    rows.push(row);
  }
  if (hasMore) rows.push(entries[count]);
  return rows;
}

function fitsOneLine(context, entries, start, base) {
  let length = entries.length + start;
  if (length + entries.length > context.breakLength) return false;
  for (const entry of entries) {
    length += context.colors ? stripColors(entry).length : entry.length;
    if (length > context.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

// Joins the entries of one object: on one line where at most `compact` levels are inside and it fits, else one a line.
function joinEntries(context, entries, base, braces, isArray, level, array, hasMore) {
  const lead = base === '' ? '' : `${base} `;
  if (context.compact === true) {
    if (fitsOneLine(context, entries, 0, base)) {
      return `${braces[0]}${base === '' ? '' : ` ${base}`} ${entries.join(', ')} ${braces[1]}`;
    }
    const newline = `\n${' '.repeat(context.indentation)}`;
    const first = base === '' && braces[0].length === 1 ? ' ' : `${base === '' ? '' : ` ${base}`}\n${newline.slice(1)}  `;
    return `${braces[0]}${first}${entries.join(`,${newline}  `)} ${braces[1]}`;
  }
  if (typeof context.compact === 'number' && context.compact >= 1) {
    const before = entries.length;
    if (isArray && before > 6) entries = intoColumns(context, entries, array, hasMore);
    if (context.currentLevel - level < context.compact && before === entries.length) {
      const start = entries.length + context.indentation + braces[0].length + base.length + 10;
      if (fitsOneLine(context, entries, start, base)) {
        const joined = entries.join(', ');
        if (!joined.includes('\n')) return `${lead}${braces[0]} ${joined} ${braces[1]}`;
      }
    }
  }
  const newline = `\n${' '.repeat(context.indentation)}`;
  return `${lead}${braces[0]}${newline}  ${entries.join(`,${newline}  `)}${newline}${braces[1]}`;
}

module.exports = { STYLES, colored, plain, quote, displayWidth, stripColors, joinEntries };
