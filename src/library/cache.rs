//! The disk cache of compiled modules: transpiled text, source map, bytecode.
//!
//! One file an entry, named by a hash over everything that made it: the file's path (bytecode holds
//! it) and content, the options, the running program itself (and with it the versions of QuickJS
//! and oxc), and the architecture. A changed file therefore has another entry, and none is ever
//! wrong, only old.
//!
//! What is read here runs, bytecode even unchecked, so an entry must be one that quickcuke wrote for this user. Three
//! things see to it. The directory and its files are the user's alone, or they are not used. No grant of the sandbox
//! opens the directory ([`crate::protected`]). And each entry is sealed ([`Seal`]) under a key in the user's standard
//! cache directory: a run that knew nothing of this directory, a checkout or an archive may have put files into it. The
//! hash is SHA-256 since a step chooses the text of files that it writes and imports: it must not find one that has the
//! name of another file's entry.
//!
//! Nothing in here fails: a cache that cannot be read or written is no cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::private_directory::{Listed, PrivateDirectory, TEMPORARY, Unusable};
use super::source_map::SourceMap;
use crate::isolate::{Bytecode, KEY_LENGTH, ModuleKind, Seal};
use crate::protected;

/// The end of an entry's name; a new layout gets a new one.
const SUFFIX: &str = ".qcm2";
/// What entries of earlier layouts end with.
const OUTDATED: &str = ".qcm";
/// The file with the key.
const KEY: &str = "key";
/// The file whose age tells when entries were last pruned.
const STAMP: &str = "pruned";

/// Total size over which old entries go, and what is left after that.
const FULL: u64 = 256 << 20;
const TRIMMED: u64 = 192 << 20;
/// An entry that was not read for so long goes.
const STALE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How often a process looks for such entries, and how exactly "last read" is kept.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key(String);

/// What is kept of a module. Either the bytecode or the text is there to be run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: ModuleKind,
    pub(super) map: Option<SourceMap>,
    pub(super) text: Option<String>,
    pub(super) bytecode: Option<Bytecode>,
}

/// Shared by threads and, on disk, by processes.
pub(super) struct Cache {
    directory: PrivateDirectory,
    seal: Seal,
    /// Hash of the program that runs.
    program: Vec<u8>,
    /// The directory was looked through, at the first write.
    pruned: Once,
    /// A write failed, so the next would.
    unwritable: AtomicBool,
}

/// The user's directory for caches as the XDG base directory specification has it, and ours in it.
pub(crate) fn standard_directory() -> Option<PathBuf> {
    standard_directories().next()
}

/// That one, and where it is for a process whose environment says otherwise.
fn standard_directories() -> impl Iterator<Item = PathBuf> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = absolute("HOME").map(|home| home.join(".cache"));
    [absolute("XDG_CACHE_HOME"), home].into_iter().flatten().map(|base| base.join("quickcuke"))
}

/// Has no grant open the directories where the key may be: to be called before any JavaScript runs, whether or not
/// there is a cache.
pub(super) fn protect_key() {
    for directory in standard_directories() {
        protected::protect(&directory);
    }
}

impl Cache {
    /// The cache in this directory. An error is a reason for a warning; `None` means that there is no place for one.
    pub(super) fn open(directory: &Path) -> Result<Option<Cache>, String> {
        let Some(standard) = standard_directory() else {
            return Err(
                "there is no place for its key: set HOME or XDG_CACHE_HOME, or turn the cache off with --no-cache"
                    .to_owned(),
            );
        };
        Cache::open_with(directory, &standard)
    }

    /// With the key in `home`.
    pub(super) fn open_with(directory: &Path, home: &Path) -> Result<Option<Cache>, String> {
        let open = |path: &Path| {
            let opened = PrivateDirectory::open(path);
            // Once it is there, so that the links on the way to it are seen.
            protected::protect(path);
            match opened {
                Ok(directory) => Ok(Some(directory)),
                Err(Unusable::Absent) => Ok(None),
                Err(Unusable::Untrusted(why)) => Err(why),
            }
        };
        let Some(directory) = open(directory)? else { return Ok(None) };
        let Some(home_directory) = open(home)? else { return Ok(None) };
        let Some(key) = key(&home_directory) else {
            let key = home.join(KEY);
            return Err(format!(
                "its key {} is not a file of the user alone, or is damaged: remove it",
                key.display()
            ));
        };
        let (pruned, unwritable) = (Once::new(), AtomicBool::new(false));
        Ok(Some(Cache { directory, seal: Seal::new(&key), program: program(), pruned, unwritable }))
    }

