// Readable streams.

const EventEmitter = require('node:events');
const { encodingOf } = require('quickcuke:buffer_text');
const { invalidArgType, coded } = require('quickcuke:errors');

function Readable(options = {}) {
  if (!(this instanceof Readable)) return new Readable(options);
  EventEmitter.call(this);
  this._readableState = {
    queue: [], ended: false, endEmitted: false, flowing: null, reading: false, scheduled: false, pipes: [], awaitDrain: 0,
    objectMode: Boolean(options?.objectMode), highWaterMark: options?.highWaterMark ?? (options?.objectMode ? 16 : 65536), decoder: null,
  };
  Object.assign(this, { destroyed: false, errored: null, closed: false, readable: true });
  Object.defineProperty(this, '_autoDestroy', { value: options?.autoDestroy !== false, writable: true });
  if (options?.encoding) this.setEncoding(options.encoding);
  if (typeof options?.read === 'function') this._read = options.read;
  if (typeof options?.destroy === 'function') this._destroy = options.destroy;
}
Object.setPrototypeOf(Readable.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Readable, EventEmitter);

const sizeOf = state => state.objectMode ? state.queue.length : state.queue.reduce((sum, chunk) => sum + chunk.length, 0);

function schedule(stream) {
  const state = stream._readableState;
  if (state.scheduled) return;
  state.scheduled = true;
  process.nextTick(() => { state.scheduled = false; flow(stream); });
}

function fill(stream) {
  const state = stream._readableState;
  if (state.reading || state.ended || stream.destroyed || (state.queue.length > 0 && sizeOf(state) >= state.highWaterMark)) return;
  state.reading = true;
  try { stream._read(state.highWaterMark); } catch (error) { stream.destroy(error); }
}

// Hands on what there is, as long as somebody wants it.
function flow(stream) {
  const state = stream._readableState;
  while (state.flowing && state.awaitDrain === 0 && state.queue.length > 0 && !stream.destroyed) {
    stream.emit('data', state.queue.shift());
  }
  if (stream.destroyed) return;
  if (state.queue.length === 0 && state.ended) { end(stream); return; }
  if (!state.flowing && state.queue.length > 0 && stream.listenerCount('readable') > 0) stream.emit('readable');
  if (state.flowing !== false || stream.listenerCount('readable') > 0) fill(stream);
}

function end(stream) {
  const state = stream._readableState;
  if (state.endEmitted || (state.flowing === null && stream.listenerCount('readable') === 0 && !state.consumed)) return;
  state.endEmitted = true;
  stream.readable = false;
  stream.emit('end');
  if (stream._autoDestroy && (stream._isDone?.() ?? true)) stream.destroy();
}

