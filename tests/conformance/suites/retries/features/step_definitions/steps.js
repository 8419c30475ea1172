const { Before, After, Given, Then } = require('@cucumber/cucumber')

// Attempts of a scenario, kept in module state as suites do.
const attempts = {}

Before(function ({ pickle }) {
  attempts[pickle.id] = (attempts[pickle.id] ?? 0) + 1
  this.attempt = attempts[pickle.id]
})

After(function ({ result, willBeRetried }) {
  this.log(`${this.attempt}: ${result.status} ${willBeRetried}`)
})

Given('it works at attempt {int}', function (wanted) {
  if (this.seen) throw new Error('the World is not new')
  this.seen = true
  if (this.attempt < wanted) throw new Error(`attempt ${this.attempt}`)
})

Given('it is pending at first', function () {
  if (this.attempt === 1) return 'pending'
})

Given('it is slow at first', { timeout: 30 }, async function () {
  if (this.attempt === 1) await new Promise(() => {})
})

Then('done', () => {})
