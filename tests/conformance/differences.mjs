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
    case: /^expressions RegExp .*\/\w*v/,
    path: /^definition$/,
    ours: /^SyntaxError. invalid character in class/,
    reason: 'QuickJS takes no `-` outside of a class under the flag `v`; `\\x2d` stands for it.',
  },
  {
    case: /^expressions RegExp .*\\B.*\/\w*[uv]/,
    path: /[\u{10000}-\u{10ffff}]/u,
    ours: /^nothing$|^UNDEFINED/,
    reason: 'V8 finds `\\B` between the halves of a surrogate pair, where a search by characters never stands.',
  },
  {
    case: /^tags error of/,
    path: /^message$/,
    official: /Illegal escape before "[\ud800-\udbff]"/,
    ours: /Illegal escape before "[\u{10000}-\u{10ffff}]"/u,
    reason: 'The character that may not be escaped is named in full, not by the first half of its surrogate pair.',
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
    ours: /^\["[^,]*Error: no stack"," *at features\/steps\/errors\.js:36:46"," *at features\/steps\/errors\.js:60:45"\]$/,
    reason: "An error's stack is made when it is read, by an accessor of the prototype, so deleting it from the error does nothing.",
  },
  {
    case: /failures|traces/,
    path: /^(progress|summary|pretty|json|junit)/,
    official: /^\[\]$/,
    ours: /One of its errors/,
    reason: 'The errors of an AggregateError are shown, which is all that it says; cucumber-js leaves them out.',
  },
  {
    case: /^modules/,
    path: /^(progress|summary|pretty|json|junit)/,
    official: /at steps\/modules\.js:29:435"/,
    ours: /at steps\/modules\.js:29:429"/,
    reason: 'What the engine itself complains of has the place where QuickJS was: here the value that has no property, not the property.',
  },
  {
    case: /traces/,
    path: /^(progress|summary|pretty|json|junit)/,
    official: /at steps\/errors\.js:(45:31|52:39|60:72)"/,
    ours: /at steps\/errors\.js:(45|52|60):\d+"/,
    reason: 'What an iteration, a conversion or a proxy calls has no place in the text by which QuickJS could be put right; the line is.',
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
  {
    case: /^nodejs web/,
    path: /^typeof (BroadcastChannel|\w+QueuingStrategy|CompressionStream|DecompressionStream|CryptoKey|SubtleCrypto|Message\w+|\w+Stream|WebAssembly)$/,
    ours: /undefined/,
    reason: 'There are no channels between threads, no streams of the web, no WebAssembly; the streams of Node are there.',
  },
  {
    case: /^nodejs web/,
    path: /createHistogram|Object\.keys\(perf\)|^structuredClone args|^DOMException\(|BUBBLING_PHASE/,
    reason: 'Odd corners: histograms of the machine, `arguments` cloned, a DOMException named by an object without a name, constants on an event.',
  },
  {
    case: /^nodejs stream/,
    path: /^(read\(\)|transform (push|flush value)|push undefined|pipe events|Duplex\.from|keys)$|^pipeline (undefined|null)/,
    reason: 'Smaller streams than those of Node: pieces that are read at once may be joined otherwise, and compose, Duplex.from and setDefaultHighWaterMark are not built.',
  },
  {
    case: /^nodejs crypto/,
    path: /ripemd|nope|^create(Hash|Hmac)  |pbkdf2|hkdf|subtle hmac|^keys$|outputLength|^(hash|createHash|createHmac) text|^webcrypto$/,
    reason: 'Of node:crypto there are the hashes of the SHA families and MD5, HMACs and random values; what is not there says so.',
  },
  {
    case: /^nodejs crypto/,
    path: /^(timingSafeEqual |randomInt callback|digest Symbol|subtle\.digest \{\})/,
    reason: 'What is wrong is said with what was received; a callback without an error gets null.',
  },
  {
    case: /^nodejs buffer/,
    path: /^TextDecoder (iso-8859-15|shift_jis|gbk|koi8-r|euc-jp|big5|windows-1251|macintosh)/,
    ours: /ERR_ENCODING_NOT_SUPPORTED/,
    reason: 'TextDecoder has UTF-8, UTF-16 and windows-1252; another encoding is refused by name.',
  },
  {
    case: /^nodejs buffer/,
    path: /^(atob|btoa|TextDecoder\.decode)|\(2\)$|writeBigInt64LE\(|decode stream 237|blob\.stream|endings:/,
    reason: 'A BigInt where a number belongs, texts that are no base64, blobs as streams of the web: other words, or less is checked.',
  },
  {
    case: /^nodejs buffer/,
    path: /^(fill\((1|x), |copy\(1, Infinity\)|decode stream 244|new Blob\(\['a'\], 5\)|copy\(1, )/,
    reason: 'Odd ranges: another of several true complaints, or none.',
  },
  {
    case: /^nodejs fs/,
    path: /^(promises\.)?\w+\(|^(openSync flags|accessSync mode|writeFileSync mode|truncateSync length|mkdirSync recursive|readFileSync encoding|hrtime|exitCode|chdir|callback) /,
    official: /^(throws|rejects)|^undefined|^Buffer/,
    reason: 'Of several wrong arguments another may be named first; a NUL in a text is shown as \\x00.',
  },
  {
    case: /^nodejs fs/,
    path: /^(readFileSync buffer|realpath|cp|promises\.cp|opendir|promises\.opendir|statfs|promises\.statfs)|^rm a directory|errorOnExist|^FileHandle utimes|^keys|^openAsBlob|^kill /,
    reason: 'Errors of the whole operation rather than of its first step; owners, file systems and blobs of files are not there; only what the scenario started is signalled.',
  },
  {
    case: /^nodejs fs/,
    path: /os\.|process\.platform/,
    reason: 'What Node knows of the machine beyond its name, size and signals: user ids, groups, further constants.',
  },
  {
    case: /^nodejs url/,
    path: /^(url\.(resolve|parse|format)|resolveObject|domainTo|url\.domainTo|url\.urlToHttpOptions|pathToFileURL " http|URLSearchParams of badIterator|\[util\.inspect)/,
    reason: 'The old url.parse and url.resolve, which Node deprecates, go by the rules of the URL class where those differ.',
  },
  {
    case: /^nodejs url/,
    path: /port = "(host:99|\??q=1|\[::1\])"$/,
    reason: 'A port that does not begin with a digit is no port: it stays as it was, as the standard has it.',
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
