//! Memory that a process shares with its children.

use crate::mapping::{Mapping, Sharing};
use crate::{Context, Error};
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU32, AtomicU64, AtomicUsize};

/// What may lie in memory that several processes use at once.
///
/// # Safety
///
/// All bytes zero must be a valid value, the value must not be tied to one
/// address space (no pointers) and need no `drop`, and it must allow that
/// another process changes it at any time: in practice, an atomic.
pub unsafe trait Shareable {}

// SAFETY: all of these are plain integers (or a `bool`, for which 0 is
// `false`), and being changed by others is what atomics are for.
unsafe impl Shareable for AtomicBool {}
// SAFETY: see above.
unsafe impl Shareable for AtomicI32 {}
// SAFETY: see above.
unsafe impl Shareable for AtomicI64 {}
// SAFETY: see above.
unsafe impl Shareable for AtomicU32 {}
// SAFETY: see above.
unsafe impl Shareable for AtomicU64 {}
// SAFETY: see above.
unsafe impl Shareable for AtomicUsize {}

/// A slice in a `MAP_SHARED` mapping, `mmap(2)`: what a child of a later `fork`
/// writes there, its parent reads.
///
/// It is used like any other slice, bounds checks included.
///
/// ```
/// use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
///
/// let results = common::SharedSlice::<AtomicI64>::zeroed(4)?;
/// results[3].store(7, Relaxed);
/// assert_eq!(results.iter().map(|r| r.load(Relaxed)).sum::<i64>(), 7);
/// # Ok::<(), common::Error>(())
/// ```
#[derive(Debug)]
pub struct SharedSlice<T> {
    mapping: Mapping,
    len: usize,
    elements: PhantomData<T>,
}

impl<T: Shareable> SharedSlice<T> {
    /// A slice of `len` zeros.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when the system does not have the memory.
    pub fn zeroed(len: usize) -> Result<Self, Error> {
        const { assert!(align_of::<T>() <= 4096, "a mapping starts at a page") };
        let bytes = len.saturating_mul(size_of::<T>());
        let mapping = Mapping::new(bytes, Sharing::Shared).context("cannot get shared memory")?;
        Ok(Self {
            mapping,
            len,
            elements: PhantomData,
        })
    }
}

impl<T: Shareable> Deref for SharedSlice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the mapping holds `len` elements, aligned (it starts at a
        // page) and valid (it starts as zeros), and lives as long as the borrow
        // of `self`. That other processes write to it, `T: Shareable` allows.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::SharedSlice;
    use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

    #[test]
    fn starts_as_zeros_and_keeps_its_length() -> Result<(), crate::Error> {
        for len in [0, 1, 1000] {
            let slice = SharedSlice::<AtomicI64>::zeroed(len)?;
            assert_eq!(slice.len(), len);
            assert!(slice.iter().all(|element| element.load(Relaxed) == 0));
        }
        Ok(())
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn bounds_are_checked() {
        let slice = SharedSlice::<AtomicI64>::zeroed(4).expect("a page");
        slice[4].store(1, Relaxed);
    }

    #[test]
    fn more_than_there_is() {
        let error = SharedSlice::<AtomicI64>::zeroed(usize::MAX).expect_err("too much");
        assert!(error.to_string().contains("shared memory"), "{error}");
    }
}
