//! Programs that are evaluated once and instantiated often: Rust calls their functions, each caller in an instance of
//! its own.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use quickcuke::script::Module;
//! use quickcuke::template::{Argument, Arguments, InstanceOptions, Template};
//! use serde_json::{Value, json};
//!
//! let template = Template::builder()
//!     .module(Module::source(
//!         "export async function* scale(numbers: AsyncIterable<number>, { by }) {
//!              let count = 0;
//!              for await (const number of numbers) { yield multiply(number, by); count++ }
//!              return count;
//!          }",
//!     ))
//!     .function("multiply", |args| match (args[0].as_i64(), args[1].as_i64()) {
//!         (Some(a), Some(b)) => Ok(json!(a * b)),
//!         _ => Err("multiply takes two whole numbers"),
//!     })
//!     .build()
//!     .await?;
//!
//! let mut instance = template.instantiate(InstanceOptions::default()).await?;
//! let numbers = futures::stream::iter([1, 2, 3].map(Value::from));
//! let args = Arguments::new().positional(Argument::stream(numbers)).named("by", 10);
//! let output = instance.call("scale", args).await?;
//! assert_eq!(output.items, [10, 20, 30]);
//! assert_eq!(output.result, 3);
//! # Ok(())
//! # }
//! ```
//!
//! An instance has a session of its own: `vars` and the processes of `commands` survive a VM that a timeout took, and end
//! with the instance.
//!
//! A VM takes some milliseconds to make, with the template's code evaluated in it. One that was used is restored by its
//! snapshot and kept for the next instance. Each has a thread of its own. Must not know of Cucumber.
//!
//! ```text
//! builder.rs       TemplateBuilder: what a template is made of
//! instance.rs      Instance: call, call_with_sink
//! argument.rs      Arguments: positional and named ones, values and streams
//! host_function.rs Rust closures that JavaScript calls
//! streams.rs       the streams among the arguments of a call
//! vm.rs            a VM as an instance holds it
//! thread.rs        what runs on its thread
//! ```

mod argument;
mod builder;
mod host_function;
mod instance;
mod streams;
#[cfg(test)]
mod tests;
mod thread;
mod vm;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use argument::{Argument, Arguments};
pub use builder::TemplateBuilder;
pub use host_function::HostError;
pub use instance::{CallOutput, Instance, InstanceOptions};

pub use crate::isolate::{ErrorKind, ScriptError};
pub use crate::script::{Module, Mount, Net, Permissions, Source, Stream};

use crate::host::TemporaryDirectory;
use crate::isolate::Limits;
use crate::script::{Background, Pool, VmThread};
use crate::session::SessionOptions;
use thread::{Recipe, TemplateJob};

/// Code that was evaluated, ready to be instantiated. Cheap to clone: a clone is another handle on the same pool of VMs.
#[derive(Clone)]
pub struct Template {
    shared: Arc<Shared>,
    /// Bytes of memory that the template's code left in use.
    evaluated: usize,
}

struct Shared {
    recipe: Recipe,
    session: SessionOptions,
    /// There if instances have commands to run.
    _background: Option<Background>,
    /// Where instances have their temporary files.
    _temporary: TemporaryDirectory,
    limits: Limits,
    pool: Pool<TemplateJob>,
}

impl Template {
    /// What a template is made of.
    pub fn builder() -> TemplateBuilder {
        TemplateBuilder::new()
    }

    fn new(
        recipe: Recipe,
        session: SessionOptions,
        background: Option<Background>,
        temporary: TemporaryDirectory,
        limits: Limits,
        pool: usize,
    ) -> Self {
        let pool = Pool::new(pool);
        let (_background, _temporary) = (background, temporary);
        let shared = Shared { recipe, session, _background, _temporary, limits, pool };
        Self { shared: Arc::new(shared), evaluated: 0 }
    }

    /// An instance: from the pool, in the time that a snapshot takes to restore, or with a new VM if none waits. Needs a
    /// tokio runtime with time.
    ///
    /// # Errors
    /// A directory that cannot be mounted. Where it takes a new VM: as [`TemplateBuilder::build`], for a lower memory
    /// limit above all.
    pub async fn instantiate(&self, options: InstanceOptions) -> Result<Instance, ScriptError> {
        Instance::new(self.clone(), options).await
    }

    /// Bytes of memory that an instance begins with.
    pub fn memory_usage(&self) -> usize {
        self.evaluated
    }

    /// How many VMs wait for an instance.
    pub fn waiting_vm_count(&self) -> usize {
        self.shared.pool.len()
    }

    fn session(&self) -> &SessionOptions {
        &self.shared.session
    }

    fn timeout(&self) -> Duration {
        self.shared.recipe.timeout
    }

    /// The thread of a pristine VM, or of one that is being made.
    fn thread(&self, memory: Option<usize>) -> Result<VmThread<TemplateJob>, ScriptError> {
        let Shared { recipe, limits, pool, .. } = &*self.shared;
        let limits = Limits { memory: memory.unwrap_or(limits.memory), ..limits.clone() };
        if let Some(thread) = pool.take(&limits) {
            return Ok(thread);
        }
        let (recipe, its_limits) = (recipe.clone(), limits.clone());
        let work = |stop, jobs| thread::work(its_limits, recipe, stop, jobs);
        let failed = |error| ScriptError::internal(format!("cannot start a VM: {error}"));
        VmThread::start(&limits, work).map_err(failed)
    }

    fn give(&self, thread: VmThread<TemplateJob>) {
        self.shared.pool.give(thread);
    }
}

/// The mounts with their directories found.
fn found(mounts: &[Mount], project: &Path) -> Result<Vec<Mount>, ScriptError> {
    let found = mounts.iter().map(|mount| mount.found(project)).collect::<Result<_, _>>();
    found.map_err(|error| ScriptError::new(ErrorKind::Runtime, error.to_string()))
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Template")
            .field("memory_usage", &self.evaluated)
            .finish_non_exhaustive()
    }
}
