//! Directories of the host at paths of the guest, which is what JavaScript's `fs` is called here.

use std::fmt;
use std::io;
use std::ops::BitOr;
use std::path::{Component, Path, PathBuf};

/// What may be done below a mount. Combined with `|`; read-only by default.
///
/// A mount with any of them tells what is there: `stat`, `exists`, `access`, `realpath`, `readlink`, `chdir`. One with
/// none hides what it covers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Of directories: their entries may be listed.
    pub const LIST: Self = Self(1);
    /// Of directories: entries may be made, renamed, linked and removed. To make a file takes [`WRITE`](Self::WRITE) as
    /// well, since it is opened to be written.
    pub const CHANGE: Self = Self(1 << 1);
    /// Of files: their contents may be read.
    pub const READ: Self = Self(1 << 2);
    /// Of files: the contents of those that are there may be written; the mode and times of files and directories may
    /// be set.
    pub const WRITE: Self = Self(1 << 3);
    /// [`LIST`](Self::LIST) and [`READ`](Self::READ).
    pub const READ_ONLY: Self = Self(1 | 1 << 2);
    /// All of them.
    pub const READ_WRITE: Self = Self(0b1111);

    /// Whether these are among them.
    pub fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Those of `self` that `others` has not.
    pub(super) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// By name, in the order in which they are documented.
    fn named(self) -> impl Iterator<Item = &'static str> {
        let all = [
            (Self::LIST, "LIST"),
            (Self::CHANGE, "CHANGE"),
            (Self::READ, "READ"),
            (Self::WRITE, "WRITE"),
        ];
        all.into_iter().filter(move |(one, _)| self.contains(*one)).map(|(_, name)| name)
    }
}

impl Default for Permissions {
    fn default() -> Self {
        Self::READ_ONLY
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// As Rust has it: `Permissions::LIST | Permissions::READ`.
impl fmt::Debug for Permissions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NONE {
            return formatter.write_str("Permissions::NONE");
        }
        for (index, name) in self.named().enumerate() {
            let or = if index > 0 { " | " } else { "" };
            write!(formatter, "{or}Permissions::{name}")?;
        }
        Ok(())
    }
}

/// A directory of the host at a path of the guest.
///
/// JavaScript sees the guest's paths only. Symbolic links in a mount are followed in the guest's tree: an absolute one
/// begins at the guest's root, and one that leaves the mount leads to what another mount has there, if any. A mount
/// inside of another covers what the outer one has at its path; that directory cannot be moved or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The directory, relative to the project. It must be there.
    pub directory: PathBuf,
    /// Where the guest finds it: an absolute path without `..`.
    pub guest: PathBuf,
    /// What may be done below.
    pub permissions: Permissions,
}

impl Mount {
    /// One that is read-only.
    pub fn new(directory: impl Into<PathBuf>, guest: impl Into<PathBuf>) -> Self {
        let permissions = Permissions::default();
        Self { directory: directory.into(), guest: guest.into(), permissions }
    }

    /// The same with these permissions.
    #[must_use]
    pub fn with(self, permissions: Permissions) -> Self {
        Self { permissions, ..self }
    }

    /// The same with the directory's real path, and the guest's without `.` and what else says nothing.
    pub(crate) fn found(&self, project: &Path) -> Result<Self, MountError> {
        let Self { directory, guest, permissions } = self;
        let is_plain = |part| !matches!(part, Component::ParentDir);
        if !guest.is_absolute() || !guest.components().all(is_plain) || has_nul(guest) {
            return Err(MountError::Guest { guest: guest.clone(), directory: directory.clone() });
        }
        let directory = project.join(directory);
        let failed = |error| MountError::Directory {
            directory: directory.clone(),
            guest: guest.clone(),
            error,
        };
        let real = directory.canonicalize().map_err(failed)?;
        if !real.is_dir() {
            return Err(failed(io::Error::from_raw_os_error(libc::ENOTDIR)));
        }
        let guest = guest.components().collect();
        Ok(Self { directory: real, guest, permissions: *permissions })
    }
}

fn has_nul(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().contains(&0)
}

/// The same mounts with `others` in place of those at the same paths, and the rest of `others` besides.
pub(crate) fn replaced(mounts: &[Mount], others: &[Mount]) -> Vec<Mount> {
    let is_kept = |mount: &&Mount| !others.iter().any(|other| other.guest == mount.guest);
    mounts.iter().filter(is_kept).chain(others).cloned().collect()
}

/// Why a directory cannot be mounted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MountError {
    #[error(
        "the directory '{}' cannot be mounted at '{}': the path of the guest must be absolute and have no '..', such as '/data'",
        directory.display(), guest.display()
    )]
    Guest { guest: PathBuf, directory: PathBuf },
    #[error("the directory '{}' cannot be mounted at '{}': {error}", directory.display(), guest.display())]
    Directory { directory: PathBuf, guest: PathBuf, error: io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_combine_and_tell_their_names() {
        let both = Permissions::LIST | Permissions::READ;
        assert_eq!((both, Permissions::default()), (Permissions::READ_ONLY, both));
        assert!(!both.contains(Permissions::READ_WRITE) && Permissions::READ_WRITE.contains(both));
        assert_eq!(format!("{both:?}"), "Permissions::LIST | Permissions::READ");
    }

    #[test]
    fn a_mount_that_is_none_says_why() {
        let project = tempfile::tempdir().unwrap();
        std::fs::write(project.path().join("file"), "").unwrap();
        let error = |directory, guest| {
            Mount::new(directory, guest).found(project.path()).unwrap_err().to_string()
        };
        for guest in ["data", "/data/../x", "", "/a\0b"] {
            let told = error(".", guest);
            assert!(told.ends_with("must be absolute and have no '..', such as '/data'"), "{told}");
        }
        let told = error("nothing", "/data");
        assert!(told.contains("/nothing' cannot be mounted at '/data': No such file"), "{told}");
        let told = error("file", "/data");
        assert!(told.contains("/file' cannot be mounted at '/data': Not a directory"), "{told}");
        let found = Mount::new("./", "/data/./x/").found(project.path()).unwrap();
        assert_eq!(found.guest.to_str(), Some("/data/x"));
        assert_eq!(found.directory, project.path().canonicalize().unwrap());
    }
}
