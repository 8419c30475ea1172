// `util.inspect`: any value as text, in Node's layout.

const { types, typedArrayName } = require('quickcuke:types');
const { colored, plain, quote, joinEntries, STYLES } = require('quickcuke:inspect_text');
const { constructorName, prefix, tagOf, functionHead, errorHead } = require('quickcuke:inspect_kinds');

const custom = Symbol.for('nodejs.util.inspect.custom');
const DEFAULTS = {
  showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false, maxArrayLength: 100,
  maxStringLength: 10000, breakLength: 80, compact: 3, sorted: false, getters: false, numericSeparator: false,
};
const { promiseState, proxyParts } = internal.natives;
// How an entry is written: with its key, as an array element, or with its key after array elements.
const OBJECT = 0, ELEMENT = 1, EXTRA = 2;

function inspect(value, options, ...legacy) {
  const given = { ...DEFAULTS };
  if (typeof options === 'boolean') given.showHidden = options;
  else if (options !== null && typeof options === 'object') {
    for (const key of Object.keys(options)) if (key in DEFAULTS || key === 'stylize') given[key] = options[key];
  }
  if (legacy.length > 0 && legacy[0] !== undefined) given.depth = legacy[0];
  if (legacy.length > 1 && legacy[1] !== undefined) given.colors = legacy[1];
  const context = { ...given, options: given, indentation: 0, currentLevel: 0, seen: [], circular: new Map() };
  context.stylize = context.colors ? colored : plain;
  if (context.maxArrayLength === null) context.maxArrayLength = Infinity;
  if (context.maxStringLength === null) context.maxStringLength = Infinity;
  return formatValue(context, value, 0);
}

function formatValue(context, value, level, typed = false) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return formatPrimitive(context, value);
  const shown = value;
  for (let proxy = proxyParts(value); proxy !== undefined; proxy = proxyParts(value)) {
    if (proxy.target === null) return context.stylize('<Revoked Proxy>', 'special');
    if (context.showProxy) return formatProxy(context, proxy, level);
    // Its traps are not for us to spring.
    value = proxy.target;
  }
  if (context.customInspect) {
    const own = value[custom];
    const isPrototype = value.constructor?.prototype === value;
    if (typeof own === 'function' && own !== inspect && !isPrototype) {
      const depth = context.depth === null ? null : context.depth - level;
      const options = { ...context.options, depth: context.depth, stylize: context.stylize };
      const made = own.call(shown, depth, options, inspect);
      if (made !== shown) {
        const text = typeof made === 'object' ? formatValue(context, made, level) : `${made}`;
        return text.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
      }
    }
  }
  if (context.seen.includes(value)) {
    if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
    return context.stylize(`[Circular *${context.circular.get(value)}]`, 'special');
  }
  return formatObject(context, value, level, typed);
}

function formatPrimitive(context, value) {
  const { stylize } = context;
  if (typeof value === 'string') {
    let rest = '';
    if (value.length > context.maxStringLength) {
      const more = value.length - context.maxStringLength;
      value = value.slice(0, context.maxStringLength);
      rest = `... ${more} more character${more > 1 ? 's' : ''}`;
    }
    if (context.compact !== true && value.length > 16 && value.length > context.breakLength - context.indentation - 4) {
      const lines = value.match(/[^\n]*\n|[^\n]+$/g) ?? [value];
      return lines.map(line => stylize(quote(line), 'string')).join(` +\n${' '.repeat(context.indentation + 2)}`) + rest;
    }
    return stylize(quote(value), 'string') + rest;
  }
  if (typeof value === 'number') return stylize(numberText(context, value), 'number');
  if (typeof value === 'bigint') return stylize(`${context.numericSeparator ? separated(value) : value}n`, 'bigint');
  if (typeof value === 'boolean') return stylize(`${value}`, 'boolean');
  if (value === undefined) return stylize('undefined', 'undefined');
  if (value === null) return stylize('null', 'null');
  return stylize(Symbol.prototype.toString.call(value), 'symbol');
}

