const { World, setWorldConstructor, setDefaultTimeout } = require('@cucumber/cucumber')
const { Cart } = require('../lib/cart')
const { createCatalogue } = require('../lib/catalogue')

class ShopWorld extends World {
  constructor(options) {
    super(options)
    this.cart = new Cart(this.parameters.currency)
    this.catalogue = createCatalogue()
    this.receipts = []
  }

  get limit() {
    return this.parameters.limits.items
  }

  note(text) {
    this.log(`note: ${text}`)
  }
}

setWorldConstructor(ShopWorld)
setDefaultTimeout(2000)
