// The text of the call that failed, for messages such as "The expression evaluated to a falsy value: assert(x > 1)".

// The innermost frame outside of the prelude: [file, line, column].
function callerOf(stack) {
  for (const line of stack.split('\n')) {
    const place = /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^()]*):(\d+):(\d+)\)?$/.exec(line);
    if (place) return [place[1], Number(place[2]), Number(place[3])];
  }
  return undefined;
}

// From the call's name to its closing bracket, strings and nested brackets left whole.
function wholeCall(text) {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'" || character === '`') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return text.slice(0, at + 1);
  }
  return undefined;
}

// The engine's position lies somewhere inside of the call, often at its last argument.
const CALL = /(?:[\w$]+\??\.)*(?:assert|ok|strict)\s*\(/g;
const LINES_BEFORE = 5;
const LINES_AFTER = 20;

/** The source text of the assertion at the top of a stack; `undefined` where it cannot be read or told. */
function callSource(stack) {
  const place = callerOf(`${stack ?? ''}`);
  if (place === undefined) return undefined;
  const [file, line, column] = place;
  let lines;
  try { lines = internal.ops.text_decode(internal.ops.fs_read_file(file), 'utf8').split('\n'); } catch { return undefined; }
  const before = lines.slice(Math.max(0, line - 1 - LINES_BEFORE), line - 1).map(text => `${text}\n`).join('');
  const text = before + lines.slice(line - 1, line + LINES_AFTER).join('\n');
  const position = before.length + column - 1;
  let found;
  for (const { index } of text.matchAll(CALL)) {
    if (index > position) break;
    const call = wholeCall(text.slice(index));
    if (call !== undefined && index + call.length > position) found = call;
  }
  return found;
}

module.exports = { callSource };
