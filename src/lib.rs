//! quickcuke runs Gherkin features whose steps are JavaScript or TypeScript, without Node.
//!
//! It is a command, `quickcuke`, and this library, with which `cargo test` runs feature suites: a
//! test target with `harness = false` whose `main` calls [`harness::main`].
//!
//! # Layout
//!
//! Data flows one way, from arguments to an exit code:
//!
//! | what comes in | module | what goes out |
//! |---|---|---|
//! | arguments, config files, environment | [`config`] | one resolved, immutable [`config::Config`] |
//! | feature files, step libraries | `discover` | paths |
//! | `.feature` text | [`gherkin`] | documents, pickles |
//! | `.js` and `.ts` files, npm packages | `library` | modules: resolved, transpiled, compiled once |
//! | Given/When/Then, hooks, parameter types | `support` | definitions, as plain data |
//! | a step's text, a pickle's tags | [`matching`] | definitions and arguments; yes or no |
//! | pickles and definitions | `plan` | what will run, in which order, bound to what |
//! | the plan | [`run`] | [`messages`]: envelopes, as they happen |
//! | envelopes | [`report`] | terminal, files |
//!
//! Below `run`, knowing nothing of Cucumber:
//!
//! - [`template`]: programs evaluated once, whose functions Rust calls in pristine instances
//! - [`script`]: running code in a session, one-shot or persistent
//! - [`session`]: the session table, vars, processes
//! - `host`: what JavaScript can reach, as thin ops over capabilities
//! - [`isolate`]: the QuickJS VM, its arena and snapshot, the event loop, deadlines
//! - `prelude`: the JavaScript that runs before the author's (Node shims, the support API)
//!
//! Beside it: [`configure`], [`signals`] and [`terminal`], which tie the pipeline to this process for the command;
//! [`i18n`]; `protected`, the directories that no grant opens; `base64`, `collation` and `file`, which several parts use;
//! and for Rust users [`cucumber`] (steps and a World for suites of that crate) and [`harness`] (the protocol of
//! `cargo test` and nextest).

#[cfg(not(unix))]
compile_error!(
    "quickcuke runs on Linux (tested) and macOS (written, not tested); Windows is not supported yet: use WSL there"
);

mod base64;
mod collation;
pub mod config;
pub mod configure;
pub mod cucumber;
mod discover;
mod file;
pub mod gherkin;
pub mod harness;
mod host;
pub mod i18n;
pub mod isolate;
mod library;
pub mod matching;
pub mod messages;
mod plan;
mod prelude;
mod protected;
pub mod report;
pub mod run;
pub mod script;
pub mod session;
pub mod signals;
mod support;
pub mod template;
pub mod terminal;

pub use cucumber::{StepLibrary, World};
