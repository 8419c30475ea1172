// Part 3: documents, pickles and parse errors against @cucumber/gherkin: every feature of the compatibility kit, the
// hand-written cases in gherkin/*.txt, one file for each dialect, documents that generate/documents.mjs grows from a seed,
// and a large one.
//
// In gherkin/*.txt a line `=== NAME [OPTION]...` begins a case. Options: [md] a Markdown file, [lang=xx] run with
// --language xx, [nonl] no newline at the end, [crlf] lines end so, [cr] `~` stands for a carriage return.
// `\u{XXXX}` stands for that character.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generateDocument, largeDocument } from './generate/documents.mjs'
import { differences, text, unintended } from './lib/compare.mjs'
import { all, groupBy, parse } from './lib/messages.mjs'
import { home, run } from './lib/sides.mjs'

const GENERATED = 1_200
const LARGE = 20_000
const SHOWN = 4_000

/** Gives [{ name, failures: [line] }], one for each file. */
export async function checkGherkin(side, { only, seed }) {
  const { dialects, generateMessages } = await import('@cucumber/gherkin')
  const { IdGenerator } = await import('@cucumber/messages')
  const every = [...compatibilityKit(), ...handWritten(), ...ofDialects(dialects), ...generated(seed, dialects), large()]
  const cases = every.filter(({ name }) => name.includes(only))
  const byLanguage = groupBy(cases, ({ language }) => language)
  const results = []
  for (const [language, group] of byLanguage) {
    group.forEach((item, index) => { item.uri = `features/${String(index).padStart(4, '0')}.feature${item.markdown ? '.md' : ''}` })
    const ours = await parseWith(side, language, group)
    for (const { name, uri, markdown, source } of group) {
      const media = `text/x.cucumber.gherkin+${markdown ? 'markdown' : 'plain'}`
      const options = { includeGherkinDocument: true, includePickles: true, newId: IdGenerator.uuid(), defaultDialect: language }
      const official = JSON.parse(JSON.stringify(generateMessages(source, uri, media, options)))
      const found = unintended(`gherkin ${name}`, differences(view(official), view(ours.get(uri) ?? [])))
      const failures = found.map(({ path, official, ours }) => `${path}: @cucumber/gherkin ${text(official)}, quickcuke ${text(ours)}`)
      if (failures.length > 0) failures.push(`source: ${JSON.stringify(source.slice(0, SHOWN))}`)
      results.push({ name, failures })
    }
  }
  return results
}

/** One run over all files of a language: the envelopes of each file, by URI. */
async function parseWith(side, language, group) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-gherkin-'))
  try {
    mkdirSync(join(directory, 'features'))
    // With this one at hand no run ever starts.
    writeFileSync(join(directory, 'features/zzzz.feature'), 'Never a feature\n')
    for (const { uri, source } of group) writeFileSync(join(directory, uri), source)
    const paths = ['features/**/*.feature', 'features/**/*.feature.md']
    await run([...side.command, ...paths, '--dry-run', '--language', language, '--format', 'message:messages'], { cwd: directory })
    const files = new Map()
    for (const envelope of parse(readFileSync(join(directory, 'messages'), 'utf8'))) {
      const uri = envelope.gherkinDocument?.uri ?? envelope.pickle?.uri ?? envelope.source?.uri ?? envelope.parseError?.source.uri
      if (uri) files.set(uri, [...(files.get(uri) ?? []), envelope])
    }
    return files
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What must be equal: ids become numbers in the order in which the file mentions them. */
function view(envelopes) {
  const errors = all(envelopes, 'parseError')
  // Of a file with errors nothing else counts.
  if (errors.length > 0) return { errors }
  const ids = new Map()
  const number = (id) => ids.get(id) ?? (ids.set(id, ids.size), ids.get(id))
  const walk = (value, key) => {
    if (key === 'id') return number(value)
    if (key === 'astNodeIds' || key === 'astNodeId') return [value].flat().map(number)
    if (Array.isArray(value)) return value.map((item) => walk(item))
    if (typeof value !== 'object' || value === null) return value ?? undefined
    // In the order of the alphabet, so that both sides number alike.
    return Object.fromEntries(Object.keys(value).sort().map((name) => [name, walk(value[name], name)]))
  }
  return walk({ document: all(envelopes, 'gherkinDocument'), pickles: all(envelopes, 'pickle'), errors })
}

function compatibilityKit() {
  const kit = join(dirname(createRequire(join(home, 'x.js')).resolve('@cucumber/compatibility-kit/package.json')), 'features')
  return readdirSync(kit, { recursive: true }).filter((file) => /\.feature(\.md)?$/.test(file)).sort().map((file) => ({
    name: `kit ${file}`, language: 'en', markdown: file.endsWith('.md'), source: readFileSync(join(kit, file), 'utf8'),
  }))
}

function handWritten() {
  const directory = join(home, 'gherkin')
  return readdirSync(directory).filter((file) => file.endsWith('.txt')).sort().flatMap((file) =>
    readFileSync(join(directory, file), 'utf8').split(/^=== /m).slice(1).map((part) => {
      const head = part.slice(0, part.indexOf('\n'))
      let source = part.slice(head.length + 1).replace(/\\u\{(\w+)\}/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
      if (head.includes('[nonl]')) source = source.replace(/\n$/, '')
      if (head.includes('[crlf]')) source = source.replace(/\n/g, '\r\n')
      if (head.includes('[cr]')) source = source.replace(/~/g, '\r')
      const language = /lang=([\w-]+)/.exec(head)?.[1] ?? 'en'
      return { name: `${file} ${head}`, language, markdown: head.includes('[md]'), source }
    }))
}

/** A file that uses every keyword of a dialect, and one whose feature stands on each word for it. */
function ofDialects(dialects) {
  return Object.entries(dialects).flatMap(([code, dialect]) => {
    const steps = ['given', 'when', 'then', 'and', 'but'].flatMap((kind) => dialect[kind]).map((word, n) => `    ${word}step ${n}\n`).join('')
    const outline = (word) => `  @t\n  ${word}: out <a>\n${steps}` + dialect.examples.map((examples) => `    ${examples}: e\n      | a |\n      | 1 |\n`).join('')
    const source = [
      `# language: ${code}\n${dialect.feature[0]}: name\n  text\n`,
      `  ${dialect.background[0]}: b\n${steps}`,
      ...dialect.scenario.map((word) => `  ${word}: s\n${steps}`),
      ...dialect.scenarioOutline.map(outline),
      ...dialect.rule.map((word) => ` ${word}: r\n  ${dialect.background.at(-1)}: b\n${steps}  ${dialect.scenario[0]}:\n${steps}`),
    ].join('')
    const words = dialect.feature.map((word) => ({ name: `dialect ${code} ${word}`, source: `#language:${code}\n${word}: x\n` }))
    return [{ name: `dialect ${code}`, source }, ...words].map((item) => ({ ...item, language: 'en', markdown: false }))
  })
}

function generated(seed, dialects) {
  return Array.from({ length: GENERATED }, (_, n) => {
    const document = generateDocument(seed + n, dialects)
    return { name: `${document.markdown ? 'markdown ' : ''}generated ${seed + n}`, language: 'en', ...document }
  })
}

function large() {
  return { name: 'large', language: 'en', markdown: false, source: largeDocument(LARGE) }
}
