// `node:timers/promises`.

const { AbortError, requireBoolean, requireNumber, requireObject, requireSignal } = require('quickcuke:errors');

const abortError = signal => new AbortError(undefined, { cause: signal.reason });

function requireOptions(options) {
  requireObject(options, 'options');
  requireSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) requireBoolean(options.ref, 'options.ref');
}

// A promise for `value` once `start` has called back; `stop` takes the timer back when the signal aborts first.
async function waitFor(start, stop, value, options = {}) {
  requireOptions(options);
  const { signal, ref = true } = options;
  if (signal?.aborted) throw abortError(signal);
  return new Promise((resolve, reject) => {
    const onAbort = () => { stop(timer); reject(abortError(signal)); };
    const timer = start(() => { signal?.removeEventListener('abort', onAbort); resolve(value); });
    if (!ref) timer?.unref?.();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

const setTimeout = async (delay, value, options) => {
  if (delay !== undefined) requireNumber(delay, 'delay');
  return waitFor(done => internal.setTimeout(done, delay), globalThis.clearTimeout, value, options);
};
const setImmediate = (value, options) => waitFor(done => internal.setImmediate(done), globalThis.clearImmediate, value, options);

async function* setInterval(delay, value, options = {}) {
  requireOptions(options);
  if (delay !== undefined) requireNumber(delay, 'delay');
  const { signal } = options;
  if (signal?.aborted) throw abortError(signal);
  let due = 0;
  let wake;
  const timer = globalThis.setInterval(() => { due++; wake?.(); }, delay);
  const onAbort = () => wake?.();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      if (due === 0 && !signal?.aborted) await new Promise(resolve => { wake = resolve; });
      if (signal?.aborted) throw abortError(signal);
      for (; due > 0; due--) yield value;
    }
  } finally {
    globalThis.clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

class Scheduler {
  wait(delay, options) { return setTimeout(delay, undefined, options); }
  yield() { return setImmediate(); }
}

module.exports = {
  setTimeout, setImmediate, setInterval,
  scheduler: new Scheduler(),
};
