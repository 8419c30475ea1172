const { defineParameterType } = require('@cucumber/cucumber')
const Money = require('../lib/money')

defineParameterType({ name: 'money', regexp: /(\d+(?:\.\d{2})?) (EUR|USD|GBP)/, transformer: (amount, currency) => new Money(Number(amount), currency) })
defineParameterType({ name: 'product', regexp: /[A-Z]{2}-\d+/, transformer(code) { return this.catalogue.find(code) } })
defineParameterType({ name: 'stars', regexp: [/\*+/, /none/], transformer: async (text) => {
  await Promise.resolve()
  return text === 'none' ? 0 : text.length
}, useForSnippets: false })
