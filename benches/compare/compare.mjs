#!/usr/bin/env node
// Runs the same suites with cucumber-js and quickcuke and prints their times and memory: node compare.mjs [OPTION]...
//
//   --quickcuke PATH   the build to measure (../../target/release/quickcuke)
//   --against PATH     another build of quickcuke to compare with, in the place of cucumber-js
//   --rounds N         how often each side runs each suite (5)
//   --only NAME        one suite
//   --scale FACTOR     more or fewer scenarios than the suites have, such as 0.1 for a quick try
//   --instructions     count instructions of quickcuke instead (needs valgrind): time is noisy, counts are not
//
// The sides take turns, so that both meet the same machine. A round before the first is not counted; it is where
// memory is watched. A ratio above 1 means that quickcuke needs less.

import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cucumberJs, quickcuke, run } from '../../tests/conformance/lib/sides.mjs'
import { instructionsPerScenario } from './instructions.mjs'
import { watch } from './memory.mjs'
import { describe, suites, write } from './suites.mjs'
import { median, print, ratio } from './table.mjs'

const LIMIT_MS = 900_000
const home = dirname(fileURLToPath(import.meta.url))
const { values: options } = parseArgs({
  options: {
    quickcuke: { type: 'string', default: join(home, '../../target/release/quickcuke') },
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    instructions: { type: 'boolean', default: false },
  },
})
const ours = quickcuke(resolve(options.quickcuke))
const build = options.against && { ...quickcuke(resolve(options.against)), name: 'against' }
const selected = suites
  .filter(({ name, counted }) => name === (options.only ?? name) && (counted || !options.instructions))
  .map((suite) => ({ ...suite, scenarios: Math.max(1, Math.round(suite.scenarios * Number(options.scale))) }))
if (selected.length === 0) throw new Error(`no such suite: ${options.only}; there are ${suites.map(({ name }) => name).join(', ')}`)

// Beside node_modules, so that the steps find their libraries and cucumber-js.
const directory = mkdtempSync(join(home, '.suites-'))
try {
  print(options.instructions ? await countInstructions() : await time())
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function time() {
  const sides = [build ?? cucumberJs(home), ours]
  const [peer, own] = sides.map(({ name }) => name)
  const rows = [['', `${peer}, s`, '(min to max)', `${own}, s`, '(min to max)', 'ratio', `${peer}, MiB`, `${own}, MiB`, 'ratio']]
  for (const suite of selected) {
    const project = prepare(suite)
    const results = sides.map(() => ({ times: [], memory: undefined }))
    for (let round = 0; round <= Number(options.rounds); round++) {
      for (const [index, side] of sides.entries()) {
        let stop
        const onStart = (pid) => { stop = watch(pid) }
        const seconds = await pass(side, suite, project, round === 0 ? onStart : undefined)
        if (round === 0) results[index].memory = stop()
        else results[index].times.push(seconds)
      }
    }
    const [theirs, mine] = results.map(({ times }) => times)
    const [before, after] = results.map(({ memory }) => memory)
    rows.push([
      describe(suite), ...spread(theirs), ...spread(mine), ratio(median(theirs), median(mine)),
      mebibytes(before), mebibytes(after), before && after ? ratio(before, after) : '',
    ])
  }
  return rows
}

async function countInstructions() {
  const builds = build ? [build, ours] : [ours]
  const rows = [['instructions per scenario', ...builds.map(({ name }) => name), ...(build ? ['ratio'] : [])]]
  for (const suite of selected) {
    const counts = []
    for (const { command } of builds) counts.push(await instructionsPerScenario(command, suite, prepare))
    rows.push([suite.name, ...counts.map((count) => Math.round(count).toLocaleString('en')), ...(build ? [(counts[0] / counts[1]).toFixed(4)] : [])])
  }
  return rows
}

/** Writes a suite: where it is and the arguments to run it with. */
function prepare(suite) {
  const cwd = mkdtempSync(join(directory, `${suite.name}-`))
  return { cwd, args: write(cwd, suite) }
}

/** Runs once; seconds. */
async function pass({ name, command }, { scenarios }, { cwd, args }, onStart) {
  const { code, stdout, stderr, milliseconds } = await run([...command, ...args], { cwd, onStart, limit: LIMIT_MS })
  if (code !== 0 || !new RegExp(`^${scenarios} scenarios? \\(${scenarios} passed\\)$`, 'm').test(stdout)) {
    throw new Error(`${name} did not pass: ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)
  }
  return milliseconds / 1000
}

function spread(times) {
  return [median(times).toFixed(3), `(${Math.min(...times).toFixed(3)} to ${Math.max(...times).toFixed(3)})`]
}

function mebibytes(bytes) {
  return bytes ? String(Math.round(bytes / 2 ** 20)) : 'unknown'
}
