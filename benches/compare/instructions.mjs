// What a scenario costs in instructions, as callgrind counts them: what a run costs anyway is taken off.
// Copying memory hardly counts here, however long it takes: look at the times as well where restore changes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../tests/conformance/lib/sides.mjs'

const [FEW, MANY] = [100, 300]
const LIMIT_MS = 900_000

/** `prepare` writes a suite and gives { cwd, args }. */
export async function instructionsPerScenario(command, suite, prepare) {
  const few = await count(command, prepare({ ...suite, scenarios: FEW }))
  const many = await count(command, prepare({ ...suite, scenarios: MANY }))
  return (many - few) / (MANY - FEW)
}

async function count(command, { cwd, args }) {
  // The first run fills the cache of compiled libraries.
  await succeed([...command, ...args], cwd)
  const file = join(cwd, 'callgrind.out')
  await succeed(['valgrind', '--tool=callgrind', `--callgrind-out-file=${file}`, ...command, ...args], cwd)
  return Number(/^summary: (\d+)/m.exec(readFileSync(file, 'utf8'))[1])
}

async function succeed(command, cwd) {
  const { code, stdout, stderr } = await run(command, { cwd, limit: LIMIT_MS })
  if (code !== 0) throw new Error(`${command.join(' ')}: ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)
}
