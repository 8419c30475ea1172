//! The arena: the memory of one VM, every byte of it, in one region of address space.
//!
//! It is the memory limit (the region ends), the snapshot (a copy of the region's used part) and a gate for
//! code that is out of time (it refuses memory). Must not know what lies in it.
//!
//! ```text
//! region.rs   address space, reserved and given back
//! heap.rs     blocks in a region
//! image.rs    a copy of the used part, to go back to
//! pages.rs    an image that puts back only the pages that were written
//! ```

mod heap;
mod image;
#[cfg(target_os = "linux")]
mod pages;
mod region;

use std::{cell::Cell, ffi::c_void, io, ptr, rc::Rc};

use rquickjs::qjs;

pub(super) use image::Image;
pub use image::RestorePath;

use super::gate::Gate;
use heap::Heap;
use region::Region;

/// An arena. Must outlive the VM that allocates from it; dropping it is how such a VM ends, since nothing
/// of it lies elsewhere.
pub(super) struct Arena {
    region: Region,
    /// What the VM's allocator calls get: at one address for as long as the arena lives.
    source: Box<Source>,
}

struct Source {
    heap: Heap,
    gate: Rc<Gate>,
    /// The highest top since memory was last given back.
    high: Cell<usize>,
    requests: Cell<u64>,
}

/// QuickJS's allocation functions over a [`Source`].
pub(super) const FUNCTIONS: qjs::JSMallocFunctions = qjs::JSMallocFunctions {
    js_calloc: Some(calloc),
    js_malloc: Some(malloc),
    js_free: Some(free),
    js_realloc: Some(realloc),
    js_malloc_usable_size: Some(usable_size),
};

impl Arena {
    /// An arena of at most `limit` bytes.
    pub(super) fn new(limit: usize, gate: Rc<Gate>) -> io::Result<Arena> {
        let region = Region::reserve(limit)?;
        // SAFETY: the region is fresh, and the arena keeps it in place.
        let heap = unsafe { Heap::new(region.base().as_ptr(), region.length()) };
        let heap = heap.ok_or_else(|| io::Error::other("the memory limit is too small"))?;
        let source =
            Box::new(Source { heap, gate, high: Cell::new(heap.top()), requests: Cell::new(0) });
        Ok(Arena { region, source })
    }

    /// The opaque pointer that goes with [`FUNCTIONS`].
    pub(super) fn opaque(&self) -> *mut c_void {
        ptr::from_ref::<Source>(&self.source).cast_mut().cast()
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        self.source.heap.used()
    }

    /// A copy of all that is in use, if the path has one. What is allocated from now on lies beyond it, and
    /// not scattered over the holes in it.
    ///
    /// # Errors
    /// The path is not to be had, or there is no room left.
    pub(super) fn image(&self, path: RestorePath) -> io::Result<Option<Image>> {
        if !self.source.heap.seal(region::page_size()) {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        Image::take(&self.region, self.source.heap.top(), path)
    }

    /// How often memory was asked for: tells whether an allocation of the VM's came from here or from what
    /// the VM held already.
    pub(super) fn requests(&self) -> u64 {
        self.source.requests.get()
    }

    /// Back to an image of this arena.
    ///
    /// # Safety
    /// The image must be of this arena. No code of the VM may be on the stack, and no value may be held
    /// that was made after the image was taken: its memory is someone else's now.
    pub(super) unsafe fn restore(&self, image: &Image) {
        // SAFETY: by the caller.
        unsafe { image.put_back(&self.region) };
        // What lies beyond holds nothing. Where it is much, it goes back to the system.
        if self.region.discard(image.length(), self.source.high.get()) {
            self.source.high.set(image.length());
        }
    }
}

impl Source {
    /// Runs an allocation; null, and a mark at the gate, if there is no memory or no time for it.
    fn give(&self, allocate: impl FnOnce(Heap) -> *mut u8) -> *mut c_void {
        if self.gate.refuses_memory() {
            return ptr::null_mut();
        }
        self.requests.set(self.requests.get() + 1);
        let pointer = allocate(self.heap);
        if pointer.is_null() {
            self.gate.mark_out_of_memory();
        } else {
            self.high.set(self.high.get().max(self.heap.top()));
        }
        pointer.cast()
    }
}

/// # Safety
/// `opaque` must come from [`Arena::opaque`] of an arena that lives. QuickJS passes what it was given.
unsafe fn source<'a>(opaque: *mut c_void) -> &'a Source {
    // SAFETY: by the caller.
    unsafe { &*opaque.cast::<Source>() }
}

// SAFETY of the functions: QuickJS passes the arena's opaque pointer, and pointers that they gave out.

unsafe extern "C" fn malloc(opaque: *mut c_void, size: qjs::size_t) -> *mut c_void {
    unsafe { source(opaque).give(|heap| heap.allocate(size as usize)) }
}

unsafe extern "C" fn calloc(
    opaque: *mut c_void,
    count: qjs::size_t,
    size: qjs::size_t,
) -> *mut c_void {
    let Some(size) = (count as usize).checked_mul(size as usize) else { return ptr::null_mut() };
    unsafe {
        source(opaque).give(|heap| {
            let pointer = heap.allocate(size);
            if !pointer.is_null() {
                ptr::write_bytes(pointer, 0, size);
            }
            pointer
        })
    }
}

unsafe extern "C" fn free(opaque: *mut c_void, pointer: *mut c_void) {
    if !pointer.is_null() {
        unsafe { source(opaque).heap.free(pointer.cast()) }
    }
}

unsafe extern "C" fn realloc(
    opaque: *mut c_void,
    pointer: *mut c_void,
    size: qjs::size_t,
) -> *mut c_void {
    unsafe {
        if pointer.is_null() {
            return malloc(opaque, size);
        }
        if size == 0 {
            free(opaque, pointer);
            return ptr::null_mut();
        }
        source(opaque).give(|heap| heap.reallocate(pointer.cast(), size as usize))
    }
}

unsafe extern "C" fn usable_size(pointer: *const c_void) -> qjs::size_t {
    if pointer.is_null() {
        return 0;
    }
    unsafe { Heap::usable(pointer.cast()) as qjs::size_t }
}
