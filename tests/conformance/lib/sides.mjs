// The two programs under comparison, and how one case is run by each.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const home = dirname(dirname(fileURLToPath(import.meta.url)))
const LIMIT_MS = 120_000
/** The first goes to standard output. */
const REPORTS = ['progress', 'message', 'summary', 'pretty', 'snippets', 'rerun', 'json', 'junit', 'usage', 'usage-json']

/** The Node that npm brought, as cucumber-js 13 needs Node 22; where npm has none, the one that runs this. */
export function nodeBinary(from = home) {
  // Not by way of node_modules/.bin: npm 10 makes no link there, as three packages claim the name.
  const installed = join(from, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(installed)) return installed
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  throw new Error(`no Node 22: run \`npm ci\` in ${from}, or start this with Node 22 or newer`)
}

/** The one that is installed in a directory. */
export function cucumberJs(from = home) {
  const manifest = createRequire(join(from, 'x.js')).resolve('@cucumber/cucumber/package.json')
  return { name: 'cucumber-js', command: [nodeBinary(from), join(dirname(manifest), 'bin/cucumber.js')] }
}

export function quickcuke(binary) {
  return { name: 'quickcuke', command: [binary], ours: true }
}

/**
 * Runs a case: { suite, flags, env, ours }, where `ours` are flags for quickcuke alone.
 * Gives { code, stdout, stderr } and each report under its name; one that was not written is ''.
 */
export async function runCase(side, { suite, flags = [], env = {}, ours = [] }) {
  const scratch = mkdtempSync(join(tmpdir(), 'conformance-'))
  const file = (name) => join(scratch, name)
  const formats = REPORTS.map((name) => (name === 'progress' ? name : `${name}:${file(name)}`))
  const args = [...flags, ...formats.flatMap((format) => ['--format', format]), ...(side.ours ? ours : [])]
  try {
    const result = await run([...side.command, ...args], { cwd: join(home, 'suites', suite), env })
    const report = (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '')
    return { ...result, ...Object.fromEntries(REPORTS.map((name) => [name, report(name)])) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Runs a command in a plain environment: { code (or the signal's name), stdout, stderr, milliseconds }. `onStart` is
 * told the process id.
 */
export function run([program, ...args], { cwd, env = {}, limit = LIMIT_MS, onStart }) {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(program, args, { cwd, env: plainEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] })
    if (child.pid) onStart?.(child.pid)
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (chunk) => { text[stream] += chunk })
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? signal, ...text, milliseconds: performance.now() - started })
    })
  })
}

/** Nothing of the machine that either side could take notice of, such as CI variables and terminal colours. */
function plainEnvironment(more) {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'].filter((name) => name in process.env)
  return { ...Object.fromEntries(kept.map((name) => [name, process.env[name]])), TZ: 'UTC', ...more }
}

/** Runs `work` over the items, so many at a time; results in the order of the items. */
export async function inParallel(items, width, work) {
  const results = []
  const queue = items.entries()
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }))
  return results
}
