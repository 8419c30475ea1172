// The suites that both sides run, as people write them.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STEPS = 5
const PER_FILE = 50

const BASKETS = `import { Before, Given, Then } from '@cucumber/cucumber'

Before(function () {
  this.sums = {}
})

Given('I add {int} to the sum of {string}', function (number, name) {
  this.sums[name] = (this.sums[name] ?? 0) + number
})

Then('the sums come to {int}', function (total) {
  const sum = Object.values(this.sums).reduce((sum, number) => sum + number, 0)
  if (sum !== total) throw new Error(\`\${sum} is not \${total}\`)
})
`

const LIBRARIES = `import { Before, Given, Then } from '@cucumber/cucumber'
import { expect } from 'chai'
import dayjs from 'dayjs'
import _ from 'lodash'
import { z } from 'zod'

const Sums = z.record(z.string(), z.number().int())

Before(async function () {
  this.day = dayjs('2024-02-28')
  this.sums = {}
})

Given('I add {int} to the sum of {string}', async function (number, name) {
  _.update(this.sums, [name], (sum) => (sum ?? 0) + number)
  this.day = this.day.add(1, 'day')
})

Then('the sums come to {int}', async function (total) {
  expect(_.sum(_.values(Sums.parse(this.sums)))).to.equal(total)
  expect(this.day.format('YYYY-MM-DD')).to.equal('2024-03-03')
})
`

const WAITING = `import { Before, Given, Then } from '@cucumber/cucumber'

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

Before(function () {
  this.sum = 0
})

Given('I add {int} to the sum of {string}', async function (number, name) {
  await wait(5)
  this.sum += number
})

Then('the sums come to {int}', async function (total) {
  await wait(5)
  if (this.sum !== total) throw new Error(\`\${this.sum} is not \${total}\`)
})
`

/** Those that are `counted` are what `--instructions` looks at. */
export const suites = [
  { name: 'small', scenarios: 10, library: BASKETS },
  { name: 'medium', scenarios: 1_000, library: BASKETS, counted: true },
  { name: 'large', scenarios: 10_000, library: BASKETS },
  { name: 'libraries', scenarios: 10_000, library: LIBRARIES, counted: true, says: 'chai, dayjs, lodash, zod' },
  { name: 'waiting', scenarios: 320, library: WAITING, flags: ['--parallel', '32'], says: '5 ms a step, --parallel 32' },
]

export function describe({ name, scenarios, says }) {
  return `${name}: ${scenarios.toLocaleString('en')} x ${STEPS}${says ? `, ${says}` : ''}`
}

/** Writes the suite into an empty directory; gives the arguments to run it with there. */
export function write(directory, { scenarios, library, flags = [] }) {
  for (const folder of ['features', 'steps']) mkdirSync(join(directory, folder))
  writeFileSync(join(directory, 'steps/steps.js'), library)
  for (let first = 0; first < scenarios; first += PER_FILE) {
    const numbers = Array.from({ length: Math.min(PER_FILE, scenarios - first) }, (_, n) => first + n)
    const file = `features/${String(first / PER_FILE).padStart(4, '0')}.feature`
    writeFileSync(join(directory, file), `Feature: ${file}\n${numbers.map(scenario).join('')}`)
  }
  return [...flags, '--import', 'steps/steps.js', '--format', 'progress']
}

function scenario(number) {
  const numbers = Array.from({ length: STEPS - 1 }, (_, step) => step + (number % PER_FILE))
  const steps = numbers.map((number, step) => `    Given I add ${number} to the sum of "basket ${step}"\n`)
  const total = numbers.reduce((sum, number) => sum + number, 0)
  return `\n  Scenario: number ${number}\n${steps.join('')}    Then the sums come to ${total}\n`
}
