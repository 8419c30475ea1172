// `node:timers/promises`.

const { AbortError } = require('quickcuke:errors');

// A promise for `value` once `start` has called back; `stop` takes the timer back when the signal aborts first.
function waitFor(start, stop, value, { signal, ref = true } = {}) {
  if (signal?.aborted) return Promise.reject(new AbortError(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => { stop(timer); reject(new AbortError(signal)); };
    const timer = start(() => { signal?.removeEventListener('abort', onAbort); resolve(value); });
    if (!ref) timer?.unref?.();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

const setTimeout = (delay, value, options) =>
  waitFor(done => globalThis.setTimeout(done, delay), globalThis.clearTimeout, value, options);
const setImmediate = (value, options) => waitFor(done => globalThis.setImmediate(done), globalThis.clearImmediate, value, options);

async function* setInterval(delay, value, { signal } = {}) {
  if (signal?.aborted) throw new AbortError(signal);
  let due = 0;
  let wake;
  const timer = globalThis.setInterval(() => { due++; wake?.(); }, delay);
  const onAbort = () => wake?.();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      if (due === 0 && !signal?.aborted) await new Promise(resolve => { wake = resolve; });
      if (signal?.aborted) throw new AbortError(signal);
      for (; due > 0; due--) yield value;
    }
  } finally {
    globalThis.clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

module.exports = {
  setTimeout, setImmediate, setInterval,
  scheduler: { wait: (delay, options) => setTimeout(delay, undefined, options), yield: () => setImmediate() },
};
