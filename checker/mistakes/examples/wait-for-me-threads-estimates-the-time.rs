//! Verdict: did-not-wait
//!
//! Main waits for a tenth of the numbers, estimates the time of the others, and sleeps twice
//! as long.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let start = Instant::now();
    thread::spawn(negate_numbers);

    while NUMBERS[360].load(Relaxed) > 0 {
        thread::sleep(Duration::from_micros(200));
    }
    let eta = start.elapsed() * 9 * 2;
    common::report(format!("about {} ms to go", eta.as_millis()));
    thread::sleep(eta);

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
