// From a step's matched text to the arguments of its function, where JavaScript has a part in it: an
// author's transformer, a table, a BigInt, a number that JSON does not have. The rest is made in Rust.

const { DataTable } = require('quickcuke:cucumber/data_table');
const { library } = require('quickcuke:cucumber/builder');

/** `type` is the index of an author's type or the name of a built-in one. */
function transform(world, type, values) {
  // A group that took no part in the match comes as null and reaches a transformer as undefined.
  const groups = values.map((value) => value ?? undefined);
  if (typeof type === 'string') {
    if (groups[0] === undefined) return null;
    return type === 'biginteger' ? BigInt(groups[0]) : Number.parseFloat(groups[0]);
  }
  return library.parameterTypes[type].transformer.apply(world, groups);
}

/**
 * The arguments of a step function, or a promise of them where a transformer is asynchronous.
 * `step` is `{ arguments: ({ value } | { type, values })[], blocks: (string | string[][])[] }`: the blocks are
 * its doc string and its table, in source order.
 */
function stepParameters(world, step) {
  const parameters = step.arguments.map(({ type, values, value }) =>
    type === undefined ? value : transform(world, type, values),
  );
  for (const block of step.blocks) parameters.push(typeof block === 'string' ? block : new DataTable(block));
  for (const parameter of parameters) {
    if (typeof parameter?.then === 'function') return Promise.all(parameters);
  }
  return parameters;
}

module.exports = { stepParameters };
