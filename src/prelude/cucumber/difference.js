// The difference between what an assertion expected and what it got, line by line.

/** Lines of unchanged text kept around a change. */
const CONTEXT = 4;
/** Of texts that differ in more lines all are shown, one text after the other. */
const MOST_EDITS = 2_000;

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
 * the one that the npm package diff does. `at` counts lines of `after`, a diagonal how much it is ahead of `before`.
 */
function changes(before, after) {
  const follow = (at, diagonal, last) => {
    while (at < after.length && at - diagonal < before.length && after[at] === before[at - diagonal]) {
      last = { previous: last, mark: ' ', line: after[at++] };
    }
    return { at, last };
  };
  const isWhole = ({ at }, diagonal) => at >= after.length && at - diagonal >= before.length;
  let paths = new Map([[0, follow(0, 0, null)]]);
  if (isWhole(paths.get(0), 0)) return inOrder(paths.get(0));
  for (let edits = 1; edits <= MOST_EDITS; edits++) {
    const next = new Map();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [added, removed] = [paths.get(diagonal - 1), paths.get(diagonal + 1)];
      const line = removed === undefined ? -1 : removed.at - 1 - diagonal;
      const canAdd = added !== undefined && added.at < after.length;
      const canRemove = line >= 0 && line < before.length;
      if (!canAdd && !canRemove) continue;
      const path =
        !canAdd || (canRemove && added.at < removed.at)
          ? follow(removed.at, diagonal, { previous: removed.last, mark: '-', line: before[line] })
          : follow(added.at + 1, diagonal, { previous: added.last, mark: '+', line: after[added.at] });
      if (isWhole(path, diagonal)) return inOrder(path);
      next.set(diagonal, path);
    }
    paths = next;
  }
  return [...before.map((line) => ({ mark: '-', line })), ...after.map((line) => ({ mark: '+', line }))];
}

function inOrder({ last }) {
  const lines = [];
  for (let line = last; line !== null; line = line.previous) lines.push(line);
  return lines.reverse();
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
