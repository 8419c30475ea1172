exports.named = 'named'
exports.here = require('path').basename(__filename)
exports.kind = require('#kind')
exports.counter = 0
exports.next = () => ++exports.counter
Object.defineProperty(exports, '__esModule', { value: true })
exports.default = 'the default'
