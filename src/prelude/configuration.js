// Runs a configuration that is a script, as cucumber-js does.

/** The profiles that the file at an absolute path exports, as plain data. */
internal.entry('configuration', async (file) => {
  const namespace = await import(file);
  // A CommonJS module is what it assigned to module.exports.
  const profiles = 'module.exports' in namespace ? namespace['module.exports'] : { ...namespace };
  if (typeof profiles?.default !== 'function') return plain(profiles);
  if (Object.keys(profiles).length > 1) {
    throw new Error(
      'Invalid profiles specified: if a default function definition is provided, no other static profiles should be specified',
    );
  }
  return plain({ default: {}, ...(await profiles.default()) });
});

/** Functions and promises are no profiles: `true`, which is none either, is what still shows it as JSON. */
function plain(profiles) {
  if (typeof profiles !== 'object' || profiles === null) return profiles;
  const tell = (value) => (typeof value === 'function' || value instanceof Promise ? true : value);
  return Object.fromEntries(Object.entries(profiles).map(([name, profile]) => [name, tell(profile)]));
}

/** What a console prints of a message and a value beside it: see `DEBUG=cucumber`. */
internal.entry('debugText', (message, value, colors) =>
  internal.requireBuiltin('node:util').formatWithOptions({ colors: colors === 1 }, message, value),
);
