import { Then } from '@cucumber/cucumber'
import * as cucumber from '@cucumber/cucumber'
import chai, { expect } from 'chai'
import * as chai6 from 'chai6'
import lodash from 'lodash'
import fp from 'lodash/fp.js'
import dayjs from 'dayjs'
import duration from 'dayjs/plugin/duration.js'
import Ajv2020, { _ } from 'ajv/dist/2020.js'
import * as z from 'zod'
import { v4, NIL, parse, version } from 'uuid'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import tags from '../lib/tags.json' with { type: 'json' }
import * as common from '../lib/common.cjs'
import common2, { named, next } from '../lib/common.cjs'
import plain from '../lib/plain.cjs'
import Thing from '../lib/class.cjs'
import kind from '#kind'
import { a, rename, countA } from '#lib/a'
import * as sub from '../lib/sub/index.js'
import late, { 'a name with spaces' as spaced } from '../lib/late.js'

const require = createRequire(import.meta.url)

const checks = {
  packages: () => [typeof chai.assert, typeof chai6.expect, lodash.VERSION.split('.')[0], fp.flow(fp.map((n) => n * 2), fp.sum)([1, 2]), dayjs.extend(duration).duration(90, 'minutes').format('HH:mm'), typeof Ajv2020, String(_`x`), z.string().optional().safeParse(7).success, v4().length, version(v4()), parse(NIL).length],
  cucumber: () => ['After', 'AfterAll', 'AfterStep', 'Before', 'BeforeAll', 'BeforeStep', 'DataTable', 'Given', 'Status', 'Then', 'When', 'World', 'context', 'defineParameterType', 'defineStep', 'parallelCanAssignHelpers', 'setDefaultTimeout', 'setDefinitionFunctionWrapper', 'setParallelCanAssign', 'setWorldConstructor', 'version', 'world', 'wrapPromiseWithTimeout'].map((name) => `${name} ${typeof cucumber[name]} ${cucumber[name].length} ${cucumber[name].name}`),
  json: () => [tags, require('../lib/tags.json') === require('../lib/tags.json')],
  'named exports of CommonJS': () => [Object.keys(common).filter((name) => name !== 'module.exports').sort(), common.default === common2, common2.default, named, next(), next(), common2.counter, common.counter],
  'default of CommonJS': () => [plain.one + plain.two + plain.three, plain.parent, plain.loaded, Thing.make().name, new Thing() instanceof Thing],
  conditions: () => [kind, common.kind, require('#kind'), sub.self, new sub.Self() instanceof sub.Self],
  'live bindings': () => { const before = [a, sub.a]; rename('renamed'); const after = [a, sub.a, countA(3), countA(2)]; rename('a'); return [before, after] },
  cycles: () => [sub.b.early, countA(0)],
  'top-level await': () => [late, spaced],
  'import.meta': () => [basename(import.meta.url), basename(import.meta.filename ?? ''), basename(import.meta.dirname ?? ''), basename(fileURLToPath(import.meta.url)), basename(fileURLToPath(import.meta.resolve('../lib/a.js')))],
  'dynamic import': async () => { const name = 'kind'; const { default: value } = await import(`../lib/${name}.js`); return [value, (await import('#lib/late')).late, await import('../lib/none.js').catch(({ name, code }) => [name, code]), await import('no-such-package').catch(({ code }) => code)] },
  'require of ES modules': () => [require('../lib/self.js').self, require('../lib/self.js').default === sub.Self, typeof require('uuid').v4, typeof require('chai6').expect, (() => { try { require('../lib/none') } catch ({ code }) { return code } })()],
  namespaces: () => [Object.prototype.toString.call(sub), Object.isSealed(sub), Object.keys(sub).sort(), 'a' in sub, (() => { try { sub.a = 1 } catch ({ name }) { return name } })(), typeof this],
  globals: () => [typeof globalThis.require, typeof globalThis.module, typeof __dirname, globalThis === global],
}

Then('{string} works', async function (name) {
  this.attach(JSON.stringify(await checks[name](), null, 1), 'application/json')
})

Then('chai works', () => expect(a).to.be.a('string'))
