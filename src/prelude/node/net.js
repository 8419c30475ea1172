// `node:net`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:net', 'a step has no sockets; for HTTP there is the global fetch, and for what else a program does there is [commands] in quickcuke.toml', ['connect', 'createConnection', 'createServer', 'Socket', 'Server'], { isIP: text => (/^(\d{1,3}\.){3}\d{1,3}$/.test(text) ? 4 : text.includes(':') ? 6 : 0) });
