// `node:readline`: the lines of a stream. A step has no terminal, so nothing is asked of anybody.

const EventEmitter = require('node:events');
const { coded } = require('quickcuke:errors');

class Interface extends EventEmitter {
  #left = ''; #decoder = new TextDecoder();

  constructor(input, output) {
    super();
    const options = input?.input === undefined ? { input, output } : input;
    if (options.input === undefined || options.input === process.stdin) {
      throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', 'readline: a step has no terminal to read from; give it a stream as `input`');
    }
    Object.assign(this, { input: options.input, output: options.output, terminal: false, line: '', closed: false });
    this.input.on('data', chunk => this.#take(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true })));
    this.input.on('end', () => this.close());
    this.input.on('error', error => { if (this.listenerCount('error') > 0) this.emit('error', error); });
  }
  #take(text) {
    const lines = (this.#left + text).split(/\r\n|\n|\r(?!$)/);
    this.#left = lines.pop();
    for (const line of lines) this.emit('line', line);
  }
  close() {
    if (this.closed) return;
    this.closed = true;
    const rest = this.#left.replace(/\r$/, '');
    if (this.#left !== '') this.emit('line', rest);
    this.emit('close');
  }
  [Symbol.dispose]() { this.close(); }
  pause() { this.input.pause(); this.emit('pause'); return this; }
  resume() { this.input.resume(); this.emit('resume'); return this; }
  setPrompt(prompt) { this._prompt = prompt; }
  getPrompt() { return this._prompt ?? '> '; }
  prompt() { this.output?.write(this.getPrompt()); }
  write(text) { this.#take(String(text)); }
  question(query, options, callback = options) {
    this.output?.write(query);
    this.once('line', callback);
  }
  async *[Symbol.asyncIterator]() {
    const lines = [];
    let wake;
    const note = () => wake?.();
    const onLine = line => { lines.push(line); note(); };
    let failure;
    this.on('line', onLine).on('close', note);
    this.input.on('error', error => { failure = error; note(); });
    try {
      for (;;) {
        while (lines.length > 0) yield lines.shift();
        if (failure) throw failure;
        if (this.closed) return;
        await new Promise(resolve => { wake = resolve; });
      }
    } finally {
      this.off('line', onLine).off('close', note);
      this.close();
    }
  }
}

const createInterface = (input, output) => new Interface(input, output);
// Escape sequences, for a stream that shows them.
const write = (stream, text, callback) => { stream?.write(text); if (callback) process.nextTick(callback); return true; };

module.exports = {
  Interface, createInterface,
  clearLine: (stream, direction, callback) => write(stream, `\x1b[${direction < 0 ? 1 : direction > 0 ? 0 : 2}K`, callback),
  clearScreenDown: (stream, callback) => write(stream, '\x1b[0J', callback),
  cursorTo: (stream, x, y, callback) => write(stream, typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`, typeof y === 'function' ? y : callback),
  moveCursor: (stream, dx, dy, callback) => write(stream, `${dx < 0 ? `\x1b[${-dx}D` : dx > 0 ? `\x1b[${dx}C` : ''}${dy < 0 ? `\x1b[${-dy}A` : dy > 0 ? `\x1b[${dy}B` : ''}`, callback),
  emitKeypressEvents() {},
  get promises() { return require('node:readline/promises'); },
};
