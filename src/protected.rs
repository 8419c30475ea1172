//! Directories that no grant opens: what quickcuke keeps of its own on disk, and believes when it reads it again.
//!
//! For the whole process, so that whoever makes one need not know who might touch it.

use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// As many symbolic links as the kernel follows.
const MOST_LINKS: usize = 40;

static PROTECTED: RwLock<Vec<Protected>> = RwLock::new(Vec::new());

#[derive(Debug, PartialEq, Eq)]
struct Protected {
    /// Free of `.`, `..` and links. It need not be there.
    directory: PathBuf,
    /// The symbolic links on the way to it: whoever replaces one replaces the directory.
    links: Vec<PathBuf>,
}

impl Protected {
    fn of(path: &Path) -> Protected {
        let parts = |path: &Path| -> Vec<PathBuf> {
            path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
        };
        let mut pending = parts(path);
        let (mut directory, mut links) = (PathBuf::from("/"), Vec::new());
        while let Some(part) = pending.pop() {
            match part.components().next() {
                Some(Component::ParentDir) => drop(directory.pop()),
                Some(Component::Normal(_)) => {
                    directory.push(&part);
                    if links.len() < MOST_LINKS
                        && let Ok(target) = std::fs::read_link(&directory)
                    {
                        links.push(directory.clone());
                        directory.pop();
                        if target.is_absolute() {
                            directory = PathBuf::from("/");
                        }
                        pending.extend(parts(&target));
                    }
                }
                _ => {}
            }
        }
        Protected { directory, links }
    }

    fn refuses(&self, path: &Path, changes: bool) -> bool {
        let is_on_the_way = || {
            self.directory.starts_with(path) || self.links.iter().any(|link| link.starts_with(path))
        };
        path.starts_with(&self.directory) || (changes && is_on_the_way())
    }
}

/// Protects a directory, which is an absolute path, from now on.
pub(crate) fn protect(directory: &Path) {
    let new = Protected::of(directory);
    let mut all = PROTECTED.write().unwrap_or_else(PoisonError::into_inner);
    if !all.contains(&new) {
        all.push(new);
    }
}

/// Whether JavaScript must keep away from `path`, which is absolute and free of links but perhaps in its last place: it
/// is in a protected directory, or such a directory or a link to it is in `path`, which is to be changed.
pub(crate) fn refuses(path: &Path, changes: bool) -> bool {
    let all = PROTECTED.read().unwrap_or_else(PoisonError::into_inner);
    all.iter().any(|protected| protected.refuses(path, changes))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_and_what_leads_there_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::os::unix::fs::symlink("real", root.join("link")).unwrap();
        let protected = Protected::of(&root.join("other/../link/cache"));
        assert_eq!(protected.directory, root.join("real/cache"));
        for (path, when_read, when_changed) in [
            ("real/cache", true, true),
            ("real/cache/key", true, true),
            ("real", false, true),
            ("link", false, true),
            ("", false, true),
            ("real/cached", false, false),
            ("other", false, false),
        ] {
            let path = root.join(path);
            assert_eq!(protected.refuses(&path, false), when_read, "{path:?}");
            assert_eq!(protected.refuses(&path, true), when_changed, "{path:?}");
        }
    }
}
