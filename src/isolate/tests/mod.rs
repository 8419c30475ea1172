//! Tests of the isolate as its users see it, with a prelude of core.js, modules.js and a few entries.

mod calls;
mod errors;
mod fingerprint;
mod hostile;
mod modules;
mod restore;
mod scenarios;
mod stress;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::Future,
    rc::Rc,
    time::{Duration, Instant},
};

use super::*;

/// Registers what the tests call: `run` evaluates an expression (awaited), `eval` a sloppy global script.
const SCRIPT: &str = "
    const evaluate = eval;
    internal.entry('run', async (source) => await evaluate('(async () => (' + source + '\\n))()'));
    internal.entry('script', (source) => evaluate(source));
    internal.entry('body', async (source) => await evaluate('(async () => {' + source + '\\n})()'));
    globalThis.ops = internal.ops;
    globalThis.makeRequire = internal.modules.createRequire;
";

pub(super) const PRELUDE: Prelude = Prelude {
    scripts: &[
        ("core.js", include_str!("../../prelude/core.js")),
        ("modules.js", include_str!("../../prelude/modules.js")),
        ("test.js", SCRIPT),
        ("fingerprint.js", include_str!("fingerprint.js")),
    ],
    builtins: &[
        ("node:path", "exports.sep = '/'; exports.join = (...parts) => parts.join('/');"),
        ("quickcuke", "module.exports = { hello: () => 'hello', path: require('path') };"),
        ("node:module", "exports.createRequire = internal.modules.createRequire;"),
        ("quickcuke:hidden", ""),
        ("node:broken", "\n  throw new Error('broken builtin');"),
    ],
};

/// Modules in memory. Specifiers are absolute paths, or relative ones as they stand, or names that mean
/// `/node_modules/NAME/index.js`.
#[derive(Default)]
pub(super) struct Files {
    files: HashMap<String, (ModuleKind, String)>,
    pub(super) bytecode: RefCell<HashMap<String, Bytecode>>,
    pub(super) loads: RefCell<Vec<String>>,
}

impl Files {
    fn of(files: &[(&str, &str)]) -> Files {
        let kind = |path: &str| match path.rsplit('.').next() {
            Some("mjs" | "ts") => ModuleKind::EsModule,
            Some("json") => ModuleKind::Json,
            _ => ModuleKind::CommonJs,
        };
        let files =
            files.iter().map(|(path, text)| (path.to_string(), (kind(path), text.to_string())));
        Files { files: files.collect(), ..Files::default() }
    }
}

impl ModuleSource for Files {
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError> {
        let path = if let Some(rest) = specifier.strip_prefix("./") {
            format!("{}/{rest}", importer.rsplit_once('/').map_or("", |(directory, _)| directory))
        } else if specifier.starts_with('/') {
            specifier.to_owned()
        } else {
            format!("/node_modules/{specifier}/index.js")
        };
        if self.files.contains_key(&path) {
            return Ok(path);
        }
        Err(LoadError {
            name: "Error",
            code: Some(if how == How::Import {
                "ERR_MODULE_NOT_FOUND"
            } else {
                "MODULE_NOT_FOUND"
            }),
            message: format!("Cannot find module '{specifier}' imported from {importer}"),
        })
    }

    fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        self.loads.borrow_mut().push(id.to_owned());
        let (kind, text) = self.files.get(id).ok_or_else(|| LoadError {
            name: "Error",
            code: Some("ERR_MODULE_NOT_FOUND"),
            message: format!("no file {id}"),
        })?;
        let code = match self.bytecode.borrow().get(id) {
            Some(bytecode) => Code::Bytecode(bytecode.clone()),
            None => Code::Source(text.as_str().into()),
        };
        Ok(Loaded { kind: *kind, code })
    }

    fn keep_bytecode(&self, id: &str, bytecode: &Bytecode) {
        self.bytecode.borrow_mut().insert(id.to_owned(), bytecode.clone());
    }

    /// In `.ts` files, the author's line is 100 lines further down.
    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        let file = file.strip_suffix(".ts")?;
        Some(Position { file: format!("{file}.author.ts"), line: line + 100, column })
    }
}

