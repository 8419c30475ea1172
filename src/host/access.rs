//! Which paths a session may touch. The only place where that is decided.
//!
//! A path is judged by what it finally names: symbolic links are followed as far as they go, and what does not exist yet
//! is judged by its deepest existing parent. The judgement holds for the system call that follows: see
//! [`Place`](super::place::Place).

use std::io;
use std::path::{Component, Path, PathBuf};

use super::net::Net;
use super::place::{Place, Walk};
use super::{Host, errno};
use crate::isolate::OpError;

/// Bytes of the longest path the kernel takes, its NUL included.
const LONGEST_PATH: usize = 4096;
/// How often a path is judged anew where its links are swapped meanwhile.
const TRIES: usize = 16;
/// Where the kernel shows itself and all processes: environments, memory, descriptors, devices. A grant of a directory
/// above does not reach into these.
const KERNELS: [&str; 3] = ["/proc", "/sys", "/dev"];
/// What of them tells nothing.
const HARMLESS: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// What a session is allowed, as the configuration says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Directories (or files) that may be read.
    pub read: Vec<PathBuf>,
    /// Directories (or files) that may be read and written.
    pub write: Vec<PathBuf>,
    /// A directory that is made when something is first written below it.
    pub made: Option<PathBuf>,
    /// The environment variables JavaScript sees, by name and value.
    pub env: Vec<(String, String)>,
    /// The hosts that may be reached.
    pub net: Net,
    /// Bytes of the largest file that is read as a whole, where there is a limit.
    pub largest_read: Option<u64>,
    /// No checks at all.
    pub trust: bool,
}

/// What an operation wants to do with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Read,
    Write,
}

/// [`Grants`] made ready for checking: roots resolved once.
pub(crate) struct Access {
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
    made: Option<PathBuf>,
    pub(super) trust: bool,
    pub(super) largest_read: Option<u64>,
    pub(super) net: Net,
    pub(super) walk: Walk,
}

impl Access {
    pub(super) fn new(grants: &Grants, scratch: &Path) -> Self {
        let resolve = |root: &PathBuf| final_path(root, true).unwrap_or_else(|_| root.clone());
        let mut write: Vec<PathBuf> = grants.write.iter().map(resolve).collect();
        write.push(resolve(&scratch.to_owned()));
        Self {
            read: grants.read.iter().map(resolve).collect(),
            write,
            made: grants.made.clone(),
            trust: grants.trust,
            largest_read: grants.largest_read,
            net: if grants.trust { Net::Any } else { grants.net.clone() },
            walk: Walk::new(),
        }
    }

    fn allows(&self, path: &Path, want: Want) -> bool {
        let kernels = |path: &Path| KERNELS.iter().any(|kernel| path.starts_with(kernel));
        let is_kernels = kernels(path) && !HARMLESS.iter().any(|device| path == Path::new(device));
        let below = |roots: &[PathBuf]| {
            roots.iter().any(|root| path.starts_with(root) && (!is_kernels || kernels(root)))
        };
        below(&self.write) || (want == Want::Read && below(&self.read))
    }

    /// The place of a path that was judged, or need not be.
    fn place(&self, path: PathBuf, follow: bool) -> io::Result<Place> {
        match self.trust {
            true => Ok(Place::anywhere(path, follow)),
            false => Place::at(path, &self.walk),
        }
    }

