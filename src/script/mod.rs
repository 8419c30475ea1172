//! Running code in a session: JavaScript and TypeScript with arguments in, JSON out.
//!
//! A [`ScriptEngine`] runs a script in a throwaway session, or in a session of a table that keeps what the script
//! leaves behind:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use quickcuke::script::{RunContext, RunOptions, ScriptEngine, ScriptEngineOptions};
//! use quickcuke::session::TableLimits;
//! use serde_json::json;
//!
//! let engine = ScriptEngine::new(ScriptEngineOptions::new(std::env::current_dir()?));
//! let (options, context) = (RunOptions::default(), RunContext::default());
//!
//! let run = engine.run("return args[0] + args[1]", &[json!(20), json!(22)], &options, &context).await;
//! assert_eq!(run.result?, json!(42));
//!
//! let sessions = engine.table(TableLimits::default());
//! let mut alice = sessions.acquire("alice").await;
//! alice.execute("var visits = 1", &[], &options, &context).await.result?;
//! let run = alice.execute("return ++visits", &[], &options, &context).await;
//! assert_eq!(run.result?, json!(2));
//!
//! let mut bob = sessions.acquire("bob").await;
//! let run = bob.execute("return typeof visits", &[], &options, &context).await;
//! assert_eq!(run.result?, json!("undefined"));
//! # Ok(())
//! # }
//! ```
//!
//! Every VM has a thread of its own, so that a script that spins holds up nobody, and two sessions run at a time. Must
//! not know of Cucumber.
//!
//! ```text
//! engine.rs    ScriptEngine: run; what VMs are made from
//! session.rs   execute and execute_module of a session in a table
//! source.rs    what is run: a script, a function's text, a module
//! options.rs   RunOptions: the limits of a call
//! context.rs   RunContext: what a call may reach
//! outcome.rs   Execution: value or error, and what was printed
//! console.rs   what was printed, up to its caps
//! vm.rs        ScriptVm: a VM on its thread, as its user holds it
//! thread.rs    what runs on that thread
//! vm_thread.rs a thread that a VM lives on, for whoever has VMs
//! sources.rs   scripts as modules of a VM
//! pool.rs      VMs that wait for use
//! background.rs the thread that reads what processes print
//! ```

mod background;
mod console;
mod context;
mod engine;
mod late_files;
mod options;
mod outcome;
mod pool;
mod session;
mod source;
mod sources;
#[cfg(test)]
mod tests;
mod thread;
mod vm;
mod vm_thread;

pub use crate::host::{Mount, Net, Permissions, Stream};
pub use crate::isolate::{ErrorKind, ScriptError};
pub(crate) use background::Background;
pub use console::{Console, ConsoleEntry};
pub use context::{HostName, RunContext};
pub(crate) use engine::find_module;
pub use engine::{ScriptEngine, ScriptEngineOptions};
pub(crate) use late_files::LateFiles;
pub use options::RunOptions;
pub use outcome::Execution;
pub(crate) use pool::Pool;
pub use source::{Module, Source};
pub(crate) use sources::{Script, Shelf, Sources};
pub(crate) use thread::{parsed, told};
pub use vm::ScriptVm;
pub(crate) use vm::{PATIENCE, given_up};
pub(crate) use vm_thread::{Job, VmThread};
