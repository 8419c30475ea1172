// The World, and the proxies to the World and the run's context for arrow functions.

/** What `this` is in a step, unless setWorldConstructor names another class. */
class World {
  constructor({ attach, log, link, parameters }) {
    this.attach = attach;
    this.log = log;
    this.link = link;
    this.parameters = parameters;
  }
}

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

/** What is running now: at most one of the two is set. Only attempt.js sets them. */
const scope = { world: null, context: null };

const world = proxyTo(() => {
  if (scope.world === null) {
    throw new Error(
      'Attempted to access `world` from incorrect scope; only applicable to steps and case-level hooks',
    );
  }
  return scope.world;
});

const context = proxyTo(() => {
  if (scope.context === null) {
    throw new Error(
      'Attempted to access `context` from incorrect scope; only applicable to run-level hooks',
    );
  }
  return scope.context;
});

module.exports = { World, scope, world, context };
