// Where quickcuke means to differ from the official packages: all of it, each with its reason.
// `case` and `path` say where (as run.mjs prints them); `official` and `ours`, if given, what each side must show.

// What only one side has is checked in deadlines.mjs: `--order reverse`, which cucumber-js 13.2.1 documents and refuses.

const anywhere = /(?:)/

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
]
