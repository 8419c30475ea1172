//! A file as the kernel is told of it: a name in a directory that is held open.
//!
//! Must not decide anything: [`access`](super::access) has judged the path that a place is made of. What this keeps is
//! that judgement: the way begins at the open directory of the granted root, and no symbolic link is followed, so the
//! file is below the root or the call fails, whoever else moves things about.
//!
//! `openat2` does it in one call; where a kernel or a container lacks it, each directory is opened from the one above.

use std::cell::Cell;
use std::ffi::CString;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, ResolveFlags, Timestamps};
use rustix::io::Errno;

use super::removal::{self, Locked};
use super::root::{Base, Root};

/// To name a file without reading or writing it.
#[cfg(target_os = "linux")]
pub(super) const HANDLE: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
pub(super) const HANDLE: OFlags = OFlags::RDONLY;

/// Whether the kernel walks paths for us; found out by trying.
pub(super) struct Walk {
    by_kernel: Cell<bool>,
}

impl Walk {
    pub(super) fn new() -> Self {
        Self { by_kernel: Cell::new(cfg!(target_os = "linux")) }
    }

    /// One that does without `openat2`.
    #[cfg(test)]
    pub(super) fn by_steps() -> Self {
        Self { by_kernel: Cell::new(false) }
    }

    /// The directory of an absolute path that has no `.`, `..` or symbolic link in it.
    pub(super) fn absolute(&self, path: &Path) -> io::Result<OwnedFd> {
        self.directory(CWD, path)
    }

    /// The directory of a path that has no `.`, `..` or symbolic link in it, and unless it is absolute begins at `from`.
    fn directory(&self, from: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
        #[cfg(target_os = "linux")]
        if self.by_kernel.get() {
            let flags = HANDLE | OFlags::DIRECTORY | OFlags::CLOEXEC;
            // Without symbolic links there are no magic ones either: /proc's lead nowhere.
            let mut resolve = ResolveFlags::NO_SYMLINKS;
            if path.is_relative() {
                resolve |= ResolveFlags::BENEATH;
            }
            match rustix::fs::openat2(from, path, flags, Mode::empty(), resolve) {
                // Not permitted: how containers say that they do not know the call.
                Err(Errno::NOSYS | Errno::PERM) => self.by_kernel.set(false),
                opened => return Ok(opened?),
            }
        }
        let flags = HANDLE | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut names = path.iter();
        let first = names.next().unwrap_or(".".as_ref());
        let mut directory = rustix::fs::openat(from, first, flags, Mode::empty())?;
        for name in names {
            directory = rustix::fs::openat(&directory, name, flags, Mode::empty())?;
        }
        Ok(directory)
    }
}

/// Whether an open directory has been removed.
pub(super) fn is_removed(directory: &OwnedFd) -> bool {
    rustix::fs::fstat(directory).is_ok_and(|stat| stat.st_nlink == 0)
}

/// Where an operation is done.
pub(super) struct Place {
    directory: Directory,
    name: PathBuf,
    follow: bool,
    path: PathBuf,
}

/// What the name of a place begins at.
enum Directory {
    /// The name is an absolute path, to be followed as the kernel does.
    None,
    Opened(OwnedFd),
    Root(Arc<Base>),
}

impl Place {
    /// `path` with nothing on the way to it checked.
    pub(super) fn anywhere(path: PathBuf, follow: bool) -> Self {
        Self { directory: Directory::None, name: path.clone(), follow, path }
    }

    /// `path`, which is absolute and was freed of `.`, `..` and symbolic links, and what the guest calls it.
    ///
    /// # Errors
    /// The directory is not there (`ENOENT`), or there is a symbolic link on the way now (`ELOOP`, or
    /// `ENOTDIR` where the kernel does not walk for us).
    pub(super) fn at(path: &Path, guest: PathBuf, walk: &Walk) -> io::Result<Self> {
        let (parent, name) = split(path);
        let directory = Directory::Opened(walk.absolute(parent.unwrap_or(Path::new("/")))?);
        Ok(Self { directory, name, follow: false, path: guest })
    }

