//! The arena: the memory of one VM, every byte of it, in one region of address space.
//!
//! It is the memory limit (the region ends), the snapshot (a copy of the region's used part) and a gate for
//! code that is out of time (it refuses memory). Must not know what lies in it.
//!
//! ```text
//! region.rs   address space, reserved and given back
//! heap.rs     blocks in a region
//! classes.rs  their sizes
//! image.rs    a copy of the used part, to go back to
//! pages.rs    an image that puts back only the pages that were written
//! memcheck.rs what a memory checker is told of the blocks
//! ```

mod classes;
mod heap;
mod image;
mod memcheck;
#[cfg(target_os = "linux")]
mod pages;
mod region;

use std::{cell::Cell, ffi::c_void, io, ptr, rc::Rc};

use rquickjs::qjs;

pub use image::RestorePath;

use super::gate::Gate;
use heap::Heap;
use image::Image;

/// An arena. Must outlive the VM that allocates from it; dropping it is how such a VM ends, since nothing
/// of it lies elsewhere.
pub(super) struct Arena {
    /// What the VM's allocator calls get: at one address for as long as the arena lives. In an `Rc` because a
    /// `Box`, when it is moved, claims to be the only way to what is in it.
    source: Rc<Source>,
    /// Of `source`, the last that was taken.
    image: Option<Image>,
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
        let heap = Heap::new(limit)?;
        let high = Cell::new(heap.top());
        let source = Rc::new(Source { heap, gate, high, requests: Cell::new(0) });
        Ok(Arena { source, image: None })
    }

    /// The opaque pointer that goes with [`FUNCTIONS`].
    pub(super) fn opaque(&self) -> *mut c_void {
        Rc::as_ptr(&self.source).cast_mut().cast()
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        self.source.heap.used()
    }

    /// Takes an image of all that is in use, if the path has one, in the place of an earlier one. What is
    /// allocated from now on lies beyond it, and not scattered over the holes in it.
    ///
    /// # Errors
    /// The path is not to be had, or there is no room left; the earlier image is gone then, too.
    pub(super) fn freeze(&mut self, path: RestorePath) -> io::Result<()> {
        self.image = None;
        let heap = &self.source.heap;
        if !heap.seal(region::page_size()) {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        let quiet = memcheck::quiet();
        self.image = Image::take(heap.region(), heap.top(), path)?;
        drop(quiet);
        heap.mark_blocks();
        Ok(())
    }

    /// How often memory was asked for: tells whether an allocation of the VM's came from here or from what
    /// the VM held already.
    pub(super) fn requests(&self) -> u64 {
        self.source.requests.get()
    }

    /// Back to the image; false if there is none.
    ///
    /// # Safety
    /// No code of the VM may be on the stack, and no value may be held that was made after the image was
    /// taken: its memory is someone else's now.
    pub(super) unsafe fn restore(&mut self) -> bool {
        let Some(image) = &self.image else { return false };
        let Source { heap, high, .. } = &*self.source;
        let quiet = memcheck::quiet();
        // SAFETY: the image is the last of this region, whose bytes nobody relies on but the VM, by the caller,
        // and the heap, which keeps all it knows in them.
        unsafe { image.put_back(heap.region()) };
        drop(quiet);
        heap.mark_blocks();
        // SAFETY: the heap's top is that of the image, whose length is whole pages: no block lies beyond it.
        if unsafe { heap.region().discard(image.length(), high.get()) } {
            high.set(image.length());
        }
        true
    }

    /// Whether the VM's memory is what the image holds, byte for byte, and nothing else is in use.
    #[cfg(test)]
    pub(super) fn is_pristine(&self) -> Option<bool> {
        let heap = &self.source.heap;
        let image = self.image.as_ref()?;
        let _quiet = memcheck::quiet();
        Some(heap.top() == image.length() && image.is_held_by(heap.region()))
    }
}

impl Source {
    /// Runs an allocation; null, and a mark at the gate, if there is no memory or no time for it.
    fn give(&self, allocate: impl FnOnce(&Heap) -> *mut u8) -> *mut c_void {
        if self.gate.refuses_memory() {
            return ptr::null_mut();
        }
        self.requests.set(self.requests.get() + 1);
        let pointer = allocate(&self.heap);
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

// QuickJS's side of the bargain, on which these functions rest: it passes the opaque pointer that it was given,
// and pointers that they gave out and that it has not given back.

unsafe extern "C" fn malloc(opaque: *mut c_void, size: qjs::size_t) -> *mut c_void {
    // SAFETY: by QuickJS the pointer is the arena's.
    unsafe { source(opaque) }.give(|heap| heap.allocate(size as usize))
}

unsafe extern "C" fn calloc(
    opaque: *mut c_void,
    count: qjs::size_t,
    size: qjs::size_t,
) -> *mut c_void {
    let Some(size) = (count as usize).checked_mul(size as usize) else { return ptr::null_mut() };
    // SAFETY: by QuickJS the pointer is the arena's.
    unsafe { source(opaque) }.give(|heap| {
        let pointer = heap.allocate(size);
        if !pointer.is_null() {
            // SAFETY: a block of at least that size, which nobody has yet.
            unsafe { ptr::write_bytes(pointer, 0, size) };
        }
        pointer
    })
}

unsafe extern "C" fn free(opaque: *mut c_void, pointer: *mut c_void) {
    if !pointer.is_null() {
        // SAFETY: by QuickJS the pointers are the arena's and of a block in use that it has done with.
        unsafe { source(opaque).heap.free(pointer.cast()) }
    }
}

unsafe extern "C" fn realloc(
    opaque: *mut c_void,
    pointer: *mut c_void,
    size: qjs::size_t,
) -> *mut c_void {
    // SAFETY: by QuickJS the pointers are the arena's and, if it is not null, of a block in use, which it goes
    // on to use by what this gives.
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
    // SAFETY: by QuickJS the pointer is of a block in use.
    unsafe { Heap::usable(pointer.cast()) as qjs::size_t }
}
