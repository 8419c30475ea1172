// Sets up the support API, so that extension files can use it without importing anything.

internal.requireBuiltin('quickcuke');
