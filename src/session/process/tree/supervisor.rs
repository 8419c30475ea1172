//! The process between quickcuke and a command (Linux): what runs in the forked child.
//!
//! `spawn` forks once (in std) and this module forks again: the first child becomes the *supervisor*, the second runs
//! the command. The supervisor is a child subreaper, so whatever the command starts stays its descendant for ever, by
//! `setsid`, double fork or an empty environment alike; it reaps them all, and it is the only one that signals them, so
//! that no signal can meet a reaped pid. When its link to quickcuke closes, because quickcuke asked for it or because
//! quickcuke died by whatever signal, it kills every descendant and ends when `wait` says that there are none.
//!
//! quickcuke has many threads, so between the fork and the end of the process only async-signal-safe calls are made
//! here: no allocation, no lock, no panic. All `unsafe` of the session lives in this module and in `sys.rs`.

use std::io;
use std::os::fd::RawFd;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::processes::{self, Descendants};

/// Supervisor to quickcuke: the command runs under this pid.
pub(super) const STARTED: i32 = 1;
/// Supervisor to quickcuke: the command was reaped with this wait status.
pub(super) const EXITED: i32 = 2;

/// How long the supervisor goes on killing what does not die, in milliseconds; then it gives up with exit code 1.
const KILL_DEADLINE_MS: i64 = 10_000;
/// The pause between two passes of killing, in milliseconds; the end of a child cuts it short.
const KILL_PAUSE_MS: i32 = 2;

/// The first two arguments of `clone` for a mere fork; on s390x they stand the other way round.
const FLAGS_AND_STACK: (libc::c_long, libc::c_long) = match cfg!(target_arch = "s390x") {
    true => (0, libc::SIGCHLD as libc::c_long),
    false => (libc::SIGCHLD as libc::c_long, 0),
};

/// Makes `command` run under a supervisor that talks over `link` (the child's end of a stream socket pair).
///
/// `own_group`: the command leads a process group of its own.
pub(super) fn supervise(command: &mut Command, link: RawFd, own_group: bool) {
    // SAFETY: the closure runs in the child of a fork and calls only async-signal-safe functions: raw system calls on
    // memory of its own. It captures two integers.
    unsafe { command.pre_exec(move || split(link, own_group)) };
}

/// Forks the command off. Returns in the command, on its way to `exec`; the supervisor never comes back.
fn split(link: RawFd, own_group: bool) -> io::Result<()> {
    // SAFETY: plain system calls; the signal sets are initialised by `sigfillset` and `sigprocmask`.
    unsafe {
        let mut every: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut every);
        libc::sigprocmask(libc::SIG_BLOCK, &every, &mut before);
        // An ignored signal stays ignored through `exec`: INT after `quickcuke &`, HUP after `nohup`. And an ignored CHLD
        // would make the kernel reap the command before its status was read.
        for signal in 1..=64 {
            libc::signal(signal, libc::SIG_DFL);
        }
        if libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 {
            return Err(io::Error::last_os_error());
        }
        if own_group {
            // Away from the terminal's group; where that is refused the processes are still tracked one by one.
            libc::setpgid(0, 0);
        }
        let supervisor = libc::getpid();
        // `fork` of the C library runs fork handlers, which may take locks that another thread held; the bare call
        // does not, and what follows in the command is `exec`.
        match libc::syscall(libc::SYS_clone, FLAGS_AND_STACK.0, FLAGS_AND_STACK.1, 0, 0, 0) {
            -1 => Err(io::Error::last_os_error()),
            0 => {
                if own_group {
                    libc::setpgid(0, 0);
                }
                // The supervisor has one thread, so "parent thread ended" is "supervisor ended".
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
                if libc::getppid() != supervisor {
                    libc::_exit(127);
                }
                // What quickcuke itself inherited or forgot to mark is not for the command. Not known before Linux
                // 5.11, where it goes on having it.
                libc::syscall(libc::SYS_close_range, 3, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
                libc::sigprocmask(libc::SIG_SETMASK, &before, std::ptr::null_mut());
                Ok(())
            }
            command => {
                let command = command as i32;
                // Both sides make the group, so that neither sees it missing.
                if own_group {
                    libc::setpgid(command, command);
                }
                let own_group = own_group && libc::getpgid(command) == command;
                Supervisor { link, command, own_group, reaped: false }.run()
            }
        }
    }
}

struct Supervisor {
    link: RawFd,
    command: i32,
    /// Whether the command really leads a group.
    own_group: bool,
    /// The command is reaped: its pid may be another process's.
    reaped: bool,
}

