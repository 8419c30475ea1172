// `console.table`: rows and columns in a box.

const { inspect } = require('quickcuke:inspect');
const { displayWidth } = require('quickcuke:inspect_text');
const { types } = require('quickcuke:types');

const cell = value => inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: value !== null && typeof value === 'object'
  && !Array.isArray(value) && Object.keys(value).length > 2 ? -1 : 0 });

function draw(header, rows) {
  const widths = header.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map(row => displayWidth(row[column]))) + 2);
  const rule = (left, middle, right) => left + widths.map(width => '─'.repeat(width)).join(middle) + right;
  const line = cells => `│${cells.map((text, column) =>
    ` ${text}${' '.repeat(widths[column] - displayWidth(text) - 1)}`).join('│')}│`;
  return [rule('┌', '┬', '┐'), line(header), rule('├', '┼', '┤'), ...rows.map(line), rule('└', '┴', '┘')].join('\n');
}

// The rows of a table as [index, value] pairs, and the titles of their index columns.
function rowsOf(data) {
  if (types.isMap(data)) return { header: ['(iteration index)', 'Key'], rows: [...data].map(([key, value], index) => [[String(index), cell(key)], value]) };
  if (types.isSet(data)) return { header: ['(iteration index)'], rows: [...data].map((value, index) => [[String(index)], value]) };
  return { header: ['(index)'], rows: Object.keys(data).map(key => [[key], data[key]]) };
}

function table(data, only) {
  const { header, rows } = rowsOf(data);
  // As an object has its keys: indices first.
  const found = Object.create(null);
  for (const key of only ?? []) found[key] = true;
  let hasValues = false;
  for (const [, value] of rows) {
    const isRecord = value !== null && typeof value === 'object' && !types.isMap(data);
    if (!isRecord) hasValues = true;
    else if (only === undefined) for (const key of Object.keys(value)) found[key] = true;
  }
  const columns = Object.keys(found);
  const lines = rows.map(([index, value]) => {
    const isRecord = value !== null && typeof value === 'object' && !types.isMap(data);
    const cells = columns.map(key => isRecord && Object.hasOwn(value, key) ? cell(value[key]) : '');
    if (hasValues) cells.push(isRecord ? '' : cell(value));
    return [...index, ...cells];
  });
  return draw([...header, ...columns, ...(hasValues ? ['Values'] : [])], lines);
}

module.exports = { table };
