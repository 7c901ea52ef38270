//! Slow work, which makes a race condition visible.
//!
//! One thread often finishes before a second one has started. The race condition then exists,
//! but its effect rarely shows. These functions stand for the work of a larger program. They
//! only make it slower, and add no race.

use crate::{partial_sum, print_line, split};
use anyhow::Result;
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// Keeps the CPU busy for 20 µs. At every eighth call, the thread also sleeps for a
/// random time of up to 0.8 ms.
///
/// Real work takes a varying time. With a constant time, two threads would run in step on an
/// idle machine and meet at about the same place in every run. On a single CPU, the sleep lets
/// the threads take turns.
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
        // The only random numbers in `std` are the keys of a hash map.
        let random = RandomState::new().hash_one(calls);
        thread::sleep(Duration::from_micros(random % 800));
    }
}

/// Prints the numbers to standard output, 16 per line. It reads one number at a time, and
/// [works a little](work_a_little) after each.
///
/// # Errors
///
/// The errors of [`print_line`].
pub fn print_slowly(numbers: &[AtomicI32]) -> Result<()> {
    for numbers in numbers.chunks(16) {
        let mut line = String::new();
        for number in numbers {
            line += &format!("{:5}", number.load(Relaxed));
            work_a_little();
        }
        print_line(line)?;
    }
    Ok(())
}

/// Returns the sum of `part`, like [`partial_sum`], but in a hundred steps with a pause after
/// each. All pauses together take at least 10 ms.
///
/// Other threads may write to the numbers during the sum. It reads each number once.
#[must_use]
pub fn sum_slowly(part: &[AtomicI32]) -> i64 {
    const STEPS: usize = 100;
    let mut sum = 0;
    for step in split(part, STEPS) {
        let numbers: Vec<i32> = step.iter().map(|n| n.load(Relaxed)).collect();
        sum += partial_sum(&numbers);
        thread::sleep(Duration::from_micros(100));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::sum_slowly;
    use std::sync::atomic::AtomicI32;

    #[test]
    fn every_number_once() {
        for len in [0, 1, 99, 100, 101, 1234] {
            let numbers: Vec<_> = (1..=len).map(AtomicI32::new).collect();
            assert_eq!(sum_slowly(&numbers), i64::from(len * (len + 1) / 2));
        }
    }
}
