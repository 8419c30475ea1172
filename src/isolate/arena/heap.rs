//! The heap in a region: two-level segregated fit (TLSF, Masmano et al. 2004), all of whose state lies in
//! the region, so that a copy of the used prefix is a copy of the heap.
//!
//! Layout: the [`State`], then blocks without gaps up to `top`. A block is a header of 16 bytes and its
//! payload. Invariants, which every operation keeps:
//! - a block's `before` is the size of the block that ends where it begins, 0 for the first;
//! - no two neighbours are both free, and the last block is in use: freeing it lowers `top`;
//! - a free block is in the list of its size class, whose bits in the maps are set just when it has one.

use std::{
    mem::{offset_of, size_of},
    ptr,
};

/// Payloads begin at, and sizes are, multiples of this.
const ALIGN: usize = 16;
const HEADER: usize = size_of::<Header>();
/// Header, and links of the free list.
const MIN_BLOCK: usize = HEADER + 2 * size_of::<usize>();
/// Each power of two is split into this many classes.
const SPLIT_BITS: u32 = 4;
const SPLIT: usize = 1 << SPLIT_BITS;
/// The lowest power of two with classes of its own: below it classes are ALIGN apart.
const LOW_BITS: u32 = SPLIT_BITS + ALIGN.trailing_zeros();
const LEVELS: usize = 40;
const FREE: usize = 1;

#[repr(C)]
struct Header {
    /// Size of the block before this one.
    before: usize,
    /// Size of this block, header included; the lowest bit is set when it is free.
    size: usize,
}

/// The payload of a free block.
#[repr(C)]
struct Links {
    next: *mut Header,
    previous: *mut Header,
}

#[repr(C, align(16))]
pub(super) struct State {
    /// End of the last block, as bytes from the region's begin.
    top: usize,
    /// `top` never gets beyond this.
    limit: usize,
    /// Size of the last block, 0 if there is none.
    last: usize,
    /// Bytes in blocks in use.
    used: usize,
    levels: u64,
    splits: [u32; LEVELS],
    free: [[*mut Header; SPLIT]; LEVELS],
}

/// A heap in a region. The pointer is to the region's begin, where the state lies.
#[derive(Clone, Copy)]
pub(super) struct Heap(*mut State);

/// Level and split of a block size.
fn class(size: usize) -> (usize, usize) {
    let bits = usize::BITS - 1 - size.leading_zeros();
    if bits < LOW_BITS {
        return (0, size / ALIGN);
    }
    let level = (bits - LOW_BITS + 1) as usize;
    (level, (size >> (bits - SPLIT_BITS)) - SPLIT)
}

/// The first class all of whose blocks have at least `size`.
fn class_above(size: usize) -> (usize, usize) {
    let bits = usize::BITS - 1 - size.leading_zeros();
    if bits < LOW_BITS { class(size) } else { class(size + (1 << (bits - SPLIT_BITS)) - 1) }
}

// SAFETY of all that follows: by `new`'s contract the region is ours and large enough; by the callers' every
// pointer handed in is of a block in use. The invariants above then keep each access within the blocks.
impl Heap {
    /// Lays out an empty heap.
    ///
    /// # Safety
    /// `base` must begin `length` bytes that are writable, aligned to a page, used by nothing else, and in
    /// place for as long as the heap is used.
    pub(super) unsafe fn new(base: *mut u8, length: usize) -> Option<Heap> {
        if length <= size_of::<State>() {
            return None;
        }
        let state = base.cast::<State>();
        unsafe {
            ptr::write_bytes(state, 0, 1);
            (*state).top = size_of::<State>();
            (*state).limit = length & !(ALIGN - 1);
        }
        Some(Heap(state))
    }

    /// Bytes from the region's begin that hold anything.
    pub(super) fn top(self) -> usize {
        unsafe { (*self.0).top }
    }

    /// Bytes in use, headers included.
    pub(super) fn used(self) -> usize {
        unsafe { (*self.0).used }
    }

