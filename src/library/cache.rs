//! The disk cache of compiled modules: transpiled text, source map, bytecode.
//!
//! One file an entry, named by a hash over everything that made it: the file's path (bytecode holds
//! it) and content, the options, the running program itself (and with it the versions of QuickJS
//! and oxc), and the architecture. A changed file therefore has another entry, and none is ever
//! wrong, only old.
//!
//! The hash is XXH3, 128 bits: it need not withstand an attacker, since whoever can choose what is
//! hashed here writes step code that runs anyway, and it reads 1 MB in well under 0.1 ms in plain
//! Rust.
//!
//! Nothing in here fails: a cache that cannot be read or written is no cache.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::source_map::SourceMap;
use crate::isolate::ModuleKind;

/// Leads every entry; a new layout gets a new one.
const MAGIC: &[u8; 8] = b"qcmod\0\0\x01";
const SUFFIX: &str = "qcm";

/// Total size over which old entries go, and what is left after that.
const FULL: u64 = 256 << 20;
const TRIMMED: u64 = 192 << 20;
/// An entry that nobody read for so long goes.
const STALE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How often a process looks for such entries, and how exactly "last read" is kept.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The name of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key(u128);

/// What is kept of a module. Either the bytecode or the text is there to be run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: ModuleKind,
    pub(super) map: Option<SourceMap>,
    pub(super) text: Option<String>,
    pub(super) bytecode: Option<Vec<u8>>,
}

/// Shared by threads and, on disk, by processes.
#[derive(Debug)]
pub(super) struct Cache {
    directory: PathBuf,
    /// Hash of the program that runs.
    program: u128,
    /// The directory was made and looked through, at the first write.
    prepared: AtomicBool,
    /// A write failed, so the next would.
    unwritable: AtomicBool,
}

impl Cache {
    pub(super) fn new(directory: PathBuf) -> Cache {
        let (prepared, unwritable) = (AtomicBool::new(false), AtomicBool::new(false));
        Cache { directory, program: program(), prepared, unwritable }
    }

    /// `options`: whatever else decides the result.
    pub(super) fn key(&self, path: &str, text: &str, options: &str) -> Key {
        let mut hash = Xxh3::new();
        hash.update(&self.program.to_le_bytes());
        for part in [path, options, text] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Key(hash.digest128())
    }

    pub(super) fn read(&self, key: Key) -> Option<Entry> {
        let mut file = File::open(self.path(key)).ok()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let entry = decode(&bytes)?;
        let read = file.metadata().and_then(|metadata| metadata.modified()).ok();
        if read.and_then(|read| read.elapsed().ok()).is_some_and(|age| age > DAY) {
            let _ = File::options()
                .append(true)
                .open(self.path(key))
                .and_then(|f| f.set_modified(SystemTime::now()));
        }
        Some(entry)
    }

    /// Written beside and renamed into place, so that nobody ever reads half of it.
    pub(super) fn write(&self, key: Key, entry: &Entry) {
        if self.unwritable.load(Ordering::Relaxed) {
            return;
        }
        if !self.prepared.swap(true, Ordering::Relaxed) {
            prepare(&self.directory);
        }
        let written = tempfile::Builder::new()
            .suffix(".tmp")
            .tempfile_in(&self.directory)
            .and_then(|mut file| {
                file.write_all(&encode(entry))?;
                file.persist(self.path(key)).map_err(|error| error.error)
            });
        if written.is_err() {
            self.unwritable.store(true, Ordering::Relaxed);
        }
    }

    fn path(&self, key: Key) -> PathBuf {
        self.directory.join(format!("{:032x}.{SUFFIX}", key.0))
    }
}

/// The program that runs, by version and by its own file: a build of the same version that compiles
/// otherwise must not meet bytecode of this one.
fn program() -> u128 {
    let file = std::env::current_exe().and_then(fs::metadata);
    let changed = file.as_ref().ok().and_then(|file| file.modified().ok());
    let size = file.as_ref().map_or(0, fs::Metadata::len);
    let version = (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, usize::BITS, size, changed);
    xxh3_128(format!("{version:?}").as_bytes())
}

/// Magic, checksum of the rest, kind, then three parts, each with its length plus one (0: not
/// there).
fn encode(entry: &Entry) -> Vec<u8> {
    let map = entry.map.as_ref().map(SourceMap::encode);
    let mut body = vec![match entry.kind {
        ModuleKind::EsModule => 0,
        ModuleKind::CommonJs => 1,
        ModuleKind::Json => 2,
    }];
    for part in
        [map.as_deref(), entry.text.as_ref().map(String::as_bytes), entry.bytecode.as_deref()]
    {
        body.extend((part.map_or(0, |part| part.len() as u64 + 1)).to_le_bytes());
        body.extend(part.unwrap_or_default());
    }
    [MAGIC.as_slice(), &xxh3_128(&body).to_le_bytes(), &body].concat()
}

fn decode(bytes: &[u8]) -> Option<Entry> {
    let (checksum, body) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<16>()?;
    if xxh3_128(body).to_le_bytes() != *checksum {
        return None;
    }
    let (kind, mut rest) = body.split_first()?;
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
    let (map, text, bytecode) = (part()?, part()?, part()?);
    let map = map.map(|map| SourceMap::decode(&map).ok_or(())).transpose().ok()?;
    let text = text.map(String::from_utf8).transpose().ok()?;
    (text.is_some() || bytecode.is_some()).then_some(Entry { kind, map, text, bytecode })
}