const separated = digits => String(digits).replace(/\B(?=(\d{3})+$)/g, '_');

/** `context.numericSeparator` parts the digits by threes, on both sides of the point. */
function numberText(context, value) {
  if (!context.numericSeparator) return Object.is(value, -0) ? '-0' : String(value);
  const whole = String(Math.trunc(value));
  if (Math.trunc(value) === value || Number.isNaN(value)) return Number.isFinite(value) && !whole.includes('e') ? separated(whole) : whole;
  const [, fraction = ''] = String(value).split('.');
  if (String(value).includes('e')) return String(value);
  return `${value < 0 && !whole.startsWith('-') ? '-' : ''}${separated(whole)}.${fraction.replace(/\d{3}(?=\d)/g, '$&_')}`;
}

function keysOf(value, context, skipElements) {
  let keys = context.showHidden ? Object.getOwnPropertyNames(value) : ownKeys(value);
  if (skipElements) keys = keys.filter(key => !/^(0|[1-9]\d{0,9})$/.test(key));
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length > 0) {
    keys.push(...(context.showHidden ? symbols : symbols.filter(key => Object.prototype.propertyIsEnumerable.call(value, key))));
  }
  return keys;
}
function ownKeys(value) {
  // The bindings of an ES module that are not initialised yet throw.
  try { return Object.keys(value); } catch { return Object.getOwnPropertyNames(value); }
}

function formatProxy(context, { target, handler }, level) {
  if (context.depth !== null && level > context.depth) return context.stylize('Proxy [Array]', 'special');
  context.indentation += 2;
  const entries = [target, handler].map(part => formatValue(context, part, level + 1));
  context.indentation -= 2;
  return joinEntries(context, entries, '', ['Proxy [', ']'], true, level + 1);
}

// What sets a kind of object apart: { text } where that is all; else its base, braces, entries and further keys.
function describe(context, value, name, tag, typed) {
  const { stylize } = context;
  const isIterable = value[Symbol.iterator] !== undefined || name === null;
  if (isIterable && Array.isArray(value)) {
    const head = name !== 'Array' || tag !== '' ? prefix(name, tag, 'Array', `(${value.length})`) : '';
    return { braces: [`${head}[`, ']'], keys: keysOf(value, context, true), entries: formatArray, isArray: true, isEmpty: value.length === 0 };
  }
  if (isIterable && (types.isSet(value) || types.isMap(value))) {
    const isSet = types.isSet(value);
    const size = (isSet ? setSize : mapSize).call(value);
    const head = prefix(name, tag, isSet ? 'Set' : 'Map', `(${size})`);
    return { braces: [`${head}{`, '}'], entries: isSet ? formatSet : formatMap, isEmpty: size === 0 };
  }
  if (isIterable && types.isTypedArray(value)) {
    const head = prefix(name, tag, typedArrayName(value), `(${value.length})`);
    return { braces: [`${head}[`, ']'], keys: keysOf(value, context, true), entries: formatTypedArray, isArray: true, isEmpty: value.length === 0 && !context.showHidden };
  }
  if (types.isArgumentsObject(value)) {
    return { braces: ['[Arguments] {', '}'], isEmpty: true };
  }
  if (typeof value === 'function') {
    const base = functionHead(value, name, tag);
    return { base, text: stylize(base, 'special') };
  }
  if (types.isRegExp(value)) {
    const head = prefix(name, tag, 'RegExp');
    const base = (head === 'RegExp ' ? '' : head) + RegExp.prototype.toString.call(value);
    return { base, text: stylize(base, 'regexp'), shallow: true };
  }
  if (types.isDate(value)) {
    const head = prefix(name, tag, 'Date');
    const time = Date.prototype.getTime.call(value);
    const base = (head === 'Date ' ? '' : head) + (Number.isNaN(time) ? 'Invalid Date' : Date.prototype.toISOString.call(value));
    return { base, text: stylize(base, 'date') };
  }
  if (types.isNativeError(value) || value instanceof Error) {
    const keys = keysOf(value, context, false);
    const base = errorHead(value, name, tag, context, keys);
    return { base, text: base, keys };
  }
  if (types.isAnyArrayBuffer(value)) {
    const head = prefix(name, tag, types.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer');
    return { braces: [`${head}{`, '}'], entries: typed ? formatLength : formatArrayBuffer };
  }
  if (types.isDataView(value)) {
    return { braces: [`${prefix(name, tag, 'DataView')}{`, '}'], entries: formatDataView };
  }
  if (types.isPromise(value)) return { braces: [`${prefix(name, tag, 'Promise')}{`, '}'], entries: formatPromise };
  if (types.isWeakSet(value) || types.isWeakMap(value)) {
    const kind = types.isWeakSet(value) ? 'WeakSet' : 'WeakMap';
    return { braces: [`${prefix(name, tag, kind)}{`, '}'], entries: () => [stylize('<items unknown>', 'special')] };
  }
  if (types.isModuleNamespaceObject(value)) return { braces: [`${prefix(name, tag, 'Module').replace('] [Module', '')}{`, '}'], isEmpty: true };
  if (types.isBoxedPrimitive(value)) return boxed(context, value, name, tag);
  const head = name === 'Object' && tag === '' ? '' : prefix(name, tag, 'Object');
  return { braces: [`${head}{`, '}'], isEmpty: true };
}

const setSize = Object.getOwnPropertyDescriptor(Set.prototype, 'size').get;
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get;

function boxed(context, value, name, tag) {
  const kind = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].find(kind => types[`is${kind}Object`](value));
  const primitive = globalThis[kind].prototype.valueOf.call(value);
  let base = `[${kind}`;
  if (kind !== name) base += name === null ? ' (null prototype)' : ` (${name})`;
  base += `: ${formatPrimitive({ ...context, stylize: plain, compact: true }, primitive)}]`;
  if (tag !== '' && tag !== name) base += ` [${tag}]`;
  const keys = keysOf(value, context, kind === 'String');
  return { base, text: context.stylize(base, kind.toLowerCase()), keys };
}