    /// Takes all free blocks out of use for good, and lets the next block begin at a multiple of `boundary`, a
    /// power of two. False if there is no room left to do so.
    pub(super) fn seal(self, boundary: usize) -> bool {
        unsafe {
            while let Some(block) = self.take_fitting(MIN_BLOCK) {
                (*self.0).used += size_of_block(block);
            }
            let top = (*self.0).top;
            let mut filler = top.next_multiple_of(boundary) - top;
            if filler == 0 {
                return true;
            }
            if filler < MIN_BLOCK {
                filler += boundary;
            }
            if self.extend(filler).is_none() {
                return false;
            }
            (*self.0).used += filler;
            true
        }
    }

    /// At least `size` bytes, or null.
    pub(super) unsafe fn allocate(self, size: usize) -> *mut u8 {
        let Some(size) = block_size(size) else { return ptr::null_mut() };
        unsafe {
            let block = match self.take_fitting(size) {
                Some(block) => {
                    self.trim(block, size);
                    block
                }
                None => match self.extend(size) {
                    Some(block) => block,
                    None => return ptr::null_mut(),
                },
            };
            (*self.0).used += size_of_block(block);
            payload(block)
        }
    }

    pub(super) unsafe fn free(self, pointer: *mut u8) {
        unsafe {
            let block = block_of(pointer);
            (*self.0).used -= size_of_block(block);
            self.release(block);
        }
    }

    /// The block at another size, in place if that can be, else moved; null and unchanged if there is no
    /// room.
    pub(super) unsafe fn reallocate(self, pointer: *mut u8, wanted: usize) -> *mut u8 {
        let Some(size) = block_size(wanted) else { return ptr::null_mut() };
        unsafe {
            let block = block_of(pointer);
            let old = size_of_block(block);
            if self.resize_in_place(block, size) {
                (*self.0).used = (*self.0).used - old + size_of_block(block);
                return pointer;
            }
            let moved = self.allocate(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(pointer, moved, (old - HEADER).min(wanted));
                self.free(pointer);
            }
            moved
        }
    }

    /// Bytes that may be written at a block's pointer.
    pub(super) unsafe fn usable(pointer: *const u8) -> usize {
        unsafe { size_of_block(block_of(pointer.cast_mut())) - HEADER }
    }

    unsafe fn resize_in_place(self, block: *mut Header, size: usize) -> bool {
        unsafe {
            let old = size_of_block(block);
            if size <= old {
                self.trim(block, size);
                return true;
            }
            if self.is_last(block) {
                let state = self.0;
                let top = (*state).top - old;
                if size > (*state).limit - top {
                    return false;
                }
                (*block).size = size;
                (*state).top = top + size;
                (*state).last = size;
                return true;
            }
            let next = after(block);
            if (*next).size & FREE == 0 || old + size_of_block(next) < size {
                return false;
            }
            self.unlink(next);
            self.set_size(block, old + size_of_block(next));
            self.trim(block, size);
            true
        }
    }

    /// Takes a free block of at least `size` out of its list, marked as in use.
    unsafe fn take_fitting(self, size: usize) -> Option<*mut Header> {
        unsafe {
            let (level, split) = class_above(size);
            let state = self.0;
            let splits = (*state).splits.get(level)? & (u32::MAX << split);
            let (level, splits) = if splits != 0 {
                (level, splits)
            } else {
                let levels = (*state).levels & (u64::MAX << (level + 1));
                if levels == 0 {
                    return None;
                }
                let level = levels.trailing_zeros() as usize;
                (level, (*state).splits[level])
            };
            let block = (*state).free[level][splits.trailing_zeros() as usize];
            self.unlink(block);
            Some(block)
        }
    }

    /// A new last block.
    unsafe fn extend(self, size: usize) -> Option<*mut Header> {
        unsafe {
            let state = self.0;
            if size > (*state).limit - (*state).top {
                return None;
            }
            let block = state.cast::<u8>().add((*state).top).cast::<Header>();
            (*block).before = (*state).last;
            (*block).size = size;
            (*state).top += size;
            (*state).last = size;
            Some(block)
        }
    }

