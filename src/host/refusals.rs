//! What the sandbox refused: one list for all VMs of a run.
//!
//! Every decision that refuses notes it here, once for each op. A list that permits ([`Refusals::permitting`]) notes the
//! same, and lets the op go on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::isolate::{CallSite, Position};
use crate::session::Declaration;

/// The most different things that are listed; more are counted.
const MOST_ENTRIES: usize = 1000;
/// Bytes of the longest thing that is listed.
const LONGEST_TARGET: usize = 8192;
/// How often one thing is refused until its callers are no longer looked at, which takes time.
const MOST_CALLERS: u64 = 1000;
/// Variables by which packages and the runtime choose colours and logs: not worth telling.
const DECORATIONS: [&str; 11] = [
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORTERM",
    "DEBUG",
    "FORCE_COLOR",
    "NODE_DEBUG",
    "NO_COLOR",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "WT_SESSION",
];

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asked {
    /// An environment variable that is set outside.
    Env(String),
    /// To read what is at a path, or to look at it. A grant of `root` would do.
    Read { path: PathBuf, root: PathBuf },
    /// To write, make or remove what is at a path. A grant of `root` would do.
    Write { path: PathBuf, root: PathBuf },
    /// A host, as the URL standard writes it.
    Net { host: String, port: u16 },
    /// A program or command.
    Command {
        /// As it was called.
        name: String,
        /// Why it was refused, where it cannot be declared as it was called.
        problem: Option<String>,
        /// What would declare it.
        declaration: Option<Declaration>,
    },
}

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub asked: Asked,
    /// How often.
    pub count: u64,
    /// Where first, as far as it is known.
    pub position: Option<Position>,
    /// Only packages and the runtime asked, for what they can do without as a rule.
    pub is_incidental: bool,
}

/// The refusals of a run. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Refusals(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    permits: bool,
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    entries: HashMap<Asked, Entry>,
    left_out: u64,
}

#[derive(Debug)]
struct Entry {
    count: u64,
    position: Option<Position>,
    is_incidental: bool,
}

/// An op's request that was refused, before its caller is known.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) asked: Asked,
    /// The answer would be the same with a grant: nothing is there.
    pub(super) finds_nothing: bool,
    /// Nothing but whether something is there was asked.
    pub(super) only_exists: bool,
    /// Packages ask for it without need.
    pub(super) is_probe: bool,
    /// The runtime itself asks, for what it can do without.
    pub(super) is_incidental: bool,
}

impl Note {
    pub(super) fn new(asked: Asked) -> Self {
        Self {
            asked,
            finds_nothing: false,
            only_exists: false,
            is_probe: false,
            is_incidental: false,
        }
    }
}

impl PartialEq for Refusals {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Refusals {}

impl Refusals {
    /// A list of what would be refused, with which nothing is.
    #[must_use]
    pub fn permitting() -> Self {
        Self(Arc::new(Shared { permits: true, list: Mutex::default() }))
    }

    /// Whether what is noted is permitted.
    pub fn permits(&self) -> bool {
        self.0.permits
    }

    /// What was refused so far, by kind and name, and how many refusals are not in the list, which has a limit.
    pub fn list(&self) -> (Vec<Refusal>, u64) {
        let list = self.lock();
        let mut all: Vec<Refusal> = list
            .entries
            .iter()
            .map(|(asked, entry)| Refusal {
                asked: asked.clone(),
                count: entry.count,
                position: entry.position.clone(),
                is_incidental: entry.is_incidental,
            })
            .collect();
        all.sort_by(|one, other| one.asked.cmp(&other.asked));
        (all, list.left_out)
    }

    /// Counts what needs no look at its caller: what is known well, and what there is no room for.
    pub(super) fn count(&self, asked: &Asked) -> bool {
        let mut list = self.lock();
        let is_full = list.entries.len() >= MOST_ENTRIES;
        match list.entries.get_mut(asked) {
            Some(entry) if entry.count >= MOST_CALLERS => entry.count += 1,
            Some(_) => return false,
            None if is_full || asked.size() > LONGEST_TARGET => list.left_out += 1,
            None => return false,
        }
        true
    }

