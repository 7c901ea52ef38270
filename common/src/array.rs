//! The array that the workers share: random numbers, the same for every
//! number of workers.

use crate::mapping::{Mapping, Sharing};
use crate::memory::available_bytes;
use crate::{Context, Error};
use nix::sys::mman::MmapAdvise;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use std::ops::{Deref, DerefMut};
use std::panic::resume_unwind;
use std::slice;
use std::sync::atomic::AtomicI32;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, available_parallelism};

/// The size of the pages that the array lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// 2 MiB on most machines: 191 pages for the 400 MB of the sum programs.
    /// Asked for by `madvise(2)` with `MADV_HUGEPAGE`; a system that has none
    /// gives small ones.
    Huge,
    /// 4 KiB on most machines: 97,657 pages for the same array, each with an
    /// entry in the page table that a `fork` has to copy.
    Small,
}

/// What an array is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArraySpec {
    /// How many numbers.
    pub len: usize,
    /// The smallest number that may occur.
    pub lowest: i32,
    /// The largest number that may occur; not below `lowest`.
    pub highest: i32,
    /// Decides which numbers: the same seed gives the same array.
    pub seed: u64,
    /// On which pages they lie.
    pub pages: Pages,
}

impl ArraySpec {
    /// The array of the sum programs: 100,000,000 numbers from 0 to 999.
    pub const SUM: Self = Self {
        len: 100_000_000,
        lowest: 0,
        highest: 999,
        seed: 42,
        pages: Pages::Huge,
    };

    /// The array of memory-corruption: 10,000,000 numbers from 1 to 100.
    pub const CORRUPTION: Self = Self {
        len: 10_000_000,
        lowest: 1,
        highest: 100,
        ..Self::SUM
    };
}

/// A private array of numbers, straight from `mmap(2)`.
///
/// A child gets it by `fork` without a copy: its page table points to the
/// parent's pages until one of the two writes to them (copy-on-write).
#[derive(Debug)]
pub struct Array {
    mapping: Mapping,
    len: usize,
}

/// One random stream serves this many numbers: 2 MiB of them, so that two
/// threads seldom meet on the same huge page.
const BLOCK: usize = 1 << 19;

/// Random bits are made, and turned into numbers, this many at a time: 4 KiB
/// of them, which stay in the first-level cache meanwhile.
const STEP: usize = 1 << 10;

impl Array {
    /// An array of random numbers, made by as many threads as there are CPUs.
    ///
    /// The threads have ended when this returns, so a `fork` may follow.
    ///
    /// # Errors
    ///
    /// [`Error::NoMemory`] when it is more than the system has available:
    /// Linux would often give it all the same, and kill the program later on.
    /// [`Error::Io`] when `mmap(2)` refuses it.
    pub fn random(spec: &ArraySpec) -> Result<Self, Error> {
        let mut array = Self::zeroed(spec.len, spec.pages)?;

        // Each block has a random stream of its own. Whoever fills a block,
        // and however many they are, it gets the same numbers.
        let mut seeds = Xoshiro256PlusPlus::seed_from_u64(spec.seed);
        let blocks = array.chunks_mut(BLOCK);
        let threads = available_parallelism()
            .map_or(1, usize::from)
            .min(blocks.len());
        let blocks =
            Mutex::new(blocks.map(|block| (Xoshiro256PlusPlus::from_rng(&mut seeds), block)));
        let take = || blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
        let fill_blocks = || {
            while let Some((mut stream, block)) = take() {
                fill(block, spec, &mut stream);
            }
        };

        thread::scope(|scope| {
            // No thread to be had is no reason to fail: this one fills the
            // blocks that nobody else does.
            let helpers: Vec<_> = (1..threads)
                .map_while(|_| thread::Builder::new().spawn_scoped(scope, fill_blocks).ok())
                .collect();
            fill_blocks();
            // The end of a scope waits for the closures of its threads, and
            // only `join` for the threads themselves.
            for helper in helpers {
                if let Err(panic) = helper.join() {
                    resume_unwind(panic);
                }
            }
        });
        Ok(array)
    }

