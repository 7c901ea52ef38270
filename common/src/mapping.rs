//! Memory that the kernel maps in whole pages.

use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap_anonymous, munmap};
use std::ffi::c_void;
use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

/// Zeroed memory from `mmap(2)`. Dropping it unmaps the memory.
#[derive(Debug)]
pub(crate) struct Mapping {
    start: NonNull<c_void>,
    bytes: NonZeroUsize,
}

// SAFETY: a mapping belongs to the process, not to a thread. The users of this type decide
// which references into the memory they return.
unsafe impl Send for Mapping {}
// SAFETY: as above. A shared reference gives access to the address only.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps at least `bytes` bytes, all of them zero.
    ///
    /// The flags say whether parent and child share writes after a `fork`. `MAP_PRIVATE`: each
    /// has its own copy of a page as soon as one of them writes to it (copy-on-write).
    /// `MAP_SHARED`: both keep using the same pages.
    ///
    /// # Errors
    ///
    /// `ENOMEM` when the system does not have the memory.
    pub(crate) fn new(bytes: usize, flags: MapFlags) -> io::Result<Self> {
        // The kernel refuses an empty mapping.
        let bytes = NonZeroUsize::new(bytes).unwrap_or(NonZeroUsize::MIN);
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address and without MAP_FIXED the kernel chooses a free
        // place, so no memory in use changes.
        let start = unsafe { mmap_anonymous(None, bytes, protection, flags) }?;
        Ok(Self { start, bytes })
    }

    /// The start of the memory. It is the start of a page, so it is aligned for
    /// every primitive type.
    pub(crate) fn start<T>(&self) -> NonNull<T> {
        self.start.cast()
    }

    /// Advises the kernel about the whole mapping, `madvise(2)`.
    ///
    /// A kernel that does not know the advice returns an error. The program stays correct, but
    /// may be slower.
    pub(crate) fn advise(&self, advice: MmapAdvise) {
        // SAFETY: the range is ours, and advice on the size of pages does not change
        // what they hold.
        let _ = unsafe { madvise(self.start, self.bytes.get(), advice) };
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is the one that `mmap` returned, and every reference into
        // it borrows from `self`.
        let _ = unsafe { munmap(self.start, self.bytes.get()) };
    }
}
