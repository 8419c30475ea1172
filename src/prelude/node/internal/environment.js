// `process.env`: the granted variables. Assigned values become strings, as in Node.

const variables = internal.ops.env_all();
// What was deleted is not asked for again.
let deleted = Object.create(null);

// A variable that is not here may be set outside: Rust notes that it was asked for, and with `--grants` gives its value.
function ask(name, byRuntime) {
  if (typeof name !== 'string' || name in variables || name in deleted) return;
  const value = internal.ops.env_get(name, byRuntime);
  if (value !== undefined) variables[name] = value;
}

/** The variable of that name, which the runtime wants for itself. */
function runtimeVariable(name) {
  ask(name, true);
  return variables[name];
}

/**
 * With `--grants`, the mark of `process.env` and of its copies: it shows only what was asked for, but a program that is
 * started with it gets all.
 */
const wholeEnv = Symbol('the whole environment');
if (internal.ops.process_info().permitsAll) variables[wholeEnv] = true;

const env = new Proxy(variables, {
  get(target, name) {
    ask(name, false);
    return target[name];
  },
  has(target, name) {
    ask(name, false);
    return name in target;
  },
  getOwnPropertyDescriptor(target, name) {
    ask(name, false);
    return Reflect.getOwnPropertyDescriptor(target, name);
  },
  set(target, name, value) {
    if (typeof name === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    target[name] = String(value);
    return true;
  },
  defineProperty(target, name, property) {
    return Reflect.defineProperty(target, name, { ...property, value: String(property.value), configurable: true, writable: true, enumerable: true });
  },
  deleteProperty(target, name) {
    if (typeof name === 'string') deleted[name] = true;
    return Reflect.deleteProperty(target, name);
  },
});

/** Takes the granted variables anew: those of a session may change from call to call. */
internal.renewEnv = () => {
  for (const name of Object.keys(variables)) delete variables[name];
  deleted = Object.create(null);
  Object.assign(variables, internal.ops.env_all());
};

module.exports = { env, runtimeVariable, wholeEnv };
