#!/usr/bin/env node
// Times quickcuke beside cucumber-js on one generated suite: node speed.mjs [--quickcuke PATH] [--scenarios N] [--steps N] [--rounds N]
// Prints median, spread and peak resident memory of each, and the ratio. The sides take turns, so that both meet the
// same machine; one round before the first is not counted.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cucumberJs, home, quickcuke } from './lib/sides.mjs'

const { values } = parseArgs({
  options: {
    quickcuke: { type: 'string', default: join(home, '../../target/release/quickcuke') },
    scenarios: { type: 'string', default: '1000' },
    steps: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
  },
})
const [scenarios, steps, rounds] = [values.scenarios, values.steps, values.rounds].map(Number)

// Beside node_modules, so that the steps find chai and cucumber-js.
const directory = mkdtempSync(join(home, '.speed-'))
try {
  generate()
  const sides = [cucumberJs(), quickcuke(resolve(values.quickcuke))].map((side) => ({ ...side, runs: [] }))
  for (let round = 0; round <= rounds; round++) {
    for (const side of sides) {
      const result = await measure(side.command)
      if (result.code !== 0 || !result.output.includes(`${scenarios} scenarios (${scenarios} passed)`)) {
        throw new Error(`${side.name} did not pass: exit code ${result.code}\n${result.output.slice(-2000)}`)
      }
      if (round > 0) side.runs.push(result)
    }
  }
  console.log(`${scenarios} scenarios of ${steps} steps, ${rounds} rounds`)
  for (const { name, runs } of sides) {
    const times = runs.map(({ seconds }) => seconds)
    const memory = runs.every(({ rss }) => rss) ? `${Math.round(Math.max(...runs.map(({ rss }) => rss)) / 1024)} MiB` : 'unknown'
    const range = `${Math.min(...times).toFixed(3)} to ${Math.max(...times).toFixed(3)} s`
    console.log(`${name.padEnd(12)} median ${median(times).toFixed(3)} s, ${range}, peak memory ${memory}`)
  }
  const [official, ours] = sides.map(({ runs }) => median(runs.map(({ seconds }) => seconds)))
  console.log(`quickcuke takes ${(ours / official).toFixed(3)} of the time of cucumber-js (${(official / ours).toFixed(1)} times as fast)`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function generate() {
  for (const folder of ['features', 'steps']) mkdirSync(join(directory, folder))
  const perFile = 50
  for (let file = 0; file * perFile < scenarios; file++) {
    const here = Math.min(perFile, scenarios - file * perFile)
    const body = Array.from({ length: here }, (_, n) => `\n  Scenario: number ${file * perFile + n}\n` + Array.from({ length: steps }, (_, step) =>
      step < steps - 1 ? `    Given I add ${step + n} to the sum of "basket ${step}"\n` : `    Then the sums come to ${Array.from({ length: steps - 1 }, (_, step) => step + n).reduce((a, b) => a + b, 0)}\n`).join('')).join('')
    writeFileSync(join(directory, `features/${String(file).padStart(4, '0')}.feature`), `Feature: file ${file}\n${body}`)
  }
  writeFileSync(join(directory, 'steps/steps.js'), `import { Before, Given, Then } from '@cucumber/cucumber'
import { expect } from 'chai'

Before(function () {
  this.sums = {}
})

Given('I add {int} to the sum of {string}', async function (number, name) {
  this.sums[name] = (this.sums[name] ?? 0) + number
})

Then('the sums come to {int}', function (total) {
  expect(Object.values(this.sums).reduce((sum, number) => sum + number, 0)).to.equal(total)
})
`)
}

/** Runs once: { code, output, seconds, rss (KiB, the highest seen; undefined without /proc) }. */
function measure([program, ...args]) {
  return new Promise((done, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn(program, [...args, '--import', 'steps/steps.js', '--format', 'progress'], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let rss
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk })
    const sampler = setInterval(() => { rss = peak(child.pid) ?? rss }, 10)
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(sampler)
      done({ code, output, seconds: Number(process.hrtime.bigint() - start) / 1e9, rss })
    })
  })
}

/** The kernel's own high-water mark, which misses nothing between two looks but what follows the last. */
function peak(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) || undefined
  } catch {
    return undefined
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
