// Modules of Node that a scenario does not have. Requiring one works, since many packages do so without need; using it says
// why not.

const { coded } = require('quickcuke:errors');

const HTTP1 = 'quickcuke speaks HTTP/1.1: use fetch or node:https';
const NAMES = 'names are looked up when a request is made, for the hosts that are granted';
const TESTS = 'scenarios are the tests here; node:assert is there';
const ENGINE = 'it looks into V8, and the engine here is QuickJS';
const DNS = 'lookup lookupService Resolver getDefaultResultOrder setDefaultResultOrder setServers getServers resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse';

/** id -> why it is not there, the names of its functions and classes, and what else it exports. */
const MODULES = {
  'node:cluster': ['a session is one thread; run scenarios in parallel with --parallel', 'Worker setupPrimary setupMaster fork disconnect', { isWorker: false, isMaster: true, isPrimary: true, workers: {}, settings: {}, SCHED_NONE: 1, SCHED_RR: 2, schedulingPolicy: 2 }],
  'node:dgram': ['there is TCP, by node:net, and no UDP', 'createSocket Socket'],
  'node:dns': [NAMES, DNS, { ADDRCONFIG: 32, ALL: 16, V4MAPPED: 8, NOTFOUND: 'ENOTFOUND', get promises() { return require('node:dns/promises'); } }],
  'node:dns/promises': [NAMES, DNS],
  'node:domain': ['errors of a step are caught by the step', 'Domain createDomain create', { active: null }],
  'node:http2': [HTTP1, 'connect createServer createSecureServer getDefaultSettings getPackedSettings getUnpackedSettings performServerHandshake Http2ServerRequest Http2ServerResponse', {
    constants: { HTTP2_HEADER_STATUS: ':status', HTTP2_HEADER_METHOD: ':method', HTTP2_HEADER_PATH: ':path', HTTP2_HEADER_AUTHORITY: ':authority', HTTP2_HEADER_SCHEME: ':scheme', HTTP2_HEADER_HOST: 'host', HTTP2_HEADER_COOKIE: 'cookie', HTTP2_HEADER_SET_COOKIE: 'set-cookie', HTTP2_HEADER_CONTENT_LENGTH: 'content-length', HTTP2_HEADER_CONTENT_TYPE: 'content-type', NGHTTP2_CANCEL: 8 },
    sensitiveHeaders: Symbol('nodejs.http2.sensitiveHeaders'),
  }],
  'node:inspector': [ENGINE, 'open close waitForDebugger Session', { url: () => undefined, get console() { return globalThis.console; } }],
  'node:repl': ['a step has no terminal', 'start writer REPLServer Recoverable isValidSyntax'],
  'node:stream/web': ['quickcuke has the streams of node:stream; the body of a fetch can be iterated', 'ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultWriter WritableStreamDefaultController ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream DecompressionStream'],
  'node:test': [TESTS, 'skip todo only after afterEach before beforeEach describe it run suite test'],
  'node:trace_events': [ENGINE, 'createTracing getEnabledCategories'],
  'node:v8': [ENGINE, 'cachedDataVersionTag getHeapSnapshot getHeapStatistics getHeapSpaceStatistics getHeapCodeStatistics setFlagsFromString Serializer Deserializer DefaultSerializer DefaultDeserializer deserialize takeCoverage stopCoverage serialize writeHeapSnapshot queryObjects setHeapSnapshotNearHeapLimit GCProfiler'],
  'node:wasi': ['there is no WebAssembly in the engine', 'WASI'],
  'node:worker_threads': ['a session is one thread; run scenarios in parallel with --parallel', 'Worker MessageChannel MessagePort BroadcastChannel receiveMessageOnPort markAsUntransferable moveMessagePortToContext setEnvironmentData getEnvironmentData', { isMainThread: true, parentPort: null, workerData: null, threadId: 0, resourceLimits: {}, SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV') }],
};

/** The exports of the module, by its id. */
module.exports = id => {
  const [reason, names, others] = MODULES[id];
  const exported = Object.defineProperties({}, Object.getOwnPropertyDescriptors(others ?? {}));
  for (const name of names.split(' ')) {
    // A property of its own kind, as classes of packages extend some of these.
    exported[name] = { [name]: function () { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `${id}.${name} is not available in quickcuke: ${reason}`); } }[name];
  }
  return exported;
};
