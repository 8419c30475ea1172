// Part 2: the same runs, as the progress, summary, pretty, snippets, rerun, json, junit, usage and usage-json
// formatters print them. Durations are made equal, and stack frames are reduced to the author's: `at FILE:LINE:COLUMN`.

import { join } from 'node:path'
import { unintended } from './lib/compare.mjs'
import { home } from './lib/sides.mjs'
import { lineDifferences, listPlaces, normalise, sorted } from './lib/text.mjs'

/** Each with its name in what runCase gives. */
const REPORTS = {
  progress: 'stdout',
  ...Object.fromEntries(['summary', 'pretty', 'snippets', 'rerun', 'json', 'junit', 'usage', 'usage-json'].map((name) => [name, name])),
}

/** Gives [{ name, failures: [line] }], one for each report. */
export function compareText({ name, suite, flags = [], unordered }, official, ours) {
  return Object.entries(REPORTS).map(([report, key]) => {
    const sides = [official, ours].map((result) => {
      const lines = normalise(result[key], join(home, 'suites', suite))
      if (report === 'usage-json') return uses(result[key], flags)
      return report === 'usage' && !flags.includes('--dry-run') ? definitions(lines) : lines
    })
    const found = unintended(name, lineDifferences(report, ...(unordered ? sides.map(sorted) : sides)))
    const failures = listPlaces(found)
    return { name: `${name} [${report}]`, failures }
  })
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
