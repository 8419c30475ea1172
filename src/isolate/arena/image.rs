//! A copy of a region's used part, to go back to.
//!
//! The copy is whole. This is the place for the quicker way on Linux (a private mapping of a memfd, of
//! which only the pages written since are put back); the interface is made for it.

use super::region::Region;

/// What the first bytes of a region held.
#[derive(Debug)]
pub(in crate::isolate) struct Image {
    bytes: Box<[u8]>,
}

impl Image {
    /// Copies the first `used` bytes.
    pub(super) fn take(region: &Region, used: usize) -> Image {
        // SAFETY: `used` is at most the region's length, all of which is readable.
        let bytes = unsafe { std::slice::from_raw_parts(region.base().as_ptr(), used) };
        Image { bytes: bytes.into() }
    }

    /// Puts the bytes back. Of what lies beyond them up to `high`, the highest byte used since, memory is
    /// given back to the system if it is much. Returns the highest byte that may still be backed.
    ///
    /// # Safety
    /// The image must be of this region, and nothing may point into it that the image does not know.
    pub(super) unsafe fn put_back(&self, region: &Region, high: usize) -> usize {
        let used = self.bytes.len();
        // SAFETY: the region is at least as long as when the image was taken of it.
        unsafe {
            std::ptr::copy_nonoverlapping(self.bytes.as_ptr(), region.base().as_ptr(), used);
        }
        if region.discard(used, high) { used } else { high.max(used) }
    }
}