    /// The same for a path below a root, from the root on.
    ///
    /// # Errors
    /// As [`Place::at`]; it is not below the root (`EXDEV`).
    pub(super) fn below(root: &Root, path: &Path, guest: PathBuf, walk: &Walk) -> io::Result<Self> {
        let base = root.base();
        let Ok(rest) = path.strip_prefix(&base.path) else {
            return Err(io::Error::from_raw_os_error(libc::EXDEV));
        };
        let (parent, name) = split(rest);
        let directory = match parent {
            Some(parent) if !parent.as_os_str().is_empty() => {
                Directory::Opened(walk.directory(base.handle.as_fd(), parent)?)
            }
            _ => Directory::Root(base),
        };
        Ok(Self { directory, name, follow: false, path: guest })
    }

    /// The guest's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The guest's path with no link in it.
    pub(super) fn real_path(&self) -> io::Result<PathBuf> {
        match self.directory {
            Directory::None => self.path.canonicalize(),
            // What was judged is free of them.
            Directory::Opened(_) | Directory::Root(_) => Ok(self.path.clone()),
        }
    }

    fn directory(&self) -> BorrowedFd<'_> {
        match &self.directory {
            Directory::None => CWD,
            Directory::Opened(directory) => directory.as_fd(),
            Directory::Root(base) => base.handle.as_fd(),
        }
    }

    pub(super) fn open(&self, flags: OFlags, mode: Mode) -> io::Result<File> {
        let follow = if self.follow { OFlags::empty() } else { OFlags::NOFOLLOW };
        let flags = flags | follow | OFlags::CLOEXEC | OFlags::NOCTTY;
        Ok(File::from(rustix::fs::openat(self.directory(), &self.name, flags, mode)?))
    }

    pub(super) fn metadata(&self) -> io::Result<Metadata> {
        self.open(HANDLE, Mode::empty())?.metadata()
    }

    pub(super) fn exists(&self) -> bool {
        self.metadata().is_ok()
    }

    /// The names in a directory, sorted, without `.` and `..`.
    pub(super) fn entries(&self) -> io::Result<Vec<(String, FileType)>> {
        let directory = self.open(OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
        let mut entries = Vec::new();
        for entry in Dir::read_from(&directory)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                let stat = rustix::fs::statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW)?;
                kind = FileType::from_raw_mode(stat.st_mode);
            }
            entries.push((name.to_string_lossy().into_owned(), kind));
        }
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(entries)
    }

    pub(super) fn make_directory(&self) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(self.directory(), &self.name, Mode::from_raw_mode(0o777))?)
    }

    pub(super) fn remove_directory(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(self.directory(), &self.name, AtFlags::REMOVEDIR)?)
    }

    pub(super) fn remove_file(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(self.directory(), &self.name, AtFlags::empty())?)
    }

    /// Removes the file, or the directory with all that is in it.
    pub(super) fn remove_all(&self) -> io::Result<()> {
        let name = CString::new(self.name.as_os_str().as_bytes())?;
        removal::remove(self.directory(), &name, Locked::Keep).map_err(|left| left.error)
    }

    pub(super) fn rename(&self, to: &Self) -> io::Result<()> {
        Ok(rustix::fs::renameat(self.directory(), &self.name, to.directory(), &to.name)?)
    }

    /// Makes `new` another name of this file; of a symbolic link, another name of the link.
    pub(super) fn link(&self, new: &Self) -> io::Result<()> {
        let flags = AtFlags::empty();
        Ok(rustix::fs::linkat(self.directory(), &self.name, new.directory(), &new.name, flags)?)
    }

    pub(super) fn make_symlink(&self, target: &str) -> io::Result<()> {
        Ok(rustix::fs::symlinkat(target, self.directory(), &self.name)?)
    }

    /// What a symbolic link says.
    pub(super) fn link_target(&self) -> io::Result<String> {
        let target = rustix::fs::readlinkat(self.directory(), &self.name, Vec::new())?;
        Ok(target.to_string_lossy().into_owned())
    }

    pub(super) fn set_times(&self, times: &Timestamps) -> io::Result<()> {
        let flags = if self.follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        Ok(rustix::fs::utimensat(self.directory(), &self.name, times, flags)?)
    }

    pub(super) fn set_mode(&self, mode: u32) -> io::Result<()> {
        let handle = self.open(HANDLE, Mode::empty())?;
        let mode = Mode::from_raw_mode(mode as _);
        Ok(removal::set_mode(handle.as_fd(), mode)?)
    }
}

/// The directory of a path, and the name in it.
fn split(path: &Path) -> (Option<&Path>, PathBuf) {
    match path.file_name() {
        Some(name) => (path.parent(), name.into()),
        None => (None, ".".into()),
    }
}
