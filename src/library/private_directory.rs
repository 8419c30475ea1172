//! A directory whose files are the user's alone, held open, so that what was checked is what is used.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, Dir, Mode, OFlags};

/// What a file that is being written ends with.
pub(super) const TEMPORARY: &str = ".tmp";
/// The bits of a mode by which others may read or write.
const OTHERS: u32 = 0o077;

#[derive(Debug)]
pub(super) struct PrivateDirectory(OwnedFd);

/// Why a directory cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is not there and cannot be made, or not opened.
    Absent,
    /// Somebody else could have put something into it; why, and what would change that.
    Untrusted(String),
}

/// A file of the directory, by its name.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) size: u64,
    /// Since it was last written or, if that is kept up, read.
    pub(super) age: Duration,
}

impl PrivateDirectory {
    /// Opens a directory, and makes it first where it is missing.
    pub(super) fn open(path: &Path) -> Result<Self, Unusable> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(_) if path.is_symlink() => {
                let reason = format!("{} is a symbolic link: name its target", path.display());
                return Err(Unusable::Untrusted(reason));
            }
            Err(_) => return Err(Unusable::Absent),
        };
        drop(made); // what matters is what could be opened
        let handle = File::from(handle);
        let metadata = handle.metadata().map_err(|_| Unusable::Absent)?;
        let path = path.display();
        if metadata.uid() != user() {
            let owner = metadata.uid();
            return Err(Unusable::Untrusted(format!(
                "{path} belongs to another user (uid {owner}): remove it, or name another directory with --cache"
            )));
        }
        if metadata.mode() & OTHERS != 0 {
            let mode = metadata.mode() & 0o7777;
            return Err(Unusable::Untrusted(format!(
                "other users may enter {path} (mode {mode:o}): run `chmod 700 {path}`"
            )));
        }
        Ok(Self(handle.into()))
    }

    /// A file of no more than `most` bytes, and its age; none if it is not there or not the user's alone.
    pub(super) fn read(&self, name: &str, most: u64) -> Option<(Vec<u8>, Duration)> {
        // Opening a FIFO would wait for its other end.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        let file =
            rustix::fs::openat(&self.0, name, flags | OFlags::CLOEXEC, Mode::empty()).ok()?;
        let mut file = File::from(file);
        let metadata = file.metadata().ok()?;
        let is_private = metadata.is_file()
            && metadata.uid() == user()
            && metadata.mode() & OTHERS == 0
            && metadata.nlink() == 1;
        if !is_private || metadata.len() > most {
            return None;
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        file.read_to_end(&mut bytes).ok()?;
        Some((bytes, age(&metadata)))
    }

    /// Writes a file beside and renames it into place, so that half of it is never read.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_beside(bytes, |beside| Ok(rustix::fs::renameat(&self.0, beside, &self.0, name)?))
    }

    /// The same unless there is a file of this name, which is an error.
    pub(super) fn create(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_beside(bytes, |beside| {
            rustix::fs::linkat(&self.0, beside, &self.0, name, AtFlags::empty())?;
            Ok(rustix::fs::unlinkat(&self.0, beside, AtFlags::empty())?)
        })
    }

    fn write_beside(
        &self,
        bytes: &[u8],
        put_in_place: impl FnOnce(&str) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut unique = [0; 8];
        getrandom::fill(&mut unique).map_err(|error| io::Error::other(error.to_string()))?;
        let beside = format!("{:016x}{TEMPORARY}", u64::from_le_bytes(unique));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.0, &beside, flags, Mode::RUSR | Mode::WUSR)?;
        let written = File::from(file).write_all(bytes).and_then(|()| put_in_place(&beside));
        if written.is_err() {
            self.remove(&beside);
        }
        written
    }

    /// Notes that a file was used now.
    pub(super) fn touch(&self, name: &str) {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Ok(file) = rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            let _ = File::from(file).set_modified(SystemTime::now());
        }
    }

    /// A file that is gone already is as good as removed.
    pub(super) fn remove(&self, name: &str) {
        let _ = rustix::fs::unlinkat(&self.0, name, AtFlags::empty());
    }

    /// Its files.
    pub(super) fn list(&self) -> Vec<Listed> {
        let Ok(entries) = Dir::read_from(&self.0) else { return Vec::new() };
        let listed = |name: &str| {
            let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let file = rustix::fs::openat(&self.0, name, flags, Mode::empty()).ok()?;
            let metadata = File::from(file).metadata().ok()?;
            let (size, age) = (metadata.len(), age(&metadata));
            metadata.is_file().then(|| Listed { name: name.to_owned(), size, age })
        };
        entries.flatten().filter_map(|entry| listed(entry.file_name().to_str().ok()?)).collect()
    }
}

fn age(metadata: &fs::Metadata) -> Duration {
    metadata.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default()
}

/// The user in whose name files are opened.
fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_directory_that_others_may_enter_is_not_used() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/er");
        PrivateDirectory::open(&path).unwrap();
        for mode in [0o755, 0o701, 0o770, 0o1777] {
            set_mode(&path, mode);
            let Err(Unusable::Untrusted(why)) = PrivateDirectory::open(&path) else {
                panic!("{mode:o}")
            };
            assert!(why.contains(&format!("{mode:o}")) && why.contains("chmod 700"), "{why}");
        }
        set_mode(&path, 0o700);
        PrivateDirectory::open(&path).unwrap();
        symlink(&path, root.path().join("link")).unwrap();
        let linked = PrivateDirectory::open(&root.path().join("link"));
        assert!(matches!(linked, Err(Unusable::Untrusted(_))), "{linked:?}");
        let below_a_file = root.path().join("file/cache");
        fs::write(root.path().join("file"), "").unwrap();
        assert!(matches!(PrivateDirectory::open(&below_a_file), Err(Unusable::Absent)));
    }

    #[test]
    fn only_files_of_the_user_alone_are_read() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join("cache").join(name);
        let directory = PrivateDirectory::open(&at("")).unwrap();
        let read = |name: &str| directory.read(name, 100).map(|(bytes, _)| bytes);
        directory.write("a", b"text").unwrap();
        assert_eq!(read("a").as_deref(), Some(b"text".as_slice()));
        assert_eq!(directory.read("a", 3), None, "too large");
        directory.create("a", b"other").unwrap_err();
        directory.create("key", b"key").unwrap();
        assert_eq!(read("key").as_deref(), Some(b"key".as_slice()));
        symlink("a", at("link")).unwrap();
        assert_eq!(read("link"), None, "a link");
        fs::create_dir(at("directory")).unwrap();
        assert_eq!(read("directory"), None, "a directory");
        rustix::fs::mkfifoat(rustix::fs::CWD, at("fifo"), Mode::RUSR | Mode::WUSR).unwrap();
        assert_eq!(read("fifo"), None, "a FIFO, which is not waited for");
        assert_eq!(directory.list().len(), 2, "files");
        fs::hard_link(at("a"), root.path().join("outside")).unwrap();
        assert_eq!(read("a"), None, "a file with a name elsewhere");
        fs::remove_file(root.path().join("outside")).unwrap();
        set_mode(&at("a"), 0o640);
        assert_eq!(read("a"), None, "a file that others may read");
    }
}
