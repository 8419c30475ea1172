// The difference between what an assertion expected and what it got, line by line.

/** Lines of unchanged text kept around a change. */
const CONTEXT = 4;
/** Above this many pairs of lines the texts are shown one after the other instead. */
const MOST_PAIRS = 4_000_000;

/** 'array', 'object', 'string', 'null', …: two values of different kinds are not compared. */
function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Uint8Array) return 'buffer';
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
}

function difference(actual, expected) {
  const [before, after] =
    kindOf(actual) === 'string' ? [String(actual), String(expected)] : [toText(actual), toText(expected)];
  const lines = hunks(changes(before.split('\n'), after.split('\n')));
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

/** The lines of both texts, each marked ' ', '-' or '+', by the longest common subsequence. */
function changes(before, after) {
  if (before.length * after.length > MOST_PAIRS) {
    return [...before.map((line) => ['-', line]), ...after.map((line) => ['+', line])];
  }
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const marked = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      marked.push([' ', before[i++]]);
      j++;
    } else if (i < before.length && (j === after.length || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      marked.push(['-', before[i++]]);
    } else {
      marked.push(['+', after[j++]]);
    }
  }
  return marked;
}

/** Only the changed lines, with some context. */
function hunks(marked) {
  const changed = marked.flatMap(([mark], index) => (mark === ' ' ? [] : [index]));
  const near = (index) => changed.some((at) => Math.abs(at - index) <= CONTEXT);
  return marked.filter((_, index) => near(index)).map(([mark, line]) => mark + line);
}

module.exports = { difference, kindOf };