impl Supervisor {
    fn run(mut self) -> ! {
        // SAFETY: system calls on descriptors that this process owns alone: it is single-threaded, and nothing of the
        // parent's image that owned the closed descriptors runs in it again.
        unsafe {
            close_others(self.link);
            libc::prctl(libc::PR_SET_NAME, c"quickcuke-init".as_ptr(), 0, 0, 0);
            // Do not hold the directory (a test may want to remove or unmount it).
            libc::chdir(c"/".as_ptr());
            let mut child_ended: libc::sigset_t = std::mem::zeroed();
            libc::sigemptyset(&mut child_ended);
            libc::sigaddset(&mut child_ended, libc::SIGCHLD);
            let signals = libc::signalfd(-1, &child_ended, libc::SFD_NONBLOCK | libc::SFD_CLOEXEC);
            self.tell(STARTED, self.command);

            let mut killing_since: Option<i64> = None;
            loop {
                self.reap_all();
                if killing_since.is_some_and(|since| now_ms() - since > KILL_DEADLINE_MS) {
                    libc::_exit(1);
                }
                if killing_since.is_some() {
                    self.signal_descendants(libc::SIGKILL);
                    self.reap_all();
                }
                let link = if killing_since.is_some() { -1 } else { self.link };
                let mut polled = [
                    libc::pollfd { fd: link, events: libc::POLLIN, revents: 0 },
                    libc::pollfd { fd: signals, events: libc::POLLIN, revents: 0 },
                ];
                // Without a signalfd (never seen) the loop looks again every few milliseconds.
                let pause = if killing_since.is_some() || signals < 0 { KILL_PAUSE_MS } else { -1 };
                libc::poll(polled.as_mut_ptr(), 2, pause);
                if polled[1].revents != 0 {
                    let mut seen = [0u8; 512];
                    libc::read(signals, seen.as_mut_ptr().cast(), seen.len());
                }
                if polled[0].revents != 0 {
                    let mut signal = 0i32;
                    let read = libc::read(self.link, (&raw mut signal).cast(), size_of::<i32>());
                    if read == size_of::<i32>() as isize {
                        self.signal(signal);
                    } else {
                        killing_since = Some(now_ms());
                    }
                }
            }
        }
    }

    /// Reaps whatever ended and tells of the command. Ends this process when it has no child left: descendants of a
    /// subreaper hang on one of its children, so no child means no descendant.
    fn reap_all(&mut self) {
        loop {
            let mut status = 0;
            // SAFETY: `status` is a valid place for the status.
            let pid = unsafe { libc::waitpid(-1, &mut status, libc::WNOHANG) };
            match pid {
                0 => return,
                // SAFETY: `_exit` is async-signal-safe and does not return.
                pid if pid < 0 => unsafe { libc::_exit(0) },
                pid if pid == self.command => {
                    self.reaped = true;
                    self.tell(EXITED, status);
                }
                _ => {}
            }
        }
    }

    /// What quickcuke asks for: a negative number is for the command alone.
    fn signal(&self, signal: i32) {
        if signal >= 0 {
            self.signal_descendants(signal);
        } else if !self.reaped {
            // SAFETY: a plain system call. Nobody else reaps the command, so the pid is still its own.
            unsafe { libc::kill(self.command, -signal) };
        }
    }

    /// KILL goes to every descendant; any other signal to the command's group, or where there is none, to all.
    fn signal_descendants(&self, signal: i32) {
        let group = (self.own_group && signal != libc::SIGKILL).then_some(self.command);
        match Descendants::find() {
            Some(found) => found.signal(signal, group),
            // No /proc of ours: the group is what can be reached. Its number is not given away while the command is unreaped
            // or the group has members; nobody but this process reaps the command.
            None => processes::signal_group(self.command, signal),
        }
    }

    fn tell(&self, what: i32, value: i32) {
        let message = [what, value];
        // SAFETY: the message is a valid buffer of its size. A closed link is noticed by the next poll.
        unsafe {
            libc::send(
                self.link,
                message.as_ptr().cast(),
                size_of_val(&message),
                libc::MSG_NOSIGNAL,
            )
        };
    }
}

/// Closes every descriptor but `kept`: the supervisor must hold no pipe, socket or file of its parent.
unsafe fn close_others(kept: RawFd) {
    // SAFETY: as for the caller: nobody else in this process uses the descriptors.
    unsafe {
        let below = kept == 0 || libc::syscall(libc::SYS_close_range, 0, kept - 1, 0) == 0;
        let above = libc::syscall(libc::SYS_close_range, kept + 1, u32::MAX, 0) == 0;
        if below && above {
            return;
        }
        let mut limit: libc::rlimit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        for fd in 0..limit.rlim_cur.min(1 << 20) as RawFd {
            if fd != kept {
                libc::close(fd);
            }
        }
    }
}

/// Milliseconds of the monotonic clock.
fn now_ms() -> i64 {
    // SAFETY: `now` is a valid place for the time.
    unsafe {
        let mut now: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now);
        now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}
