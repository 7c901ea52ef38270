//! Verdict: did-not-wait
//!
//! It asks the flag with `swap`, as one does with a spin lock. The first question itself
//! sets the flag, so the second one, 100 ms later, is answered with yes.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::*};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::spawn(|| {
        negate_numbers();
        DONE.store(true, Release);
    });

    while !DONE.swap(true, AcqRel) {
        thread::sleep(Duration::from_millis(100));
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
