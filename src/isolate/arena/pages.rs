//! Dirty pages: an image that puts back only what was written since (Linux).
//!
//! The used part of the region becomes a private mapping of a memfd. The kernel gives each page that is
//! written a private copy; `/proc/self/pagemap` tells which pages those are (bit 61, "file page or shared
//! anonymous", is clear for them), and they are copied back from the memfd. A page that was written once
//! keeps its private copy, since a further fault would cost more than copying it back each time.
//!
//! The set of private pages grows only by page faults of the thread that writes, and the kernel counts
//! those per thread (`getrusage`, which is cheaper by far than reading the pagemap): as long as the count
//! stands still, the set does.
//!
//! This rests on nobody else making pages private: a region does not leave its thread, and the kernel is never
//! given a pointer into it to write to. A debugger that writes to the VM's memory, or another thread that calls
//! `mlockall` after the image was taken, would; quickcuke has neither.
//!
//! Sources: the kernel's `Documentation/admin-guide/mm/pagemap.rst`, `getrusage(2)`, `memfd_create(2)`.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io, iter,
    ops::Range,
    os::{fd::FromRawFd, unix::fs::FileExt},
};

use super::region::{Region, page_size};

/// After so many restores all private copies are given up, so that pages which one scenario alone wrote are
/// not copied back for ever.
const RESTORES_PER_RENEWAL: u32 = 1024;

/// What the first bytes of a region held.
#[derive(Debug)]
pub(super) struct Pages {
    /// The memfd, mapped to be read: whole pages. Nobody can write to it any more.
    image: Region,
    pagemap: File,
    /// Bytes of the region that lie in private pages, as of `faults`.
    private: RefCell<Vec<Range<usize>>>,
    /// The thread's count of page faults when `private` was found.
    faults: Cell<i64>,
    restores: Cell<u32>,
}

impl Pages {
    /// Copies the first `used` bytes to a memfd and maps that in their place. An earlier image of the region
    /// cannot be put back any more, even if this fails.
    ///
    /// # Errors
    /// Where the system lacks something, or does not behave as is needed. The region then holds what it did.
    pub(super) fn take(region: &Region, used: usize) -> io::Result<Pages> {
        let length = used.next_multiple_of(page_size());
        let file = memfd()?;
        // SAFETY: nothing but this runs on the region's thread while the slice is in use.
        file.write_all_at(unsafe { region.bytes(length) }, 0)?;
        let pages = Pages {
            image: Region::of_file(&file, length)?,
            pagemap: File::open("/proc/self/pagemap")?,
            private: RefCell::default(),
            faults: Cell::new(0),
            restores: Cell::new(0),
        };
        // SAFETY: the file was just filled with what the region holds; nobody else has it, and it is closed here.
        unsafe { region.map_file(&file, length)? };
        pages.try_out(region)?;
        Ok(pages)
    }

    /// Bytes of the region that it holds.
    pub(super) fn length(&self) -> usize {
        self.image.length()
    }

    /// What the region held.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: nothing can write to the image.
        unsafe { self.image.bytes(self.length()) }
    }

    /// Whether kernel and process behave as this module supposes: a write must be counted and be seen.
    fn try_out(&self, region: &Region) -> io::Result<()> {
        let before = faults();
        let first = region.base().as_ptr();
        // SAFETY: the region is writable and nothing else looks at it meanwhile; volatile, since writing what
        // was read is all that is wanted.
        unsafe { first.write_volatile(first.read_volatile()) };
        let after = faults();
        let private = self.find_private(region)?;
        if after <= before || private.first().is_none_or(|range| range.start != 0) {
            return Err(io::Error::other("written pages cannot be told from others"));
        }
        self.private.replace(private);
        self.faults.set(after);
        Ok(())
    }

    /// Puts back what was written since.
    ///
    /// # Safety
    /// The image must be the last that was taken of this region, and nothing may rely on what was written
    /// since.
    pub(super) unsafe fn put_back(&self, region: &Region) {
        let length = self.length();
        let restores = self.restores.get() + 1;
        // SAFETY: as the last image's, `take` was the last to map a file, with this length; else by the caller.
        if restores == RESTORES_PER_RENEWAL && unsafe { region.renew(length) } {
            self.restores.set(0);
            self.private.borrow_mut().clear();
            self.faults.set(faults());
            return;
        }
        self.restores.set(restores.min(RESTORES_PER_RENEWAL - 1));
        let now = faults();
        if now != self.faults.get() {
            // Where the pagemap cannot be read any more, all counts as written.
            let private = self.find_private(region);
            self.private.replace(private.unwrap_or_else(|_| iter::once(0..length).collect()));
            self.faults.set(now);
        }
        let image = self.bytes();
        for range in self.private.borrow().iter() {
            // SAFETY: by the caller; the image is a mapping of its own.
            unsafe { region.write(range.start, &image[range.clone()]) };
        }
    }

    /// The bytes that lie in private pages.
    fn find_private(&self, region: &Region) -> io::Result<Vec<Range<usize>>> {
        const PRESENT: u64 = 1 << 63;
        const SWAPPED: u64 = 1 << 62;
        const OF_FILE: u64 = 1 << 61;
        let page = page_size();
        let first = region.base().as_ptr().addr() / page;
        let mut entries = vec![0; self.length() / page * size_of::<u64>()];
        self.pagemap.read_exact_at(&mut entries, (first * size_of::<u64>()) as u64)?;
        let mut private: Vec<Range<usize>> = Vec::new();
        let (entries, _) = entries.as_chunks();
        for (index, entry) in entries.iter().enumerate() {
            let entry = u64::from_ne_bytes(*entry);
            if entry & (PRESENT | SWAPPED) == 0 || entry & OF_FILE != 0 {
                continue;
            }
            let start = index * page;
            match private.last_mut() {
                Some(last) if last.end == start => last.end += page,
                _ => private.push(start..start + page),
            }
        }
        Ok(private)
    }
}

fn memfd() -> io::Result<File> {
    // SAFETY: the name is NUL-terminated.
    let descriptor = unsafe { libc::memfd_create(c"quickcuke".as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is fresh and nobody else's.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

/// How many page faults this thread has had.
fn faults() -> i64 {
    // SAFETY: all zeros is a valid value of this struct of numbers; the call fills it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_THREAD, &mut usage);
        usage
    };
    usage.ru_minflt + usage.ru_majflt
}
