// The host module: what `@cucumber/cucumber`, `quickcuke` and `ferridriver` all import.

const { api } = require('quickcuke:cucumber/builder');
const { World, world, context } = require('quickcuke:cucumber/world');
const { DataTable } = require('quickcuke:cucumber/data_table');
const { PendingException, SkippedException } = require('quickcuke:cucumber/outcome');
const { wrapPromiseWithTimeout } = require('quickcuke:cucumber/invoke');
const { vars, commands, session } = require('quickcuke:cucumber/session');

const { version, artifacts } = internal.ops.runInfo();

const Status = Object.freeze({
  UNKNOWN: 'UNKNOWN',
  PASSED: 'PASSED',
  SKIPPED: 'SKIPPED',
  PENDING: 'PENDING',
  UNDEFINED: 'UNDEFINED',
  AMBIGUOUS: 'AMBIGUOUS',
  FAILED: 'FAILED',
});

const HookTarget = Object.freeze({ COORDINATOR: 'COORDINATOR', WORKER: 'WORKER' });

const hasTag = (pickle, name) => pickle.tags.some((tag) => tag.name === name);
const parallelCanAssignHelpers = {
  /** At most one scenario of each of these tags runs at a time. */
  atMostOnePicklePerTag: (names) => (inQuestion, inProgress) =>
    names.every((name) => !hasTag(inQuestion, name) || !inProgress.some((pickle) => hasTag(pickle, name))),
};

/** Tools are another host's business: accepted, so that one file can serve several hosts. */
const defineTool = () => {};

const ferridriver = Object.freeze({ host: 'bdd', defineTool, tool: defineTool });

module.exports = {
  ...api,
  And: api.defineStep,
  But: api.defineStep,
  World,
  world,
  context,
  DataTable,
  Status,
  HookTarget,
  PendingException,
  SkippedException,
  parallelCanAssignHelpers,
  wrapPromiseWithTimeout,
  version,
  vars,
  commands,
  session,
  artifacts,
  host: ferridriver.host,
  defineTool,
  tool: defineTool,
};

// Extension files use these without importing them. `world`, `context` and the like are exports
// alone: names that common are the author's.
const globals = {
  ...api,
  And: api.defineStep,
  But: api.defineStep,
  DataTable,
  vars,
  commands,
  session,
  artifacts,
  defineTool,
  tool: defineTool,
};
for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
Object.defineProperty(globalThis, 'ferridriver', { value: ferridriver, enumerable: true });
require('quickcuke:cucumber/attempt');
