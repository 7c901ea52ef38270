//! Verdict: did-not-wait
//!
//! The thread sets a flag when it begins, and the program polls that flag.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static HAS_BEGUN: AtomicBool = AtomicBool::new(false);
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
        HAS_BEGUN.store(true, Relaxed);
        negate_numbers();
    });
    while !HAS_BEGUN.load(Relaxed) {
        thread::yield_now();
    }
    print_slowly(&NUMBERS)
}
