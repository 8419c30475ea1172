// The World, and the proxies to the World and the run's context for arrow functions.

const { vars, session } = require('quickcuke:cucumber/session');

/** What `this` is in a step, unless setWorldConstructor names another class. */
class World {
  constructor({ attach, log, link, parameters }) {
    this.attach = attach;
    this.log = log;
    this.link = link;
    this.parameters = parameters;
  }
}

const OURS = { vars, session };

/** Gives an object what is ours, hidden, unless it has properties of these names or takes none. */
function equip(object, ours = OURS) {
  for (const name of Object.keys(ours)) {
    if (name in object) continue;
    Reflect.defineProperty(object, name, { value: ours[name], writable: true, configurable: true, enumerable: false });
  }
}
equip(World.prototype);

/** An object that stands for whatever `current()` gives at the moment of each use. */
function proxyTo(current) {
  const trap = (name) => (_, ...args) => Reflect[name](current(), ...args);
  return new Proxy(
    {},
    {
      defineProperty: trap('defineProperty'),
      deleteProperty: trap('deleteProperty'),
      getOwnPropertyDescriptor: trap('getOwnPropertyDescriptor'),
      getPrototypeOf: trap('getPrototypeOf'),
      has: trap('has'),
      isExtensible: trap('isExtensible'),
      ownKeys: trap('ownKeys'),
      preventExtensions: trap('preventExtensions'),
      setPrototypeOf: trap('setPrototypeOf'),
      get: (_, property) => Reflect.get(current(), property, current()),
      set: (_, property, value) => Reflect.set(current(), property, value, current()),
    },
  );
}

/** What `this` is in what runs now: a World, the run's context, or nothing. Only attempt.js sets it. */
const scope = { value: null, isWorld: false };

const world = proxyTo(() => {
  if (scope.value === null || !scope.isWorld) {
    throw new Error(
      'Attempted to access `world` from incorrect scope; only applicable to steps and case-level hooks',
    );
  }
  return scope.value;
});

const context = proxyTo(() => {
  if (scope.value === null || scope.isWorld) {
    throw new Error(
      'Attempted to access `context` from incorrect scope; only applicable to run-level hooks',
    );
  }
  return scope.value;
});

module.exports = { World, equip, scope, world, context };
