// `node:https`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:https', 'a step has no network of its own; declare a command in [commands] of quickcuke.toml that makes the request', ['request', 'get', 'createServer', 'Agent', 'Server'], { globalAgent: {} });
