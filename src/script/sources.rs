//! Scripts as modules of a VM, beside those of the library.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::late_files::{self, LateFiles};
use super::source::{Form, Source};
use crate::host::Host;
use crate::isolate::{
    Bytecode, Called, Code, Culprit, Fault, How, LoadError, Loaded, ModuleKind, ModuleSource,
    OpError, Position, ScriptError,
};
use crate::library::{self, LateLibrary, Library, ScriptCode};

/// So many scripts are kept compiled; the next one makes room by emptying the shelf.
const KEPT: usize = 256;
/// So many scripts of one VM have their positions known.
const KNOWN: usize = 1024;

/// What stands before the text of a function, on its first line, and after it.
const OPENING: &str = "return (";
const CLOSING: &str = "\n)(...globalThis.args)";

/// The file of what is not the author's: see `isolate::is_prelude_file`.
const OURS: &str = "quickcuke:script";

/// A script, ready for any VM.
#[derive(Debug)]
pub(crate) struct Script {
    /// Its name in the VM: that of its file, made unique.
    pub(crate) id: String,
    file: String,
    kind: ModuleKind,
    code: Arc<str>,
    /// Once a VM has compiled it.
    bytecode: OnceLock<Bytecode>,
    places: Places,
}

#[derive(Debug)]
enum Places {
    Mapped(ScriptCode),
    /// A function's text, and where it begins in the loaded code of its file.
    Function(Option<(u32, u32)>),
}

impl Script {
    /// # Errors
    /// The text does not parse.
    fn new(source: &Source, number: usize) -> Result<Self, ScriptError> {
        let Source { file, text, form } = source;
        let (kind, code, places) = match form {
            Form::Function { place } => {
                let code = format!("{OPENING}{text}{CLOSING}");
                (ModuleKind::CommonJs, code, Places::Function(*place))
            }
            Form::Script | Form::Module => {
                let (kind, code) = match form {
                    Form::Module => (ModuleKind::EsModule, library::module(file, text)),
                    _ => (ModuleKind::CommonJs, library::script(file, text)),
                };
                let code = code.map_err(|error| ScriptError::syntax(error.message))?;
                (kind, code.code.clone(), Places::Mapped(code))
            }
        };
        let id = format!("{file}#{number}");
        let (file, bytecode) = (file.clone(), OnceLock::new());
        Ok(Self { id, file, kind, code: code.into(), bytecode, places })
    }

    /// Whether it is an ES module, which is imported; else it is called.
    pub(crate) fn is_module(&self) -> bool {
        self.kind == ModuleKind::EsModule
    }

    /// The globals that must be there before it runs.
    pub(crate) fn globals(&self) -> &[String] {
        match &self.places {
            Places::Mapped(code) => &code.globals,
            Places::Function(_) => &[],
        }
    }

    /// The author's place for a place in the code.
    fn original(&self, library: &LateLibrary, line: u32, column: u32) -> Position {
        let file = || self.file.clone();
        match &self.places {
            Places::Mapped(code) => {
                let (line, column) = code.original(line, column).unwrap_or((line, column));
                Position { file: file(), line, column }
            }
            Places::Function(place) => {
                let (first, indent) = place.unwrap_or((1, 1));
                let before = OPENING.len() as u32;
                let closing = self.code.lines().count() as u32;
                if line >= closing || (line == 1 && column <= before) {
                    return Position { file: OURS.to_owned(), line, column };
                }
                let column = match line {
                    1 => column - before + indent - 1,
                    _ => column,
                };
                let line = line + first - 1;
                let original =
                    place.and_then(|_| library.original_position(&self.file, line, column));
                original.unwrap_or_else(|| Position { file: file(), line, column })
            }
        }
    }
}

/// The scripts of an engine, each compiled once.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    scripts: HashMap<Source, Arc<Script>>,
    count: usize,
}

impl Shelf {
    /// # Errors
    /// The text does not parse.
    pub(crate) fn script(&self, source: &Source) -> Result<Arc<Script>, ScriptError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(script) = kept.scripts.get(source) {
            return Ok(Arc::clone(script));
        }
        kept.count += 1;
        let number = kept.count;
        drop(kept);
        let script = Arc::new(Script::new(source, number)?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.scripts.len() >= KEPT {
            kept.scripts.clear();
        }
        kept.scripts.insert(source.clone(), Arc::clone(&script));
        Ok(script)
    }
}

/// The modules of one VM.
///
/// What runs may import modules of the project, packages that it sees, what stands beside an entry, and what may be
/// read by its path; nothing else of the host's files.
pub(crate) struct Sources {
    library: LateLibrary,
    project: PathBuf,
    host: Rc<Host>,
    /// At hand are the project and where entries stand, too.
    late: Rc<LateFiles>,
    scripts: RefCell<HashMap<String, Arc<Script>>>,
}

impl Sources {
    pub(crate) fn new(library: Library, project: PathBuf, host: Rc<Host>) -> Self {
        let late = LateFiles::new(Rc::clone(&host), &project);
        late.add(project.canonicalize().unwrap_or_else(|_| project.clone()));
        let library = LateLibrary::new(library);
        Self { library, project, host, late, scripts: RefCell::default() }
    }

    /// Lets the module in this file be imported, and what stands beside it.
    pub(crate) fn allow(&self, file: &str) {
        if let Some(directory) = Path::new(file).parent() {
            self.late.add(directory.to_owned());
        }
    }

