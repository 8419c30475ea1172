// `formatterHelpers` of cucumber-js: what a hook can use of it, which is what finds things in the document and the
// pickle that it is given, and judges a result. The rest is for formatters, which are Rust here.

const { unavailable } = require('quickcuke:errors');

const byId = (items) => Object.fromEntries(items.map((item) => [item.id, item]));

/** The backgrounds and scenarios of a document, those of its rules included: `{ background }` or `{ scenario }`. */
const containers = ({ feature }) => feature.children.flatMap((child) => child.rule?.children ?? [child]);
const scenarios = (document) => containers(document).flatMap(({ scenario }) => scenario ?? []);

const GherkinDocumentParser = {
  getGherkinStepMap: (document) =>
    byId(containers(document).flatMap(({ background, scenario }) => (background ?? scenario).steps)),
  getGherkinScenarioMap: (document) => byId(scenarios(document)),
  getGherkinExampleRuleMap: ({ feature }) =>
    Object.fromEntries(
      feature.children.flatMap(({ rule }) =>
        (rule?.children ?? []).flatMap(({ scenario }) => (scenario ? [[scenario.id, rule]] : [])),
      ),
    ),
  /** Of scenarios and of the rows of their examples. */
  getGherkinScenarioLocationMap: (document) =>
    Object.fromEntries(
      scenarios(document).flatMap((scenario) => {
        const rows = (scenario.examples ?? []).flatMap(({ tableBody }) => tableBody);
        return [scenario, ...rows].map(({ id, location }) => [id, location]);
      }),
    ),
};

const firstOf = (ids, map) => ids.map((id) => map[id]).find((found) => found != null);

const PickleParser = {
  getScenarioDescription: ({ pickle, gherkinScenarioMap }) => firstOf(pickle.astNodeIds, gherkinScenarioMap).description,
  getStepKeyword: ({ pickleStep, gherkinStepMap }) => firstOf(pickleStep.astNodeIds, gherkinStepMap).keyword,
  getPickleStepMap: ({ steps }) => byId(steps),
  getPickleLocation: ({ gherkinDocument, pickle }) =>
    GherkinDocumentParser.getGherkinScenarioLocationMap(gherkinDocument)[pickle.astNodeIds.at(-1)],
};

const isFailure = ({ status }, willBeRetried = false) =>
  status === 'AMBIGUOUS' || status === 'UNDEFINED' || (status === 'FAILED' && !willBeRetried);
const isWarning = ({ status }, willBeRetried = false) =>
  status === 'PENDING' || (status === 'FAILED' && willBeRetried);
const isIssue = (result) => isFailure(result) || isWarning(result);

const KeywordType = { Precondition: 'precondition', Event: 'event', Outcome: 'outcome' };

function getStepKeywordType({ keyword, language, previousKeywordType }) {
  const keywords = internal.ops.stepKeywords(language);
  const heading = ['given', 'when', 'then', 'and', 'but'].find((heading) => keywords[heading].includes(keyword));
  if (heading === 'when') return KeywordType.Event;
  if (heading === 'then') return KeywordType.Outcome;
  if (heading === 'and' || heading === 'but') return previousKeywordType ?? KeywordType.Precondition;
  return KeywordType.Precondition;
}

function formatLocation({ uri, line }, cwd) {
  const path = cwd == null ? uri : internal.requireBuiltin('node:path').relative(cwd, uri);
  return `${path}:${line}`;
}

const formatterHelpers = {
  ...unavailable('@cucumber/cucumber formatterHelpers', 'it is for formatters, which are Rust here', [
    'EventDataCollector',
    'formatIssue',
    'formatSummary',
    'getUsage',
    'parseTestCaseAttempt',
  ]),
  GherkinDocumentParser,
  KeywordType,
  PickleParser,
  formatLocation,
  getStepKeywordType,
  isFailure,
  isIssue,
  isWarning,
};

module.exports = { formatterHelpers };
