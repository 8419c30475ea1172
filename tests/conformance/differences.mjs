// Where quickcuke means to differ from the official packages: all of it, each with its reason.
// `case` and `path` say where (as run.mjs prints them); `official` and `ours`, if given, what each side must show, and
// `when(official, ours)`, if given, what must hold between the two.

// What only one side has is checked in deadlines.mjs: `--order reverse`, which cucumber-js 13.2.1 documents and refuses.

const anywhere = /(?:)/

/** What both say is wrong, without what each says of where. */
const complaint = (lines) => lines.join('\n')
  .replace(/^error: (features\/[\w.]+:\d+:\d+: )?/, '').replace(/^(CucumberExpression)?Error: /, '').replace(/\n *at features.*/, '')

export const intended = [
  {
    case: /^runhooks .*leaky\.js$/,
    path: /attachments|^(pretty|json)/,
    official: /step \d+ of the run/,
    ours: /step \d+ of the run/,
    reason: 'Module state is pristine for each scenario; `--isolation worker` gives what cucumber-js does.',
  },
  {
    case: anywhere,
    path: /error$|^(progress|summary|pretty|snippets|json|junit)/,
    official: /Cannot read properties of|is not a function|Assignment to constant variable/,
    ours: /cannot read property|not a function|is read-only/,
    reason: 'What the engine itself complains of is in the words of QuickJS, not of V8.',
  },
  {
    case: /^gherkin markdown/,
    path: /^document \/ 0 \/ feature \/ keyword$/,
    official: /^nothing$/,
    ours: /^$/,
    reason: 'A Markdown file without a heading has no keyword; the schema of the messages demands one, so ours is empty.',
  },
  {
    case: anywhere,
    path: /^usage-json/,
    official: /^\[" *\\"code\\": .*,"\]$/,
    ours: /^\[\]$/,
    reason: "Messages do not hold the code of a definition's function; its place is there.",
  },
  {
    case: /failures/,
    path: /^(progress|summary|pretty|json|junit)/,
    official: /^\["[^,]*no stack"\]$/,
    ours: /^\["[^,]*Error: no stack"," *at features\/steps\/errors\.js:36"," *at features\/steps\/errors\.js:60"\]$/,
    reason: "An error's stack is made when it is read, by an accessor of the prototype, so deleting it from the error does nothing.",
  },
  {
    case: /^(mistakes|parameter_types): /,
    path: /^stderr/,
    official: /^\[\]$/,
    ours: /^\["error: failed to load features\/\w+.m?js"\]$/,
    reason: 'The file that does not load is named first.',
  },
  {
    case: /^(mistakes|parameter_types): /,
    path: /^stderr/,
    official: /^\["(CucumberExpression)?Error: /,
    ours: /^\["error: features\/steps.js:\d+:\d+: /,
    when: (official, ours) => complaint(official) === complaint(ours),
    reason: 'A definition that cannot be used is named by its own place, and not by a stack of cucumber-js.',
  },
  {
    case: /^timeouts: a step that spins past its time$/,
    path: anywhere,
    reason: 'A step that spins is stopped soon after its time; cucumber-js waits for as long as it takes, and it passes.',
  },
  {
    case: /^outcomes: process.exit in a step$/,
    path: anywhere,
    reason: 'process.exit fails its step, and the run goes on; cucumber-js ends there, without a word of what ran before.',
  },
  {
    case: /^timeouts: timers of the load/,
    path: anywhere,
    official: /waited|PASSED|passed|\.|true|0|^nothing$/,
    reason: 'Timers under way are no part of the snapshot that scenarios start from: only --isolation worker keeps them.',
  },
  {
    case: /^mistakes: (a file that does not parse|a module that is missing|an import that is not exported)$|^parameter_types: a type without options$/,
    path: /^stderr/,
    reason: 'What does not load is told in the words of QuickJS, or better: the line of the import, and no frames of Node.',
  },
  {
    case: /^(wrappers: a wrapper that (gives no function|throws)|parameter_types: no type is preferred)$/,
    path: /^std(out|err)/,
    reason: 'A definition that cannot be used stops the run before anything of it has run, not a scenario or the report.',
  },
  {
    case: /^world: a World that (cannot be made|is no constructor)$/,
    path: anywhere,
    reason: 'A World that cannot be made fails its scenario; cucumber-js breaks off the run there, without any AfterAll hook.',
  },
  {
    case: /^definitions: a step defined within a step comes too late$/,
    path: anywhere,
    ours: /FAILED|was called while the run was under way|F|failed/,
    reason: 'A definition that comes too late fails its step and says so; in cucumber-js it is dropped without a word.',
  },
  {
    case: /^callbacks: a generator function as a step$/,
    path: /attachments/,
    official: /^nothing$/,
    reason: 'Generator steps are our own: what they yield is logged. cucumber-js makes the generator and never runs it.',
  },
  {
    case: /^arguments: /,
    path: /children \/ 0 \/ children \/ 0 \/ start$/,
    reason: 'Of a group that matched several times cucumber-expressions tells the last text at the place of the first.',
  },
  {
    case: anywhere,
    path: /^stderr/,
    official: /^\[\]$/,
    ours: /^\["warning: no scenario was selected, so nothing was run"\]$/,
    reason: 'A run of nothing succeeds, and says so.',
  },
]