    fn is_at_hand(&self, id: &str) -> bool {
        !id.starts_with('/') || self.late.has(Path::new(id))
    }

    /// Whether a module stays the same while this VM is in use: no script can change its file.
    fn lasts(&self, id: &str) -> bool {
        self.is_at_hand(id) && !(id.starts_with('/') && self.host.may_write(Path::new(id)))
    }

    /// Adds a script, which its id then names.
    pub(crate) fn add(&self, script: &Arc<Script>) {
        let mut scripts = self.scripts.borrow_mut();
        if scripts.len() >= KNOWN {
            scripts.clear();
        }
        scripts.entry(script.id.clone()).or_insert_with(|| Arc::clone(script));
    }

    /// Where a script is said to stand.
    pub(crate) fn path_of(&self, script: &Script) -> PathBuf {
        self.project.join(&script.file)
    }

    /// Forgets every script.
    pub(crate) fn clear(&self) {
        self.scripts.borrow_mut().clear();
    }

    fn find(&self, id: &str) -> Option<Arc<Script>> {
        self.scripts.borrow().get(id).cloned()
    }
}

fn refusal(error: OpError) -> LoadError {
    let code = (error.code.as_deref() == Some("EACCES")).then_some("EACCES");
    LoadError { name: "Error", code, message: error.message }
}

/// The path without `.` and `..`, links aside.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
        plain
    })
}

impl ModuleSource for Sources {
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError> {
        if self.scripts.borrow().contains_key(specifier) {
            return Ok(specifier.to_owned());
        }
        let importer = match self.find(importer) {
            Some(script) => self.path_of(&script),
            None => Path::new(importer).to_owned(),
        };
        let resolve = || {
            let importer = importer.to_string_lossy();
            self.library.resolve(specifier, &importer, how, |id| self.lasts(id))
        };
        let (resolved, refused) = self.late.resolve(resolve);
        let path = match (&resolved, &refused) {
            (Ok(id), _) => id.clone(),
            // Whether there is something outside is not told either.
            (Err(_), _) if specifier.starts_with(['/', '.']) => {
                let directory = importer.parent().unwrap_or(Path::new("/"));
                let path = plain(&directory.join(specifier));
                late_files::destination(&path).to_string_lossy().into_owned()
            }
            (Err(_), Some(refused)) => refused.clone(),
            (Err(_), None) => return resolved,
        };
        if !self.is_at_hand(&path) {
            self.host.permit_import_by_path(&path).map_err(refusal)?;
        }
        if let Some(refused) = refused {
            self.host.permit_import_by_path(&refused).map_err(refusal)?;
        }
        resolved
    }

    fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        let Some(script) = self.find(id) else {
            if !id.starts_with('/') {
                return self.library.lasting().load(id);
            }
            return self.late.look(|| {
                self.library.of(self.lasts(id)).load_by(id, |id| {
                    if !self.is_at_hand(id) {
                        self.host.permit_import_by_path(id).map_err(refusal)?;
                    }
                    self.host.read_resolved_module(id).map_err(refusal)
                })
            });
        };
        let code = match script.bytecode.get() {
            Some(bytecode) => Code::Bytecode(bytecode.clone()),
            None => Code::Source(Arc::clone(&script.code)),
        };
        Ok(Loaded { kind: script.kind, code })
    }

    fn keep_bytecode(&self, id: &str, bytecode: &Bytecode) {
        match self.find(id) {
            Some(script) => drop(script.bytecode.set(bytecode.clone())),
            None => self.library.of(self.lasts(id)).keep_bytecode(id, bytecode),
        }
    }

    fn frozen(&self) {
        self.library.freeze();
    }

    fn restored(&self) {
        self.library.restore();
    }

    fn prelude_bytecode(&self) -> Vec<(u128, Bytecode)> {
        self.library.lasting().prelude_bytecode()
    }

    fn keep_prelude_bytecode(&self, functions: &[(u128, Bytecode)]) {
        self.library.lasting().keep_prelude_bytecode(functions);
    }

    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        match self.find(file) {
            Some(script) => Some(script.original(&self.library, line, column)),
            None => self.late.look(|| self.library.original_position(file, line, column)),
        }
    }

    fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        only_line: bool,
    ) -> Option<Position> {
        self.late.look(|| self.library.call_position(position, called, only_line))
    }

    fn missing_export(
        &self,
        importer: &str,
        name: &str,
        module: &str,
        means: &dyn Fn(&str) -> bool,
        exported: Option<Vec<String>>,
    ) -> Option<String> {
        self.library.holding(importer).missing_export(importer, name, module, means, exported)
    }

    fn mended_regexps(
        &self,
        id: &str,
        code: &str,
        compiles: &dyn Fn(&str, &str) -> Result<(), String>,
    ) -> Option<Result<String, LoadError>> {
        self.library.holding(id).mended_regexps(id, code, compiles)
    }

    fn method_name(&self, position: &Position, name: &str) -> Option<String> {
        self.late.look(|| self.library.holding(&position.file).method_name(position, name))
    }

    fn culprit(&self, position: &Position, fault: Fault<'_>) -> Option<Culprit> {
        self.late.look(|| self.library.holding(&position.file).culprit(position, fault))
    }
}
