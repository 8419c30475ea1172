//! Which paths a session may touch. The only place where that is decided.
//!
//! A path is judged by what it finally names in the guest's [`Tree`]: symbolic links are followed as far as they go, and
//! what does not exist yet is judged by its deepest existing parent. The judgement holds for the system call that
//! follows: see [`Place`](super::place::Place).

use std::io;
use std::path::{Path, PathBuf};

use super::mount::{Mount, Permissions};
use super::net::Net;
use super::place::{Place, Walk};
use super::refusal::{Granter, Refused};
use super::refusals::{self, Asked, Note, Refusals};
use super::root::{Link, Root, RootError, Roots};
use super::tree::{Mounted, Target, Tree};
use super::{Host, errno};
use crate::isolate::{CallSite, OpError};
use crate::protected;

/// Bytes of the longest path the kernel takes, its NUL included.
const LONGEST_PATH: usize = 4096;
/// How often a path is judged anew where its links are swapped meanwhile.
const TRIES: usize = 16;
/// Where the kernel shows itself and all processes: environments, memory, descriptors, devices. A grant of a directory
/// above does not reach into these.
const KERNELS: [&str; 3] = ["/proc", "/sys", "/dev"];
/// What of them tells nothing.
const HARMLESS: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];
/// Where the guest finds the directories for temporary files and for artifacts if its tree is not the host's.
const TEMPORARY: &str = "/tmp";
const ARTIFACTS: &str = "/artifacts";
/// Why what is granted cannot be removed, and what can be done.
const ROOTS_STAY: &str = "it is granted by the sandbox, or leads to what is, and stays where it is: \
                          remove what is in it, or grant the directory above instead";

/// What a session is allowed, as the configuration says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Directories (or files) that may be read.
    pub read: Vec<PathBuf>,
    /// Directories (or files) that may be read and written.
    pub write: Vec<PathBuf>,
    /// Directories at paths of the guest, found already. With mounts and none of the above, what was mounted is all
    /// there is.
    pub mounts: Vec<Mount>,
    /// A directory that may be written and is made when something first is.
    pub made: Option<PathBuf>,
    /// The environment variables JavaScript sees, by name and value.
    pub env: Vec<(String, String)>,
    /// The hosts that may be reached.
    pub net: Net,
    /// Bytes of the largest file that is read as a whole, where there is a limit.
    pub largest_read: Option<u64>,
    /// No checks at all.
    pub trust: bool,
    /// Whom a refusal names to grant more.
    pub granter: Granter,
    /// What of the above is open already.
    pub(crate) roots: Roots,
    /// Where refusals are listed.
    pub refusals: Refusals,
}

impl Grants {
    /// The same with the directories and files that may be read and written open: whatever is made with these grants
    /// has the same ones, whoever moves things about. What cannot be opened grants nothing.
    ///
    /// # Errors
    /// What may be written is a symbolic link.
    pub(crate) fn open(self) -> Result<Self, Link> {
        let mut roots = Vec::new();
        for named in &self.write {
            match Root::open(named, true) {
                Ok(root) => roots.push((named.clone(), root)),
                Err(RootError::Link(link)) => return Err(link),
                Err(RootError::Lost) => {}
            }
        }
        let rest = self.read.iter().map(|read| (read, false));
        let rest = rest.chain(self.made.iter().map(|made| (made, true)));
        roots.extend(rest.filter_map(|(named, written)| {
            Some((named.clone(), Root::open(named, written).ok()?))
        }));
        Ok(Self { roots: Roots::new(roots), ..self })
    }
}

/// [`Grants`] made ready for checking.
pub(crate) struct Access {
    tree: Tree,
    /// Where the guest finds the directory for artifacts.
    pub(super) artifacts: Option<PathBuf>,
    /// That directory, to be made when it is first written, unless a mount has its place.
    made: Option<Root>,
    /// Where the guest finds the directory for temporary files.
    pub(super) temporary: PathBuf,
    /// Where the guest begins.
    pub(super) home: PathBuf,
    pub(super) trust: bool,
    pub(super) largest_read: Option<u64>,
    pub(super) net: Net,
    pub(super) granter: Granter,
    pub(super) refusals: Refusals,
    /// The project directory, free of links.
    project: PathBuf,
    pub(super) walk: Walk,
}

