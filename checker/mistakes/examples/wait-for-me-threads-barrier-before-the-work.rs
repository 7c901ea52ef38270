//! Verdict: did-not-wait
//!
//! The program and the thread meet at a barrier, and then the thread begins its work.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static BARRIER: Barrier = Barrier::new(2);
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn set_numbers() {
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

fn main() -> Result<()> {
    args::none();
    set_numbers();
    thread::spawn(|| {
        BARRIER.wait();
        negate_numbers();
    });
    BARRIER.wait();
    print_slowly(&NUMBERS)
}
