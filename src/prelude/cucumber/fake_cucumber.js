// `@cucumber/fake-cucumber`: the host module in the words of the compatibility kit's steps. Their functions leave out the
// parameters that they do not look at, and know no callbacks.

const host = require('quickcuke');
const { defineStep } = require('quickcuke:cucumber/builder');

module.exports = {
  ...host,
  Given: defineStep('Given', true),
  When: defineStep('When', true),
  Then: defineStep('Then', true),
  ParameterType: host.defineParameterType,
};
