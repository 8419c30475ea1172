// The functions of `node:child_process` that end in Sync: JavaScript stands still, though no longer than its deadline.

const { invalidArgType, requireString } = require('quickcuke:errors');
const { spawnPlan, spawnError, asBuffer } = require('quickcuke:child_options');

const { ops } = internal;
const ERRORS = { ETIMEDOUT: -110, ENOBUFS: -105 };

function bytesOf(input) {
  if (input === undefined || input === null) return null;
  if (typeof input === 'string') return Buffer.from(input);
  if (ArrayBuffer.isView(input)) return asBuffer(input);
  throw invalidArgType('options.stdio[0]', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
}

function spawnSync(file, args, options) {
  const plan = spawnPlan(file, args, options);
  const { maxBuffer = 1024 * 1024, timeout, killSignal, request, streams } = plan;
  const input = bytesOf(plan.options.input);
  const { encoding } = plan.options;
  let told;
  try {
    const limits = { timeout, maxBuffer: maxBuffer === Infinity ? null : maxBuffer, killSignal };
    told = ops.childRun(JSON.stringify(request), JSON.stringify(limits), input);
  } catch (error) {
    if (error.syscall !== 'spawn') throw error;
    return { error: spawnError(error, 'spawnSync', plan), status: null, signal: null, output: null, pid: 0, stdout: null, stderr: null };
  }
  const written = asBuffer(ops.childOutput());
  const parts = [written.subarray(0, told.stdout), written.subarray(told.stdout)];
  const [stdout, stderr] = parts.map((part, index) => {
    const { piped, write } = streams[index + 1];
    if (write && part.length > 0) write(part);
    if (!piped) return null;
    return encoding && encoding !== 'buffer' ? part.toString(encoding) : part;
  });
  const result = { status: told.code, signal: told.signal, output: [null, stdout, stderr], pid: told.pid, stdout, stderr };
  if (told.killed) result.error = spawnError({ code: told.killed, errno: ERRORS[told.killed] }, 'spawnSync', plan);
  return result;
}

// Gives stdout; throws unless all went well.
function checked(result, command, showsStderr) {
  if (showsStderr && result.stderr?.length > 0) process.stderr.write(result.stderr);
  if (result.error) throw Object.assign(result.error, result);
  if (result.status === 0) return result.stdout;
  const said = result.stderr?.length > 0 ? `\n${result.stderr.toString()}` : '';
  throw Object.assign(new Error(`Command failed: ${command}${said}`), result);
}

function execFileSync(file, args, options) {
  if (args !== null && typeof args === 'object' && !Array.isArray(args)) [args, options] = [undefined, args];
  const result = spawnSync(file, args, options);
  return checked(result, [file, ...args ?? []].join(' '), !options?.stdio);
}

function execSync(command, options) {
  requireString(command, 'command');
  const result = spawnSync(command, { ...options, shell: typeof options?.shell === 'string' ? options.shell : true });
  return checked(result, command, !options?.stdio);
}

module.exports = { spawnSync, execFileSync, execSync };
