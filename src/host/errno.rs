//! System errors in Node's shape: `ENOENT: no such file or directory, open 'x'` with `errno`, `code`, `syscall`, `path`.

use std::io;

use crate::isolate::{OpError, OpValue};

/// The errors that files and connections meet, with libuv's wording for each.
const KNOWN: &[(i32, &str, &str)] = &[
    (libc::ENOENT, "ENOENT", "no such file or directory"),
    (libc::EACCES, "EACCES", "permission denied"),
    (libc::EEXIST, "EEXIST", "file already exists"),
    (libc::ENOTDIR, "ENOTDIR", "not a directory"),
    (libc::EISDIR, "EISDIR", "illegal operation on a directory"),
    (libc::ENOTEMPTY, "ENOTEMPTY", "directory not empty"),
    (libc::EPERM, "EPERM", "operation not permitted"),
    (libc::EINVAL, "EINVAL", "invalid argument"),
    (libc::EBADF, "EBADF", "bad file descriptor"),
    (libc::ELOOP, "ELOOP", "too many symbolic links encountered"),
    (libc::EMFILE, "EMFILE", "too many open files"),
    (libc::EXDEV, "EXDEV", "cross-device link not permitted"),
    (libc::EROFS, "EROFS", "read-only file system"),
    (libc::ENAMETOOLONG, "ENAMETOOLONG", "name too long"),
    (libc::ENOSPC, "ENOSPC", "no space left on device"),
    (libc::EFBIG, "EFBIG", "file too large"),
    (libc::EBUSY, "EBUSY", "resource busy or locked"),
    (libc::EIO, "EIO", "i/o error"),
    (libc::EMLINK, "EMLINK", "too many links"),
    (libc::ETXTBSY, "ETXTBSY", "text file is busy"),
    (libc::ENXIO, "ENXIO", "no such device or address"),
    (libc::ESRCH, "ESRCH", "no such process"),
    (libc::E2BIG, "E2BIG", "argument list too long"),
    (libc::ENOEXEC, "ENOEXEC", "exec format error"),
    (libc::EADDRINUSE, "EADDRINUSE", "address already in use"),
    (libc::EADDRNOTAVAIL, "EADDRNOTAVAIL", "address not available"),
    (libc::ECONNABORTED, "ECONNABORTED", "software caused connection abort"),
    (libc::EAGAIN, "EAGAIN", "resource temporarily unavailable"),
    (libc::ENOMEM, "ENOMEM", "not enough memory"),
    (libc::EPIPE, "EPIPE", "broken pipe"),
    (libc::ECONNREFUSED, "ECONNREFUSED", "connection refused"),
    (libc::ECONNRESET, "ECONNRESET", "connection reset by peer"),
    (libc::ETIMEDOUT, "ETIMEDOUT", "connection timed out"),
    (libc::EHOSTUNREACH, "EHOSTUNREACH", "host is unreachable"),
    (libc::ENETUNREACH, "ENETUNREACH", "network is unreachable"),
];

/// The name of an error's number, such as `ENOENT`.
pub(super) fn name(error: &io::Error) -> Option<&'static str> {
    let errno = error.raw_os_error()?;
    KNOWN.iter().find(|(number, _, _)| *number == errno).map(|(_, name, _)| *name)
}

/// The error of a system call on one path.
pub(super) fn on_path(error: &io::Error, syscall: &'static str, path: &str) -> OpError {
    build(error, syscall, Some(path), None)
}

/// The error of a system call from one path to another (`rename`, `copyfile`, `symlink`).
pub(super) fn on_paths(
    error: &io::Error,
    syscall: &'static str,
    path: &str,
    dest: &str,
) -> OpError {
    build(error, syscall, Some(path), Some(dest))
}

/// The error of a system call on an open file.
pub(super) fn on_file(error: &io::Error, syscall: &'static str) -> OpError {
    build(error, syscall, None, None)
}

/// An [`io::Error`] of the given number.
pub(super) fn raw(errno: i32) -> io::Error {
    io::Error::from_raw_os_error(errno)
}

/// A refusal by the sandbox: EACCES to programs, the mend to people.
pub(super) fn refused(syscall: &'static str, asked: &str, mend: &str) -> OpError {
    advised(libc::EACCES, syscall, asked, mend)
}

/// A change of what must stay where it is: EBUSY to programs, the mend to people.
pub(super) fn busy(syscall: &'static str, asked: &str, mend: &str) -> OpError {
    advised(libc::EBUSY, syscall, asked, mend)
}

fn advised(errno: i32, syscall: &'static str, asked: &str, mend: &str) -> OpError {
    let mut error = build(&raw(errno), syscall, Some(asked), None);
    error.message = format!("{}; {mend}", error.message);
    error
}

fn build(
    error: &io::Error,
    syscall: &'static str,
    path: Option<&str>,
    dest: Option<&str>,
) -> OpError {
    let errno = error.raw_os_error();
    let known = KNOWN.iter().find(|(number, _, _)| Some(*number) == errno);
    let (code, description) = match known {
        Some((_, code, description)) => ((*code).to_owned(), (*description).to_owned()),
        None => (
            errno.map_or_else(|| "UNKNOWN".to_owned(), |number| format!("E{number}")),
            error.to_string(),
        ),
    };
    let mut message = format!("{code}: {description}, {syscall}");
    let mut properties = vec![("errno", OpValue::Number(f64::from(-errno.unwrap_or(4094))))];
    properties.push(("syscall", OpValue::Text(syscall.to_owned())));
    if let Some(path) = path {
        message.push_str(&format!(" '{path}'"));
        properties.push(("path", OpValue::Text(path.to_owned())));
    }
    if let Some(dest) = dest {
        message.push_str(&format!(" -> '{dest}'"));
        properties.push(("dest", OpValue::Text(dest.to_owned())));
    }
    OpError { name: "Error", code: Some(code), message, properties }
}