pub(super) struct World {
    pub(super) isolate: Isolate,
    pub(super) files: Rc<Files>,
}

/// For code that ends by itself; a memory checker makes it thirty times slower.
const LIMIT: Duration = Duration::from_secs(if cfg!(feature = "memcheck") { 600 } else { 20 });

impl World {
    pub(super) fn new(files: &[(&str, &str)]) -> World {
        World::with(&Limits::default(), test_ops(), Rc::new(Files::of(files)))
    }

    pub(super) fn with(limits: &Limits, ops: Ops, files: Rc<Files>) -> World {
        let limits = Limits { restore: PATH.get(), ..limits.clone() };
        let isolate = Isolate::new(&limits, ops, &PRELUDE, files.clone()).unwrap();
        World { isolate, files }
    }

    async fn entry(
        &self,
        entry: &str,
        source: &str,
        timeout: Option<Duration>,
    ) -> Result<String, ScriptError> {
        let deadline = timeout.map(|timeout| Instant::now() + timeout);
        self.isolate.call(Callee::Entry(entry), &[Argument::Text(source)], deadline).await
    }

    /// The JSON of an expression's value.
    pub(super) async fn run(&self, source: &str) -> Result<String, ScriptError> {
        self.entry("run", source, Some(LIMIT)).await
    }

    /// The JSON of what a function body returns.
    pub(super) async fn body(&self, source: &str) -> Result<String, ScriptError> {
        self.entry("body", source, Some(LIMIT)).await
    }

    pub(super) async fn within(
        &self,
        source: &str,
        milliseconds: u64,
    ) -> Result<String, ScriptError> {
        self.entry("body", source, Some(Duration::from_millis(milliseconds))).await
    }
}

pub(super) fn test_ops() -> Ops {
    let mut ops = Ops::new();
    ops.sync("echo", |args| Ok(args.first().cloned().unwrap_or(OpValue::Null)));
    ops.sync("json", |args| Ok(OpValue::Json(args[0].as_text().unwrap_or("null").to_owned())));
    ops.sync("fail", |_| {
        Err(OpError {
            name: "TypeError",
            code: Some("ENOENT".into()),
            message: "no such thing".into(),
            properties: vec![
                ("errno", OpValue::Number(-2.0)),
                ("path", OpValue::Text("/x".into())),
            ],
        })
    });
    // A panic that does not report itself on stderr.
    ops.sync("panic", |_| std::panic::resume_unwind(Box::new("an op panicked")));
    ops.asynchronous("sleep", Pending::Awaited("sleep"), |args| {
        Box::pin(async move {
            let milliseconds = args[0].as_number().unwrap_or(0.0);
            tokio::time::sleep(Duration::from_millis(milliseconds as u64)).await;
            Ok(args.into_iter().nth(1).unwrap_or(OpValue::Null))
        })
    });
    ops.asynchronous("fails", Pending::Awaited("failure"), |_| {
        Box::pin(async { Err(OpError::new("failed later").with_code("ELATER")) })
    });
    ops.asynchronous("panics", Pending::Awaited("panic"), |_| {
        Box::pin(async { std::panic::resume_unwind(Box::new("an async op panicked")) })
    });
    ops
}

thread_local! {
    static PATH: Cell<RestorePath> = const { Cell::new(RestorePath::Best) };
}

/// Runs a test once on each path that a restore can take; in order, since some look at the whole process.
pub(super) fn on_every_path<F: Future<Output = ()>>(test: impl Fn() -> F + Copy + Send + 'static) {
    for path in [RestorePath::DirtyPages, RestorePath::WholeCopy, RestorePath::FreshVm] {
        if path == RestorePath::DirtyPages && !cfg!(target_os = "linux") {
            continue;
        }
        on_worker(move || {
            eprintln!("on {path:?}");
            PATH.set(path);
            test()
        });
    }
}

/// Runs a test where isolates can live.
pub(super) fn on_worker<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    let worker = spawn_worker("test", || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(test());
    });
    if let Err(panic) = worker.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}
