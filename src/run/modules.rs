//! The modules of one worker: those of the step library as it loads, whatever it imports, and what a scenario may import
//! besides.
//!
//! A step's `import()` or `require` of a file is a read as any other: of what was loaded already, of packages in the
//! `node_modules` that the project sees, and of what the sandbox lets be read.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::host::Host;
use crate::isolate::{
    Bytecode, Called, Culprit, Fault, How, LoadError, Loaded, ModuleSource, OpError, Position,
};
use crate::library::{LateLibrary, Library};

pub(super) struct Modules {
    library: LateLibrary,
    host: Rc<Host>,
    project: PathBuf,
    /// The `node_modules` of the project and of the directories above it.
    packages: Vec<PathBuf>,
    /// What the step library has loaded.
    loaded: RefCell<HashSet<String>>,
}

impl Modules {
    pub(super) fn new(library: Library, host: Rc<Host>, project: &Path) -> Self {
        let project = project.canonicalize().unwrap_or_else(|_| project.to_owned());
        let packages = project.ancestors().map(|above| above.join("node_modules")).collect();
        let library = LateLibrary::new(library);
        Self { library, host, project, packages, loaded: RefCell::default() }
    }

    /// Whether a module stays the same for the whole run: no scenario can change its file, or it is in the snapshot.
    fn lasts(&self, id: &str) -> bool {
        self.is_at_hand(id)
            || (Path::new(id).starts_with(&self.project) && !self.host.may_write(Path::new(id)))
    }

    /// Whether a scenario may have the module without asking the sandbox.
    fn is_at_hand(&self, id: &str) -> bool {
        !id.starts_with('/')
            || self.loaded.borrow().contains(id)
            || self.packages.iter().any(|packages| Path::new(id).starts_with(packages))
    }
}

fn refusal(error: OpError) -> LoadError {
    let code = (error.code.as_deref() == Some("EACCES")).then_some("EACCES");
    LoadError { name: "Error", code, message: error.message }
}

impl ModuleSource for Modules {
    fn resolve(&self, specifier: &str, importer: &str, how: How) -> Result<String, LoadError> {
        let resolved = self.library.resolve(specifier, importer, how, |id| self.lasts(id));
        if !self.host.is_frozen() {
            return resolved;
        }
        let path = match &resolved {
            Ok(id) if self.is_at_hand(id) => return resolved,
            Ok(id) => id.clone(),
            // Whether there is something outside is not told either.
            Err(_) if specifier.starts_with(['/', '.']) => {
                let directory = Path::new(importer).parent().unwrap_or(Path::new("/"));
                directory.join(specifier).to_string_lossy().into_owned()
            }
            Err(_) => return resolved,
        };
        self.host.permit_import(&path).map_err(refusal)?;
        resolved
    }

    fn load(&self, id: &str) -> Result<Loaded, LoadError> {
        if !self.host.is_frozen() {
            self.loaded.borrow_mut().insert(id.to_owned());
            return self.library.lasting().load(id);
        }
        match self.is_at_hand(id) {
            true => self.library.lasting().load(id),
            false => {
                self.host.permit_import(id).map_err(refusal)?;
                let library = self.library.of(self.lasts(id));
                library.load_by(id, |id| self.host.read_module(id).map_err(refusal))
            }
        }
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
        self.library.original_position(file, line, column)
    }

    fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        only_line: bool,
    ) -> Option<Position> {
        self.library.call_position(position, called, only_line)
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
        self.library.holding(&position.file).method_name(position, name)
    }

    fn culprit(&self, position: &Position, fault: Fault<'_>) -> Option<Culprit> {
        self.library.holding(&position.file).culprit(position, fault)
    }
}
