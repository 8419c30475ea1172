// AssertionError, and the messages it writes when none is given.

const { inspect } = require('quickcuke:inspect');

const HEADERS = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  sameStructure: 'Values have same structure but are not reference-equal:',
};
const SHORT = 12;        // two primitives up to this length together stand on one line
const POINTER_WIDTH = 80; // two strings up to this length together get a pointer to the first difference
const CONTEXT = 5;       // equal lines shown before the rest is left out
const MAX_LINES = 50;    // of a value that is shown alone

const show = value => inspect(value, {
  compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, showHidden: false, breakLength: Infinity,
  showProxy: false, sorted: true, getters: true,
});
const isReference = value => (typeof value === 'object' && value !== null) || typeof value === 'function';

// The longest common run of lines, as a list of [kind, line] with kind "+" (actual only), "-" (expected only) or " ".
function diffLines(actual, expected) {
  const same = (a, b) => a === b || `${a},` === b || a === `${b},`;
  const rows = actual.length;
  const columns = expected.length;
  let head = 0;
  while (head < rows && head < columns && same(actual[head], expected[head])) head++;
  let tail = 0;
  while (tail < rows - head && tail < columns - head && same(actual[rows - 1 - tail], expected[columns - 1 - tail])) tail++;
  const a = actual.slice(head, rows - tail);
  const b = expected.slice(head, columns - tail);
  const middle = a.length * b.length > 4e6
    ? [...a.map(line => ['+', line]), ...b.map(line => ['-', line])] : alignLines(a, b, same);
  const both = (line, other) => [' ', line.endsWith(',') || !other.endsWith(',') ? line : other];
  return [
    ...actual.slice(0, head).map((line, index) => both(line, expected[index])),
    ...middle,
    ...actual.slice(rows - tail).map((line, index) => both(line, expected[columns - tail + index])),
  ];
}

function alignLines(a, b, same) {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let row = a.length - 1; row >= 0; row--) {
    for (let column = b.length - 1; column >= 0; column--) {
      lengths[row * width + column] = same(a[row], b[column]) ? lengths[(row + 1) * width + column + 1] + 1
        : Math.max(lengths[(row + 1) * width + column], lengths[row * width + column + 1]);
    }
  }
  const lines = [];
  let [row, column] = [0, 0];
  while (row < a.length && column < b.length) {
    if (same(a[row], b[column])) lines.push([' ', a[row++].replace(/,?$/, b[column++].endsWith(',') || a[row - 1].endsWith(',') ? ',' : '')]);
    else if (lengths[(row + 1) * width + column] >= lengths[row * width + column + 1]) lines.push(['+', a[row++]]);
    else lines.push(['-', b[column++]]);
  }
  return [...lines, ...a.slice(row).map(line => ['+', line]), ...b.slice(column).map(line => ['-', line])];
}

// The difference as text; runs of equal lines are cut to their beginning and their last line.
function renderDiff(lines) {
  let text = '';
  let skipped = false;
  let run = [];
  const flush = isEnd => {
    const rest = run.slice(CONTEXT);
    for (const line of run.slice(0, CONTEXT)) text += `\n  ${line}`;
    if (isEnd) {
      if (rest.length > 0 && rest.length <= 2) for (const line of rest) text += `\n  ${line}`;
      else if (rest.length > 2) { text += `\n...\n  ${rest.at(-1)}`; skipped = true; }
    } else if (rest.length <= 2) for (const line of rest) text += `\n  ${line}`;
    else { text += `\n...\n  ${rest.at(-1)}`; skipped = true; }
    run = [];
  };
  for (const [kind, line] of lines) {
    if (kind === ' ') { run.push(line); continue; }
    flush(false);
    text += `\n${kind} ${line}`;
  }
  flush(true);
  return { text, skipped };
}