    /// Notes a refusal. `running` tells where the step or hook that runs is defined.
    pub(super) fn add(
        &self,
        note: Note,
        site: &CallSite,
        running: impl FnOnce() -> Option<Position>,
    ) {
        let is_packages = site.package.is_some();
        if note.finds_nothing && (note.only_exists || is_packages)
            || note.is_probe && is_packages
            || (is_packages || note.is_incidental) && note.asked.is_decoration()
        {
            return;
        }
        let is_minor = matches!(note.asked, Asked::Env(_) | Asked::Read { .. });
        let is_incidental = note.is_incidental || is_packages && is_minor;
        let mut list = self.lock();
        if list.entries.len() >= MOST_ENTRIES && !list.entries.contains_key(&note.asked) {
            list.left_out += 1;
            return;
        }
        let entry = list.entries.entry(note.asked).or_insert_with(|| {
            let position = site.author.clone().or_else(running).or_else(|| site.package.clone());
            Entry { count: 0, position, is_incidental: true }
        });
        entry.count += 1;
        entry.is_incidental &= is_incidental;
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    fn is_decoration(&self) -> bool {
        matches!(self, Self::Env(name) if DECORATIONS.contains(&name.as_str()))
    }

    /// Bytes of its text.
    fn size(&self) -> usize {
        match self {
            Self::Env(name) => name.len(),
            Self::Read { path, .. } | Self::Write { path, .. } => path.as_os_str().len(),
            Self::Net { host, .. } => host.len(),
            Self::Command { name, declaration, .. } => {
                name.len() + declaration.as_ref().map_or(0, |declared| declared.run.len())
            }
        }
    }
}

/// What to grant for the use of a path: its directory, unless that is of many things besides.
///
/// `project` is free of links, as `path` is.
pub(super) fn root_of(path: &Path, is_directory: bool, project: &Path) -> PathBuf {
    let path = &of_any_process(path);
    let Some(directory) = path.parent().filter(|_| !is_directory) else { return path.to_owned() };
    let is_changing = path.file_name().is_some_and(|name| is_generated(&name.to_string_lossy()));
    let is_broad = is_broad(directory, project) && !(is_changing && directory == project);
    if is_broad { path.to_owned() } else { directory.to_owned() }
}

/// A path below `/proc/self` as it is in every process.
pub(super) fn of_any_process(path: &Path) -> PathBuf {
    let own = Path::new("/proc").join(std::process::id().to_string());
    path.strip_prefix(own)
        .map_or_else(|_| path.to_owned(), |rest| Path::new("/proc/self").join(rest))
}

/// Whether a directory holds much that has nothing to do with the project's tests.
pub(crate) fn is_broad(directory: &Path, project: &Path) -> bool {
    const SYSTEM: [&str; 9] =
        ["/bin", "/dev", "/etc", "/lib", "/proc", "/run", "/sys", "/usr", "/var"];
    const HOMES: [&str; 2] = ["/home", "/Users"];
    let is_home = || std::env::var_os("HOME").is_some_and(|home| directory == Path::new(&home));
    project.starts_with(directory)
        || directory.components().count() <= 2
        || SYSTEM.iter().any(|system| directory.starts_with(system))
        || HOMES.iter().any(|homes| directory.parent() == Some(Path::new(homes)))
        || is_home()
}

/// Whether a file is likely to be called otherwise in the next run: its name has a time or a random number in it.
fn is_generated(name: &str) -> bool {
    let mut digits = 0;
    name.chars().any(|c| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits >= 6
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(asked: Asked) -> Note {
        Note::new(asked)
    }

    fn env(name: &str) -> Asked {
        Asked::Env(name.to_owned())
    }

    fn site(author: Option<u32>, package: bool) -> CallSite {
        let at = |file: &str, line| Position { file: file.to_owned(), line, column: 1 };
        CallSite {
            author: author.map(|line| at("/p/steps/a.ts", line)),
            package: package.then(|| at("/p/node_modules/x/i.js", 1)),
        }
    }

    #[test]
    fn one_thing_is_listed_once_with_its_first_place() {
        let refusals = Refusals::default();
        refusals.add(note(env("B")), &site(Some(3), false), || None);
        refusals.add(note(env("A")), &site(Some(4), true), || None);
        refusals.clone().add(note(env("B")), &site(Some(1), false), || None);
        let (list, left_out) = refusals.list();
        let told: Vec<_> = list
            .iter()
            .map(|one| {
                (&one.asked, one.count, one.position.as_ref().unwrap().line, one.is_incidental)
            })
            .collect();
        assert_eq!(told, [(&env("A"), 1, 4, true), (&env("B"), 2, 3, false)]);
        assert_eq!(left_out, 0);
    }

    #[test]
    fn a_place_without_the_authors_frames_is_that_of_the_step() {
        let refusals = Refusals::default();
        let step = Position { file: "/p/steps/s.ts".to_owned(), line: 9, column: 1 };
        refusals.add(note(env("A")), &site(None, true), || Some(step.clone()));
        assert_eq!(refusals.list().0[0].position.as_ref(), Some(&step));
    }

    #[test]
    fn what_changes_no_answer_is_not_listed() {
        let refusals = Refusals::default();
        let path = PathBuf::from("/x");
        let read = || Asked::Read { path: path.clone(), root: path.clone() };
        let looked = || Note { finds_nothing: true, ..note(read()) };
        refusals.add(Note { only_exists: true, ..looked() }, &site(Some(1), false), || None);
        refusals.add(looked(), &site(None, true), || None);
        refusals.add(note(env("TERM")), &site(None, true), || None);
        assert_eq!(refusals.list(), (vec![], 0));
        refusals.add(looked(), &site(Some(1), false), || None);
        assert_eq!(refusals.list().0.len(), 1);
    }

    #[test]
    fn a_million_different_things_take_little_room() {
        let refusals = Refusals::default();
        for number in 0..1_000_000_u32 {
            let asked = env(&number.to_string());
            if !refusals.count(&asked) {
                refusals.add(note(asked), &CallSite::default(), || None);
            }
        }
        let (list, left_out) = refusals.list();
        assert_eq!((list.len(), left_out), (MOST_ENTRIES, 1_000_000 - MOST_ENTRIES as u64));
        assert!(refusals.count(&env(&"x".repeat(LONGEST_TARGET + 1))));
    }

    #[test]
    fn a_directory_is_granted_unless_it_is_of_much_else() {
        let project = Path::new("/home/me/project");
        for (path, root) in [
            ("/home/me/project/reports/a.json", "/home/me/project/reports"),
            ("/home/me/project/out.json", "/home/me/project/out.json"),
            ("/home/me/project/out-1700000000.json", "/home/me/project"),
            ("/home/me/data/a.json", "/home/me/data"),
            ("/home/me/.npmrc", "/home/me/.npmrc"),
            ("/home/hosts", "/home/hosts"),
            ("/etc/ssl/certs/a.pem", "/etc/ssl/certs/a.pem"),
            ("/data/fixtures/a", "/data/fixtures"),
            ("/data/a", "/data/a"),
        ] {
            assert_eq!(root_of(Path::new(path), false, project), Path::new(root), "{path}");
        }
        let own = format!("/proc/{}/status", std::process::id());
        assert_eq!(root_of(Path::new(&own), false, project), Path::new("/proc/self/status"));
        let reports = Path::new("/home/me/project/reports");
        assert_eq!(root_of(reports, true, project), reports);
    }
}
