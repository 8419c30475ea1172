//! Step libraries as modules: resolves specifiers, loads files, strips TypeScript, keeps source
//! maps and the disk cache. A loader, not a bundler: every file stays a module of its own.
//!
//! Must not evaluate anything, and must not know Cucumber: it answers what [`ModuleSource`] asks.
//!
//! Plain JavaScript passes through byte for byte, so its positions are the author's, but for calls that go over lines.
//! What is transpiled has a map back to them.

mod accessors;
mod builtins;
mod cache;
mod calls;
mod error;
mod imports;
mod kind;
mod resolve;
mod script;
mod shims;
mod source_map;
mod transpile;
mod tsconfig;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::isolate::{Code, How, LoadError, Loaded, ModuleKind, ModuleSource, Position};
use cache::{Cache, Entry, Key};
use calls::CallPlaces;
use kind::{Format, PackageTypes};
use resolve::Resolve;
pub(crate) use script::{ScriptCode, module, script};
use source_map::{SourceMap, utf16_column};
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
    /// Of the author's text, once a position in it was asked for.
    calls: Option<CallPlaces>,
    key: Option<Key>,
}

impl Library {
    pub fn new(options: Options<'_>) -> Library {
        let shared = Shared {
            resolve: Resolve::new(options.root, options.aliases, options.builtins),
            package_types: PackageTypes::default(),
            cache: options.cache.map(Cache::new),
            modules: Mutex::default(),
        };
        Library { shared: Arc::new(shared) }
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
            fs::read(id).map_err(|reason| error::unreadable(Path::new(id), &reason))
        })
    }

    fn keep_bytecode(&self, id: &str, bytecode: &[u8]) {
        let module = self.module(id);
        let mut module = lock(&module);
        let Some(module) = &mut *module else { return };
        if module.kind == ModuleKind::Json || matches!(module.code, Code::Bytecode(_)) {
            return; // JSON has none; another worker was first
        }
        module.code = Code::Bytecode(bytecode.into());
        if let (Some(cache), Some(key)) = (&self.shared.cache, module.key) {
            let (map, bytecode) = (module.map.clone(), Some(bytecode.to_vec()));
            cache.write(key, &Entry { kind: module.kind, map, text: None, bytecode });
        }
    }

    fn prelude_bytecode(&self) -> Option<Vec<u8>> {
        let cache = self.shared.cache.as_ref()?;
        cache.read(cache.key(PRELUDE, "", ""))?.bytecode
    }

    fn keep_prelude_bytecode(&self, bytecode: &[u8]) {
        if let Some(cache) = &self.shared.cache {
            let bytecode = Some(bytecode.to_vec());
            let entry = Entry { kind: ModuleKind::CommonJs, map: None, text: None, bytecode };
            cache.write(cache.key(PRELUDE, "", ""), &entry);
        }
    }

    /// `column` counts UTF-8 bytes, as QuickJS does; the answer's counts UTF-16 code units, as
    /// editors do.
    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        let module = Arc::clone(lock(&self.shared.modules).get(file)?);
        let mut module = lock(&module);
        let module = module.as_mut()?;
        if let Some(map) = &module.map {
            let (line, column) = map.original(line, column)?;
            return Some(Position { file: file.to_owned(), line, column });
        }
        let read = || fs::read_to_string(file).unwrap_or_default();
        let calls = module.calls.get_or_insert_with(|| CallPlaces::of(&read()));
        let begin = calls.begin_of((line, column));
        let (line, bytes) = begin.unwrap_or((line, column));
        let column = match module.is_ascii {
            true => bytes,
            false => {
                let text = read();
                let text = text.lines().nth(line.checked_sub(1)? as usize)?;
                utf16_column(text, bytes.saturating_sub(1)) + 1
            }
        };
        if begin.is_none() && column == bytes {
            return None;
        }
        Some(Position { file: file.to_owned(), line, column })
    }
}

impl Shared {
    fn build(
        &self,
        id: &str,
        read: impl FnOnce(&str) -> Result<Vec<u8>, LoadError>,
    ) -> Result<Module, LoadError> {
        let path = Path::new(id);
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
                calls: None,
                key: None,
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
        if let (Some(cache), Some(key)) = (&self.cache, key)
            && let Some(entry) = cache.read(key)
        {
            let code = match (entry.bytecode, entry.text) {
                (Some(bytecode), _) => Code::Bytecode(bytecode.into()),
                (None, text) => Code::Source(text.unwrap_or_default().into()),
            };
            return Ok(Module {
                kind: entry.kind,
                code,
                map: entry.map,
                is_ascii,
                calls: None,
                key: Some(key),
            });
        }
        let kind = match (format, package) {
            (Format::JavaScript(kind), _) => kind,
            (Format::Transpiled, _) => {
                let transpiled = transpile::transpile(path, text, package, &options)?;
                let kind = transpiled.kind;
                let entry = Entry {
                    kind,
                    map: Some(transpiled.map),
                    text: Some(transpiled.code),
                    bytecode: None,
                };
                if let (Some(cache), Some(key)) = (&self.cache, key) {
                    cache.write(key, &entry);
                }
                let code = Code::Source(entry.text.unwrap_or_default().into());
                return Ok(Module { kind, code, map: entry.map, is_ascii, calls: None, key });
            }
            (_, Some(kind::PackageType::Module)) => ModuleKind::EsModule,
            (_, Some(kind::PackageType::CommonJs)) => ModuleKind::CommonJs,
            (_, None) => kind::detect(path, text)?,
        };
        Ok(Module { kind, code: Code::Source(text.into()), map: None, is_ascii, calls: None, key })
    }
}

/// What a panicking thread left behind is whole: nothing in here is half-written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests;
