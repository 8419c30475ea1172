//! The heap in a region, which it owns: two-level segregated fit (TLSF, Masmano et al. 2004), all of whose
//! state lies in the region, so that a copy of the used prefix is a copy of the heap.
//!
//! Layout: the [`State`], then blocks without gaps up to `top`. A block is a header of 16 bytes and its
//! payload; blocks are named by their offset from the region's begin, where 0 (the state) is none.
//! Invariants, which every operation keeps:
//! - a block's `before` is the size of the block that ends where it begins, 0 for the first;
//! - no two neighbours are both free, and the last block is in use: freeing it lowers `top`;
//! - a free block is in the list of its size class, whose bits in the maps are set just when it has one.
//!
//! What is unsafe about a heap is kept in `state` and `block`, which check where they look. A header that
//! the VM's code wrote over can give a block out twice, as in every heap; it cannot lead this file out of the
//! region.

use std::{
    cell::Cell,
    io,
    mem::{offset_of, size_of},
    ptr,
};

use super::{
    classes::{ALIGN, LEVELS, MAX_BLOCK, SPLIT, block_size, class, class_above},
    memcheck,
    region::Region,
};

pub(super) const HEADER: usize = offset_of!(Block, next);
/// Header, and links of the free list.
pub(super) const MIN_BLOCK: usize = size_of::<Block>();
const FREE: usize = 1;

#[repr(C)]
struct Block {
    /// Size of the block before this one.
    before: Cell<usize>,
    /// Size of this block, header included; the lowest bit is set when it is free.
    size: Cell<usize>,
    /// The free list's links, of a free block alone: else the payload begins here.
    next: Cell<usize>,
    previous: Cell<usize>,
}

impl Block {
    fn size(&self) -> usize {
        self.size.get() & !FREE
    }

    fn is_free(&self) -> bool {
        self.size.get() & FREE != 0
    }
}

#[repr(C, align(16))]
struct State {
    /// End of the last block.
    top: Cell<usize>,
    /// `top` never gets beyond this.
    limit: Cell<usize>,
    /// Size of the last block, 0 if there is none.
    last: Cell<usize>,
    /// Bytes in blocks in use.
    used: Cell<usize>,
    levels: Cell<u64>,
    splits: [Cell<u32>; LEVELS],
    free: [[Cell<usize>; SPLIT]; LEVELS],
}

/// A heap and the region that it lies in.
pub(super) struct Heap {
    region: Region,
}

impl Heap {
    /// An empty heap in a region of at least `length` bytes; none if that is too little for one.
    pub(super) fn new(length: usize) -> io::Result<Heap> {
        let region = Region::reserve(length)?;
        if region.length() <= size_of::<State>() {
            return Err(io::Error::other("the memory limit is too small"));
        }
        let limit = region.length().min(MAX_BLOCK) & !(ALIGN - 1);
        let heap = Heap { region };
        heap.state().top.set(size_of::<State>());
        heap.state().limit.set(limit);
        heap.mark_blocks();
        Ok(heap)
    }

    pub(super) fn region(&self) -> &Region {
        &self.region
    }

    /// Bytes from the region's begin that hold anything.
    pub(super) fn top(&self) -> usize {
        self.state().top.get()
    }

    /// Bytes in use, headers included.
    pub(super) fn used(&self) -> usize {
        self.state().used.get()
    }

    /// Takes all free blocks out of use for good, and lets the next block begin at a multiple of `boundary`, a
    /// power of two. False if there is no room left to do so.
    pub(super) fn seal(&self, boundary: usize) -> bool {
        let _quiet = memcheck::quiet();
        let used = &self.state().used;
        while let Some(block) = self.take_fitting(MIN_BLOCK) {
            used.update(|used| used + self.block(block).size());
        }
        let mut filler = self.top().next_multiple_of(boundary) - self.top();
        if filler == 0 {
            return true;
        }
        if filler < MIN_BLOCK {
            filler += boundary;
        }
        if self.extend(filler).is_none() {
            return false;
        }
        used.update(|used| used + filler);
        true
    }

