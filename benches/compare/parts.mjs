#!/usr/bin/env node
// Runs the benchmarks of the parts that have a peer (gherkin, matching) and the official packages on the same inputs.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../../tests/conformance/lib/sides.mjs'
import { digits, print, ratio } from './table.mjs'

const home = dirname(fileURLToPath(import.meta.url))
const results = output('cargo', ['bench', '--bench', 'parts', '--', 'gherkin', 'matching', '--json'])
const peer = JSON.parse(output(nodeBinary(home), [join(home, 'peer.mjs')], results))
const rows = results.trim().split('\n').map((line, index) => {
  const { name, unit, median } = JSON.parse(line)
  const faster = unit.endsWith('/s') ? ratio(median, peer[index]) : ratio(peer[index], median)
  return [name, unit, digits(peer[index]), digits(median), faster]
})
print([['', '', 'official', 'quickcuke', 'ratio'], ...rows])

/** What a command writes to stdout. */
function output(program, args, input = '') {
  const stdio = ['pipe', 'pipe', 'inherit']
  const { status, error, stdout } = spawnSync(program, args, { cwd: home, stdio, input, encoding: 'utf8', maxBuffer: Infinity })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ended with exit code ${status}`)
  return stdout
}
