//! The modules of one VM, on both sides of its snapshot: those that other VMs share and later runs find again, and those
//! that a scenario loads from files which a scenario may change. The latter end with a restore, and so does what was
//! found out about where files are.

use std::cell::{Cell, RefCell};

use super::Library;
use crate::isolate::{Called, How, LoadError, ModuleSource as _, Position};

pub(crate) struct LateLibrary {
    lasting: Library,
    is_frozen: Cell<bool>,
    /// Made when the first late module is asked for.
    late: RefCell<Option<Library>>,
}

impl LateLibrary {
    pub(crate) fn new(lasting: Library) -> Self {
        Self { lasting, is_frozen: Cell::new(false), late: RefCell::default() }
    }

    /// The modules that outlast a restore.
    pub(crate) fn lasting(&self) -> &Library {
        &self.lasting
    }

    /// The snapshot is taken.
    pub(crate) fn freeze(&self) {
        self.is_frozen.set(true);
    }

    /// Forgets what was loaded since the snapshot.
    pub(crate) fn restore(&self) {
        self.late.take();
    }

    /// The library for a module: `lasts` says whether only its users change its file.
    pub(crate) fn of(&self, lasts: bool) -> Library {
        if lasts || !self.is_frozen.get() {
            return self.lasting.clone();
        }
        self.late.borrow_mut().get_or_insert_with(|| self.lasting.afresh()).clone()
    }

    /// Resolves for a scenario. What the lasting library knows counts where it lasts; anything else is looked for anew.
    pub(crate) fn resolve(
        &self,
        specifier: &str,
        importer: &str,
        how: How,
        lasts: impl Fn(&str) -> bool,
    ) -> Result<String, LoadError> {
        let is_path = specifier.starts_with(['.', '/', '#']);
        if !self.is_frozen.get() || (!is_path && lasts(importer)) {
            return self.lasting.resolve(specifier, importer, how);
        }
        // A path from a lasting module to another one is known; others are not asked for, as nothing forgets the answer.
        if lasts(importer)
            && !specifier.starts_with('/')
            && let Ok(id) = self.lasting.resolve(specifier, importer, how)
            && lasts(&id)
        {
            return Ok(id);
        }
        self.of(false).resolve(specifier, importer, how)
    }

    pub(crate) fn original_position(&self, file: &str, line: u32, column: u32) -> Option<Position> {
        self.holding(file).original_position(file, line, column)
    }

    pub(crate) fn call_position(
        &self,
        position: &Position,
        called: Called<'_>,
        only_line: bool,
    ) -> Option<Position> {
        self.holding(&position.file).call_position(position, called, only_line)
    }

    /// The library that has loaded a file.
    pub(crate) fn holding(&self, file: &str) -> Library {
        let late = self.late.borrow();
        late.as_ref().filter(|late| late.has(file)).unwrap_or(&self.lasting).clone()
    }
}
