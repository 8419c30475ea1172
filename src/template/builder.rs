//! What a template is made of.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::host_function::{Handler, HostError, HostFunction};
use super::thread::{Print, Recipe, Step};
use super::{InstanceOptions, Template, found};
use crate::host::{Granter, Grants, Mount, Net, Refusals, Stream, replaced};
use crate::isolate::{ErrorKind, Limits, ScriptError};
use crate::library::{self, Library};
use crate::prelude::public_builtins;
use crate::script::{Background, Module, Shelf, Source, find_module};
use crate::session::{Commands, SessionOptions};

/// Takes what a [`Template`] is made of. Paths are relative to its project.
#[must_use]
pub struct TemplateBuilder {
    project: PathBuf,
    prelude: Vec<Source>,
    entries: Vec<Entry>,
    aliases: Vec<(String, String)>,
    grants: Grants,
    memory: usize,
    timeout: Duration,
    cache: Option<PathBuf>,
    pool: usize,
    functions: Vec<HostFunction>,
    commands: Arc<Commands>,
    print: Print,
}

enum Entry {
    Source(Source),
    Module(Module),
}

impl TemplateBuilder {
    pub(super) fn new() -> Self {
        Self {
            project: PathBuf::from("."),
            prelude: Vec::new(),
            entries: Vec::new(),
            aliases: Vec::new(),
            grants: Grants { granter: Granter::Template, ..Grants::default() },
            memory: Limits::default().memory,
            timeout: Duration::from_secs(5 * 60),
            cache: None,
            pool: 8,
            functions: Vec::new(),
            commands: Arc::default(),
            print: Arc::new(|stream, text| match stream {
                Stream::Stdout => print!("{text}"),
                Stream::Stderr => eprint!("{text}"),
            }),
        }
    }

    /// The directory that relative paths are relative to and `process.cwd()` begins in. By default the working
    /// directory.
    pub fn project(mut self, directory: impl Into<PathBuf>) -> Self {
        self.project = directory.into();
        self
    }

    /// Adds an entry module, evaluated after those before it: a file, or an ES module's text
    /// ([`Module::source`]). What it exports can be called.
    pub fn module(mut self, module: impl Into<Module>) -> Self {
        self.entries.push(Entry::Module(module.into()));
        self
    }

    /// Adds a script, run after the entries before it. Its functions are globals and can be called.
    pub fn source(mut self, source: impl Into<Source>) -> Self {
        self.entries.push(Entry::Source(source.into()));
        self
    }

    /// Adds a script that runs before every entry.
    pub fn prelude(mut self, source: impl Into<Source>) -> Self {
        self.prelude.push(source.into());
        self
    }

