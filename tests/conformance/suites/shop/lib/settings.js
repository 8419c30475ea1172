const { readFileSync } = require('node:fs')
const { resolve } = require('node:path')

let values

module.exports = {
  load(file) {
    values = Object.freeze(JSON.parse(readFileSync(resolve(__dirname, '..', file))))
  },
  get(name) {
    if (!values) throw new Error('the settings are not loaded')
    return values[name]
  },
}
