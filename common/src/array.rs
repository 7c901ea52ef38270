//! The array that the workers share. Its random numbers do not depend on the number of workers.

use crate::mapping::Mapping;
use crate::memory::available_bytes;
use anyhow::{Result, anyhow, ensure};
use nix::sys::mman::{MapFlags, MmapAdvise};
use rand::rngs::Xoshiro128PlusPlus;
use rand::{Rng, SeedableRng};
use std::ops::{Deref, DerefMut};
use std::slice;
use std::sync::atomic::AtomicI32;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, available_parallelism};

/// The size of the pages that hold the array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// 2 MiB on most machines: 191 pages for the 400 MB of the sum programs. The program
    /// requests them with `MADV_HUGEPAGE`, `madvise(2)`. A system without huge pages provides
    /// small ones.
    Huge,
    /// 4 KiB on most machines: 97,657 pages for the same array. Each page has an entry in the
    /// page table, and `fork` copies these entries.
    Small,
}

/// Describes an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArraySpec {
    /// The length of the array.
    pub len: usize,
    /// The smallest number that may occur.
    pub lowest: i32,
    /// The largest number that may occur; not below `lowest`.
    pub highest: i32,
    /// The seed of the random numbers: the same seed gives the same array.
    pub seed: u64,
    /// The size of its pages.
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
/// After a `fork`, the child has its own view of the array. The kernel copies a page
/// only when one of the two processes writes to it (copy-on-write).
#[derive(Debug)]
pub struct Array {
    mapping: Mapping,
    len: usize,
}

/// The threads fill the array in blocks of this many numbers. A block takes 2 MiB, like a huge
/// page.
const BLOCK: usize = 1 << 19;

impl Array {
    /// Creates an array of random numbers, with one thread for each CPU.
    ///
    /// The threads have ended when the function returns, so a `fork` may follow.
    ///
    /// # Errors
    ///
    /// The array is larger than the available memory, or `mmap(2)` fails. The function checks
    /// the memory first, because Linux often grants too much and kills the program later.
    pub fn random(spec: &ArraySpec) -> Result<Self> {
        let mut array = Self::zeroed(spec.len, spec.pages)?;

        let numbers = Numbers::new(spec);
        let blocks = array.chunks_mut(BLOCK);
        let helpers = available_parallelism()
            .map_or(1, usize::from)
            .min(blocks.len())
            .saturating_sub(1);
        let blocks = Mutex::new((0..).step_by(BLOCK).zip(blocks));
        let take = || blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
        let fill_blocks = || {
            while let Some((first, block)) = take() {
                numbers.fill(block, first);
            }
        };

        thread::scope(|scope| {
            let helper = || thread::Builder::new().name("array".into());
            // If the system can start no more threads, this thread fills the remaining blocks.
            let helpers: Vec<_> = (0..helpers)
                .map_while(|_| helper().spawn_scoped(scope, fill_blocks).ok())
                .collect();
            fill_blocks();
            // A scope waits until the closures of its threads have returned. Only
            // `join` waits until the threads have ended.
            for helper in helpers {
                helper.join().expect("filling a block does not panic");
            }
        });
        Ok(array)
    }

    /// Creates an array of zeros. The kernel allocates each page at the first write to it.
    fn zeroed(len: usize, pages: Pages) -> Result<Self> {
        let gigabytes = |bytes: u128| bytes as f64 / 1e9;
        let bytes = len as u128 * size_of::<i32>() as u128;
        if let Some(available) = available_bytes().map(u128::from) {
            ensure!(
                bytes <= available,
                "no memory for {len} numbers: they take {:.1} GB, and {:.1} GB are available",
                gigabytes(bytes),
                gigabytes(available),
            );
        }
        // Since Linux 6.7, a mapping of whole huge pages is aligned. Then each block is a page of its
        // own, and there are no small pages at the ends.
        let huge_page = size_of::<i32>() * BLOCK;
        let bytes = len.saturating_mul(size_of::<i32>());
        let bytes = bytes.checked_next_multiple_of(huge_page).unwrap_or(bytes);
        let mapping = Mapping::new(bytes, MapFlags::MAP_PRIVATE)
            .map_err(|error| anyhow!("cannot get memory for {len} numbers: {error}"))?;
        mapping.advise(match pages {
            Pages::Huge => MmapAdvise::MADV_HUGEPAGE,
            // Some systems give huge pages to every program.
            Pages::Small => MmapAdvise::MADV_NOHUGEPAGE,
        });
        Ok(Self { mapping, len })
    }
}

