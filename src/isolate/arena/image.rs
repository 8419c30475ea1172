//! A copy of a region's used part, to go back to.

use std::io;

#[cfg(target_os = "linux")]
use super::pages::Pages;
use super::region::Region;

/// How an isolate goes back to its snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RestorePath {
    /// The first of the others that the system has.
    #[default]
    Best,
    /// Copies back the pages that were written since. Linux only.
    DirtyPages,
    /// Copies back all that was in use.
    WholeCopy,
}

/// What the first bytes of a region held.
#[derive(Debug)]
pub(in crate::isolate) struct Image(Kind);

#[derive(Debug)]
enum Kind {
    #[cfg(target_os = "linux")]
    Pages(Pages),
    Copy(Box<[u8]>),
}

impl Image {
    /// Copies the first `used` bytes.
    ///
    /// # Errors
    /// The path is not to be had.
    pub(super) fn take(region: &Region, used: usize, path: RestorePath) -> io::Result<Image> {
        #[cfg(target_os = "linux")]
        if path != RestorePath::WholeCopy {
            match Pages::take(region, used) {
                Ok(pages) => return Ok(Image(Kind::Pages(pages))),
                Err(error) if path == RestorePath::DirtyPages => return Err(error),
                Err(_) => {}
            }
        }
        if path == RestorePath::DirtyPages {
            return Err(io::ErrorKind::Unsupported.into());
        }
        // SAFETY: `used` is at most the region's length, all of which is readable.
        let bytes = unsafe { std::slice::from_raw_parts(region.base().as_ptr(), used) };
        Ok(Image(Kind::Copy(bytes.into())))
    }

    /// Bytes of the region that it holds.
    pub(super) fn length(&self) -> usize {
        match &self.0 {
            #[cfg(target_os = "linux")]
            Kind::Pages(pages) => pages.length(),
            Kind::Copy(bytes) => bytes.len(),
        }
    }

    /// Puts the bytes back. To be called on the thread that wrote to the region.
    ///
    /// # Safety
    /// The image must be of this region, and nothing may point into it that the image does not know.
    pub(super) unsafe fn put_back(&self, region: &Region) {
        match &self.0 {
            #[cfg(target_os = "linux")]
            // SAFETY: by the caller.
            Kind::Pages(pages) => unsafe { pages.put_back(region) },
            // SAFETY: the region is at least as long as when the image was taken of it.
            Kind::Copy(bytes) => unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), region.base().as_ptr(), bytes.len());
            },
        }
    }
}
