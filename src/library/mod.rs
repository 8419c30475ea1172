//! Step libraries as modules: resolves specifiers, loads files, strips TypeScript, keeps source
//! maps and the disk cache. A loader, not a bundler: every file stays a module of its own.
//!
//! Must not evaluate anything, and must not know Cucumber: it answers what [`ModuleSource`] asks.
//!
//! Plain JavaScript passes through byte for byte, so its positions are the author's. What is
//! transpiled has a map back to them. For stack traces the author's text is read again, to say where
//! a call begins ([`call_site`]).

mod accessors;
mod builtins;
mod cache;
mod call_site;
mod error;
mod exports;
mod expression;
mod fault;
mod files;
mod imports;
mod kind;
mod late;
mod nesting;
mod private_directory;
mod regexps;
mod resolve;
mod script;
mod shims;
mod source_map;
mod transpile;
mod tsconfig;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use oxc::allocator::Allocator;

use crate::isolate::{
    Bytecode, Called, Code, Culprit, Fault, How, LoadError, Loaded, ModuleKind, ModuleSource,
    Position,
};
use crate::protected;
pub(crate) use cache::standard_directory as standard_cache;
use cache::{Cache, Entry, Key};
use call_site::CallSites;
use fault::Faults;
pub(crate) use files::{Opener, with_opener};
use kind::{Format, PackageTypes};
pub(crate) use late::LateLibrary;
use resolve::Resolve;
pub(crate) use script::{ScriptCode, module, script};
use source_map::{SourceMap, utf8_column, utf16_column};
use tsconfig::EmitOptions;

/// The name of the prelude's entry in the cache; no file has it, since files are named by absolute paths.
const PRELUDE: &str = "quickcuke:prelude";

/// What a library is made of.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The project's directory: what `[alias]` targets are relative to.
    pub root: PathBuf,
    /// `[alias]` of quickcuke.toml: a specifier (or the package of one) and what it means instead.
    pub aliases: Vec<(String, String)>,
    /// The ids of the modules that the isolate has built in, such as `node:path` and `quickcuke`.
    pub builtins: &'a [&'a str],
    /// Where compiled modules are kept from one run to the next; nothing is kept without it.
    pub cache: Option<PathBuf>,
}

/// The modules of a project. A clone is another handle on the same ones: give each worker thread
/// its own, and what one has resolved, transpiled or compiled to bytecode the others get for
/// nothing.
#[derive(Clone)]
pub struct Library {
    shared: Arc<Shared>,
}

struct Shared {
    resolve: Resolve,
    package_types: PackageTypes,
    cache: Option<Cache>,
    warning: Option<String>,
    /// By id. A module's own lock is held while it is built, so that each is built once and others
    /// are not held up.
    modules: Mutex<HashMap<String, Arc<Mutex<Option<Module>>>>>,
}

/// A module that was loaded.
struct Module {
    kind: ModuleKind,
    /// Source at first, bytecode once a worker compiled it.
    code: Code,
    /// None: the code is the author's text.
    map: Option<SourceMap>,
    /// Columns in the text are the same in bytes and in UTF-16 units.
    is_ascii: bool,
    key: Option<Key>,
    /// Made when a stack trace first needs it; none if the file is gone.
    calls: OnceLock<Option<Calls>>,
}

/// The author's text and the calls in it.
struct Calls {
    text: String,
    /// Where each line starts.
    lines: Vec<usize>,
    /// None if the file has changed and no longer parses.
    sites: OnceLock<Option<Sites>>,
    /// What was found to be at fault, by place: a program may fail at one place again and again.
    culprits: Mutex<HashMap<(u32, String), Option<Culprit>>>,
}

/// The places of a file that errors and their traces point to.
struct Sites {
    calls: CallSites,
    faults: Faults,
}

impl Calls {
    fn of(file: &str) -> Option<Calls> {
        let text = files::read_to_string(Path::new(file)).ok()?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect();
        Some(Calls { text, lines, sites: OnceLock::new(), culprits: Mutex::default() })
    }

    fn sites(&self, file: &str) -> Option<&Sites> {
        let read = || {
            let path = Path::new(file);
            let sites = nesting::with_stack(path, &self.text, || {
                let allocator = Allocator::default();
                let parsed = transpile::parse(&allocator, path, &self.text, None);
                Ok((!parsed.panicked).then(|| Sites {
                    calls: CallSites::of(&parsed.program, &self.text),
                    faults: Faults::of(&parsed.program),
                }))
            });
            sites.ok().flatten()
        };
        self.sites.get_or_init(read).as_ref()
    }

