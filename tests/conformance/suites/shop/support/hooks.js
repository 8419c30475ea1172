const { Before, After, BeforeAll, AfterAll, BeforeStep, AfterStep } = require('@cucumber/cucumber')
const settings = require('../lib/settings')
const registry = require('../lib/registry')

BeforeAll(async function () {
  await new Promise((resolve) => setTimeout(resolve, 5))
  settings.load('data/settings.json')
  registry.opened = true
})

AfterAll({ name: 'close the registry' }, function () {
  registry.opened = false
})

Before({ name: 'open a till' }, function ({ pickle, gherkinDocument, testCaseStartedId }) {
  if (typeof testCaseStartedId !== 'string') throw new Error('no id')
  this.scenario = `${gherkinDocument.feature.name} / ${pickle.name}`
})

Before('@discount and not @vip', function () {
  this.cart.discount = 0.1
})

Before({ tags: '@vip' }, async function () {
  this.cart.discount = 0.25
  this.note('a VIP')
})

After({ tags: '@receipt', name: 'print the receipt' }, function ({ result, willBeRetried }) {
  this.attach(JSON.stringify({ status: result.status, willBeRetried, receipts: this.receipts }), 'application/json')
})

BeforeStep({ tags: '@traced' }, function ({ pickleStep }) {
  this.log(`> ${pickleStep.text}`)
})

AfterStep({ tags: '@traced' }, function ({ pickleStep, result }) {
  this.log(`< ${pickleStep.text}: ${result.status}`)
})
