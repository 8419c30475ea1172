//! What valgrind's memcheck is told of the heap, with the feature `memcheck`; without it, nothing.
//!
//! To memcheck a region is one mapping, all of which may be used. Told of its blocks, it finds what the VM reads
//! or writes outside of them, after they were freed, or before they were written.
//!
//! The requests are those of `valgrind/valgrind.h` and `valgrind/memcheck.h`: a sequence of rotations that
//! does nothing but under valgrind.

/// Whether there is anybody to tell.
pub(super) const IS_ON: bool = cfg!(all(feature = "memcheck", target_arch = "x86_64"));

/// `VG_USERREQ__CHANGE_ERR_DISABLEMENT`, of valgrind itself.
const CHANGE_ERR_DISABLEMENT: usize = 0x1801;
/// The first request of the tool that has the letters "MC".
const MEMCHECK: usize = 0x4d43_0000;

/// The bytes may not be used.
pub(super) fn no_access(start: *const u8, length: usize) {
    request([MEMCHECK, start.addr(), length]);
}

/// The bytes may be written, and read once they were.
pub(super) fn undefined(start: *const u8, length: usize) {
    request([MEMCHECK + 1, start.addr(), length]);
}

/// The bytes may be read and written.
pub(super) fn defined(start: *const u8, length: usize) {
    request([MEMCHECK + 2, start.addr(), length]);
}

/// Complains of nothing that this thread does while it lives: for who works on what the VM may not use.
pub(super) struct Quiet(());

pub(super) fn quiet() -> Quiet {
    request([CHANGE_ERR_DISABLEMENT, 1, 0]);
    Quiet(())
}

impl Drop for Quiet {
    fn drop(&mut self) {
        request([CHANGE_ERR_DISABLEMENT, usize::MAX, 0]);
    }
}

#[cfg(all(feature = "memcheck", target_arch = "x86_64"))]
fn request([number, first, second]: [usize; 3]) {
    let arguments = [number, first, second, 0, 0, 0];
    // SAFETY: rotates a register by 128 bits in all and exchanges one with itself. Valgrind reads the arguments
    // and gives its answer in rdx.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            inout("rdx") 0_usize => _,
            in("rax") arguments.as_ptr(),
            inout("rdi") 0_usize => _,
        );
    }
}

#[cfg(not(all(feature = "memcheck", target_arch = "x86_64")))]
fn request(_: [usize; 3]) {}