    fn culprit(&self, position: &Position, fault: Fault<'_>) -> Option<Culprit> {
        let at = self.offset(position)?;
        let Sites { calls, faults } = self.sites(&position.file)?;
        let print = |span| fault::print(&self.text, span);
        match fault {
            Fault::Called => {
                let failed = calls.failed(at, &self.text, |name| faults.is_callable(name));
                let is_new = failed.first()?.is_new;
                let callees: Vec<_> = failed.iter().map(|call| print(call.callee)).collect();
                let callees = callees.join(" or ");
                Some(if is_new { Culprit::Constructed(callees) } else { Culprit::Value(callees) })
            }
            Fault::Argument(name) => match calls.argument(at, name)? {
                none if none.is_empty() => Some(Culprit::Value("undefined".to_owned())),
                argument => Some(Culprit::Value(print(argument))),
            },
            fault => faults.find(at, fault, &self.text, |start| calls.is_next(at, start)),
        }
    }

    /// Bytes before a position.
    fn offset(&self, position: &Position) -> Option<u32> {
        let (start, text) = self.line(position.line)?;
        let column = utf8_column(text, position.column.saturating_sub(1)) as usize;
        u32::try_from(start + column).ok()
    }

    /// A line, 1-based, and the offset of its start.
    fn line(&self, number: u32) -> Option<(usize, &str)> {
        let index = number.checked_sub(1)? as usize;
        let start = *self.lines.get(index)?;
        let end = self.lines.get(index + 1).copied().unwrap_or(self.text.len());
        Some((start, self.text.get(start..end)?))
    }

    /// Line and column, 1-based, the latter in UTF-16 code units.
    fn place(&self, at: usize) -> Option<(u32, u32)> {
        let line = self.lines.partition_point(|start| *start <= at);
        let before = self.text.get(*self.lines.get(line.checked_sub(1)?)?..at)?;
        Some((line as u32, before.encode_utf16().count() as u32 + 1))
    }
}

impl Library {
    pub fn new(options: Options<'_>) -> Library {
        cache::protect_key();
        let opened = options.cache.as_deref().map_or(Ok(None), Cache::open);
        let (cache, warning) = match opened {
            Ok(cache) => (cache, None),
            Err(why) => (None, Some(format!("the compile cache is not used: {why}"))),
        };
        let shared = Shared {
            resolve: Resolve::new(options.root, options.aliases, options.builtins),
            package_types: PackageTypes::default(),
            cache,
            warning,
            modules: Mutex::default(),
        };
        Library { shared: Arc::new(shared) }
    }

    /// The same project with nothing loaded, nothing found yet, and no cache.
    fn afresh(&self) -> Library {
        let shared = Shared {
            resolve: self.shared.resolve.afresh(),
            package_types: PackageTypes::default(),
            cache: None,
            warning: None,
            modules: Mutex::default(),
        };
        Library { shared: Arc::new(shared) }
    }

    /// Whether a file was asked for.
    fn has(&self, file: &str) -> bool {
        lock(&self.shared.modules).contains_key(file)
    }

    /// Why the cache is not used, though there could be one.
    pub(crate) fn warning(&self) -> Option<&str> {
        self.shared.warning.as_deref()
    }

    fn module(&self, id: &str) -> Arc<Mutex<Option<Module>>> {
        let mut modules = lock(&self.shared.modules);
        match modules.get(id) {
            Some(module) => Arc::clone(module),
            None => Arc::clone(modules.entry(id.to_owned()).or_default()),
        }
    }
}

impl Library {
    /// As [`ModuleSource::load`], with the file's bytes taken from `read` where they are not known yet.
    pub(crate) fn load_by(
        &self,
        id: &str,
        read: impl FnOnce(&str) -> Result<Vec<u8>, LoadError>,
    ) -> Result<Loaded, LoadError> {
        let module = self.module(id);
        let mut module = lock(&module);
        let module = match &mut *module {
            Some(module) => module,
            // An error is not kept: the file may have been mended when it is asked for again.
            none => none.insert(self.shared.build(id, read)?),
        };
        Ok(Loaded { kind: module.kind, code: module.code.clone() })
    }
}