impl Access {
    pub(super) fn new(grants: &Grants, project: &Path, scratch: &Root) -> Self {
        let Grants { read, write, mounts, made, trust, roots, .. } = grants;
        let is_hosts = *trust || mounts.is_empty() || !read.is_empty() || !write.is_empty();
        // One that cannot be opened grants nothing.
        let root = |named: &Path, written| match roots.get(named) {
            Some(root) => Some(root.clone()),
            None => Root::open(named, written).ok(),
        };
        let at = |root: &Root, guest: &Path, permissions| {
            let mount = Mount::new(root.path(), guest).with(permissions);
            Mounted { mount, root: root.clone() }
        };
        let temporary = if is_hosts { scratch.path() } else { Path::new(TEMPORARY) };
        let mut own = vec![at(scratch, temporary, Permissions::READ_WRITE)];
        let directory = made.as_deref().and_then(|made| root(made, true));
        own.extend(directory.iter().map(|directory| {
            let guest = if is_hosts { directory.path() } else { Path::new(ARTIFACTS) };
            at(directory, guest, Permissions::READ_WRITE)
        }));
        let is_mounted = mounts.iter().any(|mount| mount.guest == Path::new(ARTIFACTS));
        let mounts = mounts.iter().filter_map(|mount| {
            // Its links were followed when it was found.
            let root = Root::of_mount(mount.directory.clone()).ok()?;
            Some(Mounted { mount: mount.clone(), root })
        });
        let tree = match is_hosts {
            false => Tree::new(replaced(own, mounts.collect()), Vec::new(), false),
            true => {
                let all = |named: &[PathBuf], written, permissions| -> Vec<Mounted> {
                    let opened = named.iter().filter_map(|named| root(named, written));
                    opened.map(|root| at(&root, root.path(), permissions)).collect()
                };
                let mut granted = own;
                granted.extend(all(write, true, Permissions::READ_WRITE));
                granted.extend(all(read, false, Permissions::READ_ONLY));
                Tree::new(mounts.collect(), granted, true)
            }
        };
        Self {
            tree,
            // Named as it was given, links on the way to it included.
            artifacts: if is_hosts {
                made.clone()
            } else {
                made.as_ref().map(|_| ARTIFACTS.into())
            },
            made: directory.filter(|_| is_hosts || !is_mounted),
            temporary: temporary.to_owned(),
            home: if is_hosts { project.to_owned() } else { "/".into() },
            trust: *trust,
            largest_read: grants.largest_read,
            net: if *trust { Net::Any } else { grants.net.clone() },
            granter: grants.granter,
            refusals: grants.refusals.clone(),
            project: project.canonicalize().unwrap_or_else(|_| project.to_owned()),
            walk: Walk::new(),
        }
    }

    /// What is missing for it; none if nothing is.
    fn missing(&self, target: &Target<'_>, needs: Permissions) -> Option<Permissions> {
        let kernels = |path: &Path| KERNELS.iter().any(|kernel| path.starts_with(kernel));
        let is_harmless = HARMLESS.iter().any(|device| target.host == Path::new(device));
        let is_kernels = kernels(&target.host)
            && !is_harmless
            && !target.mount.is_some_and(|mounted| kernels(mounted.root.path()));
        let has = if is_kernels { Permissions::NONE } else { target.permissions() };
        (has == Permissions::NONE || !has.contains(needs)).then(|| needs.without(has))
    }