/// The random numbers of an array.
///
/// A number depends on the seed and on its place in the array, and on no number before it.
/// So threads can fill the array in any order, and vector instructions compute several
/// numbers at once.
///
/// The place goes through a hash function with little bias. A search by Chris Wellons has found
/// it, <https://github.com/skeeto/hash-prospector>. The numbers are good enough for a sum, and
/// for nothing secret.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    keys: [u32; 2],
    lowest: i32,
    /// How many numbers there are to choose from; 0 for all 2³².
    choices: u32,
}

impl Numbers {
    fn new(spec: &ArraySpec) -> Self {
        let mut random = Xoshiro128PlusPlus::seed_from_u64(spec.seed);
        Self {
            keys: [random.next_u32(), random.next_u32()],
            lowest: spec.lowest,
            choices: spec.highest.abs_diff(spec.lowest).wrapping_add(1),
        }
    }

    /// Fills a block whose first number has this place in the array.
    fn fill(self, block: &mut [i32], first: u64) {
        // As in `partial_sum`, but also with AVX-512. It is faster here, because each number takes
        // several multiplications.
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: this CPU has the instructions.
            return unsafe { self.fill_with_avx512(block, first) };
        } else if is_x86_feature_detected!("avx2") {
            // SAFETY: this CPU has the instructions.
            return unsafe { self.fill_with_avx2(block, first) };
        }
        self.fill_plainly(block, first);
    }

    /// The same source, compiled for AVX-512.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f")]
    fn fill_with_avx512(self, block: &mut [i32], first: u64) {
        self.fill_plainly(block, first);
    }

    /// The same source, compiled for AVX2.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_with_avx2(self, block: &mut [i32], first: u64) {
        self.fill_plainly(block, first);
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "the halves of a product and of a place, and a place in a block"
    )]
    #[inline(always)]
    fn fill_plainly(self, block: &mut [i32], first: u64) {
        // Vectors hold more numbers of 32 bits than of 64. The upper half of the place is
        // the same for all numbers of a block.
        let [lower, upper] = [first as u32, (first >> 32) as u32];
        let keys = [self.keys[0].wrapping_add(lower), self.keys[1] ^ upper];
        for (place, number) in block.iter_mut().enumerate() {
            let bits = hash(place as u32, keys);
            let choice = match self.choices {
                0 => bits,
                // The upper half of the product (Lemire, "Fast random integer generation in
                // an interval"). This leaves out his correction, so a number is at most 2⁻³²
                // more likely than another.
                choices => ((u64::from(bits) * u64::from(choices)) >> 32) as u32,
            };
            *number = self.lowest.wrapping_add_unsigned(choice);
        }
    }
}

/// A hash of a place in a block. The keys hold the place of the block. With the same keys,
/// different places have different hashes.
#[inline(always)]
fn hash(place: u32, keys: [u32; 2]) -> u32 {
    let mut bits = place.wrapping_add(keys[0]);
    bits = (bits ^ bits >> 17).wrapping_mul(0xed5a_d4bb) ^ keys[1];
    bits = (bits ^ bits >> 11).wrapping_mul(0xac4c_1b51);
    bits = (bits ^ bits >> 15).wrapping_mul(0x3184_8bab);
    bits ^ bits >> 14
}

impl Deref for Array {
    type Target = [i32];

    fn deref(&self) -> &[i32] {
        // SAFETY: the mapping holds `len` numbers, aligned and initialised (the
        // kernel zeroes them), and lives as long as the borrow of `self`.
        unsafe { slice::from_raw_parts(self.mapping.start().as_ptr(), self.len) }
    }
}

impl DerefMut for Array {
    fn deref_mut(&mut self) -> &mut [i32] {
        // SAFETY: as above. The exclusive borrow of `self` makes this the only
        // reference.
        unsafe { slice::from_raw_parts_mut(self.mapping.start().as_ptr(), self.len) }
    }
}

/// The same array for threads that read and write the same numbers at once.
///
/// With plain numbers, this would be a data race, which is undefined behaviour. A single
/// relaxed load or store is as fast as a plain one. A load returns a value that one thread
/// stored, never a mixture of two values.
#[derive(Debug)]
pub struct AtomicArray(Array);

impl AtomicArray {
    /// An array of random numbers.
    ///
    /// # Errors
    ///
    /// The errors of [`Array::random`].
    pub fn random(spec: &ArraySpec) -> Result<Self> {
        Array::random(spec).map(Self)
    }
}

impl Deref for AtomicArray {
    type Target = [AtomicI32];

