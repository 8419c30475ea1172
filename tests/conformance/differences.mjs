// Where quickcuke means to differ from the official packages: all of it, each with its reason.
// `case` and `path` say where (as run.mjs prints them); `official` and `ours`, if given, what each side must show.

export const intended = [
]