function formatObject(context, value, level, typed) {
  const name = constructorName(value, context, level);
  const tag = tagOf(value, context);
  const form = describe(context, value, name, tag === name ? '' : tag, typed);
  const keys = form.keys ?? keysOf(value, context, false);
  const { base = '', braces = ['{', '}'], isArray = false } = form;
  if (keys.length === 0) {
    if (form.text !== undefined) return form.text;
    if (form.isEmpty) return `${braces[0]}${braces[1]}`;
  }
  if (context.depth !== null && level > context.depth) {
    if (form.shallow) return form.text;
    const head = prefix(name, tag === name ? '' : tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1);
    return context.stylize(name === null ? head : `[${head}]`, 'special');
  }
  level++;
  context.seen.push(value);
  context.currentLevel = level;
  const more = { hidden: false };
  const entries = form.entries === undefined ? [] : form.entries(context, value, level, more);
  for (const key of keys) entries.push(formatProperty(context, value, level, key, isArray ? EXTRA : OBJECT));
  context.seen.pop();
  let head = base;
  if (context.circular.has(value)) {
    const reference = context.stylize(`<ref *${context.circular.get(value)}>`, 'special');
    if (context.compact === true) braces[0] = `${reference} ${braces[0]}`;
    else head = head === '' ? reference : `${reference} ${head}`;
  }
  if (context.sorted) {
    const compare = context.sorted === true ? undefined : context.sorted;
    if (!isArray) entries.sort(compare);
    else if (keys.length > 1) entries.push(...entries.splice(entries.length - keys.length).sort(compare));
  }
  const result = joinEntries(context, entries, head, braces, isArray, level, value, more.hidden);
  return result;
}

