// Reports as lines of text: what does not count taken out, and where two of them differ.

import { sep } from 'node:path'

const SHOWN = 6

/** The lines of a report, with durations made equal, paths relative to the project, and the author's frames only, without their `columns` if so asked. */
export function normalise(text, directory, { columns = true } = {}) {
  return text.split('\n').flatMap(messageLines).map((line) => {
    const plain = line.replace(/\u001b\[[\d;]*m/g, '')
    // Ours ends a stack trace with the line of the feature, as the compatibility kit does and cucumber-js does not.
    if (/^ *at [^():]+\.feature(\.md)?:\d+(]]>)?$/.test(plain)) return plain.endsWith(']]>') ? ']]>' : undefined
    // Ours says what a step that timed out was waiting for, and which definition an undefined step was meant for.
    if (/^\s*(still pending: |\/\/ Did you mean ')/.test(plain)) return undefined
    const frame = /^(\s*)at (?:async )?(?:.*\()?(?:file:\/\/)?(\/[^()]*?|node:[^()]*|<anonymous>|native):?(\d+)?:?(\d+)?\)?$/.exec(plain)
    if (frame) return authorFrame(frame, plain, directory, columns)
    return line
      .replace(/\d+m \d+\.\d{3}s|\d+m\d+\.\d+s|(?<="duration": )\d+|(?<= time(stamp)?=")[^"]+/g, '<time>')
      .replaceAll(`file://${directory}${sep}`, '').replaceAll(directory + sep, '').replaceAll(directory, '.')
  }).filter((line) => line !== undefined)
}

/** An error in JSON or XML, line for line, and what stands there in base64 beside it. */
function messageLines(line) {
  const data = /^\s*"data": "(.*)",$/.exec(line)
  if (data) return `${line} ${Buffer.from(data[1], 'base64').toString('latin1').split('\n')[0]}`
  if (line.endsWith(']]></failure>')) return [line.slice(0, -']]></failure>'.length), ']]></failure>']
  const message = /^(\s*"error_message": )(".*")$/.exec(line)
  return message ? `${message[1]}${JSON.parse(message[2])}`.split('\n') : line
}

/** Without what the timing of workers decides: the order of lines, the numbers of lists, the order of the dots. */
export function sorted(lines) {
  const dots = /^[.FPUAS-]+$/
  const numbers = (line) => line.replace(/(:\d+)+$/, (lines) => lines.split(':').sort().join(':'))
  return lines.map((line) => (dots.test(line) ? [...line].sort().join('') : numbers(line.replace(/^( *)\d+\) /, '$1')))).sort()
}

function authorFrame([, indent, file, line, column], whole, directory, columns) {
  const theirs = !file.startsWith(directory) || file.includes('/node_modules/') || /^\s*at async /.test(whole)
  return theirs ? undefined : `${indent}at ${file.slice(directory.length + 1)}:${line}${columns ? `:${column}` : ''}`
}

/** The places where two lists of lines differ, by their longest common subsequence: [{ path, official, ours }]. */
export function lineDifferences(report, left, right) {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i][j] = left[i] === right[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  const found = []
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    if (i < left.length && j < right.length && left[i] === right[j]) { i++; j++; continue }
    const place = { path: `${report} line ${i + 1}`, official: [], ours: [] }
    while ((i < left.length || j < right.length) && !(i < left.length && j < right.length && left[i] === right[j])) {
      if (j >= right.length || (i < left.length && lengths[i + 1][j] >= lengths[i][j + 1])) place.official.push(left[i++])
      else place.ours.push(right[j++])
    }
    found.push(place)
  }
  return found
}

/** Differences in text for people to read: [line]. */
export function listPlaces(found) {
  const shown = found.slice(0, SHOWN).flatMap(({ path, official, ours }) => [
    `${path}:`, ...official.map((line) => `  - ${line}`), ...ours.map((line) => `  + ${line}`),
  ])
  return found.length > SHOWN ? [...shown, `… and ${found.length - SHOWN} more places`] : shown
}
