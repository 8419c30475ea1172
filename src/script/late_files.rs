//! What code that runs may see of the files that lead to a module: what is at hand, which needs no grant, and what the
//! sandbox lets it read.
//!
//! Resolving looks at more than the module: at each package.json and tsconfig.json above it, what those extend or lead
//! to, and links. A path counts by what it finally names; where that may not be seen, there is nothing.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::host::Host;
use crate::isolate::LoadError;
use crate::library::{Opener, with_opener};

/// What is looked for in every directory above an importer.
const PACKAGE_FILES: [&str; 3] = ["package.json", "tsconfig.json", "node_modules"];

pub(crate) struct LateFiles {
    host: Rc<Host>,
    /// Free of links.
    project: PathBuf,
    /// Files, and directories with all that is in them.
    at_hand: RefCell<HashSet<PathBuf>>,
    /// What was refused first, where an author is the one who led there.
    refused: RefCell<Option<PathBuf>>,
}

impl LateFiles {
    /// At hand are the packages that the project sees.
    pub(crate) fn new(host: Rc<Host>, project: &Path) -> Rc<Self> {
        let project = project.canonicalize().unwrap_or_else(|_| project.to_owned());
        let packages = project.ancestors().map(|above| above.join("node_modules")).collect();
        let (at_hand, refused) = (RefCell::new(packages), RefCell::default());
        Rc::new(Self { host, project, at_hand, refused })
    }

    pub(crate) fn add(&self, path: PathBuf) {
        self.at_hand.borrow_mut().insert(path);
    }

    pub(crate) fn has(&self, path: &Path) -> bool {
        let at_hand = self.at_hand.borrow();
        path.ancestors().any(|above| at_hand.contains(above))
    }

    /// Runs what looks at files, with them judged.
    pub(crate) fn look<T>(self: &Rc<Self>, act: impl FnOnce() -> T) -> T {
        with_opener(Rc::clone(self) as Rc<dyn Opener>, act)
    }

    /// The same for resolving a module; on failure, what was refused on the way.
    pub(crate) fn resolve(
        self: &Rc<Self>,
        act: impl FnOnce() -> Result<String, LoadError>,
    ) -> (Result<String, LoadError>, Option<String>) {
        self.refused.take();
        let resolved = self.look(act);
        let refused = self.refused.take().filter(|_| resolved.is_err());
        (resolved, refused.map(|path| path.to_string_lossy().into_owned()))
    }

    /// Whether a directory is above what may be seen.
    fn is_above(&self, path: &Path) -> bool {
        self.project.starts_with(path)
            || self.host.leads_to_root(path)
            || self.at_hand.borrow().iter().any(|known| known.starts_with(path))
    }

    /// Where a path leads, if that may be seen.
    fn seen(&self, path: &Path, follow: bool) -> Option<PathBuf> {
        let real = match (follow, path.parent(), path.file_name()) {
            (false, Some(parent), Some(name)) => {
                parent.canonicalize().map(|parent| parent.join(name))
            }
            _ => path.canonicalize(),
        };
        // What is not there is judged by where it would be, so that it is not told from what may not be seen.
        let real = real.unwrap_or_else(|_| would_be(path));
        // Those above the project were looked at when the step library was loaded.
        let is_of_project = || {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| PACKAGE_FILES.contains(&name))
                && path.parent().is_some_and(|above| self.project.starts_with(above))
                && real == path
        };
        if self.has(&real) || is_of_project() || self.host.may_be_imported(&real) {
            return Some(real);
        }
        // In every directory above an importer the resolver looks for packages and for what configures them.
        let is_of_package =
            |above: &Path| above.file_name().is_some_and(|name| name == "node_modules");
        let packages = path.ancestors().find(|above| is_of_package(above)).unwrap_or(path);
        let is_looked_for_everywhere = packages.parent().is_none_or(|above| self.is_above(above));
        if !is_looked_for_everywhere {
            self.refused.borrow_mut().get_or_insert(real);
        }
        None
    }
}

impl Opener for LateFiles {
    fn may_see(&self, path: &Path, follow: bool) -> bool {
        // The directories on the way are no secret, nor are they links.
        self.is_above(path) || self.seen(path, follow).is_some()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let Some(real) = self.seen(path, true) else { return Err(io::ErrorKind::NotFound.into()) };
        // What has become a link since is not followed.
        let read = self.host.read_resolved_module(&real.to_string_lossy());
        read.map_err(|error| match error.code.as_deref() {
            Some("ENOENT") => io::ErrorKind::NotFound.into(),
            _ => io::Error::other(error.message),
        })
    }
}

/// Where a path leads, or would if something were there.
pub(super) fn destination(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| would_be(path))
}

/// The path of what is not there, with the links on the way to it followed.
fn would_be(path: &Path) -> PathBuf {
    let above = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    above.unwrap_or_else(|| path.to_owned())
}
