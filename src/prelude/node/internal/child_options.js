// The arguments of `node:child_process`, as its functions take them, and what is asked of Rust for them.

const { coded, invalidArgType, invalidArgValue, outOfRange, requireString } = require('quickcuke:errors');

const names = ['stdin', 'stdout', 'stderr'];

function requireNoNull(value, name) {
  if (value.includes('\0')) throw invalidArgValue(name, value, 'must be a string without null bytes');
}

function signalNumber(signal) {
  const { signals } = require('node:os').constants;
  const number = typeof signal === 'number' ? signal : signals[String(signal).toUpperCase()];
  if (!Object.values(signals).includes(number)) throw coded(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`);
  return number;
}

function killSignalOf(signal) {
  if (signal === undefined || signal === null) return signalNumber('SIGTERM');
  if (typeof signal !== 'string' && typeof signal !== 'number') throw invalidArgType('options.killSignal', ['string', 'number'], signal);
  return signalNumber(signal);
}

function requireTimeout(timeout) {
  if (timeout === undefined || timeout === null) return 0;
  if (typeof timeout !== 'number') throw invalidArgType('timeout', 'number', timeout);
  if (!Number.isSafeInteger(timeout) || timeout < 0) throw outOfRange('timeout', 'an unsigned integer', timeout);
  return timeout;
}

function requireMaxBuffer(maxBuffer) {
  if (maxBuffer === undefined || maxBuffer === null) return undefined;
  if (typeof maxBuffer !== 'number') throw invalidArgType('options.maxBuffer', 'number', maxBuffer);
  if (!(maxBuffer >= 0)) throw outOfRange('options.maxBuffer', 'a positive number', maxBuffer);
  return maxBuffer;
}

/** What becomes of one stream: { piped }, or { write } where somebody here takes it, or neither. */
function streamOf(item, index) {
  item ??= index < 3 ? 'pipe' : 'ignore';
  if (item === 'ignore') return {};
  if (index < 3 && (item === 'pipe' || item === 'overlapped')) return { piped: true };
  if (index >= 3 || item === 'ipc') {
    throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      'child_process: quickcuke gives a child stdin, stdout and stderr only; leave further streams and \'ipc\' out of `stdio`');
  }
  const target = item === 'inherit' ? index : item?.fd ?? item;
  if (index === 0) {
    // What quickcuke itself reads is not for steps.
    if (item === 'inherit' || target === 0) return {};
    throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      'child_process: stdin cannot be a file or a stream in quickcuke; pipe it, or give it as `input` to the functions that end in Sync');
  }
  if (target === 1) return { write: chunk => process.stdout.write(chunk) };
  if (target === 2) return { write: chunk => process.stderr.write(chunk) };
  if (typeof target === 'number') return { write: chunk => { internal.ops.fs_write(target, chunk, null); } };
  if (typeof item?.write === 'function') return { write: chunk => item.write(chunk) };
  throw invalidArgValue('stdio', item);
}

function streamsOf(stdio) {
  if (stdio === undefined || stdio === null) stdio = [];
  if (typeof stdio === 'string') {
    if (!['ignore', 'pipe', 'overlapped', 'inherit'].includes(stdio)) throw invalidArgValue('stdio', stdio);
    stdio = [stdio, stdio, stdio];
  }
  if (!Array.isArray(stdio)) throw invalidArgValue('stdio', stdio);
  const all = stdio.map(streamOf);
  while (all.length < 3) all.push(streamOf(undefined, all.length));
  return all.slice(0, 3);
}

/** (file, args?, options?) as one: the options, the streams, and `request` for Rust. */
function spawnPlan(file, args, options) {
  requireString(file, 'file');
  requireNoNull(file, 'file');
  if (file.length === 0) throw invalidArgValue('file', file, 'cannot be empty');
  if (Array.isArray(args)) args = [...args];
  else if (args === undefined || args === null) args = [];
  else if (typeof args !== 'object') throw invalidArgType('args', 'object', args);
  else { options = args; args = []; }
  if (options === undefined) options = {};
  else if (options === null || typeof options !== 'object') throw invalidArgType('options', 'object', options);
  const words = args.map(String);
  words.forEach((word, index) => requireNoNull(word, `args[${index}]`));

  const { shell, argv0 } = options;
  if (shell !== undefined && shell !== null && typeof shell !== 'boolean' && typeof shell !== 'string') throw invalidArgType('options.shell', ['boolean', 'string'], shell);
  if (argv0 !== undefined && argv0 !== null) { requireString(argv0, 'options.argv0'); requireNoNull(argv0, 'options.argv0'); }
  for (const name of ['uid', 'gid']) {
    if (options[name] !== undefined && options[name] !== null) {
      throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `child_process: quickcuke runs everything as its own user; leave options.${name} out`);
    }
  }
  let cwd = options.cwd ?? undefined;
  if (cwd !== undefined) { cwd = require('quickcuke:fs_sync').pathOf(cwd, 'options.cwd'); requireNoNull(cwd, 'options.cwd'); }

  const env = {};
  const inherited = [];
  const own = { ...process.env };
  const given = options.env ?? own;
  for (const name in given) {
    if (given[name] === undefined) continue;
    env[name] = String(given[name]);
    if (env[name] === own[name]) inherited.push(name);
    requireNoNull(name, 'options.env');
    requireNoNull(env[name], `options.env['${name}']`);
  }
  const program = shell ? (typeof shell === 'string' ? shell : '/bin/sh') : undefined;
  const text = program === undefined ? file : [file, ...words].join(' ');
  const streams = streamsOf(options.stdio);
  const request = {
    file: text, args: program === undefined ? words : [], argv0: argv0 ?? null, shell: program ?? null,
    cwd: require('node:path').resolve(cwd ?? '.'), ownCwd: cwd !== undefined, env, inherited, inheritsAll: given[require('quickcuke:environment').wholeEnv] === true,
  };
  streams.forEach(({ piped, write }, index) => { request[names[index]] = Boolean(piped || write); });
  return {
    options, streams, request,
    spawnfile: program ?? file,
    spawnargs: program === undefined ? [argv0 ?? file, ...args] : [argv0 ?? program, '-c', text],
    timeout: requireTimeout(options.timeout),
    maxBuffer: requireMaxBuffer(options.maxBuffer),
    killSignal: killSignalOf(options.killSignal),
  };
}

/** The error of a program that could not be started, as Node words it. */
function spawnError({ code, errno }, call, { spawnfile, spawnargs }) {
  const error = new Error(`${call} ${spawnfile} ${code}`);
  return Object.assign(error, { errno, code, syscall: `${call} ${spawnfile}`, path: spawnfile, spawnargs: spawnargs.slice(1) });
}

const asBuffer = bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

module.exports = { spawnPlan, requireTimeout, spawnError, signalNumber, asBuffer };