    /// What the list of refusals has of a path.
    fn note(&self, target: &Target<'_>, missing: Permissions, syscall: &str) -> Note {
        let found = target.host.symlink_metadata();
        let is_write = !Permissions::READ_ONLY.contains(missing);
        let is_directory = found.as_ref().is_ok_and(std::fs::Metadata::is_dir)
            || matches!(syscall, "mkdir" | "scandir");
        let root = match (syscall, target.guest.parent()) {
            // Its name is another one every time.
            ("mkdtemp", Some(directory)) => directory.to_owned(),
            // What is granted itself cannot be removed or replaced.
            ("link" | "rename" | "rm" | "rmdir" | "symlink" | "unlink", Some(directory)) => {
                directory.to_owned()
            }
            // Those above are made with it.
            ("mkdir", _) => {
                let is_made = |above: &&Path| above.symlink_metadata().is_err();
                target
                    .guest
                    .ancestors()
                    .take_while(is_made)
                    .last()
                    .unwrap_or(&target.guest)
                    .to_owned()
            }
            // Files that are read are called the same in each run; there may be very many of them.
            _ if !is_write && !self.refusals.is_crowded() => {
                refusals::of_any_process(&target.guest)
            }
            _ => refusals::root_of(&target.guest, is_directory, &self.project),
        };
        // What is permitted is only told by its root: a run may write thousands of files.
        let path = match self.refusals.permits() {
            true => root.clone(),
            false => refusals::of_any_process(&target.guest),
        };
        let is_above = self.project.starts_with(&target.guest);
        Note {
            finds_nothing: !is_write && found.is_err(),
            only_exists: syscall == "exists",
            is_probe: missing == Permissions::NONE && is_above,
            ..Note::new(match is_write {
                true => Asked::Write { path, root },
                false => Asked::Read { path, root },
            })
        }
    }

    /// The place of a path that was judged, or need not be.
    fn place(&self, target: Judged) -> io::Result<Place> {
        match target.reached {
            Reached::Anywhere { follow } => Ok(Place::anywhere(target.host, follow)),
            Reached::Below(root) => Place::below(&root, &target.host, target.guest, &self.walk),
        }
    }

    /// Makes the directory for artifacts if something in it is written.
    fn make_artifacts(&self, made: &Root, target: &Target<'_>) -> io::Result<()> {
        if target.host == made.path() || !target.host.starts_with(made.path()) {
            return Ok(());
        }
        self.make_directories(made.path(), &Reached::Below(made.clone())).map(drop)
    }

