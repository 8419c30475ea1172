// Runs scripts and modules in a session: what `src/script/` calls.

const { natives, ops } = internal;
const { Module, makeRequire } = internal.modules;
const { vars, commands } = internal.requireBuiltin('quickcuke:cucumber/session');
const { stringify } = JSON;
const { apply, defineProperty } = Reflect;

/** What the call that runs is told of its surroundings. */
let setting = { host: 'script', artifacts: null };

/** Tools are another host's business: accepted, so that one file can serve several hosts. */
const defineTool = () => {};

const ferridriver = Object.freeze({
  get host() {
    return setting.host;
  },
  defineTool,
  tool: defineTool,
});
defineProperty(globalThis, 'ferridriver', { value: ferridriver, enumerable: true });

const globals = { vars, commands, defineTool, tool: defineTool };
for (const [name, value] of Object.entries(globals)) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
defineProperty(globalThis, 'artifacts', {
  get: () => setting.artifacts ?? undefined,
  set: (value) => defineProperty(globalThis, 'artifacts', { value, writable: true, enumerable: true }),
  configurable: true,
});

internal.provideBuiltin('quickcuke', {
  ...globals,
  get host() {
    return setting.host;
  },
  get artifacts() {
    return setting.artifacts ?? undefined;
  },
});

function begin(args, surroundings) {
  setting = surroundings;
  if (setting.renewEnv) internal.renewEnv?.();
  globalThis.args = args;
}

/** Gives Rust the JSON of a value; undefined is null. */
function give(value) {
  let json;
  try {
    json = stringify(value);
  } catch (error) {
    throw new TypeError(`The value that was returned is not JSON: ${error.message}`, { cause: error });
  }
  ops.scriptReturn(json);
}

/** A script: `names` are the globals that it assigns; `surroundings.file` is where its imports are looked for from. */
internal.entry('script', async (id, names, args, surroundings) => {
  begin(args, surroundings);
  for (const name of names) {
    if (!Object.hasOwn(globalThis, name)) globalThis[name] = undefined;
  }
  const module = new Module(setting.file);
  const { wrapper } = natives.load(id);
  give(await apply(wrapper, globalThis, [module.exports, makeRequire(module), module, module.id, module.path]));
});

/** A module: what its default export is, or what that gives for the arguments. */
internal.entry('module', async (id, _, args, surroundings) => {
  begin(args, surroundings);
  const { default: main } = await import(id);
  give(typeof main === 'function' ? await main(...args) : await main);
});
