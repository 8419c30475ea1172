//! The descendants of this process, read from `/proc`, without allocation: it runs in the supervisor.

use std::mem::MaybeUninit;

/// Most processes that one look at `/proc` keeps. What is beyond is seen by the next look, when the first are dead.
const CAPACITY: usize = 65_536;

/// One process as `/proc/PID/stat` shows it.
#[derive(Clone, Copy)]
struct Seen {
    pid: i32,
    parent: i32,
    group: i32,
    /// Start time in clock ticks: with the pid it names one process.
    started: u64,
}

/// A snapshot of the processes of the machine, in the order of their pids; unmapped on drop.
pub(super) struct Descendants {
    table: *mut Seen,
    len: usize,
    root: i32,
}

impl Descendants {
    /// Looks at `/proc`. `None`: it is not there, or that of another namespace of pids, or there is no memory for the table.
    pub(super) fn find() -> Option<Self> {
        // SAFETY: a fresh private mapping, touched only as far as it is filled; released in `drop`.
        let (table, root) = unsafe {
            let size = CAPACITY * size_of::<Seen>();
            let access = libc::PROT_READ | libc::PROT_WRITE;
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            let table = libc::mmap(std::ptr::null_mut(), size, access, flags, -1, 0);
            if table == libc::MAP_FAILED {
                return None;
            }
            (table.cast::<Seen>(), libc::getpid())
        };
        // In a namespace of pids with the /proc of another one the numbers are not those of this process's calls.
        if own_pid_in_proc() != Some(root) {
            // SAFETY: the mapping from above, which nothing else has.
            unsafe { libc::munmap(table.cast(), CAPACITY * size_of::<Seen>()) };
            return None;
        }
        let mut found = Self { table, len: 0, root };
        found.fill()?;
        Some(found)
    }

    fn fill(&mut self) -> Option<()> {
        // SAFETY: `buffer` is as long as it is said to be; the kernel fills it with `linux_dirent64` records of which
        // only the bytes that it reported are read, unaligned, and with bounds checked.
        unsafe {
            let dir =
                libc::open(c"/proc".as_ptr(), libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC);
            if dir < 0 {
                return None;
            }
            let mut buffer = MaybeUninit::<[u8; 16_384]>::uninit();
            loop {
                let read = libc::syscall(libc::SYS_getdents64, dir, buffer.as_mut_ptr(), 16_384);
                if read <= 0 {
                    break;
                }
                let entries =
                    std::slice::from_raw_parts(buffer.as_ptr().cast::<u8>(), read as usize);
                let mut rest = entries;
                // d_ino (8), d_off (8), d_reclen (2), d_type (1), d_name (NUL-terminated)
                while let Some(&[low, high]) = rest.get(16..18) {
                    let length = usize::from(u16::from_ne_bytes([low, high]));
                    if let Some(pid) = rest.get(19..length).and_then(number)
                        && let Some(seen) = look(pid)
                        && self.len < CAPACITY
                    {
                        self.table.add(self.len).write(seen);
                        self.len += 1;
                    }
                    rest = rest.get(length.max(1)..).unwrap_or_default();
                }
            }
            libc::close(dir);
        }
        Some(())
    }

    fn all(&self) -> &[Seen] {
        // SAFETY: the first `len` entries were written by `fill`.
        unsafe { std::slice::from_raw_parts(self.table, self.len) }
    }

    /// Whether the chain of parents leads to this process.
    fn is_descendant(&self, seen: &Seen) -> bool {
        self.child_above(seen).is_some()
    }

    /// The child of this process that is it, or above it.
    fn child_above(&self, seen: &Seen) -> Option<i32> {
        let (mut pid, mut parent) = (seen.pid, seen.parent);
        // The look is not atomic, so a chain may be broken or (with reused pids) circular: bounded by the count.
        for _ in 0..self.len {
            if parent == self.root {
                return Some(pid);
            }
            let at = self.all().binary_search_by_key(&parent, |other| other.pid).ok()?;
            pid = parent;
            parent = self.all().get(at)?.parent;
        }
        None
    }

    /// Kills the descendants but the children that are `spared` and what is below them; gives the pids.
    pub(super) fn kill_but(&self, spared: impl Fn(i32) -> bool) -> Vec<i32> {
        let is_to_end = |seen: &&Seen| self.child_above(seen).is_some_and(|child| !spared(child));
        let killed = self.all().iter().filter(is_to_end);
        killed.inspect(|seen| send(seen, libc::SIGKILL)).map(|seen| seen.pid).collect()
    }

    /// Signals the descendants, those of `group` alone if one is given.
    pub(super) fn signal(&self, signal: i32, group: Option<i32>) {
        for seen in self.all() {
            if group.is_none_or(|group| group == seen.group) && self.is_descendant(seen) {
                send(seen, signal);
            }
        }
    }
}

impl Drop for Descendants {
    fn drop(&mut self) {
        // SAFETY: the mapping of `find`, released once.
        unsafe { libc::munmap(self.table.cast(), CAPACITY * size_of::<Seen>()) };
    }
}

