//! Work that takes its time.
//!
//! A computer is done with the exercises' arrays before a second thread has even
//! begun: the race that the text talks about would be there, but hardly ever to
//! be seen. These functions stand for the work that
//! a larger program would do. They change how long a thread takes, not what
//! it does.

use crate::partial_sum;
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// Keeps the CPU busy for 20 µs, and at every eighth call of a thread gives it to
/// others for a while: up to 0.8 ms, never the same.
///
/// Real work takes a time that nobody knows beforehand. Without that the two
/// threads of an idle machine would go in step, and meet at much the same place
/// each time. The pause is also what lets them take turns on a single CPU.
pub fn work_a_little() {
    thread_local! {
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(20) {
        std::hint::spin_loop();
    }
    let calls = CALLS.get().wrapping_add(1);
    CALLS.set(calls);
    if calls.is_multiple_of(8) {
        // The keys of a hash map are the random numbers that `std` has.
        let random = RandomState::new().hash_one(calls);
        thread::sleep(Duration::from_micros(random % 800));
    }
}

/// The sum of `part` like [`partial_sum`], in a hundred steps with a pause
/// after each: 20 ms or so, however long the part is.
///
/// Others may write to the numbers meanwhile. Each of them is read once.
#[must_use]
pub fn unhurried_sum(part: &[AtomicI32]) -> i64 {
    const STEPS: usize = 100;
    let mut sum = 0;
    for step in crate::split(part.len(), STEPS) {
        let numbers: Vec<i32> = part[step].iter().map(|n| n.load(Relaxed)).collect();
        sum += partial_sum(&numbers);
        thread::sleep(Duration::from_micros(100));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::unhurried_sum;
    use std::sync::atomic::AtomicI32;

    #[test]
    fn every_number_once() {
        for len in [0, 1, 99, 100, 101, 1234] {
            let numbers: Vec<_> = (1..=len).map(AtomicI32::new).collect();
            assert_eq!(unhurried_sum(&numbers), i64::from(len * (len + 1) / 2));
        }
    }
}
