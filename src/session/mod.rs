//! What a scenario may leave behind for its next step, and what dies with it: variables, processes, and the table of
//! named sessions that hold them beside a VM.
//!
//! - [`Session`]: the durable record: [`Vars`] and [`Processes`];
//! - [`SessionTable`]: sessions by name, each with a guard and a disposable VM of an [`Engine`];
//! - [`Current`]: which session the running scenario is in, for ops.
//!
//! Must not know of JavaScript or of Cucumber: the VM is what the engine of the table says.

mod current;
mod process;
mod record;
mod table;
mod vars;

pub use current::Current;
pub(crate) use process::inline_toml;
pub use process::{
    BlockingOptions, Child, ChildError, ChildRequest, ChildStream, CommandError, CommandSpecError,
    Commands, Declaration, EnvLookup, Finished, HandleInfo, HandleOptions, HandleState,
    HandleStatus, KillReason, Processes, RunOptions, Status, StopOptions, signal,
};
pub use record::{Session, SessionOptions};
pub use table::{Engine, SessionGuard, SessionTable, TableLimits};
pub use vars::Vars;