    /// `options`: whatever else decides the result.
    pub(super) fn key(&self, path: &str, text: &str, options: &str) -> Key {
        let mut hash = Sha256::new();
        hash.update(&self.program);
        for part in [path, options, text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Key(name + SUFFIX)
    }

    pub(super) fn read(&self, key: &Key) -> Option<Entry> {
        self.open_entry(key, |data, bytecode| decode(data, bytecode.into_iter().next()))
    }

    pub(super) fn write(&self, key: &Key, entry: &Entry) {
        self.write_entry(key, &encode(entry), &entry.bytecode);
    }

    /// Functions by their hashes.
    pub(super) fn read_functions(&self, key: &Key) -> Option<Vec<(u128, Bytecode)>> {
        self.open_entry(key, |data, bytecode| {
            let (hashes, rest) = data.as_chunks();
            let hashes = hashes.iter().map(|hash| u128::from_le_bytes(*hash));
            rest.is_empty().then(|| hashes.zip(bytecode).collect())
        })
    }

    pub(super) fn write_functions(&self, key: &Key, functions: &[(u128, Bytecode)]) {
        let hashes: Vec<u8> = functions.iter().flat_map(|(hash, _)| hash.to_le_bytes()).collect();
        self.write_entry(key, &hashes, functions.iter().map(|(_, bytecode)| bytecode));
    }

    fn open_entry<T>(
        &self,
        Key(name): &Key,
        decode: impl FnOnce(&[u8], Vec<Bytecode>) -> Option<T>,
    ) -> Option<T> {
        let (bytes, age) = self.directory.read(name, FULL)?;
        let (data, bytecode) = self.seal.open(name.as_bytes(), &bytes)?;
        let entry = decode(data, bytecode)?;
        if age > DAY {
            self.directory.touch(name);
        }
        Some(entry)
    }

    fn write_entry<'a>(
        &self,
        Key(name): &Key,
        data: &'a [u8],
        bytecode: impl IntoIterator<Item = &'a Bytecode>,
    ) {
        if self.unwritable.load(Ordering::Relaxed) {
            return;
        }
        self.pruned.call_once(|| prune_daily(&self.directory));
        let sealed = self.seal.close(name.as_bytes(), data, bytecode);
        if self.directory.write(name, &sealed).is_err() {
            self.unwritable.store(true, Ordering::Relaxed);
        }
    }
}

/// The key in the directory, made if there is none.
fn key(directory: &PrivateDirectory) -> Option<[u8; KEY_LENGTH]> {
    let read = || directory.read(KEY, KEY_LENGTH as u64)?.0.try_into().ok();
    read().or_else(|| {
        let mut new = [0; KEY_LENGTH];
        getrandom::fill(&mut new).ok()?;
        // Of two processes that make one at a time, one has its key kept.
        let _ = directory.create(KEY, &new);
        read()
    })
}

/// The program that runs, by version and by its own file: a build of the same version that compiles
/// otherwise must not meet bytecode of this one.
fn program() -> Vec<u8> {
    let file = std::env::current_exe().and_then(fs::metadata);
    let changed = file.as_ref().ok().and_then(|file| file.modified().ok());
    let size = file.as_ref().map_or(0, fs::Metadata::len);
    let version = (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, usize::BITS, size, changed);
    format!("{version:?}").into_bytes()
}

