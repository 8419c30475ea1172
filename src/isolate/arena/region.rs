//! A stretch of address space, reserved whole and backed by memory as it is touched.

use std::{
    io,
    ptr::{self, NonNull},
    sync::LazyLock,
};

/// Pages beyond what is needed are given back in steps of no less than this, since faulting them in again
/// costs more than keeping them.
const DISCARD_STEP: usize = 1 << 20;

/// A mapping of whole pages, of its own. Stays on the thread that made it: nothing orders what two would do.
#[derive(Debug)]
pub(super) struct Region {
    base: NonNull<u8>,
    length: usize,
}

impl Region {
    /// Reserves at least `length` bytes, which are zero.
    pub(super) fn reserve(length: usize) -> io::Result<Region> {
        let length =
            length.checked_next_multiple_of(page_size()).ok_or(io::ErrorKind::OutOfMemory)?;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_NORESERVE;
        let region = Region::map(length, libc::PROT_READ | libc::PROT_WRITE, flags, -1)?;
        region.keep_from_children();
        Ok(region)
    }

    /// The first `length` bytes of a file, whole pages, to be read.
    #[cfg(target_os = "linux")]
    pub(super) fn of_file(file: &std::fs::File, length: usize) -> io::Result<Region> {
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(file);
        Region::map(length, libc::PROT_READ, libc::MAP_SHARED, descriptor)
    }

    fn map(length: usize, protection: i32, flags: i32, descriptor: i32) -> io::Result<Region> {
        // SAFETY: a fresh mapping where the system has room for it aliases nothing.
        let base = unsafe { libc::mmap(ptr::null_mut(), length, protection, flags, descriptor, 0) };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(base.cast()).ok_or_else(|| io::Error::other("mapped at null"))?;
        Ok(Region { base, length })
    }

    /// A process that is forked to run a command has no use for the region, and would pay for its pages.
    fn keep_from_children(&self) {
        #[cfg(target_os = "linux")]
        // SAFETY: the range is the mapping's, and no VM is used in a forked child. Where it fails the child
        // has a copy, as of all else.
        unsafe {
            libc::madvise(self.base.as_ptr().cast(), self.length, libc::MADV_DONTFORK);
        }
    }

    /// The first byte, aligned to a page.
    pub(super) fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The first `length` bytes.
    ///
    /// # Safety
    /// Nothing may write to them while the slice is in use.
    pub(super) unsafe fn bytes(&self, length: usize) -> &[u8] {
        assert!(length <= self.length);
        // SAFETY: so many bytes are mapped, to be read by both constructors, and none is ever uninitialised;
        // that nothing writes to them is by the caller.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr(), length) }
    }

    /// Writes bytes from `start` on.
    ///
    /// # Safety
    /// The region must be one to write to, and nothing may rely on what the bytes held.
    pub(super) unsafe fn write(&self, start: usize, bytes: &[u8]) {
        assert!(start <= self.length && bytes.len() <= self.length - start);
        // SAFETY: the range lies within the mapping. No slice that is in use overlaps it, by `bytes`.
        unsafe {
            let to = self.base.as_ptr().add(start);
            ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        }
    }

    /// Puts a private mapping of a file in the place of the first `length` bytes, a multiple of the page size
    /// within the region.
    ///
    /// # Safety
    /// The file must hold what they hold, and go on to.
    ///
    /// # Errors
    /// The system's; the bytes are then as they were.
    #[cfg(target_os = "linux")]
    pub(super) unsafe fn map_file(&self, file: &std::fs::File, length: usize) -> io::Result<()> {
        assert!(length <= self.length && length.is_multiple_of(page_size()));
        // SAFETY: replaces part of our own mapping by one that is as readable and writable and, by the
        // caller, holds the same.
        let mapped = unsafe {
            libc::mmap(
                self.base.as_ptr().cast(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE,
                std::os::fd::AsRawFd::as_raw_fd(file),
                0,
            )
        };
        if mapped == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        self.keep_from_children();
        Ok(())
    }

    /// Makes the first `length` bytes hold again what the file in their place holds; true if they do. Else
    /// some of them may.
    ///
    /// # Safety
    /// `map_file` must have been called with this length, last of all, and nothing may rely on what was
    /// written since.
    #[cfg(target_os = "linux")]
    pub(super) unsafe fn renew(&self, length: usize) -> bool {
        assert!(length <= self.length);
        // SAFETY: the range lies within the mapping, and by the caller what was written is not needed.
        unsafe { libc::madvise(self.base.as_ptr().cast(), length, libc::MADV_DONTNEED) == 0 }
    }

    /// Gives the memory of the bytes from `start` up to `end` back to the system, if it is worth while. They
    /// then hold whatever; true if they did go back.
    ///
    /// # Safety
    /// Nothing may rely on what they, and the rest of the page that `end` lies in, hold.
    pub(super) unsafe fn discard(&self, start: usize, end: usize) -> bool {
        let start = start.next_multiple_of(page_size());
        let end = end.min(self.length);
        if start.saturating_add(DISCARD_STEP) > end {
            return false;
        }
        // SAFETY: the range lies within the mapping, which ends with a page; by the caller it is not needed.
        unsafe {
            libc::madvise(self.base.as_ptr().add(start).cast(), end - start, libc::MADV_DONTNEED)
                == 0
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours, and the owner of the region outlives all pointers into it.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.length) };
    }
}

/// Bytes of a page of memory.
pub(super) fn page_size() -> usize {
    static SIZE: LazyLock<usize> = LazyLock::new(|| {
        // SAFETY: a plain query.
        let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        usize::try_from(size).unwrap_or(4096)
    });
    *SIZE
}
