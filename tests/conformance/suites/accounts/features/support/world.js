import { setWorldConstructor, setDefinitionFunctionWrapper, setDefaultTimeout } from '@cucumber/cucumber'

// A plain class that takes what it needs, and no more.
class Bank {
  constructor({ parameters, attach, log }) {
    this.bank = parameters.bank
    this.attachments = { attach, log }
    this.accounts = new Map()
    this.calls = []
  }
}

setWorldConstructor(Bank)
setDefaultTimeout(600)

setDefinitionFunctionWrapper((fn, options) => {
  if (!options?.counted) return fn
  return async function (...args) {
    this.calls.push(args.length)
    return fn.apply(this, args)
  }
})
