//! Random choices that can be repeated.

use std::hash::{BuildHasher, RandomState};

/// A random generator, splitmix64.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

/// Seeds are smaller than this number, so that people can type them.
pub(crate) const SEEDS: u64 = 1_000_000;

/// Creates an unpredictable seed.
#[must_use]
pub fn random_seed() -> u64 {
    RandomState::new().hash_one(()) % SEEDS
}

impl Seed {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `least` to `most`.
    pub(crate) fn between(&mut self, least: u8, most: u8) -> u8 {
        let count = u64::from(most - least) + 1;
        least + u8::try_from(self.next() % count).unwrap_or(0)
    }

    /// Returns the items in a random order.
    pub(crate) fn shuffled<T, const N: usize>(&mut self, mut all: [T; N]) -> [T; N] {
        for place in 1..N {
            let number = self.next() % (place as u64 + 1);
            all.swap(place, usize::try_from(number).unwrap_or(0));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;
    use std::collections::HashSet;

    #[test]
    fn all_orders_and_all_numbers_are_drawn() {
        let mut seed = Seed::new(7);
        let orders: HashSet<_> = (0..1000).map(|_| seed.shuffled([1, 2, 3, 4])).collect();
        assert_eq!(orders.len(), 24);
        let distinct = |order: &[i32; 4]| order.iter().collect::<HashSet<_>>().len();
        assert!(orders.iter().all(|order| distinct(order) == 4));
        let numbers: HashSet<_> = (0..5000).map(|_| seed.between(1, 255)).collect();
        assert_eq!(numbers.len(), 255);
        assert!(!numbers.contains(&0));
    }
}
