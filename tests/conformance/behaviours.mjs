// Part 5: small projects, each showing one behaviour of cucumber-js, run by both: exit code, messages, what is printed and
// what other files are written must be the same.
//
// In behaviours/*.txt:
//   === NAME [OPTION]...    begins a project. Options: [unordered] workers make the order a matter of chance,
//                           [plain] no messages are asked for (they are by `--format message:…`, one flag more)
//   $ FLAGS                 a run, after `NAME=value` for its environment; words are quoted as in a shell. Without such a
//                           line there is one run without flags; of several each finds the files of the one before.
//   --- PATH                begins a file. `\u{XXXX}` in it stands for that character.
// Where `\r` or no newline at the end is wanted, let a step or a config file write it.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { differences, unintended } from './lib/compare.mjs'
import { reduce } from './lib/messages.mjs'
import { home, inParallel, run } from './lib/sides.mjs'
import { contrast } from './statuses.mjs'
import { lineDifferences, listPlaces, normalise, sorted } from './lib/text.mjs'

/** Columns of frames are compared in the part `text`, over the suites that were made for it. */
const LINES = { columns: false }

/** Gives [{ name, failures: [line] }], one for each run of each project whose name contains `only`. */
export async function checkBehaviours(sides, only, width) {
  const projects = readProjects().filter(({ name }) => name.includes(only))
  const results = await inParallel(projects, width, async (project) => {
    const [official, ours] = [await runAll(sides[0], project), await runAll(sides[1], project)]
    return official.map((result, n) => compare(project, result, ours[n]))
  })
  return results.flat()
}

function readProjects() {
  const directory = join(home, 'behaviours')
  return readdirSync(directory).filter((file) => file.endsWith('.txt')).sort().flatMap((file) =>
    readFileSync(join(directory, file), 'utf8').split(/^=== /m).slice(1).map((part) => {
      const [head, ...files] = part.split(/^--- /m)
      const [title, ...lines] = head.split('\n')
      const runs = lines.filter((line) => line.startsWith('$')).map((line) => invocation(line.slice(1)))
      return {
        name: `${file.slice(0, -4)}: ${title.replace(/\s*\[.*/, '')}`,
        unordered: title.includes('[unordered]'),
        plain: title.includes('[plain]'),
        runs: runs.length > 0 ? runs : [invocation('')],
        files: Object.fromEntries(files.map((text) => [text.slice(0, text.indexOf('\n')).trim(), content(text)])),
      }
    }))
}

function content(text) {
  return text.slice(text.indexOf('\n') + 1).replace(/\\u\{(\w+)\}/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
}

function invocation(line) {
  const words = (line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []).map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'))
  const first = words.findIndex((word) => !/^\w+=/.test(word))
  const env = (first < 0 ? words : words.slice(0, first)).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])
  return { line: line.trim(), env: Object.fromEntries(env), flags: first < 0 ? [] : words.slice(first) }
}

/** The project's runs by one side: [{ line, code, stdout, stderr, messages, written }], texts already normalised. */
async function runAll(side, { files, runs, plain }) {
  // Both sides run in a directory of the same length, so that what is wrapped or padded is so alike.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'conformance-behaviour-')))
  const directory = join(scratch, 'project')
  const messages = join(scratch, 'messages')
  try {
    mkdirSync(directory)
    symlinkSync(join(home, 'node_modules'), join(directory, 'node_modules'))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true })
      writeFileSync(join(directory, file), text)
    }
    const results = []
    for (const { line, env, flags } of runs) {
      rmSync(messages, { force: true })
      const asked = plain ? [] : ['--format', `message:${messages}`]
      const { code, stdout, stderr } = await run([...side.command, ...flags, ...asked], { cwd: directory, env })
      results.push({
        line, code,
        stdout: normalise(stdout, directory, LINES),
        stderr: normalise(withoutEnvironment(stderr), directory, LINES),
        messages: existsSync(messages) ? readFileSync(messages, 'utf8') : '',
        written: Object.fromEntries(listFiles(directory).filter((file) => !(file in files))
          .map((file) => [file, normalise(readFileSync(join(directory, file), 'utf8'), directory, LINES)])),
      })
    }
    return results
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Without what `DEBUG=cucumber` shows of the process: Node's streams, and the environment of whoever runs this. */
function withoutEnvironment(stderr) {
  return stderr.replace(/^Resolved environment: \{\n[^]*?\n\}\n/gm, '')
}

function listFiles(directory, under = '') {
  return readdirSync(join(directory, under), { withFileTypes: true }).filter((entry) => !entry.isSymbolicLink()).flatMap((entry) =>
    entry.isDirectory() ? listFiles(directory, join(under, entry.name)) : [join(under, entry.name)])
}

function compare({ name, unordered }, official, ours) {
  const label = official.line ? `${name} $ ${official.line}` : name
  const view = ({ code, messages }) => ({ exitCode: code, ...(messages ? reduce(messages, { unordered }) : { messages: 'none' }) })
  const inOrder = (lines) => (unordered ? sorted(lines) : lines)
  const texts = (result) => ({ stdout: result.stdout, stderr: result.stderr, ...result.written })
  const found = differences(view(official), view(ours))
  const failures = unintended(label, found).map(({ path, official, ours }) => `${path}: ${contrast(official, ours)}`)
  const [theirs, mine] = [texts(official), texts(ours)]
  for (const report of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const places = lineDifferences(report, inOrder(theirs[report] ?? ['no such file']), inOrder(mine[report] ?? ['no such file']))
    failures.push(...listPlaces(unintended(label, places)))
  }
  return { name: label, failures }
}
