//! From flags to the configuration of this process: gives `config/` what it must not reach itself,
//! the environment, the languages of Gherkin, and JavaScript for configurations that are scripts.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;

use crate::config::{self, Cache, Config, ConfigError, Flags, Sandbox, Surroundings};
use crate::file;
use crate::gherkin::dialect;
use crate::host::{self, Grants, Host, Scratch, Stream};
use crate::isolate::{Argument, Callee, ErrorKind, Isolate, Limits, OpValue, Ops, spawn_worker};
use crate::library::{self, Library};
use crate::prelude::{CONFIGURATION, public_builtins};
use crate::session::{Commands, Current, Session, SessionOptions};

/// How long past its deadline a configuration script may go on before its thread is given up.
const ABANDON_AFTER: Duration = Duration::from_millis(500);

/// The configuration that these flags make of what stands in `directory`, which is absolute.
///
/// # Errors
/// What is wrong with an option or a configuration file.
pub fn resolve(flags: &Flags, directory: &Path) -> Result<Config, ConfigError> {
    let timeout = flags.load_timeout()?.unwrap_or(Sandbox::default().load_timeout);
    let languages: Vec<&str> = dialect::all().iter().map(|dialect| dialect.code).collect();
    let env = |name: &str| std::env::var(name).ok();
    let debugs = config::debugs(&env);
    let debug = |message: &str, value: Option<&Value>| {
        if debugs {
            eprint!("{}", debug_text(message, value));
        }
    };
    if debugs {
        // Without the streams of Node, which cucumber-js shows too.
        let env: BTreeMap<String, String> = std::env::vars().collect();
        let environment = serde_json::json!({ "cwd": directory, "env": env, "debug": true });
        debug("Resolved environment:", Some(&environment));
    }
    config::resolve(
        flags,
        &Surroundings {
            cwd: directory,
            env: &env,
            languages: &languages,
            load_script: &|file| {
                debug(
                    &format!("Loading configuration file {}", kind_of_script(directory, file)),
                    None,
                );
                load_script(directory, file, timeout)
            },
            debug: &debug,
        },
    )
}

/// What Node's console prints of a message and a value beside it.
pub(crate) fn debug_text(message: &str, value: Option<&Value>) -> String {
    let Some(value) = value else { return format!("{message}\n") };
    let shown = {
        let (message, value) = (message.to_owned(), value.to_string());
        let colors =
            anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        let format = move || {
            let (isolate, runtime) = isolate(Path::new("/"))?;
            let arguments = [
                Argument::Text(&message),
                Argument::Json(&value),
                Argument::Number(f64::from(u8::from(colors))),
            ];
            let text = runtime.block_on(isolate.call(Callee::Entry("debugText"), &arguments, None));
            serde_json::from_str::<String>(&text.map_err(|error| error.author_stack())?)
                .map_err(|error| error.to_string())
        };
        spawn_worker("debug", format).map_err(|error| error.to_string()).and_then(|thread| {
            thread.join().unwrap_or_else(|_| Err("its thread ended unexpectedly".to_owned()))
        })
    };
    // Better in another shape than not at all.
    shown.unwrap_or_else(|_| format!("{message} {value}")) + "\n"
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

/// A configuration script and what Node takes it for, in the words of cucumber-js. Here a `.js` without a word in its
/// package is what its syntax says.
fn kind_of_script(directory: &Path, file: &Path) -> String {
    let name = file.strip_prefix(directory).unwrap_or(file).display();
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("cjs") => "CommonJS",
        Some("mjs") => "ESM",
        Some("js") => {
            let package = file.ancestors().skip(1).find_map(|directory| {
                let text = file::read_to_string(&directory.join("package.json")).ok()?;
                serde_json::from_str::<Value>(&text).ok()
            });
            return match package {
                None => format!("\"{name}\" as CommonJS based on absence of a parent package"),
                Some(package) => {
                    let kind = if package["type"] == "module" { "ESM" } else { "CommonJS" };
                    let package = package["name"].as_str().unwrap_or_default().to_owned();
                    format!("\"{name}\" as {kind} based on \"{package}\" package type")
                }
            };
        }
        _ => "TypeScript",
    };
    format!("\"{name}\" as {kind} based on extension")
}

/// Runs a configuration script in an isolate of its own. It is the user's own choice of what to
/// run, made before there is a sandbox to speak of, so it may read the environment and the disk and start programs,
/// which end with it.
fn load_script(project: &Path, file: &Path, timeout: Duration) -> Result<Value, String> {
    let (project, file) = (project.to_owned(), file.to_owned());
    let (reply, answer) = channel();
    let load = move || {
        let _ = reply.send(evaluate(&project, &file, timeout));
    };
    spawn_worker("configuration", load).map_err(|error| error.to_string())?;
    // What cannot be stopped, such as a native loop that allocates nothing, is left to end with the process.
    match answer.recv_timeout(timeout.saturating_add(ABANDON_AFTER)) {
        Ok(profiles) => profiles,
        Err(RecvTimeoutError::Timeout) => Err(timed_out(timeout)),
        Err(RecvTimeoutError::Disconnected) => Err("its thread ended unexpectedly".to_owned()),
    }
}

fn timed_out(timeout: Duration) -> String {
    format!("it took longer than {timeout:?}; if it has to take that long, raise --load-timeout")
}

fn evaluate(project: &Path, file: &Path, timeout: Duration) -> Result<Value, String> {
    let (isolate, runtime) = isolate(project)?;
    let file = file.to_string_lossy();
    let file = [Argument::Text(&file)];
    let deadline = Instant::now().checked_add(timeout);
    let profiles = runtime
        .block_on(isolate.call(Callee::Entry("configuration"), &file, deadline))
        .map_err(|error| match error.kind {
            ErrorKind::Timeout => {
                let at = error.author_stack();
                let frames = at.lines().filter(|line| line.trim_start().starts_with("at "));
                frames.fold(timed_out(timeout), |text, frame| format!("{text}\n{frame}"))
            }
            _ => error.author_stack(),
        })?;
    serde_json::from_str(&profiles).map_err(|error| error.to_string())
}

/// An isolate for a configuration, and what runs its promises.
fn isolate(project: &Path) -> Result<(Isolate, Runtime), String> {
    let mut ops = Ops::new();
    let grants = Grants { trust: true, env: std::env::vars().collect(), ..Grants::default() };
    let output = Rc::new(|stream: Stream, text: &str| match stream {
        Stream::Stdout => print!("{text}"),
        Stream::Stderr => eprint!("{text}"),
    });
    let scratch = Scratch::system().map_err(|error| {
        format!("cannot open the directory for temporary files: {error}; TMPDIR names another")
    })?;
    let host = Rc::new(Host::new(grants, project.to_owned(), scratch, output));
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
    let isolate = Isolate::new(&Limits::default(), ops, &CONFIGURATION, Rc::new(library))
        .map_err(|error| error.author_stack())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    Ok((isolate, runtime))
}
