//! The files that a library looks at while it resolves and loads: all of them as the step library loads, and those that
//! an [`Opener`] lets it see for what a scenario imports.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use oxc_resolver::{FileMetadata, FileSystem, FileSystemOs, ResolveError};

use crate::file;

/// Judges each file on the way to a module.
pub(crate) trait Opener {
    /// Whether it may be known what is at a path; a symbolic link itself, unless `follow` says so.
    fn may_see(&self, path: &Path, follow: bool) -> bool;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of reading; it may not be seen.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
}

thread_local! {
    /// Who judges what this thread looks at. The resolver takes no argument for it.
    static OPENER: RefCell<Option<Rc<dyn Opener>>> = const { RefCell::new(None) };
}

/// What `act` looks at in a library goes through the opener.
pub(crate) fn with_opener<T>(opener: Rc<dyn Opener>, act: impl FnOnce() -> T) -> T {
    struct Back(Option<Rc<dyn Opener>>);
    impl Drop for Back {
        fn drop(&mut self) {
            OPENER.set(self.0.take());
        }
    }
    let _back = Back(OPENER.replace(Some(opener)));
    act()
}

fn opener() -> Option<Rc<dyn Opener>> {
    OPENER.with_borrow(Clone::clone)
}

pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    opener().map_or_else(|| file::read(path), |opener| opener.read(path))
}

pub(super) fn read_to_string(path: &Path) -> io::Result<String> {
    read(path).and_then(file::text)
}

/// Whether a path may be looked at, with its links followed.
pub(super) fn may_see(path: &Path) -> bool {
    opener().is_none_or(|opener| opener.may_see(path, true))
}

/// What the resolver sees.
pub(super) struct Files;

fn seen<T>(path: &Path, follow: bool, look: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match opener() {
        Some(opener) if !opener.may_see(path, follow) => Err(io::ErrorKind::NotFound.into()),
        _ => look(),
    }
}

impl FileSystem for Files {
    fn new() -> Self {
        Self
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read(path)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        read_to_string(path)
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        seen(path, true, || FileSystemOs::metadata(path))
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        seen(path, false, || FileSystemOs::symlink_metadata(path))
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        Ok(seen(path, false, || std::fs::read_link(path))?)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        seen(path, true, || FileSystemOs::canonicalize(path))
    }
}
