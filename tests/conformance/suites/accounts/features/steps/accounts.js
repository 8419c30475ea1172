import { Given, When, Then } from '@cucumber/cucumber'
import assert from 'node:assert/strict'
import { expect } from 'chai6'
import open, { Account } from '../../src/account.js'

Given('accounts of {string} and {string}', function (first, second) {
  for (const owner of [first, second]) this.accounts.set(owner, open(owner))
  assert.equal(this.accounts.size, 2)
})

When('{int} goes into {account}', function (amount, account) {
  assert(account instanceof Account)
  account.deposit(amount)
})

When('{int} goes into {account} with a callback', function (amount, account, callback) {
  setTimeout(() => {
    account.deposit(amount)
    callback()
  }, 5)
})

When('{int} goes into {account} {int} ms later', async function (amount, account, delay) {
  await account.later(amount, delay)
})

When('{account} gets, one by one:', { timeout: 1000 }, async function (account, table) {
  const seen = []
  for await (const balance of account.history(table.raw().flat().map(Number))) seen.push(balance)
  this.attachments.log(seen.join(' '))
})

Then('{account} has {int}', (account, balance) => expect(account.balance).to.equal(balance))

Then('counted {int} and {word}', { wrapperOptions: { counted: true } }, async function (number, word) {
  expect(this.calls).to.deep.equal([2])
  expect([number, word]).to.deep.equal([7, 'seven'])
})

Then('{span} is {int} {word}', ({ from, to, unit }, length, same) => {
  assert.deepEqual({ length: to - from, unit }, { length, unit: same })
})

Then('a {broken} thing', () => {})

Then('the bank is {string}', function (name) {
  assert.equal(this.bank.name, name)
  this.bank.fees.push(3)
  assert.deepEqual(this.bank.fees, [1, 2, 3], 'each scenario has parameters of its own')
})

Then('numbers {byte} {short} {long} {double} {bigdecimal} {biginteger} {float}', (a, b, c, d, e, f, g) => {
  assert.deepEqual([a, b, c, d, e, f, g], [1, 2, 3, 4.5, '5.50', 6n, -0.5])
})

Then('text {string} {word} {} end', (a, b, c) => {
  assert.deepEqual([a, b, c], ['it\'s "so"', 'word', 'any thing'])
})

Then(/^optional (a)?(b)? (?:not captured )?(.*)$/, (a, b, c) => {
  assert.deepEqual([a, b, c], ['a', null, 'rest'])
})

Then('I have {int} cucumber(s) in my belly/stomach', (count) => assert.equal(count, 3))
Then('\\{int} and \\(text) and a\\/b', () => {})
