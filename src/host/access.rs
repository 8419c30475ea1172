//! Which paths a session may touch. The only place where that is decided.
//!
//! A path is judged by what it finally names: symbolic links are followed as far as they go, and what does not exist yet
//! is judged by its deepest existing parent. The check and the system call that follows are two steps; a process that
//! swaps a link in between is not guarded against here.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Host, errno};
use crate::isolate::OpError;

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
    trust: bool,
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
        }
    }

    fn allows(&self, path: &Path, want: Want) -> bool {
        let below = |roots: &[PathBuf]| roots.iter().any(|root| path.starts_with(root));
        below(&self.write) || (want == Want::Read && below(&self.read))
    }
}

impl Host {
    /// The absolute path for `path`, if the session may do `want` with what it names. `follow` says whether the
    /// operation follows a symbolic link in the last place (`unlink` and `lstat` do not).
    ///
    /// # Errors
    /// EACCES that names the setting which would grant it; ELOOP for a ring of links.
    pub(crate) fn permit(
        &self,
        path: &str,
        want: Want,
        follow: bool,
        syscall: &'static str,
    ) -> Result<PathBuf, OpError> {
        if path.contains('\0') {
            return Err(OpError {
                name: "TypeError",
                code: Some("ERR_INVALID_ARG_VALUE".into()),
                message: format!(
                    "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received {path:?}"
                ),
                properties: Vec::new(),
            });
        }
        let absolute = self.absolute(path);
        let access = &*self.access.borrow();
        if want == Want::Write
            && let Some(made) = access.made.as_ref().filter(|made| absolute.starts_with(made))
        {
            std::fs::create_dir_all(made).map_err(|error| errno::on_path(&error, syscall, path))?;
        }
        if access.trust {
            return Ok(absolute);
        }
        let target =
            final_path(&absolute, follow).map_err(|error| errno::on_path(&error, syscall, path))?;
        if access.allows(&target, want) {
            return Ok(absolute);
        }
        let (verb, setting) = match want {
            Want::Read => ("read", "read"),
            Want::Write => ("written", "write"),
        };
        let directory = if target.is_dir() { &target } else { target.parent().unwrap_or(&target) };
        let directory = directory.display();
        let mend = format!(
            "the sandbox does not let it be {verb}: add \"{directory}\" to `[sandbox] {setting} = […]` in quickcuke.toml, \
             or pass --allow-{setting}={directory}"
        );
        Err(errno::refused(syscall, path, &mend))
    }
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
