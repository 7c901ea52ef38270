//! Memory that a process shares with its children.

use crate::mapping::Mapping;
use anyhow::{Result, anyhow};
use nix::sys::mman::MapFlags;
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU32, AtomicU64, AtomicUsize};

/// A type whose values several processes may use at the same time.
///
/// # Safety
///
/// Zero bytes must be a valid value. The value must contain no pointer, because each process
/// has its own address space. It must not need `drop`. Another process may change it at any
/// time, so in practice it is an atomic.
pub unsafe trait Shareable {}

// SAFETY: zero is `false`, and other processes may change an atomic.
unsafe impl Shareable for AtomicBool {}
// SAFETY: zero is a valid integer, and other processes may change an atomic.
unsafe impl Shareable for AtomicI32 {}
// SAFETY: as above.
unsafe impl Shareable for AtomicI64 {}
// SAFETY: as above.
unsafe impl Shareable for AtomicU32 {}
// SAFETY: as above.
unsafe impl Shareable for AtomicU64 {}
// SAFETY: as above.
unsafe impl Shareable for AtomicUsize {}

/// A slice in a `MAP_SHARED` mapping, `mmap(2)`. After a `fork`, the parent can read values
/// that the child writes there.
///
/// Use it like any other slice. Accesses are bounds-checked.
///
/// ```
/// use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
///
/// let results = common::SharedSlice::<AtomicI64>::zeroed(4)?;
/// results[0].store(3, Relaxed);
/// results[3].store(4, Relaxed);
/// assert_eq!(common::sum_of(&results), 7);
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Debug)]
pub struct SharedSlice<T> {
    mapping: Mapping,
    len: usize,
    elements: PhantomData<T>,
}

impl<T: Shareable> SharedSlice<T> {
    /// Creates a slice of `len` zeros.
    ///
    /// # Errors
    ///
    /// When the system does not have the memory.
    pub fn zeroed(len: usize) -> Result<Self> {
        const { assert!(align_of::<T>() <= 4096, "a mapping starts at a page") };
        let bytes = len.saturating_mul(size_of::<T>());
        let mapping = Mapping::new(bytes, MapFlags::MAP_SHARED)
            .map_err(|error| anyhow!("cannot get shared memory: {error}"))?;
        Ok(Self {
            mapping,
            len,
            elements: PhantomData,
        })
    }
}

/// Returns the sum of numbers that several processes write to.
#[must_use]
pub fn sum_of(numbers: &[AtomicI64]) -> i64 {
    numbers.iter().map(|number| number.load(Relaxed)).sum()
}

impl<T: Shareable> Deref for SharedSlice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the mapping holds `len` elements, aligned (it starts at a page) and
        // valid (it starts as zeros), and lives as long as the borrow of `self`.
        // `T: Shareable` allows other processes to write to it.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

impl<'a, T: Shareable> IntoIterator for &'a SharedSlice<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::SharedSlice;
    use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

    #[test]
    fn starts_as_zeros_and_keeps_its_length() -> anyhow::Result<()> {
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
