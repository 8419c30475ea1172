// Modules that are not there yet. Requiring one works, since many packages do so without need; using it says why not.

const { coded } = require('quickcuke:errors');

function unavailable(id, reason, names, constants = {}) {
  const message = name => `${id}${name === undefined ? '' : `.${name}`} is not available in quickcuke: ${reason}`;
  const module = { ...constants };
  for (const name of names) {
    module[name] = { [name]: function () { throw coded(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message(name)); } }[name];
  }
  return module;
}

module.exports = { unavailable };
