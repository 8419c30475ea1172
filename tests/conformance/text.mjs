// Part 2: the same runs, as the progress, summary, pretty and snippets formatters print them. Durations are made equal, and
// stack frames are reduced to the author's: `at FILE:LINE:COLUMN`.

import { join, sep } from 'node:path'
import { unintended } from './lib/compare.mjs'
import { home } from './lib/sides.mjs'

const REPORTS = { progress: 'stdout', summary: 'summary', pretty: 'pretty', snippets: 'snippets' }
const SHOWN = 6

/** Gives [{ name, failures: [line] }], one for each report. */
export function compareText({ name, suite, unordered }, official, ours) {
  return Object.entries(REPORTS).map(([report, key]) => {
    const sides = [official, ours].map((result) => normalise(result[key], join(home, 'suites', suite)))
    const found = unintended(name, lineDifferences(report, ...(unordered ? sides.map(sorted) : sides)))
    const failures = found.slice(0, SHOWN).flatMap(({ path, official, ours }) => [
      `${path}:`, ...official.map((line) => `  - ${line}`), ...ours.map((line) => `  + ${line}`),
    ])
    if (found.length > SHOWN) failures.push(`… and ${found.length - SHOWN} more places`)
    return { name: `${name} [${report}]`, failures }
  })
}

function normalise(text, directory) {
  return text.split('\n').map((line) => {
    const plain = line.replace(/\u001b\[[\d;]*m/g, '')
    const frame = /^(\s*)at (?:async )?(?:.*\()?(?:file:\/\/)?(\/[^()]*?|node:[^()]*|<anonymous>|native):?(\d+)?:?(\d+)?\)?$/.exec(plain)
    if (frame) return authorFrame(frame, plain, directory)
    return line
      .replace(/\d+m \d+\.\d+s|\d+m\d+\.\d+s/g, '<time>')
      .replaceAll(`file://${directory}${sep}`, '').replaceAll(directory + sep, '').replaceAll(directory, '.')
  }).filter((line) => line !== undefined)
}

/** Without what the timing of workers decides: the order of lines, the numbers of lists, the order of the dots. */
function sorted(lines) {
  const dots = /^[.FPUAS-]+$/
  return lines.map((line) => (dots.test(line) ? [...line].sort().join('') : line.replace(/^( *)\d+\) /, '$1'))).sort()
}

function authorFrame([, indent, file, line, column], whole, directory) {
  const theirs = !file.startsWith(directory) || file.includes('/node_modules/') || /^\s*at async /.test(whole)
  return theirs ? undefined : `${indent}at ${file.slice(directory.length + 1)}:${line}:${column}`
}

/** The places where two lists of lines differ, by their longest common subsequence. */
function lineDifferences(report, left, right) {
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
