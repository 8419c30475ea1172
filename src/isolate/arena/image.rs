//! A copy of a region's used part, to go back to.

use std::io;

#[cfg(target_os = "linux")]
use super::pages::Pages;
use super::region::Region;

/// How an isolate goes back to its snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RestorePath {
    /// Dirty pages where the system has them, else the whole copy.
    #[default]
    Best,
    /// Copies back the pages that were written since. Linux only.
    ///
    /// The pages are known by page faults, and locked memory has none: a program that calls `mlockall` after a snapshot
    /// was taken, in whatever thread, must use [`WholeCopy`](Self::WholeCopy). One that called it before is noticed, and
    /// the whole is copied.
    DirtyPages,
    /// Copies back all that was in use.
    WholeCopy,
    /// Makes a new VM and repeats in it what was called before the snapshot was taken.
    FreshVm,
}

impl RestorePath {
    /// The path of a name.
    pub fn of_name(name: &str) -> Option<RestorePath> {
        match name {
            "best" => Some(RestorePath::Best),
            "dirty-pages" => Some(RestorePath::DirtyPages),
            "whole-copy" => Some(RestorePath::WholeCopy),
            "fresh-vm" => Some(RestorePath::FreshVm),
            _ => None,
        }
    }
}

/// What the first bytes of a region held.
#[derive(Debug)]
pub(super) struct Image(Kind);

#[derive(Debug)]
enum Kind {
    #[cfg(target_os = "linux")]
    Pages(Pages),
    Copy(Box<[u8]>),
}

impl Image {
    /// Copies the first `used` bytes, unless the path does without. An earlier image of the region cannot be
    /// put back any more, even if this fails.
    ///
    /// # Errors
    /// The path is not to be had.
    pub(super) fn take(
        region: &Region,
        used: usize,
        path: RestorePath,
    ) -> io::Result<Option<Image>> {
        match path {
            RestorePath::DirtyPages => Image::of_pages(region, used).map(Some),
            RestorePath::WholeCopy => Image::copy(region, used).map(Some),
            RestorePath::FreshVm => Ok(None),
            RestorePath::Best => {
                Image::of_pages(region, used).or_else(|_| Image::copy(region, used)).map(Some)
            }
        }
    }

    #[cfg(target_os = "linux")]
    fn of_pages(region: &Region, used: usize) -> io::Result<Image> {
        Pages::take(region, used).map(|pages| Image(Kind::Pages(pages)))
    }

    #[cfg(not(target_os = "linux"))]
    fn of_pages(_: &Region, _: usize) -> io::Result<Image> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn copy(region: &Region, used: usize) -> io::Result<Image> {
        let mut copy = Vec::new();
        copy.try_reserve_exact(used).map_err(|_| io::ErrorKind::OutOfMemory)?;
        // SAFETY: nothing but this runs on the region's thread while the slice is in use.
        copy.extend_from_slice(unsafe { region.bytes(used) });
        Ok(Image(Kind::Copy(copy.into())))
    }

    /// Bytes of the region that it holds.
    pub(super) fn length(&self) -> usize {
        match &self.0 {
            #[cfg(target_os = "linux")]
            Kind::Pages(pages) => pages.length(),
            Kind::Copy(bytes) => bytes.len(),
        }
    }

    /// Puts the bytes back.
    ///
    /// # Safety
    /// The image must be the last that was taken of this region, and nothing may rely on what was written
    /// since.
    pub(super) unsafe fn put_back(&self, region: &Region) {
        match &self.0 {
            #[cfg(target_os = "linux")]
            // SAFETY: by the caller.
            Kind::Pages(pages) => unsafe { pages.put_back(region) },
            // SAFETY: by the caller; a box is no part of a region.
            Kind::Copy(bytes) => unsafe { region.write(0, bytes) },
        }
    }

    /// Whether the region holds just what the image does.
    #[cfg(test)]
    pub(super) fn is_held_by(&self, region: &Region) -> bool {
        let image = match &self.0 {
            #[cfg(target_os = "linux")]
            Kind::Pages(pages) => pages.bytes(),
            Kind::Copy(bytes) => bytes,
        };
        // SAFETY: nothing but this runs on the region's thread while the slice is in use.
        image == unsafe { region.bytes(image.len()) }
    }
}
