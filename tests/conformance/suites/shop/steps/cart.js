const { Given, When, Then } = require('@cucumber/cucumber')
const { expect } = require('chai')
const { expect: expect6 } = require('chai6')
const dayjs = require('dayjs')
const utc = require('dayjs/plugin/utc')
const settings = require('../lib/settings')
const registry = require('../lib/registry')
const pricing = require('../lib/pricing')
const catalogue = require('../lib/catalogue')
const Money = require('../lib/money')

dayjs.extend(utc)

Given('an empty cart', function () {
  expect(this.cart.count).to.equal(0)
  expect6(registry).to.have.property('opened', true)
})

Given('the shop {string} is open at {word}', function (name, time) {
  expect(settings.get('shop')).to.equal(name)
  const { from, to } = settings.get('open')
  const at = (clock) => dayjs.utc(`2024-02-29T${clock}:00Z`)
  expect(at(time).isAfter(at(from)) && at(time).isBefore(at(to)), `open at ${time}`).to.be.true
})

When('I add {product}', function (product) {
  this.cart.add(product)
})

When('I add {int} of {product}', function (quantity, product) {
  this.cart.add(product, quantity)
})

When(/^I put (?<quantity>\d+) (?<!not )pieces? of (?<code>[a-z]{2}-\d+) in$/i, function (quantity, code) {
  this.cart.add(this.catalogue.find(code.toUpperCase()), Number(quantity))
})

When('I add:', function (table) {
  for (const { code, quantity } of table.hashes()) {
    this.cart.add(this.catalogue.find(code), Number(quantity))
  }
})

Then('the cart has {int} item(s)', function (count) {
  expect(this.cart.count).to.equal(count)
})

Then('the total is {money}', function (money) {
  expect(this.cart.total).to.deep.equal(money)
  expect6(this.cart.total).to.be.an.instanceOf(Money)
})

Then('the total in my currency is {float}', function (amount) {
  expect(`${this.cart.total}`).to.equal(`${amount.toFixed(2)} ${this.parameters.currency}`)
})

Then('there are {int} {word} in it', function (count, group) {
  expect(this.cart.groups).to.include({ [group]: count })
})

Then('I can take no more than my limit', function () {
  this.note(`${this.cart.count} of ${this.limit}`)
  expect(this.cart.count, 'too many items').to.be.at.most(this.limit)
})

Then('the half-loaded cart had no class', function () {
  expect(pricing.sawClass).to.equal(false)
  expect(catalogue.here).to.equal('catalogue.js')
  expect(catalogue.terms()).to.match(/^No returns/)
})

Then('adding {int} of {product} fails with {string}', function (quantity, product, message) {
  expect(() => this.cart.add(product, quantity).total).to.throw(RangeError, message)
})

Then('{stars} is {int}', function (stars, count) {
  expect6(stars).to.equal(count)
})
