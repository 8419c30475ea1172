// What became of a step or hook, as plain data: `{ status, message?, exception? }`, or undefined for
// passed. The texts are those of cucumber-js.

const { isPreludeFile } = require('quickcuke:cucumber/location');

const MOST_CAUSES = 10;
const MOST_ERRORS = 10;
const FRAME = /^\s*at .*?\(?([^()\s]*):\d+:\d+\)?$/;

/** Thrown instead of returning 'pending' or 'skipped'. */
class PendingException extends Error {
  name = 'PendingException';
}
class SkippedException extends Error {
  name = 'SkippedException';
}

/** How the report shows errors: set once, before the snapshot. */
const settings = { backtrace: false };

/** The outcome of what a function returned, or of the error that it ended with. */
function outcome(result, error) {
  if (error instanceof PendingException) return reasoned('PENDING', error);
  if (error instanceof SkippedException) return reasoned('SKIPPED', error);
  if (error !== undefined && error !== null) return { status: 'FAILED', ...describe(error) };
  if (result === 'skipped') return { status: 'SKIPPED' };
  if (result === 'pending') return { status: 'PENDING' };
  return undefined;
}

/** The reason alone is the message, since no error is to be mended; who wants its place finds it in the exception. */
function reasoned(status, error) {
  return { status, message: error.message || undefined, exception: describe(error).exception };
}

function describe(error) {
  if (!(error instanceof Error)) {
    const stackTrace = `Error: ${String(error)}`;
    return { message: stackTrace, exception: { type: 'Error', message: String(error), stackTrace } };
  }
  const stackTrace = withCauses(error);
  return {
    message: stackTrace,
    exception: { type: error.constructor?.name ?? 'Error', message: String(error.message), stackTrace },
  };
}

function withCauses(error) {
  let text = withErrors(error);
  const seen = new Set([error]);
  let { cause } = error;
  for (let depth = 0; cause !== undefined && cause !== null; depth++) {
    if (depth >= MOST_CAUSES) return `${text}\nCaused by: ... (further causes truncated)`;
    if (seen.has(cause)) return `${text}\nCaused by: ... (circular reference)`;
    seen.add(cause);
    if (!(cause instanceof Error)) return `${text}\nCaused by: ${String(cause)}`;
    text += `\nCaused by: ${withErrors(cause)}`;
    ({ cause } = cause);
  }
  return text;
}

/** An error and, of an AggregateError, those that it stands for. */
function withErrors(error) {
  const text = formatError(error);
  if (!(error instanceof AggregateError) || !Array.isArray(error.errors)) return text;
  const shown = error.errors
    .slice(0, MOST_ERRORS)
    .map((one) => `\nOne of its errors: ${one instanceof Error ? formatError(one) : String(one)}`);
  const more = error.errors.length - shown.length;
  return text + shown.join('') + (more > 0 ? `\n... and ${more} more of its errors` : '');
}

/** The error's headline, a difference where it holds one, and its frames. */
function formatError(error) {
  const message = error.message ? String(error.message) : JSON.stringify(error);
  const stack = typeof error.stack === 'string' && error.stack !== '' ? error.stack : message;
  const at = stack.indexOf(message);
  const headline = at === -1 ? message : stack.slice(0, at + message.length);
  const rest = at === -1 ? stack : stack.slice(at + message.length);
  // A stack in words of the author's own is shown as it is.
  const isWords = at === -1 && !stack.split('\n').some((line) => FRAME.test(line));
  const frames = isWords ? stack : authorFrames(rest);
  return headlineWithDifference(error, headline) + (frames === '' ? '' : `\n${frames}`);
}

function headlineWithDifference(error, headline) {
  const { actual, expected } = error;
  const { kindOf, difference } = require('quickcuke:cucumber/difference');
  if (error.showDiff === false || expected === undefined || kindOf(actual) !== kindOf(expected)) {
    return headline;
  }
  const title = /^([^:]+): expected/.exec(headline);
  return (title === null ? headline : title[1]) + difference(actual, expected);
}

/** The author's frames, without native ones and those of quickcuke in between; all files with --backtrace. */
function authorFrames(stack) {
  const lines = stack.split('\n').filter((line) => FRAME.test(line));
  if (settings.backtrace) return lines.join('\n');
  const authors = lines.filter((line) => !isPreludeFile(FRAME.exec(line)[1]));
  // Evaluated text has no file: `<input>`.
  const first = authors.findIndex((line) => !FRAME.exec(line)[1].startsWith('<'));
  return first === -1 ? '' : authors.slice(first).join('\n');
}

module.exports = { outcome, settings, PendingException, SkippedException };