/// The kind, then two parts, each with its length plus one (0: not there).
fn encode(entry: &Entry) -> Vec<u8> {
    let map = entry.map.as_ref().map(SourceMap::encode);
    let mut data = vec![match entry.kind {
        ModuleKind::EsModule => 0,
        ModuleKind::CommonJs => 1,
        ModuleKind::Json => 2,
    }];
    for part in [map.as_deref(), entry.text.as_ref().map(String::as_bytes)] {
        data.extend((part.map_or(0, |part| part.len() as u64 + 1)).to_le_bytes());
        data.extend(part.unwrap_or_default());
    }
    data
}

fn decode(data: &[u8], bytecode: Option<Bytecode>) -> Option<Entry> {
    let (kind, mut rest) = data.split_first()?;
    let kind = match kind {
        0 => ModuleKind::EsModule,
        1 => ModuleKind::CommonJs,
        2 => ModuleKind::Json,
        _ => return None,
    };
    let mut part = || {
        let (length, after) = rest.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (part, after) = after.split_at_checked(length.saturating_sub(1))?;
        rest = after;
        Some((length > 0).then(|| part.to_vec()))
    };
    let (map, text) = (part()?, part()?);
    let map = map.map(|map| SourceMap::decode(&map).ok_or(())).transpose().ok()?;
    let text = text.map(String::from_utf8).transpose().ok()?;
    (text.is_some() || bytecode.is_some()).then_some(Entry { kind, map, text, bytecode })
}

/// Prunes the directory at most once a day.
fn prune_daily(directory: &PrivateDirectory) {
    let is_due = directory.read(STAMP, 0).is_none_or(|(_, age)| age > DAY);
    if is_due && directory.write(STAMP, b"").is_ok() {
        prune(directory, FULL, TRIMMED);
    }
}

