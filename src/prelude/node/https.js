// `node:https`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:https', 'use the global fetch instead, which says how a host is granted', ['request', 'get', 'createServer', 'Agent', 'Server'], { globalAgent: {} });
