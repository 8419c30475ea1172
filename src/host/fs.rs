//! `node:fs` by path: each op is one operation, permitted by [`Host::permit`], with errors in Node's shape.
//!
//! Every op runs at once, also for the promise and callback forms: local file calls are short, and a worker has nothing
//! else to do meanwhile.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::ops::BitOr as _;
use std::os::unix::fs::MetadataExt;
use std::time::UNIX_EPOCH;

use rustix::fs::{FileType, Mode, OFlags, Timespec, Timestamps};
use serde_json::json;

use super::place::Place;
use super::refusal::Refused;
use super::{Host, Op, Permissions, arguments, errno};
use crate::isolate::{OpError, OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[
    ("fs_read_file", read_file),
    ("fs_write_file", write_file),
    ("fs_stat", stat),
    ("fs_exists", exists),
    ("fs_access", access),
    ("fs_readdir", readdir),
    ("fs_mkdir", mkdir),
    ("fs_mkdtemp", mkdtemp),
    ("fs_rm", rm),
    ("fs_rmdir", rmdir),
    ("fs_unlink", unlink),
    ("fs_rename", rename),
    ("fs_copy_file", copy_file),
    ("fs_realpath", realpath),
    ("fs_readlink", readlink),
    ("fs_symlink", symlink),
    ("fs_link", link),
    ("fs_chmod", chmod),
    ("fs_utimes", utimes),
    ("fs_truncate", truncate),
];

fn done<T>(result: io::Result<T>, syscall: &'static str, path: &str) -> OpResult {
    result.map(|_| OpValue::Null).map_err(|error| errno::on_path(&error, syscall, path))
}

/// (path) -> bytes
fn read_file(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::READ, true, "open")?;
    read_whole(host, &place, path).map(OpValue::Bytes)
}

/// All that is in a file, unless it is more than the host takes.
pub(super) fn read_whole(host: &Host, place: &Place, path: &str) -> Result<Vec<u8>, OpError> {
    let failed = |error: io::Error| match error.raw_os_error() {
        Some(libc::EISDIR) => errno::on_file(&error, "read"),
        _ => errno::on_path(&error, "open", path),
    };
    let file = place.open(OFlags::RDONLY, Mode::empty()).map_err(failed)?;
    let most = host.access.borrow().largest_read.unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        let message = host.told(&Refused::LargeFile { path, most });
        let error = OpError { name: "RangeError", ..OpError::new(message) };
        return Err(error.with_code("ERR_FS_FILE_TOO_LARGE"));
    }
    Ok(bytes)
}

/// (path, bytes, flags such as "w", "a", "wx", mode)
fn write_file(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, bytes) = (arguments::text(args, 0)?, arguments::bytes(args, 1)?);
    let (flags, mode) =
        open_flags(arguments::text(args, 2)?, arguments::optional_number(args, 3)?)?;
    let failed = |error: io::Error| errno::on_path(&error, "open", path);
    let mut file = open(host, path, flags, mode, "open", failed)?;
    done(file.write_all(bytes), "open", path)
}

/// Opens a file as the session may: where entries of its directory cannot be made, one that is there.
pub(super) fn open(
    host: &Host,
    path: &str,
    flags: OFlags,
    mode: Mode,
    syscall: &'static str,
    failed: impl Fn(io::Error) -> OpError,
) -> Result<File, OpError> {
    let needs = match flags & OFlags::RWMODE {
        OFlags::RDONLY => Permissions::READ,
        OFlags::WRONLY => Permissions::WRITE,
        _ => Permissions::READ | Permissions::WRITE,
    };
    if !flags.contains(OFlags::CREATE) {
        return host.permit(path, needs, true, syscall)?.open(flags, mode).map_err(failed);
    }
    match host.permit(path, needs | Permissions::CHANGE, true, syscall) {
        Ok(place) => place.open(flags, mode).map_err(failed),
        Err(refusal) if flags.contains(OFlags::EXCL) => Err(refusal),
        Err(refusal) => {
            let place = match host.permit(path, needs, true, syscall) {
                Ok(place) => {
                    // It is not refused after all.
                    host.refused.borrow_mut().clear();
                    place
                }
                Err(lacks) if is_there(host, path) => return Err(lacks),
                Err(_) => return Err(refusal),
            };
            place.open(flags - OFlags::CREATE, mode).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => refusal,
                _ => failed(error),
            })
        }
    }
}

