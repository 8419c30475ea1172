import { defineParameterType } from '@cucumber/cucumber'
import { setTimeout as sleep } from 'node:timers/promises'

defineParameterType({
  name: 'account',
  regexp: /"([a-z]+)"'s account/,
  async transformer(owner) {
    await sleep(1)
    return this.accounts.get(owner) ?? Promise.reject(new Error(`${owner} has no account`))
  },
})

defineParameterType({
  name: 'span',
  regexp: /(\d+)-(\d+) (days|hours)/,
  transformer: (from, to, unit) => ({ from: +from, to: +to, unit }),
})

defineParameterType({
  name: 'broken',
  regexp: /broken|torn/,
  transformer(text) {
    throw new RangeError(`cannot take ${text}`)
  },
})
