// `node:os`.

const info = () => internal.ops.os_info();
const facts = info();
const isWindows = facts.platform === 'win32';

const signals = {
  SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGUSR1: 10, SIGSEGV: 11,
  SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15, SIGCHLD: 17, SIGCONT: 18, SIGSTOP: 19, SIGTSTP: 20, SIGTTIN: 21, SIGTTOU: 22,
};
const errno = {
  E2BIG: 7, EACCES: 13, EADDRINUSE: 98, EAGAIN: 11, EBADF: 9, EBUSY: 16, ECONNREFUSED: 111, ECONNRESET: 104, EEXIST: 17, EINVAL: 22,
  EIO: 5, EISDIR: 21, EMFILE: 24, ENOENT: 2, ENOMEM: 12, ENOSPC: 28, ENOTDIR: 20, ENOTEMPTY: 39, EPERM: 1, EPIPE: 32, EROFS: 30, ETIMEDOUT: 110, EXDEV: 18,
};

module.exports = {
  EOL: isWindows ? '\r\n' : '\n',
  devNull: isWindows ? '\\\\.\\nul' : '/dev/null',
  constants: { signals, errno, priority: { PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0, PRIORITY_ABOVE_NORMAL: -7, PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20 } },
  arch: () => facts.arch,
  platform: () => facts.platform,
  type: () => facts.sysname,
  release: () => facts.release,
  version: () => facts.version,
  machine: () => facts.machine,
  hostname: () => facts.hostname,
  endianness: () => 'LE',
  availableParallelism: () => facts.cpus,
  cpus: () => Array.from({ length: facts.cpus }, () => ({ model: 'unknown', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })),
  totalmem: () => facts.totalmem,
  freemem: () => info().freemem,
  uptime: () => info().uptime,
  loadavg: () => info().loadavg,
  // Of the machine's others nothing is told.
  networkInterfaces: () => ({
    [internal.ops.os_info().platform === 'darwin' ? 'lo0' : 'lo']: [
      { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '00:00:00:00:00:00', internal: true, cidr: '127.0.0.1/8' },
    ],
  }),
  // The session's own scratch directory: what is written there goes with the session.
  tmpdir: () => internal.ops.os_tmpdir(),
  homedir: () => process.env.HOME ?? internal.ops.os_tmpdir(),
  userInfo: () => ({ uid: -1, gid: -1, username: process.env.USER ?? 'unknown', homedir: process.env.HOME ?? internal.ops.os_tmpdir(), shell: process.env.SHELL ?? null }),
  getPriority: () => 0,
  setPriority() {},
};
