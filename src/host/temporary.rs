//! A directory for temporary files that is this process's own, in the system's directory for them.
//!
//! It is the user's alone (mode 0700) and removed with all that is in it when it is dropped. A process that is killed
//! leaves it behind: the next one that makes such a directory removes it. Who lives holds a lock on a file in it.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::removal::{self, Locked, identity};

/// What the names of such directories begin with; the rest are [`DIGITS`] hexadecimal digits.
const PREFIX: &str = "quickcuke-";
const DIGITS: usize = 16;
/// The file that the living hold a lock on.
const OWNER: &CStr = c".owner";

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// See the [module](self).
#[derive(Debug)]
pub(crate) struct TemporaryDirectory(SharedTemporary);

/// The same for those who make something in it. They may outlive it: threads that were given up do.
#[derive(Clone, Debug)]
pub(crate) struct SharedTemporary(Arc<Opened>);

#[derive(Debug)]
struct Opened {
    /// The system's.
    parent: OwnedFd,
    name: CString,
    /// Absolute, without symbolic links.
    path: PathBuf,
    handle: OwnedFd,
    /// Locked as long as it is open. None: the directory is somebody else's to remove.
    owner: Option<File>,
    /// How many names were given out.
    names: AtomicU64,
}

impl TemporaryDirectory {
    /// Makes one, and removes those whose processes were killed.
    ///
    /// # Errors
    /// The system's directory for temporary files is not there or cannot be written.
    pub(crate) fn create() -> io::Result<Self> {
        let system = std::env::temp_dir().canonicalize()?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let parent = rustix::fs::openat(CWD, &system, flags, Mode::empty())?;
        loop {
            let unique = RandomState::new().hash_one(std::process::id());
            let name = format!("{PREFIX}{unique:0DIGITS$x}");
            let path = system.join(&name);
            let name = CString::new(name)?;
            match rustix::fs::mkdirat(&parent, &*name, Mode::RWXU) {
                Err(Errno::EXIST) => continue,
                made => made?,
            }
            let handle = rustix::fs::openat(&parent, &*name, DIRECTORY, Mode::empty())?;
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            let owner = rustix::fs::openat(&handle, OWNER, flags, Mode::RUSR | Mode::WUSR);
            // Another process may have taken it for abandoned before it was locked.
            let lock = FlockOperation::NonBlockingLockExclusive;
            match owner.and_then(|owner| rustix::fs::flock(&owner, lock).map(|()| owner)) {
                Err(Errno::WOULDBLOCK | Errno::NOENT) => continue,
                owner if is_at(&handle, &parent, &name) => {
                    let owner = Some(File::from(owner?));
                    remove_abandoned(&parent, rustix::fs::fstat(&handle)?.st_uid);
                    let names = AtomicU64::new(0);
                    let opened = Opened { parent, name, path, handle, owner, names };
                    return Ok(Self(SharedTemporary(Arc::new(opened))));
                }
                _ => {}
            }
        }
    }

    pub(crate) fn share(&self) -> SharedTemporary {
        self.0.clone()
    }
}

impl SharedTemporary {
    /// A directory that is there already, and stays.
    #[cfg(test)]
    pub(super) fn of(directory: &Path) -> Self {
        let path = directory.canonicalize().unwrap();
        let open = |path: &Path| rustix::fs::openat(CWD, path, DIRECTORY, Mode::empty()).unwrap();
        let (parent, handle) = (open(path.parent().unwrap()), open(&path));
        let name = CString::new(path.file_name().unwrap().to_str().unwrap()).unwrap();
        let names = AtomicU64::new(0);
        Self(Arc::new(Opened { parent, name, path, handle, owner: None, names }))
    }

    /// Absolute, without symbolic links.
    pub(super) fn path(&self) -> &Path {
        &self.0.path
    }

    pub(super) fn handle(&self) -> &OwnedFd {
        &self.0.handle
    }

    /// A name for something in it that nothing else has.
    pub(crate) fn unique_name(&self, what: &str) -> String {
        format!("{what}-{}", self.0.names.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        let Opened { parent, name, handle, owner, .. } = &*self.0.0;
        if owner.is_some() && is_at(handle, parent, name) {
            // Who would be told is gone; the next process tries again.
            remove_all(parent, name, handle);
        }
    }
}

/// Removes the directories of this user's processes that are dead.
fn remove_abandoned(parent: &OwnedFd, user: u32) {
    let Ok(entries) = removal::entries(parent) else { return };
    for (name, _) in entries {
        let is_digits = |rest: &str| {
            rest.len() == DIGITS && rest.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        let rest = name.to_str().ok().and_then(|name| name.strip_prefix(PREFIX));
        if rest.is_some_and(is_digits) {
            // One that cannot be removed is not this process's concern.
            let _ = remove_if_abandoned(parent, &name, user);
        }
    }
}

fn remove_if_abandoned(parent: &OwnedFd, name: &CStr, user: u32) -> rustix::io::Result<()> {
    let handle = rustix::fs::openat(parent, name, DIRECTORY, Mode::empty())?;
    if !is_of(user, &rustix::fs::fstat(&handle)?, FileType::Directory) {
        return Ok(());
    }
    // Not waited for, should it be a FIFO.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let owner = rustix::fs::openat(&handle, OWNER, flags, Mode::empty())?;
    if !is_of(user, &rustix::fs::fstat(&owner)?, FileType::RegularFile) {
        return Ok(());
    }
    rustix::fs::flock(&owner, FlockOperation::NonBlockingLockExclusive)?;
    if is_at(&handle, parent, name) {
        remove_all(parent, name, &handle);
    }
    Ok(())
}

/// Whether it is the user's alone, as it was made.
fn is_of(user: u32, stat: &Stat, kind: FileType) -> bool {
    let others = Mode::RWXG | Mode::RWXO;
    FileType::from_raw_mode(stat.st_mode) == kind
        && stat.st_uid == user
        && !Mode::from_raw_mode(stat.st_mode).intersects(others)
}

/// Whether an open directory is what has this name.
pub(super) fn is_at(directory: &OwnedFd, parent: &OwnedFd, name: &CStr) -> bool {
    let named = rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW);
    let (Ok(named), Ok(open)) = (named, rustix::fs::fstat(directory)) else { return false };
    identity(&named) == identity(&open)
}

/// Removes the directory. The lock's file goes last, so that what is interrupted here is taken up by another process.
fn remove_all(parent: &OwnedFd, name: &CStr, handle: &OwnedFd) {
    for (entry, _) in removal::entries(handle).unwrap_or_default() {
        if *entry != *OWNER {
            let _ = removal::remove(handle.as_fd(), &entry, Locked::Unlock);
        }
    }
    // Fails where something is left.
    let left = removal::entries(handle).is_ok_and(|entries| entries.len() > 1);
    if !left && rustix::fs::unlinkat(handle, OWNER, AtFlags::empty()).is_ok() {
        let _ = rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR);
    }
}
