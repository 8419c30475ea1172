// `node:module`: what packages ask of the module system.

const builtinModules = internal.builtinIds?.().filter(id => id.startsWith('node:')).map(id => id.slice(5)) ?? [
  'assert', 'assert/strict', 'buffer', 'child_process', 'console', 'constants', 'crypto', 'events', 'fs', 'fs/promises', 'http', 'https',
  'module', 'net', 'os', 'path', 'path/posix', 'path/win32', 'perf_hooks', 'process', 'querystring', 'stream', 'stream/promises',
  'string_decoder', 'timers', 'timers/promises', 'tty', 'url', 'util', 'util/types', 'worker_threads'];

function Module(id = '') { Object.assign(this, { id, exports: {}, children: [], loaded: false }); }
const isBuiltin = id => builtinModules.includes(id.replace(/^node:/, ''));

module.exports = Object.assign(Module, {
  Module, builtinModules, isBuiltin,
  createRequire(from) {
    const file = from instanceof URL || `${from}`.startsWith('file:') ? require('node:url').fileURLToPath(from) : from;
    if (internal.modules) return internal.modules.createRequire(file);
    return id => internal.requireBuiltin(id);
  },
  syncBuiltinESMExports() {},
  findSourceMap: () => undefined,
  _extensions: {}, _cache: {}, _nodeModulePaths: () => [],
});
