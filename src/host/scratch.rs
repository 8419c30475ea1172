//! Where the scenarios of a worker, or the code in a VM, have their temporary files: what `os.tmpdir()` names.
//!
//! It is made when it is first asked for. What a scenario leaves in it is removed below its handle: whatever has come to
//! stand at its path since is left alone.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};

use super::place::is_removed;
use super::removal::{self, Leftover, Locked};
use super::root::Root;
use super::temporary::{SharedTemporary, is_at};

/// See the [module](self).
pub struct Scratch {
    root: Root,
    /// None: the system's directory for temporary files, in which nothing is ours to remove.
    own: Option<Own>,
}

struct Own {
    parent: SharedTemporary,
    name: CString,
    made: RefCell<Option<OwnedFd>>,
    /// What could not be removed, and was told.
    left: RefCell<HashSet<CString>>,
}

/// What was in it at some time; none without the directory.
#[derive(Default)]
pub(super) struct Content(Option<HashSet<CString>>);

impl Scratch {
    /// A directory of this name, to be made when it is asked for.
    ///
    /// # Errors
    /// The directory above cannot be opened.
    pub(crate) fn new(parent: SharedTemporary, name: &str) -> io::Result<Self> {
        let root = Root::of_real(parent.path().join(name))?;
        let (name, made, left) = (CString::new(name)?, RefCell::default(), RefCell::default());
        let own = Own { parent, name, made, left };
        Ok(Self { root, own: Some(own) })
    }

    /// The system's directory for temporary files, for what is trusted.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn system() -> io::Result<Self> {
        Ok(Self { root: Root::of_real(std::env::temp_dir().canonicalize()?)?, own: None })
    }

    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    /// Makes it, unless it is there.
    ///
    /// # Errors
    /// It cannot be made; something else has its name.
    pub(super) fn make(&self) -> io::Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        let mut made = own.made.borrow_mut();
        if made.is_some() {
            return Ok(());
        }
        let parent = own.parent.handle();
        rustix::fs::mkdirat(parent, &*own.name, Mode::RWXU)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        *made = Some(rustix::fs::openat(parent, &*own.name, flags, Mode::empty())?);
        Ok(())
    }

    /// What is in it.
    ///
    /// # Errors
    /// It cannot be listed.
    pub(super) fn content(&self) -> io::Result<Content> {
        let made = self.own.as_ref().map(|own| own.made.borrow());
        let Some(directory) = made.as_ref().and_then(|made| made.as_ref()) else {
            return Ok(Content(None));
        };
        let entries = removal::entries(directory)?;
        Ok(Content(Some(entries.into_iter().map(|(name, _)| name).collect())))
    }

    /// Removes all that was not in it, and the directory itself if it was not there.
    ///
    /// # Errors
    /// What could not be removed, told once; the rest is.
    pub(super) fn clean(&self, kept: &Content) -> io::Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        let mut made = own.made.borrow_mut();
        let Some(directory) = made.as_ref() else { return Ok(()) };
        if is_removed(directory) {
            // By a command, say.
            *made = None;
            return Ok(());
        }
        // A step may have set another mode.
        let _ = rustix::fs::fchmod(directory, Mode::RWXU);
        let parent = own.parent.handle();
        let mut told = Ok(());
        let mut is_empty = true;
        for (name, _) in removal::entries(directory)? {
            if kept.0.as_ref().is_some_and(|kept| kept.contains(&name)) {
                continue;
            }
            let Err(leftover) = removal::remove(directory.as_fd(), &name, Locked::Unlock) else {
                continue;
            };
            // Out of the way of the next scenario, if that is possible.
            let aside = own.parent.unique_name("left");
            let moved = rustix::fs::renameat(directory, &*name, parent, aside.as_str());
            is_empty &= moved.is_ok();
            if own.left.borrow_mut().insert(name) || moved.is_ok() {
                told = told.and(Err(self.told(&leftover)));
            }
        }
        told?;
        if kept.0.is_some() || !is_empty {
            return Ok(());
        }
        if !is_at(directory, parent, &own.name) {
            *made = None;
            let told =
                format!("'{}' is another file now, which is left alone", self.path().display());
            return Err(io::Error::other(told));
        }
        rustix::fs::unlinkat(parent, &*own.name, AtFlags::REMOVEDIR)?;
        *made = None;
        Ok(())
    }

    fn path(&self) -> &Path {
        self.root.path()
    }

    fn told(&self, leftover: &Leftover) -> io::Error {
        let (name, error) = (leftover.name().display(), &leftover.error);
        io::Error::other(format!("'{name}' in '{}': {error}", self.path().display()))
    }
}
