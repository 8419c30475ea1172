// What a scenario's session offers to JavaScript: `vars`, `commands`, `artifacts`, `session`.

const { ops } = internal;

/** JSON text of a value that must be JSON: what a getter-less copy of it would be. */
function toJson(key, value) {
  const text = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `vars.set(${JSON.stringify(key)}): a ${typeof value} is not JSON; keep it on the World or in a module variable`,
    );
  }
  return text;
}

/** String keys, JSON values. They outlive a rebuild of the VM and end with the scenario. */
const vars = Object.freeze({
  get: (key) => ops.varsGet(String(key)),
  set: (key, value) => ops.varsSet(String(key), toJson(key, value)),
  has: (key) => ops.varsHas(String(key)),
  delete: (key) => ops.varsDelete(String(key)),
  keys: () => ops.varsKeys(),
  clear: () => ops.varsClear(),
});

/** An asynchronous op fails where nobody is on the stack: its error gets the frames of the call. */
function atCallSite(call) {
  return async function called(...args) {
    const site = new Error();
    try {
      return await call(...args);
    } catch (error) {
      const frames = site.stack.split('\n').slice(1).join('\n');
      Object.defineProperty(error, 'stack', { value: `${error}\n${frames}`, writable: true, configurable: true });
      internal.continueTrace(error, site);
      throw error;
    }
  };
}

/** The programs that `[commands]` in quickcuke.toml declares. */
const commands = Object.freeze({
  run: atCallSite((name, values = {}, options = {}) =>
    ops.commandRun(String(name), JSON.stringify(values), JSON.stringify(options))),
  start: atCallSite((name, values = {}) => ops.commandStart(String(name), JSON.stringify(values))),
  status: (name) => ops.commandStatus(String(name)),
  stop: atCallSite((name, options = {}) => ops.commandStop(String(name), JSON.stringify(options))),
  spawn: (name, values = {}, options = {}) => ops.commandSpawn(String(name), JSON.stringify(values), JSON.stringify(options)),
  poll: (id) => ops.commandPoll(id),
  wait: atCallSite((id, options = {}) => ops.commandWait(id, JSON.stringify(options))),
  kill: atCallSite((id) => ops.commandKill(id)),
  release: atCallSite((id) => ops.commandRelease(id)),
  write: atCallSite((id, text) => ops.commandWrite(id, String(text))),
  closeStdin: atCallSite((id) => ops.commandCloseStdin(id)),
});

/** What an object offers, done in the session of that name. An op takes its session when it is called. */
function inSession(name, object) {
  const within = (call) => (...args) => {
    ops.enterSession(name);
    try {
      return call(...args);
    } finally {
      ops.leaveSession();
    }
  };
  return Object.freeze(Object.fromEntries(Object.entries(object).map(([key, call]) => [key, within(call)])));
}

const FUNCTION = /^(async\b\s*)?(function\b|\(|[\w$]+\s*=>)/;

/** Code as Rust takes it: a function's text and place, or source text. */
function codeOf(code) {
  if (typeof code === 'string') return { text: code };
  const refuse = (what) => {
    throw new TypeError(`session.run takes source text, an arrow function or a function expression, not ${what}`);
  };
  if (typeof code !== 'function') refuse(code === null ? 'null' : `a value of type ${typeof code}`);
  const text = Function.prototype.toString.call(code);
  if (text.includes('[native code]')) refuse('a native or bound function');
  if (!FUNCTION.test(text)) refuse(`a class or method: ${text.slice(0, 40)}`);
  return { text, function: { file: code.fileName ?? null, line: code.lineNumber ?? 1, column: code.columnNumber ?? 1 } };
}

function argsOf(args) {
  args.forEach((arg, index) => {
    if (typeof arg === 'function' || typeof arg === 'symbol' || typeof arg === 'bigint') {
      throw new TypeError(`session.run: argument ${index + 1} is a ${typeof arg}, which is not JSON`);
    }
  });
  return JSON.stringify(args);
}

const CLASSES = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** The error that code in a session ended with, as one of this VM: its frames, then those of the call. */
function errorOf({ name, message, frames, cause }, site) {
  const options = cause === null ? undefined : { cause: errorOf(cause, '') };
  const Class = Object.hasOwn(CLASSES, name) ? CLASSES[name] : Error;
  const error = new Class(message, options);
  const own = { writable: true, configurable: true };
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, ...own });
  const value = [`${name}: ${message}`, frames, site].filter((part) => part !== '').join('\n');
  Object.defineProperty(error, 'stack', { value, ...own });
  return error;
}

async function run(name, code, args) {
  const site = new Error();
  const frames = site.stack.split('\n').slice(1);
  const authors = frames.filter((frame) => !frame.includes('quickcuke:')).join('\n');
  const { value, error } = await ops.sessionRun(name, JSON.stringify(codeOf(code)), argsOf(args));
  if (error === undefined) return value;
  if (typeof code === 'function' && error.name === 'ReferenceError') {
    error.message += ': a function that runs in a session closes over nothing; give it what it needs as arguments';
  }
  const thrown = errorOf(error, authors);
  internal.continueTrace(thrown, site);
  throw thrown;
}

/** A session of the scenario beside its own: variables, processes and a VM, which end with the scenario. */
function session(name) {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`session: the name must be a text that is not empty, not ${String(name) || "''"}`);
  }
  return Object.freeze({
    name,
    vars: inSession(name, vars),
    commands: inSession(name, commands),
    run: (code, ...args) => run(name, code, args),
  });
}

module.exports = { vars, commands, session };