/// Removes entries not read for [`STALE`], forgotten temporary files, and over `full` bytes the
/// longest unread ones until `trimmed` are left.
fn prune(directory: &PrivateDirectory, full: u64, trimmed: u64) {
    let mut entries = Vec::new();
    for file in directory.list() {
        if file.name.ends_with(OUTDATED) || (file.name.ends_with(TEMPORARY) && file.age > DAY) {
            directory.remove(&file.name);
        } else if file.name.ends_with(SUFFIX) {
            match file.age <= STALE {
                true => entries.push(file),
                false => directory.remove(&file.name),
            }
        }
    }
    let mut total: u64 = entries.iter().map(|entry| entry.size).sum();
    if total <= full {
        return;
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.age));
    for Listed { name, size, .. } in entries {
        if total <= trimmed {
            return;
        }
        directory.remove(&name);
        total -= size;
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    fn entry() -> Entry {
        let map = Some(SourceMap::default());
        Entry {
            kind: ModuleKind::CommonJs,
            map,
            text: Some("é".to_owned()),
            bytecode: Some(Bytecode::never_run(&[0, 1, 2])),
        }
    }

    /// A cache, and a directory of its own for the key.
    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Place {
            Place(tempfile::tempdir().unwrap())
        }

        fn directory(&self) -> PathBuf {
            self.0.path().join("deep/er")
        }

        /// As a new process would have it.
        fn cache(&self) -> Cache {
            self.cache_with_key_in("home")
        }

        fn cache_with_key_in(&self, home: &str) -> Cache {
            Cache::open_with(&self.directory(), &self.0.path().join(home)).unwrap().unwrap()
        }

        fn file(&self, Key(name): &Key) -> PathBuf {
            self.directory().join(name)
        }

        fn count(&self, suffix: &str) -> usize {
            let files = fs::read_dir(self.directory()).unwrap().flatten();
            files.filter(|file| file.file_name().to_str().unwrap().ends_with(suffix)).count()
        }
    }

    #[test]
    fn gives_back_what_was_written() {
        let place = Place::new();
        let cache = place.cache();
        let key = cache.key("/p/a.ts", "text", "");
        assert_eq!(cache.read(&key), None);
        cache.write(&key, &entry());
        assert_eq!(cache.read(&key), Some(entry()));
        assert_eq!(place.count(TEMPORARY), 0);
        assert_eq!(place.cache().read(&key), Some(entry()), "a later process");
        let functions = [(1, Bytecode::never_run(b"a")), (u128::MAX, Bytecode::never_run(b""))];
        cache.write_functions(&key, &functions);
        assert_eq!(cache.read_functions(&key).as_deref(), Some(functions.as_slice()));
    }

    #[test]
    fn what_was_damaged_swapped_or_written_by_another_is_none() {
        let place = Place::new();
        let cache = place.cache();
        let (key, other) = (cache.key("/p/a.ts", "", ""), cache.key("/p/b.ts", "", ""));
        cache.write(&key, &entry());
        let whole = fs::read(place.file(&key)).unwrap();
        let put = |key: &Key, bytes: &[u8]| {
            cache.directory.write(&key.0, bytes).unwrap();
            cache.read(key)
        };
        assert_eq!(put(&other, &whole), None, "the entry of another file");
        assert_eq!(put(&key, &whole[..whole.len() - 1]), None);
        assert_eq!(put(&key, &[]), None);
        assert_eq!(put(&key, &whole), Some(entry()));
        place.cache_with_key_in("another").write(&key, &entry());
        assert_eq!(cache.read(&key), None, "of another key");
    }

    #[test]
    fn the_key_tells_every_ingredient_apart() {
        let cache = Place::new().cache();
        let key = cache.key("/p/a.ts", "text", "options");
        assert_eq!(key, cache.key("/p/a.ts", "text", "options"));
        assert_ne!(key, cache.key("/p/b.ts", "text", "options"));
        assert_ne!(key, cache.key("/p/a.ts", "text2", "options"));
        assert_ne!(key, cache.key("/p/a.ts", "text", "option"));
        assert_ne!(key, cache.key("/p/a.t", "text", "soptions"));
    }

    #[test]
    fn any_part_of_an_entry_is_none() {
        let data = encode(&entry());
        let code = || Some(Bytecode::never_run(&[0, 1, 2]));
        assert_eq!(decode(&data, code()), Some(entry()));
        for length in 0..data.len() {
            assert_eq!(decode(&data[..length], code()), None, "cut at {length}");
        }
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_no_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let below = file.path().join("below-a-file");
        assert!(Cache::open_with(&below, &below).unwrap().is_none());
    }

    #[test]
    fn a_key_that_is_not_the_users_alone_is_said() {
        let place = Place::new();
        drop(place.cache());
        let home = place.0.path().join("home");
        fs::write(home.join(KEY), "short").unwrap();
        let Err(why) = Cache::open_with(&place.directory(), &home) else { panic!("it is used") };
        assert!(why.contains("home/key") && why.contains("remove it"), "{why}");
    }

    #[test]
    fn old_entries_go_first() {
        let place = Place::new();
        let cache = place.cache();
        let put = |name: &str, days: u32| {
            cache.directory.write(name, &[0; 100]).unwrap();
            let file = File::options().append(true).open(place.directory().join(name)).unwrap();
            file.set_modified(SystemTime::now() - days * DAY).unwrap();
        };
        for (name, days) in [("a", 31), ("b", 20), ("c", 10), ("d", 0)] {
            put(&format!("{name}{SUFFIX}"), days);
        }
        put("e.tmp", 2);
        put("f.tmp", 0);
        put("g.qcm", 0);
        prune(&cache.directory, 1000, 0);
        let counts = || [SUFFIX, TEMPORARY, OUTDATED].map(|suffix| place.count(suffix));
        assert_eq!(counts(), [3, 1, 0], "only stale ones");
        prune(&cache.directory, 250, 150);
        assert_eq!(counts(), [1, 1, 0]);
        assert!(place.directory().join(format!("d{SUFFIX}")).exists());
    }

    #[test]
    fn a_read_counts_as_use() {
        let place = Place::new();
        let cache = place.cache();
        let key = cache.key("", "", "");
        cache.write(&key, &entry());
        let long_ago = SystemTime::now() - 3 * DAY;
        let file = File::options().append(true).open(place.file(&key)).unwrap();
        file.set_modified(long_ago).unwrap();
        cache.read(&key).unwrap();
        let modified = fs::metadata(place.file(&key)).unwrap().modified().unwrap();
        assert!(modified > long_ago + DAY);
    }
}
