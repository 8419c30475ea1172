//! The tree of files as the guest sees it: which directory of the host is where, and where a path finally leads.
//!
//! Beneath the mounts lies either the host's own tree, in which grants by path are mounts at their own paths, or
//! nothing, where all there is was mounted.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::errno;
use super::mount::{Mount, Permissions};
use super::root::Root;

/// How many symbolic links a path may lead through.
const MOST_LINKS: usize = 40;

pub(super) struct Tree {
    /// The innermost one that covers a path has it.
    mounts: Vec<Mounted>,
    /// What of the host's is granted by its own path.
    granted: Vec<Mounted>,
    /// All that is granted, the directories within others too, which no operation removes, renames or replaces.
    roots: Vec<PathBuf>,
    /// Whether what no mount covers is the host's.
    pub(super) is_hosts: bool,
}

/// A mount, or a grant as a mount at its own path, and its directory, which is held open.
#[derive(Debug)]
pub(super) struct Mounted {
    pub(super) mount: Mount,
    pub(super) root: Root,
}

/// Where a path finally leads.
pub(super) struct Target<'a> {
    /// Free of `.`, `..` and links.
    pub(super) guest: PathBuf,
    /// The same file as the host knows it.
    pub(super) host: PathBuf,
    /// None: no mount covers it.
    pub(super) mount: Option<&'a Mounted>,
}

impl Target<'_> {
    pub(super) fn permissions(&self) -> Permissions {
        self.mount.map_or(Permissions::NONE, |mounted| mounted.mount.permissions)
    }

    /// The guest's path of what lies so far above this one as `host` does.
    pub(super) fn above(&self, host: &Path) -> PathBuf {
        let depth = |path: &Path| path.components().count();
        let up = depth(&self.host).saturating_sub(depth(host));
        self.guest.ancestors().nth(up).unwrap_or(&self.guest).to_owned()
    }
}

impl Tree {
    pub(super) fn new(mounts: Vec<Mounted>, granted: Vec<Mounted>, is_hosts: bool) -> Self {
        let roots = granted.iter().map(|granted| granted.mount.guest.clone()).collect();
        // The innermost one decides: what is written is not to be read only further in.
        let writes: Vec<PathBuf> = granted
            .iter()
            .filter(|grant| grant.mount.permissions == Permissions::READ_WRITE)
            .map(|grant| grant.mount.guest.clone())
            .collect();
        let decides = |grant: &Mounted| {
            grant.mount.permissions == Permissions::READ_WRITE
                || !writes.iter().any(|outer| grant.mount.guest.starts_with(outer))
        };
        let granted = granted.into_iter().filter(decides).collect();
        Self { mounts, granted, roots, is_hosts }
    }

    /// The host's, with nothing granted.
    pub(super) fn of_host() -> Self {
        Self::new(Vec::new(), Vec::new(), true)
    }

    pub(super) fn has_mounts(&self) -> bool {
        !self.mounts.is_empty()
    }

    /// The mount or grant that has a path, which is free of links.
    fn mount_of(&self, guest: &Path) -> Option<&Mounted> {
        innermost(self.granted.iter().chain(&self.mounts), guest)
    }

    /// The mount that has a path, unless a grant has it.
    pub(super) fn real_mount_of(&self, guest: &Path) -> Option<&Mounted> {
        let mount = innermost(self.mounts.iter(), guest)?;
        self.mount_of(guest).filter(|found| std::ptr::eq(*found, mount))
    }

    /// The names of the mounts in a directory.
    pub(super) fn mounts_in(&self, guest: &Path) -> Vec<String> {
        let mounts = self.mounts.iter().map(|mounted| &mounted.mount);
        let here = mounts.filter(|mount| mount.guest.parent() == Some(guest));
        let name = |mount: &Mount| Some(mount.guest.file_name()?.to_string_lossy().into_owned());
        here.filter(|mount| mount.permissions != Permissions::NONE).filter_map(name).collect()
    }

    /// Whether a directory is a mount or leads to one: it stays where it is, and is no link.
    pub(super) fn leads_to_mount(&self, guest: &Path) -> bool {
        self.mounts.iter().any(|mounted| mounted.mount.guest.starts_with(guest))
    }

    /// Whether a path is what was granted or mounted, or leads to it.
    pub(super) fn leads_to_root(&self, guest: &Path) -> bool {
        self.roots.iter().any(|root| root.starts_with(guest)) || self.leads_to_mount(guest)
    }

    /// Follows every symbolic link; parts that do not exist are kept as they are. With `follow` false the last part is
    /// not followed.
    ///
    /// # Errors
    /// A ring of links.
    pub(super) fn target(&self, path: &Path, follow: bool) -> io::Result<Target<'_>> {
        let mut links = 0;
        let mut pending: Vec<PathBuf> = parts(path);
        let mut guest = PathBuf::from("/");
        while let Some(part) = pending.pop() {
            match part.components().next() {
                Some(Component::ParentDir) => {
                    guest.pop();
                    continue;
                }
                Some(Component::Normal(_)) => {}
                _ => continue,
            }
            guest.push(&part);
            if pending.is_empty() && !follow {
                break;
            }
            if let Some(link) = self.link(&guest) {
                links += 1;
                if links > MOST_LINKS {
                    return Err(errno::raw(libc::ELOOP));
                }
                guest.pop();
                if link.is_absolute() {
                    guest = PathBuf::from("/");
                }
                pending.extend(parts(&link));
            }
        }
        let mount = self.mount_of(&guest);
        Ok(Target { host: host_path(mount, &guest), guest, mount })
    }

    /// What the path says if it is a link, and none if it is something else or not there.
    fn link(&self, guest: &Path) -> Option<PathBuf> {
        let mount = self.mount_of(guest);
        // The path of a root had no links when it was opened; one that got into it since is not followed.
        if (mount.is_none() && !self.is_hosts) || self.leads_to_root(guest) {
            return None;
        }
        std::fs::read_link(host_path(mount, guest)).ok()
    }
}

/// Of two at the same path, the last.
fn innermost<'a>(mounts: impl Iterator<Item = &'a Mounted>, guest: &Path) -> Option<&'a Mounted> {
    let covering = mounts.filter(|mounted| guest.starts_with(&mounted.mount.guest));
    covering.max_by_key(|mounted| mounted.mount.guest.components().count())
}

fn host_path(mount: Option<&Mounted>, guest: &Path) -> PathBuf {
    let below = |mounted: &Mounted| {
        let rest = guest.strip_prefix(&mounted.mount.guest).ok()?;
        let directory = mounted.root.path();
        // Joining nothing would put a slash behind what may be a file.
        Some(match rest.as_os_str().is_empty() {
            true => directory.to_owned(),
            false => directory.join(rest),
        })
    };
    mount.and_then(below).unwrap_or_else(|| guest.to_owned())
}

/// A path's components, last first.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}