function formatArray(context, value, level, more) {
  const entries = [];
  const shown = Math.min(Math.max(0, context.maxArrayLength), value.length);
  let index = 0;
  let present; // the indices there are, once there is a hole: it may be as long as an array can be
  while (index < value.length && entries.length < shown) {
    if (Object.hasOwn(value, index)) {
      entries.push(formatProperty(context, value, level, String(index), ELEMENT));
      index++;
      continue;
    }
    const start = index;
    present ??= Object.keys(value).map(Number).filter(at => at < value.length);
    index = present.find(at => at > start) ?? value.length;
    const holes = index - start;
    entries.push(context.stylize(`<${holes} empty item${holes > 1 ? 's' : ''}>`, 'undefined'));
  }
  remaining(entries, value.length - index, more);
  return entries;
}

function remaining(entries, count, more) {
  if (count <= 0) return;
  entries.push(`... ${count} more item${count > 1 ? 's' : ''}`);
  more.hidden = true;
}

function formatTypedArray(context, value, level, more) {
  const entries = [];
  const shown = Math.min(Math.max(0, context.maxArrayLength), value.length);
  for (let index = 0; index < shown; index++) entries.push(formatPrimitive(context, value[index]));
  remaining(entries, value.length - shown, more);
  if (context.showHidden) {
    for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
      entries.push(`[${key}]: ${formatValue(context, value[key], level, true)}`);
    }
  }
  return entries;
}

function limited(context, values, count, more, format) {
  const entries = [];
  const shown = Math.min(Math.max(0, context.maxArrayLength), count);
  context.indentation += 2;
  for (const value of values) {
    if (entries.length >= shown) break;
    entries.push(format(value));
  }
  context.indentation -= 2;
  remaining(entries, count - shown, {});
  return entries;
}
const formatSet = (context, value, level, more) =>
  limited(context, Set.prototype.values.call(value), setSize.call(value), more, item => formatValue(context, item, level));
const formatMap = (context, value, level, more) =>
  limited(context, Map.prototype.entries.call(value), mapSize.call(value), more,
    ([key, item]) => `${formatValue(context, key, level)} => ${formatValue(context, item, level)}`);

function formatArrayBuffer(context, value) {
  const bytes = new Uint8Array(value);
  const shown = bytes.subarray(0, Math.min(Math.max(0, context.maxArrayLength), bytes.length));
  let text = Array.from(shown, byte => byte.toString(16).padStart(2, '0')).join(' ');
  const more = bytes.length - shown.length;
  if (more > 0) text += ` ... ${more} more byte${more > 1 ? 's' : ''}`;
  return [`${context.stylize('[Uint8Contents]', 'special')}: <${text}>`, ...formatLength(context, value)];
}
const formatLength = (context, value) => [`${context.stylize('[byteLength]', 'string')}: ${context.stylize(String(value.byteLength), 'number')}`];

function formatDataView(context, value, level) {
  context.indentation += 2;
  const entries = ['byteLength', 'byteOffset', 'buffer'].map(key => `${context.stylize(`[${key}]`, 'string')}: ${formatValue(context, value[key], level)}`);
  context.indentation -= 2;
  return entries;
}

function formatPromise(context, value, level) {
  const { state, value: result } = promiseState(value) ?? {};
  if (state === undefined || state === 'pending') return [context.stylize('<pending>', 'special')];
  context.indentation += 2;
  const shown = formatValue(context, result, level);
  context.indentation -= 2;
  return [state === 'rejected' ? `${context.stylize('<rejected>', 'special')} ${shown}` : shown];
}

function formatProperty(context, object, level, key, kind) {
  let property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined || internal.lazyGetters.has(property.get)) {
    property = { value: object[key], configurable: true, enumerable: true };
  }
  let text;
  let gap = ' ';
  if (property.value !== undefined) {
    const indent = context.compact === true && kind === OBJECT ? 3 : 2;
    context.indentation += indent;
    text = formatValue(context, property.value, level);
    if (indent === 3 && text.length > context.breakLength) gap = `\n${' '.repeat(context.indentation)}`;
    context.indentation -= indent;
  } else if (property.get !== undefined) {
    text = formatGetter(context, object, property, level);
  } else {
    text = property.set !== undefined ? context.stylize('[Setter]', 'special') : context.stylize('undefined', 'undefined');
  }
  if (kind === ELEMENT) return text;
  return `${formatKey(context, key, property.enumerable)}:${gap}${text}`;
}

