// Part 4: cucumber expressions and regular expressions against @cucumber/cucumber-expressions, the one that cucumber-js
// brings: what matches, the trees of groups, the values of arguments, error texts, and the snippets of undefined steps.
// The cases are in expressions/cases.mjs.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ambiguousTypes, badExpressions, badTypes, expressions, regularExpressions, stepTexts } from './expressions/cases.mjs'
import { describe, parameterTypes } from './expressions/support.mjs'
import { differences, text, unintended } from './lib/compare.mjs'
import { all } from './lib/messages.mjs'
import { runProject } from './lib/project.mjs'
import { home, inParallel } from './lib/sides.mjs'

const TYPES = 'expressions/support.mjs'

/** Gives [{ name, failures: [line] }], one for each pattern, error and text. */
export async function checkExpressions(side, { only, seed }) {
  const official = await officialPackage()
  const fails = (pattern) => errorOf(() => official.expression(pattern, official.registry())) !== undefined
  const wanted = ({ name }) => name.includes(only)
  const results = [
    ...await checkMatches(side, official, expressions(seed, fails).filter(wanted)),
    ...await checkMatches(side, official, regularExpressions(seed).filter(wanted)),
    ...await checkErrors(side, official, [...badExpressions(seed, fails), ...badTypes, ...ambiguousTypes].filter(wanted)),
    ...await checkSnippets(side, official, stepTexts(seed).filter(wanted)),
  ]
  return results.map(({ name, found }) => ({
    name,
    failures: unintended(`expressions ${name}`, found).map(({ path, official, ours }) => `${path}: official ${text(official)}, quickcuke ${text(ours)}`),
  }))
}

/** What cucumber-js itself uses: { package, registry(types), expression(pattern, registry), snippets }. */
async function officialPackage() {
  const cucumber = createRequire(join(home, 'x.js')).resolve('@cucumber/cucumber/package.json')
  const load = createRequire(cucumber)
  const library = await import(pathToFileURL(load.resolve('@cucumber/cucumber-expressions')))
  const snippets = join(dirname(cucumber), 'lib/formatter/step_definition_snippet_builder')
  const registry = (types = parameterTypes) => {
    const made = new library.ParameterTypeRegistry()
    for (const type of types) {
      const { name, regexp, transformer, useForSnippets = true, preferForRegexpMatch = false } = type
      made.defineParameterType(new library.ParameterType(name, regexp, null, transformer, useForSnippets, preferForRegexpMatch))
    }
    return made
  }
  return {
    registry,
    expression: (pattern, from) => withNativeIndices(new library.ExpressionFactory(from).createExpression(pattern)),
    snippets: (from) => new (load(`${snippets}/index.js`).default)({ snippetSyntax: new (load(`${snippets}/javascript_snippet_syntax.js`).default)(undefined), parameterTypeRegistry: from }),
  }
}

/**
 * The package finds positions by a rewritten expression, which fails on much that V8 takes (`v`, `[}--]`, backward
 * references into lookbehind) and then throws. V8's own positions are what that stands in for.
 */
function withNativeIndices(expression) {
  const tree = expression.treeRegexp
  const native = new RegExp(tree.regexp.source, `${tree.regexp.flags.replace(/[dg]/g, '')}d`)
  tree.match = (text) => {
    native.lastIndex = 0
    const found = native.exec(text)
    let index = 0
    return found && tree.groupBuilder.build(found, () => index++)
  }
  return expression
}

/**
 * Every text of all cases against every pattern of all cases: one dry run shows what matches and the groups, as a step
 * names all its definitions, however many. Then real runs, each with patterns that have no text in common, for the values.
 */
async function checkMatches(side, official, cases) {
  if (cases.length === 0) return []
  const registry = official.registry()
  const expressions = cases.map(({ pattern }) => official.expression(pattern, registry))
  const texts = [...new Set(cases.flatMap(({ texts }) => texts))]
  const expected = expressions.map((expression) => new Map(texts.map((text) => [text, match(expression, text)]).filter(([, found]) => found)))
  const { found: ours, refused } = await matchesOf(side, cases, texts)
  const values = await valuesOf(side, cases, expected, refused)
  const world = { attach: () => {} }
  return Promise.all(cases.map(async ({ name }, index) => {
    if (refused[index]) return { name, found: differences('a pattern', refused[index], 'definition') }
    const found = texts.flatMap((text) => differences(expected[index].get(text)?.shown, ours[index]?.get(text), JSON.stringify(text)))
    for (const [text, { arguments: list }] of expected[index]) {
      const wanted = await Promise.all(list.map((argument) => argument.getValue(world)))
      found.push(...differences(describe(wanted), values[index].get(text), `values of ${JSON.stringify(text)}`))
    }
    return { name, found }
  }))
}

