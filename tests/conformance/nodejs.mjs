// Part 4: what step libraries import from Node and find as globals. Each script of nodejs/ is run by Node 20, which the
// contract names, by Node 22, on which cucumber-js 13 itself runs, and in a step of quickcuke. What its calls give, throw
// and say is compared call by call: where the two Nodes differ, either will do.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { unintended } from './lib/compare.mjs'
import { home, inParallel, nodeBinary, run } from './lib/sides.mjs'

const OUTPUT = 'lines.json'

/** Gives [{ name, failures: [line] }], one for each script. */
export async function checkNodeModules(side, only) {
  const scripts = readdirSync(join(home, 'nodejs')).filter((file) => file.endsWith('.js') && file.includes(only)).sort()
  const results = []
  await inParallel(scripts, availableParallelism(), async (script) => {
    results.push({ name: script, failures: await checkScript(side, script) })
  })
  return results.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function checkScript(side, script) {
  // Side by side in one directory, so that paths and messages that hold paths are the same.
  const directory = mkdtempSync(join(tmpdir(), 'conformance-nodejs-'))
  try {
    cpSync(join(home, 'nodejs'), join(directory, 'scripts'), { recursive: true })
    for (const [file, text] of Object.entries(projectOf(script))) {
      mkdirSync(join(directory, file, '..'), { recursive: true })
      writeFileSync(join(directory, file), text)
    }
    const nodes = []
    for (const binary of [node20(), nodeBinary()]) nodes.push(await linesOf([binary, 'main.js'], directory))
    const ours = side.ours ? await linesOf([...side.command, '--trust', '--no-cache'], directory) : nodes[0]
    for (const { failure } of [...nodes, ours]) if (failure) return [failure]
    const labels = new Set([...nodes[0].lines.keys(), ...ours.lines.keys()])
    const found = [...labels].map((path) => ({ path, official: nodes[0].lines.get(path), newer: nodes[1].lines.get(path), ours: ours.lines.get(path) }))
    return unintended(`nodejs ${script}`, found.filter(({ official, newer, ours }) => official !== ours && newer !== ours))
      .map(({ path, official, newer, ours }) => [path, `Node 20   ${official}`, ...(newer === official ? [] : [`Node 22   ${newer}`]), `quickcuke ${ours}`].join('\n        '))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const projectOf = (script) => ({
  'package.json': '{ "type": "module" }\n',
  'main.js': `import { writeFileSync } from 'node:fs'
import { record } from './scripts/lib/recorder.js'
import script from './scripts/${script}'
writeFileSync('${OUTPUT}', JSON.stringify(await record(script)))
// What a script left waiting is not waited for.
process.exit(0)
`,
  'features/nodejs.feature': 'Feature: Node\n  Scenario: a script\n    Given the script has run\n',
  'features/steps.js': `import { writeFileSync } from 'node:fs'
import { Given } from '@cucumber/cucumber'
import { record } from '../scripts/lib/recorder.js'
import script from '../scripts/${script}'
Given('the script has run', { timeout: 60000 }, async () => {
  writeFileSync('${OUTPUT}', JSON.stringify(await record(script)))
})
`,
})

/** { lines: Map of label and text } or { failure } with what the program printed. */
async function linesOf(command, directory) {
  const output = join(directory, OUTPUT)
  rmSync(output, { force: true })
  const { code, stdout, stderr } = await run(command, { cwd: directory })
  if (!existsSync(output)) return { failure: `${command.join(' ')}: exit code ${code}, no results: ${`${stdout}${stderr}`.slice(-1500)}` }
  return { lines: new Map(JSON.parse(readFileSync(output, 'utf8'))) }
}

function node20() {
  const installed = join(home, `node_modules/node20-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(installed)) return installed
  if (process.versions.node.startsWith('20.')) return process.execPath
  throw new Error(`the part nodejs needs Node 20: run \`npm ci\` in ${home}, or start this with Node 20`)
}