/// Whether a path is there; what may not be looked at is not.
fn is_there(host: &Host, path: &str) -> bool {
    host.permit(path, Permissions::NONE, true, "exists").is_ok_and(|place| place.exists())
}

/// Node's open flags ("r", "r+", "w", "wx", "w+", "a", "ax", "a+", …) as the kernel's.
pub(super) fn open_flags(flags: &str, mode: Option<f64>) -> Result<(OFlags, Mode), OpError> {
    let base = flags.trim_end_matches('+').replace(['s', 'x'], "");
    let both = flags.contains('+');
    let mut open = match (base.as_str(), both) {
        ("r", false) => OFlags::RDONLY,
        ("r", true) => OFlags::RDWR,
        ("w", false) => OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC,
        ("w", true) => OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC,
        ("a", false) => OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND,
        ("a", true) => OFlags::RDWR | OFlags::CREATE | OFlags::APPEND,
        _ => {
            let message = format!("The argument 'flags' is invalid. Received '{flags}'");
            return Err(OpError::type_error(message).with_code("ERR_INVALID_ARG_VALUE"));
        }
    };
    if flags.contains('x') {
        open |= OFlags::EXCL;
    }
    Ok((open, Mode::from_raw_mode(mode.unwrap_or(f64::from(0o666)) as _)))
}

/// (path, follow links) -> the numbers of `fs.Stats`; times in milliseconds since 1970
fn stat(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, follow) = (arguments::text(args, 0)?, arguments::flag(args, 1));
    let syscall = if follow { "stat" } else { "lstat" };
    let metadata = host.permit(path, Permissions::NONE, follow, syscall)?.metadata();
    metadata.map(|metadata| stats(&metadata)).map_err(|error| errno::on_path(&error, syscall, path))
}

pub(super) fn stats(metadata: &Metadata) -> OpValue {
    let millis = |seconds: i64, nanos: i64| seconds as f64 * 1000.0 + nanos as f64 / 1e6;
    let changed = millis(metadata.ctime(), metadata.ctime_nsec());
    let born = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let stats = json!({
        "dev": metadata.dev(), "mode": metadata.mode(), "nlink": metadata.nlink(), "uid": metadata.uid(),
        "gid": metadata.gid(), "rdev": metadata.rdev(), "blksize": metadata.blksize(), "ino": metadata.ino(),
        "size": metadata.size(), "blocks": metadata.blocks(),
        "atimeMs": millis(metadata.atime(), metadata.atime_nsec()),
        "mtimeMs": millis(metadata.mtime(), metadata.mtime_nsec()),
        "ctimeMs": changed,
        "birthtimeMs": born.map_or(changed, |time| time.as_secs_f64() * 1000.0),
    });
    OpValue::Json(stats.to_string())
}

/// (path) -> whether it is there; what may not be read is not there
fn exists(host: &Host, args: &[OpValue]) -> OpResult {
    Ok(OpValue::Bool(is_there(host, arguments::text(args, 0)?)))
}

/// (path, mode: 0 exists, 4 readable, 2 writable, 1 executable, or a sum)
fn access(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let mode = arguments::optional_number(args, 1)?.unwrap_or(0.0) as i32;
    let place = host.permit(path, Permissions::NONE, true, "access");
    let metadata = place
        .and_then(|place| place.metadata().map_err(|error| errno::on_path(&error, "access", path)));
    let is_directory = metadata.as_ref().is_ok_and(Metadata::is_dir);
    let needs = [
        (libc::R_OK, Permissions::LIST, Permissions::READ),
        (libc::W_OK, Permissions::CHANGE, Permissions::WRITE),
    ]
    .into_iter()
    .filter(|(wanted, ..)| mode & wanted != 0)
    .map(|(_, of_directory, of_file)| if is_directory { of_directory } else { of_file })
    .fold(Permissions::NONE, Permissions::bitor);
    // First what is asked for, so that a refusal names all that it takes.
    host.permit(path, needs, true, "access")?;
    let metadata = metadata?;
    // By the permission bits of anybody: finer than that, opening it will tell.
    let bits = metadata.mode();
    let lacks = |wanted: i32, mask: u32| mode & wanted != 0 && bits & mask == 0;
    if lacks(libc::R_OK, 0o444) || lacks(libc::W_OK, 0o222) || lacks(libc::X_OK, 0o111) {
        return Err(errno::on_path(&errno::raw(libc::EACCES), "access", path));
    }
    Ok(OpValue::Null)
}

