// Writable streams.

const EventEmitter = require('node:events');
const { AbortError, coded, invalidArgType, invalidArgValue, unknownEncoding } = require('quickcuke:errors');

function Writable(options = {}) {
  if (!(this instanceof Writable)) return new Writable(options);
  EventEmitter.call(this);
  Object.assign(this, { destroyed: false, errored: null, closed: false });
  Writable.init.call(this, options);
}
Object.setPrototypeOf(Writable.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Writable, EventEmitter);

function highWaterMarkOf(options, side = 'highWaterMark') {
  const given = options?.[side] ?? options?.highWaterMark;
  if (given === undefined || given === null) return options?.objectMode ? 16 : 65536;
  if (!Number.isInteger(given) || given < 0) throw invalidArgValue(`options.${side}`, given);
  return Math.floor(given);
}

// Nothing is written or read before `_construct` has called back.
function construct(stream) {
  const states = [stream._writableState, stream._readableState].filter(Boolean);
  for (const state of states) state.constructing = true;
  process.nextTick(() => {
    const done = error => {
      for (const state of states) state.constructing = false;
      if (error) { stream.destroy(error); return; }
      if (stream._writableState) writeNext(stream);
      if (stream._readableState) stream.read(0);
    };
    try { stream._construct(error => process.nextTick(done, error)); } catch (error) { done(error); }
  });
}

function abortWith(signal, stream) {
  const stop = () => stream.destroy(new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) stop(); else signal.addEventListener('abort', stop, { once: true });
  return stream;
}

Writable.init = function (options) {
  this._writableState = {
    queue: [], inFlight: 0, owed: 0, endCallbacks: [], constructing: false, writing: false, ending: false, finished: false, needDrain: false, corked: 0,
    objectMode: Boolean(options?.objectMode), highWaterMark: highWaterMarkOf(options),
    decodeStrings: options?.decodeStrings !== false, defaultEncoding: options?.defaultEncoding ?? 'utf8',
  };
  this.writable = true;
  Object.defineProperty(this, '_autoDestroy', { value: options?.autoDestroy !== false, writable: true });
  for (const name of ['write', 'writev', 'final', 'destroy']) if (typeof options?.[name] === 'function') this[`_${name}`] = options[name];
  if (typeof options?.construct === 'function') this._construct = options.construct;
  if (typeof this._construct === 'function') construct(this);
  if (options?.signal) abortWith(options.signal, this);
};

const lengthOf = (state, { chunk }) => (state.objectMode ? 1 : chunk.length);
const sizeOf = state => state.queue.reduce((sum, item) => sum + lengthOf(state, item), state.inFlight);

// Hands on what is queued, one chunk after the other as long as each is done at once; all of it to a `_writev`.
function writeNext(stream) {
  const state = stream._writableState;
  while (!state.writing && !stream.destroyed && state.corked === 0 && !state.constructing) {
    const isWhole = stream._writev && (state.queue.length > 1 || stream._write === Writable.prototype._write);
    const items = state.queue.splice(0, isWhole ? Infinity : 1);
    if (items.length === 0) { finish(stream); return; }
    writeItems(stream, items, isWhole);
  }
}

function writeItems(stream, items, isWhole) {
  const state = stream._writableState;
  state.writing = true;
  state.inFlight = items.reduce((sum, item) => sum + lengthOf(state, item), 0);
  let isSync = true;
  let called = false;
  const done = error => {
    if (called) { stream.destroy(coded(Error, 'ERR_MULTIPLE_CALLBACK', 'Callback called multiple times')); return; }
    called = true;
    state.writing = false;
    state.inFlight = 0;
    if (!isSync) { after(error); writeNext(stream); return; }
    // The callbacks come later, what else is queued is written now.
    state.owed++;
    process.nextTick(() => {
      state.owed--;
      after(error);
      writeNext(stream);
    });
    if (error) state.writing = true;
  };
  const after = error => {
    if (error) {
      for (const { callback } of items) callback?.(error);
      dropQueue(state, error);
      stream.destroy(error);
      return;
    }
    const drains = state.needDrain && !state.ending && state.queue.length === 0 && !state.writing && !stream.destroyed;
    if (drains) { state.needDrain = false; stream.emit('drain'); }
    for (const { callback } of items) callback?.(null);
  };
  try {
    if (isWhole) stream._writev(items, done);
    else stream._write(items[0].chunk, items[0].encoding, done);
  } finally { isSync = false; }
}

