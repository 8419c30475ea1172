// `node:stream`: the streams programs build on, without the finer points of buffering.

const EventEmitter = require('node:events');
const { Readable } = require('quickcuke:readable');
const { Writable, abortWith } = require('quickcuke:writable');
const { AbortError, coded, invalidArgType, requireFunction, requireSignal } = require('quickcuke:errors');


function Duplex(options = {}) {
  if (!(this instanceof Duplex)) return new Duplex(options);
  Readable.call(this, { ...options, isPair: true, objectMode: options.objectMode || options.readableObjectMode });
  Writable.init.call(this, { ...options, objectMode: options.objectMode || options.writableObjectMode });
}
Object.setPrototypeOf(Duplex.prototype, Readable.prototype);
Object.setPrototypeOf(Duplex, Readable);
for (const key of Reflect.ownKeys(Writable.prototype)) {
  if (key === 'constructor' || key === 'destroy' || key === '_destroy' || Object.hasOwn(EventEmitter.prototype, key)) continue;
  Object.defineProperty(Duplex.prototype, key, Object.getOwnPropertyDescriptor(Writable.prototype, key));
}
// A pair is closed when both ends are done.
Duplex.prototype._isDone = function () { return this.readableEnded && this.writableFinished; };

function Transform(options = {}) {
  if (!(this instanceof Transform)) return new Transform(options);
  Duplex.call(this, options);
  if (typeof options.transform === 'function') this._transform = options.transform;
  if (typeof options.flush === 'function') this._flush = options.flush;
}
Object.setPrototypeOf(Transform.prototype, Duplex.prototype);
Object.setPrototypeOf(Transform, Duplex);
Transform.prototype._transform = () => { throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _transform() method is not implemented'); };
Transform.prototype._write = function (chunk, encoding, callback) {
  this._transform(chunk, encoding, (error, result) => {
    if (error) return callback(error);
    if (result !== undefined && result !== null) this.push(result);
    callback();
  });
};
Transform.prototype._final = function (callback) {
  const end = (error, result) => {
    if (error) return callback(error);
    if (result !== undefined && result !== null) this.push(result);
    this.push(null);
    callback();
  };
  if (typeof this._flush === 'function') this._flush(end); else end();
};
Transform.prototype._read = function () {};

function PassThrough(options) {
  if (!(this instanceof PassThrough)) return new PassThrough(options);
  Transform.call(this, options);
}
Object.setPrototypeOf(PassThrough.prototype, Transform.prototype);
Object.setPrototypeOf(PassThrough, Transform);
PassThrough.prototype._transform = (chunk, encoding, callback) => callback(null, chunk);

const hasReadable = stream => typeof stream?._readableState === 'object';
const hasWritable = stream => typeof stream?._writableState === 'object';

// Calls back once when the stream has ended, failed, or closed too early.
function finished(stream, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options];
  requireFunction(callback, 'callback');
  if (typeof stream?.on !== 'function' || !(hasReadable(stream) || hasWritable(stream))) throw invalidArgType('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
  const needsEnd = hasReadable(stream) && options?.readable !== false;
  const needsFinish = hasWritable(stream) && options?.writable !== false;
  let called = false;
  const settle = error => {
    if (called) return;
    called = true;
    cleanup();
    callback(error);
  };
  const isDone = () => (!needsEnd || stream.readableEnded) && (!needsFinish || stream.writableFinished);
  const check = () => { if (isDone()) settle(); };
  const onClose = () => settle(isDone() ? undefined : stream.errored ?? coded(Error, 'ERR_STREAM_PREMATURE_CLOSE', 'Premature close'));
  const cleanup = () => {
    stream.off('end', check); stream.off('finish', check); stream.off('error', settle); stream.off('close', onClose);
  };
  stream.on('end', check).on('finish', check).on('error', settle).on('close', onClose);
  if (stream.destroyed || isDone()) process.nextTick(onClose);
  return cleanup;
}

const asReadable = source => {
  if (typeof source?.pipe === 'function') return source;
  if (typeof (source?.[Symbol.asyncIterator] ?? source?.[Symbol.iterator]) === 'function') return Readable.from(source);
  throw invalidArgType('body', ['Function', 'Blob', 'ReadableStream', 'WritableStream', 'Stream', 'Iterable', 'AsyncIterable', 'Promise', '{ readable, writable } pair'], source);
};

// Pipes the streams one into the next; a failure anywhere destroys them all.
function pipeline(...parts) {
  const callback = typeof parts.at(-1) === 'function' && parts.length > 1 && !isStage(parts) ? parts.pop() : () => {};
  let streams = parts.flat();
  const last = streams.at(-1);
  let finish;
  const done = (error, value) => {
    if (finish) return;
    finish = true;
    if (error) for (const stream of streams) stream.destroy?.();
    callback(error ?? undefined, value);
  };
  const stages = [];
  for (const part of streams) {
    if (typeof part !== 'function') { stages.push(stages.length === 0 ? asReadable(part) : part); continue; }
    const produced = stages.length === 0 ? part() : part(stages.pop());
    if (part === last && typeof produced?.then === 'function') {
      produced.then(value => done(undefined, value), done);
      return undefined;
    }
    stages.push(Readable.from(produced));
  }
  streams = stages;
  stages.forEach((stage, index) => {
    const isLast = index === stages.length - 1;
    if (index > 0) stages[index - 1].pipe(stage);
    const sides = { readable: hasReadable(stage) && (!isLast || !hasWritable(stage)), writable: index > 0 && hasWritable(stage) };
    finished(stage, sides, error => { if (error || isLast) done(error); });
  });
  return stages.at(-1);
}
// A function in the last place is the callback, unless it takes an iterable (an async function or generator).
const isStage = parts => /^(Async|Generator)/.test(Object.prototype.toString.call(parts.at(-1)).slice(8, -1));

function Stream() { EventEmitter.call(this); }
Object.setPrototypeOf(Stream.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Stream, EventEmitter);
for (const Class of [Readable, Writable]) {
  Object.setPrototypeOf(Class.prototype, Stream.prototype);
  Object.setPrototypeOf(Class, Stream);
}
// For streams of the oldest kind, which only emit.
Stream.prototype.pipe = function (target, options) {
  const onData = chunk => { if (target.writable && target.write(chunk) === false) this.pause?.(); };
  const onDrain = () => { if (this.readable) this.resume?.(); };
  const onEnd = () => { cleanup(); if (options?.end !== false && target !== process.stdout && target !== process.stderr) target.end(); };
  const onError = error => { cleanup(); if (this.listenerCount('error') === 0) this.emit('error', error); };
  const cleanup = () => {
    this.off('data', onData).off('end', onEnd).off('close', cleanup).off('error', onError);
    target.off('drain', onDrain);
  };
  this.on('data', onData).on('end', onEnd).on('close', cleanup).on('error', onError);
  target.on('drain', onDrain);
  target.emit('pipe', this);
  return target;
};
for (const Class of [Readable, Writable]) Object.defineProperty(Class, Symbol.hasInstance, {
  value(value) {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return this === Writable && value instanceof EventEmitter && typeof value._writableState === 'object' && value._writableState !== null;
  },
});

const promises = {
  finished: (stream, options) => new Promise((resolve, reject) => { finished(stream, options ?? {}, error => error ? reject(error) : resolve()); }),
  pipeline: (...parts) => new Promise((resolve, reject) => {
    const isOptions = parts.at(-1) !== null && parts.at(-1)?.constructor === Object && !parts.at(-1).pipe;
    const { signal } = isOptions ? parts.pop() : {};
    requireSignal(signal, 'options.signal');
    const stop = () => {
      const error = new AbortError(undefined, { cause: signal.reason });
      for (const stream of parts) stream.destroy?.(error);
      reject(error);
    };
    if (signal?.aborted) stop(); else signal?.addEventListener('abort', stop, { once: true });
    pipeline(...parts, (error, value) => error ? reject(error) : resolve(value));
  }),
};
pipeline[Symbol.for('nodejs.util.promisify.custom')] = promises.pipeline;
finished[Symbol.for('nodejs.util.promisify.custom')] = promises.finished;

module.exports = Object.assign(Stream, {
  Stream, Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, promises,
  addAbortSignal(signal, stream) {
    if (signal === undefined) throw invalidArgType('signal', 'AbortSignal', signal);
    requireSignal(signal, 'signal');
    if (typeof stream?.destroy !== 'function') throw invalidArgType('stream', ['ReadableStream', 'WritableStream', 'Stream'], stream);
    return abortWith(signal, stream);
  },
  isDisturbed: stream => Boolean(stream?.readableDidRead || stream?.readableAborted),
  destroy: (stream, error) => stream.destroy(error),
  isReadable: stream => hasReadable(stream) && !stream.destroyed && !stream.readableEnded,
  isErrored: stream => stream.errored != null,
  getDefaultHighWaterMark: objectMode => objectMode ? 16 : 65536,
});