/// (path) -> [[name, "file" | "directory" | "link" | "other"], …] sorted by name
fn readdir(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::LIST, true, "scandir")?;
    let entries = place.entries().map_err(|error| errno::on_path(&error, "scandir", path))?;
    let kind = |kind: FileType| match kind {
        FileType::RegularFile => "file",
        FileType::Directory => "directory",
        FileType::Symlink => "link",
        _ => "other",
    };
    let mut entries: BTreeMap<_, _> =
        entries.into_iter().map(|(name, found)| (name, kind(found))).collect();
    entries.extend(host.mounts_in(place.path()).into_iter().map(|name| (name, "directory")));
    let entries: Vec<_> = entries.into_iter().collect();
    Ok(OpValue::Json(json!(entries).to_string()))
}

/// (path, recursive) -> the first directory made, or null
fn mkdir(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, recursive) = (arguments::text(args, 0)?, arguments::flag(args, 1));
    if !recursive {
        let place = host.permit(path, Permissions::CHANGE, true, "mkdir")?;
        return done(place.make_directory(), "mkdir", path);
    }
    let first = host.make_directories(path, "mkdir")?;
    Ok(first.map_or(OpValue::Null, |first| OpValue::Text(first.to_string_lossy().into_owned())))
}

/// (prefix) -> the path of a new directory: the prefix and six random characters
fn mkdtemp(host: &Host, args: &[OpValue]) -> OpResult {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let prefix = arguments::text(args, 0)?;
    let template = format!("{prefix}XXXXXX");
    loop {
        let mut random = [0; 6];
        getrandom::fill(&mut random)
            .map_err(|_| errno::on_path(&errno::raw(libc::EIO), "mkdtemp", &template))?;
        let suffix: String = random
            .iter()
            .map(|&byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
            .collect();
        let path = format!("{prefix}{suffix}");
        match host.permit(&path, Permissions::CHANGE, false, "mkdtemp")?.make_directory() {
            Ok(()) => return Ok(OpValue::Text(path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(errno::on_path(&error, "mkdtemp", &template)),
        }
    }
}

/// (path, recursive, force)
fn rm(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let (recursive, force) = (arguments::flag(args, 1), arguments::flag(args, 2));
    let missing = |code: Option<&str>| force && code == Some("ENOENT");
    let place = match host.permit(path, Permissions::CHANGE, false, "rm") {
        Err(error) if missing(error.code.as_deref()) => return Ok(OpValue::Null),
        place => place?,
    };
    let metadata = match place.metadata().map_err(|error| errno::on_path(&error, "lstat", path)) {
        Err(error) if missing(error.code.as_deref()) => return Ok(OpValue::Null),
        metadata => metadata?,
    };
    match (metadata.is_dir(), recursive) {
        (true, true) => done(place.remove_all(), "rm", path),
        (true, false) => Err(OpError {
            name: "Error",
            code: Some("ERR_FS_EISDIR".into()),
            message: format!("Path is a directory: rm returned EISDIR (is a directory) {path}"),
            properties: vec![
                ("syscall", OpValue::Text("rm".into())),
                ("path", OpValue::Text(path.into())),
            ],
        }),
        (false, _) => done(place.remove_file(), "rm", path),
    }
}

fn rmdir(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    done(host.permit(path, Permissions::CHANGE, false, "rmdir")?.remove_directory(), "rmdir", path)
}

fn unlink(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    done(host.permit(path, Permissions::CHANGE, false, "unlink")?.remove_file(), "unlink", path)
}

/// The two ends of an operation that gives a file another name.
fn ends(host: &Host, args: &[OpValue], syscall: &'static str) -> Result<(Place, Place), OpError> {
    let (from, to) = (arguments::text(args, 0)?, arguments::text(args, 1)?);
    let (source, had) = host.permit_with(from, Permissions::CHANGE, false, syscall)?;
    let (target, has) = host.permit_with(to, Permissions::CHANGE, false, syscall)?;
    // Nothing is let be done with a file by its new name that was not by its old one.
    if !had.contains(has) {
        return Err(errno::on_paths(&errno::raw(libc::EXDEV), syscall, from, to));
    }
    Ok((source, target))
}

fn done_both<T>(result: io::Result<T>, syscall: &'static str, args: &[OpValue]) -> OpResult {
    let (path, dest) = (arguments::text(args, 0)?, arguments::text(args, 1)?);
    result.map(|_| OpValue::Null).map_err(|error| errno::on_paths(&error, syscall, path, dest))
}

/// (from, to)
fn rename(host: &Host, args: &[OpValue]) -> OpResult {
    let (from, to) = ends(host, args, "rename")?;
    done_both(from.rename(&to), "rename", args)
}

/// (from, to, fail if it exists): copies bytes and permissions.
fn copy_file(host: &Host, args: &[OpValue]) -> OpResult {
    let (from, to) = (arguments::text(args, 0)?, arguments::text(args, 1)?);
    let failed = |error: io::Error| errno::on_paths(&error, "copyfile", from, to);
    let source = host.permit(from, Permissions::READ, true, "copyfile")?;
    // Refused before anything of the source is told.
    host.permit(to, Permissions::WRITE, true, "copyfile")?;
    let mut source = source.open(OFlags::RDONLY, Mode::empty()).map_err(failed)?;
    let metadata = source.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(errno::raw(libc::EISDIR)));
    }
    let exclusive = if arguments::flag(args, 2) { OFlags::EXCL } else { OFlags::empty() };
    let flags = OFlags::WRONLY | OFlags::CREATE | exclusive;
    let mode = Mode::from_raw_mode(metadata.mode() as _);
    let mut copy = open(host, to, flags, mode, "copyfile", failed)?;
    let mut fill = || {
        let there = copy.metadata()?;
        // A file copied to itself stays what it is.
        if (there.dev(), there.ino()) == (metadata.dev(), metadata.ino()) {
            return Ok(());
        }
        copy.set_len(0)?;
        io::copy(&mut source, &mut copy)?;
        if there.is_file() { copy.set_permissions(metadata.permissions()) } else { Ok(()) }
    };
    done_both(fill(), "copyfile", args)
}

fn realpath(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::NONE, true, "realpath")?;
    let real = place.metadata().and_then(|_| place.real_path());
    let real = real.map_err(|error| errno::on_path(&error, "realpath", path))?;
    Ok(OpValue::Text(real.to_string_lossy().into_owned()))
}