/// Makes the directory, for its owner alone (bytecode is trusted), and prunes it at most once a
/// day.
fn prepare(directory: &Path) {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let _ = builder.recursive(true).create(directory);
    let stamp = directory.join("pruned");
    let age =
        fs::metadata(&stamp).and_then(|file| file.modified()).ok().and_then(|at| at.elapsed().ok());
    if age.is_none_or(|age| age > DAY) && fs::write(&stamp, "").is_ok() {
        prune(directory, FULL, TRIMMED);
    }
}

/// Removes entries not read for [`STALE`], forgotten temporary files, and over `full` bytes the
/// longest unread ones until `trimmed` are left. Entries that another process removes meanwhile are
/// as good as removed here.
fn prune(directory: &Path, full: u64, trimmed: u64) {
    let Ok(files) = fs::read_dir(directory) else { return };
    let mut entries = Vec::new();
    for file in files.flatten() {
        let path = file.path();
        let Ok(metadata) = file.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(SUFFIX) if age <= STALE => entries.push((age, metadata.len(), path)),
            Some(SUFFIX) => drop(fs::remove_file(path)),
            Some("tmp") if age > DAY => drop(fs::remove_file(path)),
            _ => {}
        }
    }
    let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
    if total <= full {
        return;
    }
    entries.sort_by_key(|(age, ..)| std::cmp::Reverse(*age));
    for (_, size, path) in entries {
        if total <= trimmed {
            return;
        }
        let _ = fs::remove_file(path);
        total -= size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let map = Some(SourceMap::default());
        Entry {
            kind: ModuleKind::CommonJs,
            map,
            text: Some("é".to_owned()),
            bytecode: Some(vec![0, 1, 2]),
        }
    }

    fn files(directory: &Path, suffix: &str) -> usize {
        let files = fs::read_dir(directory).unwrap().flatten();
        files
            .filter(|file| file.path().extension().is_some_and(|extension| extension == suffix))
            .count()
    }

    #[test]
    fn gives_back_what_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::new(directory.path().join("deep/er"));
        let key = cache.key("/p/a.ts", "text", "");
        assert_eq!(cache.read(key), None);
        cache.write(key, &entry());
        assert_eq!(cache.read(key), Some(entry()));
        assert_eq!(files(&directory.path().join("deep/er"), "tmp"), 0);
        let another = Cache::new(directory.path().join("deep/er"));
        assert_eq!(another.read(key), Some(entry()), "a later process");
    }

    #[test]
    fn the_key_tells_every_ingredient_apart() {
        let cache = Cache::new(PathBuf::new());
        let key = cache.key("/p/a.ts", "text", "options");
        assert_eq!(key, cache.key("/p/a.ts", "text", "options"));
        assert_ne!(key, cache.key("/p/b.ts", "text", "options"));
        assert_ne!(key, cache.key("/p/a.ts", "text2", "options"));
        assert_ne!(key, cache.key("/p/a.ts", "text", "option"));
        assert_ne!(key, cache.key("/p/a.t", "text", "soptions"));
    }

    #[test]
    fn a_damaged_entry_is_none() {
        let whole = encode(&entry());
        assert_eq!(decode(&whole), Some(entry()));
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length]), None, "cut at {length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            assert_eq!(decode(&damaged), None, "changed at {at}");
        }
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_no_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let cache = Cache::new(file.path().join("below-a-file"));
        let key = cache.key("", "", "");
        cache.write(key, &entry());
        assert_eq!(cache.read(key), None);
    }

    #[test]
    fn old_entries_go_first() {
        let directory = tempfile::tempdir().unwrap();
        let put = |name: &str, days: u64| {
            let path = directory.path().join(name);
            fs::write(&path, [0; 100]).unwrap();
            let at = SystemTime::now() - days as u32 * DAY;
            File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
        };
        for (name, days) in
            [("a.qcm", 31), ("b.qcm", 20), ("c.qcm", 10), ("d.qcm", 0), ("e.tmp", 2), ("f.tmp", 0)]
        {
            put(name, days);
        }
        prune(directory.path(), 1000, 0);
        assert_eq!(
            (files(directory.path(), "qcm"), files(directory.path(), "tmp")),
            (3, 1),
            "only stale ones"
        );
        prune(directory.path(), 250, 150);
        assert_eq!(files(directory.path(), "qcm"), 1);
        assert!(directory.path().join("d.qcm").exists());
    }

    #[test]
    fn a_read_counts_as_use() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::new(directory.path().to_path_buf());
        let key = cache.key("", "", "");
        cache.write(key, &entry());
        let long_ago = SystemTime::now() - 3 * DAY;
        File::options().append(true).open(cache.path(key)).unwrap().set_modified(long_ago).unwrap();
        cache.read(key).unwrap();
        let modified = fs::metadata(cache.path(key)).unwrap().modified().unwrap();
        assert!(modified > long_ago + DAY);
    }
}
