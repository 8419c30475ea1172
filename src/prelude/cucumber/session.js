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

function session(name) {
  throw new Error(
    `session(${JSON.stringify(name)}): named sessions are not available in this version of quickcuke; ` +
      'a scenario has one session, whose vars and commands are `vars` and `commands`',
  );
}

module.exports = { vars, commands, session };
