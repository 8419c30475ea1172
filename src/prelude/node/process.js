// `process`: the session's own view of the process around it. Nothing here can end or signal the runner.

const EventEmitter = require('node:events');
const { env } = require('quickcuke:environment');

const info = internal.ops.process_info();
const machine = internal.ops.os_info();

class ProcessExit extends Error {
  constructor(code) {
    super(`process.exit(${code ?? ''}) was called in a step: quickcuke ends the run itself, so the step fails instead. `
      + 'To fail a step, throw an error; to skip it, return "skipped".');
    this.exitCode = code;
  }
}
Object.defineProperty(ProcessExit.prototype, 'name', { value: 'ProcessExit', writable: true, configurable: true });

const ticks = [];
let draining = false;
// Ticks run before the promise jobs that were queued after them; within one turn the engine's job order decides.
function drainTicks() {
  try {
    while (ticks.length > 0) {
      const { callback, values } = ticks.shift();
      callback(...values);
    }
  } finally {
    draining = false;
    if (ticks.length > 0) startDraining();
  }
}
function startDraining() {
  if (draining) return;
  draining = true;
  (internal.beforeMicrotasks ?? queueMicrotask)(drainTicks);
}

const hrtime = previous => {
  const now = internal.ops.clock_elapsed();
  let seconds = Math.floor(now / 1e9);
  let nanoseconds = Math.floor(now % 1e9);
  if (previous !== undefined) {
    const { invalidArgType, outOfRange } = require('quickcuke:errors');
    if (!Array.isArray(previous)) throw invalidArgType('time', 'Array', previous);
    if (previous.length !== 2) throw outOfRange('time', 2, previous.length);
    seconds -= previous[0];
    nanoseconds -= previous[1];
    if (nanoseconds < 0) { seconds--; nanoseconds += 1e9; }
  }
  return [seconds, nanoseconds];
};
hrtime.bigint = () => BigInt(Math.floor(internal.ops.clock_elapsed()));

// A stream as far as programs use standard output: `write`, and what they ask before colouring.
class StandardStream extends EventEmitter {
  constructor(fd, write) {
    super();
    Object.assign(this, { fd, isTTY: false, writable: true, columns: undefined });
    Object.defineProperty(this, '_send', { value: write });
  }
  write(chunk, encoding, callback) {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof chunk !== 'string' && !ArrayBuffer.isView(chunk)) {
      throw require('quickcuke:errors').invalidArgType('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
    this._send(typeof chunk === 'string' ? chunk : internal.ops.text_decode(chunk, 'utf8'));
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }
  end(chunk, encoding, callback) {
    if (chunk !== undefined && typeof chunk !== 'function') this.write(chunk, encoding);
    const done = [chunk, encoding, callback].find(value => typeof value === 'function');
    if (done) process.nextTick(done);
    return this;
  }
  cork() {}
  uncork() {}
  getColorDepth() { return 1; }
  hasColors() { return false; }
  getWindowSize() { return [80, 24]; }
}

class Process extends EventEmitter {
  get [Symbol.toStringTag]() { return 'process'; }
}
const process = new Process();

const once = (name, make) => Object.defineProperty(process, name, {
  get() {
    const value = make();
    Object.defineProperty(process, name, { value, writable: true, enumerable: true, configurable: true });
    return value;
  },
  enumerable: true,
  configurable: true,
});

Object.assign(process, {
  title: 'quickcuke',
  version: 'v20.19.0',
  versions: { node: '20.19.0', quickcuke: info.version, v8: '11.3.244.8-node.26', modules: '115' },
  arch: machine.arch,
  platform: machine.platform,
  release: { name: 'node', lts: 'Iron' },
  argv: info.argv,
  argv0: info.argv[0],
  execArgv: [],
  execPath: info.execPath,
  env,
  pid: info.pid,
  ppid: info.ppid,
  exitCode: undefined,
  config: { target_defaults: {}, variables: {} },
  features: { inspector: false, debug: false, ipv6: true, tls: false },
  allowedNodeEnvironmentFlags: new Set(),
  cwd: () => internal.ops.process_cwd(),
  chdir(directory) {
    require('quickcuke:errors').requireString(directory, 'directory');
    internal.ops.process_chdir(directory);
  },
  // Kept too, for who calls it may catch what it throws: see cucumber/attempt.js.
  exit(code) {
    internal.demandConclusion();
    throw (internal.exit = new ProcessExit(code));
  },
  reallyExit(code) { throw new ProcessExit(code); },
  abort() { throw new ProcessExit('abort'); },
  // Of the processes that this scenario or a BeforeAll hook started; a negative number is the group of one.
  kill(pid, signal = 'SIGTERM') {
    const { invalidArgType } = require('quickcuke:errors');
    if (pid != (pid | 0)) throw invalidArgType('pid', 'number', pid);
    const number = signal === 0 ? 0 : require('quickcuke:child_options').signalNumber(signal);
    if (internal.ops.processKill?.(Number(pid), number)) return true;
    throw Object.assign(new Error(`kill ESRCH: no running process ${Math.abs(pid)} was started by this scenario, and steps reach no other`), { errno: -3, code: 'ESRCH', syscall: 'kill' });
  },
  nextTick(callback, ...values) {
    require('quickcuke:errors').requireFunction(callback, 'callback');
    ticks.push({ callback, values });
    startDraining();
  },
  hrtime,
  uptime: () => internal.ops.clock_elapsed() / 1e9,
  memoryUsage: Object.assign(() => {
    const rss = internal.ops.process_memory();
    return { rss, heapTotal: rss, heapUsed: rss, external: 0, arrayBuffers: 0 };
  }, { rss: () => internal.ops.process_memory() }),
  cpuUsage: () => ({ user: Math.floor(internal.ops.clock_elapsed() / 1000), system: 0 }),
  umask: () => 0o022,
  emitWarning(warning, type, code) {
    const { requireString, invalidArgType } = require('quickcuke:errors');
    let detail;
    if (type !== null && typeof type === 'object' && !Array.isArray(type)) ({ type = 'Warning', code, detail } = type);
    else if (typeof type === 'function') [type, code] = ['Warning', ''];
    if (type !== undefined && type !== null) requireString(type, 'type');
    if (typeof code === 'function') code = '';
    else if (code !== undefined) requireString(code, 'code');
    if (typeof warning === 'string') {
      warning = Object.assign(new Error(warning), { name: String(type || 'Warning') });
      if (code !== undefined) warning.code = code;
      if (typeof detail === 'string') warning.detail = detail;
    } else if (!(warning instanceof Error)) throw invalidArgType('warning', ['Error', 'string'], warning);
    if (warning.name === 'DeprecationWarning' && process.noDeprecation) return;
    const tag = warning.code ? `[${warning.code}] ` : '';
    const more = warning.detail ? `\n${warning.detail}` : '';
    internal.ops.stderr_write(`(quickcuke:${info.pid}) ${tag}${warning.name}: ${warning.message}${more}\n`);
    process.nextTick(() => process.emit('warning', warning));
  },
  binding(name) { throw new Error(`No such module: ${name}`); },
});
once('stdout', () => new StandardStream(1, text => internal.ops.stdout_write(text)));
once('stderr', () => new StandardStream(2, text => internal.ops.stderr_write(text)));
once('stdin', () => Object.assign(require('node:stream').Readable.from([]), { fd: 0, isTTY: false }));

// What nobody caught is offered to the listeners first.
internal.onUncaughtException = error => process.emit('uncaughtException', error, 'uncaughtException');
internal.onUnhandledRejection = (reason, promise) => process.emit('unhandledRejection', reason, promise);

module.exports = process;