    fn deref(&self) -> &[AtomicI32] {
        // SAFETY: an AtomicI32 has the size and the alignment of an i32, and
        // nothing else reaches the plain numbers.
        unsafe { slice::from_raw_parts(self.0.mapping.start().as_ptr(), self.0.len) }
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
    fn the_seed_decides() -> Result<()> {
        let spec = small(3 * BLOCK + 7);
        let array = Array::random(&spec)?;
        assert_eq!(*array, *Array::random(&spec)?);
        assert_ne!(*array, *Array::random(&ArraySpec { seed: 43, ..spec })?);
        Ok(())
    }

    /// Several threads fill the blocks with the same numbers as one thread, with all vectors that
    /// this CPU has.
    #[test]
    fn the_threads_do_not_decide() -> Result<()> {
        let spec = small(5 * BLOCK + 1);
        let mut expected = vec![0; spec.len];
        Numbers::new(&spec).fill_plainly(&mut expected, 0);
        assert_eq!(*Array::random(&spec)?, *expected);
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            let mut with_avx2 = vec![0; spec.len];
            // SAFETY: this CPU has the instructions.
            unsafe { Numbers::new(&spec).fill_with_avx2(&mut with_avx2, 0) };
            assert!(with_avx2 == expected);
        }
        Ok(())
    }

    /// An array of 16 GiB does not repeat itself.
    #[test]
    fn places_have_64_bits() {
        let numbers = Numbers::new(&small(4));
        let (mut first, mut later) = ([0; 4], [0; 4]);
        numbers.fill(&mut first, 0);
        numbers.fill(&mut later, 1 << 32);
        assert_ne!(first, later);
    }

    /// A number says nothing about later ones: at each tested distance, all pairs are equally
    /// frequent. Chi-squared test with 99 degrees of freedom: mean 99, standard
    /// deviation 14. The seed is fixed, so this passes always or never.
    #[test]
    fn neighbours_are_independent() -> Result<()> {
        let spec = ArraySpec {
            highest: 9,
            ..small(1 << 20)
        };
        let array = Array::random(&spec)?;
        for distance in [1, 2, 3, 4, 7, 8, 16, 64, 1 << 16] {
            let mut count = [0_u32; 100];
            for (&a, &b) in array.iter().zip(&array[distance..]) {
                count[usize::try_from(10 * a + b)?] += 1;
            }
            let expected = (array.len() - distance) as f64 / 100.0;
            let squares = count
                .iter()
                .map(|&n| (f64::from(n) - expected).powi(2) / expected);
            let chi_squared: f64 = squares.sum();
            assert!(
                (50.0..150.0).contains(&chi_squared),
                "{distance}: {chi_squared}"
            );
        }
        Ok(())
    }

    /// The lab's texts quote sums of this array: an update of a dependency
    /// must not change it.
    #[test]
    fn the_numbers_stay_the_same() -> Result<()> {
        let array = Array::random(&small(BLOCK + 4))?;
        assert_eq!(array[..4], [41, 139, 760, 551]);
        assert_eq!(array[BLOCK..], [20, 114, 948, 960]);
        Ok(())
    }

    /// Arrays of different lengths begin with the same numbers.
    #[test]
    fn a_short_array_is_the_beginning_of_a_long_one() -> Result<()> {
        let long = Array::random(&small(BLOCK + 1000))?;
        for len in [1, 2, 3, 7, 9, BLOCK - 1, BLOCK + 3] {
            assert_eq!(*Array::random(&small(len))?, long[..len], "{len}");
        }
        Ok(())
    }

    #[test]
    fn all_numbers_of_the_range_and_no_other() -> Result<()> {
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
    fn the_whole_range_of_an_i32() -> Result<()> {
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
    fn both_page_sizes_hold_the_same() -> Result<()> {
        let spec = small(BLOCK);
        let on_small_pages = ArraySpec {
            pages: Pages::Small,
            ..spec
        };
        assert_eq!(*Array::random(&spec)?, *Array::random(&on_small_pages)?);
        Ok(())
    }

    /// The kernel's data on the memory of an array: `smaps`, `proc_pid_smaps(5)`.
    fn has_flag(array: &Array, flag: &str) -> bool {
        let address = array.as_ptr().addr();
        // The kernel may have merged this mapping with the mapping of another array.
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
    fn page_sizes_are_asked_for() -> Result<()> {
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
    fn an_empty_array() -> Result<()> {
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
    fn atomics_are_the_same_numbers() -> Result<()> {
        let numbers = Array::random(&small(10))?;
        let atomics = AtomicArray::random(&small(10))?;
        assert!(
            atomics
                .iter()
                .map(|number| number.load(Relaxed))
                .eq(numbers.iter().copied())
        );
        atomics[9].store(-1000, Relaxed);
        assert_eq!(atomics[9].load(Relaxed), -1000);
        Ok(())
    }
}
