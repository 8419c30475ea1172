//! `node:fs` by path: each op is one operation, permitted by [`Host::permit`], with errors in Node's shape.
//!
//! Every op runs at once, also for the promise and callback forms: local file calls are short, and a worker has nothing
//! else to do meanwhile.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;

use super::{Host, Op, Want, arguments, errno};
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
    let target = host.permit(path, Want::Read, true, "open")?;
    if target.is_dir() {
        return Err(errno::on_file(&errno::raw(libc::EISDIR), "read"));
    }
    fs::read(target).map(OpValue::Bytes).map_err(|error| errno::on_path(&error, "open", path))
}

/// (path, bytes, flags such as "w", "a", "wx", mode)
fn write_file(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, bytes) = (arguments::text(args, 0)?, arguments::bytes(args, 1)?);
    let target = host.permit(path, Want::Write, true, "open")?;
    let options = open_options(arguments::text(args, 2)?, arguments::optional_number(args, 3)?)?;
    let written = options.open(target).and_then(|mut file| file.write_all(bytes));
    done(written, "open", path)
}

/// Node's open flags ("r", "r+", "w", "wx", "w+", "a", "ax", "a+", …) as options.
pub(super) fn open_options(flags: &str, mode: Option<f64>) -> Result<OpenOptions, OpError> {
    let base = flags.trim_end_matches('+').replace(['s', 'x'], "");
    let both = flags.contains('+');
    let mut options = OpenOptions::new();
    match base.as_str() {
        "r" => options.read(true).write(both),
        "w" => options.write(true).create(true).truncate(true).read(both),
        "a" => options.append(true).create(true).read(both),
        _ => {
            return Err(OpError {
                name: "TypeError",
                code: Some("ERR_INVALID_ARG_VALUE".into()),
                message: format!("The argument 'flags' is invalid. Received '{flags}'"),
                properties: Vec::new(),
            });
        }
    };
    if flags.contains('x') {
        options.create_new(true);
    }
    #[cfg(unix)]
    if let Some(mode) = mode {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode as u32);
    }
    Ok(options)
}

/// (path, follow links) -> the numbers of `fs.Stats`; times in milliseconds since 1970
fn stat(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, follow) = (arguments::text(args, 0)?, arguments::flag(args, 1));
    let syscall = if follow { "stat" } else { "lstat" };
    let target = host.permit(path, Want::Read, follow, syscall)?;
    let metadata = if follow { fs::metadata(target) } else { fs::symlink_metadata(target) };
    metadata.map(|metadata| stats(&metadata)).map_err(|error| errno::on_path(&error, syscall, path))
}

#[cfg(unix)]
pub(super) fn stats(metadata: &Metadata) -> OpValue {
    use std::os::unix::fs::MetadataExt;
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
    let there = host
        .permit(arguments::text(args, 0)?, Want::Read, true, "access")
        .is_ok_and(|target| target.exists());
    Ok(OpValue::Bool(there))
}

/// (path, mode: 0 exists, 4 readable, 2 writable, 1 executable, or a sum)
fn access(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let mode = arguments::optional_number(args, 1)?.unwrap_or(0.0) as i32;
    let want = if mode & libc::W_OK != 0 { Want::Write } else { Want::Read };
    let target = host.permit(path, want, true, "access")?;
    let metadata = fs::metadata(&target).map_err(|error| errno::on_path(&error, "access", path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // By the permission bits of anybody: finer than that, opening it will tell.
        let bits = metadata.permissions().mode();
        let lacks = |wanted: i32, mask: u32| mode & wanted != 0 && bits & mask == 0;
        if lacks(libc::R_OK, 0o444) || lacks(libc::W_OK, 0o222) || lacks(libc::X_OK, 0o111) {
            return Err(errno::on_path(&errno::raw(libc::EACCES), "access", path));
        }
    }
    let _ = metadata;
    Ok(OpValue::Null)
}

/// (path) -> [[name, "file" | "directory" | "link" | "other"], …] sorted by name
fn readdir(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Read, true, "scandir")?;
    let list = || -> io::Result<Vec<(String, &'static str)>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(target)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = match () {
                () if kind.is_file() => "file",
                () if kind.is_dir() => "directory",
                () if kind.is_symlink() => "link",
                () => "other",
            };
            entries.push((entry.file_name().to_string_lossy().into_owned(), kind));
        }
        entries.sort();
        Ok(entries)
    };
    let entries = list().map_err(|error| errno::on_path(&error, "scandir", path))?;
    Ok(OpValue::Json(json!(entries).to_string()))
}

