const _ = require('lodash')
const Money = require('./money')

// A cycle: the pricing module needs the cart's limit, the cart needs the prices.
exports.LIMIT = 100
const pricing = require('./pricing')

class Cart {
  #lines = []
  discount = 0

  constructor(currency) {
    this.currency = currency
  }

  add(product, quantity = 1) {
    if (!product) throw new TypeError('no such product')
    this.#lines.push({ product, quantity })
    return this
  }

  get count() {
    return _.sumBy(this.#lines, 'quantity')
  }

  get groups() {
    return _.mapValues(_.groupBy(this.#lines, 'product.group'), (lines) => _.sumBy(lines, 'quantity'))
  }

  get total() {
    const sum = this.#lines.reduce((sum, line) => sum.plus(pricing.price(line, this.currency)), Money.zero(this.currency))
    return sum.times(1 - this.discount)
  }
}

exports.Cart = Cart