    /// Cuts a block in use down to `size`, if the rest makes a block.
    unsafe fn trim(self, block: *mut Header, size: usize) {
        unsafe {
            let rest = size_of_block(block) - size;
            if rest < MIN_BLOCK {
                return;
            }
            self.set_size(block, size);
            let tail = after(block);
            (*tail).before = size;
            self.set_size(tail, rest);
            self.release(tail);
        }
    }

    /// Frees a block that is in use and in no count.
    unsafe fn release(self, mut block: *mut Header) {
        unsafe {
            let mut size = size_of_block(block);
            if (*block).before != 0 {
                let previous = block.cast::<u8>().sub((*block).before).cast::<Header>();
                if (*previous).size & FREE != 0 {
                    self.unlink(previous);
                    size += size_of_block(previous);
                    block = previous;
                    // The swallowed block may have been the last one.
                    self.set_size(block, size);
                }
            }
            if self.is_last(block) {
                (*self.0).top -= size;
                (*self.0).last = (*block).before;
                return;
            }
            let next = after(block);
            if (*next).size & FREE != 0 {
                self.unlink(next);
                size += size_of_block(next);
            }
            self.set_size(block, size);
            self.link(block);
        }
    }

    /// Sets a block's size, in use, and tells the block after it.
    unsafe fn set_size(self, block: *mut Header, size: usize) {
        unsafe {
            (*block).size = size;
            if self.is_last(block) {
                (*self.0).last = size;
            } else {
                (*after(block)).before = size;
            }
        }
    }

    unsafe fn is_last(self, block: *mut Header) -> bool {
        unsafe { after(block).cast::<u8>() == self.0.cast::<u8>().add((*self.0).top) }
    }

    unsafe fn link(self, block: *mut Header) {
        unsafe {
            let state = self.0;
            let (level, split) = class(size_of_block(block));
            let head = (*state).free[level][split];
            (*block).size |= FREE;
            *links(block) = Links { next: head, previous: ptr::null_mut() };
            if !head.is_null() {
                (*links(head)).previous = block;
            }
            (*state).free[level][split] = block;
            (*state).splits[level] |= 1 << split;
            (*state).levels |= 1 << level;
        }
    }

    unsafe fn unlink(self, block: *mut Header) {
        unsafe {
            let state = self.0;
            let (level, split) = class(size_of_block(block));
            (*block).size &= !FREE;
            let Links { next, previous } = links(block).read();
            if !next.is_null() {
                (*links(next)).previous = previous;
            }
            if !previous.is_null() {
                (*links(previous)).next = next;
                return;
            }
            (*state).free[level][split] = next;
            if next.is_null() {
                (*state).splits[level] &= !(1 << split);
                if (*state).splits[level] == 0 {
                    (*state).levels &= !(1 << level);
                }
            }
        }
    }
}

/// Size of the block for a payload; `None` if it is beyond all measure.
fn block_size(payload: usize) -> Option<usize> {
    let size = payload.checked_add(HEADER + ALIGN - 1)? & !(ALIGN - 1);
    (size < 1 << (LEVELS as u32 + LOW_BITS - 2)).then(|| size.max(MIN_BLOCK))
}

unsafe fn size_of_block(block: *mut Header) -> usize {
    unsafe { (*block).size & !FREE }
}

unsafe fn after(block: *mut Header) -> *mut Header {
    unsafe { block.cast::<u8>().add(size_of_block(block)).cast() }
}

unsafe fn payload(block: *mut Header) -> *mut u8 {
    unsafe { block.cast::<u8>().add(HEADER) }
}

unsafe fn block_of(pointer: *mut u8) -> *mut Header {
    unsafe { pointer.sub(HEADER).cast() }
}

unsafe fn links(block: *mut Header) -> *mut Links {
    unsafe { payload(block).cast() }
}

const _: () = assert!(
    HEADER == ALIGN && offset_of!(Header, size) == 8 && size_of::<State>().is_multiple_of(ALIGN)
);

#[cfg(test)]
#[path = "heap_tests.rs"]
mod tests;
