// `util.parseArgs`.

const { coded, invalidArgType, invalidArgValue, requireObject, requireString } = require('quickcuke:errors');

const unknown = name => coded(TypeError, 'ERR_PARSE_ARGS_UNKNOWN_OPTION', `Unknown option '${name}'`);
const wrongValue = message => coded(TypeError, 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', message);

function parseArgs({ args = process.argv.slice(2), options = {}, strict = true, allowPositionals = !strict, allowNegative = false, tokens: wantTokens = false } = {}) {
  if (!Array.isArray(args)) throw invalidArgType('args', 'Array', args);
  requireObject(options, 'options');
  for (const [name, { type, short, multiple, default: preset }] of Object.entries(options)) {
    if (short !== undefined) requireString(short, `options.${name}.short`);
    if (short !== undefined && short.length !== 1) throw invalidArgValue(`options.${name}.short`, short, 'must be a single character');
    if (multiple !== undefined && typeof multiple !== 'boolean') throw invalidArgType(`options.${name}.multiple`, 'boolean', multiple);
    for (const value of preset === undefined ? [] : multiple && Array.isArray(preset) ? preset : [preset]) {
      if (typeof value !== type) throw invalidArgType(`options.${name}.default`, multiple ? 'Array' : type, preset);
    }
    if (type !== 'string' && type !== 'boolean') throw invalidArgType(`options.${name}.type`, "('string|boolean')", type);
  }
  const values = Object.create(null);
  const positionals = [];
  const tokens = [];
  const nameOf = short => Object.keys(options).find(name => options[name].short === short);
  const store = (name, value) => {
    if (options[name]?.multiple) (values[name] ??= []).push(value);
    else values[name] = value;
  };
  const take = (name, raw, value, index, inline) => {
    const option = options[name];
    const negated = allowNegative && option === undefined && name.startsWith('no-') && options[name.slice(3)]?.type === 'boolean';
    if (negated) name = name.slice(3);
    else if (strict && option === undefined) throw unknown(raw);
    const shown = option?.short ? `-${option.short}, --${name}` : `--${name}`;
    if (strict && option?.type === 'string' && typeof value !== 'string' && args[index + 1]?.startsWith('-') && args[index + 1].length > 1) {
      const example = option.short ? `'--${name}=-XYZ' or '-${option.short}-XYZ'` : `'--${name}=-XYZ'`;
      throw wrongValue(`Option '${raw}' argument is ambiguous.\nDid you forget to specify the option argument for '${raw}'?\nTo specify an option argument starting with a dash use ${example}.`);
    }
    if (strict && option?.type === 'string' && typeof value !== 'string') throw wrongValue(`Option '${shown} <value>' argument missing`);
    if (strict && option?.type === 'boolean' && value !== undefined) throw wrongValue(`Option '${shown}' does not take an argument`);
    tokens.push({ kind: 'option', name, rawName: raw, index, value, inlineValue: value === undefined ? undefined : inline });
    store(name, negated ? false : value ?? true);
  };

  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    const next = () => args[index + 1];
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const rest of args.slice(index + 1)) addPositional(rest, ++index);
      break;
    }
    const long = /^--([^=]+)(?:=([\s\S]*))?$/.exec(arg);
    if (long) {
      const [, name, inline] = long;
      const wantsValue = inline === undefined && options[name]?.type === 'string' && next() !== undefined && !/^-./.test(next());
      take(name, `--${name}`, wantsValue ? next() : inline, index, inline !== undefined);
      if (wantsValue) index++;
    } else if (/^-[^-]/.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const short = arg[at];
        const name = nameOf(short) ?? short;
        const isText = options[name]?.type === 'string';
        const rest = arg.slice(at + 1);
        const wantsValue = isText && rest === '' && next() !== undefined && !/^-./.test(next());
        take(name, `-${short}`, isText ? (rest !== '' ? rest : wantsValue ? next() : undefined) : undefined, index, rest !== '');
        if (wantsValue) index++;
        if (isText) break;
      }
    } else addPositional(arg, index);
  }
  function addPositional(value, index) {
    if (!allowPositionals) {
      throw coded(TypeError, 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', `Unexpected argument '${value}'. This command does not take positional arguments`);
    }
    positionals.push(value);
    tokens.push({ kind: 'positional', index, value });
  }
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined && values[name] === undefined) values[name] = option.default;
  }
  return wantTokens ? { values, positionals, tokens } : { values, positionals };
}

module.exports = { parseArgs };