    /// Sets an environment variable. JavaScript sees no others.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.grants.env.retain(|(known, _)| *known != name);
        self.grants.env.push((name, value.into()));
        self
    }

    /// A directory or file that `node:fs` may read and modules are imported from, at its path on the host. Modules of
    /// the project, packages that it sees and what stands beside an entry need no grant.
    pub fn read(mut self, path: impl Into<PathBuf>) -> Self {
        self.grants.read.push(path.into());
        self
    }

    /// A directory or file that `node:fs` may read and write, at its path on the host.
    pub fn write(mut self, path: impl Into<PathBuf>) -> Self {
        self.grants.write.push(path.into());
        self
    }

    /// A directory at a path of the guest, read-only unless told, in place of one at that path.
    ///
    /// With mounts and neither [`read`](Self::read) nor [`write`](Self::write), what was mounted is all that `node:fs`
    /// sees: code begins in `/` and has its directory for temporary files at `/tmp`, unless that is mounted.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use quickcuke::template::{InstanceOptions, Module, Mount, Permissions, Template};
    ///
    /// # let project = tempfile::tempdir()?;
    /// # for directory in ["defaults", "ada"] { std::fs::create_dir(project.path().join(directory))?; }
    /// # std::fs::write(project.path().join("ada/name.txt"), "Ada")?;
    /// let template = Template::builder()
    /// #   .project(project.path())
    ///     .module(Module::source(
    ///         "import fs from 'node:fs'; export const name = () => fs.readFileSync('/user/name.txt', 'utf8')",
    ///     ))
    ///     .mount(Mount::new("defaults", "/user"))
    ///     .build()
    ///     .await?;
    /// let mounts = vec![Mount::new("ada", "/user").with(Permissions::READ)];
    /// let mut instance = template.instantiate(InstanceOptions { mounts, ..Default::default() }).await?;
    /// assert_eq!(instance.call("name", ()).await?.result, "Ada");
    /// # Ok(())
    /// # }
    /// ```
    pub fn mount(mut self, mount: Mount) -> Self {
        self.grants.mounts = replaced(&self.grants.mounts, &[mount]);
        self
    }

    /// The hosts that `fetch` may reach: none unless told.
    pub fn net(mut self, net: Net) -> Self {
        self.grants.net = net;
        self
    }

    /// Lists what the template's code and its instances are refused.
    pub fn refusals(mut self, refusals: &Refusals) -> Self {
        self.grants.refusals = refusals.clone();
        self
    }

    /// Bytes of an instance's memory: 256 MiB unless told.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// How long the evaluation, and each call, may take: 5 minutes unless told. What spins past it is cut off.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A directory where compiled modules in files are kept for later processes; nothing is kept without it. Only to be
    /// written by who is trusted: bytecode runs unchecked.
    pub fn cache(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache = Some(directory.into());
        self
    }

    /// What a specifier of imports means instead.
    pub fn alias(mut self, specifier: impl Into<String>, target: impl Into<String>) -> Self {
        self.aliases.push((specifier.into(), target.into()));
        self
    }

    /// How many VMs wait for their next instance at the most: 8 unless told. More may be in use.
    pub fn pool(mut self, vms: usize) -> Self {
        self.pool = vms;
        self
    }

    /// The commands that instances may run, by `commands` and `node:child_process`: none unless told. They belong to
    /// the instance's session and end with it.
    pub fn commands(mut self, commands: impl Into<Arc<Commands>>) -> Self {
        self.commands = commands.into();
        self
    }

    /// Exposes a closure as a global function. Its arguments and result are JSON (undefined is null); an error that it
    /// gives, or a panic, becomes a JavaScript `Error`. It runs on the thread of the instance, which cannot stop it: a
    /// call in which it runs on for a second past the deadline is given up, and its thread is left to end by itself.
    /// The template's code may call it, once for each VM.
    pub fn function<E: Into<HostError>>(
        mut self,
        name: impl Into<String>,
        run: impl Fn(Vec<Value>) -> Result<Value, E> + Send + Sync + 'static,
    ) -> Self {
        let handler = Handler::Sync(Arc::new(move |args| run(args).map_err(Into::into)));
        self.functions.push(HostFunction { name: name.into(), handler });
        self
    }

    /// As [`function`](Self::function) for one that waits: JavaScript gets a promise. Its future runs on the tokio
    /// runtime of the instance's thread, and is dropped if the call ends first.
    pub fn async_function<E: Into<HostError>, F>(
        mut self,
        name: impl Into<String>,
        run: impl Fn(Vec<Value>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, E>> + Send + 'static,
    {
        let run = move |args| -> futures::future::BoxFuture<'static, _> {
            let answer = run(args);
            Box::pin(async move { answer.await.map_err(Into::into) })
        };
        self.functions
            .push(HostFunction { name: name.into(), handler: Handler::Async(Arc::new(run)) });
        self
    }

    /// Takes what instances print: lines of `console`, pieces of `process.stdout.write`. By default it goes where this
    /// process prints.
    pub fn console(mut self, print: impl Fn(Stream, &str) + Send + Sync + 'static) -> Self {
        self.print = Arc::new(print);
        self
    }

    /// Compiles and evaluates the template's code, in the first VM of its pool. Needs a tokio runtime with time.
    ///
    /// # Errors
    /// What the code fails with: it does not parse, a module is not found, it throws, takes too long, or needs more
    /// memory. A directory that cannot be mounted. A host function whose name is no identifier, or that of another global.
    pub async fn build(self) -> Result<Template, ScriptError> {
        let refused = |message: String| ScriptError::new(ErrorKind::Runtime, message);
        let project = self.project.canonicalize().map_err(|error| {
            refused(format!("the project '{}' cannot be read: {error}", self.project.display()))
        })?;
        if let Some(function) =
            self.functions.iter().find(|function| !is_identifier(&function.name))
        {
            return Err(refused(format!(
                "the host function {:?} cannot be called: its name must be a JavaScript identifier",
                function.name
            )));
        }
        let shelf = Shelf::default();
        let step = |entry| match entry {
            Entry::Source(source) if source.is_function() => Err(refused(
                "a function's text is no entry of a template: name the function, and `call` it"
                    .to_owned(),
            )),
            Entry::Source(source) | Entry::Module(Module::Source(source)) => {
                shelf.script(&source).map(Step::Source)
            }
            Entry::Module(Module::File(file)) => find_module(&project, &file).map(Step::File),
        };
        let entries = self.prelude.into_iter().map(Entry::Source).chain(self.entries);
        let steps = entries.map(step).collect::<Result<Vec<_>, _>>()?;
        let library = Library::new(library::Options {
            root: project.clone(),
            aliases: self.aliases,
            builtins: &public_builtins(),
            cache: self.cache.map(|cache| project.join(cache)),
        });
        let absolute = |paths: Vec<PathBuf>| paths.iter().map(|path| project.join(path)).collect();
        let grants = Grants {
            read: absolute(self.grants.read),
            write: absolute(self.grants.write),
            mounts: found(&self.grants.mounts, &project)?,
            ..self.grants
        };
        let runs_commands = self.commands.names().next().is_some();
        let background = runs_commands.then(Background::start).transpose().map_err(|error| {
            ScriptError::internal(format!("cannot start a thread for processes: {error}"))
        })?;
        let recipe = Recipe {
            library,
            processes: background.as_ref().map(|background| background.runtime.clone()),
            steps: steps.into(),
            functions: self.functions.into(),
            grants,
            print: self.print,
            timeout: self.timeout,
            project,
        };
        let session = SessionOptions::new(self.commands, &recipe.project);
        let limits = Limits { memory: self.memory, ..Limits::default() };
        let mut template = Template::new(recipe, session, background, limits, self.pool);
        template.evaluated = template.instantiate(InstanceOptions::default()).await?.memory_usage();
        Ok(template)
    }
}

fn is_identifier(name: &str) -> bool {
    let begins = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    name.starts_with(begins) && name.chars().all(|c| begins(c) || c.is_numeric())
}

impl fmt::Debug for TemplateBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TemplateBuilder")
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}
