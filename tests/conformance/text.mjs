// Part 2: the same runs, as the progress, summary, pretty and snippets formatters print them. Durations are made equal, and
// stack frames are reduced to the author's: `at FILE:LINE`.

import { join } from 'node:path'
import { unintended } from './lib/compare.mjs'
import { home } from './lib/sides.mjs'
import { lineDifferences, listPlaces, normalise, sorted } from './lib/text.mjs'

const REPORTS = { progress: 'stdout', summary: 'summary', pretty: 'pretty', snippets: 'snippets' }

/** Gives [{ name, failures: [line] }], one for each report. */
export function compareText({ name, suite, unordered }, official, ours) {
  return Object.entries(REPORTS).map(([report, key]) => {
    const sides = [official, ours].map((result) => normalise(result[key], join(home, 'suites', suite)))
    const found = unintended(name, lineDifferences(report, ...(unordered ? sides.map(sorted) : sides)))
    const failures = listPlaces(found)
    return { name: `${name} [${report}]`, failures }
  })
}
