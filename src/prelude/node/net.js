// `node:net`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:net', 'a step has no network of its own; declare a command in [commands] of quickcuke.toml that makes the request', ['connect', 'createConnection', 'createServer', 'Socket', 'Server'], { isIP: text => (/^(\d{1,3}\.){3}\d{1,3}$/.test(text) ? 4 : text.includes(':') ? 6 : 0) });