// Who waits for what will not be written is told.
function dropQueue(state, error) {
  for (const { callback } of state.queue.splice(0)) callback?.(error ?? coded(Error, 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed'));
}

function finish(stream) {
  const state = stream._writableState;
  if (!state.ending || state.finished || state.finishing || state.owed > 0) return;
  state.finishing = true;
  const done = error => {
    if (error) {
      for (const callback of state.endCallbacks.splice(0)) callback(error);
      stream.destroy(error);
      return;
    }
    process.nextTick(() => {
      if (stream.destroyed) return;
      state.finished = true;
      for (const callback of state.endCallbacks.splice(0)) callback();
      stream.emit('finish');
      if (stream._autoDestroy && (stream._isDone?.() ?? true)) stream.destroy();
    });
  };
  stream.emit('prefinish');
  try { stream._final(done); } catch (error) { done(error); }
}

const methods = {
  _write() { throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _write() method is not implemented'); },
  _final(callback) { callback(); },
  _destroy(error, callback) { callback(error); },
  write(chunk, encoding, callback) {
    const state = this._writableState;
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    encoding ??= state.defaultEncoding;
    if (chunk === null) throw coded(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream');
    if (state.ending || this.destroyed) {
      const error = state.ending ? coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end')
        : coded(Error, 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed');
      if (callback) process.nextTick(callback, error);
      if (!this.destroyed) this.destroy(error);
      return false;
    }
    if (!state.objectMode) {
      if (typeof chunk === 'string') { if (state.decodeStrings) { chunk = Buffer.from(chunk, encoding); encoding = 'buffer'; } }
      else if (chunk instanceof Uint8Array) encoding = 'buffer';
      else throw invalidArgType('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
    }
    state.queue.push({ chunk, encoding, callback });
    const hasRoom = sizeOf(state) < state.highWaterMark;
    if (!hasRoom) state.needDrain = true;
    writeNext(this);
    return hasRoom;
  },
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk];
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    const state = this._writableState;
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
    if (typeof callback === 'function') {
      const failure = state.finished ? coded(Error, 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished')
        : this.destroyed ? coded(Error, 'ERR_STREAM_DESTROYED', 'Cannot call end after a stream was destroyed') : undefined;
      if (failure) process.nextTick(callback, this.errored ?? failure); else state.endCallbacks.push(callback);
    }
    if (state.ending) return this;
    state.ending = true;
    state.corked = 0;
    this.writable = false;
    if (state.queue.length > 0 || state.writing) writeNext(this);
    process.nextTick(writeNext, this);
    return this;
  },
  cork() { this._writableState.corked++; },
  uncork() { if (this._writableState.corked > 0 && --this._writableState.corked === 0) writeNext(this); },
  setDefaultEncoding(encoding) {
    if (typeof encoding === 'string') encoding = encoding.toLowerCase();
    if (!Buffer.isEncoding(encoding)) throw unknownEncoding(encoding);
    this._writableState.defaultEncoding = encoding;
    return this;
  },
  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.writable = false;
    if (error) this.errored = error;
    process.nextTick(dropQueue, this._writableState, error);
    const waiting = this._writableState.endCallbacks.splice(0);
    if (waiting.length > 0 && !this._writableState.finished) for (const callback of waiting) process.nextTick(callback, error ?? coded(Error, 'ERR_STREAM_DESTROYED', 'Cannot call end after a stream was destroyed'));
    this._destroy(error ?? null, failure => {
      process.nextTick(() => {
        if (failure) { this.errored = failure; this.emit('error', failure); }
        this.closed = true;
        this.emit('close');
      });
    });
    return this;
  },
};
for (const [name, value] of Object.entries(methods)) Object.defineProperty(Writable.prototype, name, { value, writable: true, configurable: true });

const getters = {
  writableEnded: state => state.ending, writableFinished: state => state.finished, writableLength: sizeOf,
  writableObjectMode: state => state.objectMode, writableHighWaterMark: state => state.highWaterMark, writableNeedDrain: state => state.needDrain,
  writableCorked: state => state.corked,
};
for (const [name, get] of Object.entries(getters)) Object.defineProperty(Writable.prototype, name, { get() { return get(this._writableState); }, configurable: true });

Object.defineProperty(Writable.prototype, 'writableAborted', {
  get() { return this.destroyed && !this._writableState.finished; }, configurable: true,
});
Object.defineProperty(Writable.prototype, Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose'), { value: dispose, writable: true, configurable: true });

/** Destroys a stream that has not ended, and waits for its end. */
async function dispose() {
  if (this.closed) return;
  this.on('error', () => {});
  await new Promise(resolve => { this.once('close', resolve); this.destroy(this.destroyed ? null : new AbortError()); });
}

module.exports = { Writable, abortWith, construct, dispose, highWaterMarkOf };