impl ModuleSource for Library {
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError> {
        self.shared.resolve.resolve(specifier, importer, how)
    }

    fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        self.load_by(id, |id| {
            files::read(Path::new(id)).map_err(|reason| error::unreadable(Path::new(id), &reason))
        })
    }

    fn keep_bytecode(&self, id: &str, bytecode: &Bytecode) {
        let module = self.module(id);
        let mut module = lock(&module);
        let Some(module) = &mut *module else { return };
        if module.kind == ModuleKind::Json || matches!(module.code, Code::Bytecode(_)) {
            return; // JSON has none; another worker was first
        }
        module.code = Code::Bytecode(bytecode.clone());
        if let (Some(cache), Some(key)) = (&self.shared.cache, &module.key) {
            let (map, bytecode) = (module.map.clone(), Some(bytecode.clone()));
            cache.write(key, &Entry { kind: module.kind, map, text: None, bytecode });
        }
    }

    fn prelude_bytecode(&self) -> Vec<(u128, Bytecode)> {
        let read = |cache: &Cache| cache.read_functions(&cache.key(PRELUDE, "", ""));
        self.shared.cache.as_ref().and_then(read).unwrap_or_default()
    }

    fn keep_prelude_bytecode(&self, functions: &[(u128, Bytecode)]) {
        if let Some(cache) = &self.shared.cache {
            cache.write_functions(&cache.key(PRELUDE, "", ""), functions);
        }
    }

    /// `column` counts UTF-8 bytes, as QuickJS does; the answer's counts UTF-16 code units, as
    /// editors do.
    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        let module = Arc::clone(lock(&self.shared.modules).get(file)?);
        let module = lock(&module);
        let module = module.as_ref()?;
        let (line, column) = match &module.map {
            Some(map) => map.original(line, column)?,
            None if module.is_ascii => return None,
            None => {
                let text = files::read_to_string(Path::new(file)).ok()?;
                let text = text.lines().nth(line.checked_sub(1)? as usize)?;
                if text.is_ascii() {
                    return None;
                }
                (line, utf16_column(text, column.saturating_sub(1)) + 1)
            }
        };
        Some(Position { file: file.to_owned(), line, column })
    }

    fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        only_line: bool,
    ) -> Option<Position> {
        let Position { file, line, column } = position;
        let module = lock(&self.shared.modules).get(file).map(Arc::clone);
        let module = module.as_ref().map(|module| lock(module));
        let module = module.as_ref().and_then(|module| module.as_ref());
        let Some(calls) = module.and_then(|module| module.calls(file)) else {
            return (called == Called::Awaited).then(|| position.clone());
        };
        let (start, text) = calls.line(*line)?;
        let column = utf8_column(text, column.saturating_sub(1)) as usize;
        if only_line && call_site::begins_on(text, column) {
            return None;
        }
        let at = u32::try_from(start + column).ok()?;
        let found = calls.sites(file)?.calls.position(at, called)? as usize;
        let (line, column) = calls.place(found)?;
        Some(Position { file: file.clone(), line, column })
    }

    fn missing_export(
        &self,
        importer: &str,
        name: &str,
        module: &str,
        means: &dyn Fn(&str) -> bool,
        exported: Option<Vec<String>>,
    ) -> Option<String> {
        let path = Path::new(importer);
        let text = files::read_to_string(path).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let site = exports::site_of(path, text, name, means)?;
        let exported = exported.unwrap_or_else(|| {
            let text = files::read_to_string(Path::new(module)).unwrap_or_default();
            exports::exported_names(Path::new(module), &text)
        });
        Some(error::missing_export(path, text, &site, name, &exported))
    }

    fn mended_regexps(
        &self,
        id: &str,
        code: &str,
        compiles: &dyn Fn(&str, &str) -> Result<(), String>,
    ) -> Option<Result<String, LoadError>> {
        match regexps::mended(code, compiles)? {
            Ok(mended) => Some(Ok(mended)),
            Err(regexps::Bad { at, message }) => {
                let before = &code[..at];
                let number = before.matches('\n').count() as u32 + 1;
                let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
                // In the author's file, where the code was made of that.
                let place = self.original_position(id, number, column as u32);
                let text = files::read_to_string(Path::new(id)).unwrap_or_default();
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                let at = match &place {
                    None => at,
                    Some(position) => {
                        let mut lines = text.split_inclusive('\n');
                        let start: usize =
                            lines.by_ref().take(position.line as usize - 1).map(str::len).sum();
                        let line = lines.next().unwrap_or_default();
                        start + utf8_column(line, position.column - 1) as usize
                    }
                };
                Some(Err(error::syntax_error(error::at(Path::new(id), text, at, &message))))
            }
        }
    }

    fn method_name(&self, position: &Position, name: &str) -> Option<String> {
        let module = Arc::clone(lock(&self.shared.modules).get(&position.file)?);
        let module = lock(&module);
        let calls = module.as_ref()?.calls(&position.file)?;
        let at = calls.offset(position)?;
        calls.sites(&position.file)?.calls.method_name(at, name).map(str::to_owned)
    }

    fn culprit(&self, position: &Position, fault: Fault<'_>) -> Option<Culprit> {
        let module = Arc::clone(lock(&self.shared.modules).get(&position.file)?);
        let module = lock(&module);
        let calls = module.as_ref()?.calls(&position.file)?;
        let key = (calls.offset(position)?, format!("{fault:?}"));
        if let Some(known) = lock(&calls.culprits).get(&key) {
            return known.clone();
        }
        let found = calls.culprit(position, fault);
        lock(&calls.culprits).insert(key, found.clone());
        found
    }
}

