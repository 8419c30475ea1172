#!/usr/bin/env node
// Generates src/gherkin/dialect/table.rs from the keyword lists that the npm package
// @cucumber/gherkin publishes (MIT licence, https://github.com/cucumber/gherkin).
//
//   node dialects.mjs            write the table
//   node dialects.mjs --check    say whether the table is current; exit code 1 when it is not
//
// The package is found from the working directory, else from this file's directory.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '../../src/gherkin/dialect/table.rs')

const entry = findPackage()
const { dialects } = await import(pathToFileURL(entry))
const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'))

const table = body(dialects)
if (process.argv.includes('--check')) {
  const current = readFileSync(target, 'utf8')
  if (!current.endsWith(table)) {
    console.error(`${target} is out of date with @cucumber/gherkin ${version}: run \`node dialects.mjs\`.`)
    process.exit(1)
  }
  console.log(`Current with @cucumber/gherkin ${version}: ${Object.keys(dialects).length} dialects.`)
} else {
  writeFileSync(target, heading(version) + table)
  console.log(`Wrote ${target} from @cucumber/gherkin ${version}.`)
}

function findPackage() {
  for (const from of [process.cwd(), here]) {
    try {
      return createRequire(join(from, 'x.js')).resolve('@cucumber/gherkin')
    } catch {
      // Not installed there.
    }
  }
  console.error('Cannot find the npm package @cucumber/gherkin: run `npm install` here, or run this where it is installed.')
  process.exit(2)
}

function heading(version) {
  return `//! The keywords of every dialect. Generated: do not edit.
//!
//! From the npm package \`@cucumber/gherkin\` ${version} (MIT licence, <https://github.com/cucumber/gherkin>),
//! by \`node tests/conformance/dialects.mjs\`; \`--check\` says whether this file is current.

`
}

function body(dialects) {
  const rows = Object.entries(dialects).map(([code, dialect]) => {
    const list = (kind) => `&[${dialect[kind].map(literal).join(', ')}]`
    return `    Dialect {
        code: ${literal(code)}, name: ${literal(dialect.name)}, native: ${literal(dialect.native)},
        feature: ${list('feature')}, rule: ${list('rule')}, background: ${list('background')},
        scenario: ${list('scenario')}, scenario_outline: ${list('scenarioOutline')}, examples: ${list('examples')},
        given: ${list('given')}, when: ${list('when')}, then: ${list('then')},
        and: ${list('and')}, but: ${list('but')},
    },
`
  })
  return `use super::Dialect;

#[rustfmt::skip]
pub(super) static DIALECTS: &[Dialect] = &[
${rows.join('')}];
`
}

// Keywords hold no control characters, so JSON's escapes and Rust's are the same.
function literal(text) {
  return JSON.stringify(text)
}
