//! Sizes of blocks, and the classes that free ones are kept in.

use super::heap::{HEADER, MIN_BLOCK};

/// Payloads begin at, and sizes are, multiples of this.
pub(super) const ALIGN: usize = 16;
/// Each power of two is split into this many classes.
const SPLIT_BITS: u32 = 4;
pub(super) const SPLIT: usize = 1 << SPLIT_BITS;
/// The lowest power of two with classes of its own: below it classes are ALIGN apart.
const LOW_BITS: u32 = SPLIT_BITS + ALIGN.trailing_zeros();
pub(super) const LEVELS: usize = 40;
/// No block is larger, so that each has a class, and rounding up to the next class leads to one as well.
pub(super) const MAX_BLOCK: usize = 1 << (LEVELS as u32 + LOW_BITS - 2);

/// Size of the block for a payload; `None` if it is beyond all measure.
pub(super) fn block_size(payload: usize) -> Option<usize> {
    let size = payload.checked_add(HEADER + ALIGN - 1)? & !(ALIGN - 1);
    (size < MAX_BLOCK).then(|| size.max(MIN_BLOCK))
}

/// Level and split of a block size.
pub(super) const fn class(size: usize) -> (usize, usize) {
    let bits = usize::BITS - 1 - size.leading_zeros();
    if bits < LOW_BITS {
        return (0, size / ALIGN);
    }
    let level = (bits - LOW_BITS + 1) as usize;
    (level, (size >> (bits - SPLIT_BITS)) - SPLIT)
}

/// The first class all of whose blocks have at least `size`.
pub(super) const fn class_above(size: usize) -> (usize, usize) {
    let bits = usize::BITS - 1 - size.leading_zeros();
    if bits < LOW_BITS { class(size) } else { class(size + (1 << (bits - SPLIT_BITS)) - 1) }
}

const _: () = assert!(class_above(MAX_BLOCK - ALIGN).0 < LEVELS);
