module.exports = class Thing {
  static make() { return new Thing() }
  get name() { return 'thing' }
}
