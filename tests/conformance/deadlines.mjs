// Quickcuke alone: steps that will not end, errors that are no errors, and bad input. Each check is a small
// project and what its run must show:
//   code      exit code
//   says      what the output contains, as text or regular expression
//   statuses  statuses of the steps of a scenario, by its name
//   order     names of the scenarios in the order in which they ran

import { runProject } from './lib/project.mjs'

const feature = (...scenarios) => `Feature: f\n${scenarios.map(([name, ...steps]) => `  Scenario: ${name}\n${steps.map((step) => `    Given ${step}\n`).join('')}`).join('')}`
const steps = (...lines) => `import { Given, Then, Before, After } from '@cucumber/cucumber'\n${lines.join('\n')}\nGiven('fine', () => {})\n`
const spinning = (body, timeout = 200) => ({
  files: { 'features/a.feature': feature(['stuck', 'stuck', 'fine'], ['next', 'fine']), 'features/steps.js': steps(`Given('stuck', { timeout: ${timeout} }, ${body})`) },
  code: 1,
  says: [/timed out/, new RegExp(`${timeout} milliseconds`), 'features/a.feature:2'],
  statuses: { stuck: 'failed skipped', next: 'passed' },
})
const failing = (body, ...says) => ({
  files: { 'features/a.feature': feature(['bad', 'bad', 'fine'], ['next', 'fine']), 'features/steps.js': steps(`Given('bad', ${body})`) },
  code: 1,
  says,
  statuses: { bad: 'failed skipped', next: 'passed' },
})
const good = { 'features/a.feature': feature(['one', 'fine'], ['two', 'fine']), 'features/steps.js': steps() }
const broken = (files, ...says) => ({ files: { ...good, ...files }, code: 1, says, order: [] })
const mistaken = (flags, ...says) => ({ files: good, flags, code: 1, says, order: [] })

