// Part 1: suites written for cucumber-js, run by both. What the messages tell must be the same: scenarios, steps,
// statuses, attempts, errors, attachments, what bound to what; and so must the exit code.

import { differences, text, unintended } from './lib/compare.mjs'
import { reduce } from './lib/messages.mjs'

/** Gives { name, failures: [line] } for a case that both sides have run. */
export function compareStatuses({ name, unordered }, official, ours) {
  const view = (result) => ({ exitCode: result.code, ...reduce(result.message, { unordered }) })
  let views
  try {
    views = [view(official), view(ours)]
  } catch (error) {
    return { name, failures: [`messages cannot be read: ${error.message}`, ...hint(ours)] }
  }
  // What cucumber-js refuses to run proves nothing.
  if (views[0].finished.length === 0) return { name, failures: ['cucumber-js did not finish', ...hint(official)] }
  const found = unintended(name, differences(...views))
  const failures = found.map(({ path, official, ours }) => `${path}: ${contrast(official, ours)}`)
  if (views[1].order.length === 0 && views[0].order.length > 0) return { name, failures: ['quickcuke ran nothing', ...hint(ours)] }
  return { name, failures }
}

/** Both values; of two long texts only the lines that differ. */
export function contrast(official, ours) {
  const lines = [official, ours].map((value) => text(value).split('\n'))
  if (lines.every(({ length }) => length === 1)) return `cucumber-js ${text(official)}, quickcuke ${text(ours)}`
  const only = (mine, other) => mine.filter((line, n) => line !== other[n]).map((line) => line.trim()).join(' ')
  return `cucumber-js ${only(lines[0], lines[1])}, quickcuke ${only(lines[1], lines[0])}`
}

function hint({ code, stderr, stdout }) {
  return [`exit code ${code}`, ...(stderr || stdout).trim().split('\n').slice(0, 12)]
}
