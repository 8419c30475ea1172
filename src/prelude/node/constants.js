// `node:constants`.

const { constants: fs } = require('quickcuke:fs_sync');
const { constants: os } = require('node:os');

module.exports = { ...os.errno, ...os.signals, ...os.priority, ...fs };
