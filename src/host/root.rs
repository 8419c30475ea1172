//! The root of a grant or mount: found once, with its symbolic links followed, and held open from then on.
//!
//! Whatever is done below a root is done below its handle, and no symbolic link is followed on the way (see
//! [`place`](super::place)). So a grant stays what it was, whoever renames or replaces what its path names.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::errno;
use super::place::{Walk, is_removed};
use super::tree::Tree;

/// A directory or file that is granted. It need not be there yet.
#[derive(Clone)]
pub(crate) struct Root(Arc<Held>);

struct Held {
    /// Absolute, without symbolic links.
    path: PathBuf,
    /// It is never made, unlike what is granted.
    is_mount: bool,
    base: Mutex<Arc<Base>>,
}

/// A directory that is held open: the root, or for a file and for what is not there yet the deepest one above.
pub(super) struct Base {
    pub(super) path: PathBuf,
    pub(super) handle: OwnedFd,
}

/// A symbolic link in the place of a root that is written, where a step may have put it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) path: PathBuf,
    pub(crate) target: PathBuf,
}

/// Why a path cannot be a root.
#[derive(Debug)]
pub(crate) enum RootError {
    Link(Link),
    /// A ring of links, or nothing can be opened.
    Lost,
}

impl Root {
    /// The root that an absolute path names. Symbolic links are followed; where it is `written`, not in the last place.
    ///
    /// # Errors
    /// A symbolic link in the last place of what is written, a ring of links.
    pub(crate) fn open(named: &Path, written: bool) -> Result<Self, RootError> {
        let hosts = Tree::of_host();
        let path = hosts.target(named, !written).map_err(|_| RootError::Lost)?.host;
        if written && let Ok(target) = std::fs::read_link(&path) {
            return Err(RootError::Link(Link { path: named.to_owned(), target }));
        }
        Self::of_real(path).map_err(|_| RootError::Lost)
    }

    /// The root at a path that is absolute and has no symbolic links. One that gets into it is not followed.
    pub(super) fn of_real(path: PathBuf) -> io::Result<Self> {
        let base = Mutex::new(Arc::new(Base::find(&path)?));
        Ok(Self(Arc::new(Held { path, is_mount: false, base })))
    }

    /// The same for a directory that is mounted and must be there.
    pub(super) fn of_mount(path: PathBuf) -> io::Result<Self> {
        let base = Mutex::new(Arc::new(Base::open(&path)?));
        Ok(Self(Arc::new(Held { path, is_mount: true, base })))
    }

    /// Absolute, without symbolic links.
    pub(super) fn path(&self) -> &Path {
        &self.0.path
    }

    /// The directory that is held. One that has been removed is looked for at the same path again: a command may build
    /// it anew.
    pub(super) fn base(&self) -> Arc<Base> {
        let mut base = self.0.base.lock().unwrap_or_else(PoisonError::into_inner);
        if is_removed(&base.handle) {
            let find = if self.0.is_mount { Base::open } else { Base::find };
            if let Ok(found) = find(&self.0.path) {
                *base = Arc::new(found);
            }
        }
        Arc::clone(&base)
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Root").field(&self.path()).finish()
    }
}

impl Base {
    fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { handle: Walk::new().absolute(path)?, path: path.to_owned() })
    }

    fn find(path: &Path) -> io::Result<Self> {
        let found = path.ancestors().find_map(|above| Self::open(above).ok());
        found.ok_or_else(|| errno::raw(libc::ENOENT))
    }
}

/// Roots by what they were named, opened before the first line of a step library runs, and shared by all that run with
/// the same grants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roots(Arc<Vec<(PathBuf, Root)>>);

impl Roots {
    pub(crate) fn new(roots: Vec<(PathBuf, Root)>) -> Self {
        Self(Arc::new(roots))
    }

    pub(super) fn get(&self, named: &Path) -> Option<&Root> {
        self.0.iter().find(|(known, _)| known == named).map(|(_, root)| root)
    }
}

/// Whether they are the same ones.
impl PartialEq for Roots {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Roots {}