const methods = {
  _read() { throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _read() method is not implemented'); },
  _destroy(error, callback) { callback(error); },
  push(chunk, encoding) {
    const state = this._readableState;
    state.reading = false;
    if (chunk === null) {
      const rest = state.decoder?.end();
      if (rest) state.queue.push(rest);
      state.ended = true;
      schedule(this);
      return false;
    }
    if (state.ended) { this.destroy(coded(Error, 'ERR_STREAM_PUSH_AFTER_EOF', 'stream.push() after EOF')); return false; }
    if (!state.objectMode) {
      if (typeof chunk === 'string') chunk = Buffer.from(chunk, encoding);
      else if (!(chunk instanceof Uint8Array)) {
        this.destroy(invalidArgType('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk));
        return false;
      }
      if (state.decoder) chunk = state.decoder.write(chunk);
      if (chunk.length === 0) { schedule(this); return true; }
    }
    state.queue.push(chunk);
    schedule(this);
    return sizeOf(state) < state.highWaterMark;
  },
  unshift(chunk) { this._readableState.queue.unshift(chunk); schedule(this); return true; },
  read(size) {
    const state = this._readableState;
    state.consumed = true;
    fill(this);
    if (state.queue.length === 0) { if (state.ended) schedule(this); return null; }
    if (state.objectMode) { schedule(this); return state.queue.shift(); }
    const isText = typeof state.queue[0] === 'string';
    const all = isText ? state.queue.join('') : Buffer.concat(state.queue);
    if (size !== undefined && size > all.length && !state.ended) return null;
    const taken = size === undefined ? all : all.slice(0, size);
    state.queue = taken.length < all.length ? [all.slice(taken.length)] : [];
    schedule(this);
    return taken.length === 0 ? null : taken;
  },
  setEncoding(encoding) {
    const { StringDecoder } = require('node:string_decoder');
    const state = this._readableState;
    state.decoder = new StringDecoder(encodingOf(encoding) ?? encoding);
    state.queue = state.queue.map(chunk => typeof chunk === 'string' ? chunk : state.decoder.write(chunk));
    return this;
  },
  on(type, listener) {
    EventEmitter.prototype.on.call(this, type, listener);
    if (type === 'data' && this._readableState.flowing !== false) this.resume();
    if (type === 'readable') schedule(this);
    return this;
  },
  resume() { this._readableState.flowing = true; schedule(this); return this; },
  pause() { this._readableState.flowing = false; return this; },
  isPaused() { return this._readableState.flowing === false; },
  pipe(target, options) {
    const state = this._readableState;
    const onData = chunk => {
      if (target.write(chunk) !== false) return;
      state.awaitDrain++;
      target.once('drain', () => { state.awaitDrain--; schedule(this); });
    };
    const onEnd = () => { if (options?.end !== false && target !== process.stdout && target !== process.stderr) target.end(); };
    state.pipes.push({ target, onData, onEnd });
    this.on('data', onData);
    this.once('end', onEnd);
    target.emit('pipe', this);
    return target;
  },
  unpipe(target) {
    const state = this._readableState;
    for (const pipe of state.pipes.filter(known => target === undefined || known.target === target)) {
      this.off('data', pipe.onData);
      this.off('end', pipe.onEnd);
      pipe.target.emit('unpipe', this);
    }
    state.pipes = state.pipes.filter(known => target !== undefined && known.target !== target);
    if (state.pipes.length === 0) this.pause();
    return this;
  },
  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    if (error) this.errored = error;
    this._destroy(error ?? null, failure => {
      process.nextTick(() => {
        if (failure) { this.errored = failure; this.emit('error', failure); }
        this.closed = true;
        this.emit('close');
      });
    });
    return this;
  },
  async *[Symbol.asyncIterator]() {
    let wake;
    let isOver = false;
    const note = () => wake?.();
    const events = ['readable', 'end', 'error', 'close'];
    for (const name of events) this.on(name, note);
    try {
      for (;;) {
        const chunk = this.destroyed ? null : this.read();
        if (chunk !== null) { yield chunk; continue; }
        if (this.errored) throw this.errored;
        if (this._readableState.endEmitted || this.destroyed) { isOver = true; return; }
        await new Promise(resolve => { wake = resolve; });
      }
    } finally {
      for (const name of events) this.off(name, note);
      if (!isOver || this._autoDestroy) this.destroy();
    }
  },
  async toArray() { return Array.fromAsync ? Array.fromAsync(this) : collect(this); },
  async forEach(callback) { for await (const chunk of this) await callback(chunk); },
  map(callback) { return Readable.from((async function* (source) { for await (const chunk of source) yield callback(chunk); })(this)); },
  filter(callback) { return Readable.from((async function* (source) { for await (const chunk of source) if (await callback(chunk)) yield chunk; })(this)); },
};
methods.addListener = methods.on;
async function collect(stream) {
  const all = [];
  for await (const chunk of stream) all.push(chunk);
  return all;
}
for (const key of Reflect.ownKeys(methods)) Object.defineProperty(Readable.prototype, key, { value: methods[key], writable: true, configurable: true });

const getters = {
  readableEnded: state => state.endEmitted, readableFlowing: state => state.flowing, readableLength: sizeOf,
  readableObjectMode: state => state.objectMode, readableHighWaterMark: state => state.highWaterMark,
};
for (const [name, get] of Object.entries(getters)) Object.defineProperty(Readable.prototype, name, { get() { return get(this._readableState); }, configurable: true });

Readable.from = (source, options) => {
  const isWhole = typeof source === 'string' || source instanceof Uint8Array;
  const iterator = isWhole ? [source][Symbol.iterator]() : source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.();
  if (iterator === undefined) throw invalidArgType('iterable', ['Iterable'], source);
  return new Readable({
    objectMode: true, highWaterMark: 1, ...options,
    async read() {
      try {
        const { value, done } = await iterator.next();
        this.push(done ? null : await value);
      } catch (error) { this.destroy(error); }
    },
    destroy(error, callback) {
      Promise.resolve(iterator.return?.()).then(() => callback(error), failure => callback(error ?? failure));
    },
  });
};

module.exports = { Readable };