fn readlink(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Permissions::NONE, false, "readlink")?.link_target();
    target.map(OpValue::Text).map_err(|error| errno::on_path(&error, "readlink", path))
}

/// (target, path). The target may lie anywhere: a link grants nothing, since what it leads to is checked on use.
fn symlink(host: &Host, args: &[OpValue]) -> OpResult {
    let link = host.permit(arguments::text(args, 1)?, Permissions::CHANGE, false, "symlink")?;
    done_both(link.make_symlink(arguments::text(args, 0)?), "symlink", args)
}

/// (existing, new)
fn link(host: &Host, args: &[OpValue]) -> OpResult {
    let (from, to) = ends(host, args, "link")?;
    done_both(from.link(&to), "link", args)
}

/// (path, mode)
fn chmod(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::WRITE, true, "chmod")?;
    done(place.set_mode(arguments::number(args, 1)? as u32), "chmod", path)
}

/// (path, access time, modification time), in seconds since 1970
fn utimes(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::WRITE, true, "utime")?;
    let time = |index| -> Result<_, OpError> {
        let seconds = arguments::number(args, index)?;
        let whole = seconds.floor();
        Ok(Timespec { tv_sec: whole as _, tv_nsec: ((seconds - whole) * 1e9) as _ })
    };
    let times = Timestamps { last_access: time(1)?, last_modification: time(2)? };
    done(place.set_times(&times), "utime", path)
}

/// (path, length)
fn truncate(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let place = host.permit(path, Permissions::WRITE, true, "open")?;
    let length = arguments::optional_number(args, 1)?.unwrap_or(0.0) as u64;
    let file = place.open(OFlags::WRONLY, Mode::empty());
    done(file.and_then(|file| file.set_len(length)), "open", path)
}
