// ChildProcess: a program that runs beside the step. It ends with the scenario, or in BeforeAll with the run.

const EventEmitter = require('node:events');
const { Readable, Writable } = require('node:stream');
const { AbortError, coded } = require('quickcuke:errors');
const { spawnPlan, spawnError, signalNumber, asBuffer } = require('quickcuke:child_options');

const { ops } = internal;

// Those that Node tells of with an event; all others are thrown.
const LATE_ERRORS = new Set(['EACCES', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOENT']);

const readable = (id, fd) => new Readable({
  read() {
    ops.childRead(id, fd).then(bytes => this.push(bytes === undefined ? null : asBuffer(bytes)), () => this.push(null));
  },
});

const writable = id => new Writable({
  write(chunk, encoding, done) { ops.childWrite(id, chunk).then(() => done(), done); },
  final(done) { ops.childCloseStdin(id).then(() => done(), done); },
  destroy(error, done) { ops.childCloseStdin(id).then(() => done(error), () => done(error)); },
});

const noIpc = name => coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `child_process: subprocess.${name} needs an IPC channel, which quickcuke does not have; write to its stdin`);

class ChildProcess extends EventEmitter {
  #id; #exited;
  // The exit, and each stream that is read.
  #open = 1;

  constructor() {
    super();
    Object.assign(this, {
      pid: undefined, killed: false, exitCode: null, signalCode: null, spawnfile: null, spawnargs: [], connected: false,
      stdin: null, stdout: null, stderr: null, stdio: [null, null, null],
    });
  }

  /** Node's own functions do it with this; `plan` is what spawnPlan makes. */
  start(plan) {
    Object.assign(this, { spawnfile: plan.spawnfile, spawnargs: plan.spawnargs });
    let failure;
    try {
      [this.#id, this.pid] = ops.childStart(JSON.stringify(plan.request));
    } catch (error) {
      if (error.syscall !== 'spawn') throw error;
      failure = spawnError(error, 'spawn', plan);
      if (!LATE_ERRORS.has(error.code)) throw failure;
    }
    const [input, ...outputs] = plan.streams;
    if (input.piped) this.stdin = failure ? new Writable({ write: (chunk, encoding, done) => done() }) : writable(this.#id);
    outputs.forEach((output, index) => this.#take(output, index + 1, failure));
    this.stdio = [this.stdin, this.stdout, this.stderr];
    if (failure) {
      process.nextTick(() => {
        this.exitCode = failure.errno;
        this.stdin?.destroy();
        this.emit('error', failure);
        this.#closeOne();
      });
      return this;
    }
    process.nextTick(() => this.emit('spawn'));
    // After what it wrote and is read already; and what a listener throws is nobody's rejected promise.
    const ended = (code, signal) => internal.setImmediate(() => this.#end(code, signal));
    this.#exited = ops.childExited(this.#id);
    this.#exited.then(end => ended(...end ?? [null, 'SIGKILL']), () => ended(null, 'SIGKILL'));
    this.#limit(plan);
    return this;
  }

  #take({ piped, write }, fd, failure) {
    if (!piped && !write) return;
    const stream = failure ? Readable.from([], { objectMode: false }) : readable(this.#id, fd);
    this.#open++;
    stream.once('close', () => this.#closeOne());
    if (write) stream.on('data', write);
    else if (fd === 1) this.stdout = stream;
    else this.stderr = stream;
    if (failure) stream.resume();
  }

  // The options `timeout` and `signal`.
  #limit({ timeout, killSignal, options: { signal } }) {
    if (timeout > 0) {
      const timer = internal.setDeadline(() => { try { this.kill(killSignal); } catch (error) { this.emit('error', error); } }, timeout);
      this.once('exit', () => clearTimeout(timer));
    }
    if (signal === undefined || signal === null) return;
    const abort = () => {
      if (!this.kill(killSignal)) return;
      this.emit('error', new AbortError(undefined, { cause: signal.reason }));
    };
    if (signal.aborted) process.nextTick(abort);
    else {
      signal.addEventListener('abort', abort, { once: true });
      this.once('exit', () => signal.removeEventListener('abort', abort));
    }
  }

  #end(code, signal) {
    this.exitCode = code;
    this.signalCode = signal;
    this.stdin?.destroy();
    this.emit('exit', code, signal);
    // What nobody has begun to read would keep it from closing.
    process.nextTick(() => {
      for (const stream of [this.stdout, this.stderr]) {
        if (stream?.readable && stream.listenerCount('readable') === 0) stream.resume();
      }
    });
    this.#closeOne();
  }

  #closeOne() {
    if (--this.#open > 0) return;
    if (this.#id !== undefined) ops.childForget(this.#id);
    this.emit('close', this.exitCode, this.signalCode);
  }

  kill(signal) {
    const number = signal === 0 ? 0 : signalNumber(signal ?? 'SIGTERM');
    const runs = this.#id !== undefined && this.exitCode === null && this.signalCode === null && ops.childSignal(this.#id, number);
    if (runs) this.killed = true;
    return runs;
  }

  // It ends with its scenario, which waits for it unless it was told not to.
  ref() { internal.awaitOp(this.#exited, true); }
  unref() { internal.awaitOp(this.#exited, false); }
  send() { throw noIpc('send'); }
  disconnect() { throw noIpc('disconnect'); }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    if (!this.killed) this.kill();
  }
}

const spawn = (file, args, options) => new ChildProcess().start(spawnPlan(file, args, options));

module.exports = { ChildProcess, spawn };
