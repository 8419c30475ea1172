// AssertionError, and the messages it writes when none is given.

const { inspect } = require('quickcuke:inspect');
const { requireObject, sayCodeInStack } = require('quickcuke:errors');

const HEADERS = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
  sameStructure: 'Values have same structure but are not reference-equal:',
};
const SHORT = 12;        // two primitives up to this length together stand on one line
const POINTER_WIDTH = 80; // two lines up to this length together get a pointer to the first difference
const CONTEXT = 5;       // equal lines shown before the rest is left out
const MAX_LINES = 50;    // of a value that is shown alone
// The time and room that the shortest edit takes grow with the square of its length: a longer one is not looked for.
const MAX_EDITS = 500;
const MAX_LENGTH = 512;  // of each value where no difference is shown

const show = value => inspect(value, {
  compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, showHidden: false, showProxy: false, sorted: true,
  getters: true,
});
const isReference = value => (typeof value === 'object' && value !== null) || typeof value === 'function';

// What both lists begin and end with, and between them first all lines of the one, then all of the other.
function oneAfterTheOther(actual, expected, lenient) {
  const same = sameLine(lenient);
  const shorter = Math.min(actual.length, expected.length);
  let start = 0;
  while (start < shorter && same(actual[start], expected[start])) start++;
  let end = 0;
  while (end < shorter - start && same(actual.at(-1 - end), expected.at(-1 - end))) end++;
  const marked = (lines, kind) => lines.map(line => [kind, line]);
  return [
    ...marked(actual.slice(0, start), ' '),
    ...marked(actual.slice(start, actual.length - end), '+'),
    ...marked(expected.slice(start, expected.length - end), '-'),
    ...marked(actual.slice(actual.length - end), ' '),
  ];
}

const sameLine = lenient => (a, b) => a === b || (lenient && (`${a},` === b || a === `${b},`));

// The shortest edit from one list of lines to the other by E. W. Myers' algorithm, in which Node chooses among equally
// short ones: [kind, line] with kind "+" (actual only), "-" (expected only) or " ".
function diffLines(actual, expected, lenient) {
  const same = sameLine(lenient);
  const middle = actual.length + expected.length + 1;
  const reached = new Int32Array(2 * middle + 1);
  const trace = [];
  for (let level = 0; level < Math.min(middle, MAX_EDITS); level++) {
    // Only the diagonals that this level reads are kept.
    trace.push(reached.slice(middle - level - 1, middle + level + 2));
    for (let diagonal = -level; diagonal <= level; diagonal += 2) {
      const at = diagonal + middle;
      let x = goesDown(reached, at, diagonal, level) ? reached[at + 1] : reached[at - 1] + 1;
      let y = x - diagonal;
      while (x < actual.length && y < expected.length && same(actual[x], expected[y])) { x++; y++; }
      reached[at] = x;
      if (x >= actual.length && y >= expected.length) return backtrack(trace, actual, expected, lenient);
    }
  }
  return oneAfterTheOther(actual, expected, lenient);
}

const goesDown = (reached, at, diagonal, level) => diagonal === -level || (diagonal !== level && reached[at - 1] < reached[at + 1]);

function backtrack(trace, actual, expected, lenient) {
  const lines = [];
  let [x, y] = [actual.length, expected.length];
  for (let level = trace.length - 1; level >= 0; level--) {
    const diagonal = x - y;
    const before = goesDown(trace[level], diagonal + level + 1, diagonal, level) ? diagonal + 1 : diagonal - 1;
    const startX = trace[level][before + level + 1];
    const startY = startX - before;
    while (x > startX && y > startY) {
      x--;
      y--;
      lines.push([' ', lenient && !actual[x].endsWith(',') ? expected[y] : actual[x]]);
    }
    if (level > 0) lines.push(x > startX ? ['+', actual[--x]] : ['-', expected[--y]]);
  }
  return lines.reverse();
}

// The difference as text; runs of equal lines are cut to their beginning and their last line.
function renderDiff(lines) {
  let text = '';
  let skipped = false;
  let equal = [];
  for (const [kind, line] of lines) {
    if (kind === ' ') {
      equal.push(line);
      if (equal.length <= CONTEXT) text += `\n  ${line}`;
      continue;
    }
    const rest = equal.slice(CONTEXT);
    if (rest.length > 2) {
      text += `\n...\n  ${rest.at(-1)}`;
      skipped = true;
    } else for (const left of rest) text += `\n  ${left}`;
    equal = [];
    text += `\n${kind} ${line}`;
  }
  return { text: text.trimEnd(), skipped };
}

