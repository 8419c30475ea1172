//! Suites of the crate `cucumber` with JavaScript steps, through the public API alone.

mod matching;
mod outcomes;
mod pool;
mod runtimes;
mod suite;
mod worlds;
mod writers;
