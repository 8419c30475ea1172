// The difference between what an assertion expected and what it got, line by line.

/** Lines of unchanged text kept around a change. */
const CONTEXT = 4;
/** The time that the shortest edit takes grows with the square of its length: a longer one is not looked for. */
const MOST_EDITS = 500;
const MIDDLE = MOST_EDITS + 1;
/** A diagonal that cannot be reached. */
const NOWHERE = -1;

/** 'array', 'object', 'string', 'null', …: two values of different kinds are not compared. */
function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Uint8Array) return 'buffer';
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
}

function difference(actual, expected) {
  const [before, after] =
    kindOf(actual) === 'string' ? [String(actual), String(expected)] : [toText(actual), toText(expected)];
  const lines = hunks(removedFirst(changes(linesOf(before), linesOf(after))));
  return `\n    + expected - actual\n\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** A value as sorted, indented lines without commas, so that only what differs shows. */
function toText(value, indent = '', ancestors = []) {
  if (ancestors.includes(value)) return '[Circular]';
  switch (kindOf(value)) {
    case 'null':
    case 'undefined':
      return `[${value}]`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'string':
      return JSON.stringify(value);
    case 'date':
      return `[Date: ${Number.isNaN(value.getTime()) ? value : value.toISOString()}]`;
    case 'buffer':
      return `[Buffer: ${toText(Array.from(value), indent, ancestors)}]`;
    case 'function':
      return '[Function]';
    case 'array':
      return block('[', ']', value.map((item) => nested(item)), indent);
    case 'object':
      return block('{', '}', Object.keys(value).sort().map((key) => `"${key}": ${nested(value[key])}`), indent);
    default:
      return String(value);
  }
  function nested(item) {
    return toText(item, `${indent}  `, [...ancestors, value]);
  }
}

function block(open, close, items, indent) {
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join('\n')}\n${indent}${close}`;
}

/** With their line breaks: a last line without one is not as the same line with one. */
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

/**
 * The lines of both texts, each with the mark ' ', '-' or '+': Myers' algorithm, which of several shortest edits picks
 * the one that the npm package diff does. `reached` holds for each diagonal how many lines of `after` are done, and a
 * diagonal is how many more these are than those of `before`.
 */
function changes(before, after) {
  const follow = (at, diagonal) => {
    while (at < after.length && at - diagonal < before.length && after[at] === before[at - diagonal]) at++;
    return at;
  };
  const isWhole = (at, diagonal) => at >= after.length && at - diagonal >= before.length;
  /** Where a diagonal continues from: the next one, with a line removed, or the one before, with a line added. */
  const step = (reached, diagonal) => {
    const [added, removed] = [reached[MIDDLE + diagonal - 1], reached[MIDDLE + diagonal + 1]];
    const line = removed - 1 - diagonal;
    const canAdd = added !== NOWHERE && added < after.length;
    const canRemove = removed !== NOWHERE && line >= 0 && line < before.length;
    if (canRemove && (!canAdd || added < removed)) return { from: diagonal + 1, mark: '-', line: before[line], at: removed };
    return canAdd ? { from: diagonal - 1, mark: '+', line: after[added], at: added + 1 } : undefined;
  };
  const reached = new Int32Array(2 * MIDDLE + 1).fill(NOWHERE);
  const levels = [];
  const inOrder = (at, diagonal) => {
    const lines = [];
    for (;;) {
      const made = levels.length > 0 ? step(levels.pop(), diagonal) : undefined;
      const start = made?.at ?? 0;
      while (at > start) lines.push({ mark: ' ', line: after[--at] });
      if (made === undefined) return lines.reverse();
      lines.push({ mark: made.mark, line: made.line });
      if (made.mark === '+') at--;
      diagonal = made.from;
    }
  };
  reached[MIDDLE] = follow(0, 0);
  if (isWhole(reached[MIDDLE], 0)) return inOrder(reached[MIDDLE], 0);
  for (let edits = 1; edits <= MOST_EDITS; edits++) {
    levels.push(reached.slice());
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const made = step(levels.at(-1), diagonal);
      const at = made === undefined ? NOWHERE : follow(made.at, diagonal);
      reached[MIDDLE + diagonal] = at;
      if (at !== NOWHERE && isWhole(at, diagonal)) return inOrder(at, diagonal);
    }
  }
  return oneAfterTheOther(before, after);
}

/** What both texts begin and end with, and between them first all lines of the one, then all of the other. */
function oneAfterTheOther(before, after) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const marked = (lines, mark) => lines.map((line) => ({ mark, line }));
  return [
    ...marked(before.slice(0, start), ' '),
    ...marked(before.slice(start, before.length - end), '-'),
    ...marked(after.slice(start, after.length - end), '+'),
    ...marked(before.slice(before.length - end), ' '),
  ];
}

/** Of lines that were added and lines removed right after, those removed come first. */
function removedFirst(lines) {
  const runs = [];
  for (const line of lines) {
    if (runs.at(-1)?.[0].mark === line.mark) runs.at(-1).push(line);
    else runs.push([line]);
  }
  for (let n = 1; n < runs.length; n++) {
    if (runs[n][0].mark === '-' && runs[n - 1][0].mark === '+') [runs[n - 1], runs[n]] = [runs[n], runs[n - 1]];
  }
  return runs.flat();
}

/** Only the changed lines, with some context. */
function hunks(lines) {
  const shown = new Set();
  lines.forEach(({ mark }, index) => {
    if (mark === ' ') return;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++) shown.add(near);
  });
  return lines.filter((_, index) => shown.has(index)).map(({ mark, line }) => mark + line.replace(/\n$/, ''));
}

module.exports = { difference, kindOf };
