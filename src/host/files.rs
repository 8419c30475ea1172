//! Open files, by descriptor: `fs.openSync`, file handles, streams. The descriptors are the host's own numbers, so that
//! JavaScript cannot name a file of the runner's.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Host, Op, Stream, arguments, errno, fs};
use crate::isolate::{OpError, OpResult, OpValue};

/// The most bytes one read gives.
const MOST: f64 = 16_777_216.0;
/// The first descriptor given out: 0 to 2 are the standard streams.
const FIRST: u32 = 3;

pub(super) const OPS: &[(&str, Op)] = &[
    ("fs_open", open),
    ("fs_close", close),
    ("fs_read", read),
    ("fs_write", write),
    ("fs_fstat", fstat),
    ("fs_ftruncate", ftruncate),
];

/// (path, flags, mode) -> descriptor
fn open(host: &Host, args: &[OpValue]) -> OpResult {
    let (path, flags) = (arguments::text(args, 0)?, arguments::text(args, 1)?);
    let (flags, mode) = fs::open_flags(flags, arguments::optional_number(args, 2)?)?;
    let failed = |error: io::Error| errno::on_path(&error, "open", path);
    let file = fs::open(host, path, flags, mode, "open", failed)?;
    let mut files = host.open_files.borrow_mut();
    let descriptor = (FIRST..).find(|descriptor| !files.contains_key(descriptor)).unwrap_or(FIRST);
    files.insert(descriptor, file);
    Ok(OpValue::Number(f64::from(descriptor)))
}

/// (descriptor)
fn close(host: &Host, args: &[OpValue]) -> OpResult {
    let descriptor = arguments::number(args, 0)? as u32;
    match host.open_files.borrow_mut().remove(&descriptor) {
        Some(_) => Ok(OpValue::Null),
        None => Err(errno::on_file(&errno::raw(libc::EBADF), "close")),
    }
}

/// (descriptor, most bytes, position or null) -> bytes; none at the end
fn read(host: &Host, args: &[OpValue]) -> OpResult {
    let most = arguments::number(args, 1)?.clamp(0.0, MOST) as usize;
    with_file(host, args, arguments::optional_number(args, 2)?, "read", |file| {
        let mut bytes = vec![0; most];
        let count = file.read(&mut bytes)?;
        bytes.truncate(count);
        Ok(OpValue::Bytes(bytes))
    })
}

/// (descriptor, bytes, position or null) -> number of bytes written
fn write(host: &Host, args: &[OpValue]) -> OpResult {
    let bytes = arguments::bytes(args, 1)?;
    let standard = match arguments::number(args, 0)? as u32 {
        1 => Some(Stream::Stdout),
        2 => Some(Stream::Stderr),
        _ => None,
    };
    if let Some(stream) = standard {
        host.write(stream, &String::from_utf8_lossy(bytes));
        return Ok(OpValue::Number(bytes.len() as f64));
    }
    with_file(host, args, arguments::optional_number(args, 2)?, "write", |file| {
        file.write_all(bytes)?;
        Ok(OpValue::Number(bytes.len() as f64))
    })
}

/// (descriptor) -> the numbers of `fs.Stats`
fn fstat(host: &Host, args: &[OpValue]) -> OpResult {
    with_file(host, args, None, "fstat", |file| Ok(fs::stats(&file.metadata()?)))
}

/// (descriptor, length)
fn ftruncate(host: &Host, args: &[OpValue]) -> OpResult {
    let length = arguments::optional_number(args, 1)?.unwrap_or(0.0) as u64;
    with_file(host, args, None, "ftruncate", |file| file.set_len(length).map(|()| OpValue::Null))
}

/// Runs `act` on the file that argument 0 names. With a `position` it happens there and the file's own
/// position stays.
fn with_file(
    host: &Host,
    args: &[OpValue],
    position: Option<f64>,
    syscall: &'static str,
    act: impl FnOnce(&mut File) -> io::Result<OpValue>,
) -> OpResult {
    let descriptor = arguments::number(args, 0)? as u32;
    let failed = |error: io::Error| -> OpError { errno::on_file(&error, syscall) };
    let mut files = host.open_files.borrow_mut();
    let file = files.get_mut(&descriptor).ok_or_else(|| failed(errno::raw(libc::EBADF)))?;
    let Some(position) = position else { return act(file).map_err(failed) };
    let at = || {
        let before = file.stream_position()?;
        file.seek(SeekFrom::Start(position.max(0.0) as u64))?;
        let result = act(file);
        file.seek(SeekFrom::Start(before))?;
        result
    };
    at().map_err(failed)
}
