// Part 6: the compatibility kit. Every sample is run with the kit's own steps, as they are, and what quickcuke tells
// must be what the kit's messages tell: envelope by envelope, in their order, and each as the schema has it.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020.js'
import { differences, text, unintended } from './lib/compare.mjs'
import { parse } from './lib/messages.mjs'
import { home, run } from './lib/sides.mjs'

const PACKAGES = join(home, 'node_modules/@cucumber')
const KIT = join(PACKAGES, 'compatibility-kit/features')
const SCHEMA = join(PACKAGES, 'messages/messages.schema.json')

/** Its steps fail from within fake-cucumber, by a flag that no other implementation has. */
const ARTIFICIAL = 'test-run-exception'

const CONFIGURATION = '[alias]\n"@cucumber/fake-cucumber" = "quickcuke"\n'

/** What two runs may tell differently: clocks, and the words of errors. That there are any must be the same. */
const WORDS = new Map([
  ['timestamp', () => 'a time'],
  ['duration', () => 'a duration'],
  ['testStepResult', (result) => ({ ...result, ...('message' in result && { message: 'words' }) })],
  ['result', (result) => ({ ...result, ...('message' in result && { message: 'words' }) })],
  ['exception', ({ type, ...rest }) => ({ type, ...Object.fromEntries(Object.keys(rest).map((key) => [key, 'words'])) })],
  ['snippets', (snippets) => (snippets.length > 0 ? 'snippets' : 'no snippets')],
  ['meta', () => 'the implementation'],
])

/** Gives [{ name, failures: [line] }], one for each sample. */
export async function checkKit(side, only) {
  const samples = readdirSync(KIT).filter((name) => name !== ARTIFICIAL && `kit ${name}`.includes(only)).sort()
  const isEnvelope = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
  const results = []
  for (const sample of samples) {
    const { code, stderr, messages } = await runSample(side, sample)
    const [official, ours] = [parse(readFileSync(join(KIT, sample, `${sample}.ndjson`), 'utf8')), parse(messages)]
    const failures = [...against(isEnvelope, ours), ...compare(`kit ${sample}`, official, ours)]
    const success = official.at(-1).testRunFinished.success
    if (code !== (success ? 0 : 1)) failures.push(`exit code ${code} of a run that ${success ? 'succeeds' : 'fails'}`)
    if (failures.length > 0 && stderr) failures.push(...stderr.trim().split('\n'))
    results.push({ name: sample, failures })
  }
  return results
}

/** Runs a sample where the kit's authors ran it, so that its URIs are theirs. */
async function runSample(side, sample) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-kit-'))
  const own = (ending) => readdirSync(join(KIT, sample)).filter((file) => file.endsWith(ending)).map((file) => join('samples', sample, file))
  const flags = own('.arguments.txt').flatMap((file) => readFileSync(join(KIT, sample, file.split('/').at(-1)), 'utf8').split(/\s+/).filter(Boolean))
  const steps = own('.ts').flatMap((file) => ['--import', file])
  const features = [...own('.feature'), ...own('.feature.md')]
  try {
    writeFileSync(join(directory, 'quickcuke.toml'), CONFIGURATION)
    cpSync(join(KIT, sample), join(directory, 'samples', sample), { recursive: true })
    const command = [...side.command, ...features, ...steps, ...flags, '--format', 'message:messages']
    const result = await run(command, { cwd: directory })
    return { ...result, messages: existsSync(join(directory, 'messages')) ? readFileSync(join(directory, 'messages'), 'utf8') : '' }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function against(isEnvelope, envelopes) {
  return envelopes.flatMap((envelope, n) =>
    isEnvelope(envelope) ? [] : isEnvelope.errors.map((error) => `${n} ${kind(envelope)}${error.instancePath}: ${error.message} (schema)`))
}

/** What differs, up to the first envelope that is another one altogether. */
function compare(name, official, ours) {
  const kinds = [official, ours].map((envelopes) => envelopes.map(kind))
  const length = Math.max(official.length, ours.length)
  const apart = Array.from({ length }, (_, n) => n).find((n) => kinds[0][n] !== kinds[1][n])
  const [theirIds, ourIds] = [new Map(), new Map()]
  const failures = []
  for (let n = 0; n < (apart ?? length); n++) {
    const views = [view(official[n]), view(ours[n])]
    pairIds(views[0], views[1], theirIds, ourIds)
    for (const { path, official, ours } of unintended(name, differences(...views))) {
      failures.push(`${n} ${path}: the kit ${text(official)}, quickcuke ${text(ours)}`)
    }
  }
  if (apart !== undefined) {
    const [theirs, own] = kinds.map((kinds) => kinds.slice(apart, apart + 6).join(', ') || 'nothing more')
    failures.push(`from ${apart} on: the kit has ${theirs}`, `from ${apart} on: quickcuke has ${own}`)
  }
  return failures
}

function kind(envelope) {
  return envelope && Object.keys(envelope)[0]
}

/** What must be equal of a value, with the key it stands under. */
function view(value, key) {
  const reduced = WORDS.has(key) ? WORDS.get(key)(value) : value
  if (typeof reduced !== 'object' || reduced === null) return reduced
  if (Array.isArray(reduced)) return reduced.map((item) => view(item))
  return Object.fromEntries(Object.entries(reduced).map(([key, value]) => [key, view(value, key)]))
}

/** Gives our ids the names of theirs, one for one: an id that stands for two of the other side's keeps its own. */
function pairIds(official, ours, theirIds, ourIds) {
  if (typeof official !== 'object' || typeof ours !== 'object' || official === null || ours === null) return
  for (const [key, theirs] of Object.entries(official)) {
    if (/(^id|Ids?)$/.test(key) && key in ours) {
      ours[key] = Array.isArray(ours[key])
        ? ours[key].map((id, n) => paired(theirs[n], id, theirIds, ourIds))
        : paired(theirs, ours[key], theirIds, ourIds)
    } else {
      pairIds(theirs, ours[key], theirIds, ourIds)
    }
  }
}

function paired(theirs, own, theirIds, ourIds) {
  if (theirs === undefined) return `quickcuke's ${own}`
  if (!theirIds.has(theirs) && !ourIds.has(own)) {
    theirIds.set(theirs, own)
    ourIds.set(own, theirs)
  }
  return theirIds.get(theirs) === own && ourIds.get(own) === theirs ? theirs : `quickcuke's ${own}, which is ${ourIds.get(own) ?? 'new'}`
}
