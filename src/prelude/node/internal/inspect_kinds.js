// The head of an object as `util.inspect` shows it: constructor names, functions, classes, errors.

const { types, functionKind } = require('quickcuke:types');

function constructorName(value, context, level) {
  const first = Object.getPrototypeOf(value);
  for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
    const constructor = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
    if (typeof constructor === 'function' && constructor.name !== '' && isInstance(value, constructor)) return String(constructor.name);
  }
  if (first === null) return null;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (context.depth !== null && level > context.depth) return `${kind} <Complex prototype>`;
  const inner = constructorName(first, context, level + 1);
  if (inner !== null) return `${kind} <${inner}>`;
  const shown = require('quickcuke:inspect').inspect(first, { ...context.options, customInspect: false, depth: -1 });
  return `${kind} <${shown}>`;
}

function isInstance(value, constructor) {
  try { return value instanceof constructor; } catch { return false; }
}

// "Foo ", "Foo(2) [tag] ", "[Object: null prototype] "
function prefix(name, tag, fallback, size = '') {
  if (name === null) {
    return tag !== '' && fallback !== tag
      ? `[${fallback}${size}: null prototype] [${tag}] ` : `[${fallback}${size}: null prototype] `;
  }
  return tag !== '' && !isSaidBy(name, tag) ? `${name}${size} [${tag}] ` : `${name}${size} `;
}

// A class called MapOfNames or NameMap says by its name that it is a Map.
const isSaidBy = (name, tag) => {
  const at = name.indexOf(tag);
  return at !== -1 && !/[^A-Z]/.test(name.charAt(at + tag.length));
};

// The value's Symbol.toStringTag, unless it is an own property that is shown anyway.
function tagOf(value, context) {
  const tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' || tag === '') return '';
  const own = context.showHidden ? Object.hasOwn(value, Symbol.toStringTag)
    : Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return own ? '' : tag;
}

const isAsyncGenerator = functionKind('AsyncGeneratorFunction');

function functionHead(value, name, tag) {
  const source = Function.prototype.toString.call(value);
  if (source.startsWith('class') && source.endsWith('}')) return classHead(value, name, tag);
  let kind = 'Function';
  if (types.isGeneratorFunction(value)) kind = `Generator${kind}`;
  if (types.isAsyncFunction(value)) kind = `Async${kind}`;
  if (isAsyncGenerator(value)) kind = 'AsyncGeneratorFunction';
  let head = `[${kind}`;
  if (name === null) head += ' (null prototype)';
  head += value.name === '' ? ' (anonymous)' : `: ${typeof value.name === 'string' ? value.name : require('quickcuke:inspect').inspect(value.name)}`;
  head += ']';
  if (name !== kind && name !== null) head += ` ${name}`;
  if (tag !== '' && name !== tag) head += ` [${tag}]`;
  return head;
}

function classHead(value, name, tag) {
  const own = Object.hasOwn(value, 'name') && value.name;
  let head = own ? `[class ${value.name}` : '[class (anonymous)';
  if (name !== 'Function' && name !== null) head += ` [${name}]`;
  if (tag !== '' && name !== tag) head += ` [${tag}]`;
  if (name === null) return `${head} extends [null prototype]]`;
  const parent = Object.getPrototypeOf(value).name;
  return parent ? `${head} extends ${parent}]` : `${head}]`;
}

// The engine's own stacks hold only the frames; the first line is put before them where it is missing.
function stackOf(error) {
  const head = (() => { try { return Error.prototype.toString.call(error); } catch { return 'Error'; } })();
  const stack = error.stack;
  if (typeof stack !== 'string' || stack === '') return head;
  if (/^\s*at /.test(stack)) return `${head}\n${stack}`.trimEnd();
  return stack.trimEnd();
}

// The error's text, and which of its keys that text already says.
function errorHead(error, name, tag, context, keys) {
  let stack = stackOf(error);
  if (context.showHidden) {
    const hidden = ['stack', 'message'].filter(key => Object.hasOwn(error, key) && !Object.prototype.propertyIsEnumerable.call(error, key));
    keys.splice(0, keys.length, ...new Set([...hidden, ...keys]));
  } else for (const key of ['name', 'message', 'stack']) {
    const index = keys.indexOf(key);
    if (index !== -1 && (typeof error[key] !== 'string' || stack.includes(error[key]))) keys.splice(index, 1);
  }
  for (const key of ['cause', 'errors']) {
    if (!keys.includes(key) && Object.hasOwn(error, key) && (key === 'cause' || Array.isArray(error.errors))) keys.push(key);
  }
  stack = withClassName(stack, error, name, tag);
  const framesAt = stack.indexOf('\n    at', Math.max(0, String(error.message ?? '').length && stack.indexOf(error.message)));
  if (framesAt === -1) stack = `[${stack}]`;
  if (context.indentation === 0) return stack;
  return stack.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
}

// Says the class where the stack says only the kind: "Error: x" of a class MyError becomes "MyError: x".
function withClassName(stack, error, name, tag) {
  const kind = error.name != null ? String(error.name) : (name ?? 'Error');
  if (name === null) {
    const found = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    const said = found?.[1] ?? '';
    return `${prefix(name, tag, said || 'Error').slice(0, -1)}${stack.slice(said.length)}`;
  }
  if (kind === name || !kind.endsWith('Error') || !stack.startsWith(kind)) return stack;
  const end = stack.slice(kind.length);
  if (end !== '' && !/^(:|\n {4}at| \[)/.test(end)) return stack;
  if (name.includes(kind)) return kind === '' ? stack : `${name}${end}`;
  return `${kind} [${name}]${end}`.replace(`${kind} [${name}]`, `${name} [${kind}]`);
}

module.exports = { constructorName, prefix, tagOf, functionHead, errorHead, stackOf };
