// The console: text to standard output or standard error, formatted as Node does.

const { formatWithOptions } = require('quickcuke:format');
const { inspect } = require('quickcuke:inspect');

const toOutput = text => internal.ops.stdout_write(text);
const toErrors = text => internal.ops.stderr_write(text);
const sinkOf = stream => text => { stream.write(text); };

const elapsed = milliseconds => {
  if (milliseconds >= 3600000) return clock(milliseconds / 1000, 3600, 'h:mm:ss');
  if (milliseconds >= 60000) return clock(milliseconds / 1000, 60, 'm:ss');
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(3)}s`;
  return `${Number(milliseconds.toFixed(3))}ms`;
};
const clock = (seconds, unit, shape) => {
  const two = number => String(Math.floor(number)).padStart(2, '0');
  const rest = `${two(seconds % 60)}.${String(Math.floor(seconds * 1000) % 1000).padStart(3, '0')}`;
  if (unit === 60) return `${Math.floor(seconds / 60)}:${rest} (${shape}.mmm)`;
  return `${Math.floor(seconds / 3600)}:${two(seconds % 3600 / 60)}:${two(seconds % 60)} (${shape})`;
};

class Console {
  #out; #err; #inspectOptions; #indentation = ''; #groupWidth; #timers = new Map(); #counts = new Map();

  constructor(out, err) {
    const options = typeof out?.write === 'function' ? { stdout: out, stderr: err } : out;
    if (typeof options?.stdout?.write !== 'function') {
      const error = new TypeError('Console expects a writable stream instance for stdout');
      error.code = 'ERR_CONSOLE_WRITABLE_STREAM';
      throw error;
    }
    this.#out = sinkOf(options.stdout);
    this.#err = sinkOf(options.stderr ?? options.stdout);
    this.#inspectOptions = options.inspectOptions ?? {};
    this.#groupWidth = options.groupIndentation ?? 2;
    // Methods are used without their receiver: `promise.then(console.log)`.
    for (const name of Object.getOwnPropertyNames(Console.prototype)) {
      if (name !== 'constructor') Object.defineProperty(this, name, { value: Console.prototype[name].bind(this), writable: true, enumerable: true, configurable: true });
    }
  }

  #write(sink, values) {
    let text = formatWithOptions(this.#inspectOptions, ...values);
    if (this.#indentation !== '') text = this.#indentation + text.replaceAll('\n', `\n${this.#indentation}`);
    sink(`${text}\n`);
  }

  log(...values) { this.#write(this.#out, values); }
  info(...values) { this.#write(this.#out, values); }
  debug(...values) { this.#write(this.#out, values); }
  error(...values) { this.#write(this.#err, values); }
  warn(...values) { this.#write(this.#err, values); }

  trace(...values) {
    const error = new Error();
    Error.captureStackTrace?.(error, this.trace);
    const frames = String(error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)).join('\n');
    const message = formatWithOptions({}, ...values);
    this.#write(this.#err, [`Trace${message === '' ? '' : `: ${message}`}${frames === '' ? '' : `\n${frames}`}`]);
  }

  dir(value, options) { this.#write(this.#out, [inspect(value, { customInspect: false, ...options })]); }
  dirxml(...values) { this.log(...values); }

  assert(condition, ...values) {
    if (condition) return;
    values[0] = `Assertion failed${values.length === 0 ? '' : `: ${values[0]}`}`;
    this.warn(...values);
  }

  group(...labels) {
    if (labels.length > 0) this.log(...labels);
    this.#indentation += ' '.repeat(this.#groupWidth);
  }
  groupCollapsed(...labels) { this.group(...labels); }
  groupEnd() { this.#indentation = this.#indentation.slice(0, Math.max(0, this.#indentation.length - this.#groupWidth)); }

  count(label = 'default') {
    label = `${label}`;
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    this.log(`${label}: ${count}`);
  }
  countReset(label = 'default') {
    if (!this.#counts.delete(`${label}`)) this.#warning(`Count for '${label}' does not exist`);
  }

  time(label = 'default') {
    label = `${label}`;
    if (this.#timers.has(label)) return this.#warning(`Label '${label}' already exists for console.time()`);
    this.#timers.set(label, internal.ops.clock_elapsed());
  }
  timeLog(label = 'default', ...values) { this.#report(`${label}`, 'timeLog', values); }
  timeEnd(label = 'default') { if (this.#report(`${label}`, 'timeEnd', [])) this.#timers.delete(`${label}`); }
  #report(label, method, values) {
    const start = this.#timers.get(label);
    if (start === undefined) {
      this.#warning(`No such label '${label}' for console.${method}()`);
      return false;
    }
    this.log('%s: %s', label, elapsed((internal.ops.clock_elapsed() - start) / 1e6), ...values);
    return true;
  }
  #warning(message) { process.emitWarning(message); }

  table(data, columns) {
    if (data === null || typeof data !== 'object') return this.log(data);
    this.log(internal.requireBuiltin('quickcuke:console_table').table(data, columns));
  }
  timeStamp() {}
  profile() {}
  profileEnd() {}
  clear() {}
}
for (const name of Object.getOwnPropertyNames(Console.prototype)) {
  if (name !== 'constructor') Object.defineProperty(Console.prototype, name, { enumerable: true });
}

const console = new Console({ stdout: { write: toOutput }, stderr: { write: toErrors } });
Object.defineProperty(console, 'Console', { value: Console, writable: true, enumerable: true, configurable: true });
Object.defineProperty(console, Symbol.toStringTag, { value: 'console', configurable: true });

module.exports = console;
