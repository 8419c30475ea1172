const path = require('path')
const fs = require('fs')

const groups = ['books', 'tools']

module.exports = {
  createCatalogue() {
    const products = groups.flatMap((group) => require(`../data/${group}.json`).map((product) => ({ ...product, group })))
    return {
      all: products,
      find: (code) => products.find((product) => product.code === code),
    }
  },
  terms: () => fs.readFileSync(path.join(__dirname, '..', 'data', 'terms.txt'), 'utf8').trim(),
  here: path.basename(__filename),
}
