// `node:child_process`: processes are started by the session, from [commands] of quickcuke.toml.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:child_process', 'declare the command in [commands] of quickcuke.toml and use commands.run (or commands.start)',
  ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork', 'ChildProcess']);