/// (path, recursive) -> the first directory made, or null
fn mkdir(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, recursive) = (arguments::text(args, 0)?, arguments::flag(args, 1));
    let target = host.permit(path, Want::Write, true, "mkdir")?;
    if !recursive {
        return done(fs::create_dir(target), "mkdir", path);
    }
    let first =
        target.ancestors().take_while(|ancestor| !ancestor.exists()).last().map(Path::to_owned);
    if target.is_file() {
        return Err(errno::on_path(&errno::raw(libc::EEXIST), "mkdir", path));
    }
    fs::create_dir_all(&target).map_err(|error| errno::on_path(&error, "mkdir", path))?;
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
        match fs::create_dir(host.permit(&path, Want::Write, false, "mkdtemp")?) {
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
    let target = host.permit(path, Want::Write, false, "rm")?;
    let metadata = match fs::symlink_metadata(&target) {
        Err(error) if force && error.kind() == io::ErrorKind::NotFound => return Ok(OpValue::Null),
        Err(error) => return Err(errno::on_path(&error, "lstat", path)),
        Ok(metadata) => metadata,
    };
    match (metadata.is_dir(), recursive) {
        (true, true) => done(fs::remove_dir_all(target), "rm", path),
        (true, false) => Err(OpError {
            name: "Error",
            code: Some("ERR_FS_EISDIR".into()),
            message: format!("Path is a directory: rm returned EISDIR (is a directory) {path}"),
            properties: vec![
                ("syscall", OpValue::Text("rm".into())),
                ("path", OpValue::Text(path.into())),
            ],
        }),
        (false, _) => done(fs::remove_file(target), "rm", path),
    }
}

fn rmdir(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    done(fs::remove_dir(host.permit(path, Want::Write, false, "rmdir")?), "rmdir", path)
}

fn unlink(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    done(fs::remove_file(host.permit(path, Want::Write, false, "unlink")?), "unlink", path)
}

/// The two ends of an operation from one path to another.
fn ends(
    host: &Host,
    args: &[OpValue],
    from: Want,
    follow: bool,
    syscall: &'static str,
) -> Result<(PathBuf, PathBuf), OpError> {
    let source = host.permit(arguments::text(args, 0)?, from, follow, syscall)?;
    Ok((source, host.permit(arguments::text(args, 1)?, Want::Write, follow, syscall)?))
}

fn done_both<T>(result: io::Result<T>, syscall: &'static str, args: &[OpValue]) -> OpResult {
    let (path, dest) = (arguments::text(args, 0)?, arguments::text(args, 1)?);
    result.map(|_| OpValue::Null).map_err(|error| errno::on_paths(&error, syscall, path, dest))
}

/// (from, to)
fn rename(host: &Host, args: &[OpValue]) -> OpResult {
    let (from, to) = ends(host, args, Want::Write, false, "rename")?;
    done_both(fs::rename(from, to), "rename", args)
}

/// (from, to, fail if it exists)
fn copy_file(host: &Host, args: &[OpValue]) -> OpResult {
    let (from, to) = ends(host, args, Want::Read, true, "copyfile")?;
    if arguments::flag(args, 2) && to.exists() {
        return done_both::<()>(Err(errno::raw(libc::EEXIST)), "copyfile", args);
    }
    done_both(fs::copy(from, to), "copyfile", args)
}

fn realpath(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Read, true, "realpath")?;
    let real = target.canonicalize().map_err(|error| errno::on_path(&error, "realpath", path))?;
    Ok(OpValue::Text(real.to_string_lossy().into_owned()))
}

fn readlink(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Read, false, "readlink")?;
    let link = fs::read_link(target).map_err(|error| errno::on_path(&error, "readlink", path))?;
    Ok(OpValue::Text(link.to_string_lossy().into_owned()))
}

/// (target, path). The target may lie anywhere: a link grants nothing, since what it leads to is checked on use.
fn symlink(host: &Host, args: &[OpValue]) -> OpResult {
    let link = host.permit(arguments::text(args, 1)?, Want::Write, false, "symlink")?;
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(arguments::text(args, 0)?, link);
    done_both(made, "symlink", args)
}

/// (existing, new)
fn link(host: &Host, args: &[OpValue]) -> OpResult {
    // A second name makes the file writable through it, so the first needs the right to write as well.
    let (from, to) = ends(host, args, Want::Write, false, "link")?;
    done_both(fs::hard_link(from, to), "link", args)
}

/// (path, mode)
fn chmod(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Write, true, "chmod")?;
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::from_mode(arguments::number(args, 1)? as u32);
    done(fs::set_permissions(target, mode), "chmod", path)
}

/// (path, access time, modification time), in seconds since 1970
fn utimes(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Write, true, "utime")?;
    let time = |index| -> Result<_, OpError> {
        let seconds = arguments::number(args, index)?;
        Ok(UNIX_EPOCH + Duration::try_from_secs_f64(seconds).unwrap_or_default())
    };
    let times = fs::FileTimes::new().set_accessed(time(1)?).set_modified(time(2)?);
    done(fs::File::open(target).and_then(|file| file.set_times(times)), "utime", path)
}

/// (path, length)
fn truncate(host: &Host, args: &[OpValue]) -> OpResult {
    let path = arguments::text(args, 0)?;
    let target = host.permit(path, Want::Write, true, "open")?;
    let length = arguments::optional_number(args, 1)?.unwrap_or(0.0) as u64;
    done(
        OpenOptions::new().write(true).open(target).and_then(|file| file.set_len(length)),
        "open",
        path,
    )
}