/** The groups, as messages have them, and the arguments of a match. */
function match(expression, text) {
  const list = expression.match(text)
  if (!list) return undefined
  const group = ({ start, value, children }) => ({ start, value: value?.toWellFormed(), children: children?.map(group) })
  const shown = list.map((argument) => ({ group: group(argument.group), parameterTypeName: argument.parameterType.name }))
  return { arguments: list, shown }
}

/** What quickcuke matches: for each pattern Map { text: stepMatchArguments }, or why it is no pattern. */
async function matchesOf(side, cases, texts) {
  const { envelopes, output } = await runProject(side, projectOf(cases.map(({ pattern }) => ({ pattern, arity: 0 })), texts), ['--dry-run'], 120_000)
  const definitions = new Map(all(envelopes, 'stepDefinition').map(({ id }, index) => [id, index]))
  const refused = all(envelopes, 'stepDefinition').map(({ pattern }, index) => (pattern.source === sourceOf(cases[index].pattern) ? undefined : pattern.source))
  const pickleSteps = new Map(all(envelopes, 'pickle').flatMap(({ steps }) => steps).map(({ id, text }) => [id, text]))
  const found = cases.map(() => new Map())
  const testSteps = all(envelopes, 'testCase').flatMap(({ testSteps }) => testSteps)
  if (testSteps.length === 0) throw new Error(`quickcuke ran nothing:\n${output}`)
  for (const { pickleStepId, stepDefinitionIds, stepMatchArgumentsLists } of testSteps) {
    stepDefinitionIds.forEach((id, at) => {
      found[definitions.get(id)].set(pickleSteps.get(pickleStepId), stepMatchArgumentsLists[at].stepMatchArguments)
    })
  }
  return { found, refused }
}

/** The arguments that steps are called with: for each pattern Map { text: described values }. */
async function valuesOf(side, cases, expected, refused) {
  const values = cases.map(() => new Map())
  await inParallel(batches(expected, refused), availableParallelism(), async (batch) => {
    const texts = batch.flatMap((index) => [...expected[index].keys()])
    const definitions = batch.map((index) => ({ pattern: cases[index].pattern, arity: expected[index].values().next().value.arguments.length }))
    const { envelopes, output } = await runProject(side, projectOf(definitions, texts), [], 120_000)
    if (all(envelopes, 'testCaseStarted').length < texts.length) throw new Error(`quickcuke did not run all texts:\n${output}`)
    const textOf = textsOfAttempts(envelopes)
    const say = (started, value) => {
      const text = textOf.get(started)
      values[batch.find((index) => expected[index].has(text))].set(text, value)
    }
    for (const { testCaseStartedId, testStepResult } of all(envelopes, 'testStepFinished')) {
      if (testStepResult.status !== 'PASSED') say(testCaseStartedId, `${testStepResult.status} ${testStepResult.message}`)
    }
    for (const { testCaseStartedId, body } of all(envelopes, 'attachment')) say(testCaseStartedId, body)
  })
  return values
}

/** Map { testCaseStartedId: text of the only step }. */
function textsOfAttempts(envelopes) {
  const pickles = new Map(all(envelopes, 'pickle').map(({ id, steps }) => [id, steps[0].text]))
  const cases = new Map(all(envelopes, 'testCase').map(({ id, pickleId }) => [id, pickles.get(pickleId)]))
  return new Map(all(envelopes, 'testCaseStarted').map(({ id, testCaseId }) => [id, cases.get(testCaseId)]))
}

/** Groups of patterns, by index, none of which has a text that another one of the group matches. */
function batches(expected, refused) {
  const made = []
  expected.forEach((matches, index) => {
    if (matches.size === 0 || refused[index]) return
    const texts = [...matches.keys()]
    const batch = made.find((batch) => batch.every((other) => !texts.some((text) => expected[other].has(text))))
    if (batch) batch.push(index)
    else made.push([index])
  })
  return made
}

