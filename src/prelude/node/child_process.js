// `node:child_process`: the programs that `[commands]` declares, and with trust all of them.

const { coded, requireFunction, requireString } = require('quickcuke:errors');
const { ChildProcess, spawn } = require('quickcuke:child');
const { spawnSync, execFileSync, execSync } = require('quickcuke:child_sync');

const MAX_BUFFER = 1024 * 1024;

/** Gathers a stream up to a limit; `onExcess` once, when there is more. */
function gather(stream, limit, onExcess) {
  const chunks = [];
  let length = 0;
  stream?.on('data', chunk => {
    if (length > limit) return;
    const room = limit - length;
    length += chunk.length;
    chunks.push(length > limit ? chunk.subarray(0, room) : chunk);
    if (length > limit) onExcess();
  });
  return encoding => {
    const all = Buffer.concat(chunks);
    return encoding && encoding !== 'buffer' && Buffer.isEncoding(encoding) ? all.toString(encoding) : all;
  };
}

function execFile(file, args, options, callback) {
  if (typeof args === 'function') [args, options, callback] = [[], {}, args];
  else if (args !== null && typeof args === 'object' && !Array.isArray(args)) [args, options, callback] = [[], args, options];
  if (typeof options === 'function') [options, callback] = [{}, options];
  if (callback !== undefined && callback !== null) requireFunction(callback, 'callback');
  return run(file, args ?? [], options, [file].concat(args ?? []).join(' '), callback);
}

function exec(command, options, callback) {
  requireString(command, 'command');
  if (typeof options === 'function') [options, callback] = [{}, options];
  return run(command, [], { ...options, shell: typeof options?.shell === 'string' ? options.shell : true }, command, callback);
}

function run(file, args, options, cmd, callback) {
  const { encoding = 'utf8', maxBuffer = MAX_BUFFER, timeout = 0, killSignal = 'SIGTERM' } = options ?? {};
  const site = new Error();
  require('quickcuke:child_options').requireTimeout(timeout);
  // The timeout is ours, to know of it.
  const child = spawn(file, args, { ...options, maxBuffer, timeout: 0, stdio: 'pipe' });
  let failure = null;
  let killed = false;
  let called = false;
  const kill = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
    killed = true;
    try { child.kill(killSignal); } catch (error) { failure ??= error; done(); }
  };
  const excess = name => () => {
    failure ??= coded(RangeError, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', `${name} maxBuffer length exceeded`);
    kill();
  };
  const stdout = gather(child.stdout, maxBuffer, excess('stdout'));
  const stderr = gather(child.stderr, maxBuffer, excess('stderr'));
  const timer = timeout > 0 ? internal.setDeadline(kill, timeout) : undefined;

  function done(code, signal) {
    if (called) return;
    called = true;
    clearTimeout(timer);
    if (!callback) return;
    const [out, err] = [stdout(encoding), stderr(encoding)];
    if (!failure && code === 0 && signal === null) { callback(null, out, err); return; }
    if (!failure) {
      failure = new Error(`Command failed: ${cmd}\n${err}`);
      // Where it was asked for, rather than where it was noticed.
      const frames = site.stack.split('\n').slice(1).filter(line => !line.includes('quickcuke:'));
      Object.defineProperty(failure, 'stack', { value: [String(failure), ...frames].join('\n'), writable: true, configurable: true });
      Object.assign(failure, { code: code < 0 ? require('node:util').getSystemErrorName(code) : code, killed: child.killed || killed, signal });
    }
    failure.cmd = cmd;
    callback(failure, out, err);
  }
  child.on('close', done);
  child.on('error', error => {
    failure = error;
    child.stdout?.destroy();
    child.stderr?.destroy();
    done();
  });
  return child;
}

/** The promise of { stdout, stderr }, which an error has as well. */
function promised(start) {
  return (...values) => {
    let child;
    const promise = new Promise((resolve, reject) => {
      child = start(...values, (error, stdout, stderr) => {
        if (error) reject(Object.assign(error, { stdout, stderr })); else resolve({ stdout, stderr });
      });
    });
    return Object.assign(promise, { child });
  };
}
for (const start of [exec, execFile]) {
  Object.defineProperty(start, Symbol.for('nodejs.util.promisify.custom'), { value: promised(start), enumerable: false });
}

function fork() {
  throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    'child_process.fork is not available in quickcuke: it starts another Node over an IPC channel, and there is no Node here. '
    + 'To run a script with Node, declare it in [commands] of quickcuke.toml, such as { run = ["node", "script.js"] }, and use spawn or commands.start');
}

module.exports = { ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync };
