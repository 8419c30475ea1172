// The host module: what `@cucumber/cucumber`, `quickcuke` and `ferridriver` all import.

const { api } = require('quickcuke:cucumber/builder');
const { World, world, context } = require('quickcuke:cucumber/world');
const { DataTable } = require('quickcuke:cucumber/data_table');
const { PendingException, SkippedException } = require('quickcuke:cucumber/outcome');
const { wrapPromiseWithTimeout } = require('quickcuke:cucumber/invoke');
const { vars, commands, session } = require('quickcuke:cucumber/session');
const { formatterHelpers } = require('quickcuke:cucumber/formatter_helpers');
const { parallelCanAssignHelpers } = require('quickcuke:cucumber/parallel_can_assign');
const { unavailable } = require('quickcuke:errors');

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

const HookTarget = Object.freeze({ WORKER: 'WORKER', COORDINATOR: 'COORDINATOR' });

/** There, so that a file with a formatter in it loads; whoever uses one is told why it cannot be. */
const inRust = 'reports are made in Rust: --format chooses one, and `--format message:FILE` writes all that there is to report';
const formatters = {
  ...unavailable('@cucumber/cucumber', inRust, [
    'Formatter',
    'JsonFormatter',
    'ProgressFormatter',
    'RerunFormatter',
    'SnippetsFormatter',
    'SummaryFormatter',
    'UsageFormatter',
    'UsageJsonFormatter',
  ]),
  FormatterBuilder: unavailable('@cucumber/cucumber FormatterBuilder', inRust, ['build']),
  formatterHelpers,
};

const building = 'quickcuke loads the step library by itself, in every worker';
const supportCodeLibraryBuilder = {
  ...unavailable('@cucumber/cucumber supportCodeLibraryBuilder', building, ['finalize', 'reset']),
  methods: api,
};
const { TestCaseHookDefinition } = unavailable('@cucumber/cucumber', 'Before and After define hooks', ['TestCaseHookDefinition']);

/** Tools are another host's business: accepted, so that one file can serve several hosts. */
const defineTool = () => {};

const ferridriver = Object.freeze({ host: 'bdd', defineTool, tool: defineTool });

module.exports = {
  ...api,
  ...formatters,
  And: api.defineStep,
  But: api.defineStep,
  supportCodeLibraryBuilder,
  TestCaseHookDefinition,
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
