// A project in a temporary directory, made from a table of files and run by quickcuke alone.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { all, groupBy, parse } from './messages.mjs'
import { run } from './sides.mjs'

/**
 * Gives { code, output (stdout and stderr), envelopes, statuses: { SCENARIO: 'STATUS STATUS…' }, milliseconds }.
 * `limit`, in milliseconds, kills a run that hangs; its code is then the name of the signal.
 */
export async function runProject(side, files, flags = [], limit = 20_000) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-project-'))
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), content)
    }
    const command = [...side.command, '--format', 'progress', '--format', 'message:messages.ndjson', ...flags]
    const { code, stdout, stderr, milliseconds } = await run(command, { cwd: directory, limit })
    return { code, output: `${stdout}\n${stderr}`, ...read(join(directory, 'messages.ndjson')), milliseconds }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function read(file) {
  let envelopes
  try {
    envelopes = parse(readFileSync(file, 'utf8'))
  } catch {
    return { envelopes: [], statuses: {}, order: [] }
  }
  const byId = (kind) => new Map(all(envelopes, kind).map((item) => [item.id, item]))
  const [cases, pickles] = [byId('testCase'), byId('pickle')]
  const finished = groupBy(all(envelopes, 'testStepFinished'), ({ testCaseStartedId }) => testCaseStartedId)
  const statuses = {}
  for (const { id, testCaseId } of all(envelopes, 'testCaseStarted')) {
    const { name } = pickles.get(cases.get(testCaseId).pickleId)
    statuses[name] = (finished.get(id) ?? []).map(({ testStepResult }) => testStepResult.status.toLowerCase()).join(' ')
  }
  return { envelopes, statuses, order: Object.keys(statuses) }
}
