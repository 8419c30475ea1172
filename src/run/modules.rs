//! The modules of one worker: those of the step library as it loads, whatever it imports, and what a scenario may import
//! besides.
//!
//! A step's `import()` or `require` of a file is a read as any other: of what was loaded already, of packages in the
//! `node_modules` that the project sees, and of what the sandbox lets be read.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::host::Host;
use crate::isolate::{
    Bytecode, Called, Culprit, Fault, How, LoadError, Loaded, ModuleSource, OpError, Position,
};
use crate::library::{LateLibrary, Library};
use crate::script::LateFiles;

pub(super) struct Modules {
    library: LateLibrary,
    host: Rc<Host>,
    /// Free of links.
    project: PathBuf,
    /// At hand is what the step library has loaded, too.
    late: Rc<LateFiles>,
}

impl Modules {
    pub(super) fn new(library: Library, host: Rc<Host>, project: &Path) -> Self {
        let late = LateFiles::new(Rc::clone(&host), project);
        let project = project.canonicalize().unwrap_or_else(|_| project.to_owned());
        Self { library: LateLibrary::new(library), project, late, host }
    }

    /// Whether a module stays the same for the whole run: no scenario can change its file, or it is in the snapshot.
    fn lasts(&self, id: &str) -> bool {
        self.is_at_hand(id)
            || (Path::new(id).starts_with(&self.project) && !self.host.may_write(Path::new(id)))
    }

    /// Whether a scenario may have the module without asking the sandbox.
    fn is_at_hand(&self, id: &str) -> bool {
        !id.starts_with('/') || self.late.has(Path::new(id))
    }

    /// Asks the library for what it looks at files for.
    fn look<T>(&self, act: impl FnOnce() -> T) -> T {
        if self.host.is_frozen() { self.late.look(act) } else { act() }
    }
}

fn refusal(error: OpError) -> LoadError {
    let code = (error.code.as_deref() == Some("EACCES")).then_some("EACCES");
    LoadError { name: "Error", code, message: error.message }
}

impl ModuleSource for Modules {
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError> {
        let resolve = || self.library.resolve(specifier, importer, how, |id| self.lasts(id));
        if !self.host.is_frozen() {
            return resolve();
        }
        let (resolved, refused) = self.late.resolve(resolve);
        let path = match (&resolved, &refused) {
            (Ok(id), _) if self.is_at_hand(id) => return resolved,
            (Ok(id), _) => id.clone(),
            // Whether there is something outside is not told either.
            (Err(_), _) if specifier.starts_with(['/', '.']) => {
                let directory = Path::new(importer).parent().unwrap_or(Path::new("/"));
                directory.join(specifier).to_string_lossy().into_owned()
            }
            (Err(_), Some(refused)) => refused.clone(),
            (Err(_), None) => return resolved,
        };
        self.host.permit_import(&path).map_err(refusal)?;
        if let Some(refused) = refused {
            self.host.permit_import(&refused).map_err(refusal)?;
        }
        resolved
    }

    fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        if !self.host.is_frozen() {
            self.late.add(id.into());
            return self.library.lasting().load(id);
        }
        if !self.is_at_hand(id) {
            self.host.permit_import(id).map_err(refusal)?;
        }
        self.late.look(|| match self.is_at_hand(id) {
            true => self.library.lasting().load(id),
            false => {
                let library = self.library.of(self.lasts(id));
                library.load_by(id, |id| self.host.read_module(id).map_err(refusal))
            }
        })
    }

    fn frozen(&self) {
        self.library.freeze();
    }

    fn restored(&self) {
        self.library.restore();
    }

    fn keep_bytecode(&self, id: &str, bytecode: &Bytecode) {
        self.library.of(self.lasts(id)).keep_bytecode(id, bytecode);
    }

    fn prelude_bytecode(&self) -> Vec<(u128, Bytecode)> {
        self.library.lasting().prelude_bytecode()
    }

    fn keep_prelude_bytecode(&self, functions: &[(u128, Bytecode)]) {
        self.library.lasting().keep_prelude_bytecode(functions);
    }

    fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        self.look(|| self.library.original_position(file, line, column))
    }

    fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        only_line: bool,
    ) -> Option<Position> {
        self.look(|| self.library.call_position(position, called, only_line))
    }

    fn missing_export(
        &self,
        importer: &str,
        name: &str,
        module: &str,
        means: &dyn Fn(&str) -> bool,
        exported: Option<Vec<String>>,
    ) -> Option<String> {
        let library = self.library.holding(importer);
        self.look(|| library.missing_export(importer, name, module, means, exported))
    }

    fn mended_regexps(
        &self,
        id: &str,
        code: &str,
        compiles: &dyn Fn(&str, &str) -> Result<(), String>,
    ) -> Option<Result<String, LoadError>> {
        self.look(|| self.library.holding(id).mended_regexps(id, code, compiles))
    }

    fn method_name(&self, position: &Position, name: &str) -> Option<String> {
        self.look(|| self.library.holding(&position.file).method_name(position, name))
    }

    fn culprit(&self, position: &Position, fault: Fault<'_>) -> Option<Culprit> {
        self.look(|| self.library.holding(&position.file).culprit(position, fault))
    }
}