    /// Makes the directory and those above it; the first that was made, if any.
    fn make_directories(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        let mut first = None;
        let made = self.place(path.to_owned(), true).and_then(|place| place.make_directory());
        let made = match (made, path.parent()) {
            (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
                first = self.make_directories(parent)?;
                self.place(path.to_owned(), true)?.make_directory()
            }
            (made, _) => made,
        };
        match made {
            Ok(()) => Ok(Some(first.unwrap_or_else(|| path.to_owned()))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let is_directory = self.place(path.to_owned(), true)?.metadata()?.is_dir();
                if is_directory { Ok(first) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }
}

impl Host {
    /// Where `path` leads, if the session may do `want` there. `follow` says whether the operation follows a symbolic
    /// link in the last place (`unlink` and `lstat` do not).
    ///
    /// # Errors
    /// EACCES that names the setting which would grant it; ELOOP for a ring of links; what keeps the directory of it
    /// from being opened.
    pub(super) fn permit(
        &self,
        path: &str,
        want: Want,
        follow: bool,
        syscall: &'static str,
    ) -> Result<Place, OpError> {
        let failed = |error: io::Error| errno::on_path(&error, syscall, path);
        let mut tries = 0;
        loop {
            let target = self.judge(path, want, follow, syscall)?;
            let place = self.access.borrow().place(target, follow);
            match place {
                Err(error) if is_swapped(&error) && tries < TRIES => tries += 1,
                place => return place.map_err(failed),
            }
        }
    }

    /// Makes the directory that `path` names and those above it; the first that was made, if any.
    ///
    /// # Errors
    /// As [`Host::permit`], and those of making a directory.
    pub(super) fn make_directories(
        &self,
        path: &str,
        syscall: &'static str,
    ) -> Result<Option<PathBuf>, OpError> {
        let target = self.judge(path, Want::Write, true, syscall)?;
        let made = self.access.borrow().make_directories(&target);
        made.map_err(|error| errno::on_path(&error, syscall, path))
    }

    /// Whether a module's file may be read.
    ///
    /// # Errors
    /// EACCES that names the setting which would grant it.
    pub(crate) fn permit_import(&self, path: &str) -> Result<(), OpError> {
        self.judge(path, Want::Read, true, "import").map(drop)
    }

    /// The bytes of a module's file.
    ///
    /// # Errors
    /// As [`Host::permit_import`], and those of reading.
    pub(crate) fn read_module(&self, path: &str) -> Result<Vec<u8>, OpError> {
        let place = self.permit(path, Want::Read, true, "import")?;
        super::fs::read_whole(self, &place, path)
    }

    /// The absolute path that `path` finally names, if the session may do `want` with it; with trust, the path itself.
    fn judge(
        &self,
        path: &str,
        want: Want,
        follow: bool,
        syscall: &'static str,
    ) -> Result<PathBuf, OpError> {
        if path.contains('\0') {
            return Err(OpError::type_error(format!(
                "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received {path:?}"
            ))
            .with_code("ERR_INVALID_ARG_VALUE"));
        }
        let failed = |error: io::Error| errno::on_path(&error, syscall, path);
        if path.len() >= LONGEST_PATH {
            return Err(failed(errno::raw(libc::ENAMETOOLONG)));
        }
        if path.is_empty() {
            return Err(failed(errno::raw(libc::ENOENT)));
        }
        // What stands before a slash is a directory, not the link to one.
        let follow = follow || path.ends_with('/');
        let absolute = self.absolute(path);
        let access = &*self.access.borrow();
        let resolve = |path: &Path, follow| match access.trust {
            true => Ok(path.to_owned()),
            false => final_path(path, follow),
        };
        if want == Want::Write
            && let Some(made) = access.made.as_ref().filter(|made| absolute.starts_with(made))
        {
            let made = resolve(made, true).map_err(failed)?;
            if access.trust || access.allows(&made, want) {
                access.make_directories(&made).map_err(failed)?;
            }
        }
        let target = resolve(&absolute, follow).map_err(failed)?;
        if access.trust || access.allows(&target, want) {
            return Ok(target);
        }
        let (verb, setting) = match want {
            Want::Read => ("read", "read"),
            Want::Write => ("written", "write"),
        };
        Err(errno::refused(syscall, path, verb, setting, &target.to_string_lossy()))
    }
}

/// Whether a path that had no links in it may have got one since.
fn is_swapped(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ELOOP | libc::ENOTDIR))
}

/// The path with every symbolic link resolved; parts that do not exist are kept as they are. With `follow` false the
/// last part is not resolved.
fn final_path(path: &Path, follow: bool) -> io::Result<PathBuf> {
    let mut links = 0;
    let mut pending: Vec<PathBuf> = parts(path);
    let mut resolved = PathBuf::from("/");
    while let Some(part) = pending.pop() {
        match part.components().next() {
            Some(Component::ParentDir) => {
                resolved.pop();
                continue;
            }
            Some(Component::Normal(_)) => {}
            _ => continue,
        }
        let candidate = resolved.join(&part);
        if pending.is_empty() && !follow {
            return Ok(candidate);
        }
        match std::fs::read_link(&candidate) {
            Ok(target) => {
                links += 1;
                if links > 40 {
                    return Err(errno::raw(libc::ELOOP));
                }
                if target.is_absolute() {
                    resolved = PathBuf::from("/");
                }
                pending.extend(parts(&target));
            }
            // Not a link, or not there: it stands for itself.
            Err(_) => resolved = candidate,
        }
    }
    Ok(resolved)
}

/// A path's components, last first.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}
