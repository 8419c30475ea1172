const common = {
  requireModule: ['tsx/cjs'],
  require: ['support/**/*.js', 'steps/**/*.js', 'steps/**/*.ts'],
  import: ['steps/**/*.mjs'],
  worldParameters: { currency: 'EUR', limits: { items: 10 } },
}

module.exports = {
  default: common,
  smoke: { ...common, tags: '@smoke' },
  dollars: { ...common, worldParameters: { currency: 'USD', limits: { items: 2 } } },
  argv: '--require-module tsx/cjs --require support/**/*.js --require steps/**/*.js --require steps/**/*.ts --import steps/**/*.mjs --tags "@smoke and not @slow" --world-parameters \'{"currency":"GBP","limits":{"items":3}}\'',
}
