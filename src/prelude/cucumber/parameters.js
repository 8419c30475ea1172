// From a step's matched text to the arguments of its function.

const { DataTable } = require('quickcuke:cucumber/data_table');
const { library } = require('quickcuke:cucumber/builder');

const number = (text) => (text === undefined ? null : Number(text));
const float = (text) => (text === undefined ? null : parseFloat(text));
const same = (text) => text;

/** The transformers of the built-in parameter types. */
const builtins = {
  '': same,
  int: number,
  byte: number,
  short: number,
  long: number,
  float,
  double: float,
  word: same,
  bigdecimal: (text) => (text === undefined ? null : text),
  biginteger: (text) => (text === undefined ? null : BigInt(text)),
  string: (quoted, apostrophed) =>
    (quoted || apostrophed || '').replace(/\\"/g, '"').replace(/\\'/g, "'"),
};

/** `type` is a built-in type's name, an author's type's index, or null for none. */
function transform(world, { type, values }) {
  // A group that took no part in the match comes as null and reaches a transformer as undefined.
  const groups = values.map((value) => value ?? undefined);
  // A capture group of a regular expression that no parameter type claims.
  if (type === null) return groups[0] ?? null;
  const transformer = typeof type === 'number' ? library.parameterTypes[type].transformer : builtins[type];
  return transformer.apply(world, groups);
}

/**
 * The arguments of a step function, or a promise of them where a transformer is asynchronous.
 * `step` is `{ arguments: [{ type, values }], table?: string[][], docString?: string }`.
 */
function stepParameters(world, step) {
  const parameters = step.arguments.map((argument) => transform(world, argument));
  if (step.table !== undefined) parameters.push(new DataTable(step.table));
  if (step.docString !== undefined) parameters.push(step.docString);
  for (const parameter of parameters) {
    if (typeof parameter?.then === 'function') return Promise.all(parameters);
  }
  return parameters;
}

module.exports = { stepParameters };
