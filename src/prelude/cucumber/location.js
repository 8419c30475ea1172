// Where in the author's files a definition stands.

const FRAME = /^\s*at (?:.*\()?(?:file:\/\/)?(.+?):(\d+):(\d+)\)?$/;

/** The first frame of the stack that is not the prelude's: `{ file, line, column }`, or null. */
function callerLocation() {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 10;
  const stack = internal.callerStack();
  Error.stackTraceLimit = limit;
  for (const text of stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match && !isPreludeFile(match[1]) && match[1] !== 'native') {
      return { file: match[1], line: Number(match[2]), column: Number(match[3]) };
    }
  }
  return null;
}

/** Prelude files have ids such as `quickcuke:cucumber/builder` and `node:assert`, not paths. */
function isPreludeFile(file) {
  return file.startsWith('quickcuke:') || file.startsWith('node:');
}

/** As cucumber-js prints it: `steps/a.js:3`. */
function formatLocation(location) {
  if (location === null) return 'unknown:0';
  const file = internal.requireBuiltin('node:path').relative(process.cwd(), location.file);
  return `${file}:${location.line}`;
}

module.exports = { callerLocation, formatLocation, isPreludeFile };