const CHECKS = {
  'an endless loop': spinning('() => { for (;;) {} }'),
  'an endless async loop': spinning('async () => { for (;;) await null }'),
  'an endless loop after an await': spinning('async () => { await null; while (true); }'),
  'an endless loop that catches': spinning('() => { for (;;) try { for (;;) {} } catch {} }'),
  'a native loop': spinning('() => { for (;;) [].concat(Array(1e6).fill(0)) }'),
  'a native loop that allocates nothing': spinning("() => { const text = 'a'.repeat(2e7); for (;;) text.indexOf('b') }"),
  'an endless regular expression': spinning("() => { /(a+)+$/.test('a'.repeat(60) + 'b') }"),
  'endless recursion of promises': spinning('() => { const again = () => Promise.resolve().then(again); return again() }'),
  'an endless loop in a hook': {
    files: { 'features/a.feature': feature(['stuck', 'fine'], ['next', 'fine']), 'features/steps.js': steps("Before({ timeout: 100 }, ({ pickle }) => { if (pickle.name === 'stuck') for (;;) {} })") },
    code: 1,
    says: [/timed out/],
    statuses: { stuck: 'failed skipped', next: 'passed passed' },
  },
  'a stack overflow': failing('() => { const down = () => down() + 1; down() }', /RangeError|InternalError/, 'features/steps.js:2'),
  'too much memory': failing('() => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)) }', /memory/),
  'a thrown number': failing('() => { throw 42 }', 'Error: 42'),
  'a thrown null': failing('() => { throw null }', 'null'),
  'a thrown undefined': failing('() => { throw undefined }', 'undefined'),
  'a thrown symbol': failing("() => { throw Symbol('odd') }", 'odd'),
  'a thrown object without a prototype': failing('() => { throw Object.create(null) }', 'Object'),
  'a rejection without a reason': failing('() => Promise.reject()', /undefined|reason/),
  'a callback without patience': failing("(callback) => { callback(new Error('called back')); callback() }", 'called back'),
  'process.exit': failing('() => process.exit(0)', /process\.exit/),
  'process.abort or kill': failing("() => process.kill(process.pid, 'SIGKILL')", /kill/),
  'a circular attachment': failing('function () { const a = {}; a.a = a; this.attach(a) }', /attachment/),
  'an unhandled rejection': {
    files: { 'features/a.feature': feature(['stray', 'stray', 'fine'], ['next', 'fine']), 'features/steps.js': steps("Given('stray', () => { Promise.reject(new Error('nobody waits')) ; return new Promise((resolve) => setTimeout(resolve, 20)) })") },
    code: 1,
    says: ['nobody waits'],
    statuses: { next: 'passed' },
  },
  'a throwing timer': failing("() => new Promise(() => setTimeout(() => { throw new Error('in a timer') }, 1))", 'in a timer'),

  'a missing npm module': broken({ 'features/more.js': "import missing from 'no-such-module'\n" }, 'no-such-module', 'features/more.js'),
  'a missing file': broken({ 'features/more.cjs': "require('./lib/no_such_file')\n" }, 'no_such_file', 'features/more.cjs'),
  'a missing export': broken({ 'features/more.mjs': "import { Givven } from '@cucumber/cucumber'\n" }, 'Givven', 'features/more.mjs'),
  'broken TypeScript': broken({ 'features/more.ts': 'const a: number = 1\nconst b: string = = 2\n' }, /features\/more\.ts:2:19/),
  'broken JavaScript': broken({ 'features/more.js': 'const a = 1\nconst b = )\n' }, /features\/more\.js:2:11/),
  'broken JSON': broken({ 'features/more.js': "import data from './data.json' with { type: 'json' }\n", 'features/data.json': '{\n  "a": nope\n}\n' }, 'data.json'),
  'an error while loading TypeScript': broken({ 'features/more.ts': "interface Gone { a: 1 }\ntype Also = 'gone'\n\nthrow new Error('at load' as string)\n" }, 'at load', /features\/more\.ts:4:\d+/),
  'an unknown parameter type': { files: { ...good, 'features/more.js': steps("Given('a {nothing}', () => {})").replace("Given('fine', () => {})", '') }, code: 0, says: [] },
  'a broken expression': broken({ 'features/more.js': steps("Given('a (b', () => {})") }, 'features/more.js:2'),
  'a bad hook tag expression': broken({ 'features/more.js': steps("Before('@a and', () => {})") }, 'features/more.js:2', '@a and'),
  'feature parse errors of all files': broken(
    { 'features/b.feature': 'Feature: b\n  Scenario: y\n    Given x\n    Whenever z\n', 'features/c.feature': '# language: xx\nFeature: c\n' },
    /features\/b\.feature:4:5: .*expected: .*got 'Whenever z'/, /features\/c\.feature:1:1: .*Language not supported: xx/),
  'a missing feature': mistaken(['features/aa.feature'], 'features/aa.feature'),

  'an unknown option': mistaken(['--fail-fats'], '--fail-fats', '--fail-fast'),
  'an unknown formatter': { files: good, flags: ['--format', 'sumary'], code: 0, says: ['warning', 'sumary', 'summary'], order: ['one', 'two'] },
  'an unknown profile': { ...mistaken(['--profile', 'smok'], 'smok', 'smoke'), files: { ...good, 'cucumber.json': '{ "default": {}, "smoke": {} }' } },
  'an unknown key': { code: 0, says: ['warning', 'cucumber.json', 'worldParameter', 'worldParameters'], order: ['one', 'two'], files: { ...good, 'cucumber.json': '{ "default": { "worldParameter": {} } }' } },
  'an unknown key of quickcuke.toml': { ...mistaken([], /quickcuke\.toml:2:1/, 'retries', 'retry'), files: { ...good, 'quickcuke.toml': '[default]\nretries = 1\n' } },
  'a key of the wrong type': { ...mistaken([], 'cucumber.json', 'parallel'), files: { ...good, 'cucumber.json': '{ "default": { "parallel": "two" } }' } },
  'a broken configuration': { ...mistaken([], /cucumber\.json:2:/), files: { ...good, 'cucumber.json': '{\n  "default": ,\n}' } },
  'a bad tag expression': mistaken(['--tags', '@a and or @b'], '@a and or @b'),
  'a bad name': mistaken(['--name', '(unclosed'], '(unclosed'),
  'bad world parameters': mistaken(['--world-parameters', '{nope'], '--world-parameters', '{nope'),
  'an output that cannot be written': mistaken(['--format', 'summary:features/a.feature/report.txt'], 'report.txt'),
  'an unknown language': mistaken(['--language', 'klingon'], 'klingon'),

  'no scenario selected': { files: good, flags: ['--tags', '@none'], code: 0, says: [/no scenario/i], order: [] },
  'the reverse order': { files: good, flags: ['--order', 'reverse'], code: 0, says: ['2 scenarios (2 passed)'], order: ['two', 'one'] },
  'a passing run': { files: good, code: 0, says: ['2 scenarios (2 passed)'], order: ['one', 'two'] },
  'steps in steps/': { files: { 'features/a.feature': good['features/a.feature'], 'steps/a.ts': "import { Given } from 'quickcuke'\nGiven('fine', (): void => {})\n" }, code: 0, says: ['2 scenarios (2 passed)'] },
  'globals': { files: { 'features/a.feature': good['features/a.feature'], 'steps/a.js': "Given('fine', () => { if (ferridriver.host !== 'bdd') throw new Error(ferridriver.host) })\n" }, code: 0, says: ['2 scenarios (2 passed)'] },
  'an undefined step': { files: { ...good, 'features/b.feature': feature(['lost', 'nowhere']) }, code: 1, says: ["Given('nowhere'"], statuses: { lost: 'undefined' } },
  'a changed step file': { files: { ...good, 'features/steps.js': steps().replace('() => {}', "() => { throw new Error('changed') }") }, code: 1, says: ['changed'] },
}

/** Gives [{ name, failures: [line] }], one for each check. */
export async function checkDeadlines(side, only) {
  const results = []
  for (const [name, { files, flags, ...expected }] of Object.entries(CHECKS)) {
    if (!name.includes(only)) continue
    const result = await runProject(side, files, flags)
    const failures = judge(expected, result)
    if (failures.length > 0) failures.push(`output: ${JSON.stringify(result.output.trim().slice(0, 900))}`)
    results.push({ name, failures })
  }
  return results
}

function judge({ code, says = [], statuses = {}, order }, result) {
  const failures = []
  if (result.code !== code) failures.push(`exit code ${result.code} instead of ${code}`)
  for (const what of says) {
    const said = what instanceof RegExp ? what.test(result.output) : result.output.includes(what)
    if (!said) failures.push(`the output lacks ${what}`)
  }
  for (const [name, wanted] of Object.entries(statuses)) {
    if (result.statuses[name] !== wanted) failures.push(`${name}: ${result.statuses[name] ?? 'not run'} instead of ${wanted}`)
  }
  if (order && result.order.join() !== order.join()) failures.push(`ran ${result.order.join() || 'nothing'} instead of ${order.join() || 'nothing'}`)
  return failures
}
