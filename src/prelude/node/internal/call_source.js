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

/** The source text of the call at the top of a stack; `undefined` where it cannot be read or told. */
function callSource(stack) {
  const place = callerOf(`${stack ?? ''}`);
  if (place === undefined) return undefined;
  const [file, line, column] = place;
  let lines;
  try { lines = internal.ops.text_decode(internal.ops.fs_read_file(file), 'utf8').split('\n').slice(line - 1, line + 20); } catch { return undefined; }
  if (lines[0] === undefined) return undefined;
  // The position is somewhere in the call, most often at its bracket: back to where its name begins.
  const before = /[\w$.?]*$/.exec(lines[0].slice(0, column - 1))[0];
  const start = column - 1 - before.length;
  const call = wholeCall([lines[0].slice(start), ...lines.slice(1)].join('\n'));
  return call !== undefined && /^[\w$.?]+\s*\(/.test(call) ? call : undefined;
}

module.exports = { callSource };
