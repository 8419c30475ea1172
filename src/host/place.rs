//! A file as the kernel is told of it: a name in a directory that is held open.
//!
//! Must not decide anything: [`access`](super::access) has judged the path that a place is made of. What this keeps is
//! that judgement: no symbolic link is followed on the way, so the file is where the path says or the call fails. With
//! links out of the way a path below a granted root stays below it, whoever else moves things about.
//!
//! `openat2` does it in one call; where a kernel or a container lacks it, each directory is opened from the one above.

use std::cell::Cell;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, ResolveFlags, Timestamps};
use rustix::io::Errno;

/// To name a file without reading or writing it.
#[cfg(target_os = "linux")]
const HANDLE: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const HANDLE: OFlags = OFlags::RDONLY;

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
    fn directory(&self, path: &Path) -> io::Result<OwnedFd> {
        #[cfg(target_os = "linux")]
        if self.by_kernel.get() {
            let flags = HANDLE | OFlags::DIRECTORY | OFlags::CLOEXEC;
            // Without symbolic links there are no magic ones either: /proc's lead nowhere.
            match rustix::fs::openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
                // Not permitted: how containers say that they do not know the call.
                Err(Errno::NOSYS | Errno::PERM) => self.by_kernel.set(false),
                opened => return Ok(opened?),
            }
        }
        let flags = HANDLE | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut directory = rustix::fs::openat(CWD, "/", flags, Mode::empty())?;
        for name in path.iter().skip(1) {
            directory = rustix::fs::openat(&directory, name, flags, Mode::empty())?;
        }
        Ok(directory)
    }
}

/// Where an operation is done.
pub(super) struct Place {
    /// None: the name is an absolute path, to be followed as the kernel does.
    directory: Option<OwnedFd>,
    name: PathBuf,
    follow: bool,
    path: PathBuf,
}

impl Place {
    /// `path` with nothing on the way to it checked.
    pub(super) fn anywhere(path: PathBuf, follow: bool) -> Self {
        Self { directory: None, name: path.clone(), follow, path }
    }

    /// `path`, which is absolute and was freed of `.`, `..` and symbolic links, and what the guest calls it.
    ///
    /// # Errors
    /// The directory is not there (`ENOENT`), or there is a symbolic link on the way now (`ELOOP`, or
    /// `ENOTDIR` where the kernel does not walk for us).
    pub(super) fn at(path: &Path, guest: PathBuf, walk: &Walk) -> io::Result<Self> {
        let (directory, name) = match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => (parent, PathBuf::from(name)),
            _ => (Path::new("/"), PathBuf::from(".")),
        };
        let directory = Some(walk.directory(directory)?);
        Ok(Self { directory, name, follow: false, path: guest })
    }

    /// The guest's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The guest's path with no link in it.
    pub(super) fn real_path(&self) -> io::Result<PathBuf> {
        match self.directory {
            None => self.path.canonicalize(),
            // What was judged is free of them.
            Some(_) => Ok(self.path.clone()),
        }
    }

    fn directory(&self) -> BorrowedFd<'_> {
        self.directory.as_ref().map_or(CWD, AsFd::as_fd)
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
        Ok(remove_all(self.directory(), &self.name)?)
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
        // What was opened only by name has no mode to set but through the link /proc keeps to it.
        #[cfg(target_os = "linux")]
        rustix::fs::chmod(format!("/proc/self/fd/{}", handle.as_raw_fd()), mode)?;
        #[cfg(not(target_os = "linux"))]
        rustix::fs::fchmod(handle, mode)?;
        Ok(())
    }
}

fn remove_all(directory: BorrowedFd<'_>, name: &Path) -> rustix::io::Result<()> {
    match rustix::fs::unlinkat(directory, name, AtFlags::empty()) {
        // "Not permitted" is what POSIX says of directories here.
        Err(Errno::ISDIR | Errno::PERM) => {}
        removed => return removed,
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let inner = rustix::fs::openat(directory, name, flags, Mode::empty())?;
    for entry in Dir::read_from(&inner)? {
        let entry = entry?;
        let name = entry.file_name();
        if !matches!(name.to_bytes(), b"." | b"..") {
            use std::os::unix::ffi::OsStrExt;
            remove_all(inner.as_fd(), Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())))?;
        }
    }
    rustix::fs::unlinkat(directory, name, AtFlags::REMOVEDIR)
}
