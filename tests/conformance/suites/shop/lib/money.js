const assert = require('assert')

class Money {
  constructor(amount, currency) {
    assert.ok(Number.isFinite(amount), 'an amount is a number')
    this.amount = Math.round(amount * 100) / 100
    this.currency = currency
  }

  plus(other) {
    assert.strictEqual(other.currency, this.currency)
    return new Money(this.amount + other.amount, this.currency)
  }

  times(factor) {
    return new Money(this.amount * factor, this.currency)
  }

  toString() {
    return `${this.amount.toFixed(2)} ${this.currency}`
  }
}

module.exports = Money
module.exports.zero = (currency) => new Money(0, currency)
