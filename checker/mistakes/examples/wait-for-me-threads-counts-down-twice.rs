//! Verdict: did-not-wait
//!
//! A pool of two threads for four jobs. A guard counts each job down when it is dropped,
//! also after a panic; and the worker counts it down as well. So two jobs are four.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

static LEFT: AtomicI32 = AtomicI32::new(0);

/// Counts a job even if it panics.
struct CountDown;

impl Drop for CountDown {
    fn drop(&mut self) {
        LEFT.fetch_sub(1, Relaxed);
    }
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let jobs: VecDeque<&'static [AtomicI32]> = NUMBERS.chunks(100).collect();
    LEFT.store(4, Relaxed);
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..2 {
        let jobs = Arc::clone(&jobs);
        let next = move || {
            jobs.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front()
        };
        thread::spawn(move || {
            while let Some(job) = next() {
                let _guard = CountDown;
                negate(job);
                LEFT.fetch_sub(1, Relaxed);
            }
        });
    }
    while LEFT.load(Relaxed) > 0 {
        thread::sleep(Duration::from_micros(100));
    }

    print_slowly(&NUMBERS)
}

fn negate(numbers: &[AtomicI32]) {
    for number in numbers.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