function formatKey(context, key, enumerable) {
  if (typeof key === 'symbol') return `[${context.stylize(Symbol.prototype.toString.call(key), 'symbol')}]`;
  if (key === '__proto__') return "['__proto__']";
  if (enumerable === false) return `[${key}]`;
  return /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key) ? key : context.stylize(quote(key), 'string');
}

function formatGetter(context, object, property, level) {
  const label = property.set === undefined ? 'Getter' : 'Getter/Setter';
  const wanted = context.getters === true || (context.getters === 'get' && property.set === undefined)
    || (context.getters === 'set' && property.set !== undefined);
  if (!wanted) return context.stylize(`[${label}]`, 'special');
  try {
    const value = property.get.call(object);
    context.indentation += 2;
    const text = formatValue(context, value, level);
    context.indentation -= 2;
    return value !== null && typeof value === 'object' ? `${context.stylize(`[${label}]`, 'special')} ${text}`
      : `${context.stylize(`[${label}:`, 'special')} ${text}${context.stylize(']', 'special')}`;
  } catch (error) {
    return context.stylize(`[${label}: <Inspection threw (${error.message})>]`, 'special');
  }
}

inspect.custom = custom;
Object.defineProperty(inspect, 'defaultOptions', {
  get: () => DEFAULTS,
  set(options) {
    if (options === null || typeof options !== 'object') throw require('quickcuke:errors').invalidArgType('options', 'Object', options);
    Object.assign(DEFAULTS, options);
  },
});
inspect.colors = Object.assign(Object.create(null), {
  reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24], blink: [5, 25], inverse: [7, 27],
  hidden: [8, 28], strikethrough: [9, 29], doubleunderline: [21, 24], black: [30, 39], red: [31, 39], green: [32, 39],
  yellow: [33, 39], blue: [34, 39], magenta: [35, 39], cyan: [36, 39], white: [37, 39], bgBlack: [40, 49], bgRed: [41, 49],
  bgGreen: [42, 49], bgYellow: [43, 49], bgBlue: [44, 49], bgMagenta: [45, 49], bgCyan: [46, 49], bgWhite: [47, 49],
  framed: [51, 54], overlined: [53, 55], gray: [90, 39], redBright: [91, 39], greenBright: [92, 39], yellowBright: [93, 39],
  blueBright: [94, 39], magentaBright: [95, 39], cyanBright: [96, 39], whiteBright: [97, 39], bgGray: [100, 49],
  bgRedBright: [101, 49], bgGreenBright: [102, 49], bgYellowBright: [103, 49], bgBlueBright: [104, 49],
  bgMagentaBright: [105, 49], bgCyanBright: [106, 49], bgWhiteBright: [107, 49],
});
const ALIASES = {
  gray: ['grey', 'blackBright'], bgGray: ['bgGrey', 'bgBlackBright'], dim: ['faint'], hidden: ['conceal'], strikethrough: ['strikeThrough', 'crossedout', 'crossedOut'],
  doubleunderline: ['doubleUnderline'], inverse: ['swapcolors', 'swapColors'],
};
for (const [name, others] of Object.entries(ALIASES)) {
  for (const other of others) Object.defineProperty(inspect.colors, other, { value: inspect.colors[name], writable: true, configurable: true });
}
inspect.styles = Object.assign(Object.create(null), {
  special: 'cyan', number: 'yellow', bigint: 'yellow', boolean: 'yellow', undefined: 'grey', null: 'bold',
  string: 'green', symbol: 'green', date: 'magenta', regexp: 'red', module: 'underline',
});

module.exports = { inspect, custom, numberText };
