//! From flags to the configuration of this process: gives `config/` what it must not reach itself,
//! the environment, the languages of Gherkin, and JavaScript for configurations that are scripts.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use crate::config::{self, Cache, Config, ConfigError, Flags, Surroundings};
use crate::gherkin::dialect;
use crate::host::{self, Grants, Host, Stream};
use crate::isolate::{Argument, Callee, Isolate, Limits, OpValue, Ops, ScriptError, spawn_worker};
use crate::library::{self, Library};
use crate::prelude::{CONFIGURATION, public_builtins};
use crate::session::{Commands, Current, Session, SessionOptions};

/// The configuration that these flags make of what stands in `directory`, which is absolute.
///
/// # Errors
/// What is wrong with an option or a configuration file.
pub fn resolve(flags: &Flags, directory: &Path) -> Result<Config, ConfigError> {
    let languages: Vec<&str> = dialect::all().iter().map(|dialect| dialect.code).collect();
    config::resolve(
        flags,
        &Surroundings {
            cwd: directory,
            env: &|name| std::env::var(name).ok(),
            languages: &languages,
            load_script: &|file| load_script(directory, file),
        },
    )
}

/// The modules of the project, compiled ones kept where the configuration says.
pub(crate) fn library(config: &Config) -> Library {
    Library::new(library::Options {
        root: config.cwd.clone(),
        aliases: config.aliases.clone().into_iter().collect(),
        builtins: &public_builtins(),
        cache: match &config.cache {
            Cache::Standard => library::standard_cache(),
            Cache::At(directory) => Some(config.cwd.join(directory)),
            Cache::Off => None,
        },
    })
}

/// Runs a configuration script in an isolate of its own. It is the user's own choice of what to
/// run, made before there is a sandbox to speak of, so it may read the environment and the disk and start programs,
/// which end with it.
fn load_script(project: &Path, file: &Path) -> Result<Value, String> {
    let (project, file) = (project.to_owned(), file.to_owned());
    let load = move || evaluate(&project, &file);
    let thread = spawn_worker("configuration", load).map_err(|error| error.to_string())?;
    thread.join().unwrap_or_else(|_| Err("its thread ended unexpectedly".to_owned()))
}

fn evaluate(project: &Path, file: &Path) -> Result<Value, String> {
    let mut ops = Ops::new();
    let grants = Grants { trust: true, env: std::env::vars().collect(), ..Grants::default() };
    let output = Rc::new(|stream: Stream, text: &str| match stream {
        Stream::Stdout => print!("{text}"),
        Stream::Stderr => eprint!("{text}"),
    });
    let host = Rc::new(Host::new(grants, project.to_owned(), std::env::temp_dir(), output));
    host::install(&mut ops, &host);
    let none = Arc::new(Commands::default());
    let session =
        Session::new(&SessionOptions { trust: true, ..SessionOptions::new(none, project) });
    let current = Current::default();
    current.set_run(Some(Arc::new(session)));
    host::install_session(&mut ops, &host, &current);
    // A configuration may import the support API, for a type or a constant; there is no run to tell of.
    ops.sync("runInfo", |_| Ok(OpValue::Json("{}".to_owned())));
    let library = Library::new(library::Options {
        root: project.to_owned(),
        aliases: Vec::new(),
        builtins: &public_builtins(),
        cache: None,
    });
    let told = |error: ScriptError| error.author_stack();
    let isolate =
        Isolate::new(&Limits::default(), ops, &CONFIGURATION, Rc::new(library)).map_err(told)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let file = file.to_string_lossy();
    let file = [Argument::Text(&file)];
    let profiles = runtime
        .block_on(isolate.call(Callee::Entry("configuration"), &file, None))
        .map_err(told)?;
    serde_json::from_str(&profiles).map_err(|error| error.to_string())
}