impl Module {
    fn calls(&self, file: &str) -> Option<&Calls> {
        self.calls.get_or_init(|| Calls::of(file)).as_ref()
    }
}

impl Shared {
    fn build(
        &self,
        id: &str,
        read: impl FnOnce(&str) -> Result<Vec<u8>, LoadError>,
    ) -> Result<Module, LoadError> {
        let path = Path::new(id);
        if protected::refuses(path, false) {
            return Err(error::protected(id));
        }
        let format = Format::of(path)?;
        let text = read(id)?;
        let text = String::from_utf8(text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let is_ascii = text.is_ascii();
        if format == Format::Json {
            return Ok(Module {
                kind: ModuleKind::Json,
                code: Code::Source(text.into()),
                map: None,
                is_ascii,
                key: None,
                calls: OnceLock::new(),
            });
        }
        let package = self.package_types.of(path);
        let options = match format {
            Format::Transpiled => EmitOptions::of(self.resolve.tsconfig(path)?.as_deref()),
            _ => EmitOptions::default(),
        };
        let key = self
            .cache
            .as_ref()
            .map(|cache| cache.key(id, text, &format!("{package:?}{options:?}")));
        if let (Some(cache), Some(key)) = (&self.cache, &key)
            && let Some(entry) = cache.read(key)
        {
            let code = match (entry.bytecode, entry.text) {
                (Some(bytecode), _) => Code::Bytecode(bytecode),
                (None, text) => Code::Source(text.unwrap_or_default().into()),
            };
            let (kind, map) = (entry.kind, entry.map);
            let key = Some(key.clone());
            return Ok(Module { kind, code, map, is_ascii, key, calls: OnceLock::new() });
        }
        let kind = match (format, package) {
            (Format::JavaScript(kind), _) => nesting::with_stack(path, text, || Ok(kind))?,
            (Format::Transpiled, _) => {
                let transpiled = nesting::with_stack(path, text, || {
                    transpile::transpile(path, text, package, &options)
                })?;
                let kind = transpiled.kind;
                let entry = Entry {
                    kind,
                    map: Some(transpiled.map),
                    text: Some(transpiled.code),
                    bytecode: None,
                };
                if let (Some(cache), Some(key)) = (&self.cache, &key) {
                    cache.write(key, &entry);
                }
                let code = Code::Source(entry.text.unwrap_or_default().into());
                let (map, calls) = (entry.map, OnceLock::new());
                return Ok(Module { kind, code, map, is_ascii, key, calls });
            }
            (_, package) => nesting::with_stack(path, text, || match package {
                Some(kind::PackageType::Module) => Ok(ModuleKind::EsModule),
                Some(kind::PackageType::CommonJs) => Ok(ModuleKind::CommonJs),
                None => kind::detect(path, text),
            })?,
        };
        let code = Code::Source(text.into());
        Ok(Module { kind, code, map: None, is_ascii, key, calls: OnceLock::new() })
    }
}

/// What a panicking thread left behind is whole: nothing in here is half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests;