    /// At least `size` bytes, or null.
    pub(super) fn allocate(&self, size: usize) -> *mut u8 {
        let _quiet = memcheck::quiet();
        let Some(size) = block_size(size) else { return ptr::null_mut() };
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
        let size = self.block(block).size();
        self.state().used.update(|used| used + size);
        memcheck::undefined(self.payload(block), size - HEADER);
        self.payload(block)
    }

    /// # Safety
    /// The pointer must be of a block in use, which nobody uses any more.
    pub(super) unsafe fn free(&self, pointer: *mut u8) {
        let _quiet = memcheck::quiet();
        let block = self.block_of(pointer);
        let size = self.block(block).size();
        memcheck::no_access(pointer, size - HEADER);
        self.state().used.update(|used| used - size);
        self.release(block);
    }

    /// The block at another size, in place if that can be, else moved; null and unchanged if there is no
    /// room.
    ///
    /// # Safety
    /// The pointer must be of a block in use, which is used by the pointer that this gives from now on.
    pub(super) unsafe fn reallocate(&self, pointer: *mut u8, wanted: usize) -> *mut u8 {
        let _quiet = memcheck::quiet();
        let Some(size) = block_size(wanted) else { return ptr::null_mut() };
        let block = self.block_of(pointer);
        let old = self.block(block).size();
        if self.resize_in_place(block, size) {
            let new = self.block(block).size();
            self.state().used.update(|used| used - old + new);
            let payload = self.payload(block);
            if new > old {
                memcheck::undefined(payload.wrapping_add(old - HEADER), new - old);
            } else {
                memcheck::no_access(payload.wrapping_add(new - HEADER), old - new);
            }
            return pointer;
        }
        let moved = self.allocate(wanted);
        if !moved.is_null() {
            // SAFETY: both blocks are in use, so that they do not overlap, and have at least so many bytes.
            // By the caller the old one is not used any more.
            unsafe {
                ptr::copy_nonoverlapping(pointer, moved, (old - HEADER).min(wanted));
                self.free(pointer);
            }
        }
        moved
    }

    /// Bytes that may be written at a block's pointer.
    ///
    /// # Safety
    /// The pointer must be of a block in use of some heap.
    pub(super) unsafe fn usable(pointer: *const u8) -> usize {
        let _quiet = memcheck::quiet();
        // SAFETY: by the caller a header lies before the pointer.
        unsafe { (*pointer.sub(HEADER).cast::<Block>()).size() - HEADER }
    }

    /// Tells a memory checker what is in use; after the region's bytes have changed under the heap.
    pub(super) fn mark_blocks(&self) {
        if !memcheck::IS_ON {
            return;
        }
        let _quiet = memcheck::quiet();
        let first = size_of::<State>();
        memcheck::no_access(self.payload(first - HEADER), self.region.length() - first);
        let mut at = first;
        while at < self.top() {
            let block = self.block(at);
            if !block.is_free() {
                memcheck::defined(self.payload(at), block.size() - HEADER);
            }
            at += block.size();
        }
    }

    fn resize_in_place(&self, at: usize, size: usize) -> bool {
        let block = self.block(at);
        let old = block.size();
        if size <= old {
            self.trim(at, size);
            return true;
        }
        if self.is_last(at) {
            let state = self.state();
            if size > state.limit.get() - at {
                return false;
            }
            block.size.set(size);
            state.top.set(at + size);
            state.last.set(size);
            return true;
        }
        let next = self.block(at + old);
        if !next.is_free() || old + next.size() < size {
            return false;
        }
        self.unlink(at + old);
        self.set_size(at, old + next.size());
        self.trim(at, size);
        true
    }

    /// Takes a free block of at least `size` out of its list, marked as in use.
    fn take_fitting(&self, size: usize) -> Option<usize> {
        let (level, split) = class_above(size);
        let state = self.state();
        let splits = state.splits.get(level)?.get() & (u32::MAX << split);
        let (level, splits) = if splits != 0 {
            (level, splits)
        } else {
            let levels = state.levels.get() & (u64::MAX << (level + 1));
            if levels == 0 {
                return None;
            }
            let level = levels.trailing_zeros() as usize;
            (level, state.splits[level].get())
        };
        let block = state.free[level][splits.trailing_zeros() as usize].get();
        self.unlink(block);
        Some(block)
    }