    /// An array of zeros, none of whose pages exists before it is written to.
    fn zeroed(len: usize, pages: Pages) -> Result<Self, Error> {
        let bytes = len.saturating_mul(size_of::<i32>());
        if let Some(available) = available_bytes()
            && bytes as u64 > available
        {
            return Err(Error::NoMemory { len, available });
        }
        let mapping = Mapping::new(bytes, Sharing::Private)
            .with_context(|| format!("cannot get memory for {len} numbers"))?;
        mapping.advise(match pages {
            Pages::Huge => MmapAdvise::MADV_HUGEPAGE,
            // Where huge pages are always given, small ones are asked for.
            Pages::Small => MmapAdvise::MADV_NOHUGEPAGE,
        });
        Ok(Self { mapping, len })
    }

    /// The same numbers for several threads that read and write them at once.
    ///
    /// With plain numbers that would be a data race, which is undefined
    /// behaviour; with relaxed atomics it is a race all the same, but each
    /// number read is one that somebody wrote.
    #[must_use]
    pub fn as_atomics(&mut self) -> &[AtomicI32] {
        // SAFETY: an AtomicI32 has the size and the alignment of an i32, and
        // the exclusive borrow of `self` lets nobody reach the plain numbers
        // for as long as the atomic ones are in use.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

/// Fills `block` with numbers from `stream`.
fn fill(block: &mut [i32], spec: &ArraySpec, stream: &mut Xoshiro256PlusPlus) {
    let distinct = u64::from(spec.highest.abs_diff(spec.lowest)) + 1;
    for step in block.chunks_mut(STEP) {
        let (pairs, last) = step.as_chunks_mut::<2>();
        for pair in pairs {
            let bits = stream.next_u64().to_le_bytes();
            let (halves, _) = bits.as_chunks::<4>();
            *pair = [halves[0], halves[1]].map(i32::from_le_bytes);
        }
        if let [number] = last {
            // The same half as if there were one number more.
            let bits = stream.next_u64().to_le_bytes();
            let (halves, _) = bits.as_chunks::<4>();
            *number = i32::from_le_bytes(halves[0]);
        }
        for number in step {
            // 32 random bits times the number of choices: the upper half of
            // the product is the choice (Lemire, "Fast random integer
            // generation in an interval"). Without his correction a number is
            // at most 2⁻³² likelier than another.
            let choice = (u64::from(number.cast_unsigned()) * distinct) >> 32;
            let choice = choice as u32;
            *number = spec.lowest.wrapping_add_unsigned(choice);
        }
    }
}

impl Deref for Array {
    type Target = [i32];

    fn deref(&self) -> &[i32] {
        // SAFETY: the mapping holds `len` numbers, aligned and initialised
        // (the kernel zeroes them), and lives as long as the borrow of `self`.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

impl DerefMut for Array {
    fn deref_mut(&mut self) -> &mut [i32] {
        // SAFETY: as above, and the exclusive borrow of `self` makes this the
        // only reference.
        unsafe { slice::from_raw_parts_mut(self.mapping.start().as_ptr(), self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering::Relaxed;

    fn small(len: usize) -> ArraySpec {
        ArraySpec {
            len,
            ..ArraySpec::SUM
        }
    }

    #[test]
    fn the_seed_decides() -> Result<(), Error> {
        let spec = small(3 * BLOCK + 7);
        let array = Array::random(&spec)?;
        assert_eq!(*array, *Array::random(&spec)?);
        assert_ne!(*array, *Array::random(&ArraySpec { seed: 43, ..spec })?);
        Ok(())
    }

    /// Blocks that are shared out among threads get the numbers that one
    /// thread alone gives them.
    #[test]
    fn the_threads_do_not_decide() -> Result<(), Error> {
        let spec = small(5 * BLOCK + 1);
        let mut expected = vec![0; spec.len];
        let mut seeds = Xoshiro256PlusPlus::seed_from_u64(spec.seed);
        for block in expected.chunks_mut(BLOCK) {
            fill(block, &spec, &mut Xoshiro256PlusPlus::from_rng(&mut seeds));
        }
        assert_eq!(*Array::random(&spec)?, *expected);
        Ok(())
    }

    /// The lab's texts quote sums of this array: an update of a dependency
    /// must not change it.
    #[test]
    fn the_numbers_stay_the_same() -> Result<(), Error> {
        let array = Array::random(&small(BLOCK + 4))?;
        assert_eq!(array[..4], [438, 156, 210, 56]);
        assert_eq!(array[BLOCK..], [317, 917, 878, 176]);
        Ok(())
    }

    /// How long an array is does not decide what it begins with.
    #[test]
    fn a_short_array_is_the_beginning_of_a_long_one() -> Result<(), Error> {
        let long = Array::random(&small(BLOCK + STEP + 4))?;
        for len in [1, 2, 3, STEP - 1, STEP + 1, BLOCK - 1, BLOCK + 3] {
            assert_eq!(*Array::random(&small(len))?, long[..len], "{len}");
        }
        Ok(())
    }

    #[test]
    fn all_numbers_of_the_range_and_no_other() -> Result<(), Error> {
        let spec = ArraySpec {
            lowest: -2,
            highest: 3,
            ..small(10_000)
        };
        let mut count = [0; 6];
        for &number in Array::random(&spec)?.iter() {
            assert!((-2..=3).contains(&number), "{number}");
            count[usize::try_from(number + 2).expect("not negative")] += 1;
        }
        // 10,000 throws of a fair die: 1667 of each, standard deviation 37.
        assert!(count.iter().all(|n| (1400..1900).contains(n)), "{count:?}");
        Ok(())
    }

    #[test]
    fn the_whole_range_of_an_i32() -> Result<(), Error> {
        let spec = ArraySpec {
            lowest: i32::MIN,
            highest: i32::MAX,
            ..small(1000)
        };
        let array = Array::random(&spec)?;
        assert!(array.iter().any(|&number| number < -1_000_000_000));
        assert!(array.iter().any(|&number| number > 1_000_000_000));
        Ok(())
    }

    #[test]
    fn both_page_sizes_hold_the_same() -> Result<(), Error> {
        let spec = small(BLOCK);
        let on_small_pages = ArraySpec {
            pages: Pages::Small,
            ..spec
        };
        assert_eq!(*Array::random(&spec)?, *Array::random(&on_small_pages)?);
        Ok(())
    }

    /// What the kernel knows about the memory of an array, `smaps` in
    /// `proc_pid_smaps(5)`.
    fn has_flag(array: &Array, flag: &str) -> bool {
        let address = array.as_ptr().addr();
        // The kernel may have put it together with that of another array.
        let is_its_memory = |line: &str| {
            let range = line
                .split_whitespace()
                .next()
                .and_then(|range| range.split_once('-'));
            let range =
                range.map(|(start, end)| [start, end].map(|n| usize::from_str_radix(n, 16)));
            matches!(range, Some([Ok(start), Ok(end)]) if (start..end).contains(&address))
        };
        let smaps = std::fs::read_to_string("/proc/self/smaps").expect("/proc");
        let mut lines = smaps.lines().skip_while(|line| !is_its_memory(line));
        let flags = lines.find_map(|line| line.strip_prefix("VmFlags:"));
        let flags = flags.expect("the flags of its memory");
        flags.split_whitespace().any(|other| other == flag)
    }

    #[test]
    fn page_sizes_are_asked_for() -> Result<(), Error> {
        // A kernel without huge pages knows neither advice.
        let is_known = std::path::Path::new("/sys/kernel/mm/transparent_hugepage").exists();
        for (pages, flag) in [(Pages::Huge, "hg"), (Pages::Small, "nh")] {
            let array = Array::random(&ArraySpec {
                pages,
                ..small(BLOCK)
            })?;
            assert_eq!(has_flag(&array, flag), is_known, "{pages:?}");
        }
        Ok(())
    }

    #[test]
    fn an_empty_array() -> Result<(), Error> {
        assert_eq!(Array::random(&small(0))?.len(), 0);
        Ok(())
    }

    #[test]
    fn more_than_there_is() {
        for len in [usize::MAX, usize::MAX / 4, 1 << 50] {
            let error = Array::random(&small(len)).expect_err("no machine has that much");
            assert!(error.to_string().contains(&len.to_string()), "{error}");
        }
    }

    #[test]
    fn atomics_are_the_same_numbers() -> Result<(), Error> {
        let mut array = Array::random(&small(10))?;
        let first = array[0];
        let atomics = array.as_atomics();
        assert_eq!(atomics[0].load(Relaxed), first);
        atomics[9].store(-1000, Relaxed);
        assert_eq!(array[9], -1000);
        Ok(())
    }
}