/// Signals the process that was seen, or none at all if its pid has passed to another one.
fn send(seen: &Seen, signal: i32) {
    // SAFETY: system calls without memory of ours but a null `siginfo_t`, which is allowed.
    unsafe {
        let handle = libc::syscall(libc::SYS_pidfd_open, seen.pid, 0) as i32;
        // Looked at after the handle was opened: if this is still the same process, the handle is of it, and the
        // handle does not move on to another one.
        let same = look(seen.pid).is_some_and(|now| now.started == seen.started);
        match (same, handle >= 0) {
            (true, true) => {
                libc::syscall(
                    libc::SYS_pidfd_send_signal,
                    handle,
                    signal,
                    std::ptr::null::<libc::siginfo_t>(),
                    0,
                );
            }
            // A kernel before 5.3.
            (true, false) => {
                libc::kill(seen.pid, signal);
            }
            (false, _) => {}
        }
        if handle >= 0 {
            libc::close(handle);
        }
    }
}

/// Signals a whole group.
pub(super) fn signal_group(group: i32, signal: i32) {
    // SAFETY: a plain system call.
    unsafe { libc::kill(-group, signal) };
}

/// Reads `/proc/PID/stat`.
fn look(pid: i32) -> Option<Seen> {
    let mut path = [0u8; 32];
    write_path(&mut path, pid)?;
    let mut text = [0u8; 1024];
    // SAFETY: the path ends with NUL (the array is longer than any pid makes it), the buffer has the length given.
    let read = unsafe {
        let file = libc::open(path.as_ptr().cast(), libc::O_RDONLY | libc::O_CLOEXEC);
        if file < 0 {
            return None;
        }
        let read = libc::read(file, text.as_mut_ptr().cast(), text.len());
        libc::close(file);
        read
    };
    let text = text.get(..usize::try_from(read).ok()?)?;
    // "PID (NAME) STATE PPID PGRP …": the name may hold spaces and parentheses, so look for the last one.
    let name_end = text.iter().rposition(|byte| *byte == b')')?;
    let mut fields = text.get(name_end + 2..)?.split(|byte| *byte == b' ');
    let parent = number(fields.nth(1)?)?;
    let group = number(fields.next()?)?;
    let started = fields.nth(16)?.iter().fold(0u64, |sum, digit| {
        sum.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
    });
    Some(Seen { pid, parent, group, started })
}

/// The pid of this process as `/proc` has it.
fn own_pid_in_proc() -> Option<i32> {
    let mut text = [0u8; 16];
    // SAFETY: the path ends with NUL, the buffer has the length given.
    let read =
        unsafe { libc::readlink(c"/proc/self".as_ptr(), text.as_mut_ptr().cast(), text.len()) };
    number(text.get(..usize::try_from(read).ok()?)?)
}

/// `/proc/PID/stat` into a buffer of zeros.
fn write_path(path: &mut [u8; 32], pid: i32) -> Option<()> {
    let mut digits = [0u8; 10];
    let mut first = digits.len();
    let mut rest = u32::try_from(pid).ok()?;
    while first > 0 && (rest > 0 || first == digits.len()) {
        first -= 1;
        *digits.get_mut(first)? = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let parts = [b"/proc/".as_slice(), digits.get(first..)?, b"/stat"];
    for (to, from) in path.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    Some(())
}

/// A non-negative decimal number, up to the first NUL.
fn number(digits: &[u8]) -> Option<i32> {
    let mut sum = 0i32;
    let mut any = false;
    for digit in digits.iter().take_while(|digit| **digit != 0) {
        if !digit.is_ascii_digit() {
            return None;
        }
        sum = sum.checked_mul(10)?.checked_add(i32::from(digit - b'0'))?;
        any = true;
    }
    any.then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        assert_eq!(number(b"120\0x"), Some(120));
        assert_eq!(number(b"self"), None);
        assert_eq!(number(b""), None);
        assert_eq!(number(b"99999999999"), None);
    }

    #[test]
    fn reads_the_stat_of_this_process() {
        let pid = std::process::id() as i32;
        let seen = look(pid).unwrap();
        assert_eq!(seen.parent, std::os::unix::process::parent_id() as i32);
        assert!(seen.started > 0);
        assert!(look(i32::MAX).is_none());
    }

    #[test]
    fn finds_children_and_grandchildren_only() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 30 & echo $!; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut line).unwrap();
        let grandchild: i32 = line.trim().parse().unwrap();
        let found = Descendants::find().unwrap();
        let is =
            |pid: i32| found.all().iter().any(|seen| seen.pid == pid && found.is_descendant(seen));
        assert!(is(child.id() as i32));
        assert!(is(grandchild));
        assert!(!is(1));
        assert!(!is(std::process::id() as i32));
        send(found.all().iter().find(|seen| seen.pid == grandchild).unwrap(), libc::SIGKILL);
        child.wait().unwrap();
    }
}
