const cart = require('./cart')
const Money = require('./money')

// `cart` is only half loaded here, so its limit is there and its class is not.
const sawClass = 'Cart' in cart

exports.sawClass = sawClass
exports.price = ({ product, quantity }, currency) => {
  if (quantity > cart.LIMIT) throw new RangeError(`no more than ${cart.LIMIT} of ${product.code}`)
  return new Money(product.price * quantity, currency)
}
