//! Measuring the time of the work.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Measures the time from its start. The programs start it before they create
/// their workers.
///
/// ```
/// let stopwatch = common::Stopwatch::start();
/// println!("Time spent: {stopwatch}"); // Time spent: 0.000 ms
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    start: Instant,
}

impl Stopwatch {
    /// Starts a stopwatch.
    #[must_use]
    pub fn start() -> Self {
        let start = Instant::now();
        Self { start }
    }

    /// Returns the time since the start by the monotonic clock: `CLOCK_MONOTONIC`,
    /// `clock_gettime(2)`.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// The time since its start in milliseconds, with three decimals: `17.234 ms`.
impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ms", self.elapsed().as_secs_f64() * 1e3)
    }
}

/// Does the work `rounds` times, and returns the last result.
///
/// `black_box` hides from the compiler that all rounds give the same result.
///
/// # Panics
///
/// Panics if `rounds` is 0.
#[track_caller]
pub fn repeat<T>(rounds: u32, mut work: impl FnMut() -> T) -> T {
    assert!(rounds > 0, "the work is done at least once");
    for _ in 1..rounds {
        black_box(black_box(&mut work)());
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::{Stopwatch, repeat};
    use std::time::{Duration, Instant};

    #[test]
    fn milliseconds_with_three_decimals() {
        let start = Instant::now().checked_sub(Duration::from_secs(7));
        let start = start.expect("the machine has run for seven seconds");
        let text = Stopwatch { start }.to_string();
        let number = text.strip_suffix(" ms").expect("a unit");
        let (whole, decimals) = number.split_once('.').expect("a decimal point");
        assert!(whole.parse::<u64>().is_ok_and(|ms| ms >= 7000), "{text}");
        assert_eq!(decimals.len(), 3, "{text}");
    }

    #[test]
    fn the_last_result_of_all_rounds() {
        for rounds in [1, 2, 100] {
            let mut count = 0;
            let last = repeat(rounds, || {
                count += 1;
                count
            });
            assert_eq!((last, count), (rounds, rounds));
        }
    }
}
