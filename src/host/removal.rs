//! Removing a directory with all that is in it, below a handle: no symbolic link is followed, and neither the stack nor
//! the number of open files grows with the depth.

use std::ffi::{CStr, CString, OsStr};
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::place::HANDLE;

/// What to do where permission bits are in the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Locked {
    /// Leave it, as `rm -r` does.
    Keep,
    /// Set the bits where that is allowed.
    Unlock,
}

/// Which file it is, whatever its name.
type Identity = (u64, u64);

pub(super) fn identity(stat: &Stat) -> Identity {
    // The types differ by platform.
    #[allow(clippy::unnecessary_cast)]
    (stat.st_dev as u64, stat.st_ino as u64)
}

/// A directory that is being emptied.
struct Level {
    name: CString,
    identity: Identity,
    /// The directories in it that are still there.
    directories: Vec<CString>,
}

/// What could not be removed first, and why.
#[derive(Debug)]
pub(super) struct Leftover {
    pub(super) name: CString,
    pub(super) error: io::Error,
}

impl Leftover {
    pub(super) fn name(&self) -> &OsStr {
        OsStr::from_bytes(self.name.to_bytes())
    }
}

/// Removes the file of that name, or the directory with all that is in it. What cannot be removed is left, the rest goes.
///
/// # Errors
/// The first thing that was left.
pub(super) fn remove(parent: BorrowedFd<'_>, name: &CStr, locked: Locked) -> Result<(), Leftover> {
    let failed = |error: Errno| Leftover { name: name.to_owned(), error: error.into() };
    let unlinked = match rustix::fs::unlinkat(parent, name, AtFlags::empty()) {
        Ok(()) => return Ok(()),
        // "Not permitted" is what POSIX says of directories here.
        Err(error @ (Errno::ISDIR | Errno::PERM)) => error,
        Err(error) => return Err(failed(error)),
    };
    let directory = open(parent, name, locked).map_err(|error| match error {
        // It is none.
        Errno::NOTDIR | Errno::LOOP => failed(unlinked),
        error => failed(error),
    })?;
    let left = empty(directory, locked);
    // Its error is only the consequence of what was left.
    let removed = rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR).map_err(failed);
    left.and(removed)
}

/// Removes all that is in a directory.
///
/// # Errors
/// As [`remove`].
pub(super) fn empty(directory: OwnedFd, locked: Locked) -> Result<(), Leftover> {
    let mut left = Ok(());
    let mut leave = |name: &CStr, error: Errno| {
        if left.is_ok() {
            left = Err(Leftover { name: name.to_owned(), error: error.into() });
        }
    };
    let mut current = directory;
    let mut levels = vec![scan(&current, c".", locked, &mut leave)];
    while let Some(level) = levels.last_mut() {
        if let Some(name) = level.directories.pop() {
            match open(current.as_fd(), &name, locked) {
                Ok(inner) => {
                    levels.push(scan(&inner, &name, locked, &mut leave));
                    current = inner;
                }
                Err(error) => leave(&name, error),
            }
            continue;
        }
        let Some(done) = levels.pop() else { break };
        let Some(above) = levels.last() else { break };
        // The way up is by the name of the parent, so that not every directory on the way is held open; if somebody has
        // moved the directory, its parent is another one.
        let up = rustix::fs::openat(&current, c"..", DIRECTORY, Mode::empty());
        match up.and_then(|up| Ok((identity(&rustix::fs::fstat(&up)?), up))) {
            Ok((found, up)) if found == above.identity => current = up,
            Ok(_) => {
                leave(&done.name, Errno::STALE);
                break;
            }
            Err(error) => {
                leave(&done.name, error);
                break;
            }
        }
        if let Err(error) = rustix::fs::unlinkat(&current, &*done.name, AtFlags::REMOVEDIR) {
            leave(&done.name, error);
        }
    }
    left
}

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens a directory to be listed.
fn open(parent: BorrowedFd<'_>, name: &CStr, locked: Locked) -> rustix::io::Result<OwnedFd> {
    match rustix::fs::openat(parent, name, DIRECTORY, Mode::empty()) {
        Err(Errno::ACCESS) if locked == Locked::Unlock => {}
        opened => return opened,
    }
    let handle = rustix::fs::openat(
        parent,
        name,
        HANDLE | OFlags::NOFOLLOW | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    if FileType::from_raw_mode(rustix::fs::fstat(&handle)?.st_mode) == FileType::Directory {
        set_mode(handle.as_fd(), Mode::RWXU)?;
    }
    rustix::fs::openat(parent, name, DIRECTORY, Mode::empty())
}

/// Sets the mode of what may be open by name only.
pub(super) fn set_mode(handle: BorrowedFd<'_>, mode: Mode) -> rustix::io::Result<()> {
    // What was opened only by name has no mode to set but through the link /proc keeps to it.
    #[cfg(target_os = "linux")]
    return rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), mode);
    #[cfg(not(target_os = "linux"))]
    rustix::fs::fchmod(handle, mode)
}

/// Removes the files in a directory, and tells the directories.
fn scan(
    directory: &OwnedFd,
    name: &CStr,
    locked: Locked,
    leave: &mut impl FnMut(&CStr, Errno),
) -> Level {
    let mut level = Level { name: name.to_owned(), identity: (0, 0), directories: Vec::new() };
    let mut listed = || -> rustix::io::Result<()> {
        let stat = rustix::fs::fstat(directory)?;
        level.identity = identity(&stat);
        if locked == Locked::Unlock && !Mode::from_raw_mode(stat.st_mode).contains(Mode::RWXU) {
            // What that is good for is seen when the entries are removed.
            let _ = rustix::fs::fchmod(directory, Mode::RWXU);
        }
        for (name, kind) in entries(directory)? {
            if kind == FileType::Directory {
                level.directories.push(name);
                continue;
            }
            match rustix::fs::unlinkat(directory, &*name, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(Errno::ISDIR | Errno::PERM) if kind == FileType::Unknown => {
                    level.directories.push(name);
                }
                Err(error) => leave(&name, error),
            }
        }
        Ok(())
    };
    if let Err(error) = listed() {
        leave(name, error);
    }
    level
}

/// What is in a directory, without `.` and `..`.
pub(super) fn entries(directory: &OwnedFd) -> rustix::io::Result<Vec<(CString, FileType)>> {
    let mut entries = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if !matches!(name.to_bytes(), b"." | b"..") {
            entries.push((name.to_owned(), entry.file_type()));
        }
    }
    Ok(entries)
}