    /// A new last block.
    fn extend(&self, size: usize) -> Option<usize> {
        let state = self.state();
        let at = state.top.get();
        if size > state.limit.get() - at {
            return None;
        }
        let block = self.block(at);
        block.before.set(state.last.get());
        block.size.set(size);
        state.top.set(at + size);
        state.last.set(size);
        Some(at)
    }

    /// Cuts a block in use down to `size`, if the rest makes a block.
    fn trim(&self, at: usize, size: usize) {
        let rest = self.block(at).size() - size;
        if rest < MIN_BLOCK {
            return;
        }
        let tail = at + size;
        self.set_size(at, size);
        self.set_size(tail, rest);
        self.release(tail);
    }

    /// Frees a block that is in use and in no count.
    fn release(&self, mut at: usize) {
        let mut size = self.block(at).size();
        let before = self.block(at).before.get();
        if before != 0 && self.block(at - before).is_free() {
            at -= before;
            self.unlink(at);
            size += before;
        }
        if at + size == self.top() {
            self.state().top.set(at);
            self.state().last.set(self.block(at).before.get());
            return;
        }
        let next = self.block(at + size);
        if next.is_free() {
            self.unlink(at + size);
            size += next.size();
        }
        self.set_size(at, size);
        self.link(at);
    }

    /// Sets a block's size, in use, and tells the block after it.
    fn set_size(&self, at: usize, size: usize) {
        self.block(at).size.set(size);
        if self.is_last(at) {
            self.state().last.set(size);
        } else {
            self.block(at + size).before.set(size);
        }
    }

    fn is_last(&self, at: usize) -> bool {
        at + self.block(at).size() == self.top()
    }

    fn link(&self, at: usize) {
        let state = self.state();
        let block = self.block(at);
        let (level, split) = class(block.size());
        let head = state.free[level][split].replace(at);
        block.size.set(block.size() | FREE);
        block.next.set(head);
        block.previous.set(0);
        if head != 0 {
            self.block(head).previous.set(at);
        }
        state.splits[level].update(|splits| splits | 1 << split);
        state.levels.update(|levels| levels | 1 << level);
    }

    fn unlink(&self, at: usize) {
        let state = self.state();
        let block = self.block(at);
        let (level, split) = class(block.size());
        let (next, previous) = (block.next.get(), block.previous.get());
        block.size.set(block.size());
        if next != 0 {
            self.block(next).previous.set(previous);
        }
        if previous != 0 {
            self.block(previous).next.set(next);
            return;
        }
        state.free[level][split].set(next);
        if next == 0 {
            state.splits[level].update(|splits| splits & !(1 << split));
            if state.splits[level].get() == 0 {
                state.levels.update(|levels| levels & !(1 << level));
            }
        }
    }

    fn state(&self) -> &State {
        // SAFETY: by `new` the region, which begins at a page, is longer than the state and was zeros, which are
        // one, as is every bit pattern. Cells may be written by others of this thread, which a region does not leave.
        unsafe { self.region.base().cast::<State>().as_ref() }
    }

    /// The block at an offset.
    fn block(&self, at: usize) -> &Block {
        let room = size_of::<State>()..=self.region.length() - MIN_BLOCK;
        assert!(room.contains(&at) && at.is_multiple_of(ALIGN), "the VM's heap is broken");
        // SAFETY: the offset is aligned and leaves room for a block in the region; else as in `state`.
        unsafe { self.region.base().add(at).cast::<Block>().as_ref() }
    }

    fn payload(&self, block: usize) -> *mut u8 {
        self.region.base().as_ptr().wrapping_add(block + HEADER)
    }

    fn block_of(&self, payload: *mut u8) -> usize {
        payload.addr().wrapping_sub(self.region.base().addr().get() + HEADER)
    }
}

const _: () = assert!(
    HEADER == ALIGN && MIN_BLOCK.is_multiple_of(ALIGN) && size_of::<State>().is_multiple_of(ALIGN)
);

#[cfg(test)]
#[path = "heap_tests.rs"]
mod tests;
