// Where quickcuke means to differ from the official packages: all of it, each with its reason.
// `case` and `path` say where (as run.mjs prints them); `official` and `ours`, if given, what each side must show.

// What only one side has is checked in deadlines.mjs: `--order reverse`, which cucumber-js 13.2.1 documents and refuses.

const anywhere = /(?:)/

export const intended = [
  {
    case: /^runhooks .*leaky\.js$/,
    path: /attachments|^pretty/,
    official: /step \d+ of the run/,
    ours: /step \d+ of the run/,
    reason: 'Module state is pristine for each scenario; `--isolation worker` gives what cucumber-js does.',
  },
  {
    case: anywhere,
    path: /error$|^(progress|summary|pretty|snippets)/,
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
    case: /failures/,
    path: /^(progress|summary|pretty)/,
    official: /^\[" *no stack"\]$/,
    ours: /^\[" *Error: no stack"," *at features\/steps\/errors\.js:36"," *at features\/steps\/errors\.js:60"\]$/,
    reason: "An error's stack is made when it is read, by an accessor of the prototype, so deleting it from the error does nothing.",
  },

  // What Node has (part nodejs).
  {
    case: /^nodejs /,
    path: anywhere,
    official: /^(throws|rejects) (TypeError TypeError|RangeError RangeError|SyntaxError SyntaxError|URIError URIError|ReferenceError ReferenceError)( \[ERR_INVALID_URI\])?: (?!\[)|Cannot convert object to primitive|cannot be invoked without 'new'/,
    ours: /(TypeError|RangeError|SyntaxError|URIError|ReferenceError|InternalError)( \[\w+\])?: (?!\[)|"toPrimitive"|must be invoked with 'new'/,
    reason: "A wrong argument that Node itself does not check fails in the engine, in QuickJS's words, or is named as wrong here.",
  },
  {
    case: /^nodejs (inspect|format)/,
    path: /Iterator,/,
    reason: 'QuickJS does not show what an iterator of a Map or Set has left.',
  },
  {
    case: /^nodejs (inspect|format)/,
    path: /, hidden$|^weak|showHidden|%o nested$/,
    reason: '`showHidden` shows what the engine keeps: the order of built-in members, the members of prototypes, the items of weak collections.',
  },
  {
    case: /^nodejs inspect/,
    path: /^(url|blob), noCustom$|^abort, minus$|^tiny, separator$/,
    reason: "What Node shows there is how its own classes are made, or a slip of Node's (`1e-.1e-_7`).",
  },
  {
    case: /^nodejs events/,
    path: /^inspect/,
    official: /shapeMode/,
    reason: "An emitter has none of Node's book-keeping symbols.",
  },
  {
    case: /^nodejs format/,
    path: /nested$/,
    official: /\[native code\]/,
    reason: 'QuickJS prints the source of a native function on three lines.',
  },
  {
    case: /^nodejs assert/,
    path: /^(doesNotM|m)atch (\w+E|e)rror/,
    reason: 'The stack of an error names the frames of the engine.',
  },
  {
    case: /^nodejs assert/,
    path: /^strict$/,
    reason: '`assert.CallTracker` is deprecated in Node 20 and gone from Node 24: not built.',
  },
  {
    case: /^nodejs format/,
    path: /MIME|^Object\.keys\(util\)|^transferable|^debuglog Symbol|^callbackify no promise/,
    reason: 'Of node:util, MIMEType and the transferable signals are not built; two odd calls fail in the words of the engine.',
  },
  {
    case: /^nodejs path/,
    path: /^posix\.parse\("\/\.\."\)$|^win32\.relative\(\["\\\\\\\\foo/,
    reason: "Slips of Node's: `..` has no extension, and a share's directory stands under no other share.",
  },
  {
    case: /^nodejs querystring/,
    path: /lastNeed/,
    reason: "The bytes that a StringDecoder holds back are no fields of it; in Node they are not documented either.",
  },
  {
    case: /^nodejs intl/,
    path: /DisplayNames/,
    ours: /is not available in quickcuke/,
    reason: 'Intl is a small one of English: it has no names of regions, languages and scripts, and says so.',
  },
  {
    case: /^nodejs intl/,
    path: /"timeZone":"EST"\}$|1970.*Europe\/London.*"short"/,
    reason: 'Before 1972 zones had other names and offsets: the database of the machine knows EST as five hours, the ICU as Panama.',
  },
  {
    case: /^nodejs timers/,
    path: /^clearImmediate\(/,
    official: /Cannot create property/,
    reason: 'What is no immediate is not cleared; that Node fails there is a slip.',
  },
  {
    case: /^nodejs timers/,
    path: /^tick before promise$/,
    reason: 'The engine has one queue of jobs: what was queued first runs first, ticks and promises alike.',
  },
]
