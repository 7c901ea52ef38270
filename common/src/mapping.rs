//! Memory straight from the kernel, in whole pages.

use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap_anonymous, munmap};
use std::ffi::c_void;
use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

/// Who sees what is written to the memory after a `fork`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sharing {
    /// `MAP_PRIVATE`: parent and child get copies of their own, page by page,
    /// once either of them writes (copy-on-write).
    Private,
    /// `MAP_SHARED`: parent and child go on with the same pages.
    Shared,
}

/// Zeroed memory from `mmap(2)`, unmapped when it is dropped.
#[derive(Debug)]
pub(crate) struct Mapping {
    start: NonNull<c_void>,
    bytes: NonZeroUsize,
}

// SAFETY: it owns memory that belongs to the whole process, not to a thread;
// who may read and write it is up to whoever hands out references to it.
unsafe impl Send for Mapping {}
// SAFETY: as above; through a shared reference nothing but an address is to be
// had.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps at least `bytes` bytes, all of them zero.
    ///
    /// # Errors
    ///
    /// `ENOMEM` when the system does not have the memory.
    pub(crate) fn new(bytes: usize, sharing: Sharing) -> io::Result<Self> {
        // The kernel refuses an empty mapping.
        let bytes = NonZeroUsize::new(bytes).unwrap_or(NonZeroUsize::MIN);
        let flags = match sharing {
            Sharing::Private => MapFlags::MAP_PRIVATE,
            Sharing::Shared => MapFlags::MAP_SHARED,
        };
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: without an address and without MAP_FIXED the kernel picks a
        // place where nothing is mapped yet, so no memory in use changes.
        let start = unsafe { mmap_anonymous(None, bytes, protection, flags) }?;
        Ok(Self { start, bytes })
    }

    /// Where the memory begins: at the start of a page, so it is aligned for
    /// every primitive type.
    pub(crate) fn start<T>(&self) -> NonNull<T> {
        self.start.cast()
    }

    /// Advises the kernel about the whole mapping, `madvise(2)`.
    ///
    /// A kernel that does not know the advice refuses it, and nothing depends
    /// on it: the program is right either way.
    pub(crate) fn advise(&self, advice: MmapAdvise) {
        // SAFETY: the range is ours, and what this crate advises, huge pages or
        // none, does not change what it holds.
        let _ = unsafe { madvise(self.start, self.bytes.get(), advice) };
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is exactly what `mmap` gave us, and every
        // reference into it borrows from `self`, which is going away.
        let _ = unsafe { munmap(self.start, self.bytes.get()) };
    }
}
