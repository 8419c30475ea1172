// `node:worker_threads`: not available yet.

const { unavailable } = require('quickcuke:unavailable');

module.exports = unavailable('node:worker_threads', 'a session is one thread; run scenarios in parallel with --parallel', ['Worker', 'MessageChannel', 'MessagePort', 'BroadcastChannel', 'receiveMessageOnPort'], { isMainThread: true, parentPort: null, workerData: null, threadId: 0 });