function stacked(actual, expected) {
  let text = `\n+ ${actual}\n- ${expected}`;
  if (actual.length + expected.length <= POINTER_WIDTH) {
    let at = 0;
    while (at < actual.length && actual[at] === expected[at]) at++;
    if (at >= 3 && at < actual.length) text += `\n${' '.repeat(at + 2)}^`;
  }
  return text;
}

function differenceMessage(operator, actual, expected) {
  const [left, right] = [show(actual), show(expected)];
  const areObjects = [actual, expected].every(value => typeof value === 'object' && value !== null);
  const areFunctions = typeof actual === 'function' && typeof expected === 'function';
  const header = operator === 'strictEqual' && (areObjects || areFunctions) ? HEADERS.strictEqualObject : HEADERS[operator];
  if (!left.includes('\n') && !right.includes('\n') && !areObjects) {
    const quotes = [actual, expected].filter(value => typeof value === 'string').length * 2;
    if (left.length + right.length - quotes <= SHORT && (actual !== 0 || expected !== 0)) return `${header}\n\n${left} !== ${right}\n`;
    return `${header}\n+ actual - expected\n${stacked(left, right)}\n`;
  }
  const [lines, others] = [left.split('\n'), right.split('\n')];
  if (left === right) {
    if (lines.length <= MAX_LINES) return `${HEADERS.sameStructure}\n\n${left}\n`;
    return `${HEADERS.sameStructure}\n\n... Skipped lines\n${lines.slice(0, MAX_LINES).join('\n')}\n...}\n`;
  }
  const { text, skipped } = renderDiff(diffLines(lines, others, typeof actual === 'object' && actual !== null));
  return `${header}\n+ actual - expected${skipped ? '\n... Skipped lines' : ''}\n${text}\n`;
}

function unequalMessage(operator, actual) {
  const header = operator === 'notStrictEqual' && isReference(actual) ? HEADERS.notStrictEqualObject : HEADERS[operator];
  const lines = show(actual).split('\n');
  if (lines.length === 1) return `${header}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  return `${header}\n\n${(lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 4), '...'] : lines).join('\n')}\n`;
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 3)}...` : text);

function messageFor(operator, actual, expected) {
  if (operator === 'strictEqual' || operator === 'deepStrictEqual') return differenceMessage(operator, actual, expected);
  if (operator === 'notStrictEqual' || operator === 'notDeepStrictEqual') return unequalMessage(operator, actual);
  const [left, right] = [show(actual), show(expected)];
  if (operator === 'notDeepEqual' && left === right) return cut(`${HEADERS.notDeepEqual}\n\n${left}`, 2 * MAX_LENGTH);
  const [one, other] = [cut(left, MAX_LENGTH), cut(right, MAX_LENGTH)];
  if (operator === 'deepEqual') return `${HEADERS.deepEqual}\n\n${one}\n\nshould loosely deep-equal\n\n${other}`;
  if (operator === 'notDeepEqual') return `${HEADERS.notDeepEqualUnequal}\n\n${one}\n\nshould not loosely deep-equal\n\n${other}`;
  return `${one} ${operator} ${other}`;
}

// Of a long text its beginning.
function brief(text) {
  const lines = text.split('\n', 11);
  if (lines.length > 10) return `${lines.slice(0, 10).join('\n')}\n...`;
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
}

class AssertionError extends Error {
  constructor(options) {
    requireObject(options, 'options');
    const { message, operator, actual, expected, stackStartFn, stackStartFunction } = options;
    super(message != null ? String(message) : messageFor(operator, actual, expected));
    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', { value: 'AssertionError', writable: true, enumerable: false, configurable: true });
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Error.captureStackTrace?.(this, stackStartFn ?? stackStartFunction ?? AssertionError);
    sayCodeInStack(this);
  }

  toString() { return `${this.name} [${this.code}]: ${this.message}`; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspectNow) {
    const { actual, expected } = this;
    if (typeof actual === 'string') this.actual = brief(actual);
    if (typeof expected === 'string') this.expected = brief(expected);
    try {
      return inspectNow(this, { ...options, customInspect: false, depth: 0 });
    } finally {
      Object.assign(this, { actual, expected });
    }
  }
}

module.exports = { AssertionError };
