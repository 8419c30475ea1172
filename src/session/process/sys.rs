//! The system calls that the safe side of `process/` needs and std does not have.

/// Lets a write past the limit of a file's size fail, instead of ending the process.
pub(super) fn ignore_file_size_signal() {
    // SAFETY: a plain system call. Children get the default back: the supervisor sets it.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Whether this process ignores a signal: after `nohup`, or in the background of a shell.
pub(super) fn ignores(signal: i32) -> bool {
    // SAFETY: no action is set, and `current` is a valid place for the one that is.
    unsafe {
        let mut current: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &mut current) == 0
            && current.sa_sigaction == libc::SIG_IGN
    }
}

/// Waits until the peer of a socket is gone. False: it is still there after `timeout`.
#[cfg(target_os = "linux")]
pub(super) fn wait_for_hangup(
    fd: std::os::fd::BorrowedFd<'_>,
    timeout: std::time::Duration,
) -> bool {
    use std::io;
    use std::os::fd::AsRawFd;

    let until = std::time::Instant::now() + timeout;
    loop {
        let left = until.saturating_duration_since(std::time::Instant::now());
        let left = i32::try_from(left.as_millis()).unwrap_or(i32::MAX);
        let mut polled = libc::pollfd { fd: fd.as_raw_fd(), events: 0, revents: 0 };
        // SAFETY: one valid `pollfd`, for a descriptor that is open for the time of the borrow.
        let ready = unsafe { libc::poll(&mut polled, 1, left) };
        if ready > 0 {
            return true;
        }
        let interrupted =
            ready < 0 && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted;
        if !interrupted {
            return false;
        }
    }
}

/// How a child ended, without reaping it. `None`: it runs.
#[cfg(not(target_os = "linux"))]
pub(super) fn exit_status_of(pid: u32) -> Option<std::process::ExitStatus> {
    use std::os::unix::process::ExitStatusExt;
    // SAFETY: `info` is a valid place; its fields are read only after `waitid` filled it.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        if libc::waitid(libc::P_PID, pid as libc::id_t, &mut info, flags) != 0 || info.si_pid() == 0
        {
            return None;
        }
        let status = info.si_status();
        let exited = info.si_code == libc::CLD_EXITED;
        Some(std::process::ExitStatus::from_raw(if exited {
            (status & 0xff) << 8
        } else {
            status & 0x7f
        }))
    }
}

/// Signals a child that is not reaped yet, or the group that it leads.
#[cfg(not(target_os = "linux"))]
pub(super) fn signal(pid: u32, group: bool, signal: i32) {
    let pid = pid as i32;
    // SAFETY: a plain system call.
    unsafe { libc::kill(if group { -pid } else { pid }, signal) };
}
