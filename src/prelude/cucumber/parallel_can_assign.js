// Rules for setParallelCanAssign, which cucumber-js brings.

const hasTag = (pickle, name) => pickle.tags.some((tag) => tag.name === name);

const parallelCanAssignHelpers = {
  /** At most one scenario of each of these tags runs at a time. */
  atMostOnePicklePerTag: (names) => (inQuestion, inProgress) =>
    names.every((name) => !hasTag(inQuestion, name) || !inProgress.some((pickle) => hasTag(pickle, name))),
};

module.exports = { parallelCanAssignHelpers };
