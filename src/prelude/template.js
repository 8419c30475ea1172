// Evaluates a template and calls its functions: what `src/template/` calls.

const { natives, ops } = internal;
const { Module, makeRequire } = internal.modules;
const { stringify } = JSON;
const { apply, defineProperty } = Reflect;

const { vars, commands } = internal.requireBuiltin('quickcuke:cucumber/session');

for (const [name, value] of Object.entries({ vars, commands })) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
internal.provideBuiltin('quickcuke', { vars, commands });

/** JSON text of a value; undefined is null. */
function toJson(value, what) {
  try {
    return stringify(value) ?? 'null';
  } catch (error) {
    throw new TypeError(`${what} is not JSON: ${error.message}`, { cause: error });
  }
}

// ---- host functions ------------------------------------------------------------------------------------

/** An asynchronous op fails where nobody is on the stack: its error has the frames of the call. */
const asynchronous = (name, number) => async (...args) => {
  const failure = new Error();
  const json = toJson(args, `An argument of ${name}`);
  try {
    return await ops.hostAsync(number, json);
  } catch ({ message }) {
    failure.message = message;
    throw failure;
  }
};

const synchronous = (name, number) => (...args) => ops.hostSync(number, toJson(args, `An argument of ${name}`));

/** Makes globals of the host functions, given as pairs of name and whether asynchronous. */
internal.entry('expose', (functions) => {
  functions.forEach(([name, isAsync], number) => {
    if (Object.hasOwn(globalThis, name)) {
      throw new TypeError(`The host function ${name} has the name of a global: give it another one`);
    }
    const value = (isAsync ? asynchronous : synchronous)(name, number);
    defineProperty(value, 'name', { value: name, configurable: true });
    defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  });
});

// ---- evaluation ----------------------------------------------------------------------------------------

const namespaces = [];

/** A script: `names` are the globals that it assigns; `file` is where its imports are looked for from. */
internal.entry('script', async (id, file, names) => {
  for (const name of names) {
    if (!Object.hasOwn(globalThis, name)) globalThis[name] = undefined;
  }
  const module = new Module(file);
  const { wrapper } = natives.load(id);
  await apply(wrapper, globalThis, [module.exports, makeRequire(module), module, module.id, module.path]);
});

internal.entry('module', async (id) => {
  namespaces.push(await import(id));
});

internal.entry('renewEnv', () => void internal.renewEnv?.());

// ---- calls ---------------------------------------------------------------------------------------------

/** The function that is exported under a name, else the global one. */
function find(name) {
  const owner = [...namespaces, globalThis].find((owner) => Object.hasOwn(owner, name));
  if (!owner) {
    const names = namespaces.flatMap((namespace) => Object.keys(namespace));
    const exported = names.length > 0 ? `the template exports ${names.join(', ')}` : 'the template exports nothing';
    throw new TypeError(`There is no function '${name}': ${exported}, and no global has this name`);
  }
  const value = owner[name];
  if (typeof value !== 'function') throw new TypeError(`'${name}' is no function but of type ${typeof value}`);
  return value;
}

const AsyncIterator = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

/**
 * A Rust stream: an item is pulled when it is asked for, which is in turn. No generator, since QuickJS never settles a
 * `next()` of one that has thrown.
 */
function stream(number) {
  let ended = false;
  let turn = Promise.resolve();
  const inTurn = (act) => (turn = turn.then(act, act));
  const end = (value) => {
    ended = true;
    ops.streamClose(number);
    return { value, done: true };
  };
  const pull = async () => {
    if (ended) return { value: undefined, done: true };
    try {
      const item = await ops.streamNext(number);
      return item === undefined ? end() : { value: item[0], done: false };
    } catch (error) {
      end();
      throw error;
    }
  };
  return {
    __proto__: AsyncIterator,
    next: () => inTurn(pull),
    return: (value) => inTurn(() => end(value)),
  };
}

/** What gives a value's items one by one; undefined for a plain value. */
function iteratorOf(value) {
  if (typeof value?.[Symbol.asyncIterator] === 'function') return value[Symbol.asyncIterator]();
  if (Object.prototype.toString.call(value) === '[object Generator]') return value;
}

/** Hands items to Rust, each when the one before was dealt with; gives what the generator returned. */
async function drain(call, iterator) {
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) return value;
    let more = false;
    try {
      more = await ops.sinkItem(call, toJson(await value, 'An item that was yielded'));
    } finally {
      if (!more) await iterator.return?.();
    }
    if (!more) return undefined;
  }
}

/** `streams` are pairs of where one stands, an index or a name, and its number. */
internal.entry('call', async (call, name, args, named, streams) => {
  for (const [place, number] of streams) {
    defineProperty(typeof place === 'number' ? args : named, place, {
      value: stream(number), writable: true, enumerable: true, configurable: true,
    });
  }
  if (named) args.push(named);
  const value = await apply(find(name), undefined, args);
  const iterator = iteratorOf(value);
  const result = iterator ? await drain(call, iterator) : value;
  ops.callReturn(call, toJson(result, `The value that ${name} returned`));
});
