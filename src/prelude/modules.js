// CommonJS, builtins and import.meta, over the natives of raw/natives.rs. Runs right after core.js.

const { natives } = internal;
const { apply, defineProperty } = Reflect;

function failure(Class, code, message) {
  const error = new Class(message);
  error.code = code;
  return error;
}

// ---- builtins ------------------------------------------------------------------------------------------

const builtins = new Map(); // id -> module

function requireBuiltin(specifier) {
  const id = natives.isBuiltin(specifier);
  if (id === undefined) throw failure(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${specifier}`);
  const known = builtins.get(id);
  if (known) return known.exports;
  const module = { exports: {}, id };
  builtins.set(id, module);
  try {
    // Not by its `call`, which the author's code may have replaced: `internal` is nobody else's.
    apply(natives.builtin(id), undefined, [module.exports, requireBuiltin, module, id, '', internal]);
  } catch (error) {
    builtins.delete(id);
    throw error;
  }
  return module.exports;
}
internal.requireBuiltin = requireBuiltin;
/** Makes a builtin of exports, in the place of one that has not been required yet. */
internal.provideBuiltin = (id, exports) => void builtins.set(id, { exports, id });

// ---- CommonJS ------------------------------------------------------------------------------------------

const cache = Object.create(null);
const directory = (path) => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function nodeModulesPaths(from) {
  const paths = [];
  for (let at = from; ; at = directory(at)) {
    if (!at.endsWith('/node_modules')) paths.push(at === '/' ? '/node_modules' : `${at}/node_modules`);
    if (at === '/') return paths;
  }
}

function Module(id = '', parent = undefined) {
  this.id = id;
  this.path = directory(id || '/');
  this.exports = {};
  defineProperty(this, 'parent', { value: parent, configurable: true, enumerable: false, writable: true });
  this.filename = id || null;
  this.loaded = false;
  this.children = [];
  this.paths = nodeModulesPaths(this.path);
}

Module.prototype.require = function require(specifier) {
  return load(specifier, this);
};

function resolve(specifier, importer) {
  if (typeof specifier !== 'string') {
    throw failure(TypeError, 'ERR_INVALID_ARG_TYPE', `The "id" argument must be of type string. Received ${typeof specifier}`);
  }
  if (specifier === '') {
    throw failure(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'id' must be a non-empty string. Received ''");
  }
  return natives.resolve(specifier, importer, true);
}

function load(specifier, parent) {
  const id = resolve(specifier, parent.id);
  if (natives.isBuiltin(id) !== undefined) return requireBuiltin(id);
  return loadId(id, parent).exports;
}

function loadId(id, parent) {
  const known = cache[id];
  if (known) {
    if (parent && !parent.children.includes(known)) parent.children.push(known);
    return known;
  }
  const { kind, text, wrapper } = natives.load(id);
  const module = new Module(id, parent);
  if (parent) parent.children.push(module);
  cache[id] = module;
  let done = false;
  try {
    if (kind === 'json') {
      module.exports = parseJson(text, id);
    } else if (kind === 'esm') {
      const namespace = natives.requireEsModule(id);
      module.exports = requiredForm(namespace);
    } else {
      wrapper.call(module.exports, module.exports, makeRequire(module), module, id, module.path);
    }
    done = true;
  } finally {
    if (!done) {
      delete cache[id];
      const index = parent ? parent.children.indexOf(module) : -1;
      if (index >= 0) parent.children.splice(index, 1);
    }
  }
  module.loaded = true;
  return module;
}

function parseJson(text, id) {
  try {
    return JSON.parse(text);
  } catch (error) {
    error.message = `${id}: ${error.message}`;
    throw error;
  }
}

function makeRequire(module) {
  const require = (specifier) => module.require(specifier);
  require.resolve = (specifier, options) => {
    const [base] = options?.paths ?? [];
    return resolve(specifier, base === undefined ? module.id : `${base}/_`);
  };
  require.resolve.paths = (specifier) => (natives.isBuiltin(specifier) !== undefined ? null : nodeModulesPaths(module.path));
  require.cache = cache;
  require.main = undefined;
  require.extensions = Object.assign(Object.create(null), { '.js'() {}, '.json'() {}, '.node'() {} });
  return require;
}

// What require() gives for an ES module, as in Node: what it exports as 'module.exports', or its namespace, which says
// __esModule where there is a default export for Babel's and TypeScript's interop to find.
function requiredForm(namespace) {
  if (Object.hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!Object.hasOwn(namespace, 'default') || Object.hasOwn(namespace, '__esModule')) return namespace;
  const facade = Object.create(null, { [Symbol.toStringTag]: { value: 'Module' } });
  for (const name of ['__esModule', ...Object.keys(namespace)].sort()) {
    const get = name === '__esModule' ? () => true : () => namespace[name];
    Object.defineProperty(facade, name, { get, enumerable: true });
  }
  return facade;
}

function createRequire(from) {
  const path = from instanceof Object && typeof from.href === 'string' ? from.href : from;
  if (typeof path !== 'string' || !/^(file:\/\/)?\//.test(path)) {
    throw failure(
      TypeError,
      'ERR_INVALID_ARG_VALUE',
      `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received ${String(from)}`,
    );
  }
  const file = path.startsWith('file://') ? decodeURIComponent(path.slice(7).replace(/[?#].*$/s, '')) : path;
  return makeRequire(new Module(file.endsWith('/') ? `${file}noop.js` : file));
}

// What node:module is made of.
internal.modules = { Module, cache, createRequire, makeRequire, requireBuiltin };

// ---- ES modules ----------------------------------------------------------------------------------------

const fileUrl = (path) => `file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
const urlOf = (id) => (id.startsWith('/') ? fileUrl(id) : id);

function initMeta(meta, id) {
  meta.dirname = directory(id);
  meta.filename = id;
  meta.url = fileUrl(id);
  meta.resolve = (specifier) => urlOf(natives.resolve(`${specifier}`, id, false));
}

const isObjectLike = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// The exports of a CommonJS module or a builtin as an ES module sees them.
function exportsOf(exports) {
  const values = Object.create(null);
  if (isObjectLike(exports)) {
    for (const name of Object.keys(exports)) {
      if (name.isWellFormed()) values[name] = exports[name];
    }
    // Hidden in what Babel and TypeScript emit, and seen by Node all the same.
    if (Object.hasOwn(exports, '__esModule')) values.__esModule = exports.__esModule;
  }
  values.default = exports;
  values['module.exports'] = exports;
  return { names: JSON.stringify(Object.keys(values)), values };
}

internal.entry('quickcuke:import', async (id) => {
  await import(id);
});

Object.assign(internal.hooks, {
  initMeta,
  exportsOf,
  requireBuiltin,
  requireForImport: (id) => loadId(id, undefined).exports,
});
