// Part 2: the same runs, as the progress, summary, pretty, snippets, rerun, json, junit, usage and usage-json
// formatters print them. Durations are made equal, and
// stack frames are reduced to the author's: `at FILE:LINE`.

import { join, sep } from 'node:path'
import { unintended } from './lib/compare.mjs'
import { home } from './lib/sides.mjs'

const REPORTS = { progress: 'stdout', summary: 'summary', pretty: 'pretty', snippets: 'snippets', rerun: 'rerun', json: 'json', junit: 'junit', usage: 'usage', 'usage-json': 'usage-json' }
const SHOWN = 6

/** Gives [{ name, failures: [line] }], one for each report. */
export function compareText({ name, suite, flags = [], unordered }, official, ours) {
  return Object.entries(REPORTS).map(([report, key]) => {
    const sides = [official, ours].map((result) => {
      const lines = normalise(result[key], join(home, 'suites', suite))
      if (report === 'usage-json') return uses(result[key], flags)
      return report === 'usage' && !flags.includes('--dry-run') ? definitions(lines) : lines
    })
    const found = unintended(name, lineDifferences(report, ...(unordered ? sides.map(sorted) : sides)))
    const failures = found.slice(0, SHOWN).flatMap(({ path, official, ours }) => [
      `${path}:`, ...official.map((line) => `  - ${line}`), ...ours.map((line) => `  + ${line}`),
    ])
    if (found.length > SHOWN) failures.push(`… and ${found.length - SHOWN} more places`)
    return { name: `${name} [${report}]`, failures }
  })
}

function normalise(text, directory) {
  return text.split('\n').flatMap(messageLines).map((line) => {
    const plain = line.replace(/\u001b\[[\d;]*m/g, '')
    const frame = /^(\s*)at (?:async )?(?:.*\()?(?:file:\/\/)?(\/[^()]*?|node:[^()]*|<anonymous>|native):?(\d+)?:?\d*\)?$/.exec(plain)
    if (frame) return authorFrame(frame, plain, directory)
    return line
      .replace(/\d+m \d+\.\d+s|\d+m\d+\.\d+s|(?<="duration": )\d+|(?<= time(stamp)?=")[^"]+/g, '<time>')
      .replaceAll(`file://${directory}${sep}`, '').replaceAll(directory + sep, '').replaceAll(directory, '.')
  }).filter((line) => line !== undefined)
}

/** Of a table that durations put in order: its definitions, whether they ran, and how often more than is shown. */
function definitions(lines) {
  const rows = lines.filter((line) => /^│ (?! {2}\S)|^│ {3}\d+ more/.test(line))
  return rows.map((row) => row.replace(/│ [\d.]+ms +│/, '│ <time> │').replace(/ +│/g, ' │')).sort()
}

/** As it is, but for durations; where these put it in order, in another one. */
function uses(text, flags) {
  const key = ({ uri, line, text, pattern }) => `${uri} ${line} ${text ?? pattern}`
  const byPlace = (list) => list.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0))
  const isTimed = (key) => key === 'duration' || key === 'meanDuration'
  const told = JSON.parse(text || 'null', (key, value) => (isTimed(key) ? '<time>' : value))
  if (!told || flags.includes('--dry-run')) return JSON.stringify(told, null, 2).split('\n')
  return JSON.stringify(byPlace(told.map((used) => ({ ...used, matches: byPlace(used.matches) }))), null, 2).split('\n')
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
function sorted(lines) {
  const dots = /^[.FPUAS-]+$/
  const numbers = (line) => line.replace(/(:\d+)+$/, (lines) => lines.split(':').sort().join(':'))
  return lines.map((line) => (dots.test(line) ? [...line].sort().join('') : numbers(line.replace(/^( *)\d+\) /, '$1')))).sort()
}

function authorFrame([, indent, file, line], whole, directory) {
  const theirs = !file.startsWith(directory) || file.includes('/node_modules/') || /^\s*at async /.test(whole)
  return theirs ? undefined : `${indent}at ${file.slice(directory.length + 1)}:${line}`
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
