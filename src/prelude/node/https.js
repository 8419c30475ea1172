// `node:https`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:https', 'use the global fetch instead, with the host granted in `[sandbox] net` of quickcuke.toml or by --allow-net=HOST', ['request', 'get', 'createServer', 'Agent', 'Server'], { globalAgent: {} });
