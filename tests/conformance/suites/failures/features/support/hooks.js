import { After, Before, setDefaultTimeout } from '@cucumber/cucumber'

setDefaultTimeout(2000)

Before({ tags: '@fails-before', name: 'fails' }, () => {
  throw new Error('before the scenario')
})

Before({ tags: '@fails-before', name: 'comes later' }, function () {
  this.log('never')
})

Before('@skips', () => 'skipped')
Before('@pends', async () => 'pending')

Before({ tags: '@slow-before', timeout: 30 }, () => new Promise(() => {}))

After({ tags: '@fails-after', name: 'first defined, last run' }, function () {
  this.log('still runs')
})

After({ tags: '@fails-after', name: 'fails' }, function (_scenario, callback) {
  setImmediate(callback, new RangeError('after the scenario'))
})

After('@fails-after or @fails-before', function ({ result, error }) {
  this.log(`${result.status} ${result.exception?.type ?? 'none'} ${error ? error.message : 'no error'}`)
})

After('@odd-hook', function (a, b, c) {})
