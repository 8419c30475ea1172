// Writable streams.

const EventEmitter = require('node:events');
const { coded, invalidArgType } = require('quickcuke:errors');

function Writable(options = {}) {
  if (!(this instanceof Writable)) return new Writable(options);
  EventEmitter.call(this);
  Object.assign(this, { destroyed: false, errored: null, closed: false });
  Writable.init.call(this, options);
}
Object.setPrototypeOf(Writable.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Writable, EventEmitter);

Writable.init = function (options) {
  this._writableState = {
    queue: [], writing: false, ending: false, finished: false, needDrain: false, corked: 0,
    objectMode: Boolean(options?.objectMode), highWaterMark: options?.highWaterMark ?? (options?.objectMode ? 16 : 65536),
    decodeStrings: options?.decodeStrings !== false, defaultEncoding: options?.defaultEncoding ?? 'utf8',
  };
  this.writable = true;
  Object.defineProperty(this, '_autoDestroy', { value: options?.autoDestroy !== false, writable: true });
  for (const name of ['write', 'writev', 'final', 'destroy']) if (typeof options?.[name] === 'function') this[`_${name}`] = options[name];
};

const sizeOf = state => state.queue.reduce((sum, { chunk }) => sum + (state.objectMode ? 1 : chunk.length), 0);

function writeNext(stream) {
  const state = stream._writableState;
  if (state.writing || stream.destroyed || state.corked > 0) return;
  const next = state.queue.shift();
  if (next === undefined) { finish(stream); return; }
  state.writing = true;
  let isSync = true;
  const done = error => {
    if (isSync) { process.nextTick(done, error); return; }
    state.writing = false;
    next.callback?.(error ?? null);
    if (error) { stream.destroy(error); return; }
    if (state.queue.length === 0 && state.needDrain && !state.ending) { state.needDrain = false; stream.emit('drain'); }
    writeNext(stream);
  };
  try {
    if (stream._write === Writable.prototype._write && typeof stream._writev === 'function') stream._writev([next], done);
    else stream._write(next.chunk, next.encoding, done);
  } catch (error) { done(error); }
  isSync = false;
}

function finish(stream) {
  const state = stream._writableState;
  if (!state.ending || state.finished || state.finishing) return;
  state.finishing = true;
  stream._final(error => {
    if (error) { stream.destroy(error); return; }
    process.nextTick(() => {
      state.finished = true;
      stream.emit('finish');
      if (stream._autoDestroy && (stream._isDone?.() ?? true)) stream.destroy();
    });
  });
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
    if (callback) { if (state.finished) process.nextTick(callback); else this.once('finish', callback); }
    if (state.ending) return this;
    state.ending = true;
    state.corked = 0;
    this.writable = false;
    process.nextTick(writeNext, this);
    return this;
  },
  cork() { this._writableState.corked++; },
  uncork() { if (this._writableState.corked > 0 && --this._writableState.corked === 0) writeNext(this); },
  setDefaultEncoding(encoding) { this._writableState.defaultEncoding = encoding; return this; },
  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.writable = false;
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
};
for (const [name, value] of Object.entries(methods)) Object.defineProperty(Writable.prototype, name, { value, writable: true, configurable: true });

const getters = {
  writableEnded: state => state.ending, writableFinished: state => state.finished, writableLength: sizeOf,
  writableObjectMode: state => state.objectMode, writableHighWaterMark: state => state.highWaterMark, writableNeedDrain: state => state.needDrain,
  writableCorked: state => state.corked,
};
for (const [name, get] of Object.entries(getters)) Object.defineProperty(Writable.prototype, name, { get() { return get(this._writableState); }, configurable: true });

module.exports = { Writable };