    /// Makes the directory and those above it; the first that was made, if any.
    fn make_directories(&self, path: &Path, reached: &Reached) -> io::Result<Option<PathBuf>> {
        let place = || match reached {
            Reached::Anywhere { .. } => Ok(Place::anywhere(path.to_owned(), true)),
            Reached::Below(root) => Place::below(root, path, path.to_owned(), &self.walk),
        };
        let mut first = None;
        let made = match (place().and_then(|place| place.make_directory()), path.parent()) {
            (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
                first = self.make_directories(parent, reached)?;
                place()?.make_directory()
            }
            (made, _) => made,
        };
        match made {
            Ok(()) => Ok(Some(first.unwrap_or_else(|| path.to_owned()))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let is_directory = place()?.metadata()?.is_dir();
                if is_directory { Ok(first) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }
}

/// The same with `others` in place of those at the same paths, and the rest of `others` besides.
fn replaced(mut mounts: Vec<Mounted>, others: Vec<Mounted>) -> Vec<Mounted> {
    mounts.retain(|mounted| !others.iter().any(|other| other.mount.guest == mounted.mount.guest));
    mounts.extend(others);
    mounts
}

/// A path that may be used as was asked.
struct Judged {
    guest: PathBuf,
    host: PathBuf,
    permissions: Permissions,
    reached: Reached,
}

/// From where a path that may be used is reached.
enum Reached {
    /// From the root of the host, as the kernel does it, following a link in the last place or not.
    Anywhere { follow: bool },
    /// From the root of the grant or mount that has it.
    Below(Root),
}

impl Host {
    /// Where `path` leads, if the session may do there what takes these permissions. `follow` says whether the operation
    /// follows a symbolic link in the last place (`unlink` and `lstat` do not).
    ///
    /// # Errors
    /// EACCES that names what would grant it; EBUSY for a change of a directory that is a mount or leads to one; ELOOP
    /// for a ring of links; what keeps the directory of it from being opened.
    pub(super) fn permit(
        &self,
        path: &str,
        needs: Permissions,
        follow: bool,
        syscall: &'static str,
    ) -> Result<Place, OpError> {
        self.permit_with(path, needs, follow, syscall).map(|(place, _)| place)
    }

    /// As [`Host::permit`], and all that may be done there.
    pub(super) fn permit_with(
        &self,
        path: &str,
        needs: Permissions,
        follow: bool,
        syscall: &'static str,
    ) -> Result<(Place, Permissions), OpError> {
        let failed = |error: io::Error| errno::on_path(&error, syscall, path);
        let mut tries = 0;
        loop {
            let judged = self.judge(path, needs, follow, syscall)?;
            let permissions = judged.permissions;
            let place = self.access.borrow().place(judged);
            match place {
                Err(error) if is_swapped(&error) && tries < TRIES => tries += 1,
                place => return Ok((place.map_err(failed)?, permissions)),
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
        let failed = |error: io::Error| errno::on_path(&error, syscall, path);
        let judged = match self.judge(path, Permissions::CHANGE, true, syscall) {
            // A mount is there already.
            Err(error) if error.code.as_deref() == Some("EEXIST") => return Ok(None),
            judged => judged?,
        };
        let access = self.access.borrow();
        let Judged { guest, host, reached, .. } = judged;
        let first = access.make_directories(&host, &reached).map_err(failed)?;
        let target = Target { guest, host, mount: None };
        Ok(first.map(|first| target.above(&first)))
    }

    /// Whether the session may change the file at a path of the host, or what the path leads to.
    pub(crate) fn may_write(&self, path: &Path) -> bool {
        let access = self.access.borrow();
        let writes = |target: Target<'_>| {
            let has = target.permissions();
            has.contains(Permissions::WRITE) || has.contains(Permissions::CHANGE)
        };
        access.trust || access.tree.target(path, true).is_ok_and(writes)
    }

    /// Whether a module's file may be read.
    ///
    /// # Errors
    /// EACCES that names the setting which would grant it.
    pub(crate) fn permit_import(&self, path: &str) -> Result<(), OpError> {
        let judged = self.judge(path, Permissions::READ, true, "import").map(drop);
        self.list_import();
        judged
    }

    /// Lists a refused import, which is no op: nothing tells its caller but the step that runs.
    fn list_import(&self) {
        for note in self.refused.take() {
            let refusals = self.access.borrow().refusals.clone();
            let running = || self.running.get().and_then(|running| running());
            if !self.is_repeating.get() && !refusals.count(&note.asked) {
                refusals.add(note, &CallSite::default(), running);
            }
        }
    }

    /// Whether the module in a file of the host may be read by its path. What is mounted is no module: modules are known
    /// by their paths on the host.
    ///
    /// # Errors
    /// EACCES that says what is imported.
    pub(crate) fn permit_import_by_path(&self, path: &str) -> Result<(), OpError> {
        let judged = self.judge(path, Permissions::READ, true, "import");
        self.list_import();
        let access = self.access.borrow();
        match judged {
            Ok(judged) if access.tree.real_mount_of(&judged.guest).is_none() => Ok(()),
            _ => Err(errno::refused("import", path, &access.granter.told(&Refused::Import(path)))),
        }
    }

    /// The bytes of a module's file.
    ///
    /// # Errors
    /// As [`Host::permit_import`], and those of reading.
    pub(crate) fn read_module(&self, path: &str) -> Result<Vec<u8>, OpError> {
        let place = self.permit(path, Permissions::READ, true, "import");
        self.list_import();
        let place = place?;
        super::fs::read_whole(self, &place, path)
    }

    /// Whether what is at this path of the host, which is free of links, may be read as a module. A question that was not
    /// the author's own is not listed where the answer is no.
    pub(crate) fn may_be_imported(&self, path: &Path) -> bool {
        let access = self.access.borrow();
        if access.trust {
            return true;
        }
        let target = access.tree.target(path, true);
        let is_readable = target.is_ok_and(|target| {
            target.host == path && access.missing(&target, Permissions::READ).is_none()
        });
        let lists_grants = !is_readable && access.refusals.permits();
        drop(access);
        is_readable || (lists_grants && self.permit_import(&path.to_string_lossy()).is_ok())
    }

    /// Whether a path of the host is that of a grant or one above it.
    pub(crate) fn leads_to_root(&self, path: &Path) -> bool {
        self.access.borrow().tree.leads_to_root(path)
    }

    /// The host's path of a guest's directory, whether or not it may be touched.
    pub(super) fn path_on_host(&self, guest: &Path) -> PathBuf {
        let access = self.access.borrow();
        match access.tree.has_mounts() {
            // Without mounts every path is the host's, links and all.
            false => guest.to_owned(),
            true => access.tree.target(guest, true).map_or(guest.to_owned(), |target| target.host),
        }
    }

    /// The names of the mounts in a directory of the guest.
    pub(super) fn mounts_in(&self, guest: &Path) -> Vec<String> {
        self.access.borrow().tree.mounts_in(guest)
    }

    /// Where the guest finds the directory for artifacts.
    pub(crate) fn artifacts(&self) -> Option<PathBuf> {
        self.access.borrow().artifacts.clone()
    }

    /// The bytes of a module's file that may be imported. Its path was resolved: a link that has been put in its way since
    /// is not followed.
    ///
    /// # Errors
    /// Those of opening and reading.
    pub(crate) fn read_resolved_module(&self, path: &str) -> Result<Vec<u8>, OpError> {
        let place = Place::at(Path::new(path), path.into(), &self.access.borrow().walk);
        let place = place.map_err(|error| errno::on_path(&error, "import", path))?;
        super::fs::read_whole(self, &place, path)
    }

    /// Where `path` finally leads, if the session may do what takes these permissions; with trust, the path itself.
    fn judge(
        &self,
        path: &str,
        needs: Permissions,
        follow: bool,
        syscall: &'static str,
    ) -> Result<Judged, OpError> {
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
        let writes = needs.without(Permissions::WRITE | Permissions::CHANGE) != needs;
        if access.trust && access.tree.real_mount_of(&absolute).is_none() {
            if writes && let Some(made) = &access.made {
                let target = access.tree.target(&absolute, follow).map_err(failed)?;
                access.make_artifacts(made, &target).map_err(failed)?;
            }
            let (guest, permissions) = (absolute.clone(), Permissions::READ_WRITE);
            let reached = Reached::Anywhere { follow };
            return Ok(Judged { guest, host: absolute, permissions, reached });
        }
        let target = access.tree.target(&absolute, follow).map_err(failed)?;
        if target.guest.starts_with(&access.temporary) {
            self.scratch.make().map_err(failed)?;
        }
        // To make a directory that is there, or to ask what may be done, changes nothing.
        let changes = writes && !matches!(syscall, "access" | "mkdir");
        if !access.trust && protected::refuses(&target.host, changes) {
            let why = "it belongs to quickcuke's cache, or leads to it, which only --trust opens";
            return Err(errno::refused(syscall, path, why));
        }
        if !access.trust
            && let Some(missing) = access.missing(&target, needs)
        {
            let note = access.note(&target, missing, syscall);
            if self.refuse(note) {
                let (guest, permissions) = (absolute.clone(), Permissions::READ_WRITE);
                let reached = Reached::Anywhere { follow };
                return Ok(Judged { guest, host: absolute, permissions, reached });
            }
            let Target { guest, mount, .. } = &target;
            let mount = mount.filter(|_| access.tree.real_mount_of(guest).is_some());
            let (mount, is_hosts) = (mount.map(|mounted| &mounted.mount), access.tree.is_hosts);
            let refused = Refused::Path { guest, missing, mount, is_hosts };
            return Err(errno::refused(syscall, path, &access.granter.told(&refused)));
        }
        if needs.contains(Permissions::CHANGE) && access.tree.leads_to_root(&target.guest) {
            match (syscall, access.tree.leads_to_mount(&target.guest)) {
                // Asks of entries inside.
                ("access", _) => {}
                // Make what is not there, and change nothing that is.
                ("open" | "copyfile" | "mkdir" | "mkdtemp", false) => {}
                ("mkdir", true) => return Err(failed(errno::raw(libc::EEXIST))),
                (_, true) => return Err(failed(errno::raw(libc::EBUSY))),
                (_, false) => return Err(errno::busy(syscall, path, ROOTS_STAY)),
            }
        }
        if writes && let Some(made) = &access.made {
            access.make_artifacts(made, &target).map_err(failed)?;
        }
        let permissions = if access.trust { Permissions::READ_WRITE } else { target.permissions() };
        let reached = match target.mount {
            Some(mounted) => Reached::Below(mounted.root.clone()),
            None if access.trust => Reached::Anywhere { follow: false },
            // Not met: what no root has is refused above.
            None => return Err(failed(errno::raw(libc::EACCES))),
        };
        Ok(Judged { permissions, guest: target.guest, host: target.host, reached })
    }
}

/// Whether a path that had no links in it may have got one since.
fn is_swapped(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ELOOP | libc::ENOTDIR))
}
