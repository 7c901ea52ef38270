//! What is drawn at random, and can be repeated.

use std::hash::{BuildHasher, RandomState};

/// Numbers that follow from a first one, by the generator splitmix64.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

/// A number that nobody knows beforehand. It has few digits, so that it can be typed.
#[must_use]
pub fn random_seed() -> u64 {
    RandomState::new().hash_one(()) % 1_000_000
}

impl Seed {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: u8, most: u8) -> u8 {
        let count = u64::from(most - least) + 1;
        least + u8::try_from(self.next() % count).unwrap_or(0)
    }

    /// Two different ones of these.
    pub(crate) fn two_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> [T; 2] {
        const { assert!(N > 1 && N < 256, "there are two, and few") };
        let place = |number: u64, count: usize| usize::try_from(number % count as u64).unwrap_or(0);
        let first = place(self.next(), N);
        let second = (first + 1 + place(self.next(), N - 1)) % N;
        [all[first], all[second]]
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;
    use std::collections::HashSet;

    #[test]
    fn all_pairs_are_drawn_and_none_is_one_thing_twice() {
        let mut seed = Seed::new(7);
        let pairs: HashSet<_> = (0..1000).map(|_| seed.two_of([1, 2, 3, 4])).collect();
        assert_eq!(pairs.len(), 12);
        assert!(pairs.iter().all(|[first, second]| first != second));
        let numbers: HashSet<_> = (0..5000).map(|_| seed.between(1, 255)).collect();
        assert_eq!(numbers.len(), 255);
        assert!(!numbers.contains(&0));
    }
}
