//! The JavaScript that runs before the author's: what makes a QuickJS VM look like Node, and the
//! support API of Cucumber.
//!
//! A *script* runs when an isolate starts and is part of its snapshot. A *builtin* is a module that
//! runs when it is first required: `node:path`, `quickcuke`, and internal ones whose ids begin with
//! `quickcuke:`. Each is the body of `function (exports, require, module, __filename, __dirname,
//! internal)`.

mod table;

pub(crate) use table::{CONFIGURATION, PRELUDE, SCRIPT, TEMPLATE, public_builtins};
