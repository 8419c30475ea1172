// Times @cucumber/gherkin and @cucumber/cucumber-expressions on the inputs that `cargo bench -- --json` prints, as
// benches/parts/measure.rs does for quickcuke. Reads those lines from stdin, writes a list of results in their units.

import { readFileSync } from 'node:fs'
import { CucumberExpression, ParameterTypeRegistry } from '@cucumber/cucumber-expressions'
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'
import { median } from './table.mjs'

const SAMPLES = 15
const SAMPLE_MS = 20
const WARM_UP_MS = 1000

const lines = readFileSync(0, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
console.log(JSON.stringify(lines.map(({ input }) => (typeof input === 'string' ? gherkin(input) : matching(input)))))

/** MB/s. */
function gherkin(text) {
  const milliseconds = time(() => {
    const newId = IdGenerator.incrementing()
    const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(text)
    return compile({ ...document, uri: 'a.feature' }, 'a.feature', newId)
  })
  return Buffer.byteLength(text) / 1e3 / milliseconds
}

/** Nanoseconds per step; every definition is tried, as cucumber-js does. */
function matching({ expressions, texts }) {
  const registry = new ParameterTypeRegistry()
  const definitions = expressions.map((source) => new CucumberExpression(source, registry))
  const find = () => texts.map((text) => definitions.map((definition) => definition.match(text)).filter(Boolean).length)
  if (find().some((count) => count !== 1)) throw new Error('each text has one definition')
  return (time(find) * 1e6) / texts.length
}

/** The median of samples, in milliseconds for one run. */
function time(run) {
  let times = 1
  for (const start = performance.now(); performance.now() - start < WARM_UP_MS; ) {
    if (sample(run, times) < SAMPLE_MS) times *= 2
  }
  return median(Array.from({ length: SAMPLES }, () => sample(run, times) / times))
}

function sample(run, times) {
  const start = performance.now()
  for (let n = 0; n < times; n++) run()
  return performance.now() - start
}
