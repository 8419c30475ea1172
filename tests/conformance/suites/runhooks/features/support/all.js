import { After, AfterAll, AfterStep, Before, BeforeAll, BeforeStep, Given, Status, context, version, world } from '@cucumber/cucumber'

const order = []
const state = { ready: false }

BeforeAll(async () => { await null; order.push('first') })
BeforeAll({ name: 'second', timeout: 500 }, function (callback) { setTimeout(() => { order.push('second'); state.ready = true; callback() }, 2) })
BeforeAll(function () { order.push(JSON.stringify(context.parameters)) })
AfterAll(() => { console.log('AfterAll, defined first') })
AfterAll(async function () { console.log('AfterAll, defined last') })

Before({ name: 'numbered' }, function () { this.seen = [...order] })
Before({ tags: '@a or @b' }, function () { this.seen.push('a or b') })
Before({ tags: 'not @a' }, function () { this.seen.push('not a') })
BeforeStep(function ({ pickleStep, pickle }) { this.seen.push(`[${pickleStep.text.length} ${pickle.steps.length}`) })
BeforeStep({ tags: '@b' }, function () { this.seen.push('[b') })
AfterStep(function ({ result }) { this.seen.push(`${result.status === Status.PASSED ? 'ok' : result.status}]`) })
AfterStep({ tags: '@step-hook-fails' }, function () { throw new Error('after the step') })
BeforeStep({ tags: '@step-hook-skips' }, () => 'skipped')
After(function () { this.log(this.seen.join(' ')) })
After(async function () { world.log(`the same world: ${world === this}`) })

Given('all is set up', function () {
  if (!state.ready) throw new Error('BeforeAll did not run')
  this.log(`${order.length} ${/^\d+\.\d+\.\d+/.test(version)}`)
})
Given('it fails', () => { throw new Error('it fails') })
Given('it goes on', () => {})
