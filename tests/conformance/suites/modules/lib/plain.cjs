const own = { one: 1, two: 2, get three() { return 3 } }
module.exports = own
module.exports.parent = typeof module.children
module.exports.loaded = module.loaded