function stacked(actual, expected, areStrings) {
  let text = `\n+ ${actual}\n- ${expected}`;
  if (areStrings && actual.length + expected.length <= POINTER_WIDTH) {
    let at = 0;
    while (at < actual.length && actual[at] === expected[at]) at++;
    if (at >= 3 && at < Math.max(actual.length, expected.length)) text += `\n${' '.repeat(at + 2)}^`;
  }
  return text;
}

function differenceMessage(operator, actual, expected) {
  const [left, right] = [show(actual), show(expected)];
  const bothReferences = isReference(actual) && isReference(expected);
  if (left === right && operator === 'strictEqual' && bothReferences) return `${HEADERS.sameStructure}\n\n${left}\n`;
  const header = operator === 'strictEqual' && ((typeof actual === 'function' && typeof expected === 'function')
    || (bothReferences && typeof actual === 'object' && typeof expected === 'object')) ? HEADERS.strictEqualObject : HEADERS[operator];
  const areSimple = !left.includes('\n') && !right.includes('\n')
    && !(typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null);
  if (areSimple) {
    const length = left.length + right.length - (typeof actual === 'string' ? 2 : 0) - (typeof expected === 'string' ? 2 : 0);
    if (length <= SHORT && !isReference(actual) && !isReference(expected) && (actual !== 0 || expected !== 0)) return `${header}\n\n${left} !== ${right}\n`;
    return `${header}\n+ actual - expected\n${stacked(left, right, true)}\n`;
  }
  const { text, skipped } = renderDiff(diffLines(left.split('\n'), right.split('\n')));
  return `${header}\n+ actual - expected${skipped ? '\n... Skipped lines' : ''}\n${text}\n`;
}

function cut(text) {
  const lines = text.split('\n');
  return lines.length > MAX_LINES ? `${lines.slice(0, MAX_LINES - 4).join('\n')}\n...` : text;
}

function unequalMessage(operator, actual) {
  const header = operator === 'notStrictEqual' && isReference(actual) ? HEADERS.notStrictEqualObject : HEADERS[operator];
  const text = cut(show(actual));
  if (text.includes('\n')) return `${header}\n\n${text}\n`;
  return `${header}${text.length > 5 ? '\n\n' : ' '}${text}`;
}

function messageFor(operator, actual, expected) {
  switch (operator) {
    case 'strictEqual':
    case 'deepStrictEqual': return differenceMessage(operator, actual, expected);
    case 'notStrictEqual':
    case 'notDeepStrictEqual': return unequalMessage(operator, actual);
    case 'deepEqual': {
      const [left, right] = [show(actual), show(expected)];
      if (left === right) return `${HEADERS.sameStructure.replace('reference-equal', 'loosely deep-equal')}\n\n${left}`;
      return `${HEADERS.deepEqual}\n\n${cut(left)}\n\nshould loosely deep-equal\n\n${cut(right)}`;
    }
    case 'notDeepEqual': return `${HEADERS.notDeepEqual}\n\n${cut(show(actual))}`;
    default: return `${cut(show(actual))} ${operator} ${cut(show(expected))}`;
  }
}

class AssertionError extends Error {
  constructor(options) {
    if (options === null || typeof options !== 'object') throw require('quickcuke:errors').invalidArgType('options', 'Object', options);
    const { message, operator, actual, expected, stackStartFn, stackStartFunction } = options;
    super(message != null ? String(message) : messageFor(operator, actual, expected));
    this.generatedMessage = message == null;
    Object.defineProperty(this, 'name', { value: 'AssertionError', writable: true, enumerable: false, configurable: true });
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Error.captureStackTrace?.(this, stackStartFn ?? stackStartFunction ?? AssertionError);
    require('quickcuke:errors').sayCodeInStack(this);
  }

  toString() { return `${this.name} [${this.code}]: ${this.message}`; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspectNow) {
    return inspectNow(this, { ...options, customInspect: false, depth: 0 });
  }
}

module.exports = { AssertionError };