function projectOf(definitions, texts) {
  const steps = definitions.map(({ pattern, arity }) => `step(() => ${literal(pattern)}, ${arity})\n`).join('')
  return {
    'steps/support.mjs': readFileSync(join(home, TYPES), 'utf8'),
    'steps/steps.mjs': `import { defineParameterType, Given } from '@cucumber/cucumber'
import { describe, parameterTypes } from './support.mjs'
parameterTypes.forEach(defineParameterType)
function step(make, arity) {
  const code = function (...values) { return this.log(describe(values.slice(0, arity))) }
  Object.defineProperty(code, 'length', { value: arity })
  try {
    Given(make(), code)
  } catch (error) {
    Given(new RegExp(String(error).replaceAll(/[^\\w ]/g, '.')), code)
  }
}
${steps}`,
    'cucumber.json': JSON.stringify({ default: { import: ['steps/*.mjs'] } }),
    'features/texts.feature': `Feature: texts\n  Scenario Outline: x\n    Given <text>\n    Examples:\n      | text |\n${texts.map((text) => `      | ${cell(text)} |\n`).join('')}`,
  }
}

function literal(pattern) {
  return typeof pattern === 'string' ? JSON.stringify(pattern) : `new RegExp(${JSON.stringify(pattern.source)}, '${pattern.flags}')`
}

/** As cucumber-js gives it in messages. */
function sourceOf(pattern) {
  return pattern.flags || !pattern.source ? String(pattern) : pattern.source
}

function cell(text) {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '\\n')
}

/** The error of each definition or parameter type: quickcuke must print the official text. */
function checkErrors(side, official, cases) {
  return inParallel(cases, availableParallelism(), async ({ name, types = [], pattern = 'x', stepText = 'x' }) => {
    const message = errorOf(() => {
      const registry = official.registry(types)
      return official.expression(pattern, registry).match(stepText)
    })
    const regexps = (list) => `[${[list].flat().map(literal)}]`
    const files = {
      'features/steps.js': `const { defineParameterType, Given } = require('@cucumber/cucumber')
${types.map(({ regexp, ...type }) => `defineParameterType({ ...${JSON.stringify(type)}, regexp: ${regexps(regexp)} })\n`).join('')}
Given(${literal(pattern)}, function (...values) {})\n`,
      'features/x.feature': `Feature: x\n  Scenario: x\n    Given ${stepText}\n`,
    }
    const { output, envelopes } = await runProject(side, files)
    if (message === undefined) throw new Error(`${name} is no error`)
    const undefinedName = /^Undefined parameter type '(.*)'\.$/m.exec(message)?.[1]
    // Of these cucumber-js shows the name and the expression, and not the error.
    const found = undefinedName === undefined
      ? differences(message, output.includes(message) ? message : output, 'error')
      : differences([{ name: undefinedName, expression: pattern }], all(envelopes, 'undefinedParameterType'), 'undefinedParameterTypes')
    return { name, found }
  })
}

function errorOf(work) {
  try {
    work()
    return undefined
  } catch (error) {
    return error.message
  }
}

/** The snippets of undefined steps. */
async function checkSnippets(side, official, cases) {
  if (cases.length === 0) return []
  const builder = official.snippets(official.registry())
  const texts = [...new Set(cases.map(({ text }) => text))]
  const { envelopes, output } = await runProject(side, projectOf([], texts), [], 120_000)
  const pickleSteps = new Map(all(envelopes, 'pickle').flatMap(({ steps }) => steps).map(({ id, text }) => [id, text]))
  if (pickleSteps.size === 0) throw new Error(`quickcuke did not run the texts:\n${output}`)
  const ours = new Map(all(envelopes, 'suggestion').map(({ pickleStepId, snippets }) => [pickleSteps.get(pickleStepId), snippets.map(({ code }) => code)]))
  return cases.map(({ name, text }) => {
    const expected = builder.buildMultiple({ keywordType: 'precondition', pickleStep: { text } })
    return { name, found: differences(expected, ours.get(text), 'snippets') }
  })
}
